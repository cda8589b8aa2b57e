//! Settings of vehicle routes: `[routes]` of `scenario.toml`.

use crate::units::Millis;

/// Which of a stop's costs on the routes a bid's injection cost is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RouteCost {
    /// Its Shapley value among the stops of its hub: what it adds, on average over the orders in which stops may come.
    #[default]
    Shapley,
    /// The share of the hub's cost that its direct trips have in all direct trips.
    Proportional,
    /// What the hub's routes cost less without it.
    Marginal,
}

impl RouteCost {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Shapley, Self::Proportional, Self::Marginal];

    /// The word used in `scenario.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Shapley => "shapley",
            Self::Proportional => "proportional",
            Self::Marginal => "marginal",
        }
    }
}

/// How vehicles may be routed, and how hard routes are sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteSettings {
    /// Longest driving of a driver in a route. Default 11 hours, the limit of property-carrying drivers in
    /// 49 CFR 395.3(a)(3)(i).
    pub driving_limit: Millis,
    /// Longest time on duty, from leaving the hub to the end of the duty. Default 14 hours, the window of
    /// 49 CFR 395.3(a)(2).
    pub duty_limit: Millis,
    /// Whether the way back to the hub counts as driving and duty.
    pub return_counts: bool,
    /// Iterations of the search for a hub's routes.
    pub iterations: u32,
    /// Labels of one pricing or enumeration in the proof of a hub's routes; 0 leaves the proof out.
    pub labels: u32,
    /// Orders of stops that are drawn for each hub to estimate Shapley values.
    pub samples: u32,
    /// The cost that a bid bears in a route-aware award.
    pub award_cost: RouteCost,
    /// Rounds of a route-aware award.
    pub award_rounds: u32,
}

impl Default for RouteSettings {
    fn default() -> Self {
        Self {
            driving_limit: Millis(11 * 3_600_000),
            duty_limit: Millis(14 * 3_600_000),
            return_counts: true,
            iterations: 20_000,
            labels: 200_000,
            samples: 32,
            award_cost: RouteCost::default(),
            award_rounds: 6,
        }
    }
}
