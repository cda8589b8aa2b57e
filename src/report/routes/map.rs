//! `routes.geojson` (RFC 7946): a line a route along its roads, back to the hub, and a point a stop and hub.

use super::{RoutesReport, route_id};
use crate::lonlat::LonLat;
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use serde::Serialize;
use serde_json::json;
use std::io::{self, Write};

/// Lines of all routes: by hub, then by route.
#[derive(Clone, Debug, Default)]
pub struct DrawnRoutes(pub Vec<Vec<Vec<LonLat>>>);

#[derive(Serialize)]
struct Feature {
    r#type: &'static str,
    geometry: serde_json::Value,
    properties: serde_json::Value,
}

fn position(at: &LonLat) -> [f64; 2] {
    [at.lon(), at.lat()]
}

/// Writes routes, stops and hubs as a feature collection, one feature a line.
///
/// # Errors
/// When writing fails.
pub fn write_routes_geojson(
    out: &mut impl Write,
    report: &RoutesReport<'_>,
    lines: &DrawnRoutes,
) -> Result<(), ReportError> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    let mut first = true;
    let mut feature = |geometry, properties| -> Result<(), ReportError> {
        out.write_all(if first { b"\n" } else { b",\n" })?;
        first = false;
        let feature = Feature { r#type: "Feature", geometry, properties };
        serde_json::to_writer(&mut *out, &feature).map_err(|e| ReportError::Io(io::Error::from(e)))
    };
    for (day, drawn) in report.hubs.iter().zip(&lines.0) {
        let hub = report.hub(day)?;
        for (number, (route, line)) in (1..).zip(day.routes.iter().zip(drawn)) {
            let id = route_id(&hub.id, number);
            let class = day.case.classes.get(route.class).ok_or(MISMATCH)?.class;
            feature(
                json!({"type": "LineString", "coordinates": line.iter().map(position).collect::<Vec<_>>()}),
                json!({
                    "kind": "route", "route": id, "hub_id": hub.id, "vehicle": class.name,
                    "stops": route.visits.len(), "pieces": route.pieces(), "money_usd": route.total.to_string(),
                    "length_decimetres": route.decimetres(), "driving_ms": route.driving(),
                }),
            )?;
            for (seq, visit) in (1..).zip(&route.visits) {
                let stop = day.case.stops.get(visit.stop).ok_or(MISMATCH)?;
                let unit = report.scenario.ddus.get(stop.ddu.index()).ok_or(MISMATCH)?;
                let arrive = super::sheets::local(day, unit, visit.arrive, report);
                feature(
                    json!({"type": "Point", "coordinates": position(&unit.at)}),
                    json!({
                        "kind": "stop", "route": id, "seq": seq, "ddu_id": unit.id, "pieces": visit.pieces.0,
                        "arrive_local": arrive, "by_local": stop.by.to_string(),
                    }),
                )?;
            }
        }
        feature(
            json!({"type": "Point", "coordinates": position(&hub.at)}),
            json!({"kind": "hub", "hub_id": hub.id, "routes": day.routes.len()}),
        )?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(())
}
