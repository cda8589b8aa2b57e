//! How far a job is, and the wish to stop it.

use crate::progress::Progress;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Progress of one job.
pub(super) struct JobProgress {
    time: Duration,
    end: OnceLock<Instant>,
    abandoned: AtomicBool,
    done: AtomicU64,
    stages: Mutex<Stages>,
}

#[derive(Default)]
struct Stages {
    running: Option<(String, Option<u64>)>,
    over: Vec<(String, String)>,
}

impl JobProgress {
    pub(super) fn new(time: Duration) -> Self {
        let (end, abandoned, done) = (OnceLock::new(), AtomicBool::new(false), AtomicU64::new(0));
        Self { time, end, abandoned, done, stages: Mutex::default() }
    }

    /// From now on its time runs.
    pub(super) fn start(&self) {
        if let Some(end) = Instant::now().checked_add(self.time) {
            let _ = self.end.set(end);
        }
    }

    /// It is to stop, and its result is not wanted.
    pub(super) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Relaxed)
    }

    /// True when its time is over.
    pub(super) fn is_late(&self) -> bool {
        self.end.get().is_some_and(|end| Instant::now() > *end)
    }

    /// The stage that runs, with what is done of how much, and what came out of those before.
    pub(super) fn value(&self) -> Value {
        let stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        let over = stages.over.iter().map(|(stage, summary)| json!({"stage": stage, "summary": summary}));
        let running = stages
            .running
            .as_ref()
            .map(|(stage, total)| json!({"stage": stage, "done": self.done.load(Ordering::Relaxed), "total": total}));
        json!({"running": running, "over": over.collect::<Vec<_>>()})
    }
}

impl Progress for JobProgress {
    fn begin(&self, stage: &str, total: Option<u64>) {
        self.done.store(0, Ordering::Relaxed);
        self.stages.lock().unwrap_or_else(PoisonError::into_inner).running = Some((stage.to_owned(), total));
    }

    fn advance(&self, units: u64) {
        self.done.fetch_add(units, Ordering::Relaxed);
    }

    fn finish(&self, summary: &str) {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((stage, _)) = stages.running.take() {
            stages.over.push((stage, summary.to_owned()));
        }
    }

    fn cancelled(&self) -> bool {
        self.is_abandoned() || self.is_late()
    }

    fn abandoned(&self) -> bool {
        self.is_abandoned()
    }
}
