//! What became of a job, and how it is told.

use super::Job;
use crate::serve::error::ApiError;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Where a job stands.
pub(super) enum State {
    /// Others come first.
    Queued,
    /// It runs.
    Running,
    /// It has ended.
    Over(Outcome),
}

/// How a job ended.
pub(super) enum Outcome {
    /// Files came out.
    Done(Done),
    /// What was posted cannot be used.
    Refused(ApiError),
    /// It was stopped.
    Cancelled,
    /// Its time was over before there was a result.
    TimedOut,
    /// Our fault.
    Failed(ApiError),
}

/// Files of a job.
pub(super) struct Done {
    /// Removed with the job.
    pub(super) folder: TempDir,
    /// By name, with their lengths.
    pub(super) files: Vec<(String, u64)>,
    /// What to read first.
    pub(super) summary: Value,
    /// Findings that did not forbid to go on.
    pub(super) findings: Vec<Value>,
}

impl State {
    pub(super) const fn is_over(&self) -> bool {
        matches!(self, Self::Over(_))
    }

    const fn word(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Over(Outcome::Done(_)) => "done",
            Self::Over(Outcome::Refused(_)) => "refused",
            Self::Over(Outcome::Cancelled) => "cancelled",
            Self::Over(Outcome::TimedOut) => "timed_out",
            Self::Over(Outcome::Failed(_)) => "failed",
        }
    }
}

impl Job {
    /// As it is told.
    pub(super) fn value(&self) -> Value {
        let state = self.state();
        let mut value = json!({
            "id": self.id,
            "kind": self.kind.word(),
            "state": state.word(),
            "progress": self.progress.value(),
            "url": format!("/v1/jobs/{}", self.id),
        });
        match &*state {
            State::Over(Outcome::Done(done)) => {
                let file = |(name, bytes): &(String, u64)| json!({"name": name, "bytes": bytes, "url": format!("/v1/jobs/{}/files/{name}", self.id)});
                value["files"] = done.files.iter().map(file).collect();
                value["summary"] = done.summary.clone();
                value["diagnostics"] = done.findings.clone().into();
            }
            State::Over(Outcome::Refused(error) | Outcome::Failed(error)) => {
                value["error"] = json!({"code": error.code, "message": error.message});
                value["diagnostics"] = error.diagnostics.clone().into();
            }
            _ => {}
        }
        value
    }
}
