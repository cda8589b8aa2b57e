//! `synergies.csv`: every package once; its discount from the bids, its direct trips from the hauls. Tours are taken as
//! given; what follows from them is not.

use super::case::Case;
use super::findings::{Fault, Findings};
use super::money::usd;
use super::table::Row;
use super::variants::{expected, micros};
use crate::diagnostics::Code;
use crate::ids::{BidIx, BidderIx};
use crate::scenario::BidLine;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const COLUMNS: [&str; 20] = [
    "bidder_id",
    "package_id",
    "won",
    "lines",
    "units",
    "hub_id",
    "pieces",
    "spend_usd",
    "lines_priced",
    "priced_spend_usd",
    "stand_alone_usd",
    "discount_usd",
    "discount_note",
    "direct_usd",
    "tour_usd",
    "saving_usd",
    "saving_note",
    "vehicle",
    "tour",
    "unexplained_usd",
];

/// Checks the table.
pub(super) fn check(folder: &Path, case: &Case<'_>, wins: &dyn Fn(BidIx) -> bool, findings: &mut Findings) {
    let mut packages: BTreeMap<(String, String), Vec<BidIx>> = BTreeMap::new();
    for (bid, line) in case.bids() {
        if let Some(package) = &line.package {
            packages.entry((case.bidder(line.bidder).id.clone(), package.clone())).or_default().push(bid);
        }
    }
    if !case.scenario.settings.award.synergies || packages.is_empty() {
        return;
    }
    let Some(table) = expected(folder, "synergies.csv", &COLUMNS, findings) else { return };
    let mut outside: BTreeMap<BidderIx, Vec<&BidLine>> = BTreeMap::new();
    for (_, line) in case.bids().filter(|(_, line)| line.package.is_none()) {
        outside.entry(line.bidder).or_default().push(line);
    }
    let mut tours = 0;
    table.rows(findings, |row, found| {
        let bids = packages.remove(&(row.cell("bidder_id").to_owned(), row.cell("package_id").to_owned()));
        row.check(found, bids.is_some(), Code::RunRowUnknown, || {
            Fault::differs("package_id", row.cell("package_id"), "another package", "each package has one row")
        });
        let Some(bids) = bids else { return };
        let lines: Vec<&BidLine> = bids.iter().map(|bid| case.line(*bid)).collect();
        what_it_is(row, case, &lines, bids.iter().all(|bid| wins(*bid)), found);
        let complete = discount(row, &lines, &outside, found);
        tours += u64::from(saving(row, case, &lines, complete, found));
    });
    table.check(findings, packages.is_empty(), Code::RunRowMissing, || {
        Fault::whole(format!("{} packages have no row", packages.len()), "each package has one row")
    });
    if tours > 0 {
        findings.notes.push(format!("tours of {tours} packages not recomputed: paths between units lie on the map"));
    }
}

fn what_it_is(row: &Row<'_>, case: &Case<'_>, lines: &[&BidLine], won: bool, found: &mut Findings) {
    let units: BTreeSet<_> = lines.iter().map(|line| line.ddu).collect();
    let hubs: BTreeSet<_> = lines.iter().map(|line| line.hub).collect();
    let hub = hubs.first().filter(|_| hubs.len() == 1).map_or("", |hub| &case.scenario.hubs[hub.index()].id);
    let pieces: u64 = lines.iter().map(|line| u64::from(line.volume_max.0)).sum();
    for (column, value) in [
        ("won", won.to_string()),
        ("lines", lines.len().to_string()),
        ("units", units.len().to_string()),
        ("hub_id", hub.to_owned()),
        ("pieces", pieces.to_string()),
        ("spend_usd", usd(lines.iter().map(|line| spend(line, line)).sum())),
    ] {
        row.expect(found, Code::SumDiffers, column, &value, "from the bids and awards.csv");
    }
}

/// What the pieces of a package's line bring at the price of a line that holds them.
fn spend(line: &BidLine, at: &BidLine) -> i128 {
    let offset = at.tier.as_ref().map_or(0, |tier| i128::from(tier.offset.0));
    i128::from(line.volume_max.0) * i128::from(at.price.0) + offset
}

