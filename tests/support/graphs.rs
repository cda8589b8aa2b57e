//! Random graphs of all shapes, their plain Dijkstra, and an order by coordinate bisection.

#![allow(dead_code, unreachable_pub, missing_docs)]

use ddu::network::Weight;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Splitmix64: same numbers on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn permutation(&mut self, n: usize) -> Vec<u32> {
        let mut p: Vec<u32> = (0..n as u32).collect();
        for i in (1..n).rev() {
            p.swap(i, self.below(i + 1));
        }
        p
    }
}

/// A graph in compressed rows; `None` is a forbidden arc.
#[derive(Clone, Debug)]
pub struct Graph {
    pub first_out: Vec<u32>,
    pub head: Vec<u32>,
    pub weight: Vec<Option<Weight>>,
    pub xy: Vec<(f64, f64)>,
}

impl Graph {
    pub fn from_arcs(n: usize, mut arcs: Vec<(u32, u32, Option<Weight>)>, xy: Vec<(f64, f64)>) -> Self {
        arcs.sort_by_key(|a| a.0);
        let mut first_out = vec![0; n + 1];
        arcs.iter().for_each(|a| first_out[a.0 as usize + 1] += 1);
        (0..n).for_each(|v| first_out[v + 1] += first_out[v]);
        let head = arcs.iter().map(|a| a.1).collect();
        Self { first_out, head, weight: arcs.iter().map(|a| a.2).collect(), xy }
    }

    pub fn nodes(&self) -> usize {
        self.first_out.len() - 1
    }

    /// Any of the shapes: grid, tree, star, path, sparse random (mostly disconnected), turn-like line graph of a grid.
    pub fn random(r: &mut Random, largest: usize) -> Self {
        let n = 1 + r.below(largest);
        let spread = [1, 3, 30, 100_000][r.below(4)];
        let missing = [0, 5, 30][r.below(3)];
        let two_way = [100, 90, 40, 0][r.below(4)];
        let side = (n as f64).sqrt().ceil() as usize;
        let mut pairs = Vec::new();
        match r.below(6) {
            0 => {
                for v in 0..n {
                    if v % side + 1 < side && v + 1 < n {
                        pairs.push((v, v + 1));
                    }
                    if v + side < n {
                        pairs.push((v, v + side));
                    }
                }
            }
            1 => pairs.extend((1..n).map(|v| (v, r.below(v)))),
            2 => pairs.extend((1..n).map(|v| (0, v))),
            3 => pairs.extend((1..n).map(|v| (v - 1, v))),
            4 => pairs.extend((0..n + n / 2).map(|_| (r.below(n), r.below(n)))),
            _ => {
                // Turns: arcs 2i and 2i + 1 are the directions of road i between random close junctions.
                let roads: Vec<(usize, usize)> = (0..n / 2).map(|i| (i / 2, i / 2 + 1 + r.below(3))).collect();
                let end = |arc: usize| if arc.is_multiple_of(2) { roads[arc / 2].1 } else { roads[arc / 2].0 };
                let start = |arc: usize| end(arc ^ 1);
                let m = roads.len() * 2;
                pairs.extend(
                    (0..m).flat_map(|a| (0..m).map(move |b| (a, b))).filter(|&(a, b)| end(a) == start(b) && a ^ 1 != b),
                );
            }
        }
        let mut arcs = Vec::new();
        let weight = |r: &mut Random| {
            let component = |r: &mut Random| r.below(spread) as u32;
            let w = Weight { cost: component(r), length: component(r), time: component(r), toll: component(r) };
            (r.below(50) != 0).then_some(w)
        };
        for (a, b) in pairs {
            if r.below(100) >= missing {
                arcs.push((a as u32, b as u32, weight(r)));
            }
            if r.below(100) < two_way {
                arcs.push((b as u32, a as u32, weight(r)));
            }
            if r.below(20) == 0 {
                arcs.push((a as u32, b as u32, weight(r)));
            }
        }
        let xy = (0..n).map(|v| ((v % side) as f64, (v / side) as f64)).collect();
        Self::from_arcs(n, arcs, xy)
    }

    /// Best path from any of the sources to every node: plain Dijkstra on whole tuples.
    pub fn dijkstra(&self, sources: &[(u32, Weight)]) -> Vec<Option<Weight>> {
        let mut best: Vec<Option<Weight>> = vec![None; self.nodes()];
        let mut heap = BinaryHeap::new();
        for &(v, w) in sources {
            heap.push(Reverse((w, v)));
        }
        while let Some(Reverse((w, v))) = heap.pop() {
            if best[v as usize].is_some() {
                continue;
            }
            best[v as usize] = Some(w);
            for arc in self.first_out[v as usize]..self.first_out[v as usize + 1] {
                let head = self.head[arc as usize];
                if let Some(sum) = self.weight[arc as usize].and_then(|a| w.checked_add(a))
                    && best[head as usize].is_none()
                {
                    heap.push(Reverse((sum, head)));
                }
            }
        }
        best
    }

    /// Best path to a set of targets with weights behind them.
    pub fn reach(best: &[Option<Weight>], targets: &[(u32, Weight)]) -> Option<Weight> {
        targets.iter().filter_map(|&(t, w)| best[t as usize]?.checked_add(w)).min()
    }

    /// Recursive bisection by the wider coordinate; the nodes of the lower half that touch the other one separate.
    pub fn bisection_rank(&self) -> Vec<u32> {
        let n = self.nodes();
        let mut neighbours = vec![Vec::new(); n];
        for v in 0..n {
            for &h in &self.head[self.first_out[v] as usize..self.first_out[v + 1] as usize] {
                neighbours[v].push(h);
                neighbours[h as usize].push(v as u32);
            }
        }
        let mut rank = vec![0; n];
        let mut side = vec![0_u32; n];
        let mut stack = vec![((0..n as u32).collect::<Vec<_>>(), n as u32)];
        let mut stamp = 1;
        while let Some((mut nodes, end)) = stack.pop() {
            let width = |f: fn(&(f64, f64)) -> f64, nodes: &[u32]| {
                let at = |v: &u32| f(&self.xy[*v as usize]);
                nodes.iter().map(at).fold(f64::MIN, f64::max) - nodes.iter().map(at).fold(f64::MAX, f64::min)
            };
            let by_x = width(|p| p.0, &nodes) >= width(|p| p.1, &nodes);
            nodes.sort_by(|a, b| {
                let key = |v: u32| if by_x { self.xy[v as usize].0 } else { self.xy[v as usize].1 };
                key(*a).total_cmp(&key(*b)).then(a.cmp(b))
            });
            if nodes.len() <= 2 {
                nodes.iter().zip((0..end).rev()).for_each(|(v, r)| rank[*v as usize] = r);
                continue;
            }
            let upper = nodes.split_off(nodes.len() / 2);
            upper.iter().for_each(|v| side[*v as usize] = stamp);
            let (cut, lower): (Vec<u32>, Vec<u32>) =
                nodes.into_iter().partition(|v| neighbours[*v as usize].iter().any(|u| side[*u as usize] == stamp));
            stamp += 1;
            cut.iter().zip((0..end).rev()).for_each(|(v, r)| rank[*v as usize] = r);
            let end = end - cut.len() as u32;
            let middle = end - upper.len() as u32;
            stack.push((lower, middle));
            stack.push((upper, end));
        }
        rank
    }
}
