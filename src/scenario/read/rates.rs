//! `rates.csv`: what the alternatives to injection charge, by entry level, weight band and effective dates.

use super::shared::Intake;
use crate::diagnostics::Code;
use crate::scenario::rules::{Finding, Rule, as_is, date, id, money, remark};
use crate::scenario::table::{Column, Place, RowReader, TableSpec, columns, file_finding};
use crate::scenario::{EntryRate, Parcel};
use crate::units::MicroDollars;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

columns! {
    EntryLevel = "entry_level" required;
    WeightFromLb = "weight_from_lb" required;
    WeightToLb = "weight_to_lb" required;
    EffectiveFrom = "effective_from" optional;
    EffectiveTo = "effective_to" optional;
    RatePerPiece = "rate_per_piece" required;
    HaulPerPiece = "haul_per_piece" optional;
    Source = "source" optional;
}

/// Columns of the table.
pub(crate) fn columns() -> &'static [Column] {
    COLUMNS
}

/// Reads the rates, sorted; levels without a rate for the mean parcel on the day are warned about.
pub(crate) fn rates(spec: &TableSpec, parcel: Parcel, day: Date, intake: &mut Intake) -> Option<Vec<EntryRate>> {
    const ROLE: &str = "rates";
    let mut read = intake.table(ROLE, spec, COLUMNS, Col::EntryLevel.into(), rate)?;
    // Which of two rows is reported must not depend on their order.
    read.rows.sort();
    let mut rows: Vec<(EntryRate, Place)> = Vec::with_capacity(read.rows.len());
    for (rate, place) in read.rows {
        let clash = rows.iter().find(|(other, _)| overlap(other, &rate));
        if let Some((_, first)) = clash {
            let message =
                format!("level `{}` has another rate for some weight and day on line {}", rate.entry_level, first.line);
            intake.report(&read.table, place, Col::EntryLevel, Finding::plain(Code::RatesOverlap, message));
            intake.rejects.push(read.table.rejected(place, vec![Code::RatesOverlap]));
        } else {
            rows.push((rate, place));
        }
    }
    let mut levels: BTreeMap<&str, bool> = BTreeMap::new();
    for (rate, _) in &rows {
        *levels.entry(&rate.entry_level).or_default() |= rate.holds(parcel.mean_weight_millilb, day);
    }
    for (level, _) in levels.iter().filter(|(_, holds)| !**holds) {
        let message = format!("level `{level}` has no rate for the mean parcel on {day}");
        let finding = Finding::plain(Code::NoRateForParcel, message);
        intake.diagnostics.push(file_finding(&Arc::new(spec.path.clone()), finding));
    }
    intake.accepted(ROLE, rows.len());
    Some(rows.into_iter().map(|(rate, _)| rate).collect())
}

fn rate(row: &mut RowReader<'_, '_>) -> Option<EntryRate> {
    let entry_level = row.required(Col::EntryLevel, id);
    let from = row.required(Col::WeightFromLb, pounds);
    let to = row.required(Col::WeightToLb, pounds);
    let effective_from = row.optional(Col::EffectiveFrom, date).unwrap_or(Date::MIN);
    let effective_to = row.optional(Col::EffectiveTo, date).unwrap_or(Date::MAX);
    let rate = row.required(Col::RatePerPiece, money);
    // Read only to be checked as text.
    let _ = row.optional(Col::Source, remark);
    let haul = row.optional(Col::HaulPerPiece, money).unwrap_or(MicroDollars::ZERO);
    if effective_to < effective_from {
        let message = format!("effective_to {effective_to} is before effective_from {effective_from}");
        row.report(Col::EffectiveTo, Finding::plain(Code::EffectiveReversed, message));
    }
    if let (Some(from), Some(to)) = (from, to)
        && to <= from
    {
        let message = "the band ends where it begins, or below";
        row.report(Col::WeightToLb, Finding::plain(Code::WeightBandReversed, message));
    }
    Some(EntryRate {
        entry_level: entry_level?,
        from_millilb: from?,
        to_millilb: to?,
        effective_from,
        effective_to,
        rate: rate?,
        haul,
    })
}

fn overlap(a: &EntryRate, b: &EntryRate) -> bool {
    a.entry_level == b.entry_level
        && a.from_millilb < b.to_millilb
        && b.from_millilb < a.to_millilb
        && a.effective_from <= b.effective_to
        && b.effective_from <= a.effective_to
}

/// Pounds with up to three decimals, zero or more, in thousandths.
fn pounds(text: &str) -> Rule<u64> {
    let wrong = || {
        let message = format!("`{}` is not a number of pounds", text.escape_debug());
        Finding::new(Code::NotANumber, message, "write pounds with at most three decimals, such as 3.5")
    };
    let parsed = MicroDollars::parse(text).ok().filter(|p| !p.repaired && p.amount.0 % 1_000 == 0).ok_or_else(wrong)?;
    u64::try_from(parsed.amount.0 / 1_000).map_or_else(|_| Err(wrong()), as_is)
}
