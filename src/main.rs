//! The `ddu` command.

fn main() {}
