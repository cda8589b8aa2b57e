//! The end of a batch that merges its regions: their tables made one, and the award on them.

use super::plan::MergePlan;
use super::regions::regions;
use super::run::{Batch, line};
use super::status::{RegionStatus, State};
use super::work::MERGED;
use crate::artefact::Folder;
use crate::diagnostics;
use crate::report::ReportError;
use std::path::PathBuf;
use std::time::Instant;

impl Batch<'_> {
    /// Merges the regions when all have results, then runs the award on them.
    pub(super) fn merge(&self, plan: &MergePlan) {
        if self.progress.cancelled() {
            return;
        }
        let begun = Instant::now();
        let lacking = self.notes().status.without_results();
        let mut merged = if lacking > 0 {
            let waits = RegionStatus::waiting(MERGED);
            RegionStatus { error: Some(format!("error: {lacking} regions have no results to merge")), ..waits }
        } else {
            self.note(|status| {
                status.merged = Some(RegionStatus { state: State::Running, ..RegionStatus::waiting(MERGED) })
            });
            self.merged()
        };
        merged.seconds = (lacking == 0).then(|| begun.elapsed().as_secs_f64());
        let usable = matches!(merged.state, State::Done | State::UpToDate);
        (self.tell)(&line(&merged));
        self.note(|status| status.merged = Some(merged));
        if let (Some(award), true, false) = (&plan.award, usable, self.progress.cancelled()) {
            let position = self.plan.regions.len();
            self.queue.begin(position);
            self.region(position, award);
            self.queue.ended(position, false);
        }
    }

    fn merged(&self) -> RegionStatus {
        let state = |state, exit_code, error| RegionStatus { state, exit_code, error, ..RegionStatus::waiting(MERGED) };
        let failed = |code, error: String| state(State::Failed, Some(code), Some(format!("error: {error}")));
        let runs: Vec<PathBuf> = self.plan.regions.iter().map(|region| self.work.path(&region.folder)).collect();
        let set = match regions(&runs) {
            Ok(set) => set,
            Err(findings) => return failed(3, diagnostics::render(&findings, usize::MAX, false)),
        };
        if set.is_merged_in(&self.work.path(MERGED)) {
            return state(State::UpToDate, Some(0), None);
        }
        let made = (|| -> Result<(), ReportError> {
            let mut folder = Folder::open(&self.work.making_of(MERGED))?;
            set.merge(&mut folder, self.progress)?;
            folder.commit()?;
            Ok(self.work.publish(MERGED)?)
        })();
        match made {
            Ok(()) => state(State::Done, Some(0), None),
            Err(ReportError::Stopped) => state(State::Interrupted, None, None),
            Err(error @ ReportError::Folder { .. }) => failed(3, error.to_string()),
            Err(error) => failed(2, error.to_string()),
        }
    }
}
