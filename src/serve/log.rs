//! What is told about requests: never what they hold.

use std::time::Duration;

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct RequestLine {
    /// Method.
    pub method: String,
    /// The route's pattern, such as `/v1/jobs/{id}`: neither coordinates nor ids.
    pub route: String,
    /// Status.
    pub status: u16,
    /// From the head of the request to the head of the answer.
    pub took: Duration,
}

/// Receives what is to be told.
pub trait Log: Sync {
    /// The server answers under this address.
    fn listening(&self, address: &str);
    /// A request was answered.
    fn request(&self, line: &RequestLine);
    /// Something to know.
    fn say(&self, text: &str);
}
