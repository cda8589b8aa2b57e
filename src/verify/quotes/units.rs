//! `quote.csv`: what follows from a unit's costs.

use super::{Alternative, CODE, affordable, known, line_price};
use crate::diagnostics::Code;
use crate::ids::{DduIx, HubIx};
use crate::scenario::Scenario;
use crate::units::round_div;
use crate::verify::case::Ids;
use crate::verify::findings::{Fault, Findings};
use crate::verify::money::usd;
use crate::verify::table::{Row, Table};
use std::collections::BTreeMap;
use std::path::Path;

pub(super) const FILE: &str = "quote.csv";

const COLUMNS: [&str; 27] = [
    "ddu_id",
    "verdict",
    "reason",
    "bundle",
    "planned_pieces",
    "hub_id",
    "vehicle",
    "trips",
    "stand_alone_usd",
    "stand_alone_usd_per_piece",
    "marginal_usd",
    "marginal_usd_per_piece",
    "allocated_usd",
    "allocated_usd_per_piece",
    "proportional_usd",
    "alternative_usd_per_piece",
    "break_even_usd_per_piece",
    "break_even_allocated_usd_per_piece",
    "break_even_marginal_usd_per_piece",
    "reserve_usd_per_piece",
    "bid_usd_per_piece",
    "room_usd",
    "bid_from_pieces",
    "tender_local",
    "alone_on_route_usd",
    "beside_neighbour_usd",
    "neighbour_saving_usd",
];

/// A unit that is served. Money in micro-dollars a day.
#[derive(Clone, Debug)]
pub(super) struct Served {
    pub(super) hub: HubIx,
    /// Hub, vehicle class, trips and cost, as they stand in the table.
    pub(super) haul: [String; 4],
    pub(super) pieces: u32,
    pub(super) trips: u32,
    pub(super) stand_alone: i128,
    pub(super) allocated: i128,
    pub(super) proportional: i128,
    /// What to bid alone: price, least volume and time, as they stand in the table.
    pub(super) bid: Option<[String; 3]>,
}

/// Units by position; `None` where they are not served.
pub(super) type Quoted<'s> = BTreeMap<DduIx, (&'s str, Option<Served>)>;

pub(super) fn check<'s>(
    folder: &Path,
    s: &'s Scenario,
    ids: &Ids<'_>,
    alternative: Option<Alternative>,
    findings: &mut Findings,
) -> Quoted<'s> {
    let mut quoted = Quoted::new();
    let Some(table) = Table::open(folder, FILE, &COLUMNS, findings) else { return quoted };
    table.rows(findings, |row, found| {
        let ddu = ids.ddus.get(row.cell("ddu_id")).copied().filter(|ddu| !quoted.contains_key(ddu));
        if known(row, found, ddu.is_some(), "ddu_id").is_none() {
            return;
        }
        let Some(ddu) = ddu else { return };
        let served = unit(row, s, ids, ddu, alternative, found);
        quoted.insert(ddu, (s.ddus[ddu.index()].id.as_str(), served));
    });
    let missing = s.ddus.len().saturating_sub(quoted.len());
    table.check(findings, missing == 0, Code::RunRowMissing, || {
        Fault::whole(format!("{missing} units have no row"), "a row for each unit")
    });
    quoted
}

