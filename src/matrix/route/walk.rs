//! From distances to a path: follow turns whose weight and remaining distance add up to the distance one has.
//!
//! Such turns lead on to the target, unless arcs without any weight close a circle; so it is a depth-first search that
//! visits no arc twice. It takes turns in the order of the network.

use super::Stretch;
use crate::ids::{ArcIx, TurnIx};
use crate::network::{PathWeight, Profile, RoadNetwork, Snap, Weight};
use crate::units::Decimetres;
use fixedbitset::FixedBitSet;

/// Both ends of a route.
pub(super) struct Ends<'a> {
    pub(super) network: &'a RoadNetwork,
    pub(super) profile: &'a Profile,
    pub(super) from: &'a Snap,
    pub(super) to: &'a Snap,
}

/// A way to begin: a stretch to the end of an arc, and a turn.
#[derive(Clone, Copy)]
pub(super) struct First {
    pub(super) arc: ArcIx,
    pub(super) partial: Weight,
    pub(super) turn: TurnIx,
    pub(super) turn_weight: Weight,
    pub(super) into: ArcIx,
}

/// An arc entered by a turn.
#[derive(Clone, Copy)]
struct Step {
    turn: TurnIx,
    turn_weight: Weight,
    arc: ArcIx,
    /// Distance from the arc's entry to the target.
    rest: PathWeight,
}

impl Ends<'_> {
    /// All ways to begin, in order of arcs and turns.
    pub(super) fn firsts(&self) -> impl Iterator<Item = First> + '_ {
        self.from.starts.iter().flat_map(|&(arc, partial)| {
            let turns = self.profile.turns_from(self.network, arc);
            turns.map(move |(turn, into, turn_weight)| First { arc, partial, turn, turn_weight, into })
        })
    }

    /// The stretch without any turn, when both ends are on one road in this order, with the road.
    pub(super) fn direct(&self) -> Option<(Weight, ArcIx)> {
        self.from.direct_on(self.to, self.network, self.profile)
    }

    /// Weight from an arc's entry to the target on it.
    pub(super) fn last(&self, arc: ArcIx) -> Option<Weight> {
        let ends = &self.to.ends;
        ends.binary_search_by_key(&arc, |(arc, _)| *arc).ok().map(|at| ends[at].1)
    }

    /// The best path; of equal ones the stretch without a turn, else the first. `None` when there is none.
    ///
    /// `distance` is exact for every arc on a best path, and nowhere too small.
    pub(super) fn best(&self, mut distance: impl FnMut(ArcIx) -> Option<PathWeight>) -> Option<Vec<Stretch>> {
        let mut over_turns: Option<(PathWeight, First, PathWeight)> = None;
        for first in self.firsts() {
            let Some(rest) = distance(first.into) else { continue };
            let total = PathWeight::from(first.partial) + first.turn_weight.into() + rest;
            if over_turns.is_none_or(|(best, ..)| total < best) {
                over_turns = Some((total, first, rest));
            }
        }
        match (self.direct(), over_turns) {
            (Some((weight, arc)), best) if best.is_none_or(|(total, ..)| PathWeight::from(weight) <= total) => {
                let reverse = self.network.arc(arc).reverse;
                let [from, to] = [self.from, self.to].map(|snap| snap.offset(self.network, reverse));
                Some(vec![Stretch { turn: None, turn_weight: Weight::ZERO, arc, from, to, weight }])
            }
            (_, best) => {
                let (_, first, rest) = best?;
                let steps = self.steps(first, rest, distance)?;
                self.stretches(first, &steps)
            }
        }
    }

    fn steps(
        &self,
        first: First,
        rest: PathWeight,
        mut distance: impl FnMut(ArcIx) -> Option<PathWeight>,
    ) -> Option<Vec<Step>> {
        let (network, profile) = (self.network, self.profile);
        let mut seen = FixedBitSet::with_capacity(network.arc_count());
        seen.insert(first.into.index());
        let step = Step { turn: first.turn, turn_weight: first.turn_weight, arc: first.into, rest };
        let mut path = vec![(step, profile.turns_from(network, step.arc))];
        while let Some((here, turns)) = path.last_mut() {
            if self.last(here.arc).is_some_and(|last| PathWeight::from(last) == here.rest) {
                return Some(path.into_iter().map(|(step, _)| step).collect());
            }
            let whole = PathWeight::from(profile.arc(here.arc)?);
            let next = turns.find_map(|(turn, arc, turn_weight)| {
                let rest = distance(arc)?;
                let fits = whole + turn_weight.into() + rest == here.rest && !seen.put(arc.index());
                fits.then_some(Step { turn, turn_weight, arc, rest })
            });
            match next {
                Some(step) => path.push((step, profile.turns_from(network, step.arc))),
                None => drop(path.pop()),
            }
        }
        None
    }

    fn stretches(&self, first: First, steps: &[Step]) -> Option<Vec<Stretch>> {
        let network = self.network;
        let length = |arc: ArcIx| network.segment(network.arc(arc).segment).length;
        let mut stretches = vec![Stretch {
            turn: None,
            turn_weight: Weight::ZERO,
            arc: first.arc,
            from: self.from.offset(network, network.arc(first.arc).reverse),
            to: length(first.arc),
            weight: first.partial,
        }];
        for &Step { turn, turn_weight, arc, .. } in steps {
            let (from, to) = (Decimetres(0), length(arc));
            let (turn, weight) = (Some(turn), self.profile.arc(arc)?);
            stretches.push(Stretch { turn, turn_weight, arc, from, to, weight });
        }
        let last = stretches.last_mut()?;
        last.to = self.to.offset(network, network.arc(last.arc).reverse);
        last.weight = self.last(last.arc)?;
        Some(stretches)
    }
}
