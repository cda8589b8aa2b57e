//! Weights of one of sixteen profiles, over the triangles that were noted for them.
//!
//! Every triangle that gives an arc its least cost for a profile is noted, so the lexicographic minimum over those noted
//! is that over all: the weights are the same as if all had been relaxed, for about an eighth of the triangles (New York).

use super::arcs::{Arcs, ArcsMut, Done};
use super::contract::Cch;
use super::customize::Customized;
use super::lanes::{Lanes, Path};
use super::packed::Packed;
use super::sixteen::{Note, Sixteen};
use super::subtrees::{Job, Part, work_on};

impl Customized<Sixteen> {
    /// Customizes for one of the profiles whose costs these are; `weight` gives the weight of each input arc.
    #[must_use]
    pub fn one(&self, cch: &Cch, weight: impl Fn(u32) -> Packed + Sync) -> Customized {
        let mut one = Customized::default();
        self.one_into(cch, weight, &mut one);
        one
    }

    /// Like [`Customized::one`], in the memory of old weights.
    pub fn one_into(&self, cch: &Cch, weight: impl Fn(u32) -> Packed + Sync, one: &mut Customized) {
        work_on(Path::best(), cch, &OverNoted { cch, weights: self, weight: &weight }, one.rows(cch));
    }
}

struct OverNoted<'a, W> {
    cch: &'a Cch,
    weights: &'a Customized<Sixteen>,
    weight: &'a W,
}

impl<W: Fn(u32) -> Packed + Sync> Job for OverNoted<'_, W> {
    type Cell = Packed;
    type Scratch = ();
    type Open = ();

    fn scratch(&self) {}

    /// None is left off.
    fn work(&self, _: u32) -> usize {
        0
    }

    #[inline(always)]
    fn rows<L: Lanes>(
        &self,
        _: L,
        y: u32,
        part: Part<'_, ()>,
        [up, down]: [Done<'_, Packed>; 2],
        [up_row, down_row]: [ArcsMut<'_, Packed>; 2],
        (): &mut (),
    ) {
        if matches!(part, Part::Below(..)) {
            return;
        }
        let Self { cch, weights, weight } = self;
        for (half, arcs, first, second, row) in
            [(&cch.up, &weights.up, down, up, up_row), (&cch.down, &weights.down, up, down, down_row)]
        {
            row.cost.fill(Packed::INFINITE);
            for &[arc, input] in half.inputs(y) {
                let known = &mut row.cost[arc as usize - row.base];
                *known = (*known).min(weight(input));
            }
            relax(arcs, first, second, row);
        }
    }
}

/// Relaxes the noted triangles of a row.
#[inline(always)]
fn relax(arcs: &Arcs<Sixteen>, first: Done<Packed>, second: Done<Packed>, row: ArcsMut<Packed>) {
    let over = |down: u32, up: u32| first.cost[down as usize - first.base].plus(second.cost[up as usize - second.base]);
    let notes = &arcs.note[row.base..][..row.cost.len()];
    for ((known, note), arc) in row.cost.iter_mut().zip(notes).zip(row.base..) {
        match *note {
            Note::NONE => {}
            Note { first: Note::SEVERAL, .. } => {
                let least = arcs.several_over(arc).map(|o| over(o.first, o.second)).min();
                *known = (*known).min(least.unwrap_or(Packed::INFINITE));
            }
            Note { first, second } => *known = (*known).min(over(first, second)),
        }
    }
}
