//! Milk runs of one depot: which vehicles bring the volumes to their docks, in which order, at least cost.
//!
//! A [`Problem`] is a depot (a hub), vehicle classes, stops with demands and windows, and legs between them for each class. A
//! [`Plan`] is a set of routes. [`schedule`] is the one place where a route is timed and priced. Everything that decides is an integer: milliseconds, micro-dollars, pieces.
//!
//! What is solved is the heterogeneous fleet vehicle routing problem with time windows, site dependencies, route duration and
//! open routes (Toth and Vigo, *Vehicle Routing*, 2nd ed., SIAM 2014, chapters 5 and 9).

mod error;
mod plan;
mod problem;
mod schedule;

pub use error::{ProblemError, RouteFault};
pub use plan::{Plan, PlanCost, Route, Unserved, UnservedReason, Visit};
pub use problem::{Dock, Leg, LegTable, Problem, ReturnRule, RouteClass, Stop};
pub use schedule::{Schedule, StopTimes, schedule};
