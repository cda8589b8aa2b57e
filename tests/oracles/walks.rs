//! Which walks over the nodes of an extract are legal, and the shortest of them: rules are read off the history itself.
//!
//! A state is the end of the walk as long as the longest restriction, and whether the walk is still among the
//! destination-only roads of its start, on free roads, or among those of its end.

use ddu::osm::{Access, Extract, RestrictionKind, Via};
use ddu::scenario::Mode;
use std::collections::{BTreeMap, BTreeSet};

/// From one node of a way to the next: way, its nodes, access by mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub way: usize,
    pub from: u32,
    pub to: u32,
}

pub struct Walks<'a> {
    pub extract: &'a Extract,
    pub steps: Vec<Step>,
    access: BTreeMap<(Step, usize), Access>,
    rules: Vec<(RestrictionKind, Vec<Step>, Step, u8)>,
}

impl<'a> Walks<'a> {
    pub fn new(extract: &'a Extract) -> Self {
        let (mut steps, mut access) = (Vec::new(), BTreeMap::new());
        for (way, w) in extract.ways.iter().enumerate() {
            for pair in w.nodes.windows(2) {
                for (from, to, direction) in [(pair[0], pair[1], w.forward), (pair[1], pair[0], w.backward)] {
                    steps.push(Step { way, from, to });
                    for mode in Mode::ALL {
                        access.insert((Step { way, from, to }, mode as usize), direction.access[mode as usize]);
                    }
                }
            }
        }
        steps.retain(|s| Mode::ALL.iter().any(|m| access[&(*s, *m as usize)] != Access::No));
        let mut walks = Self { extract, steps, access, rules: Vec::new() };
        Mode::ALL.iter().for_each(|mode| walks.shut_gates(*mode as usize));
        for restriction in &extract.restrictions {
            let words = walks.words(restriction.from, &restriction.via, restriction.to);
            for mut word in words {
                let to = word.pop().unwrap();
                walks.rules.push((restriction.kind, word, to, restriction.modes));
            }
        }
        walks
    }

    /// Free roads behind gates become destination-only: all parts that touch a gate, but for the largest part.
    fn shut_gates(&mut self, mode: usize) {
        let barrier = |node: u32| self.extract.nodes[node as usize].barrier[mode];
        if self.extract.nodes.iter().all(|n| n.barrier[mode] != Access::Destination) {
            return;
        }
        let open = |way: usize| self.steps.iter().any(|s| s.way == way && self.access[&(*s, mode)] != Access::No);
        let ways: Vec<usize> = (0..self.extract.ways.len()).filter(|w| open(*w)).collect();
        let nodes = |way: usize| &self.extract.ways[way].nodes;
        let mut parts: Vec<BTreeSet<usize>> = Vec::new();
        for &seed in &ways {
            if parts.iter().any(|part| part.contains(&seed)) {
                continue;
            }
            let mut part = BTreeSet::from([seed]);
            loop {
                let meets = |w: &usize| {
                    nodes(*w).iter().any(|n| barrier(*n) == Access::Yes && part.iter().any(|p| nodes(*p).contains(n)))
                };
                let more: Vec<usize> = ways.iter().copied().filter(|w| !part.contains(w) && meets(w)).collect();
                if more.is_empty() {
                    break;
                }
                part.extend(more);
            }
            parts.push(part);
        }
        let largest = parts.iter().map(BTreeSet::len).max().unwrap_or(0);
        let spared = parts.iter().position(|p| p.len() == largest);
        for (i, part) in parts.iter().enumerate() {
            let gated = part.iter().flat_map(|w| nodes(*w)).any(|n| barrier(*n) == Access::Destination);
            for ((step, m), access) in &mut self.access {
                if Some(i) != spared && gated && *m == mode && part.contains(&step.way) && *access == Access::Yes {
                    *access = Access::Destination;
                }
            }
        }
    }

