//! `hauls.csv`: the hauls an award took, read back and held against the scenario.
//!
//! Where the scenario names a table of costs, every row must be that table's. Where it names a map, paths are taken as
//! they stand; what a class carries, what it is paid for a piece and whether it fits the dock follow from the scenario.

use super::case::Ids;
use super::findings::{Fault, Findings};
use super::table::{Row, Table};
use crate::diagnostics::Code;
use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::no_haul::NoHaul;
use crate::scenario::{HaulInput, Scenario, VehicleOption};
use crate::units::{ClockTime, Decimetres, MicroDollars, Pieces};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(super) const FILE: &str = "hauls.csv";

const COLUMNS: [&str; 10] = [
    "hub_id",
    "ddu_id",
    "vehicle",
    "status",
    "status_at",
    "pieces_per_trip",
    "outbound_metres",
    "trip_usd",
    "handling_usd_per_piece",
    "arrival_local",
];

/// A class with its haul, or why it has none.
pub(super) type Option_ = Result<VehicleOption, NoHaul>;

/// Hauls by hub and unit, and by class.
#[derive(Debug, Default)]
pub(super) struct Hauls(BTreeMap<(HubIx, DduIx), BTreeMap<VehicleIx, Option_>>);

impl Hauls {
    /// Classes of a haul in order of their index.
    pub(super) fn classes(&self, hub: HubIx, ddu: DduIx) -> impl Iterator<Item = &Option_> {
        self.0.get(&(hub, ddu)).into_iter().flat_map(BTreeMap::values)
    }

    /// Hubs of which any haul is known.
    pub(super) fn hubs(folder: &Path, scenario: &Scenario) -> BTreeSet<HubIx> {
        let (ids, mut unseen, mut hubs) = (Ids::new(scenario), Findings::default(), BTreeSet::new());
        if let Some(table) = Table::open(folder, FILE, &COLUMNS, &mut unseen) {
            table.rows(&mut unseen, |row, _| hubs.extend(ids.hubs.get(row.cell("hub_id"))));
        }
        hubs
    }
}

/// Classes that may be used.
fn usable(s: &Scenario) -> BTreeSet<VehicleIx> {
    let named = &s.settings.cost.vehicles;
    let used = |(_, class): &(usize, &crate::scenario::VehicleClass)| named.is_empty() || named.contains(&class.name);
    s.vehicles.iter().enumerate().filter(used).map(|(at, _)| VehicleIx::from_index(at)).collect()
}

/// Reads the hauls; each must be of a pair that is bid on and of a class that may be used, once.
pub(super) fn read(folder: &Path, s: &Scenario, ids: &Ids<'_>, findings: &mut Findings) -> Hauls {
    let mut hauls = Hauls::default();
    let Some(table) = Table::open(folder, FILE, &COLUMNS, findings) else { return hauls };
    let (bid_on, usable): (BTreeSet<_>, _) = (s.bids.iter().map(|bid| (bid.hub, bid.ddu)).collect(), usable(s));
    table.rows(findings, |row, found| {
        let hub = ids.hubs.get(row.cell("hub_id"));
        let ddu = ids.ddus.get(row.cell("ddu_id"));
        let class = ids.vehicles.get(row.cell("vehicle")).filter(|class| usable.contains(class));
        let pair = hub.copied().zip(ddu.copied()).filter(|pair| bid_on.contains(pair));
        row.check(found, pair.is_some() && class.is_some(), Code::RunRowUnknown, || {
            Fault::whole(
                "no bid of the scenario needs this haul".to_owned(),
                "one row for each hub and unit with a bid, and each class of cost.vehicles",
            )
        });
        let (Some(pair), Some(&class)) = (pair, class) else { return };
        let Some(option) = option(row, class, found) else { return };
        let before = hauls.0.entry(pair).or_default().insert(class, option);
        row.check(found, before.is_none(), Code::RunRowUnknown, || {
            Fault::whole("the haul has two rows".to_owned(), "one row for each hub, unit and class")
        });
    });
    for pair in bid_on {
        let known: BTreeSet<VehicleIx> = hauls.0.get(&pair).into_iter().flat_map(BTreeMap::keys).copied().collect();
        let expected = match &s.hauls {
            HaulInput::Map(_) => usable.clone(),
            HaulInput::Table(costs) => {
                costs.rows(pair.0, pair.1).iter().map(|row| row.0).filter(|class| usable.contains(class)).collect()
            }
        };
        let missing: Vec<&str> = expected.difference(&known).map(|v| s.vehicles[v.index()].name.as_str()).collect();
        let added: Vec<&str> = known.difference(&expected).map(|v| s.vehicles[v.index()].name.as_str()).collect();
        table.check(findings, missing.is_empty() && added.is_empty(), Code::RunRowMissing, || {
            let (hub, ddu) = (&s.hubs[pair.0.index()].id, &s.ddus[pair.1.index()].id);
            let message = format!(
                "hauls from `{hub}` to `{ddu}`: missing [{}], not in the table of costs [{}]",
                missing.join(", "),
                added.join(", ")
            );
            Fault::whole(message, "one row for each class that may be used, or that the table of costs holds")
        });
    }
    if let HaulInput::Table(costs) = &s.hauls {
        for (pair, classes) in &hauls.0 {
            for (class, given) in costs.rows(pair.0, pair.1) {
                let same = classes.get(class).is_none_or(|read| read == given);
                table.check(findings, same, Code::HaulDiffers, || {
                    let (hub, ddu) = (&s.hubs[pair.0.index()].id, &s.ddus[pair.1.index()].id);
                    let class = &s.vehicles[class.index()].name;
                    let message = format!("the haul from `{hub}` to `{ddu}` by `{class}` is not that of inputs.costs");
                    Fault::whole(message, "hauls are those of the table of costs")
                });
            }
        }
    }
    hauls
}

