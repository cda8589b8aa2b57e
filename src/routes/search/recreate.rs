//! Greedy insertion with blinks (SISR, section 4.2).

use super::state::State;
use crate::rng::Rng;

/// A position is overlooked about once in so many.
const BLINK: usize = 100;

/// Orders in which absent stops return, with their weights.
const ORDERS: [(Order, usize); 7] = [
    (Order::Random, 4),
    (Order::Demand, 4),
    (Order::Far, 2),
    (Order::Close, 1),
    (Order::Narrow, 2),
    (Order::Early, 2),
    (Order::Late, 2),
];

#[derive(Clone, Copy, Debug)]
enum Order {
    Random,
    Demand,
    Far,
    Close,
    Narrow,
    Early,
    Late,
}

/// Puts absent stops back where they cost least; those without a place stay absent.
pub(super) fn recreate(state: &mut State<'_>, rng: &mut Rng) {
    let mut absent = std::mem::take(&mut state.absent);
    sort(state, &mut absent, rng);
    let mut blink = 1 + rng.below(2 * BLINK);
    for point in absent {
        if !insert(state, point, rng, &mut blink) {
            state.absent.push(point);
        }
    }
    if state.net.classes.len() > 1 {
        state.settle_classes();
    }
}

fn sort(state: &State<'_>, absent: &mut [usize], rng: &mut Rng) {
    let net = state.net;
    let mut draw = rng.below(ORDERS.iter().map(|(_, weight)| weight).sum());
    let chosen = ORDERS.iter().find(|(_, weight)| {
        let hit = draw < *weight;
        draw = draw.wrapping_sub(*weight);
        hit
    });
    rng.shuffle(absent);
    let Some(class) = net.classes.first() else { return };
    match chosen.map(|(order, _)| *order) {
        None | Some(Order::Random) => {}
        Some(Order::Demand) => absent.sort_by_key(|p| -net.demand(*p)),
        Some(Order::Far) => absent.sort_by_key(|p| -class.drive(0, *p)),
        Some(Order::Close) => absent.sort_by_key(|p| class.drive(0, *p)),
        Some(Order::Narrow) => absent.sort_by_key(|p| class.window(*p).latest_start - class.window(*p).earliest_end),
        Some(Order::Early) => absent.sort_by_key(|p| class.window(*p).earliest_end),
        Some(Order::Late) => absent.sort_by_key(|p| -class.window(*p).latest_start),
    }
}

fn insert(state: &mut State<'_>, point: usize, rng: &mut Rng, blink: &mut usize) -> bool {
    let net = state.net;
    let demand = net.demand(point);
    let mut best: Option<(i64, usize, usize)> = None;
    for (index, tour) in state.tours.iter().enumerate() {
        let Some(class) = net.classes.get(tour.class) else { continue };
        if tour.points.is_empty() || tour.load + demand > class.capacity {
            continue;
        }
        for position in 0..=tour.points.len() {
            *blink -= 1;
            if *blink == 0 {
                *blink = 1 + rng.below(2 * BLINK);
                continue;
            }
            if let Some(delta) = tour.insertion(class, point, position)
                && best.is_none_or(|(cost, ..)| delta < cost)
            {
                best = Some((delta, index, position));
            }
        }
    }
    // A new route opens where it is cheaper, or where there is no other place.
    let fresh = state.cheapest_class(&[point], None);
    if let Some((delta, index, position)) = best
        && fresh.is_none_or(|(cost, _)| delta <= cost)
    {
        let Some(tour) = state.tours.get(index) else { return false };
        let (class, mut points) = (tour.class, tour.points.clone());
        points.insert(position, point);
        return state.set(index, class, &points);
    }
    let Some((_, class)) = fresh else { return false };
    state.set(state.empty_slot(), class, &[point])
}

impl State<'_> {
    /// Gives each route the cheapest free class that can drive it.
    pub(super) fn settle_classes(&mut self) {
        for index in 0..self.tours.len() {
            let Some(tour) = self.tours.get(index).filter(|t| !t.points.is_empty()) else { continue };
            if let Some((cost, class)) = self.cheapest_class(&tour.points, Some(tour.class))
                && cost < tour.cost
            {
                let points = tour.points.clone();
                self.set(index, class, &points);
            }
        }
    }
}
