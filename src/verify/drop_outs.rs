//! `drop_outs.csv` and `drop_out_bidders.csv`: who is taken out, and that pieces and money add up from row to row and with
//! the award. Who wins without them is not listed by bid, so these awards themselves are taken as given.

use super::awards::Winners;
use super::case::Case;
use super::findings::{Fault, Findings};
use super::money::usd;
use super::objective::Proof;
use super::rules::group;
use super::table::Row;
use super::variants::{Brought, brought, expected, micros};
use crate::diagnostics::Code;
use crate::ids::{BidderIx, DduIx};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const COLUMNS: [&str; 16] = [
    "group",
    "bidder_ids",
    "status",
    "value_usd",
    "value_after_usd",
    "bound_after_usd",
    "value_lost_usd",
    "pieces_before",
    "pieces_dropped",
    "pieces_gained",
    "pieces_given_up",
    "pieces_after",
    "units_dropped",
    "units_unserved",
    "taken_over_pieces",
    "bidders_stepping_in",
];

const BIDDER_COLUMNS: [&str; 6] =
    ["group", "bidder_id", "pieces_before", "pieces_after", "difference_pieces", "taken_over_pieces"];

/// Sums over the bidders' rows of a drop-out.
#[derive(Clone, Copy, Debug, Default)]
struct Steps {
    gained: u64,
    given_up: u64,
    taken_over: u64,
    stepping_in: u64,
}

/// Checks both tables.
pub(super) fn check(folder: &Path, case: &Case<'_>, winners: &Winners, proof: &Proof, findings: &mut Findings) {
    let most = usize::try_from(case.scenario.settings.award.drop_outs).unwrap_or(usize::MAX);
    let before = brought(case, winners);
    let mut groups: BTreeMap<String, u64> = BTreeMap::new();
    for ((bidder, _), pieces) in &before {
        *groups.entry(group(case.bidder(*bidder))).or_default() += pieces;
    }
    let mut largest: Vec<(String, u64)> = groups.into_iter().collect();
    largest.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    largest.truncate(most);
    if largest.is_empty() {
        return;
    }
    let steps = steps(folder, case, &before, &largest, findings);
    let Some(table) = expected(folder, "drop_outs.csv", &COLUMNS, findings) else { return };
    let all: u64 = before.values().sum();
    let mut at = 0;
    table.rows(findings, |row, found| {
        let of = largest.get(at);
        at += 1;
        row.check(found, of.is_some_and(|(group, _)| group == row.cell("group")), Code::RunRowUnknown, || {
            let name = of.map_or("no row", |(group, _)| group.as_str());
            Fault::differs("group", row.cell("group"), name, "the largest winners by falling volume")
        });
        let Some((name, dropped)) = of else { return };
        let units: BTreeSet<DduIx> = units_of(case, &before, name).collect();
        let members = case.scenario.bidders.iter().filter(|bidder| group(bidder) == *name);
        let ids: Vec<&str> = members.map(|bidder| bidder.id.as_str()).collect();
        let steps = steps.get(name).copied().unwrap_or_default();
        let rule = "from awards.csv and drop_out_bidders.csv";
        let after = (all + steps.gained).checked_sub(dropped + steps.given_up);
        for (column, expected) in [
            ("bidder_ids", ids.join(" ")),
            ("value_usd", usd(proof.value)),
            ("pieces_before", all.to_string()),
            ("pieces_dropped", dropped.to_string()),
            ("pieces_gained", steps.gained.to_string()),
            ("pieces_given_up", steps.given_up.to_string()),
            ("pieces_after", after.map_or_else(String::new, |after| after.to_string())),
            ("units_dropped", units.len().to_string()),
            ("taken_over_pieces", steps.taken_over.to_string()),
            ("bidders_stepping_in", steps.stepping_in.to_string()),
        ] {
            row.expect(found, Code::SumDiffers, column, &expected, rule);
        }
        money(row, case, proof, found);
        let served = before.keys().map(|(_, ddu)| *ddu).collect::<BTreeSet<_>>().len();
        let unserved = row.count::<usize>(found, "units_unserved");
        row.check(found, unserved.is_none_or(|unserved| unserved <= served), Code::SumDiffers, || {
            let rule = "units that had an award and have none without the winner";
            Fault::differs("units_unserved", row.cell("units_unserved"), &format!("at most {served}"), rule)
        });
    });
    table.check(findings, at >= largest.len(), Code::RunRowMissing, || {
        let rule = "one row for each of the largest winners, award.drop_outs of them";
        Fault::differs("group", &format!("{at} rows"), &format!("{} rows", largest.len()), rule)
    });
}

