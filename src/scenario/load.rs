//! From a scenario file to a [`Scenario`]: all files in one pass, all errors at once.

use super::doc::Doc;
use super::origins::{Origins, Rows as OriginRows};
use super::read::{self, Inputs, Intake};
use super::rules::{Finding, Zones};
use super::table::{Place, TableSpec, file_finding};
use super::{BidLine, HaulInput, HaulTable, QuoteTables, Scenario, Settings, VehicleClass};
use crate::diagnostics::{Code, Diagnostics, RejectedRow};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a scenario is loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// Set rows with errors aside and go on with the rest.
    pub lenient: bool,
}

/// What loading gave.
#[derive(Debug)]
pub struct Loaded {
    /// The scenario; `None` when a file, a setting or a header is unusable, or any row is and `lenient` is off.
    pub scenario: Option<Scenario>,
    /// Everything that was found.
    pub diagnostics: Diagnostics,
    /// Rows that were set aside, by file and line.
    pub rejects: Vec<RejectedRow>,
    /// The map, if there is a file of that name: its contents can be checked even when there is no scenario.
    pub map: Option<PathBuf>,
}

/// Loads a scenario and everything it names, except the map's contents. Paths in it are relative to its folder.
#[must_use]
pub fn load(path: &Path, options: &LoadOptions) -> Loaded {
    let mut intake = Intake::default();
    let mut map = None;
    let scenario = load_into(path, &mut intake, &mut map);
    let Intake { diagnostics, mut rejects, .. } = intake;
    rejects.sort();
    let usable = !diagnostics.has_fatal() && (options.lenient || !diagnostics.has_errors());
    Loaded { scenario: scenario.filter(|_| usable), diagnostics, rejects, map }
}

/// Reads a vehicle file alone, for jobs that need no scenario: its classes, by name, unless it has errors; and
/// everything that was found.
#[must_use]
pub fn load_vehicles(path: &Path) -> (Option<Vec<VehicleClass>>, Diagnostics) {
    let mut intake = Intake::default();
    let classes = text_file(&mut intake, "vehicles", path, path).map(|text| {
        let doc = Doc::new(Arc::new(path.to_owned()), &text);
        let classes = read::vehicles(&doc);
        intake.diagnostics.absorb(doc.into_findings());
        classes
    });
    let findings = intake.diagnostics;
    (classes.filter(|_| !findings.has_errors()), findings)
}

/// Reads a settings file that is no scenario; what is wrong with it is a finding.
pub(crate) fn read_text(path: &Path) -> (Option<String>, Diagnostics) {
    let mut intake = Intake::default();
    let text = text_file(&mut intake, "settings", path, path);
    (text, intake.diagnostics)
}

fn load_into(path: &Path, intake: &mut Intake, found_map: &mut Option<PathBuf>) -> Option<Scenario> {
    let mut zones = Zones::new();
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let text = text_file(intake, "scenario", path, path)?;
    let doc = Doc::new(Arc::new(path.to_owned()), &text);
    let (mut settings, mut inputs) = read::scenario_file(&doc, folder, &mut zones);
    let map = inputs.map.as_ref().map(|shown| {
        let map = folder.join(shown);
        if intake.fingerprint("map", shown, &map) {
            *found_map = Some(map.clone());
        }
        map
    });
    let (data, day) = (settings.data.clone(), settings.operating_date);
    let data = &data;
    let hubs = inputs.hubs.as_ref().and_then(|spec| read::hubs(spec, data, &mut zones, intake));
    let units = inputs.ddus.as_ref().and_then(|spec| read::ddus(spec, data, day, &mut zones, intake));
    let vehicles = vehicles(&doc, &settings.cost.vehicles, &inputs, folder, intake);
    read::check_names(&settings.quote, &inputs.fleet, inputs.shipper.clone(), &doc, hubs.as_ref(), vehicles.as_deref());
    let bidders = inputs.bidders.as_ref().and_then(|spec| read::bidders(spec, data, intake));
    let policies = std::mem::take(&mut inputs.policies);
    read::resolve(policies, &mut settings, &doc, units.as_ref(), bidders.as_ref());
    intake.diagnostics.absorb(doc.into_findings());
    let refers = read::Refers { units: units.as_ref(), hubs: hubs.as_ref(), bidders: bidders.as_ref() };
    let bids = inputs.bids.as_ref().and_then(|spec| read::bids(spec, data, &refers, intake));
    let named = match (&bids, &bidders, &units) {
        (Some(bids), Some(bidders), Some(units)) => Some(read::Named { bids, bidders, units }),
        _ => None,
    };
    let overrides = inputs.overrides.as_ref().and_then(|spec| read::overrides(spec, named.as_ref(), intake));
    let closed = inputs.closed_roads.as_ref().and_then(|spec| read::closed_roads(spec, vehicles.as_deref(), intake));
    let (closed_table, closed) = closed.unzip();
    let (closed_roads, closed_places) = closed.unwrap_or_default().into_iter().unzip();
    let ends = read::Ends { hubs: hubs.as_ref(), units: units.as_ref(), classes: vehicles.as_deref() };
    let costs = inputs.costs.as_ref().and_then(|spec| Some((spec, read::costs(spec, data, &ends, intake)?)));
    if let Some((spec, table)) = &costs {
        no_haul_known(spec, table, bids.as_ref().map_or(&[], |b| &b.rows), &ends, intake);
    }
    let quote = quote_tables(&inputs, &settings, units.as_ref(), intake);
    let (hubs, units) = (hubs?, units?);
    let (hub_values, hub_places) = hubs.rows.into_iter().unzip();
    let (ddu_values, ddu_places) = units.open.into_iter().unzip();
    Some(Scenario {
        settings,
        hauls: map.map(HaulInput::Map).or(costs.map(|(_, table)| HaulInput::Table(table)))?,
        hubs: hub_values,
        ddus: ddu_values,
        vehicles: vehicles?,
        bidders: bidders.map_or_else(Vec::new, |b| b.rows.into_iter().map(|(bidder, _)| bidder).collect()),
        bids: bids.map_or_else(Vec::new, |b| b.rows.into_iter().map(|(line, _)| line).collect()),
        overrides: overrides.unwrap_or_default(),
        closed_roads,
        quote,
        inputs: std::mem::take(&mut intake.files),
        origins: Origins {
            hubs: OriginRows { table: Some(hubs.table), places: hub_places },
            ddus: OriginRows { table: Some(units.table), places: ddu_places },
            closed_roads: OriginRows { table: closed_table, places: closed_places },
        },
    })
}

