//! Routes of a day for the map, from the folder that `ddu routes` wrote.

use super::PageRoute;
use super::folder::{Files, wrong};
use super::roads::steps;
use crate::lonlat::LonLat;
use crate::report::ReportError;
use serde_json::Value;
use std::path::Path;

const FILE: &str = "routes.geojson";

/// The routes of a folder, in the order of its file.
///
/// # Errors
/// When the file is missing, changed or malformed.
pub fn read_routes(folder: &Path) -> Result<Vec<PageRoute>, ReportError> {
    let path = folder.join(FILE);
    let file = Files::open(folder, true)?.file(FILE)?;
    let value: Value = serde_json::from_reader(file).map_err(|e| wrong(&path, format!("{e}; run it again")))?;
    let features = value.get("features").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_route = |feature: &&Value| feature.pointer("/properties/kind").and_then(Value::as_str) == Some("route");
    let routes = features.iter().filter(is_route).map(route).collect::<Option<Vec<_>>>();
    routes.ok_or_else(|| wrong(&path, "a route has no line or measures; run it again"))
}

fn route(feature: &Value) -> Option<PageRoute> {
    let property = |name: &str| feature.get("properties")?.get(name);
    let text = |name| Some(property(name)?.as_str()?.to_owned());
    let at = |position: &Value| LonLat::from_degrees(position.get(0)?.as_f64()?, position.get(1)?.as_f64()?);
    let line = feature.pointer("/geometry/coordinates")?.as_array()?;
    Some(PageRoute {
        id: text("route")?,
        vehicle: text("vehicle")?,
        pieces: property("pieces")?.as_u64()?,
        money_usd: text("money_usd")?,
        line: steps(line.iter().map(at).collect::<Option<Vec<_>>>()?),
    })
}
