//! The map stage: decoding against another reader, damaged files, and the way from elements to an extract.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

#[path = "../support/shared.rs"]
mod shared;

mod oracle;
