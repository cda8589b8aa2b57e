//! Hubs × DDUs: money, metres, seconds and tolls of one and the same best path, outbound and return, or the reason
//! why there is none.

pub mod fast;
mod table;

pub use table::{Leg, Matrix, NoPath, PathTotals};
