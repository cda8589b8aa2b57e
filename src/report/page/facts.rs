//! What stands above the tables.

use crate::report::ReportError;
use crate::report::award_report::{AwardReport, Totals};
use crate::report::terminal::proof;
use serde::{Deserialize, Serialize};

/// The award in a few lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageFacts {
    /// Name of the scenario.
    pub name: String,
    /// Objective, as the scenario names it.
    pub objective: String,
    /// How far the award is proven, in one word.
    pub status: String,
    /// Value under the objective, USD per operating day.
    pub value_usd: String,
    /// What the bidders pay, USD per operating day.
    pub spend_usd: String,
    /// Pieces awarded per operating day.
    pub pieces: u64,
    /// Lines that won, and all lines.
    pub lines: [u64; 2],
    /// All of it for people: a term and its text, in order.
    pub list: Vec<[String; 2]>,
}

impl PageFacts {
    /// Those of an award.
    ///
    /// # Errors
    /// When money overflows.
    pub fn of(report: &AwardReport<'_>) -> Result<Self, ReportError> {
        let (settings, award) = (&report.scenario.settings, report.award);
        let totals = Totals::of(award.winners().map(|(_, won)| won))?;
        let usd = |amount: crate::units::MicroDollars| format!("{amount} USD");
        let list = [
            ("operating date", settings.operating_date.to_string()),
            ("objective", settings.award.objective.word().to_owned()),
            ("value", format!("{} USD per operating day", award.value)),
            ("proof", proof(award)),
            ("method", award.method.clone()),
            ("bid lines", format!("{} won of {}", totals.awards, award.lines.len())),
            ("pieces awarded", totals.volume.to_string()),
            ("bidders' spend", usd(totals.spend)),
            ("injection cost", usd(totals.injection)),
            ("dock revenue", usd(totals.revenue)),
            ("attributable cost", usd(totals.attributable)),
            ("contribution", usd(totals.contribution)),
        ];
        Ok(Self {
            name: settings.name.clone(),
            objective: settings.award.objective.word().to_owned(),
            status: award.status.word().to_owned(),
            value_usd: award.value.to_string(),
            spend_usd: totals.spend.to_string(),
            pieces: totals.volume,
            lines: [u64::from(totals.awards), u64::try_from(award.lines.len()).unwrap_or(u64::MAX)],
            list: list.into_iter().map(|(term, text)| [term.to_owned(), text]).collect(),
        })
    }
}
