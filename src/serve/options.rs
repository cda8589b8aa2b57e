//! What the server grants.

use std::time::Duration;

/// Limits. What exceeds one is refused with a message that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Coordinates of an OSRM request.
    pub coordinates: usize,
    /// Cells of a posted matrix: hubs × units × vehicle classes × departures.
    pub cells: u64,
    /// Jobs that run at once.
    pub jobs: usize,
    /// Jobs that wait.
    pub waiting_jobs: usize,
    /// Time for a request, its body included.
    pub request_time: Duration,
    /// Time for a job; an award ends with the best found so far.
    pub job_time: Duration,
    /// Open connections.
    pub connections: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            body_bytes: 64 << 20,
            coordinates: 1_000,
            cells: 20_000_000,
            jobs: 1,
            waiting_jobs: 16,
            request_time: Duration::from_secs(30),
            job_time: Duration::from_secs(3_600),
            connections: 512,
        }
    }
}
