//! `policy_prices.csv`: differences of objectives, and what room at a unit is worth, as `ddus.csv` has it too.

use super::findings::{Fault, Findings};
use super::money::usd;
use super::objective::Proof;
use super::table::{Row, Table};
use crate::diagnostics::Code;
use crate::units::MicroDollars;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const COLUMNS: [&str; 8] =
    ["change", "rule", "ddu_id", "value_usd", "value_after_usd", "bound_after_usd", "difference_usd", "status"];

/// Room at a unit, by change and unit.
type Room = BTreeMap<(&'static str, String), i128>;

fn micros(text: &str) -> Option<i128> {
    MicroDollars::parse(text).ok().map(|money| i128::from(money.amount.0))
}

/// Checks the table.
pub(super) fn check(folder: &Path, proof: Option<&Proof>, findings: &mut Findings) {
    let Some(table) = Table::open(folder, "policy_prices.csv", &COLUMNS, findings) else { return };
    let room = room(folder, findings);
    let (mut seen, mut listed) = (BTreeSet::new(), Room::new());
    table.rows(findings, |row, found| {
        let key = ["change", "rule", "ddu_id"].map(|column| row.cell(column).to_owned());
        row.check(found, seen.insert(key), Code::RunRowUnknown, || {
            Fault::whole("the change has two rows".to_owned(), "one row a change")
        });
        if let Some(proof) = proof {
            row.expect(found, Code::PriceDiffers, "value_usd", &usd(proof.value), "the objective of the award");
        }
        let (Some(value), Some(after), Some(difference)) = (
            row.read(found, "value_usd", micros),
            row.read(found, "value_after_usd", micros),
            row.read(found, "difference_usd", micros),
        ) else {
            return;
        };
        let rule = "value_after_usd − value_usd";
        row.expect(found, Code::PriceDiffers, "difference_usd", &usd(after - value), rule);
        match row.cell("change") {
            "without" => without(row, value, after, found),
            change => {
                let change = ["one_more_piece", "one_more_slot"].into_iter().find(|known| *known == change);
                row.check(found, change.is_some(), Code::RunTableMalformed, || {
                    let known = "without, one_more_piece or one_more_slot";
                    Fault::differs("change", row.cell("change"), known, "changes that are priced")
                });
                row.expect(found, Code::PriceDiffers, "bound_after_usd", "", "an exact difference needs no bound");
                row.expect(found, Code::PriceDiffers, "status", "local", "awards at other units stay");
                if let Some(change) = change {
                    listed.insert((change, row.cell("ddu_id").to_owned()), difference);
                }
            }
        }
    });
    let keys: BTreeSet<_> = room.keys().chain(listed.keys()).collect();
    for key in keys {
        let (told, given) = (listed.get(key).copied().unwrap_or(0), room.get(key).copied().unwrap_or(0));
        table.check(findings, told == given, Code::PriceDiffers, || {
            let field = format!("{} at {}", key.0, key.1);
            Fault::differs(&field, &usd(told), &usd(given), "what ddus.csv says room is worth; 0 has no row here")
        });
    }
}

fn without(row: &Row<'_>, value: i128, after: i128, found: &mut Findings) {
    let Some(bound) = row.read(found, "bound_after_usd", micros) else { return };
    // A bid that is no longer forced wins at a value of its own only, so that the award with it is no award without it.
    let forced = row.cell("rule").starts_with("overrides: force");
    if forced && row.cell("status") == "infeasible" {
        let rule = "no award obeys the policy without it";
        return row.expect(found, Code::PriceDiffers, "value_after_usd", &usd(0), rule);
    }
    let least = if forced { after } else { value.max(after) };
    row.check(found, bound >= least, Code::PriceDiffers, || {
        let rule = "no award without the rule is worth more than the bound, nor is one with it";
        Fault::differs("bound_after_usd", &usd(bound), &format!("{} or more", usd(least)), rule)
    });
    let status = row.cell("status");
    row.check(found, status == "optimal" || (status == "gap_limit" && bound > after), Code::PriceDiffers, || {
        Fault::differs(
            "status",
            status,
            "optimal, or gap_limit with a gap",
            "how far the award without the rule is proven",
        )
    });
}

/// What `ddus.csv` says that one more piece or slot is worth, where it is worth anything.
fn room(folder: &Path, findings: &mut Findings) -> Room {
    let changes = [("one_more_piece", "one_more_piece_usd"), ("one_more_slot", "one_more_slot_usd")];
    let mut room = Room::new();
    let mut unseen = Findings::default();
    let Some(table) = Table::open(folder, "ddus.csv", &["ddu_id", changes[0].1, changes[1].1], &mut unseen) else {
        return room;
    };
    table.rows(&mut unseen, |row, _| {
        for (change, column) in changes.into_iter().filter(|(_, column)| !row.cell(column).is_empty()) {
            let worth = row.read(findings, column, |text| micros(text).filter(|worth| *worth >= 0));
            if let Some(worth) = worth.filter(|worth| *worth > 0) {
                room.insert((change, row.cell("ddu_id").to_owned()), worth);
            }
        }
    });
    room
}
