//! The nodes that roads name: sorted ids, and what has been found of each.
//!
//! Lookups gallop from the last one in either direction: rising ids, as in sorted files, and the neighbouring ids of a
//! way cost next to nothing, any other order as much as a binary search.

use super::tags::NodeFacts;
use super::{Extract, Node};
use crate::lonlat::LonLat;
use fixedbitset::FixedBitSet;

/// Nodes by position in the sorted list of ids.
pub(super) struct NodeTable {
    ids: Vec<i64>,
    nodes: Vec<Node>,
    seen: FixedBitSet,
}

/// Where the last lookup of a run ended: every id before is smaller than the one looked for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cursor(usize);

/// A node found in the map, for a position of the table.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) position: usize,
    pub(super) at: LonLat,
    /// `None` for a node without tags, the usual case.
    pub(super) facts: Option<Box<NodeFacts>>,
}

impl NodeTable {
    /// A table for these ids, sorted and each once.
    pub(super) fn new(ids: Vec<i64>) -> Self {
        let plain = NodeFacts::PLAIN;
        let empty = |id: &i64| Node {
            id: *id,
            at: LonLat::default(),
            signal: plain.signal,
            stop: plain.stop,
            barrier: plain.barrier,
            limits: plain.limits,
        };
        Self { nodes: ids.iter().map(empty).collect(), seen: FixedBitSet::with_capacity(ids.len()), ids }
    }

    /// Position of an id, if a road names it.
    pub(super) fn find(&self, id: i64, cursor: &mut Cursor) -> Option<usize> {
        let below = |position: usize| self.ids.get(position).is_some_and(|known| *known < id);
        // Ids before `low` are smaller than the one we look for, ids from `high` on are not.
        let (mut low, mut high, mut step) = (cursor.0.min(self.ids.len()), cursor.0.min(self.ids.len()), 1);
        if low == 0 || below(low - 1) {
            while below(low + step - 1) {
                low += step;
                step *= 2;
            }
            high = self.ids.len().min(low + step);
        } else {
            while low > 0 && !below(low - 1) {
                high = low;
                low = low.saturating_sub(step);
                step *= 2;
            }
        }
        cursor.0 = low + self.ids.get(low..high)?.partition_point(|known| *known < id);
        (self.ids.get(cursor.0) == Some(&id)).then_some(cursor.0)
    }

    /// Enters a node; false when it was there already: the first one counts.
    pub(super) fn enter(&mut self, found: &Found) -> bool {
        if self.seen.contains(found.position) {
            return false;
        }
        let Some(node) = self.nodes.get_mut(found.position) else { return false };
        self.seen.insert(found.position);
        node.at = found.at;
        if let Some(facts) = &found.facts {
            (node.signal, node.stop, node.barrier, node.limits) =
                (facts.signal, facts.stop, facts.barrier, facts.limits);
        }
        true
    }

    /// True when the node at this position is in the map.
    pub(super) fn has(&self, position: usize) -> bool {
        self.seen.contains(position)
    }

    /// Where a node is, by its id, if the map holds it.
    pub(super) fn place(&self, id: i64) -> Option<LonLat> {
        let position = self.ids.binary_search(&id).ok()?;
        self.nodes.get(position).filter(|_| self.has(position)).map(|node| node.at)
    }

    /// Ids that the map does not hold.
    pub(super) fn missing(&self) -> usize {
        self.ids.len() - self.seen.count_ones(..)
    }

    /// Number of ids.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Moves the nodes that ways use into the extract and renumbers the ways' positions accordingly.
    pub(super) fn compact_into(self, extract: &mut Extract) {
        let mut used = FixedBitSet::with_capacity(self.ids.len());
        for position in extract.ways.iter().flat_map(|way| &way.nodes) {
            used.insert(*position as usize);
        }
        drop((self.ids, self.seen));
        let mut renumbered = vec![0_u32; self.nodes.len()];
        for (new, old) in (0_u32..).zip(used.ones()) {
            if let Some(slot) = renumbered.get_mut(old) {
                *slot = new;
            }
        }
        for position in extract.ways.iter_mut().flat_map(|way| &mut way.nodes) {
            *position = renumbered.get(*position as usize).copied().unwrap_or(0);
        }
        let mut nodes = self.nodes;
        let mut position = 0;
        nodes.retain(|_| {
            position += 1;
            used.contains(position - 1)
        });
        extract.nodes = nodes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_in_any_order() {
        let ids: Vec<i64> = (0..200).map(|i| i * i - 50).collect();
        let table = NodeTable::new(ids.clone());
        let mut cursor = Cursor::default();
        for step in [1_i64, 7, -1, -13, 101] {
            let mut id = if step > 0 { -60 } else { 40_000 };
            while (-60..=40_000).contains(&id) {
                assert_eq!(table.find(id, &mut cursor), ids.binary_search(&id).ok(), "{id} by {step}");
                id += step;
            }
        }
        assert_eq!(NodeTable::new(Vec::new()).find(1, &mut Cursor(5)), None);
    }

    #[test]
    fn the_first_node_of_an_id_counts() {
        let mut table = NodeTable::new(vec![4, 9]);
        let at = |lon_e7| LonLat { lon_e7, lat_e7: 0 };
        assert!(table.enter(&Found { position: 1, at: at(1), facts: None }));
        assert!(!table.enter(&Found { position: 1, at: at(2), facts: None }));
        assert!(!table.enter(&Found { position: 2, at: at(2), facts: None }));
        assert_eq!((table.missing(), table.has(0), table.has(1)), (1, false, true));
    }
}
