//! How a long stage tells what it does and learns that it should stop.
//!
//! Algorithms never print and never look at a clock; they report to this trait, which the command line implements
//! with progress bars and Ctrl-C.

/// Receives progress and carries the wish to stop. Calls come from several threads.
pub trait Progress: Sync {
    /// A stage starts; `total` units of work are expected where that is known.
    fn begin(&self, stage: &str, total: Option<u64>);
    /// So many units of work are done since the last call.
    fn advance(&self, units: u64);
    /// The stage is over; one line that says what came out.
    fn finish(&self, summary: &str);
    /// True when the user asked to stop; stages look at it between units of work.
    fn cancelled(&self) -> bool {
        false
    }
    /// From here on work that is asked to stop ends soon and with a result, so nothing need end it by force.
    fn ends_with_result(&self) {}
    /// True when the user asked to stop and does not want the result either.
    fn abandoned(&self) -> bool {
        false
    }
}

/// Says nothing and never stops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _units: u64) {}
    fn finish(&self, _summary: &str) {}
}

/// Passes on the wish to stop and nothing else: for work inside a stage that tells its own progress.
pub struct Quiet<'a>(pub &'a dyn Progress);

impl Progress for Quiet<'_> {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _units: u64) {}
    fn finish(&self, _summary: &str) {}
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
    fn abandoned(&self) -> bool {
        self.0.abandoned()
    }
}
