//! Roads behind private gates.
//!
//! Passing a gate with access for destination traffic is allowed at the ends of a route only, but the roads behind it
//! often carry no access tag. For each mode the network falls apart when its gates are shut; every part that touches
//! one, except the largest part of all, lies *behind* it: there `Yes` becomes `Destination`. Between two free roads
//! that remain (a gate in the midst of a street whose ends are both reached otherwise) the gate is shut.
//! Linear with union-find (Tarjan 1975).

use super::streets::{Crossing, Streets};
use crate::osm::Access;
use crate::scenario::Mode;

/// Makes roads behind gates destination-only. Returns the number of segments changed.
pub(super) fn close(streets: &mut Streets) -> u64 {
    let mut changed = vec![false; streets.segments.len()];
    for mode in Mode::ALL {
        if streets.crossings.iter().any(|c| c.gated & mode.bit() != 0) {
            close_for(streets, mode, &mut changed);
        }
    }
    changed.iter().filter(|c| **c).count() as u64
}

fn close_for(streets: &mut Streets, mode: Mode, changed: &mut [bool]) {
    let open = |s: usize, streets: &Streets| {
        let segment = &streets.segments[s];
        [segment.forward, segment.backward].iter().any(|d| d.access[mode as usize] != Access::No)
    };
    let passes = |c: &Crossing| (c.gated | c.closed) & mode.bit() == 0;
    // Segments that meet at a junction which lets pass are one part.
    let mut parts = Parts::new(streets.segments.len());
    let mut first_at = vec![None; streets.junctions.len()];
    for s in 0..streets.segments.len() {
        if open(s, streets) {
            for junction in [streets.segments[s].from, streets.segments[s].to].map(|j| j.index()) {
                if passes(&streets.crossings[junction]) {
                    let first = *first_at[junction].get_or_insert(s);
                    parts.join(first, s);
                }
            }
        }
    }
    let mut size = vec![0_u32; streets.segments.len()];
    let mut touches_gate = vec![false; streets.segments.len()];
    for s in 0..streets.segments.len() {
        if open(s, streets) {
            let part = parts.find(s);
            size[part] += 1;
            let ends = [streets.segments[s].from, streets.segments[s].to];
            touches_gate[part] |= ends.iter().any(|j| streets.crossings[j.index()].gated & mode.bit() != 0);
        }
    }
    // Ties go to the part with the smallest segment, which is its root.
    let largest = (0..size.len()).max_by_key(|part| (size[*part], std::cmp::Reverse(*part)));
    for (s, segment) in streets.segments.iter_mut().enumerate() {
        let part = parts.find(s);
        if Some(part) == largest || !touches_gate[part] {
            continue;
        }
        for direction in [&mut segment.forward, &mut segment.backward] {
            let access = &mut direction.access[mode as usize];
            if *access == Access::Yes {
                *access = Access::Destination;
                changed[s] = true;
            }
        }
    }
}

/// Union-find with path halving; the root of a part is its smallest member.
struct Parts(Vec<usize>);

impl Parts {
    fn new(n: usize) -> Self {
        Self((0..n).collect())
    }

    fn find(&mut self, mut x: usize) -> usize {
        while self.0[x] != x {
            self.0[x] = self.0[self.0[x]];
            x = self.0[x];
        }
        x
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }
}
