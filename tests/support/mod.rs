//! What several integration tests share.

#![allow(dead_code, unreachable_pub, clippy::print_stdout, clippy::unwrap_used)]

pub mod dimacs;
pub mod fixture;
pub mod shared;
