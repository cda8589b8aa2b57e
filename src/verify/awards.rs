//! `awards.csv`: every line is a bid of the scenario that may win, with its haul and its money to the last unit.

use super::case::Case;
use super::findings::{Fault, Findings};
use super::money::{Money, money, usd};
use super::rules::{Used, Volumes, violations};
use super::standing::Standing;
use super::table::{Row, Table};
use crate::diagnostics::Code;
use crate::ids::BidIx;
use crate::scenario::{BidLine, Override, OverrideAction, OverrideTarget, VehicleOption};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) const FILE: &str = "awards.csv";

const COLUMNS: [&str; 21] = [
    "bid_id",
    "bidder_id",
    "package_id",
    "ddu_id",
    "hub_id",
    "service",
    "tender_time",
    "volume_pieces",
    "price_usd_per_piece",
    "price_basis",
    "dock_price_usd_per_piece",
    "vehicle",
    "trips",
    "loaded_metres",
    "spend_usd",
    "injection_usd",
    "revenue_usd",
    "attributable_usd",
    "contribution_usd",
    "value_usd",
    "viable",
];

/// Lines that won, with what their volumes are worth.
#[derive(Debug, Default)]
pub(super) struct Winners {
    pub(super) volumes: Volumes,
    pub(super) money: BTreeMap<BidIx, Money>,
}

/// Reads the winners and checks each by itself; lines that cannot be understood are left out.
pub(super) fn read(folder: &Path, case: &Case<'_>, standings: &[Standing], findings: &mut Findings) -> Winners {
    let mut winners = Winners::default();
    let Some(table) = Table::open(folder, FILE, &COLUMNS, findings) else { return winners };
    table.rows(findings, |row, found| {
        let bid = case.ids.bids.get(row.cell("bid_id")).copied();
        row.check(found, bid.is_some(), Code::RunRowUnknown, || {
            Fault::differs("bid_id", row.cell("bid_id"), "a bid", "winners are bids of the scenario")
        });
        let Some(bid) = bid else { return };
        let once = !winners.volumes.contains_key(&bid);
        row.check(found, once, Code::RunRowUnknown, || {
            Fault::differs("bid_id", row.cell("bid_id"), "another bid", "a bid wins once")
        });
        fields(row, case, case.line(bid), found);
        let Some(volume) = row.count::<u32>(found, "volume_pieces").filter(|volume| once && *volume > 0) else {
            return;
        };
        winners.volumes.insert(bid, volume);
        if let Some(money) = allowed(row, case, standings, bid, volume, found) {
            amounts(row, case, &money, found);
            winners.money.insert(bid, money);
        }
        let hand = by_hand(case, bid).map_or_else(String::new, |decided| format!("{}: {}", decided.who, decided.why));
        row.expect_if_there(found, Code::AwardFieldDiffers, "override", &hand, "who forced the award, and why");
    });
    winners
}

/// What the scenario says of the bid.
pub(super) fn fields(row: &Row<'_>, case: &Case<'_>, line: &BidLine, found: &mut Findings) {
    let cells = [
        ("bidder_id", case.bidder(line.bidder).id.clone()),
        ("package_id", line.package.clone().unwrap_or_default()),
        ("ddu_id", case.ddu(line.ddu).id.clone()),
        ("hub_id", case.scenario.hubs[line.hub.index()].id.clone()),
        ("service", line.service.word().to_owned()),
        ("tender_time", line.tender.to_string()),
        ("price_usd_per_piece", line.price.to_string()),
        ("price_basis", line.basis.word().to_owned()),
    ];
    for (column, expected) in cells {
        row.expect_if_there(found, Code::AwardFieldDiffers, column, &expected, "as the scenario has it");
    }
}

/// Checks that the line may win this volume, and works out what that is worth.
pub(super) fn allowed(
    row: &Row<'_>,
    case: &Case<'_>,
    standings: &[Standing],
    bid: BidIx,
    volume: u32,
    found: &mut Findings,
) -> Option<Money> {
    let line = case.line(bid);
    let least = if line.package.is_some() { line.volume_max } else { line.volume_min };
    row.check(found, (least.0..=line.volume_max.0).contains(&volume), Code::AwardNotAllowed, || {
        let range = format!("{least} to {}", line.volume_max);
        Fault::differs(
            "volume_pieces",
            &volume.to_string(),
            &range,
            "a line wins within its range, a package as a whole",
        )
    });
    let any: Vec<VehicleOption>;
    let options = match &standings[bid.index()] {
        Standing::In(timely) => timely,
        Standing::Out(words, _) => {
            row.check(found, false, Code::AwardNotAllowed, || {
                let words: Vec<&str> = words.iter().copied().collect();
                Fault::whole(
                    format!("the bid cannot win: {}", words.join(", ")),
                    "docs/outputs.md explains these words",
                )
            });
            any = case.hauls.classes(line.hub, line.ddu).filter_map(|class| class.ok()).collect();
            &any
        }
    };
    let money = money(case, bid, options, volume)?;
    row.check(found, money.over_reserve, Code::AwardNotAllowed, || {
        let reserve = case.ddu(line.ddu).reserve_price.to_string();
        let rule = "the dock price is at least the unit's reserve";
        Fault::differs("dock_price_usd_per_piece", &usd(money.dock_price), &format!("{reserve} or more"), rule)
    });
    let free = money.value >= 0 || line.package.is_some() || case.forced.contains(&bid);
    row.check(found, free, Code::AwardNotAllowed, || {
        Fault::differs(
            "value_usd",
            &usd(money.value),
            "0.00 or more",
            "only by an override wins what lowers the objective",
        )
    });
    Some(money)
}

