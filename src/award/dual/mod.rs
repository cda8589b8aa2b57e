//! Winner determination at national scale.
mod block;
mod bound;
mod descent;
mod incumbent;
mod links;
mod prices;
mod problem;
mod proof;
mod recreate;
mod repair;
mod search;
mod share;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::print_stdout)]
mod tests;

pub(crate) use search::solve;
