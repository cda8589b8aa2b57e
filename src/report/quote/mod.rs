//! A carrier's quote as tables, and as a sheet for people.

mod assignment;
mod bids;
mod bundles;
mod cost_to_serve;
mod sheet;
mod tornado;
mod units;
mod unmapped;

pub use sheet::{QuoteTotals, quote_summary, write_quote_sheet};

use super::ReportError;
use super::award_report::MISMATCH;
use super::csv::CsvSink;
use super::table::{Cell, Column, Sink};
use crate::cost::Hauls;
use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::quote::assign::{AssignProblem, Assignment, LimitPrice};
use crate::quote::{Alternative, BidRow, Bundle, Offer, Plan, Served, Swing};
use crate::routes::day::HubDay;
use crate::scenario::{Ddu, Scenario};
use crate::units::{MicroDollars, Pieces};
use std::io::Write;

/// A value that the quote rests on and the user did not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// Setting or column.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it comes from, and where it holds.
    pub note: &'static str,
}

/// A quote with its scenario.
#[derive(Clone, Copy, Debug)]
pub struct QuoteReport<'a> {
    /// What the user wrote.
    pub scenario: &'a Scenario,
    /// Volumes and hubs.
    pub plan: &'a Plan,
    /// Direct trips, by unit.
    pub served: &'a [Served],
    /// Hauls of the scenario, for their parts.
    pub hauls: &'a Hauls<'a>,
    /// What was assigned.
    pub problem: &'a AssignProblem,
    /// To which hubs.
    pub assignment: &'a Assignment,
    /// What each limit costs.
    pub limits: &'a [LimitPrice],
    /// Routes of the hubs.
    pub days: &'a [HubDay<'a>],
    /// What to compare with.
    pub alternative: Option<&'a Alternative>,
    /// What to bid, by unit.
    pub offers: &'a [Offer],
    /// What to bid together.
    pub bundles: &'a [Bundle],
    /// Lines of the bids' table.
    pub bids: &'a [BidRow],
    /// Sensitivity, by unit.
    pub swings: &'a [Option<[Swing; 3]>],
    /// What was assumed.
    pub assumptions: &'a [Assumption],
}

/// Tables of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteTable {
    /// A unit: what it costs, what to bid.
    Units,
    /// A unit and a volume: the waterfall of direct trips.
    CostToServe,
    /// A unit and its hub.
    Assignment,
    /// A limit and its price.
    LimitPrices,
    /// A unit and a factor.
    Tornado,
    /// A unit of a bundle.
    Bundles,
    /// A bid line.
    Bids,
    /// The bidder.
    Bidders,
    /// A ZIP without a unit.
    Unmapped,
    /// An assumption.
    Assumptions,
}

impl QuoteTable {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Units,
        Self::CostToServe,
        Self::Assignment,
        Self::LimitPrices,
        Self::Tornado,
        Self::Bundles,
        Self::Bids,
        Self::Bidders,
        Self::Unmapped,
        Self::Assumptions,
    ];

    /// Name of its CSV file.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Units => "quote.csv",
            Self::CostToServe => "cost_to_serve.csv",
            Self::Assignment => "assignment.csv",
            Self::LimitPrices => "limit_prices.csv",
            Self::Tornado => "tornado.csv",
            Self::Bundles => "bundles.csv",
            Self::Bids => "bids.csv",
            Self::Bidders => "bidders.csv",
            Self::Unmapped => "unmapped_zips.csv",
            Self::Assumptions => "assumptions.csv",
        }
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::Units => &units::COLUMNS,
            Self::CostToServe => &cost_to_serve::COLUMNS,
            Self::Assignment => &assignment::COLUMNS,
            Self::LimitPrices => &assignment::LIMIT_COLUMNS,
            Self::Tornado => &tornado::COLUMNS,
            Self::Bundles => &bundles::COLUMNS,
            Self::Bids => &bids::COLUMNS,
            Self::Bidders => &bids::BIDDER_COLUMNS,
            Self::Unmapped => &unmapped::COLUMNS,
            Self::Assumptions => &unmapped::ASSUMPTION_COLUMNS,
        }
    }
}

/// Writes one table of a quote.
///
/// # Errors
/// When writing fails, a cost cannot be worked out again, or the parts of the report do not belong together.
pub fn write_quote_csv(out: &mut impl Write, table: QuoteTable, report: &QuoteReport<'_>) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, table.columns())?;
    let into: &mut dyn Sink = &mut sink;
    match table {
        QuoteTable::Units => units::rows(report, into),
        QuoteTable::CostToServe => cost_to_serve::rows(report, into),
        QuoteTable::Assignment => assignment::rows(report, into),
        QuoteTable::LimitPrices => assignment::limit_rows(report, into),
        QuoteTable::Tornado => tornado::rows(report, into),
        QuoteTable::Bundles => bundles::rows(report, into),
        QuoteTable::Bids => bids::rows(report, into),
        QuoteTable::Bidders => bids::bidder_rows(report, into),
        QuoteTable::Unmapped => unmapped::rows(report, into),
        QuoteTable::Assumptions => unmapped::assumption_rows(report, into),
    }?;
    sink.finish()
}

impl<'a> QuoteReport<'a> {
    fn unit(&self, ddu: DduIx) -> Result<&'a Ddu, ReportError> {
        self.scenario.ddus.get(ddu.index()).ok_or(MISMATCH)
    }

    fn hub_id(&self, hub: HubIx) -> Result<Cell<'a>, ReportError> {
        self.scenario.hubs.get(hub.index()).map(|hub| Cell::Text(&hub.id)).ok_or(MISMATCH)
    }

    fn vehicle(&self, vehicle: VehicleIx) -> Result<Cell<'a>, ReportError> {
        self.scenario.vehicles.get(vehicle.index()).map(|class| Cell::Text(&class.name)).ok_or(MISMATCH)
    }

    /// The bundle that a unit is in, numbered from 1.
    fn bundle_of(&self, ddu: DduIx) -> Option<usize> {
        self.bundles.iter().position(|bundle| bundle.lines.iter().any(|line| line.ddu == ddu)).map(|at| at + 1)
    }
}

fn count(number: usize) -> Cell<'static> {
    Cell::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

fn wide(number: u64) -> Cell<'static> {
    Cell::Count(i64::try_from(number).unwrap_or(i64::MAX))
}

fn per_piece(amount: MicroDollars, pieces: Pieces) -> Cell<'static> {
    amount.divided_by(u64::from(pieces.0)).map_or(Cell::Empty, Cell::Usd)
}

/// Minutes between an arrival and a critical entry time; negative when late.
fn to_spare(cet: Option<crate::units::ClockTime>, arrival: crate::units::ClockTime) -> Cell<'static> {
    cet.map_or(Cell::Empty, |cet| Cell::Count(i64::from(cet.0) - i64::from(arrival.0)))
}
