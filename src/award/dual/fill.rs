//! How the capacity that a choice leaves may be filled.
//!
//! Fills that are worth at least a floor are mixtures of *corners*: where all fit, all in full; else some in full, at most
//! one in part, the rest not at all; or, between a corner that is worth enough and one that is not, where a mixture of both
//! is just worth enough. (The corners of a polytope cut by a half-space are its own on one side, and where its edges cross.)

/// The fills of a choice.
pub(super) struct Filling<'a> {
    /// (slope, most pieces, option), steepest first.
    pub(super) fills: &'a [(i64, i64, u32)],
    /// The one that may be in part.
    pub(super) part: usize,
    /// Least worth of interest.
    pub(super) floor: i64,
}

/// What a fill is worth, and its pieces.
pub(super) type Filled = (i64, Vec<i64>);

impl Filling<'_> {
    /// All corners for so many pieces left; the first holds every one where all fit.
    pub(super) fn corners(mut self, room: i64) -> Vec<Filled> {
        let all: Vec<i64> = self.fills.iter().map(|f| f.1).collect();
        if all.iter().sum::<i64>() <= room {
            return vec![(self.worth(&all), all)];
        }
        let mut found = Vec::new();
        for part in 0..self.fills.len() {
            self.part = part;
            self.descend(0, room, 0, &mut vec![0; all.len()], &mut found);
        }
        for at in 0..found.len() {
            let (worth, pieces) = found[at].clone();
            self.edges(worth, &pieces, &mut found);
        }
        found
    }

    fn worth(&self, pieces: &[i64]) -> i64 {
        self.fills.iter().zip(pieces).map(|(f, p)| f.0 * p).sum()
    }

    /// Decides the fills from `at` on; those taken so far are worth `worth`, `room` is left.
    fn descend(&self, at: usize, room: i64, worth: i64, pieces: &mut Vec<i64>, found: &mut Vec<Filled>) {
        let (slope, most, _) = self.fills[self.part];
        // Steepest first into the room, the one in part among them, bounds what is to come.
        let (mut reach, mut free) = (worth, room);
        for (i, (slope, extra, _)) in self.fills.iter().enumerate() {
            if i >= at || i == self.part {
                let more = (*extra).min(free);
                reach += slope * more;
                free -= more;
            }
        }
        if reach < self.floor {
            return;
        }
        if at == self.fills.len() {
            // In full it is found elsewhere, and so is nothing of it, unless it is the first of which there is nothing.
            let twice = room == 0 && (0..self.part).any(|i| pieces[i] == 0);
            if room < most && !twice {
                let mut pieces = pieces.clone();
                pieces[self.part] = room;
                found.push((worth + slope * room, pieces));
            }
            return;
        }
        let (slope, extra, _) = self.fills[at];
        if at != self.part && extra <= room {
            pieces[at] = extra;
            self.descend(at + 1, room - extra, worth + slope * extra, pieces, found);
            pieces[at] = 0;
        }
        self.descend(at + 1, room, worth, pieces, found);
    }

    /// Where pieces go from one fill to a less steep one until what is left is just worth enough.
    fn edges(&self, worth: i64, pieces: &[i64], found: &mut Vec<Filled>) {
        for (from, (steep, ..)) in self.fills.iter().enumerate().filter(|(i, _)| pieces[*i] > 0) {
            for (to, (flat, most, _)) in self.fills.iter().enumerate().filter(|(i, f)| pieces[*i] < f.1) {
                let (loss, moved) = (steep - flat, pieces[from].min(most - pieces[to]));
                if loss <= 0 || worth - loss * moved >= self.floor {
                    continue;
                }
                let moved = ((worth - self.floor) / loss + 1).min(moved);
                let mut pieces = pieces.to_vec();
                pieces[from] -= moved;
                pieces[to] += moved;
                found.push((worth - loss * moved, pieces));
            }
        }
    }
}
