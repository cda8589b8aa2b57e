//! A batch: its folder locked, regions run beside one another, each noted in the status file as it goes.

use super::child::{self, Ended};
use super::fresh::{Facts, fresh};
use super::lock;
use super::overlay::scenario_text;
use super::plan::{Plan, RegionPlan, Source};
use super::queue::{Next, Queue, Verdict};
use super::regions::MANIFEST;
use super::status::{BatchStatus, Counts, RegionStatus, State};
use super::work::{MERGED, Work};
use crate::artefact::write_atomically;
use crate::progress::Progress;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Time after which the status file tells anew how long regions have been running.
const NEWS: Duration = Duration::from_secs(2);
/// Time between two looks for a free place.
const LOOK: Duration = Duration::from_millis(20);
/// Exit codes whose results are kept: done, infeasible, with a gap.
const WITH_RESULTS: [i32; 3] = [0, 4, 5];

/// How a batch is run; nothing here changes a result but `lenient` and `parquet`.
#[derive(Clone, Debug)]
pub struct BatchOptions {
    /// Folder of the batch.
    pub output: PathBuf,
    /// The program, which runs each region.
    pub program: PathBuf,
    /// Regions at once, at least 1.
    pub jobs: usize,
    /// Threads of all of them together.
    pub threads: usize,
    /// Most bytes of memory of all of them together.
    pub most_bytes: Option<u64>,
    /// Rows with errors are set aside.
    pub lenient: bool,
    /// Tables of costs are written as Parquet.
    pub parquet: bool,
}

/// Why a batch did not begin.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// Two batches on one folder.
    #[error("another batch runs on {}; wait for it, or name another folder", .0.display())]
    Busy(PathBuf),
    /// The folder is somebody else's.
    #[error("{} holds files that are not of a batch; name another folder", .0.display())]
    Foreign(PathBuf),
    /// The folder cannot be used.
    #[error("{}: {source}; check free space and permissions", .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What came of a batch.
#[derive(Debug)]
pub struct BatchOutcome {
    /// Where it stands.
    pub status: BatchStatus,
    /// Why `status.json` could not be written every time.
    pub unwritten: Option<io::Error>,
}

/// Runs what is not up to date. A region that fails stops no other.
///
/// # Errors
/// When the batch cannot begin; whatever happens to regions is in the status.
pub fn run(
    plan: &Plan,
    options: &BatchOptions,
    progress: &dyn Progress,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<BatchOutcome, BatchError> {
    let root = &options.output;
    let failed = |source| BatchError::Folder { path: root.clone(), source };
    let work = Work::new(root);
    if !work.is_ours().map_err(failed)? {
        return Err(BatchError::Foreign(root.clone()));
    }
    fs::create_dir_all(root).map_err(failed)?;
    let Some(_lock) = lock::take(root).map_err(failed)? else { return Err(BatchError::Busy(root.clone())) };
    work.begin().map_err(failed)?;
    let mut status = BatchStatus::new(plan.regions.iter().map(|region| region.name.as_str()));
    status.merged = plan.merge.as_ref().map(|_| RegionStatus::waiting(MERGED));
    status.award = plan.merge.as_ref().and_then(|merge| merge.award.as_ref()).map(|a| RegionStatus::waiting(&a.name));
    let notes = Notes { status, written: Instant::now(), unwritten: None };
    let batch = Batch {
        plan,
        options,
        work,
        queue: Queue::new(plan.regions.len(), options.most_bytes),
        notes: Mutex::new(notes),
        progress,
        tell,
    };
    batch.note(|_| {});
    progress.begin("batch", u64::try_from(plan.regions.len()).ok());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| batch.work_off());
        }
    });
    let count = |state| batch.notes().status.count(state);
    progress.finish(&format!(
        "{} regions: {} done, {} up to date, {} failed",
        plan.regions.len(),
        count(State::Done),
        count(State::UpToDate),
        count(State::Failed)
    ));
    if let Some(merge) = &plan.merge {
        batch.merge(merge);
    }
    let stopped = progress.cancelled();
    batch.note(|status| status.state = if stopped { "interrupted" } else { "done" });
    batch.work.clear().map_err(failed)?;
    let Notes { status, unwritten, .. } = batch.notes.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(BatchOutcome { status, unwritten })
}