/// Haul and money of a row; a table need not have all of these columns.
pub(super) fn amounts(row: &Row<'_>, case: &Case<'_>, money: &Money, found: &mut Findings) {
    let rule = "the cheapest class that arrives in time; equal ones by fewer trips, then by name";
    row.expect(found, Code::AwardHaulDiffers, "vehicle", case.vehicle(money.vehicle), rule);
    row.expect(found, Code::AwardHaulDiffers, "trips", &money.trips.to_string(), "pieces by pieces a trip, rounded up");
    let length = format!("{}.{}", money.loaded / 10, money.loaded % 10);
    row.expect_if_there(found, Code::AwardHaulDiffers, "loaded_metres", &length, "loaded path of all trips");
    let cells = [
        ("spend_usd", money.spend, "price × pieces, and the offset of its tier"),
        ("injection_usd", money.injection, "trip × trips + handling × pieces"),
        ("revenue_usd", money.revenue, "spend, less the injection cost on hub basis"),
        ("dock_price_usd_per_piece", money.dock_price, "revenue / pieces, rounded once"),
        ("attributable_usd", money.attributable, "attributable cost × pieces"),
        ("contribution_usd", money.contribution, "revenue − attributable cost"),
        ("value_usd", money.value, "under the objective of the scenario"),
    ];
    for (column, expected, rule) in cells {
        row.expect_if_there(found, Code::AwardMoneyDiffers, column, &usd(expected), rule);
    }
    let viable = money.viable.map_or_else(String::new, |viable| viable.to_string());
    row.expect_if_there(
        found,
        Code::AwardMoneyDiffers,
        "viable",
        &viable,
        "price and haul within award.alternative_rate",
    );
}

/// The override that forces a line, its own before that of its package.
fn by_hand<'s>(case: &Case<'s>, bid: BidIx) -> Option<&'s Override> {
    let forces = |decided: &&Override| decided.action == OverrideAction::Force;
    let of = |decided: &Override, one| decided.target == OverrideTarget::Bid(one);
    let all = || case.scenario.overrides.iter().filter(forces);
    let package = case.offer(bid);
    all().rfind(|o| of(o, bid)).or_else(|| all().find(|o| package.iter().any(|one| of(o, *one))))
}

/// Checks the winners together: whole packages, forced bids, every rule.
pub(super) fn together(
    file: &Arc<PathBuf>,
    case: &Case<'_>,
    winners: &Winners,
    used: &Used<'_>,
    infeasible: bool,
    findings: &mut Findings,
) {
    let wins = |bid: &BidIx| winners.volumes.contains_key(bid);
    let value = |bid: &BidIx| winners.money.get(bid).map_or(0, |money| money.value);
    for (bid, line) in case.bids().filter(|(bid, line)| wins(bid) && line.package.is_some()) {
        let offer = case.offer(bid);
        let missing: Vec<&str> = offer.iter().filter(|bid| !wins(bid)).map(|b| case.line(*b).id.as_str()).collect();
        findings.check(missing.is_empty(), Code::RuleBroken, file, || {
            let message = format!("`{}` wins without the lines {} of its package", line.id, missing.join(", "));
            Fault::whole(message, "lines of a package win together")
        });
        let free = case.forced.contains(&bid) || offer.iter().map(value).sum::<i128>() >= 0;
        findings.check(free, Code::AwardNotAllowed, file, || {
            Fault::whole(
                format!("the package of `{}` lowers the objective", line.id),
                "only by an override wins what lowers the objective",
            )
        });
    }
    if infeasible {
        findings.check(winners.volumes.is_empty(), Code::RuleBroken, file, || {
            Fault::whole("bids win although no award obeys the policy".to_owned(), "then nothing is awarded")
        });
        return;
    }
    for bid in case.forced.iter().filter(|bid| !wins(bid)) {
        findings.check(false, Code::RuleBroken, file, || {
            Fault::whole(format!("`{}` does not win, but an override forces it", case.line(*bid).id), "overrides hold")
        });
    }
    let broken = violations(case, used);
    findings.checks += used.rules();
    for rule in broken {
        findings.check(false, Code::RuleBroken, file, || Fault {
            message: format!("{}: {}", rule.name, rule.told),
            field: rule.name,
            found: rule.told,
            rule: "every rule of the policy holds".to_owned(),
        });
    }
}
