//! A carrier's bid desk: what each delivery unit costs it to serve, what to bid there, and which units to bid for together.
//!
//! [`Plan`] fixes who quotes, which volumes go where and by when; [`serve`] what direct trips cost at low, planned and high volume;
//! [`assign`] from which hub each unit is served under the limits of hubs and fleets, at least cost. With the routes of the hubs
//! ([`crate::routes::day`]) follow [`neighbours`], [`bundles`], and what is worth bidding ([`offers`]); [`tornado`] bends volume, fuel and wage.
//!
//! Invariants: every amount is an integer; a price is what is left of the alternative, rounded down, so that no bid costs
//! more than what it replaces; lines of a bundle bear its joint cost to the micro-dollar.

pub mod assign;
mod bids;
mod break_even;
mod bundles;
mod error;
mod neighbours;
mod offer;
mod plan;
mod serve;
mod tornado;

pub use bids::{BidRow, bids, ranked};
pub use break_even::{least_lasting_volume, price};
pub use bundles::{Bundle, BundleLine, Bundler, bundles};
pub use error::QuoteError;
pub use neighbours::{Neighbour, lone_route, neighbours};
pub use offer::{Alternative, Offer, OnRoutes, Verdict, alternative, offers};
pub use plan::{Plan, UnitPlan};
pub use serve::{Reach, Served, ServedCase, VolumeCase, WhyNotServed, serve};
pub use tornado::{Factor, Swing, tornado};
