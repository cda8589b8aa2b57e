//! What the award tables are made of, and the sums that all of them share.

use super::ReportError;
use super::csv::CsvSink;
use super::table::{Column, Sink};
use super::{awards, bidders, bids_explained, ddus, drop_outs, payments, policy_prices, scenarios, synergies};
use crate::award::{Alternative, Award, Won};
use crate::cost::Synergy;
use crate::network::{NoSnap, Snap};
use crate::scenario::Scenario;
use crate::units::{MicroDollars, Ppm, round_div};
use std::io::Write;

/// An award with its scenario.
#[derive(Clone, Copy, Debug)]
pub struct AwardReport<'a> {
    /// What the user wrote.
    pub scenario: &'a Scenario,
    /// The award of that scenario.
    pub award: &'a Award,
    /// Awards of the scenario's variants, in order.
    pub variants: &'a [Alternative],
    /// Packages with what explains their discounts, where the scenario asks for it.
    pub synergies: &'a [Synergy],
    /// Where the units met the road network, in order of the scenario's units; for one vehicle class.
    pub ddu_snaps: Option<&'a [Result<Snap, NoSnap>]>,
}

/// The tables of an award.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwardTable {
    /// Lines that won.
    Awards,
    /// Every line with its outcome and reason.
    BidsExplained,
    /// Every unit with its utilisation.
    Ddus,
    /// Every bidder with volume, share and money.
    Bidders,
    /// What rules and room cost.
    PolicyPrices,
    /// What winners would pay under other rules.
    Payments,
    /// The scenario and its variants side by side.
    Scenarios,
    /// Who wins under each.
    ScenarioAwards,
    /// What is lost when a large winner drops out.
    DropOuts,
    /// Who steps in.
    DropOutBidders,
    /// Discounts of packages against routing savings.
    Synergies,
}

impl AwardTable {
    /// All tables, in the order of the report.
    pub const ALL: [Self; 11] = [
        Self::Awards,
        Self::BidsExplained,
        Self::Bidders,
        Self::Ddus,
        Self::PolicyPrices,
        Self::Payments,
        Self::Scenarios,
        Self::ScenarioAwards,
        Self::DropOuts,
        Self::DropOutBidders,
        Self::Synergies,
    ];

    /// Those that the award has: payments, variants, drop-outs and synergies only where the scenario asks for them.
    pub fn of(report: &AwardReport<'_>) -> impl Iterator<Item = Self> {
        let (paid, varied) = (report.award.payments.is_some(), !report.variants.is_empty());
        let (dropped, audited) = (!report.award.drop_outs.is_empty(), !report.synergies.is_empty());
        Self::ALL.into_iter().filter(move |table| match table {
            Self::Payments => paid,
            Self::Scenarios | Self::ScenarioAwards => varied,
            Self::DropOuts | Self::DropOutBidders => dropped,
            Self::Synergies => audited,
            _ => true,
        })
    }

    /// Whether its columns have sums that mean something.
    pub(crate) const fn has_total(self) -> bool {
        matches!(self, Self::Awards | Self::BidsExplained | Self::Bidders | Self::Ddus | Self::Payments)
    }

    /// Name of its CSV file.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Awards => "awards.csv",
            Self::BidsExplained => "bids_explained.csv",
            Self::Ddus => "ddus.csv",
            Self::Bidders => "bidders.csv",
            Self::PolicyPrices => "policy_prices.csv",
            Self::Payments => "payments.csv",
            Self::Scenarios => "scenarios.csv",
            Self::ScenarioAwards => "scenario_awards.csv",
            Self::DropOuts => "drop_outs.csv",
            Self::DropOutBidders => "drop_out_bidders.csv",
            Self::Synergies => "synergies.csv",
        }
    }

    pub(crate) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Awards => &awards::COLUMNS,
            Self::BidsExplained => &bids_explained::COLUMNS,
            Self::Ddus => &ddus::COLUMNS,
            Self::Bidders => &bidders::COLUMNS,
            Self::PolicyPrices => &policy_prices::COLUMNS,
            Self::Payments => &payments::COLUMNS,
            Self::Scenarios => &scenarios::COLUMNS,
            Self::ScenarioAwards => &scenarios::AWARD_COLUMNS,
            Self::DropOuts => &drop_outs::COLUMNS,
            Self::DropOutBidders => &drop_outs::BIDDER_COLUMNS,
            Self::Synergies => &synergies::COLUMNS,
        }
    }

    pub(crate) fn rows(self, report: &AwardReport<'_>, sink: &mut impl Sink) -> Result<(), ReportError> {
        match self {
            Self::Awards => awards::rows(report, sink),
            Self::BidsExplained => bids_explained::rows(report, sink),
            Self::Ddus => ddus::rows(report, sink),
            Self::Bidders => bidders::rows(report, sink),
            Self::PolicyPrices => policy_prices::rows(report, sink),
            Self::Payments => payments::rows(report, sink),
            Self::Scenarios => scenarios::rows(report, sink),
            Self::ScenarioAwards => scenarios::award_rows(report, sink),
            Self::DropOuts => drop_outs::rows(report, sink),
            Self::DropOutBidders => drop_outs::bidder_rows(report, sink),
            Self::Synergies => synergies::rows(report, sink),
        }
    }
}

/// Writes one table of an award as CSV.
///
/// # Errors
/// When writing fails, or award and scenario do not belong together.
pub fn write_award_csv(out: &mut impl Write, table: AwardTable, report: &AwardReport<'_>) -> Result<(), ReportError> {
    let mut sink = CsvSink::new(out, table.columns())?;
    table.rows(report, &mut sink)?;
    sink.finish()
}

pub(crate) const MISMATCH: ReportError = ReportError::Mismatch("the award is of another scenario");

/// Sums over awarded lines; every part of every table adds up to them exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) awards: u32,
    pub(crate) volume: u64,
    pub(crate) spend: MicroDollars,
    pub(crate) injection: MicroDollars,
    pub(crate) revenue: MicroDollars,
    pub(crate) attributable: MicroDollars,
    pub(crate) contribution: MicroDollars,
    pub(crate) value: MicroDollars,
}

impl Totals {
    pub(crate) fn of<'w>(won: impl IntoIterator<Item = &'w Won>) -> Result<Self, ReportError> {
        let mut sum = Self::default();
        for line in won {
            sum.awards = sum.awards.saturating_add(1);
            sum.volume = sum.volume.saturating_add(u64::from(line.volume.0));
            add("spend_usd", &mut sum.spend, line.spend)?;
            add("injection_usd", &mut sum.injection, line.injection)?;
            add("revenue_usd", &mut sum.revenue, line.revenue)?;
            add("attributable_usd", &mut sum.attributable, line.attributable)?;
            add("contribution_usd", &mut sum.contribution, line.contribution)?;
            add("value_usd", &mut sum.value, line.value)?;
        }
        Ok(sum)
    }
}

fn add(column: &'static str, sum: &mut MicroDollars, amount: MicroDollars) -> Result<(), ReportError> {
    *sum = sum.checked_add(amount).ok_or(ReportError::TooLarge { column, amount })?;
    Ok(())
}

/// `part / whole` in per cent with up to four decimals, rounded once; empty when there is no whole.
pub(crate) fn percent(part: u64, whole: u64) -> Option<String> {
    let whole = i128::from(whole);
    let share = |w| round_div(i128::from(part) * i128::from(Ppm::ONE.0), w);
    (whole > 0).then(|| Ppm(u32::try_from(share(whole)).unwrap_or(u32::MAX)).to_string())
}
