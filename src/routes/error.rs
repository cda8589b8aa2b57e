//! What can be wrong with a problem, and with a route.

/// Why a [`Problem`](super::Problem) cannot be made of its parts. Positions are those of the vectors handed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// No vehicle class at all.
    #[error("no vehicle class")]
    NoClass,
    /// There must be a table of legs for each class, and a dock entry for each class at each stop.
    #[error("{what}: {found} entries where {expected} are needed")]
    Shape {
        /// Which vector.
        what: String,
        /// Its length.
        found: usize,
        /// The length it needs.
        expected: usize,
    },
    /// A number lies outside what the engine computes with.
    #[error("{what} is {value}; allowed: {least} to {most}")]
    Range {
        /// Which number.
        what: String,
        /// Its value.
        value: i64,
        /// Least allowed value.
        least: i64,
        /// Greatest allowed value.
        most: i64,
    },
    /// The window ends before it begins.
    #[error("stop {stop}: the window ends at {due} ms, before it begins at {ready} ms")]
    Window {
        /// Position of the stop.
        stop: usize,
        /// Begin of the window.
        ready: u32,
        /// End of the window.
        due: u32,
    },
}

/// Why a sequence of visits is not a route of its class. The first fault along the route is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RouteFault {
    /// The class does not exist, or a stop does not, or there is no stop.
    #[error("no such class or stop, or no stop at all")]
    Malformed,
    /// The class may not dock at a stop.
    #[error("the class may not dock at stop {stop}")]
    NoDock {
        /// Position of the stop.
        stop: usize,
    },
    /// There is no way from one point to the next (0 is the depot, stop `s` is `s + 1`).
    #[error("no leg from point {from} to point {to}")]
    NoLeg {
        /// Where the leg starts.
        from: usize,
        /// Where it ends.
        to: usize,
    },
    /// More pieces than the class carries.
    #[error("{load} pieces exceed the capacity")]
    Capacity {
        /// Pieces aboard at the start.
        load: u64,
    },
    /// Even the earliest departure is too late for a stop's window.
    #[error("stop {stop} is reached {late} ms after its window")]
    Late {
        /// Position of the stop.
        stop: usize,
        /// Milliseconds beyond the window.
        late: i64,
    },
    /// The vehicle is back after the depot closes.
    #[error("the vehicle is back {late} ms too late")]
    BackLate {
        /// Milliseconds beyond the limit.
        late: i64,
    },
    /// Every departure makes the duty longer than its limit.
    #[error("the duty exceeds its limit by {over} ms")]
    Duty {
        /// Milliseconds beyond the limit.
        over: i64,
    },
    /// The route's money does not fit.
    #[error("the money of the route does not fit")]
    Overflow,
}
