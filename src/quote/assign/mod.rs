//! From which hub each unit is served: all of its pieces by one class of one hub, within what hubs load and what fleets drive.
//!
//! As many pieces as possible are served, and that at least cost: a generalised assignment problem with several resources (Martello and Toth,
//! *Knapsack Problems*, 1990, chapter 7). Where every unit's cheapest choice fits there is nothing to decide. Else HiGHS
//! decides, first which pieces can be served, then at what cost; what it chose is evaluated again in integers, and its bound
//! is rounded outward by [`Assignment::tolerance`].

mod limits;
mod model;
mod solve;

pub use limits::{LimitKind, LimitPrice, limit_prices};
pub use model::{AssignProblem, AssignUnit, Choice, Limits};
pub use solve::{AssignStatus, Assignment, assign};