    /// All words of steps that fit a restriction.
    pub fn words(&self, from: i64, via: &Via, to: i64) -> Vec<Vec<Step>> {
        let back = |a: Step, b: &Step| (a.way, a.from, a.to) == (b.way, b.to, b.from);
        let on = |way: i64| self.steps.iter().copied().filter(move |s| self.extract.ways[s.way].id == way);
        let mut words: Vec<Vec<Step>> = on(from).map(|s| vec![s]).collect();
        let vias = match via {
            Via::Node(node) => {
                words.retain(|w| w[0].to == *node);
                vec![]
            }
            Via::Ways(ways) => ways.clone(),
        };
        for way in &vias {
            let mut all: Vec<Vec<Step>> = Vec::new();
            for word in &words {
                let mut open = vec![word.clone()];
                while let Some(word) = open.pop() {
                    let last = *word.last().unwrap();
                    for next in on(*way).filter(|s| s.from == last.to && !back(last, s) && !word.contains(s)) {
                        let longer = [word.as_slice(), &[next]].concat();
                        all.push(longer.clone());
                        open.push(longer);
                    }
                }
            }
            words = all;
        }
        let u_turn = vias.is_empty() && from == to;
        let closed = words.iter().flat_map(|word| {
            let last = *word.last().unwrap();
            on(to)
                .filter(move |s| s.from == last.to && back(last, s) == u_turn)
                .map(|s| [word.as_slice(), &[s]].concat())
        });
        closed.collect()
    }

    pub fn access(&self, step: Step, mode: Mode) -> Access {
        self.access[&(step, mode as usize)]
    }

    fn retraces(a: Step, b: Step) -> bool {
        (a.from, a.to) == (b.to, b.from)
    }

    fn passes(&self, a: Step, b: Step, mode: Mode) -> bool {
        let free = self.access(a, mode) == Access::Yes && self.access(b, mode) == Access::Yes;
        match self.extract.nodes[a.to as usize].barrier[mode as usize] {
            Access::No => false,
            Access::Destination => !free,
            Access::Yes => true,
        }
    }

    fn may_follow(&self, history: &[Step], b: Step, mode: Mode) -> bool {
        let a = *history.last().unwrap();
        if a.to != b.from || self.access(b, mode) == Access::No {
            return false;
        }
        let fits = if Self::retraces(a, b) {
            !self.steps.iter().any(|c| {
                c.from == a.to
                    && !Self::retraces(a, *c)
                    && self.access(*c, mode) as u8 >= self.access(a, mode) as u8
                    && self.passes(a, *c, mode)
            })
        } else {
            self.passes(a, b, mode)
        };
        let in_force: Vec<_> =
            self.rules.iter().filter(|(_, after, _, m)| m & mode.bit() != 0 && history.ends_with(after)).collect();
        let only_permits = |after: &Vec<Step>| {
            in_force.iter().any(|(k, other, to, _)| *k == RestrictionKind::Only && other == after && *to == b)
        };
        fits && in_force.iter().all(|(kind, after, to, _)| match kind {
            RestrictionKind::No => *to != b,
            RestrictionKind::Only => only_permits(after),
        })
    }

    /// Micrometres from the entry of one step to the entry of every other that a legal walk reaches.
    pub fn shortest(&self, start: Step, mode: Mode) -> BTreeMap<Step, u64> {
        let memory = self.rules.iter().map(|r| r.1.len()).max().unwrap_or(1);
        let at = |node: u32| self.extract.nodes[node as usize].at;
        let length = |s: Step| (at(s.from).metres_to(at(s.to)) * 1e6).round() as u64;
        let phase = |before: u8, access| match (before, access) {
            (0, Access::Destination) => Some(0),
            (0 | 1, Access::Yes) => Some(1),
            (1 | 2, Access::Destination) => Some(2),
            _ => None,
        };
        let mut reached = BTreeMap::new();
        let mut done = BTreeSet::new();
        let mut queue = BTreeSet::new();
        queue.extend(phase(0, self.access(start, mode)).map(|p| (0_u64, vec![start], p)));
        while let Some((cost, history, before)) = queue.pop_first() {
            if !done.insert((history.clone(), before)) {
                continue;
            }
            let last = *history.last().unwrap();
            reached.entry(last).or_insert(cost);
            for &next in &self.steps {
                if let Some(p) =
                    phase(before, self.access(next, mode)).filter(|_| self.may_follow(&history, next, mode))
                {
                    let longer = [history.as_slice(), &[next]].concat();
                    let kept = longer[longer.len().saturating_sub(memory)..].to_vec();
                    queue.insert((cost + length(last), kept, p));
                }
            }
        }
        reached
    }
}
