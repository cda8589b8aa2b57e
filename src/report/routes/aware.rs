//! `route_aware.csv` and `route_aware_bidders.csv`: how an award changes when its hauls cost what routes cost.

use crate::ids::BidderIx;
use crate::report::ReportError;
use crate::report::award_report::MISMATCH;
use crate::report::csv::CsvSink;
use crate::report::table::{Cell, Column, Kind, Sink};
use crate::report::terminal::aligned;
use crate::scenario::Scenario;
use crate::units::MicroDollars;
use std::io::Write;

/// How an award of a route-aware award was determined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwareKind {
    /// At stand-alone costs.
    StandAlone,
    /// At what each line bears of the routes of the award before.
    Alternating,
    /// At the prices of the model of award and routes together.
    Integrated,
}

impl AwareKind {
    /// The word used in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::StandAlone => "stand_alone",
            Self::Alternating => "alternating",
            Self::Integrated => "integrated",
        }
    }
}

/// What award and routes together come to at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwareBound {
    /// No award that is brought in full is worth more on its routes; `None` when that was not proven.
    pub bound: Option<MicroDollars>,
    /// What the chosen award is worth on its routes.
    pub value: MicroDollars,
    /// Routes in the programme that proves it.
    pub columns: usize,
    /// Solutions of the programme.
    pub rounds: u32,
}

impl AwareBound {
    /// The gap in parts per million of the value, rounded up; `None` without a bound or a value.
    #[must_use]
    pub fn gap_ppm(&self) -> Option<u64> {
        let value = u64::try_from(self.value.0).ok().filter(|value| *value > 0)?;
        let gap = u64::try_from(self.bound?.0.checked_sub(self.value.0)?).unwrap_or(0);
        u64::try_from((u128::from(gap) * 1_000_000).div_ceil(u128::from(value))).ok()
    }
}

/// One award of a route-aware award; the first is the stand-alone award.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwareRound {
    /// How it was determined.
    pub kind: AwareKind,
    /// Lines that win.
    pub lines: usize,
    /// Lines that win only in this award or only in that before, or another volume.
    pub changed_lines: usize,
    /// Its objective at the costs it was determined at.
    pub value: MicroDollars,
    /// Its proven gap at those costs, in millionths.
    pub gap_ppm: Option<u64>,
    /// Its objective at stand-alone costs.
    pub stand_alone: MicroDollars,
    /// Its objective when each line bears its share of the routes; lines that no route brings count nothing.
    pub on_routes: MicroDollars,
    /// Cost of the routes that bring the lines whose haul the objective counts.
    pub routes: MicroDollars,
    /// Cost of direct trips in their place.
    pub direct: MicroDollars,
    /// Lines on hub basis whose unit gets less than its reserve when they bear their share of the routes.
    pub under_reserve_lines: usize,
    /// Lines that no route brings.
    pub not_brought_lines: usize,
    /// Whether it is the award that is routed.
    pub chosen: bool,
}

/// A bidder under the stand-alone award and under the chosen one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AwareBidder {
    /// The bidder.
    pub bidder: BidderIx,
    /// Pieces it wins.
    pub pieces: [u64; 2],
    /// Injection cost by direct trips.
    pub direct: [MicroDollars; 2],
    /// Injection cost on routes.
    pub routes: [MicroDollars; 2],
}

const ROUNDS: [Column; 13] = [
    Column::new("round", Kind::Count),
    Column::new("award", Kind::Text),
    Column::new("lines", Kind::Count),
    Column::new("changed_lines", Kind::Count),
    Column::new("value_usd", Kind::Usd),
    Column::new("gap_ppm", Kind::Count),
    Column::new("value_stand_alone_usd", Kind::Usd),
    Column::new("value_on_routes_usd", Kind::Usd),
    Column::new("routes_usd", Kind::Usd),
    Column::new("direct_usd", Kind::Usd),
    Column::new("under_reserve_lines", Kind::Count),
    Column::new("not_brought_lines", Kind::Count),
    Column::new("chosen", Kind::Flag),
];

