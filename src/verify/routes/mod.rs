//! The routes of a day, checked from their files alone.
//!
//! What must be brought follows from the scenario, and from the award where one is named ([`orders`]). Every route is read
//! row by row ([`stops`]) and worked out again: its times from its legs, windows and docks ([`times`]), what its vehicle can
//! do, its money ([`money`]); then all of them together ([`together`]), and what their stops cost ([`costs`]).
//!
//! Taken as given, and said so: length, time and tolls of a leg on the map, except that the same leg must be the same
//! in all routes; marginal costs, Shapley values and the bound beyond their sums.

mod aware;
mod clock;
mod costs;
mod money;
mod orders;
mod stops;
mod times;
mod together;
mod winners;

pub use winners::{ReadWinners, read_winners};

use super::case::Ids;
use super::findings::Findings;
use super::manifest::Manifest;
use crate::diagnostics::Code;
use crate::scenario::Scenario;
use serde_json::Value;
use std::path::Path;

/// Files of every run of routes.
const TABLES: [&str; 5] = ["routes.csv", "orders.csv", "route_costs.csv", "routes.geojson", "route_sheets.txt"];

/// Checks a folder of routes.
pub(super) fn check(folder: &Path, manifest: &Manifest, scenario: &Scenario, findings: &mut Findings) {
    manifest.check_files(folder, &TABLES, findings);
    let left_out = |what: &str| {
        let keys = [format!("{what} outside the map, dropped"), format!("{what} rejected for their point")];
        let count = keys.iter().map(|key| manifest.import(key)).sum::<u64>();
        usize::try_from(count).unwrap_or(usize::MAX)
    };
    let bids = usize::try_from(manifest.import("bid lines left out with their hub or unit")).unwrap_or(usize::MAX);
    let points = [left_out("hubs"), left_out("units"), bids];
    manifest.check_rows(scenario, points, findings);
    manifest.check_settings(scenario, findings);
    if points != [0; 3] {
        let [hubs, units, bids] = points;
        findings.notes.push(format!(
            "{hubs} hubs and {units} units left out for their point on the map, with {bids} bid lines, as the manifest says"
        ));
    }
    let ids = Ids::new(scenario);
    let orders = orders::read(folder, manifest, scenario, &ids, findings);
    let routes = stops::read(folder, scenario, &ids, findings);
    let total = routes.iter().map(|route| money::check(scenario, route, findings)).sum::<i128>();
    for route in &routes {
        times::check(scenario, route, findings);
    }
    together::legs(&routes, findings);
    together::docks(scenario, &routes, findings);
    together::pieces(scenario, &routes, &orders, findings);
    costs::check(folder, manifest, scenario, &ids, &orders, (&routes, total), findings);
    if manifest.at(&["routes", "volumes"]).as_str() == Some("route_aware") {
        aware::check(folder, manifest, findings);
        findings
            .notes
            .push("the bound of award and routes together is taken as given, and so are awards not kept".to_owned());
    }
    let count = |n: usize| Value::from(n);
    let visits = routes.iter().map(|route| route.stops.len()).sum();
    let rule = "rows of routes.csv";
    manifest.expect(findings, Code::CountDiffers, &["routes", "routes"], &count(routes.len()), rule);
    manifest.expect(findings, Code::CountDiffers, &["routes", "visits"], &count(visits), rule);
    findings.notes.push("legs on the map not recomputed: lengths, times and tolls are those of routes.csv".to_owned());
    findings.notes.push("marginal costs, Shapley values and the bound not recomputed, but for their sums".to_owned());
}