/// Checks the discount; true when it is of all lines.
fn discount(
    row: &Row<'_>,
    lines: &[&BidLine],
    outside: &BTreeMap<BidderIx, Vec<&BidLine>>,
    found: &mut Findings,
) -> bool {
    let (mut priced, mut own, mut alone) = (0, 0_i128, 0_i128);
    for line in lines {
        let volume = i64::from(line.volume_max.0);
        let like = |other: &&&BidLine| {
            (other.ddu, other.hub, other.service, other.basis) == (line.ddu, line.hub, line.service, line.basis)
        };
        let away = |other: &BidLine| {
            (i64::from(other.volume_min.0) - volume).max(volume - i64::from(other.volume_max.0)).max(0)
        };
        let others: Vec<&&BidLine> = outside.get(&line.bidder).into_iter().flatten().filter(like).collect();
        let Some(nearest) = others.iter().map(|other| away(other)).min() else { continue };
        let price = |other: &&BidLine| {
            if nearest == 0 { spend(line, other) } else { i128::from(volume) * i128::from(other.price.0) }
        };
        let best = others.into_iter().filter(|other| away(other) == nearest).map(price).max();
        priced += 1;
        own += spend(line, line);
        alone += best.unwrap_or(0);
    }
    let some = |amount: i128| if priced > 0 { usd(amount) } else { String::new() };
    let note = match priced {
        0 => "no_stand_alone_line",
        n if n == lines.len() => "complete",
        _ => "partial",
    };
    for (column, value) in [
        ("lines_priced", priced.to_string()),
        ("priced_spend_usd", some(own)),
        ("stand_alone_usd", some(alone)),
        ("discount_usd", some(alone - own)),
        ("discount_note", note.to_owned()),
    ] {
        row.expect(found, Code::SumDiffers, column, &value, "from the bidder's lines outside packages");
    }
    note == "complete"
}

/// Checks direct trips and what follows from the tour; true when there is a tour.
fn saving(row: &Row<'_>, case: &Case<'_>, lines: &[&BidLine], complete: bool, found: &mut Findings) -> bool {
    let direct: Option<i128> = lines.iter().map(|line| direct(case, line)).sum();
    let rule = "injection cost of all lines by direct trips, from hauls.csv";
    row.expect(found, Code::SumDiffers, "direct_usd", &direct.map_or_else(String::new, usd), rule);
    let known = row.cell("saving_note") == "exact";
    let tour = if known {
        row.read(found, "tour_usd", |text| micros(text).filter(|tour| *tour >= 0))
    } else {
        row.expect(found, Code::SumDiffers, "tour_usd", "", "without a tour there is no saving");
        None
    };
    row.check(found, !known || direct.is_some(), Code::SumDiffers, || {
        Fault::differs("saving_note", "exact", "no_direct_haul", "a line has no direct trip in time")
    });
    let saving = direct.zip(tour).map(|(direct, tour)| direct - tour);
    let shown = |amount: Option<i128>| amount.map_or_else(String::new, usd);
    row.expect(found, Code::SumDiffers, "saving_usd", &shown(saving), "direct_usd − tour_usd");
    let discount = micros(row.cell("discount_usd")).filter(|_| complete);
    let unexplained = discount.zip(saving).map(|(discount, saving)| discount - saving);
    row.expect(found, Code::SumDiffers, "unexplained_usd", &shown(unexplained), "discount_usd − saving_usd");
    let visited: BTreeSet<&str> = row.cell("tour").split(' ').filter(|id| !id.is_empty()).collect();
    let units: BTreeSet<&str> = lines.iter().filter(|_| known).map(|line| case.ddu(line.ddu).id.as_str()).collect();
    let spaced = units.iter().any(|id| id.contains(' '));
    row.check(found, spaced || visited == units, Code::SumDiffers, || {
        Fault::differs("tour", row.cell("tour"), "the package's units, each once", "a tour visits all of them")
    });
    let class = row.cell("vehicle");
    row.check(
        found,
        if known { case.ids.vehicles.contains_key(class) } else { class.is_empty() },
        Code::SumDiffers,
        || Fault::differs("vehicle", class, "a vehicle class where there is a tour", "the class that makes the tour"),
    );
    known
}

/// Injection cost of a line by the cheapest class that is in time.
fn direct(case: &Case<'_>, line: &BidLine) -> Option<i128> {
    let unit = case.ddu(line.ddu);
    let by = line.tender.min(unit.critical_entry_time(line.service)?).min(unit.dock_close);
    let options = case.hauls.classes(line.hub, line.ddu).filter_map(|class| class.ok());
    let cost = |haul: crate::scenario::VehicleOption| {
        let trips = i128::from(line.volume_max.0.div_ceil(haul.pieces_per_trip.0.max(1)));
        i128::from(haul.trip.0) * trips + i128::from(haul.handling_per_piece.0) * i128::from(line.volume_max.0)
    };
    options.filter(|haul| haul.arrival <= by).map(cost).min()
}
