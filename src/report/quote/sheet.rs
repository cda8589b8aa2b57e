//! `quote_sheet.txt`: the quote on a page or two for people, and its summary.

use super::{QuoteReport, unmapped};
use crate::quote::{Verdict, ranked};
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::terminal::{aligned, clean};
use crate::units::MicroDollars;
use std::fmt::Write as _;
use std::io::Write;

/// Units that the sheet lists; quote.csv has all.
const SHOWN: usize = 25;

/// Sums of a quote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuoteTotals {
    /// Units that are served.
    pub served: usize,
    /// Units that are not.
    pub not_served: usize,
    /// Pieces served, a day.
    pub pieces: u64,
    /// By direct trips from the hubs assigned, a day.
    pub stand_alone: MicroDollars,
    /// Routes of all hubs, a day.
    pub routes: MicroDollars,
    /// Shapley values of all stops, a day; equal to the routes.
    pub allocated: MicroDollars,
    /// Units worth a bid of their own.
    pub worth_bidding: usize,
    /// Bundles.
    pub bundles: usize,
    /// Lines of the bids' table.
    pub bids: usize,
    /// Pieces of volumes that reach no unit.
    pub unmapped_pieces: u64,
}

impl QuoteTotals {
    /// Adds up a quote; `None` when money does not fit.
    #[must_use]
    pub fn of(report: &QuoteReport<'_>) -> Option<Self> {
        let offers = report.offers;
        let served = offers.iter().filter(|offer| offer.haul.is_some()).count();
        let routed = offers.iter().filter_map(|offer| offer.on_routes);
        let routes = report.days.iter().map(|day| day.total()).collect::<Option<Vec<_>>>()?;
        Some(Self {
            served,
            not_served: offers.len() - served,
            pieces: report.assignment.pieces,
            stand_alone: MicroDollars::sum(offers.iter().filter_map(|o| o.haul).map(|haul| haul.cost.total))?,
            routes: MicroDollars::sum(routes)?,
            allocated: MicroDollars::sum(routed.map(|routes| routes.cost.share.shapley))?,
            worth_bidding: offers.iter().filter(|offer| offer.verdict == Verdict::Bid).count(),
            bundles: report.bundles.len(),
            bids: report.bids.len(),
            unmapped_pieces: unmapped::without_unit(report).iter().map(|w| u64::from(w.pieces.0)).sum(),
        })
    }
}

/// The quote in a few lines.
///
/// # Errors
/// When money does not fit.
pub fn quote_summary(report: &QuoteReport<'_>) -> Result<String, ReportError> {
    let totals = QuoteTotals::of(report).ok_or(MISMATCH)?;
    let mut text = format!(
        "{}: {} units served ({} pieces a day), {} not; {} USD a day by direct trips, {} on routes\n",
        clean(&report.plan.bidder),
        totals.served,
        totals.pieces,
        totals.not_served,
        totals.stand_alone,
        totals.routes,
    );
    let assignment = report.assignment;
    let bound = assignment.bound.map_or_else(|| "no bound".to_owned(), |bound| format!("bound {bound}"));
    let _ = writeln!(
        text,
        "assignment to hubs {}: {} USD a day, {bound}, within {} of the solver's arithmetic",
        assignment.status.word(),
        assignment.cost,
        assignment.tolerance,
    );
    let against = report.alternative.map_or_else(
        || "no alternative is given: no prices".to_owned(),
        |alternative| {
            let (level, total, budget) = (clean(&alternative.entry_level), alternative.total, alternative.budget);
            format!("against {total} USD a piece at {level} ({budget} with the margin)")
        },
    );
    let _ = write!(
        text,
        "{} units worth a bid of their own {against}; {} bundles; {} bid lines; {} assumptions",
        totals.worth_bidding,
        totals.bundles,
        totals.bids,
        report.assumptions.len(),
    );
    if totals.unmapped_pieces > 0 {
        let _ = write!(text, "; {} pieces reach no unit", totals.unmapped_pieces);
    }
    Ok(text)
}

fn shown(amount: Option<MicroDollars>) -> String {
    amount.map_or_else(String::new, |amount| amount.to_string())
}

/// Writes the sheet: summary, most worth bidding, bundles, limits, and every assumption.
///
/// # Errors
/// When writing fails, or money does not fit.
pub fn write_quote_sheet(out: &mut impl Write, report: &QuoteReport<'_>) -> Result<(), ReportError> {
    writeln!(out, "{}\n", quote_summary(report)?)?;
    let ranked = ranked(report.offers);
    writeln!(out, "MOST WORTH BIDDING ({} of {}; quote.csv has all)\n", ranked.len().min(SHOWN), ranked.len())?;
    let head = ["unit", "hub", "pieces", "bid USD", "reserve", "break-even", "room a day", "from pieces", "bundle"];
    let mut rows = vec![head.map(str::to_owned)];
    for offer in ranked.iter().take(SHOWN) {
        let unit = report.unit(offer.ddu)?;
        let hub = offer.haul.and_then(|haul| report.scenario.hubs.get(haul.hub.index())).ok_or(MISMATCH)?;
        let pieces = report.plan.units.get(offer.ddu.index()).map_or(0, |plan| plan.volume.planned.0);
        rows.push([
            clean(&unit.id),
            clean(&hub.id),
            pieces.to_string(),
            shown(offer.price),
            unit.reserve_price.to_string(),
            shown(offer.break_even[0]),
            shown(offer.room),
            offer.lasting_volume.map_or_else(String::new, |pieces| pieces.to_string()),
            report.bundle_of(offer.ddu).map_or_else(String::new, |bundle| bundle.to_string()),
        ]);
    }
    out.write_all(aligned(&rows, 2).as_bytes())?;
    writeln!(out, "\nBUNDLES ({})\n", report.bundles.len())?;
    let mut rows = vec![["bundle", "gain a day", "joint USD", "alone USD", "units"].map(str::to_owned)];
    for (number, bundle) in (1..).zip(report.bundles) {
        let units = bundle.lines.iter().map(|line| Ok(clean(&report.unit(line.ddu)?.id)));
        let units = units.collect::<Result<Vec<_>, ReportError>>()?.join(" ");
        let (gain, joint, alone) = (bundle.gain.to_string(), bundle.joint.to_string(), bundle.alone.to_string());
        rows.push([number.to_string(), gain, joint, alone, units]);
    }
    out.write_all(aligned(&rows, 1).as_bytes())?;
    writeln!(out, "\nASSUMED, FOR WANT OF ANYTHING GIVEN ({})\n", report.assumptions.len())?;
    let mut rows = Vec::new();
    for assumption in report.assumptions {
        let (name, value) = (clean(&assumption.name), clean(&assumption.value));
        rows.push([name, value, assumption.note.to_owned()]);
    }
    out.write_all(aligned(&rows, 3).as_bytes())?;
    Ok(())
}
