//! Dual prices as integers, and reduced costs in a unit fine enough for them.

use crate::routes::net::{CLOSED, ClassNet, Net};

/// Scaled sums stay below this.
const MOST: i64 = 1 << 50;
/// Finest unit: a millionth of a micro-dollar.
const FINEST: i64 = 1_000_000;

/// Prices of stops and vehicles. All money is `scale` times micro-dollars.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    pub(super) scale: i64,
    /// Price of serving a point; 0 for the depot.
    pub(super) points: Vec<i64>,
    /// Price of a vehicle of each class, at most 0.
    pub(super) classes: Vec<i64>,
}

impl Prices {
    /// The finest scale at which what a problem costs fits.
    pub(super) fn scale_for(net: &Net) -> i64 {
        let most = net.penalty().saturating_mul(2);
        let mut scale = FINEST;
        while scale > 1 && most.saturating_mul(scale) > MOST {
            scale /= 10;
        }
        scale
    }

    /// Reduced cost of an arc; none where it is closed. Leaving the depot bears the vehicle's price.
    pub(super) fn arc(&self, class: usize, net: &ClassNet, from: usize, to: usize) -> Option<i64> {
        let cost = net.cost(from, to);
        if cost >= CLOSED {
            return None;
        }
        let price = self.points.get(to).copied().unwrap_or(0);
        let vehicle = if from == 0 { self.classes.get(class).copied().unwrap_or(0) } else { 0 };
        Some(cost * self.scale - price - vehicle)
    }

    /// Reduced cost of a route whose cost is known.
    pub(super) fn route(&self, class: usize, points: &[usize], cost: i64) -> i64 {
        let prices: i64 = points.iter().map(|p| self.points.get(*p).copied().unwrap_or(0)).sum();
        cost * self.scale - prices - self.classes.get(class).copied().unwrap_or(0)
    }

    /// How far below its label's cost a route's reduced cost may be: waiting is rounded once a route.
    pub(super) fn rounding(&self, net: &ClassNet) -> i64 {
        if net.waiting_per_hour > 0 { self.scale / 2 + 1 } else { 0 }
    }

    /// Prices of all stops, less what the vehicles that there are may save: with reduced costs from 0 a lower bound.
    pub(super) fn base(&self, net: &Net) -> i64 {
        let vehicles = net.classes.iter().zip(&self.classes).map(|(class, price)| routes_at_most(net, class) * price);
        self.points.iter().sum::<i64>() + vehicles.sum::<i64>()
    }

    /// Lower bound on every plan, in micro-dollars, if no route of class `k` has a reduced cost below `least[k]`.
    pub(super) fn bound(&self, net: &Net, least: &[i64]) -> i64 {
        let negative = net.classes.iter().zip(least).map(|(class, least)| routes_at_most(net, class) * (*least).min(0));
        let scaled = self.base(net) + negative.sum::<i64>();
        // Plans cost whole micro-dollars.
        -(-scaled).div_euclid(self.scale)
    }
}

/// No plan has more routes of the class.
pub(super) fn routes_at_most(net: &Net, class: &ClassNet) -> i64 {
    i64::try_from(class.available.min(net.points - 1)).unwrap_or(i64::MAX)
}