/// Checks the row of a unit.
fn unit(
    row: &Row<'_>,
    s: &Scenario,
    ids: &Ids<'_>,
    ddu: DduIx,
    alternative: Option<Alternative>,
    found: &mut Findings,
) -> Option<Served> {
    let ddu = &s.ddus[ddu.index()];
    let reserve = i128::from(ddu.reserve_price.0);
    row.expect(found, CODE, "reserve_usd_per_piece", &usd(reserve), "as the unit's table has it");
    let total = alternative.map_or_else(String::new, |alternative| usd(alternative.total));
    row.expect(found, CODE, "alternative_usd_per_piece", &total, "the least rate that holds");
    let served = !row.cell("hub_id").is_empty();
    let (told, empty) = (row.cell("verdict") == "not_served", row.cell("reason").is_empty());
    row.check(found, told != served && empty == served, CODE, || {
        Fault::differs("verdict", row.cell("verdict"), "`not_served` with a reason, or a hub", "one of both")
    });
    if !served {
        return None;
    }
    let hub = ids.hubs.get(row.cell("hub_id")).copied();
    let vehicle = ids.vehicles.contains_key(row.cell("vehicle"));
    known(row, found, hub.is_some() && vehicle, "hub_id")?;
    let pieces: u32 = row.count(found, "planned_pieces")?;
    row.check(found, pieces > 0 && pieces <= ddu.capacity.0, CODE, || {
        Fault::differs("planned_pieces", &pieces.to_string(), "1 to the unit's capacity", "what is beyond it is cut")
    });
    let trips = row.count(found, "trips")?;
    let stand_alone = amount(row, found, "stand_alone", pieces)?;
    let allocated = amount(row, found, "allocated", pieces)?;
    let marginal = amount(row, found, "marginal", pieces)?;
    let proportional = row.usd(found, "proportional_usd")?;
    if !row.cell("alone_on_route_usd").is_empty() {
        let (alone, beside) = (row.usd(found, "alone_on_route_usd")?, row.usd(found, "beside_neighbour_usd")?);
        row.expect(found, CODE, "neighbour_saving_usd", &usd(alone - beside), "alone less beside the neighbour");
    }
    let mut price = None;
    if let Some(Alternative { total, budget }) = alternative.filter(|_| pieces > 0) {
        for (column, cost) in [("", stand_alone), ("_allocated", allocated), ("_marginal", marginal)] {
            let expected = usd(affordable(total, cost, pieces, 1));
            let rule = "alternative less cost / pieces, rounded down";
            row.expect(found, CODE, &format!("break_even{column}_usd_per_piece"), &expected, rule);
        }
        let room = (budget - reserve) * i128::from(pieces) - stand_alone;
        row.expect(found, CODE, "room_usd", &usd(room), "(budget less reserve) x pieces less cost");
        price = line_price(s, budget, reserve, stand_alone, pieces);
    }
    let verdict = match (alternative, price) {
        (None, _) => "no_alternative",
        (Some(_), None) => "below_reserve",
        (Some(_), Some(_)) => "bid",
    };
    row.expect(found, CODE, "verdict", verdict, "follows from budget, cost and reserve");
    let told = price.map_or_else(String::new, usd);
    row.expect(found, CODE, "bid_usd_per_piece", &told, "the most that keeps haul and price within the budget");
    let cells = |columns: [&str; 3]| columns.map(|column| row.cell(column).to_owned());
    let [hub_id, class, count] = cells(["hub_id", "vehicle", "trips"]);
    Some(Served {
        hub: hub?,
        haul: [hub_id, class, count, row.cell("stand_alone_usd").to_owned()],
        pieces,
        trips,
        stand_alone,
        allocated,
        proportional,
        bid: price.map(|_| cells(["bid_usd_per_piece", "bid_from_pieces", "tender_local"])),
    })
}

/// An amount, after a check of what it is a piece.
fn amount(row: &Row<'_>, found: &mut Findings, name: &str, pieces: u32) -> Option<i128> {
    let amount = row.usd(found, &format!("{name}_usd"))?;
    let each = usd(round_div(amount, i128::from(pieces.max(1))));
    row.expect(found, CODE, &format!("{name}_usd_per_piece"), &each, "the amount / pieces, rounded once");
    Some(amount)
}

/// Capacities of hubs, and vehicles of limited fleets.
pub(super) fn limits(folder: &Path, s: &Scenario, quoted: &Quoted<'_>, findings: &mut Findings) {
    let file = std::sync::Arc::new(folder.join(FILE));
    let mut pieces: BTreeMap<HubIx, u64> = BTreeMap::new();
    let mut trips: BTreeMap<(HubIx, &str), u64> = BTreeMap::new();
    for served in quoted.values().filter_map(|(_, served)| served.as_ref()) {
        *pieces.entry(served.hub).or_default() += u64::from(served.pieces);
        *trips.entry((served.hub, &served.haul[1])).or_default() += u64::from(served.trips);
    }
    let mut within = |what: String, used: u64, most: u64| {
        findings.check(used <= most, CODE, &file, || {
            Fault::differs(&what, &used.to_string(), &format!("at most {most}"), "limits of the scenario")
        });
    };
    for (hub, used) in pieces {
        let hub = &s.hubs[hub.index()];
        if let Some(most) = hub.capacity {
            within(format!("hubs.capacity_pieces of {}", hub.id), used, u64::from(most.0));
        }
    }
    let quote = &s.settings.quote;
    for ((hub, class), used) in trips {
        let hub = &s.hubs[hub.index()].id;
        let of_class = || quote.fleet.iter().filter(|fleet| fleet.vehicle == class);
        let own = of_class().find(|fleet| fleet.hub.as_ref() == Some(hub));
        if let Some(fleet) = own.or_else(|| of_class().find(|fleet| fleet.hub.is_none())) {
            let most = u64::from(fleet.count) * u64::from(quote.trips_per_vehicle);
            within(format!("quote.fleet of {class} at {hub}"), used, most);
        }
    }
}
