//! Labels and priority queue of one search: a 4-ary heap that knows where each arc stands.
//!
//! An arc is queued at most once; a better label moves it up. Queue and labels are cleared by a new round number, so
//! that a search that stays near its source costs nothing for the rest of the map.

use crate::ids::ArcIx;
use crate::network::PathWeight;

/// Children of an entry. Four halve the depth of two, and their keys share a cache line.
const ARITY: usize = 4;

#[derive(Clone, Copy)]
struct Entry {
    /// First component of the label; the rest is looked up on ties only.
    cost: u64,
    arc: ArcIx,
}

/// Tentative and final labels, by arc.
pub(super) struct Queue {
    round: u32,
    /// Round in which the arc was last reached.
    reached: Vec<u32>,
    /// Place of the arc in `heap`, while it is queued.
    place: Vec<u32>,
    label: Vec<PathWeight>,
    heap: Vec<Entry>,
}

impl Queue {
    /// Room for a graph of so many arcs.
    pub(super) fn new(arcs: usize) -> Self {
        Self {
            round: 0,
            reached: vec![0; arcs],
            place: vec![0; arcs],
            label: vec![PathWeight::default(); arcs],
            heap: Vec::new(),
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.heap.clear();
        if let Some(next) = self.round.checked_add(1) {
            self.round = next;
        } else {
            self.reached.fill(0);
            self.round = 1;
        }
    }

    /// Offers a label for an arc; kept when the arc has none or a worse one.
    ///
    /// A label that was taken from the queue is final: weights are not negative, so nothing better is offered later.
    #[inline]
    pub(super) fn offer(&mut self, arc: ArcIx, label: PathWeight) {
        let a = arc.index();
        let from = if self.reached[a] != self.round {
            self.reached[a] = self.round;
            self.heap.push(Entry { cost: label.cost, arc });
            self.heap.len() - 1
        } else if label < self.label[a] {
            self.place[a] as usize
        } else {
            return;
        };
        self.label[a] = label;
        self.sift_up(from, Entry { cost: label.cost, arc });
    }

    /// The label of an arc, if it was reached.
    pub(super) fn label(&self, arc: ArcIx) -> Option<PathWeight> {
        (self.reached[arc.index()] == self.round).then(|| self.label[arc.index()])
    }

    /// The least label, without taking it.
    pub(super) fn least(&self) -> Option<(ArcIx, PathWeight)> {
        self.heap.first().map(|entry| (entry.arc, self.label[entry.arc.index()]))
    }

    /// Removes the least label.
    pub(super) fn take_least(&mut self) {
        if let Some(last) = self.heap.pop()
            && !self.heap.is_empty()
        {
            self.sift_down(last);
        }
    }

    #[inline]
    fn less(&self, a: Entry, b: Entry) -> bool {
        a.cost < b.cost || (a.cost == b.cost && self.label[a.arc.index()] < self.label[b.arc.index()])
    }

    #[inline]
    #[allow(clippy::cast_possible_truncation)]
    fn put(&mut self, at: usize, entry: Entry) {
        self.heap[at] = entry;
        // The heap holds each arc at most once, and arcs are counted in 32 bits.
        self.place[entry.arc.index()] = at as u32;
    }

    #[inline]
    fn sift_up(&mut self, mut at: usize, entry: Entry) {
        while at > 0 {
            let parent = (at - 1) / ARITY;
            let above = self.heap[parent];
            if !self.less(entry, above) {
                break;
            }
            self.put(at, above);
            at = parent;
        }
        self.put(at, entry);
    }

    /// Fills the hole at the top with `entry`.
    #[inline]
    fn sift_down(&mut self, entry: Entry) {
        let mut at = 0;
        loop {
            let first = at * ARITY + 1;
            let last = (first + ARITY).min(self.heap.len());
            if first >= last {
                break;
            }
            let mut best = first;
            for child in first + 1..last {
                if self.less(self.heap[child], self.heap[best]) {
                    best = child;
                }
            }
            if !self.less(self.heap[best], entry) {
                break;
            }
            self.put(at, self.heap[best]);
            at = best;
        }
        self.put(at, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn gives_labels_back_in_order(offers in prop::collection::vec((0u32..40, 0u64..12, 0u64..4), 1..300)) {
            let mut queue = Queue::new(40);
            // Two rounds: what the first leaves behind must not show in the second.
            for round in 0..2 {
                queue.clear();
                let mut least = [None::<PathWeight>; 40];
                for &(arc, cost, length) in &offers {
                    let label = PathWeight { cost, length, ..PathWeight::default() };
                    queue.offer(ArcIx(arc), label);
                    let known = &mut least[arc as usize];
                    *known = Some(known.map_or(label, |k| k.min(label)));
                }
                let mut expected: Vec<PathWeight> = least.iter().flatten().copied().collect();
                expected.sort();
                let mut taken = Vec::new();
                while let Some((arc, label)) = queue.least() {
                    prop_assert_eq!(Some(label), least[arc.index()]);
                    taken.push(label);
                    queue.take_least();
                    if round == 0 && taken.len() == 3 {
                        break;
                    }
                }
                expected.truncate(if round == 0 { 3 } else { usize::MAX });
                prop_assert_eq!(taken, expected);
            }
        }

        #[test]
        fn the_round_counter_may_run_over(offers in prop::collection::vec((0u32..9, 0u64..9), 1..30)) {
            let mut queue = Queue::new(9);
            queue.round = u32::MAX - 1;
            for _ in 0..3 {
                queue.clear();
                prop_assert!(queue.least().is_none());
                for &(arc, cost) in &offers {
                    queue.offer(ArcIx(arc), PathWeight { cost, ..PathWeight::default() });
                }
                let least = offers.iter().map(|o| o.1).min();
                prop_assert_eq!(queue.least().map(|l| l.1.cost), least);
            }
        }
    }
}
