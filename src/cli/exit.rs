//! How a command ends: exit codes of the product's promise, and what is said.

use crate::award::AwardError;
use crate::matrix::MatrixError;
use crate::pipeline::{RegionError, RouteError, RunError};
use crate::quote::QuoteError;
use crate::report::ReportError;
use crate::routes::day::DayError;
use std::process::ExitCode;

/// Why a command ended.
#[derive(Debug)]
pub(super) enum Ending {
    /// Everything is written.
    Done,
    /// The user must type something else.
    Usage(String),
    /// Input is wrong; the findings have been shown, or the text says what.
    InvalidInput(String),
    /// No award obeys the policy; the report says why.
    Infeasible(Vec<String>),
    /// A limit was hit; a feasible award with its gap is written.
    LimitHit,
    /// Ctrl-C during the award: the best award found so far with its gap is written.
    Stopped,
    /// Ctrl-C before there was an award, or a second one.
    Interrupted,
    /// Ctrl-C during a batch: what is finished is kept.
    Paused,
    /// A batch came to its end: regions without results, all regions, and the worst exit code.
    Batch { failed: usize, regions: usize, code: i32 },
    /// Our fault.
    Bug(String),
}

impl Ending {
    /// 0 done, 2 usage, 3 invalid input, 4 infeasible, 5 limit hit or stopped, 130 interrupted, 70 bug.
    pub(super) const fn code(&self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Usage(_) => 2,
            Self::InvalidInput(_) => 3,
            Self::Infeasible(_) => 4,
            Self::LimitHit | Self::Stopped => 5,
            Self::Interrupted | Self::Paused => 130,
            Self::Batch { code: 0, .. } => 0,
            Self::Batch { code: 2, .. } => 2,
            Self::Batch { code: 3, .. } => 3,
            Self::Batch { code: 4, .. } => 4,
            Self::Batch { code: 5, .. } => 5,
            Self::Batch { .. } => 70,
            Self::Bug(_) => 70,
        }
    }

    /// What to tell the user, if anything more.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Done | Self::Batch { code: 0, .. } => None,
            Self::Paused => {
                Some("interrupted; finished regions are kept, and the same command goes on from here".into())
            }
            Self::Batch { failed: 0, code, .. } => Some(format!(
                "all regions have results; the gravest exit code of one is {code} (status.json tells which)"
            )),
            Self::Batch { failed, regions, .. } => Some(format!(
                "error: {failed} of {regions} regions failed; status.json and the logs tell why, and the same command \
                 runs them again"
            )),
            Self::Usage(text) | Self::InvalidInput(text) => (!text.is_empty()).then(|| format!("error: {text}")),
            Self::Infeasible(rules) => Some(format!(
                "error: no award obeys the policy; these rules contradict each other, and leaving out any one helps:\n  {}",
                rules.join("\n  ")
            )),
            Self::LimitHit => Some(
                "a limit was hit: the result is feasible, its gap is reported (of an award in manifest.json)".into(),
            ),
            Self::Stopped => Some(
                "interrupted: the best award found so far is written with its bound; what was not worked out by then \
                  is left out"
                    .into(),
            ),
            Self::Interrupted => Some("interrupted; nothing was written".into()),
            Self::Bug(text) => Some(format!("this is a bug in ddu: {text}")),
        }
    }
}

impl From<RegionError> for Ending {
    fn from(error: RegionError) -> Self {
        match error {
            RegionError::Interrupted => Self::Interrupted,
            error => Self::InvalidInput(error.to_string()),
        }
    }
}

impl From<RunError> for Ending {
    fn from(error: RunError) -> Self {
        let text = error.to_string();
        match error {
            RunError::Interrupted
            | RunError::Quote(QuoteError::Interrupted)
            | RunError::Matrix(MatrixError::Interrupted)
            | RunError::Award(AwardError::Interrupted) => Self::Interrupted,
            RunError::Matrix(_)
            | RunError::Cost(_)
            | RunError::Hierarchy(_)
            | RunError::Vehicle(_)
            | RunError::NoMap
            | RunError::Quote(QuoteError::Cost(_) | QuoteError::TooLarge | QuoteError::NoHub(_))
            | RunError::Routes(DayError::Problem(_) | DayError::TooLarge)
            | RunError::Award(
                AwardError::TooLarge { .. }
                | AwardError::TotalTooLarge
                | AwardError::TooManyTrips { .. }
                | AwardError::Cost { .. },
            ) => Self::InvalidInput(text),
            RunError::Report(ReportError::Io(_)) | RunError::Io(_) => Self::Usage(text),
            RunError::Award(AwardError::NothingFound) => Self::Usage(text),
            RunError::Report(_)
            | RunError::Award(_)
            | RunError::Settings(_)
            | RunError::Written(_)
            | RunError::Quote(QuoteError::Solver(_))
            | RunError::Routes(DayError::Solve(_)) => Self::Bug(text),
            RunError::Variant { source, .. } => match Self::from(*source) {
                Self::InvalidInput(_) => Self::InvalidInput(text),
                Self::Usage(_) => Self::Usage(text),
                Self::Bug(_) => Self::Bug(text),
                other => other,
            },
        }
    }
}

impl From<RouteError> for Ending {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::Search(MatrixError::Interrupted) => Self::Interrupted,
            error => Self::InvalidInput(error.to_string()),
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending.code())
    }
}
