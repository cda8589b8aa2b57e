//! What several integration tests share.

#![allow(dead_code, unreachable_pub, clippy::print_stdout)]

pub mod fixture;
pub mod shared;
