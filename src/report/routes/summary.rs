//! A day's routes in a few lines: what they cost beside direct trips, how far that is proven, what is not brought.

use super::RoutesReport;
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::terminal::{aligned, clean};
use crate::units::{MicroDollars, round_div};
use std::fmt::Write as _;

/// Sums over all hubs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RouteTotals {
    /// Routes driven.
    pub routes: usize,
    /// Visits of stops.
    pub visits: usize,
    /// Pieces brought.
    pub pieces: u64,
    /// Pieces not brought.
    pub not_brought: u64,
    /// Length in decimetres, ways back included.
    pub decimetres: u64,
    /// Cost of the routes.
    pub cost: MicroDollars,
    /// What direct trips to the same stops would cost.
    pub direct: MicroDollars,
    /// What no routes for them can cost less than, where every hub has such a bound.
    pub bound: Option<MicroDollars>,
}

impl RouteTotals {
    /// Adds up a report; `None` when money does not fit.
    #[must_use]
    pub fn of(report: &RoutesReport<'_>) -> Option<Self> {
        let mut totals = Self { bound: Some(MicroDollars::ZERO), ..Self::default() };
        let planned = u64::from(report.scenario.settings.cost.planned_volume);
        totals.not_brought = planned.checked_mul(u64::try_from(report.no_hub.len()).ok()?)?;
        for day in report.hubs {
            totals.routes += day.routes.len();
            totals.not_brought += day.not_brought.iter().map(|none| u64::from(none.pieces.0)).sum::<u64>();
            for route in &day.routes {
                totals.visits += route.visits.len();
                totals.pieces += u64::from(route.pieces());
                totals.decimetres += route.decimetres();
                totals.cost = totals.cost.checked_add(route.total)?;
            }
            totals.direct = totals.direct.checked_add(day.direct()?)?;
            totals.bound = totals.bound.zip(day.bound).and_then(|(sum, bound)| sum.checked_add(bound));
        }
        Some(totals)
    }

    /// How far the cost may exceed the least possible, in millionths of it, rounded up; `None` without a bound.
    #[must_use]
    pub fn gap_ppm(&self) -> Option<u64> {
        let bound = self.bound.filter(|bound| bound.0 > 0)?;
        let over = i128::from(self.cost.0) - i128::from(bound.0);
        u64::try_from((over.max(0) * 1_000_000 + i128::from(bound.0) - 1) / i128::from(bound.0)).ok()
    }
}

/// The routes hub by hub with totals, then what is not brought.
///
/// # Errors
/// When the parts of the report do not belong together, or money does not fit.
pub fn routes_summary(report: &RoutesReport<'_>) -> Result<String, ReportError> {
    const MOST_SHOWN: usize = 20;
    let totals = RouteTotals::of(report).ok_or(MISMATCH)?;
    let header = ["hub", "stops", "routes", "pieces", "miles", "routes USD", "direct USD", "gap %"].map(str::to_owned);
    let mut rows = vec![header];
    let miles = |decimetres: u64| (decimetres as u128 * 100 + 804_672) / 1_609_344;
    for (day, cost) in report.hubs.iter().zip(report.hubs) {
        let alone = RoutesReport { hubs: std::slice::from_ref(cost), costs: &[], ..*report };
        let of = RouteTotals::of(&alone).ok_or(MISMATCH)?;
        rows.push([
            clean(&report.hub(day)?.id),
            day.case.stops.len().to_string(),
            of.routes.to_string(),
            of.pieces.to_string(),
            miles(of.decimetres).to_string(),
            of.cost.to_string(),
            of.direct.to_string(),
            percent(of.gap_ppm()),
        ]);
    }
    rows.push([
        "total".to_owned(),
        report.hubs.iter().map(|day| day.case.stops.len()).sum::<usize>().to_string(),
        totals.routes.to_string(),
        totals.pieces.to_string(),
        miles(totals.decimetres).to_string(),
        totals.cost.to_string(),
        totals.direct.to_string(),
        percent(totals.gap_ppm()),
    ]);
    let mut text = aligned(&rows, 1);
    // Writing to a String cannot fail, here and below.
    let saved = i128::from(totals.direct.0) - i128::from(totals.cost.0);
    let share = round_div(saved * 1_000, i128::from(totals.direct.0.max(1)));
    let bound = totals.bound.map_or_else(|| "no bound".to_owned(), |bound| format!("bound {bound} USD"));
    let _ = writeln!(
        text,
        "\n{} vehicles, {} stops served, {} USD a day; direct trips {} USD ({}{}.{} %); {bound}, gap {}",
        totals.routes,
        totals.visits,
        totals.cost,
        totals.direct,
        if share > 0 { "-" } else { "+" },
        share.unsigned_abs() / 10,
        share.unsigned_abs() % 10,
        percent(totals.gap_ppm()),
    );
    let mut missing = Vec::new();
    for day in report.hubs {
        let hub = clean(&report.hub(day)?.id);
        for none in &day.not_brought {
            let stop = day.case.stops.get(none.stop).ok_or(MISMATCH)?;
            let unit = report.scenario.ddus.get(stop.ddu.index()).ok_or(MISMATCH)?;
            missing.push(format!(
                "{hub} to {} by {}: {} pieces, {}",
                clean(&unit.id),
                stop.by,
                none.pieces,
                none.why.word()
            ));
        }
    }
    for (ddu, why) in report.no_hub {
        let unit = report.scenario.ddus.get(ddu.index()).ok_or(MISMATCH)?;
        missing.push(format!("no hub to {}: {}", clean(&unit.id), why.word()));
    }
    if !missing.is_empty() {
        let _ = writeln!(text, "{} not brought in full:", missing.len());
        missing.iter().take(MOST_SHOWN).for_each(|line| _ = writeln!(text, "  {line}"));
        if missing.len() > MOST_SHOWN {
            let _ = writeln!(text, "  and {} more, in orders.csv", missing.len() - MOST_SHOWN);
        }
    }
    Ok(text)
}

fn percent(ppm: Option<u64>) -> String {
    ppm.map_or_else(|| "unknown".to_owned(), |ppm| format!("{}.{:04}", ppm / 10_000, ppm % 10_000))
}
