//! `report.html`: an award on one page, with its map, that opens without a network.
//!
//! The page's data is one JSON document ([`PageData`]); the page draws all it shows from it. A run writes what the
//! tables do not hold (facts, map, waterfall) to `page.json` too ([`PageContext`]), so that the page can be made again
//! from the run's folder alone, byte by byte ([`read_page`]). A server returns the same document for other awards.
//!
//! ```text
//! award ─ tables ─┐
//!                 ├─ PageData ─ write_page ─ report.html
//! PageContext ────┘
//! ```

mod facts;
mod folder;
mod map;
mod marks;
mod roads;
mod routes;
mod table;
mod third_party;
mod waterfall;
mod write;

use super::ReportError;
use super::award_report::{AwardReport, AwardTable};
use marks::Marks;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use table::TableSink;

pub use facts::PageFacts;
pub use folder::{CONTEXT_FILE, PAGE_FILE, read_page};
pub use map::{PageGround, PageHub, PageMap, PageRoute, PageUnit};
pub use roads::{PageRoadLayer, PageRoads};
pub use routes::read_routes;
pub use table::{PageCell, PageColumn, PageTable};
pub use waterfall::PageHauls;
pub use write::{Served, write_page};

/// Rows of a table that the page holds; the table's file has all of them.
pub const MOST_ROWS: usize = 20_000;

/// Everything that the page shows.
#[derive(Clone, Debug, Serialize)]
pub struct PageData {
    /// What stands above the tables.
    pub facts: PageFacts,
    /// The award's tables in the order of the page.
    pub tables: Vec<PageTable>,
    /// What the award is at each unit, and from where.
    pub marks: Marks,
    /// Places and roads; none for a page that has them already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub map: Option<PageMap>,
}

/// What a run keeps for its page beside the tables: `page.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageContext {
    /// What stands above the tables.
    pub facts: PageFacts,
    /// Places and roads.
    pub map: PageMap,
    /// What injection costs are made of.
    pub waterfall: PageTable,
}

impl PageContext {
    /// That of an award.
    ///
    /// # Errors
    /// When a cost cannot be worked out, or award, scenario and hauls do not belong together.
    pub fn of(
        report: &AwardReport<'_>,
        ground: Option<PageGround<'_>>,
        hauls: PageHauls<'_>,
    ) -> Result<Self, ReportError> {
        Ok(Self {
            facts: PageFacts::of(report)?,
            map: PageMap::of(report.scenario, ground, hauls.all)?,
            waterfall: waterfall::waterfall(report, hauls)?,
        })
    }

    /// Writes `page.json`.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&self, out: &mut impl Write) -> Result<(), ReportError> {
        serde_json::to_writer(&mut *out, self).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}

impl PageData {
    /// The page of an award, without its map.
    ///
    /// # Errors
    /// When award and scenario do not belong together.
    pub fn of(report: &AwardReport<'_>) -> Result<Self, ReportError> {
        let scenario = report.scenario;
        let hubs = scenario.hubs.iter().map(|hub| hub.id.as_str());
        let mut marks = Marks::new(hubs, scenario.ddus.iter().map(|ddu| ddu.id.as_str()));
        let mut tables = Vec::new();
        for table in AwardTable::of(report).filter(|table| *table != AwardTable::ScenarioAwards) {
            let mut sink = TableSink::new(table, &mut marks);
            table.rows(report, &mut sink)?;
            tables.push(sink.finish());
        }
        Ok(Self { facts: PageFacts::of(report)?, tables, marks: marks.finish(), map: None })
    }

    /// The page with its map and what injection costs are made of.
    #[must_use]
    pub fn with(mut self, context: PageContext) -> Self {
        self.tables.push(context.waterfall);
        self.map = Some(context.map);
        self
    }
}