/// The status, and how it was last written.
pub(super) struct Notes {
    pub(super) status: BatchStatus,
    written: Instant,
    unwritten: Option<io::Error>,
}

/// A batch while it runs.
pub(super) struct Batch<'a> {
    pub(super) plan: &'a Plan,
    options: &'a BatchOptions,
    pub(super) work: Work,
    pub(super) queue: Queue,
    notes: Mutex<Notes>,
    pub(super) progress: &'a dyn Progress,
    pub(super) tell: &'a (dyn Fn(&str) + Sync),
}

impl Batch<'_> {
    fn work_off(&self) {
        while !self.progress.cancelled() {
            match self.queue.next() {
                Next::Nothing => return,
                Next::Wait => std::thread::sleep(LOOK),
                Next::Run(position) => {
                    let Some(region) = self.plan.regions.get(position) else { return };
                    let gave_way = self.region(position, region);
                    self.queue.ended(position, gave_way);
                    if !gave_way {
                        self.progress.advance(1);
                    }
                }
            }
        }
    }

    /// Runs a region unless it is up to date; true when it gave way to others and must be run again.
    pub(super) fn region(&self, position: usize, region: &RegionPlan) -> bool {
        self.change(position, |status| status.state = State::Running);
        let ended = self.scenario(region).and_then(|scenario| match self.up_to_date(region, &scenario) {
            Some(facts) => Ok(Some(Self::settled(region, State::UpToDate, &facts))),
            None => self.fresh_run(position, region, &scenario),
        });
        let status = match ended {
            Ok(Some(status)) => status,
            Ok(None) => {
                self.change(position, |status| *status = RegionStatus::waiting(&region.name));
                return true;
            }
            Err(error) => Self::failed(region, 2, format!("error: {error}; check free space and permissions")),
        };
        (self.tell)(&line(&status));
        self.change(position, |known| *known = status);
        false
    }

    /// The scenario of a region, made where settings are laid over it.
    fn scenario(&self, region: &RegionPlan) -> io::Result<PathBuf> {
        match &region.source {
            Source::File(path) => Ok(path.clone()),
            Source::Layers(layers) => {
                let text = scenario_text(layers, &self.work.scenarios())?;
                self.work.keep_scenario(&region.name, &text)
            }
        }
    }

    fn up_to_date(&self, region: &RegionPlan, scenario: &Path) -> Option<Facts> {
        let facts = fresh(&self.work.path(&region.folder), MANIFEST, scenario, self.options.lenient)?;
        let other = if self.options.parquet { "costs.csv" } else { "costs.parquet" };
        facts.json().pointer("/outputs").is_some_and(|outputs| outputs.get(other).is_none()).then_some(facts)
    }

    /// Runs a region in a process of its own; `None` when it gave way.
    fn fresh_run(&self, position: usize, region: &RegionPlan, scenario: &Path) -> io::Result<Option<RegionStatus>> {
        let making = self.work.making_of(&region.folder);
        let log = Work::log(&region.name);
        let log_path = self.work.path(&log);
        let mut verdict = Verdict::GoOn;
        let run =
            child::run(&self.options.program, &self.arguments(scenario, &making), &log_path, |now, took, peak| {
                verdict = self.queue.holds(position, now.unwrap_or(0));
                self.news(position, took, peak);
                verdict == Verdict::GoOn && !self.progress.cancelled()
            })?;
        let code = match (&run.ended, verdict) {
            (Ended::Stopped, Verdict::GiveWay) if !self.progress.cancelled() => {
                remove(&making)?;
                return Ok(None);
            }
            (Ended::Exited(status), _) => status.code(),
            (Ended::Stopped, _) => None,
        };
        let mut status = match code {
            Some(code) if WITH_RESULTS.contains(&code) => self.publish(region, &making)?,
            Some(130) => Self::state(region, State::Interrupted),
            Some(code) => {
                let told = child::error_in(&log_path);
                Self::failed(region, code, told.unwrap_or_else(|| format!("error: it ended with exit code {code}")))
            }
            None if self.progress.cancelled() => Self::state(region, State::Interrupted),
            None if verdict == Verdict::TooLarge => {
                let most = self.options.most_bytes.unwrap_or(0) >> 20;
                Self::failed(
                    region,
                    2,
                    format!("error: alone it takes more than the {most} MiB of --memory-mib; raise it"),
                )
            }
            None => {
                let how = if let Ended::Exited(status) = run.ended { status.to_string() } else { String::new() };
                let why = if child::is_silent(&log_path) { "" } else { "; its log may tell more" };
                let advice = "the system may be short of memory: try fewer --jobs";
                Self::failed(region, 2, format!("error: the run was ended ({how}); {advice}{why}"))
            }
        };
        remove(&making)?;
        status.seconds = Some(run.seconds);
        status.peak_memory_bytes = run.peak;
        status.log = Some(log);
        Ok(Some(status))
    }

    fn arguments(&self, scenario: &Path, making: &Path) -> Vec<OsString> {
        let threads = (self.options.threads / self.options.jobs.max(1)).max(1);
        let format = if self.options.parquet { "parquet" } else { "csv" };
        let mut arguments: Vec<OsString> = vec!["run".into(), scenario.into(), "--output".into(), making.into()];
        let fixed = ["--quiet", "--stop-with-stdin", "--log-format", "text", "--format", format, "--threads"];
        arguments.extend(fixed.map(OsString::from));
        arguments.push(threads.to_string().into());
        arguments.extend(self.options.lenient.then(|| OsString::from("--lenient")));
        arguments
    }

    /// Lets results appear, unless the user stopped the award they hold.
    fn publish(&self, region: &RegionPlan, making: &Path) -> io::Result<RegionStatus> {
        let Some(facts) = Facts::read(&making.join(MANIFEST)) else {
            return Ok(Self::failed(
                region,
                70,
                "error: the run wrote no manifest; please report this as a bug".into(),
            ));
        };
        if facts.interrupted() {
            return Ok(Self::state(region, State::Interrupted));
        }
        self.work.publish(&region.folder)?;
        Ok(Self::settled(region, State::Done, &facts))
    }

    fn state(region: &RegionPlan, state: State) -> RegionStatus {
        RegionStatus { state, ..RegionStatus::waiting(&region.name) }
    }

    fn settled(region: &RegionPlan, state: State, facts: &Facts) -> RegionStatus {
        let (exit_code, counts) = (Some(facts.exit_code()), Some(Counts::of(facts)));
        RegionStatus { exit_code, counts, ..Self::state(region, state) }
    }

    fn failed(region: &RegionPlan, code: i32, error: String) -> RegionStatus {
        RegionStatus { exit_code: Some(code), error: Some(error), ..Self::state(region, State::Failed) }
    }

    fn change(&self, position: usize, change: impl FnOnce(&mut RegionStatus)) {
        self.note(|status| {
            if let Some(region) = status.at(position) {
                change(region);
            }
        });
    }

    /// Changes the status and writes it.
    pub(super) fn note(&self, change: impl FnOnce(&mut BatchStatus)) {
        let mut notes = self.notes();
        change(&mut notes.status);
        self.write(&mut notes);
    }

    /// Notes how long a region has been running, and writes that now and then.
    fn news(&self, position: usize, seconds: f64, peak: Option<u64>) {
        let mut notes = self.notes();
        if let Some(region) = notes.status.at(position) {
            (region.seconds, region.peak_memory_bytes) = (Some(seconds), peak);
        }
        if notes.written.elapsed() >= NEWS {
            self.write(&mut notes);
        }
    }

    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, notes: &mut Notes) {
        let written = write_atomically(&self.work.status(), |out| {
            serde_json::to_writer_pretty(&mut *out, &notes.status).map_err(io::Error::from)?;
            io::Write::write_all(out, b"\n")
        });
        notes.written = Instant::now();
        if let Err(error) = written {
            notes.unwritten.get_or_insert(error);
        }
    }
}

/// A region's end in a line.
pub(super) fn line(status: &RegionStatus) -> String {
    let took = status.seconds.map_or_else(String::new, |seconds| format!(", {seconds:.1} s"));
    let error = status.error.as_deref().and_then(|error| error.lines().next());
    format!("{}: {}{took}{}", status.name, status.state.word(), error.map_or_else(String::new, |e| format!(": {e}")))
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
