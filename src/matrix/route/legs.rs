//! What a route is made of: stretches put together to legs by way, and legs by road class.
//!
//! Money is rounded once, from totals, so the money of a leg is what the route up to its end costs less what it costs up
//! to its start: legs always sum to the whole, and each is within two micro-dollars of its own rate
//! × quantity.

use super::Stretch;
use crate::network::{Profile, RoadNetwork, Weight};
use crate::road_class::RoadClass;
use crate::units::{Decimetres, MicroDollars, Millis};
use std::ops::Range;

/// Measures and money of a part of a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Money, tolls included.
    pub money: MicroDollars,
    /// Length.
    pub length: Decimetres,
    /// Travel time, the turns into its roads included.
    pub time: Millis,
    /// Time of these turns alone, contained in `time`.
    pub turn_time: Millis,
    /// Tolls, contained in `money`.
    pub tolls: MicroDollars,
}

/// Consecutive stretches on one way of the map and of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteLeg {
    /// Class of the road.
    pub class: RoadClass,
    /// Way of the map.
    pub way: i64,
    /// Positions among the route's stretches.
    pub stretches: Range<usize>,
    /// Its part of the totals.
    pub share: Share,
}

/// What a route does on roads of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassShare {
    /// Class of the roads.
    pub class: RoadClass,
    /// Their part of the totals.
    pub share: Share,
}

impl Share {
    fn plus(self, other: &Self) -> Option<Self> {
        Some(Self {
            money: self.money.checked_add(other.money)?,
            length: Decimetres(self.length.0.checked_add(other.length.0)?),
            time: self.time.checked_add(other.time)?,
            turn_time: self.turn_time.checked_add(other.turn_time)?,
            tolls: self.tolls.checked_add(other.tolls)?,
        })
    }
}

/// Sums of a leg before its money is known.
#[derive(Clone, Copy, Default)]
struct Sum {
    all: Weight,
    turns: Weight,
}

impl Sum {
    fn plus(self, stretch: &Stretch) -> Option<Self> {
        // The cost that was minimised has no part in any sum that is told, and must not make one overflow.
        let [turn, road] = [stretch.turn_weight, stretch.weight].map(|weight| Weight { cost: 0, ..weight });
        Some(Self { all: self.all.checked_add(turn)?.checked_add(road)?, turns: self.turns.checked_add(turn)? })
    }
}

/// Stretches by way and class, in order; `None` when totals overflow, as everywhere here.
pub(super) fn by_way(network: &RoadNetwork, profile: &Profile, stretches: &[Stretch]) -> Option<Vec<RouteLeg>> {
    let road = |stretch: &Stretch| {
        let segment = network.segment(network.arc(stretch.arc).segment);
        (segment.class, segment.way)
    };
    let (mut at, mut up_to, mut spent) = (0, Weight::ZERO, MicroDollars::ZERO);
    let leg = |run: &[Stretch]| {
        let (class, way) = road(run.first()?);
        let stretches = at..at + run.len();
        at = stretches.end;
        let sum = run.iter().try_fold(Sum::default(), Sum::plus)?;
        up_to = up_to.checked_add(sum.all)?;
        let before = std::mem::replace(&mut spent, profile.money(&up_to)?);
        let share = Share {
            money: spent.checked_sub(before)?,
            length: Decimetres(sum.all.length),
            time: Millis(sum.all.time),
            turn_time: Millis(sum.turns.time),
            tolls: sum.all.tolls(),
        };
        Some(RouteLeg { class, way, stretches, share })
    };
    stretches.chunk_by(|a, b| road(a) == road(b)).map(leg).collect()
}

/// Legs by road class, in order of the classes; classes that the route does not use are left out.
pub(super) fn by_class(legs: &[RouteLeg]) -> Option<Vec<ClassShare>> {
    let mut shares = [None::<Share>; RoadClass::ALL.len()];
    for leg in legs {
        let share = &mut shares[leg.class as usize];
        *share = Some(share.unwrap_or_default().plus(&leg.share)?);
    }
    let used = RoadClass::ALL.iter().zip(shares).filter_map(|(class, share)| Some((*class, share?)));
    Some(used.map(|(class, share)| ClassShare { class, share }).collect())
}
