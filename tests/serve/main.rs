//! `ddu serve` as its clients meet it: the program runs, and is talked to over loopback.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, unreachable_pub)]

mod hostile;
mod jobs;
mod osrm;
mod page;
mod posted;
mod server;
mod stopping;