fn units_of<'a>(case: &'a Case<'_>, brought: &'a Brought, name: &'a str) -> impl Iterator<Item = DduIx> + 'a {
    brought.keys().filter(move |(bidder, _)| group(case.bidder(*bidder)) == name).map(|(_, ddu)| *ddu)
}

fn money(row: &Row<'_>, case: &Case<'_>, proof: &Proof, found: &mut Findings) {
    let Some(after) = row.read(found, "value_after_usd", micros) else { return };
    let rule = "value_usd − value_after_usd";
    row.expect(found, Code::SumDiffers, "value_lost_usd", &usd(proof.value - after), rule);
    match row.cell("status") {
        "optimal" | "gap_limit" => {
            let Some(bound) = row.read(found, "bound_after_usd", micros) else { return };
            row.check(found, after <= bound, Code::BoundWrong, || {
                let rule = "no award without the winner is worth more than the bound";
                Fault::differs("bound_after_usd", &usd(bound), &format!("{} or more", usd(after)), rule)
            });
        }
        word => {
            row.check(found, matches!(word, "infeasible" | "not_settled"), Code::ObjectiveDiffers, || {
                let words = "optimal, gap_limit, infeasible or not_settled";
                Fault::differs("status", word, words, "how far the award without the winner is proven")
            });
            row.expect(found, Code::SumDiffers, "value_after_usd", &usd(0), "without an award there is no value");
            row.expect(found, Code::SumDiffers, "pieces_after", "0", "without an award nothing is brought");
            row.expect(found, Code::BoundWrong, "bound_after_usd", "", "without an award there is no bound");
        }
    }
    // An award without bids is one with them, unless an override forces what nobody would take.
    row.check(found, after <= proof.bound || !case.forced.is_empty(), Code::BoundWrong, || {
        let rule = "no award without the winner is worth more than one with it";
        Fault::differs("value_after_usd", &usd(after), &format!("at most {}", usd(proof.bound)), rule)
    });
}

/// Checks the rows of bidders, and sums them by drop-out.
fn steps(
    folder: &Path,
    case: &Case<'_>,
    before: &Brought,
    largest: &[(String, u64)],
    findings: &mut Findings,
) -> BTreeMap<String, Steps> {
    let mut all: BTreeMap<String, Steps> = BTreeMap::new();
    let Some(table) = expected(folder, "drop_out_bidders.csv", &BIDDER_COLUMNS, findings) else { return all };
    let mut seen: BTreeSet<(String, BidderIx)> = BTreeSet::new();
    table.rows(findings, |row, found| {
        let name = row.cell("group");
        let bidder = case.ids.bidders.get(row.cell("bidder_id")).copied();
        let own = |bidder: BidderIx| group(case.bidder(bidder)) == name;
        let known = largest.iter().any(|(group, _)| group == name);
        let bidder = bidder.filter(|b| known && !own(*b) && seen.insert((name.to_owned(), *b)));
        row.check(found, bidder.is_some(), Code::RunRowUnknown, || {
            let rule = "one row for each other bidder that gains or gives up pieces";
            Fault::differs("bidder_id", row.cell("bidder_id"), "another bidder", rule)
        });
        let Some(bidder) = bidder else { return };
        let had: u64 = before.iter().filter(|((of, _), _)| *of == bidder).map(|(_, pieces)| pieces).sum();
        row.expect(found, Code::SumDiffers, "pieces_before", &had.to_string(), "from awards.csv");
        let Some(has) = row.count::<u64>(found, "pieces_after") else { return };
        let difference = i128::from(has) - i128::from(had);
        row.expect(found, Code::SumDiffers, "difference_pieces", &difference.to_string(), "pieces after less before");
        let Some(over) = row.count::<u64>(found, "taken_over_pieces") else { return };
        row.check(found, over <= has && (over > 0 || difference != 0), Code::SumDiffers, || {
            let rule = "what it brings beyond its award to units of the winner; bidders of no change have no row";
            Fault::differs("taken_over_pieces", &over.to_string(), &format!("at most {has}"), rule)
        });
        let sums = all.entry(name.to_owned()).or_default();
        sums.gained += has.saturating_sub(had);
        sums.given_up += had.saturating_sub(has);
        sums.taken_over += over;
        sums.stepping_in += u64::from(has > had);
    });
    all
}
