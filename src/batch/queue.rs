//! Which region runs next, and which gives way when memory is short.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a worker does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Runs a region, by its position.
    Run(usize),
    /// Looks again later.
    Wait,
    /// Ends.
    Nothing,
}

/// What a running region does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Goes on.
    GoOn,
    /// Ends, and runs later without others beside it.
    GiveWay,
    /// Ends: alone it takes more than there may be.
    TooLarge,
}

/// Regions that wait and run.
pub(super) struct Queue {
    lines: Mutex<Lines>,
    most_bytes: Option<u64>,
}

#[derive(Default)]
struct Lines {
    waiting: VecDeque<usize>,
    /// These gave way: each runs without others.
    alone: VecDeque<usize>,
    /// In the order they were started, with bytes in memory.
    running: Vec<(usize, u64)>,
    one_runs_alone: bool,
}

impl Queue {
    /// All regions wait; together they may have `most_bytes` in memory.
    pub(super) fn new(regions: usize, most_bytes: Option<u64>) -> Self {
        let lines = Lines { waiting: (0..regions).collect(), ..Lines::default() };
        Self { lines: Mutex::new(lines), most_bytes }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next region for a worker that is free.
    pub(super) fn next(&self) -> Next {
        let mut lines = self.lines();
        if lines.one_runs_alone {
            return Next::Wait;
        }
        if let Some(region) = lines.waiting.pop_front() {
            lines.running.push((region, 0));
            return Next::Run(region);
        }
        if !lines.running.is_empty() {
            // One of them may give way.
            return if self.most_bytes.is_some() { Next::Wait } else { Next::Nothing };
        }
        let Some(region) = lines.alone.pop_front() else { return Next::Nothing };
        lines.running.push((region, 0));
        lines.one_runs_alone = true;
        Next::Run(region)
    }

    /// Notes that a region runs whose turn was not taken here: all others have ended.
    pub(super) fn begin(&self, region: usize) {
        self.lines().running.push((region, 0));
    }

    /// Notes the memory of a region that runs.
    pub(super) fn holds(&self, region: usize, bytes: u64) -> Verdict {
        let mut lines = self.lines();
        if let Some(entry) = lines.running.iter_mut().find(|entry| entry.0 == region) {
            entry.1 = bytes;
        }
        let all: u64 = lines.running.iter().map(|entry| entry.1).sum();
        if self.most_bytes.is_none_or(|most| all <= most) {
            Verdict::GoOn
        } else if lines.running.len() == 1 {
            Verdict::TooLarge
        } else if lines.running.last().is_some_and(|last| last.0 == region) {
            Verdict::GiveWay
        } else {
            Verdict::GoOn
        }
    }

    /// A region has ended; `again` if it gave way.
    pub(super) fn ended(&self, region: usize, again: bool) {
        let mut lines = self.lines();
        lines.running.retain(|entry| entry.0 != region);
        if lines.running.is_empty() {
            lines.one_runs_alone = false;
        }
        if again {
            lines.alone.push_back(region);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_come_in_their_order() {
        let queue = Queue::new(2, None);
        assert_eq!([queue.next(), queue.next(), queue.next()], [Next::Run(0), Next::Run(1), Next::Nothing]);
        assert_eq!(queue.holds(0, u64::MAX / 2), Verdict::GoOn);
    }

    #[test]
    fn the_youngest_gives_way_and_runs_alone() {
        let queue = Queue::new(3, Some(100));
        assert_eq!([queue.next(), queue.next()], [Next::Run(0), Next::Run(1)]);
        assert_eq!(queue.holds(0, 60), Verdict::GoOn);
        assert_eq!(queue.holds(1, 60), Verdict::GiveWay);
        assert_eq!(queue.holds(0, 61), Verdict::GoOn);
        queue.ended(1, true);
        assert_eq!(queue.next(), Next::Run(2));
        assert_eq!(queue.next(), Next::Wait);
        queue.ended(2, false);
        queue.ended(0, false);
        assert_eq!([queue.next(), queue.next()], [Next::Run(1), Next::Wait]);
        assert_eq!(queue.holds(1, 100), Verdict::GoOn);
        assert_eq!(queue.holds(1, 101), Verdict::TooLarge);
        queue.ended(1, false);
        assert_eq!(queue.next(), Next::Nothing);
    }
}
