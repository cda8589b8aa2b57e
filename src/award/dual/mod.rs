//! Winner determination at national scale: decomposition by unit.
//!
//! ```text
//! problem      offers and rules cut into a block per unit; rules over several units link blocks
//! prices       a price per linking rule, each package's value dealt out over its units → reduced values, in integers
//! block        one unit solved exactly            bound    all units solved: no award is worth more
//! fill         ways to fill what a choice leaves
//! share        dealing out, package by package    links    prices of linking rules
//! charges      minimum volumes of bidders who may win or lose
//! descent      rounds of all of them until the bound stands still
//! incumbent    packages in or out, blocks solved beside them   recreate   packages exchanged   repair   whole pieces
//! columns      choices and packages as columns of HiGHS
//! master       the best award of good choices of every unit, by HiGHS; a proof where all good choices are listed
//! search       branching over minimum volumes     proof    what may still be better goes to HiGHS
//! certificate  prices and shares, from which the bound can be worked out again
//! ```
//! The dual is a Lagrangian one (Geoffrion 1974). Dealing out by max-marginals is block-coordinate descent as in
//! Globerson and Jaakkola (2007); wide rules take Polyak's subgradient steps. Limits are rounds and nodes, never seconds;
//! blocks and packages that share no unit are treated in parallel and summed in order, so threads change nothing.

mod block;
mod bound;
mod certificate;
mod charges;
mod columns;
mod descent;
mod fill;
mod incumbent;
mod links;
mod master;
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

pub(crate) use certificate::Leaf;
pub(crate) use search::solve;
