//! The routing graph in one direction, as the search sees it.

use crate::ids::ArcIx;
use crate::network::{Profile, RoadNetwork, TurnByte, Weight};

/// Turns of all arcs as compressed rows, with the weights of one vehicle class.
///
/// Forward rows hold the turns out of an arc. Backward rows hold the turns into it: a search over them finds paths to
/// its source, because every weight is a sum and sums do not depend on direction.
pub(super) struct Graph<'a> {
    first: &'a [u32],
    head: &'a [ArcIx],
    kind: &'a [TurnByte],
    arc: &'a [Weight],
    turn: Box<[Option<Weight>; 256]>,
}

/// Turns by the arc they lead into.
pub(super) struct Reversed {
    first: Vec<u32>,
    head: Vec<ArcIx>,
    kind: Vec<TurnByte>,
}

impl Reversed {
    /// Sorts turns by the arc they enter (counting sort, stable).
    pub(super) fn of(network: &RoadNetwork) -> Self {
        let arcs = network.arc_count();
        let mut first = vec![0u32; arcs + 1];
        for head in &network.head {
            first[head.index() + 1] += 1;
        }
        for a in 0..arcs {
            first[a + 1] += first[a];
        }
        let mut next = first.clone();
        let mut head = vec![ArcIx(0); network.turn_count()];
        let mut kind = vec![TurnByte(0); network.turn_count()];
        for arc in (0..arcs).map(ArcIx::from_index) {
            for (turn, into) in network.turns_from(arc) {
                let place = &mut next[into.index()];
                head[*place as usize] = arc;
                kind[*place as usize] = network.turn(turn);
                *place += 1;
            }
        }
        Self { first, head, kind }
    }
}

impl<'a> Graph<'a> {
    /// Turns out of each arc.
    pub(super) fn forward(network: &'a RoadNetwork, profile: &'a Profile) -> Self {
        Self::new(&network.first_out, &network.head, &network.turn, profile)
    }

    /// Turns into each arc.
    pub(super) fn backward(reversed: &'a Reversed, profile: &'a Profile) -> Self {
        Self::new(&reversed.first, &reversed.head, &reversed.kind, profile)
    }

    fn new(first: &'a [u32], head: &'a [ArcIx], kind: &'a [TurnByte], profile: &'a Profile) -> Self {
        let mut turn = Box::new([None; 256]);
        for (entry, weight) in turn.iter_mut().zip(&profile.turn) {
            *entry = *weight;
        }
        Self { first, head, kind, arc: &profile.arc, turn }
    }

    /// Arcs of the graph.
    pub(super) fn arc_count(&self) -> usize {
        self.arc.len()
    }

    /// Weight of a whole arc, if it may be used.
    #[inline]
    pub(super) fn arc(&self, arc: ArcIx) -> Option<Weight> {
        let weight = self.arc[arc.index()];
        (weight != Profile::FORBIDDEN).then_some(weight)
    }

    /// Permitted turns between `arc` and the next arcs of this direction.
    #[inline]
    pub(super) fn turns(&self, arc: ArcIx) -> impl Iterator<Item = (ArcIx, Weight)> + '_ {
        let row = self.first[arc.index()] as usize..self.first[arc.index() + 1] as usize;
        let turns = self.head[row.clone()].iter().zip(&self.kind[row]);
        turns.filter_map(|(head, kind)| self.turn[usize::from(kind.0)].map(|weight| (*head, weight)))
    }
}
