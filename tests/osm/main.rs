//! The map stage: decoding against another reader, damaged files, and the way from elements to an extract.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs, unreachable_pub)]

#[path = "../support/shared.rs"]
mod shared;

mod assembling;
mod encode;
mod errors;
mod hostile;
mod oracle;
mod post_offices;
mod random_maps;
mod small_files;