fn option(row: &Row<'_>, vehicle: VehicleIx, found: &mut Findings) -> Option<Option_> {
    if row.cell("status") != "ok" {
        let end = match row.cell("status_at") {
            "hub" => Some(true),
            "unit" => Some(false),
            _ => None,
        };
        return row.read(found, "status", |word| NoHaul::parse(word, end).ok()).map(Err);
    }
    let money = |text: &str| MicroDollars::parse(text).ok().map(|money| money.amount).filter(|money| money.0 >= 0);
    Some(Ok(VehicleOption {
        vehicle,
        pieces_per_trip: Pieces(row.read(found, "pieces_per_trip", |t| t.parse().ok().filter(|n| *n > 0))?),
        outbound: Decimetres(row.read(found, "outbound_metres", decimetres)?),
        trip: row.read(found, "trip_usd", money)?,
        handling_per_piece: row.read(found, "handling_usd_per_piece", money)?,
        arrival: row.read(found, "arrival_local", ClockTime::parse_any_day)?,
    }))
}

/// Metres with one decimal.
fn decimetres(text: &str) -> Option<u32> {
    let (whole, tenth) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let tenth = (tenth.len() == 1 && digits(tenth) && digits(whole)).then_some(tenth)?;
    whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(tenth.parse().ok()?)
}

/// Holds hauls on a map against vehicle classes and docks of the scenario, which need no map.
pub(super) fn against_vehicles(folder: &Path, s: &Scenario, hauls: &Hauls, findings: &mut Findings) {
    if s.hauls.map().is_none() {
        return;
    }
    let file = std::sync::Arc::new(folder.join(FILE));
    for ((hub, ddu), classes) in &hauls.0 {
        for (vehicle, option) in classes {
            let (class, unit) = (&s.vehicles[vehicle.index()], &s.ddus[ddu.index()]);
            let carries =
                class.pieces_per_trip(s.settings.parcel.mean_cube_millicuft, s.settings.parcel.mean_weight_millilb);
            let docks = unit.max_length_mm.is_none_or(|most| class.length_mm <= most)
                && unit.max_height_mm.is_none_or(|most| class.height_mm <= most);
            let holds = match option {
                Ok(haul) => {
                    docks && haul.pieces_per_trip == carries && haul.handling_per_piece == class.rates.per_piece
                }
                Err(NoHaul::VehicleTooLargeForDock) => !docks,
                Err(NoHaul::PieceDoesNotFit) => docks && carries.0 == 0,
                Err(NoHaul::NoPath(_) | NoHaul::NotInTable) => true,
            };
            findings.check(holds, Code::HaulDiffers, &file, || {
                let (hub, ddu, class) = (&s.hubs[hub.index()].id, &unit.id, &class.name);
                Fault::whole(
                    format!("the haul from `{hub}` to `{ddu}` is not one that `{class}` of vehicles.toml can make"),
                    "pieces a trip, handling a piece and the dock's limits follow from the scenario",
                )
            });
        }
    }
}

/// Holds `costs.csv` of the same folder against the hauls, where a run has written it.
pub(super) fn against_costs(folder: &Path, ids: &Ids<'_>, hauls: &Hauls, findings: &mut Findings) {
    let Some(table) = Table::open(folder, "costs.csv", &COLUMNS, findings) else { return };
    table.rows(findings, |row, found| {
        let pair = ids.hubs.get(row.cell("hub_id")).copied().zip(ids.ddus.get(row.cell("ddu_id")).copied());
        let class = ids.vehicles.get(row.cell("vehicle"));
        let (Some(pair), Some(class)) = (pair, class) else { return };
        let Some(haul) = hauls.0.get(&pair).and_then(|classes| classes.get(class)) else { return };
        let Some(cost) = option(row, *class, found) else { return };
        row.check(found, cost == *haul, Code::HaulDiffers, || {
            Fault::whole("the row is not that of hauls.csv".to_owned(), "an award takes its hauls at these costs")
        });
    });
}

#[cfg(test)]
mod tests {
    use super::decimetres;

    #[test]
    fn metres_are_read_to_the_tenth() {
        assert_eq!(decimetres("1234.5"), Some(12_345));
        for text in ["", "1", "1.", ".5", "1.25", "-1.0", "+1.0", "429496729.6"] {
            assert_eq!(decimetres(text), None, "{text}");
        }
    }
}
