//! From a scenario's volumes to the routes of a day, hub by hub, and what each stop of them costs.
//!
//! [`orders`](self::awarded) become stops of their hubs ([`by_hub`]); with the [`ClassLegs`] among hub and units each hub is
//! a [`HubCase`], a problem of its own. Routes of all hubs meet at the docks ([`Docks`]), where slots are given out hub by
//! hub ([`plan_day`]). A plan's cost is told in three ways ([`StopCost`]): direct trips, marginal, and allocated.
//!
//! Invariants: every visit begins in its window, at a dock with a free slot, on a vehicle that may dock there and carries no
//! more than it can; all that is not brought is listed with its reason; money of parts sums to the whole.

mod case;
mod docks;
mod legs;
mod orders;
mod plan;
mod priced;
mod search;
mod shares;
mod stop_costs;
mod timetable;

pub use case::{CaseClass, HubCase, TimedRoute, Visit};
pub use docks::Docks;
pub use legs::{ClassLegs, StopSet};
pub use orders::{HubStops, Order, Planned, Stop, WhyNot, awarded, by_hub, planned};
pub use plan::{HubDay, NotBrought, plan_day};
pub use priced::{Item, ItemRoute, PayingRoutes, PricedHub, comes_in_parts};
pub use search::DayError;
pub use shares::{Shares, proportional, shapley};
pub use stop_costs::{CostTotals, StopCost, StopShare, stop_costs, stop_shares};
pub use timetable::timetable;
