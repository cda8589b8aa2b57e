//! Routes that pay at given prices, for callers that have a programme of their own.

use super::ExactOptions;
use super::generate::{near_sets, price};
use super::prices::Prices;
use super::set::{MOST_POINTS, Set};
use crate::routes::net::Net;
use crate::units::MicroDollars;

/// A route over points of a net.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PricedRoute {
    /// In the order of driving; with ng-routes a point may come again.
    pub(crate) points: Vec<usize>,
    /// Exact.
    pub(crate) cost: MicroDollars,
}

/// What pays at some prices.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paying {
    /// The best route to each last stop that costs less than its prices, best first, class by class.
    pub(crate) routes: Vec<PricedRoute>,
    /// No route costs less than its prices by more than this; `None` when that was not worked out.
    pub(crate) loss: Option<MicroDollars>,
}

/// True when a net is small enough to be priced.
pub(crate) const fn can_price(net: &Net) -> bool {
    net.points <= MOST_POINTS
}

/// Routes that cost less than the prices of their points and visit only one point of a line (by point, the depot's is its own), in micro-dollars by point (the depot's is not read). With `exact` the loss
/// is proven, or `None` after as many labels as the options allow.
pub(crate) fn paying(net: &Net, lines: &[usize], prices: &[i64], exact: bool, options: ExactOptions) -> Paying {
    let prices = Prices { scale: 1, points: prices.to_vec(), classes: vec![0; net.classes.len()] };
    let of_line = |line: usize| {
        let points = lines.iter().enumerate().filter(|(_, other)| **other == line);
        points.fold(Set::default(), |set, (point, _)| set.with(point))
    };
    let same: Vec<Set> = lines.iter().map(|line| of_line(*line)).collect();
    let runs = price(net, &prices, [&near_sets(net, &same), &same], options.labels, exact);
    let mut paying = Paying { routes: Vec::new(), loss: None };
    let mut least = Some(0);
    for (run, class) in runs.iter().zip(&net.classes) {
        let of_class = run.least - prices.rounding(class);
        least = least.filter(|_| exact && run.complete).map(|least: i64| least.min(of_class));
        paying.routes.extend(run.routes.iter().filter_map(|route| {
            Some(PricedRoute { points: route.points.clone(), cost: MicroDollars(class.route_cost(&route.points)?) })
        }));
    }
    paying.loss = least.map(|least| MicroDollars(-least));
    paying
}
