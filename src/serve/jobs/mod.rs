//! Long work: it is posted, waits its turn, tells how far it is, can be stopped, and leaves files to fetch.
//!
//! A job is a folder of its own: what was posted beside links to what is served ([`base`], [`posted`]), and what came out
//! ([`work`]). The newest finished jobs are kept; the folder of one that goes is removed.

mod base;
pub(super) mod http;
mod posted;
mod progress;
mod state;
mod work;

pub(super) use base::Base;
pub(super) use posted::{Kind, Posted};

use super::error::ApiError;
use super::options::Options;
use super::world::World;
use axum::http::StatusCode;
use progress::JobProgress;
use state::{Outcome, State};
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Finished jobs that are kept.
const KEPT: usize = 32;

/// A job.
pub(super) struct Job {
    id: String,
    kind: Kind,
    progress: JobProgress,
    /// Taken when it begins.
    posted: Mutex<Option<Posted>>,
    state: Mutex<State>,
}

/// All jobs there are.
pub(super) struct Jobs {
    all: Mutex<Vec<Arc<Job>>>,
    queue: SyncSender<Arc<Job>>,
    time: Duration,
    keys: [RandomState; 2],
}

/// Where threads take jobs from.
pub(super) struct JobQueue(Mutex<Receiver<Arc<Job>>>);

impl Jobs {
    pub(super) fn new(options: &Options) -> (Self, JobQueue) {
        let (queue, jobs) = sync_channel(options.waiting_jobs);
        let keys = [RandomState::new(), RandomState::new()];
        (Self { all: Mutex::default(), queue, time: options.job_time, keys }, JobQueue(Mutex::new(jobs)))
    }

    fn all(&self) -> MutexGuard<'_, Vec<Arc<Job>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new job, which waits for its turn.
    fn submit(&self, posted: Posted) -> Result<Arc<Job>, ApiError> {
        let mut all = self.all();
        let job = Arc::new(Job {
            id: self.new_id(&all),
            kind: posted.kind,
            progress: JobProgress::new(self.time),
            posted: Mutex::new(Some(posted)),
            state: Mutex::new(State::Queued),
        });
        let full = |_| {
            let message = "as many jobs wait as may; try again later, or raise --max-waiting-jobs";
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "TooManyJobs", message)
        };
        self.queue.try_send(Arc::clone(&job)).map_err(full)?;
        while all.iter().filter(|job| job.state().is_over()).count() >= KEPT {
            let Some(oldest) = all.iter().position(|job| job.state().is_over()) else { break };
            all.remove(oldest);
        }
        all.push(Arc::clone(&job));
        Ok(job)
    }

    /// Ids are not to be guessed: whoever knows one may read the job's files.
    fn new_id(&self, all: &[Arc<Job>]) -> String {
        let mut number = all.len() as u64;
        loop {
            let id: String = self.keys.each_ref().map(|key| format!("{:016x}", keyed(key, number, all))).concat();
            if all.iter().all(|job| job.id != id) {
                return id;
            }
            number += 1;
        }
    }

    fn get(&self, id: &str) -> Result<Arc<Job>, ApiError> {
        let found = self.all().iter().find(|job| job.id == id).map(Arc::clone);
        found.ok_or_else(|| ApiError::not_found("there is no such job, or no longer"))
    }

    fn remove(&self, id: &str) {
        self.all().retain(|job| job.id != id);
    }

    /// Asks all jobs to stop, and forgets those that wait.
    pub(super) fn stop(&self) {
        self.all().iter().for_each(|job| job.progress.abandon());
    }
}

/// A number that nobody knows beforehand, other for each job.
fn keyed(key: &RandomState, number: u64, all: &[Arc<Job>]) -> u64 {
    let mut hasher = key.build_hasher();
    hasher.write_u64(number);
    if let Some(last) = all.last() {
        hasher.write(last.id.as_bytes());
    }
    hasher.finish()
}

impl Job {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, world: &World<'_>) {
        let posted = self.posted.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(posted) = posted.filter(|_| !self.progress.is_abandoned()) else {
            *self.state() = State::Over(Outcome::Cancelled);
            return;
        };
        *self.state() = State::Running;
        self.progress.start();
        let work = || world.threads.install(|| work::run(&posted, world, &self.progress));
        let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Outcome::Failed(ApiError::bug()));
        *self.state() = State::Over(outcome);
    }
}

impl JobQueue {
    /// Does jobs until no more can come.
    pub(super) fn work(&self, world: &World<'_>) {
        loop {
            let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(job) = next else { return };
            job.run(world);
        }
    }
}
