//! The routes of a day as tables, as sheets for dispatchers, and on the map.

mod aware;
mod costs;
mod map;
mod orders;
mod sheets;
mod stops;
mod summary;

pub use aware::{
    AwareBidder, AwareBound, AwareKind, AwareRound, aware_summary, write_aware_bidders, write_aware_rounds,
};
pub use map::{DrawnRoutes, write_routes_geojson};
pub use sheets::write_route_sheets;
pub use summary::{RouteTotals, routes_summary};

use super::ReportError;
use super::award_report::MISMATCH;
use super::csv::CsvSink;
use super::table::{Column, Sink};
use crate::ids::DduIx;
use crate::routes::day::{HubDay, StopCost, WhyNot};
use crate::scenario::{Hub, Scenario};
use std::io::Write;

/// The routes of a day with their scenario.
#[derive(Clone, Copy, Debug)]
pub struct RoutesReport<'a> {
    /// What the user wrote.
    pub scenario: &'a Scenario,
    /// Each hub's routes, by hub.
    pub hubs: &'a [HubDay<'a>],
    /// What the stops of each hub cost.
    pub costs: &'a [Vec<StopCost>],
    /// Units that no hub reaches, for planned volumes.
    pub no_hub: &'a [(DduIx, WhyNot)],
}

/// Tables of a day's routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutesTable {
    /// Stop by stop.
    Stops,
    /// What was to be brought.
    Orders,
    /// Cost three ways.
    Costs,
}

impl RoutesTable {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Stops, Self::Orders, Self::Costs];

    /// Name of its CSV file.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Stops => "routes.csv",
            Self::Orders => "orders.csv",
            Self::Costs => "route_costs.csv",
        }
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::Stops => &stops::COLUMNS,
            Self::Orders => &orders::COLUMNS,
            Self::Costs => &costs::COLUMNS,
        }
    }
}

impl RoutesReport<'_> {
    fn hub(&self, day: &HubDay<'_>) -> Result<&Hub, ReportError> {
        self.scenario.hubs.get(day.case.hub.index()).ok_or(MISMATCH)
    }
}

/// Name of a hub's route.
fn route_id(hub: &str, number: usize) -> String {
    format!("{hub}/{number}")
}

/// Writes one table.
///
/// # Errors
/// When writing fails, or when the parts of the report do not belong together.
pub fn write_routes_csv(
    out: &mut impl Write,
    table: RoutesTable,
    report: &RoutesReport<'_>,
) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, table.columns())?;
    rows(table, report, &mut sink)?;
    sink.finish()
}

fn rows(table: RoutesTable, report: &RoutesReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
    match table {
        RoutesTable::Stops => stops::rows(report, sink),
        RoutesTable::Orders => orders::rows(report, sink),
        RoutesTable::Costs => costs::rows(report, sink),
    }
}
