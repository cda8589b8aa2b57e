//! Closed roads and traffic: settings, weights, matrices, costs; the streamed matrix; what-if questions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    missing_docs,
    unreachable_pub,
    dead_code
)]

#[path = "../support/drawn.rs"]
mod drawn;
#[path = "../support/fixture.rs"]
mod fixture;
#[path = "../support/shared.rs"]
mod shared;
#[path = "../support/tiny_scenario.rs"]
mod tiny_scenario;

mod closed;
mod extracts;
mod findings;
mod hauls;
mod speeds;
mod tiles;
mod towns;
mod what_if;
