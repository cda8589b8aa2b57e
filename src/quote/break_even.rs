//! Prices and volumes at which a bid costs as much as what it replaces.

use crate::scenario::VehicleOption;
use crate::units::{MicroDollars, Pieces};

/// The highest multiple of `step` that may be paid a piece when `budget` may be spent on it and all pieces together cost `cost`
/// to bring; negative when even nothing is too much. Rounded down, so that `price × pieces + cost ≤ budget × pieces`.
///
/// `None` for no piece, and when the price does not fit.
///
/// # Examples
/// ```
/// use ddu::quote::price;
/// use ddu::units::{MicroDollars, Pieces};
/// let usd = |text| MicroDollars::parse(text).unwrap().amount;
/// // 4.25 a piece less 105 USD over 300 pieces: 3.90; one dollar more of cost: 3.8966…, in cents 3.89.
/// assert_eq!(price(usd("4.25"), usd("105"), Pieces(300), usd("0.01")), Some(usd("3.90")));
/// assert_eq!(price(usd("4.25"), usd("106"), Pieces(300), usd("0.01")), Some(usd("3.89")));
/// ```
#[must_use]
pub fn price(budget: MicroDollars, cost: MicroDollars, pieces: Pieces, step: MicroDollars) -> Option<MicroDollars> {
    if pieces.0 == 0 || step.0 <= 0 {
        return None;
    }
    let left = i128::from(budget.0) * i128::from(pieces.0) - i128::from(cost.0);
    let steps = left.div_euclid(i128::from(pieces.0) * i128::from(step.0));
    i64::try_from(steps * i128::from(step.0)).ok().map(MicroDollars)
}

/// The least volume from which on a haul stays within what may be spent on it: for every volume from there up to `most`, some
/// class brings it for at most `per_piece` a piece. `None` when `most` itself costs more.
///
/// Trips make the cost of a piece jump up behind every full vehicle, so that a smaller volume may be within the money
/// again; it does not count, because a few pieces more would not be.
#[must_use]
pub fn least_lasting_volume(options: &[VehicleOption], per_piece: MicroDollars, most: Pieces) -> Option<Pieces> {
    let mut volume = most.0;
    if volume == 0 || options.is_empty() {
        return None;
    }
    // The greatest volume that is too dear by every class: each class gives the greatest that is too dear by it, which
    // no other volume between that and the one at hand is.
    loop {
        let dear = options.iter().map(|option| greatest_dear(option, per_piece, volume)).min().unwrap_or(0);
        if dear == volume || dear == 0 {
            volume = dear;
            break;
        }
        volume = dear;
    }
    (volume < most.0).then_some(Pieces(volume + 1))
}

/// The greatest volume up to `most` at which a class costs more than `per_piece` a piece; 0 when there is none.
fn greatest_dear(option: &VehicleOption, per_piece: MicroDollars, most: u32) -> u32 {
    let left = i128::from(per_piece.0) - i128::from(option.handling_per_piece.0);
    let load = option.pieces_per_trip.0.max(1);
    let trip = i128::from(option.trip.0);
    if left <= 0 {
        // Handling alone takes the money, unless trips cost nothing and it is enough to the micro-dollar.
        return if left == 0 && trip == 0 { 0 } else { most };
    }
    let (most, load) = (i128::from(most), i128::from(load));
    // Of the volumes of so many trips those are too dear that are below trip × trips / left.
    let greatest = |trips: i128| (trip * trips + left - 1) / left - 1;
    let trips = (most + load - 1) / load;
    let dear = if greatest(trips) > (trips - 1) * load {
        greatest(trips).min(most)
    } else {
        // With n trips some volume is too dear where n × (load × left − trip) < (load − 1) × left.
        let slack = load * left - trip;
        let fewer = if slack == 0 { trips - 1 } else { (trips - 1).min(((load - 1) * left + slack - 1) / slack - 1) };
        if fewer > 0 && load > 1 { greatest(fewer) } else { 0 }
    };
    u32::try_from(dear).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::VehicleIx;
    use crate::units::{ClockTime, Decimetres};

    fn option(load: u32, trip: i64, handling: i64) -> VehicleOption {
        VehicleOption {
            vehicle: VehicleIx(0),
            pieces_per_trip: Pieces(load),
            trip: MicroDollars(trip),
            handling_per_piece: MicroDollars(handling),
            outbound: Decimetres(0),
            arrival: ClockTime(0),
        }
    }

    /// A van of 100 pieces at 60 USD a trip, 1 USD a piece to spend: 60 pieces pay one trip, but piece 101 needs a second, and
    /// 120 pieces pay for two; piece 201 a third, which 180 have paid for. So it lasts from 120 on.
    #[test]
    fn by_hand() {
        let van = [option(100, 60_000_000, 0)];
        let usd = MicroDollars(1_000_000);
        assert_eq!(least_lasting_volume(&van, usd, Pieces(1_000)), Some(Pieces(120)));
        assert_eq!(least_lasting_volume(&van, usd, Pieces(100)), Some(Pieces(60)));
        assert_eq!(least_lasting_volume(&van, usd, Pieces(110)), None);
        // With a truck of 1,000 pieces at 105 USD: from 60 by van, and from 105 by truck; 101 to 104 are too dear.
        let both = [van[0], option(1_000, 105_000_000, 0)];
        assert_eq!(least_lasting_volume(&both, usd, Pieces(1_000)), Some(Pieces(105)));
    }

    /// Against the definition, volume by volume.
    #[test]
    fn equals_trying_every_volume() {
        let mut seed = 11_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for case in 0..4_000 {
            let options: Vec<VehicleOption> =
                (0..1 + next(3)).map(|_| option(1 + next(12) as u32, next(40) as i64, next(6) as i64)).collect();
            let (per_piece, most) = (MicroDollars(next(12) as i64), next(60) as u32);
            let fine = |v: u32| {
                let cost = |o: &VehicleOption| o.injection_cost(Pieces(v)).unwrap().total.0;
                options.iter().any(|o| cost(o) <= per_piece.0 * i64::from(v))
            };
            let expected = (1..=most).rev().take_while(|v| fine(*v)).last();
            let found = least_lasting_volume(&options, per_piece, Pieces(most)).map(|p| p.0);
            assert_eq!(found, expected, "case {case}: {options:?} {per_piece:?} {most}");
        }
    }
}