/// What only a quote reads.
fn quote_tables(inputs: &Inputs, settings: &Settings, units: Option<&read::Units>, intake: &mut Intake) -> QuoteTables {
    let volumes =
        inputs.volumes.as_ref().and_then(|spec| read::volumes(spec, &settings.data, &settings.quote, units, intake));
    let (parcel, day) = (settings.parcel, settings.operating_date);
    let rates = inputs.rates.as_ref().and_then(|spec| read::rates(spec, parcel, day, intake));
    QuoteTables { volumes, rates: rates.unwrap_or_default() }
}

/// Warns once where bids have no haul in the table of costs, naming the first.
fn no_haul_known(
    spec: &TableSpec,
    table: &HaulTable,
    bids: &[(BidLine, Place)],
    ends: &read::Ends<'_>,
    intake: &mut Intake,
) {
    let unknown = || bids.iter().map(|(bid, _)| bid).filter(|bid| table.rows(bid.hub, bid.ddu).is_empty());
    let Some(first) = unknown().next() else { return };
    let hub = ends.hubs.and_then(|hubs| hubs.rows.get(first.hub.index())).map_or("", |(hub, _)| hub.id.as_str());
    let ddu = ends.units.and_then(|units| units.open.get(first.ddu.index())).map_or("", |(ddu, _)| ddu.id.as_str());
    let message = format!(
        "{} of {} bid lines have no haul here and cannot win; the first is `{}` from hub `{hub}` to unit `{ddu}`",
        unknown().count(),
        bids.len(),
        first.id,
    );
    let finding = Finding::plain(Code::NoHaulKnown, message);
    intake.diagnostics.push(file_finding(&Arc::new(spec.path.clone()), finding));
}

/// Reads `vehicles.toml`, and checks the names that `cost.vehicles` holds against it.
fn vehicles(
    doc: &Doc<'_>,
    names: &[String],
    inputs: &Inputs,
    folder: &Path,
    intake: &mut Intake,
) -> Option<Vec<VehicleClass>> {
    let shown = inputs.vehicles.as_ref()?;
    let path = folder.join(shown);
    let text = text_file(intake, "vehicles", shown, &path)?;
    let vehicle_doc = Doc::new(Arc::new(path), &text);
    let classes = read::vehicles(&vehicle_doc);
    let findings = vehicle_doc.into_findings();
    // A class with errors is not unknown.
    if findings.is_empty() {
        for finding in names.iter().filter_map(|name| read::unknown_vehicle(name, &classes)) {
            doc.report(inputs.vehicle_names.clone().unwrap_or(0..0), "cost.vehicles", finding);
        }
    }
    intake.diagnostics.absorb(findings);
    Some(classes)
}

/// Reads a text file; other encodings are reported.
fn text_file(intake: &mut Intake, role: &'static str, shown: &Path, path: &Path) -> Option<String> {
    let bytes = intake.file(role, shown, path)?;
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let finding = Finding::plain(Code::NotText, format!("byte {} is not UTF-8", at + 1));
            intake.diagnostics.push(file_finding(&Arc::new(path.to_owned()), finding));
            None
        }
    }
}
