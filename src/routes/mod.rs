//! Milk runs of one depot: which vehicles bring the volumes to their docks, in which order, at least cost.
//!
//! A [`Problem`] is a depot (a hub), vehicle classes, stops with demands and windows, and legs between them for each class. A
//! [`Plan`] is a set of routes. [`schedule`] is where a route of a problem is timed and priced. Everything that decides is an
//! integer: milliseconds, micro-dollars, pieces. [`day`] makes problems of a scenario's volumes, and of their plans a day of
//! all hubs at shared docks, with what each stop costs.
//!
//! What is solved is the heterogeneous fleet vehicle routing problem with time windows, site dependencies, route duration and
//! open routes (Toth and Vigo, *Vehicle Routing*, 2nd ed., SIAM 2014, chapters 5 and 9).

mod check;
pub mod day;
mod error;
mod exact;
mod instance;
mod net;
mod plan;
mod problem;
mod schedule;
mod search;
mod solve;
mod span;
mod split;

pub use check::{Violation, violations};
pub use error::{ProblemError, RouteFault};
pub use exact::{ExactError, ExactOptions};
pub use instance::{BestKnown, Instance, InstanceDefect, Rounding, parse_best_known};
pub use plan::{Plan, PlanCost, Route, Unserved, UnservedReason, Visit};
pub use problem::{Dock, Leg, LegTable, Problem, ReturnRule, RouteClass, Stop};
pub use schedule::{Schedule, StopTimes, schedule};
pub use search::SearchOptions;
pub use solve::{Answer, SolveError, SolveOptions, solve};
