//! Which roads one vehicle can both reach and leave.
//!
//! Strongly connected components of the routing graph (see [`super::scc`]) are ranked by their directed roads, largest
//! first, ties by the smallest arc; the first is the **main** one. Roads of a destination-only area, and roads that end
//! where a vehicle cannot turn, are in no cycle; they belong to a component when some arc on which a route may end is
//! reached from it and some arc on which a route may start leads to it. So any two segments of one component have a
//! path in both directions. O(arcs + turns).

use super::scc::strongly_connected;
use super::{Profile, RoadNetwork};
use crate::ids::SegmentIx;

const NONE: u32 = u32::MAX;

/// Components of one vehicle's network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    /// Rank of the component of each segment; [`NONE`] where the vehicle may not go.
    rank: Vec<u32>,
    /// Directed roads by rank.
    size: Vec<u32>,
}

/// Turns the vehicle may make, as compressed rows.
struct Rows {
    first: Vec<u32>,
    head: Vec<u32>,
}

impl Components {
    /// Finds the components for a vehicle. Runs in the current rayon pool.
    #[must_use]
    pub fn new(network: &RoadNetwork, profile: &Profile) -> Self {
        let rows = Rows::of(network, profile);
        let usable: Vec<bool> = network.arcs().map(|a| profile.arc(a).is_some()).collect();
        let ((own, count), backward) = rayon::join(
            || {
                let (component, count) = strongly_connected(&rows.first, &rows.head, &usable);
                (ranks(network, &component, count), count)
            },
            || rows.transposed(),
        );
        let seeds = by_rank(&own, count);
        let (reached_from, leads_to) = rayon::join(|| spread(&rows, &own, &seeds), || spread(&backward, &own, &seeds));

        let mut rank = Vec::with_capacity(network.segments.len());
        let mut size = vec![0_u32; count as usize];
        for segment in (0..network.segments.len()).map(SegmentIx::from_index) {
            let (mut into, mut out, mut first, mut roads) = (NONE, NONE, NONE, 0);
            for arc in network.arcs_of(segment).filter(|a| usable[a.index()]) {
                let role = network.arc(arc).role;
                if role.ends() {
                    into = into.min(reached_from[arc.index()]);
                }
                if role.starts() {
                    out = out.min(leads_to[arc.index()]);
                }
                if role.starts() && role.ends() {
                    first = first.min(own[arc.index()]);
                    roads += 1;
                }
            }
            let mine = if into == out { into } else { first };
            if let Some(size) = size.get_mut(mine as usize) {
                *size += roads;
            }
            rank.push(mine);
        }
        Self { rank, size }
    }

    /// True when the segment belongs to the main component.
    #[must_use]
    pub fn is_main(&self, segment: SegmentIx) -> bool {
        self.rank[segment.index()] == 0
    }

    /// Rank of the segment's component, 0 for the main one; `None` when the vehicle may not use the segment.
    #[must_use]
    pub fn rank(&self, segment: SegmentIx) -> Option<u32> {
        Some(self.rank[segment.index()]).filter(|r| *r != NONE)
    }

    /// Directed roads of the segment's component; 0 when the vehicle may not use the segment.
    #[must_use]
    pub fn size(&self, segment: SegmentIx) -> u32 {
        self.size.get(self.rank[segment.index()] as usize).copied().unwrap_or(0)
    }

    /// Directed roads of the main component.
    #[must_use]
    pub fn main_size(&self) -> u32 {
        self.size.first().copied().unwrap_or(0)
    }

    /// Components to which segments belong.
    #[must_use]
    pub fn count(&self) -> usize {
        self.size.iter().filter(|s| **s > 0).count()
    }
}

/// Rank of each arc's component: most main arcs first, then the smallest arc.
fn ranks(network: &RoadNetwork, component: &[Option<u32>], count: u32) -> Vec<u32> {
    let mut roads = vec![(0_u32, NONE); count as usize];
    for (arc, component) in component.iter().enumerate() {
        if let Some(c) = component {
            let (size, first) = &mut roads[*c as usize];
            let role = network.arcs[arc].role;
            *size += u32::from(role.starts() && role.ends());
            *first = (*first).min(u32::try_from(arc).unwrap_or(NONE));
        }
    }
    let mut order: Vec<u32> = (0..count).collect();
    order.sort_unstable_by_key(|c| {
        let (size, first) = roads[*c as usize];
        (std::cmp::Reverse(size), first)
    });
    let mut rank_of = vec![NONE; count as usize];
    for (rank, c) in (0_u32..).zip(&order) {
        rank_of[*c as usize] = rank;
    }
    component.iter().map(|c| c.map_or(NONE, |c| rank_of[c as usize])).collect()
}

/// Arcs of all components by ascending rank (counting sort).
fn by_rank(own: &[u32], count: u32) -> Vec<u32> {
    let mut next = vec![0_u32; count as usize + 1];
    let ranked = || (0_u32..).zip(own).filter(|(_, rank)| **rank != NONE);
    ranked().for_each(|(_, rank)| next[*rank as usize + 1] += 1);
    for rank in 0..count as usize {
        next[rank + 1] += next[rank];
    }
    let mut arcs = vec![0; next[count as usize] as usize];
    for (arc, rank) in ranked() {
        let slot = &mut next[*rank as usize];
        arcs[*slot as usize] = arc;
        *slot += 1;
    }
    arcs
}

/// Lowest rank from which each arc is reached along the rows; `seeds` are the arcs by rank.
fn spread(rows: &Rows, own: &[u32], seeds: &[u32]) -> Vec<u32> {
    let mut label = vec![NONE; own.len()];
    let mut stack = Vec::new();
    for &seed in seeds {
        if label[seed as usize] != NONE {
            continue;
        }
        let rank = own[seed as usize];
        label[seed as usize] = rank;
        stack.push(seed);
        while let Some(arc) = stack.pop() {
            for &next in rows.row(arc) {
                if label[next as usize] == NONE {
                    label[next as usize] = rank;
                    stack.push(next);
                }
            }
        }
    }
    label
}

impl Rows {
    fn of(network: &RoadNetwork, profile: &Profile) -> Self {
        let mut first = Vec::with_capacity(network.arc_count() + 1);
        let mut head = Vec::with_capacity(network.turn_count());
        // Turns fit 32 bits in the network already.
        let end = |head: &Vec<u32>| u32::try_from(head.len()).unwrap_or(NONE);
        first.push(0);
        for arc in network.arcs() {
            if profile.arc(arc).is_some() {
                head.extend(profile.turns_from(network, arc).map(|(_, to, _)| to.0));
            }
            first.push(end(&head));
        }
        Self { first, head }
    }

    fn row(&self, arc: u32) -> &[u32] {
        let a = arc as usize;
        &self.head[self.first[a] as usize..self.first[a + 1] as usize]
    }

    fn transposed(&self) -> Self {
        let n = self.first.len() - 1;
        let mut first = vec![0_u32; n + 1];
        for to in &self.head {
            first[*to as usize + 1] += 1;
        }
        for a in 0..n {
            first[a + 1] += first[a];
        }
        let mut next = first.clone();
        let mut head = vec![0; self.head.len()];
        for from in (0..).take(n) {
            for to in self.row(from) {
                let slot = &mut next[*to as usize];
                head[*slot as usize] = from;
                *slot += 1;
            }
        }
        Self { first, head }
    }
}
