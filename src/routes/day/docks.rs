//! Slots of docks: at most so many vehicles unload at a unit at the same time, whoever sends them.

use crate::ids::DduIx;
use crate::scenario::Scenario;

/// When vehicles unload at each unit, in milliseconds of the Unix epoch.
#[derive(Clone, Debug)]
pub struct Docks {
    slots: Vec<Option<u32>>,
    /// By unit: from when, and until when (exclusive).
    taken: Vec<Vec<(i64, i64)>>,
}

impl Docks {
    /// All docks of a scenario, free.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let slots: Vec<_> = scenario.ddus.iter().map(|unit| unit.dock_slots).collect();
        Self { taken: vec![Vec::new(); slots.len()], slots }
    }

    /// The same docks with room for all.
    #[must_use]
    pub fn without_limits(mut self) -> Self {
        self.slots.iter_mut().for_each(|slots| *slots = None);
        self
    }

    /// Holds a slot.
    pub fn take(&mut self, ddu: DduIx, from: i64, until: i64) {
        self.taken[ddu.index()].push((from, until));
    }

    /// Gives a slot back.
    pub fn release(&mut self, ddu: DduIx, from: i64, until: i64) {
        let taken = &mut self.taken[ddu.index()];
        if let Some(at) = taken.iter().position(|held| *held == (from, until)) {
            taken.swap_remove(at);
        }
    }

    /// Whether a slot is free all the time. A vehicle of no time at the dock needs none.
    #[must_use]
    pub fn free(&self, ddu: DduIx, from: i64, until: i64) -> bool {
        let Some(slots) = self.slots[ddu.index()] else { return true };
        let within: Vec<(i64, i64)> =
            self.taken[ddu.index()].iter().copied().filter(|held| held.0 < until && from < held.1).collect();
        // The most are there at once when one of them, or this one, has just begun.
        let starts = within.iter().map(|held| held.0.max(from)).chain([from]);
        let most = starts.map(|at| within.iter().filter(|held| held.0 <= at && at < held.1).count()).max();
        from >= until || most.unwrap_or(0) < slots as usize
    }

    /// The first begin from `from` to `last` at which a slot is free for `length`.
    #[must_use]
    pub fn first_free(&self, ddu: DduIx, from: i64, last: i64, length: i64) -> Option<i64> {
        let ends = self.taken[ddu.index()].iter().map(|held| held.1).filter(|end| *end > from);
        let mut begins: Vec<i64> = ends.chain([from]).filter(|at| *at <= last).collect();
        begins.sort_unstable();
        begins.into_iter().find(|at| self.free(ddu, *at, at + length))
    }

    /// The last begin from `from` to `last` at which a slot is free for `length`.
    #[must_use]
    pub fn last_free(&self, ddu: DduIx, from: i64, last: i64, length: i64) -> Option<i64> {
        let before = self.taken[ddu.index()].iter().map(|held| held.0 - length).filter(|at| *at < last);
        let mut begins: Vec<i64> = before.chain([last]).filter(|at| *at >= from).collect();
        begins.sort_unstable();
        begins.into_iter().rev().find(|at| self.free(ddu, *at, at + length))
    }

    /// The longest span of begins within `from..=last` in which a slot is free for `length` throughout; of equally long
    /// ones the first. Empty spans of one instant count.
    #[must_use]
    pub fn longest_free(&self, ddu: DduIx, from: i64, last: i64, length: i64) -> Option<(i64, i64)> {
        let mut best: Option<(i64, i64)> = None;
        let mut at = self.first_free(ddu, from, last, length);
        while let Some(first) = at {
            // Up to the next vehicle that would not let it finish.
            let taken = self.taken[ddu.index()].iter().map(|held| held.0 - length).filter(|end| *end >= first);
            let mut ends: Vec<i64> = taken.chain([last]).filter(|end| *end <= last).collect();
            ends.sort_unstable();
            let mut until = first;
            for end in ends {
                let next_fits = end == last || self.free(ddu, end + 1, end + 1 + length);
                until = end;
                if !next_fits {
                    break;
                }
            }
            if best.is_none_or(|(a, b)| until - first > b - a) {
                best = Some((first, until));
            }
            at = self.first_free(ddu, until + 1, last, length);
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docks(slots: u32, taken: &[(i64, i64)]) -> Docks {
        Docks { slots: vec![Some(slots)], taken: vec![taken.to_vec()] }
    }

    /// Every question against trying each instant.
    #[test]
    fn free_spans_equal_trying_every_begin() {
        const UNIT: DduIx = DduIx(0);
        for case in 0_i64..3_000 {
            let part = |k: u32, m: i64| ((case.wrapping_mul(2_654_435_761).rotate_left(k * 7)) >> 5).rem_euclid(m);
            let taken: Vec<(i64, i64)> = (0..part(0, 6))
                .map(|i| (part(1 + i as u32, 20), i))
                .map(|(a, i)| (a, a + 1 + part(9 + i as u32, 6)))
                .collect();
            let slots = u32::try_from(part(20, 3)).unwrap();
            let docks = docks(slots, &taken);
            let (from, length) = (part(21, 8), 1 + part(22, 4));
            let last = from + part(23, 20);
            let plain = |at: i64| {
                (at..at + length).all(|t| taken.iter().filter(|h| h.0 <= t && t < h.1).count() < slots as usize)
            };
            let all: Vec<i64> = (from..=last).filter(|at| plain(*at)).collect();
            assert_eq!(docks.first_free(UNIT, from, last, length), all.first().copied(), "case {case}");
            assert_eq!(docks.last_free(UNIT, from, last, length), all.last().copied(), "case {case}");
            let mut longest: Option<(i64, i64)> = None;
            for (i, &a) in all.iter().enumerate() {
                let run = all[i..].iter().zip(a..).take_while(|(at, expected)| **at == *expected).count() as i64;
                if longest.is_none_or(|(x, y)| run - 1 > y - x) {
                    longest = Some((a, a + run - 1));
                }
            }
            assert_eq!(
                docks.longest_free(UNIT, from, last, length),
                longest,
                "case {case}: {taken:?} {from} {last} {length}"
            );
        }
    }
}
