//! The program as its users meet it: exit codes, files, findings, signals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, unreachable_pub)]

mod cats;
mod conditions;
mod costs;
mod day_routes;
mod ddus;
mod exits;
mod findings;
mod interrupt;
mod money;
#[path = "../support/page.rs"]
mod page;
mod place;
mod points;
mod policy;
mod reasons;
mod quote;
mod report;
mod route;
mod routes;
mod same_bytes;
mod stages;
mod trucks;
mod verify;
mod what_if;