const BIDDERS: [Column; 8] = [
    Column::new("bidder_id", Kind::Text),
    Column::new("stand_alone_pieces", Kind::Count),
    Column::new("stand_alone_direct_usd", Kind::Usd),
    Column::new("stand_alone_routes_usd", Kind::Usd),
    Column::new("pieces", Kind::Count),
    Column::new("direct_usd", Kind::Usd),
    Column::new("routes_usd", Kind::Usd),
    Column::new("change_usd", Kind::Usd),
];

fn count<N: TryInto<i64>>(n: N) -> Cell<'static> {
    Cell::Count(n.try_into().unwrap_or(i64::MAX))
}

/// What awards and routes in turn came to, in a line a round.
#[must_use]
pub fn aware_summary(rounds: &[AwareRound], bound: &AwareBound) -> String {
    let header = ["round", "award", "lines", "changed", "value at its costs", "on routes", "routes USD", "gap ppm", ""];
    let row = |(number, round): (usize, &AwareRound)| {
        [
            number.to_string(),
            round.kind.word().to_owned(),
            round.lines.to_string(),
            round.changed_lines.to_string(),
            round.value.to_string(),
            round.on_routes.to_string(),
            round.routes.to_string(),
            round.gap_ppm.map_or_else(String::new, |gap| gap.to_string()),
            if round.chosen { "chosen" } else { "" }.to_owned(),
        ]
    };
    let rows: Vec<[String; 9]> =
        [header.map(str::to_owned)].into_iter().chain(rounds.iter().enumerate().map(row)).collect();
    let note = "round 0 is the award at stand-alone costs; gaps are those of each award at its costs";
    let columns = bound.columns;
    let bound = match (bound.bound, bound.gap_ppm()) {
        (Some(most), Some(gap)) => format!("no award is worth more on routes than {most} USD: gap {gap} ppm"),
        (Some(most), None) => format!("no award is worth more on routes than {most} USD"),
        _ => "no bound over award and routes together is known".to_owned(),
    };
    format!("{}{note}\n{bound} ({} routes in the programme)", aligned(&rows, 0), columns)
}

/// Writes the rounds.
///
/// # Errors
/// When writing fails.
pub fn write_aware_rounds(out: &mut impl Write, rounds: &[AwareRound]) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, &ROUNDS)?;
    for (number, round) in rounds.iter().enumerate() {
        sink.row(&[
            count(number),
            Cell::Text(round.kind.word()),
            count(round.lines),
            count(round.changed_lines),
            round.value.into(),
            round.gap_ppm.map_or(Cell::Empty, count),
            round.stand_alone.into(),
            round.on_routes.into(),
            round.routes.into(),
            round.direct.into(),
            count(round.under_reserve_lines),
            count(round.not_brought_lines),
            round.chosen.into(),
        ])?;
    }
    sink.finish()
}

/// Writes the bidders; `change_usd` is what the injection cost of the chosen award on routes is above that of the stand-alone
/// award by direct trips.
///
/// # Errors
/// When writing fails, or when the bidders are not of this scenario.
pub fn write_aware_bidders(
    out: &mut impl Write,
    scenario: &Scenario,
    bidders: &[AwareBidder],
) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, &BIDDERS)?;
    for bidder in bidders {
        let id = &scenario.bidders.get(bidder.bidder.index()).ok_or(MISMATCH)?.id;
        sink.row(&[
            Cell::Text(id),
            count(bidder.pieces[0]),
            bidder.direct[0].into(),
            bidder.routes[0].into(),
            count(bidder.pieces[1]),
            bidder.direct[1].into(),
            bidder.routes[1].into(),
            bidder.routes[1].checked_sub(bidder.direct[0]).ok_or(MISMATCH)?.into(),
        ])?;
    }
    sink.finish()
}
