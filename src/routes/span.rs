//! What a stretch of a route does to time, in three numbers.
//!
//! A vehicle that begins service at the first stop of a stretch at `b` begins it at the last at `max(earliest_end, b + pure)`, and
//! no window is missed as long as `b ≤ latest_start`. Two stretches join in constant time (Vidal, Crainic, Gendreau, Prins,
//! *Computers & Operations Research* 40, 2013, section 4.2, without time warp). The least time from first to last begin is
//! `max(pure, earliest_end - latest_start)`; the difference to `pure` is waiting that no departure avoids. It is the same rule as
//! [`schedule`](super::schedule)'s, and tests compare both.

/// Times beyond this mean "never".
pub(crate) const NEVER: i64 = 1 << 50;

/// A stretch of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// Begin at the last point when the first is begun as early as its window allows.
    pub(crate) earliest_end: i64,
    /// Driving and service between the first begin and the last, without waiting.
    pub(crate) pure: i64,
    /// Latest begin at the first point that misses no window.
    pub(crate) latest_start: i64,
}

impl Span {
    /// One stop with its window.
    pub(crate) const fn stop(ready: i64, due: i64) -> Self {
        Self { earliest_end: ready, pure: 0, latest_start: due }
    }

    /// The depot: leaving from a time on.
    pub(crate) const fn depot(leave_from: i64) -> Self {
        Self { earliest_end: leave_from, pure: 0, latest_start: NEVER }
    }

    /// This stretch, then so much time from its last begin, then the next stretch.
    pub(crate) fn then(self, time: i64, next: Self) -> Self {
        Self {
            earliest_end: next.earliest_end.max(self.earliest_end + time + next.pure),
            pure: self.pure + time + next.pure,
            latest_start: self.latest_start.min(next.latest_start - time - self.pure),
        }
    }

    /// True when the next stretch can follow without missing a window; both must be feasible by themselves.
    pub(crate) fn meets(&self, time: i64, next: &Self) -> bool {
        self.earliest_end + time <= next.latest_start
    }

    /// Waiting that no departure avoids.
    pub(crate) fn waiting(&self) -> i64 {
        (self.earliest_end - self.latest_start - self.pure).max(0)
    }

    /// Least time from the first begin to the last.
    pub(crate) fn duration(&self) -> i64 {
        self.pure + self.waiting()
    }
}
