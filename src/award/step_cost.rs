//! Injection cost of a line as an exact step function of its volume.
//!
//! Each vehicle class costs `ceil(v / pieces per trip) × trip + handling × v`; the line pays the least of them. The range
//! of volumes is cut into steps within which class and number of trips are constant, so that the cost is linear on each.
//! Ties go to fewer trips, then to the lower class index, as everywhere in the cost stage.

use crate::cost::{InjectionCost, VehicleOption, cheapest};
use crate::ids::VehicleIx;
use crate::units::Pieces;

/// Most intervals in which the trips of all classes are constant, per line.
pub(crate) const MAX_STEPS: usize = 4_096;

/// Volumes `lo..=hi` that one class brings in the same number of trips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) lo: u32,
    pub(crate) hi: u32,
    pub(crate) vehicle: VehicleIx,
    pub(crate) trips: u32,
    /// Micro-dollars of all trips.
    pub(crate) fixed: i64,
    /// Micro-dollars of handling per piece.
    pub(crate) per_piece: i64,
    /// Loaded decimetres of all trips.
    pub(crate) decimetres: i64,
}

impl Step {
    /// Injection cost in micro-dollars at a volume of the step.
    pub(crate) fn cost(&self, volume: u32) -> i128 {
        i128::from(self.fixed) + i128::from(self.per_piece) * i128::from(volume)
    }
}

/// Why there is no step function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepError {
    TooMany,
    Overflow,
}

/// Cuts `lo..=hi` into steps; `options` must not be empty for a non-empty result.
pub(crate) fn steps(options: &[&VehicleOption], lo: u32, hi: u32) -> Result<Vec<Step>, StepError> {
    let mut out = Vec::new();
    let (mut a, mut intervals) = (lo.max(1), 0);
    while a <= hi {
        intervals += 1;
        if intervals > MAX_STEPS {
            return Err(StepError::TooMany);
        }
        let full =
            |o: &&VehicleOption| a.div_ceil(o.pieces_per_trip.0.max(1)).saturating_mul(o.pieces_per_trip.0.max(1));
        let b = options.iter().map(full).min().unwrap_or(hi).min(hi);
        split(options, a, b, &mut out)?;
        match b.checked_add(1) {
            Some(next) => a = next,
            None => break,
        }
    }
    Ok(out)
}

/// Trips of every class are constant on `a..=b`, so costs are linear there: a class that is best at both ends is best
/// throughout.
fn split(options: &[&VehicleOption], a: u32, b: u32, out: &mut Vec<Step>) -> Result<(), StepError> {
    let (Some(first), Some(last)) = (best(options, a), best(options, b)) else { return Err(StepError::Overflow) };
    if first.1.vehicle == last.1.vehicle {
        return push(&first, a, b, out);
    }
    let middle = a + (b - a) / 2;
    split(options, a, middle, out)?;
    split(options, middle + 1, b, out)
}

fn push(best: &(InjectionCost, &VehicleOption), lo: u32, hi: u32, out: &mut Vec<Step>) -> Result<(), StepError> {
    let (cost, option) = best;
    if let Some(last) = out.last_mut().filter(|s| s.vehicle == cost.vehicle && s.trips == cost.trips) {
        last.hi = hi;
        return Ok(());
    }
    let fixed = cost.total.checked_sub(cost.handling).ok_or(StepError::Overflow)?.0;
    let length = i64::from(option.outbound.0);
    let decimetres = length.checked_mul(i64::from(cost.trips)).ok_or(StepError::Overflow)?;
    let per_piece = option.handling_per_piece.0;
    out.push(Step { lo, hi, vehicle: cost.vehicle, trips: cost.trips, fixed, per_piece, decimetres });
    Ok(())
}

/// The cheapest class for a volume, as the cost stage chooses it.
fn best<'a>(options: &[&'a VehicleOption], volume: u32) -> Option<(InjectionCost, &'a VehicleOption)> {
    let cost = cheapest(options.iter().copied(), Pieces(volume))?;
    options.iter().find(|o| o.vehicle == cost.vehicle).map(|o| (cost, *o))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{ClockTime, Decimetres, MicroDollars};

    fn option(vehicle: u32, pieces: u32, trip: i64, handling: i64) -> VehicleOption {
        VehicleOption {
            vehicle: VehicleIx(vehicle),
            pieces_per_trip: Pieces(pieces),
            trip: MicroDollars(trip),
            handling_per_piece: MicroDollars(handling),
            outbound: Decimetres(0),
            arrival: ClockTime(0),
        }
    }

    #[test]
    fn steps_equal_the_minimum_at_every_volume() {
        // Deterministic variety: caps 1..9, trips 0..60, handling 0..5.
        for case in 0_u32..2_000 {
            let part = |k: u32, m: u32| (case.wrapping_mul(2_654_435_761).rotate_left(k * 5) >> 7) % m;
            let all: Vec<_> = (0..1 + part(0, 3))
                .map(|c| option(c, 1 + part(c + 1, 9), i64::from(part(c + 4, 60)), i64::from(part(c + 7, 5))))
                .collect();
            let options: Vec<_> = all.iter().collect();
            let (lo, hi) = (1 + part(2, 5), 6 + part(3, 40));
            let steps = steps(&options, lo, hi).unwrap();
            assert_eq!((steps[0].lo, steps[steps.len() - 1].hi), (lo, hi), "case {case}");
            assert!(steps.windows(2).all(|w| w[0].hi + 1 == w[1].lo), "case {case}: {steps:?}");
            for v in lo..=hi {
                let step = steps.iter().find(|s| (s.lo..=s.hi).contains(&v)).unwrap();
                let plain = options
                    .iter()
                    .map(|o| {
                        let t = v.div_ceil(o.pieces_per_trip.0);
                        (i64::from(t) * o.trip.0 + i64::from(v) * o.handling_per_piece.0, t, o.vehicle)
                    })
                    .min()
                    .unwrap();
                assert_eq!((step.cost(v), step.trips, step.vehicle), (plain.0.into(), plain.1, plain.2), "case {case}");
            }
        }
    }

    #[test]
    fn too_many_trips_are_refused() {
        assert_eq!(steps(&[&option(0, 1, 5, 0)], 1, 1_000_000), Err(StepError::TooMany));
    }
}
