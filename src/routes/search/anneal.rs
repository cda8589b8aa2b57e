//! Simulated annealing around ruin and recreate.
//!
//! The temperature falls from eight times the mean cost of a leg by a factor of 128, geometrically. A plan is accepted when it is worse
//! by less than temperature × a variate of exponential distribution, which is Metropolis's rule. Both are computed in integers, so that
//! every machine takes the same way.

use super::Found;
use super::moves;
use super::neighbours::Neighbours;
use super::recreate::recreate;
use super::ruin::ruin;
use super::state::State;
use crate::progress::Progress;
use crate::rng::Rng;
use crate::routes::net::Net;

/// The temperature is halved so many times.
const HALVINGS: u64 = 7;
/// Random numbers of this stage; part of their seed.
const STREAM: u64 = 0x7269_7665;
/// Iterations between looks at whether to stop.
const BREATH: u64 = 1024;

pub(super) fn run(
    net: &Net,
    neighbours: &Neighbours,
    iterations: u64,
    seed: u64,
    run: u64,
    progress: &dyn Progress,
) -> Found {
    let mut rng = Rng::new(seed, STREAM, run);
    let mut state = State::new(net);
    state.mark();
    recreate(&mut state, &mut rng);
    moves::descend(&mut state, neighbours);
    let mut best_value = state.value();
    let mut best = state.found();
    let start = first_temperature(&state);
    for iteration in 0..iterations {
        if iteration % BREATH == 0 && progress.cancelled() {
            break;
        }
        state.mark();
        let before = state.value();
        ruin(&mut state, neighbours, &mut rng);
        recreate(&mut state, &mut rng);
        let value = state.value();
        if value < best_value {
            moves::descend(&mut state, neighbours);
            best_value = state.value();
            best = state.found();
        } else if value > before && value - before >= exponential(temperature(start, iteration, iterations), &mut rng) {
            state.undo();
        }
    }
    best.unserved.sort_unstable();
    best
}

/// Eight times the mean cost of driving a leg: much lower, and runs end in different valleys.
fn first_temperature(state: &State<'_>) -> i64 {
    let mut legs = 0;
    let mut cost = 0;
    for tour in state.tours.iter().filter(|t| !t.points.is_empty()) {
        let Some(class) = state.net.classes.get(tour.class) else { continue };
        let mut from = 0;
        for &point in tour.points.iter().chain(std::iter::once(&0)) {
            legs += 1;
            cost += class.drive(from, point);
            from = point;
        }
    }
    8 * cost / legs.max(1)
}

/// Geometric cooling: halved at whole steps, linear between them.
fn temperature(start: i64, iteration: u64, iterations: u64) -> i64 {
    let place = u128::from(iteration) * u128::from(HALVINGS) * 65_536 / u128::from(iterations.max(1));
    let (step, part) = ((place >> 16) as u32, (place & 65_535) as i64);
    let (high, low) = (start >> step.min(62), start >> (step + 1).min(62));
    high - (((i128::from(high) - i128::from(low)) * i128::from(part)) >> 16) as i64
}

/// Scale × -ln(u) for a random u, with the logarithm linear between powers of two.
fn exponential(scale: i64, rng: &mut Rng) -> i64 {
    /// ln 2 × 2^16.
    const LN_2: i128 = 45_426;
    let draw = rng.next() | 1;
    let zeros = draw.leading_zeros();
    let fraction = (draw << zeros << 1) >> 48;
    let log2 = (i128::from(zeros + 1) << 16) - i128::from(fraction);
    i64::try_from((i128::from(scale) * log2 * LN_2) >> 32).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperature_falls_from_start_to_a_128th() {
        assert_eq!(temperature(1_280, 0, 1_000), 1_280);
        assert_eq!(temperature(1_280, 1_000, 1_000), 10);
        let all: Vec<i64> = (0..1_000).map(|i| temperature(1_280, i, 1_000)).collect();
        assert!(all.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn exponential_variates_have_their_mean() {
        let mut rng = Rng::new(1, STREAM, 0);
        let sum: i64 = (0..100_000).map(|_| exponential(1_000, &mut rng)).sum();
        // The linear logarithm lifts the mean by 4 %.
        assert!((1_000..1_080).contains(&(sum / 100_000)), "{sum}");
    }
}
