//! What a route is made of: stretches put together by way, and totals by road class.
//!
//! Money is rounded once, from totals, so the money of a part is what the route up to its end costs less what it costs
//! up to its start: parts always sum to the whole, and each differs from its own product by less than a micro-dollar a
//! rate.

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

/// Sums of a part before its money is known.
#[derive(Clone, Copy, Default)]
struct Sum {
    all: Weight,
    turns: Weight,
}

impl Sum {
    fn plus(self, stretch: &Stretch) -> Option<Self> {
        let all = self.all.checked_add(stretch.turn_weight)?.checked_add(stretch.weight)?;
        Some(Self { all, turns: self.turns.checked_add(stretch.turn_weight)? })
    }
}

/// `None` when money overflows, as the other functions here.
fn shares(profile: &Profile, parts: impl Iterator<Item = Sum>) -> Option<Vec<Share>> {
    let (mut up_to, mut spent) = (Weight::ZERO, MicroDollars::ZERO);
    let share = |part: Sum| {
        up_to = up_to.checked_add(part.all)?;
        let before = std::mem::replace(&mut spent, profile.money(&up_to)?);
        Some(Share {
            money: spent.checked_sub(before)?,
            length: Decimetres(part.all.length),
            time: Millis(part.all.time),
            turn_time: Millis(part.turns.time),
            tolls: part.all.tolls(),
        })
    };
    parts.map(share).collect()
}

/// Stretches by way and class, in order.
pub(super) fn by_way(network: &RoadNetwork, profile: &Profile, stretches: &[Stretch]) -> Option<Vec<RouteLeg>> {
    let road = |stretch: &Stretch| {
        let segment = network.segment(network.arc(stretch.arc).segment);
        (segment.class, segment.way)
    };
    let runs: Vec<&[Stretch]> = stretches.chunk_by(|a, b| road(a) == road(b)).collect();
    let sums = runs.iter().map(|run| run.iter().try_fold(Sum::default(), Sum::plus)).collect::<Option<Vec<_>>>()?;
    let shares = shares(profile, sums.into_iter())?;
    let mut start = 0;
    let leg = |(run, share): (&[Stretch], Share)| {
        let stretches = start..start + run.len();
        start = stretches.end;
        let (class, way) = road(run.first()?);
        Some(RouteLeg { class, way, stretches, share })
    };
    runs.into_iter().zip(shares).map(leg).collect()
}

/// Totals by road class, in order of the classes; classes that the route does not use are left out.
pub(super) fn by_class(network: &RoadNetwork, profile: &Profile, stretches: &[Stretch]) -> Option<Vec<ClassShare>> {
    let mut sums = [None::<Sum>; RoadClass::ALL.len()];
    for stretch in stretches {
        let class = network.segment(network.arc(stretch.arc).segment).class;
        let sum = &mut sums[class as usize];
        *sum = Some(sum.unwrap_or_default().plus(stretch)?);
    }
    let used = RoadClass::ALL.iter().zip(sums).filter_map(|(class, sum)| Some((*class, sum?)));
    let (classes, sums): (Vec<_>, Vec<_>) = used.unzip();
    let shares = shares(profile, sums.into_iter())?;
    Some(classes.into_iter().zip(shares).map(|(class, share)| ClassShare { class, share }).collect())
}
