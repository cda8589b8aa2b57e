//! The award as a text table for a terminal.

use super::ReportError;
use super::award_report::{MISMATCH, Totals};
use crate::award::{Award, Status};
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const HEADER: [&str; 8] = ["unit", "winner", "bid", "pieces", "trips", "dock price", "injection", "value"];
/// Columns from this one on are numbers and stand right.
const FIRST_NUMBER: usize = 3;

/// Winners by unit with totals, status and gap, in aligned columns.
///
/// # Errors
/// When the award is not of this scenario, or totals overflow.
pub fn award_table(scenario: &Scenario, award: &Award) -> Result<String, ReportError> {
    let mut by_unit: BTreeMap<_, Vec<[String; 8]>> = BTreeMap::new();
    for (bid, won) in award.winners() {
        let line = scenario.bids.get(bid.index()).ok_or(MISMATCH)?;
        let unit = scenario.ddus.get(line.ddu.index()).ok_or(MISMATCH)?;
        let bidder = scenario.bidders.get(line.bidder.index()).ok_or(MISMATCH)?;
        by_unit.entry(line.ddu).or_default().push([
            clean(&unit.id),
            clean(&bidder.id),
            clean(&line.id),
            won.volume.to_string(),
            won.trips.to_string(),
            won.dock_price.to_string(),
            won.injection.to_string(),
            won.value.to_string(),
        ]);
    }
    let totals = Totals::of(award.winners().map(|(_, won)| won))?;
    let mut rows = vec![HEADER.map(str::to_owned)];
    for lines in by_unit.into_values() {
        for (position, mut row) in lines.into_iter().enumerate() {
            if position > 0 {
                row[0].clear();
            }
            rows.push(row);
        }
    }
    let blank = String::new;
    rows.push([
        "total".to_owned(),
        blank(),
        totals.awards.to_string(),
        totals.volume.to_string(),
        blank(),
        blank(),
        totals.injection.to_string(),
        totals.value.to_string(),
    ]);
    let mut text = aligned(&rows, FIRST_NUMBER);
    let objective = scenario.settings.award.objective.word();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        "\n{} of {} bid lines won; {objective} {} USD per operating day\n{}\n{}\n",
        totals.awards,
        award.lines.len(),
        award.value,
        proof(award),
        award.method
    );
    Ok(text)
}

/// Rows in aligned columns, those from `first_number` on to the right; one line a row.
pub(super) fn aligned<const N: usize>(rows: &[[String; N]], first_number: usize) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (position, (cell, width)) in row.iter().zip(widths).enumerate() {
            let pad = " ".repeat(width - cell.chars().count());
            line.push_str(&if position < first_number { format!("{cell}{pad}  ") } else { format!("{pad}{cell}  ") });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Status, bound and gap in words.
pub(crate) fn proof(award: &Award) -> String {
    if award.status == Status::Infeasible {
        return format!("status infeasible: these rules contradict each other: {}", award.conflicts.join("; "));
    }
    let gap =
        award.gap_ppm.map_or_else(|| "unlimited".to_owned(), |ppm| format!("{}.{:04} %", ppm / 10_000, ppm % 10_000));
    let mut text = format!("status {}, bound {} USD, gap {gap}", award.status.word(), award.bound);
    if award.tolerance.0 > 0 {
        text.push_str(&format!(" (numerical tolerance {} USD)", award.tolerance));
    }
    if award.interrupted {
        text.push_str(", interrupted: not reproducible, and what was not worked out by then is left out");
    }
    if award.time_limited {
        text.push_str(", with a time limit: not reproducible");
    }
    text
}

/// Ids come from files: control characters would reach the terminal.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
