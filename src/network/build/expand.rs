//! Directed roads × history → arcs and turns.
//!
//! The history that matters is the state of the restriction automaton, and, on a road that some mode may use only as a
//! destination, whether the route is still at its start. Each road has its main arc; a start copy if it is
//! destination-only for some mode; and a copy of either for every longer state in which it is reached.

use super::automaton::{Automaton, State};
use super::streets::{Road, Streets, modes_with, segment_of};
use super::turns::{ALL_MODES, Turns};
use super::{NetworkError, narrow};
use crate::ids::{ArcIx, SegmentIx};
use crate::network::{ArcRole, RoadArc, RoadNetwork, TurnByte};
use crate::osm::Access;
use std::collections::BTreeSet;

/// An arc before it has a number. The order is that of arcs within a road: main, restricted, start, its restricted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ArcCopy {
    road: Road,
    start: bool,
    /// `None` for the state that the road has by itself.
    state: Option<State>,
}

struct Expansion<'a> {
    streets: &'a Streets,
    turns: &'a Turns<'a>,
    automaton: &'a Automaton,
}

/// Arcs and turns of a network, which holds nothing else yet.
pub(super) fn expand(streets: &Streets, turns: &Turns<'_>, automaton: &Automaton) -> Result<RoadNetwork, NetworkError> {
    let expansion = Expansion { streets, turns, automaton };
    let copies = expansion.copies();
    narrow(copies.len(), "road arcs")?;
    // Copies of road `r` are `first[r]..first[r + 1]`: few, so they are found by looking at each.
    let mut first = vec![0_u32; 2 * streets.segments.len() + 1];
    for copy in &copies {
        first[copy.road as usize + 1] += 1;
    }
    for road in 1..first.len() {
        first[road] += first[road - 1];
    }
    let number = |copy: ArcCopy| {
        let mut row = first[copy.road as usize]..first[copy.road as usize + 1];
        row.find(|arc| copies[*arc as usize] == copy).map(ArcIx)
    };
    let (mut first_out, mut head, mut turn) = (vec![0], Vec::new(), Vec::new());
    for copy in &copies {
        expansion.follow(*copy, |next, byte| {
            if let Some(arc) = number(next) {
                head.push(arc);
                turn.push(byte);
            }
        });
        first_out.push(narrow(head.len(), "turns")?);
    }
    Ok(RoadNetwork {
        arcs: copies.iter().map(|copy| copy.arc()).collect(),
        first_out: first_out.into(),
        head: head.into(),
        turn: turn.into(),
        first_arc: first.into_iter().step_by(2).collect(),
        ..RoadNetwork::default()
    })
}

impl ArcCopy {
    fn arc(self) -> RoadArc {
        let role = match (self.start, self.state) {
            (false, None) => ArcRole::Main,
            (false, Some(_)) => ArcRole::Restricted,
            (true, None) => ArcRole::Start,
            (true, Some(_)) => ArcRole::RestrictedStart,
        };
        RoadArc { segment: SegmentIx::from_index(segment_of(self.road)), reverse: self.road & 1 == 1, role }
    }
}

impl Expansion<'_> {
    /// All copies that a route can be on, sorted.
    fn copies(&self) -> Vec<ArcCopy> {
        let open = self.streets.roads().filter(|road| self.streets.is_open(*road));
        let mut copies = Vec::new();
        for road in open {
            copies.push(ArcCopy { road, start: false, state: None });
            if modes_with(self.streets.access(road), Access::Destination) != 0 {
                copies.push(ArcCopy { road, start: true, state: None });
            }
        }
        // Longer states are entered from a road that begins a word, and from each other.
        let mut restricted = BTreeSet::new();
        let mut open: Vec<ArcCopy> =
            copies.iter().copied().filter(|copy| self.automaton.alone(copy.road) != 0).collect();
        while let Some(copy) = open.pop() {
            self.follow(copy, |next, _| {
                if next.state.is_some() && restricted.insert(next) {
                    open.push(next);
                }
            });
        }
        copies.extend(restricted);
        copies.sort_unstable();
        copies
    }

    /// Calls back for every turn out of a copy that some mode may make; heads ascend.
    fn follow(&self, copy: ArcCopy, mut each: impl FnMut(ArcCopy, TurnByte)) {
        let state = copy.state.unwrap_or_else(|| self.automaton.alone(copy.road));
        let from = self.streets.access(copy.road);
        let (destination, free) = (modes_with(from, Access::Destination), modes_with(from, Access::Yes));
        for &road in self.turns.after(copy.road) {
            let plain = self.turns.turn(copy.road, road);
            let restricted = self.automaton.banned(state, road);
            let next = self.automaton.step(state, road);
            let next = (next != self.automaton.alone(road)).then_some(next);
            let to = self.streets.access(road);
            let (to_destination, to_free) = (modes_with(to, Access::Destination), modes_with(to, Access::Yes));
            let mut lead = |start, permitted: u8| {
                let turn = plain.and_banned(restricted | !permitted);
                if turn.banned() != ALL_MODES {
                    each(ArcCopy { road, start, state: next }, turn);
                }
            };
            if copy.start {
                lead(false, destination & to_free);
                lead(true, destination & to_destination);
            } else {
                lead(false, free | destination & to_destination);
            }
        }
    }
}
