//! Customization: the weight of every arc becomes that of the best path over lower nodes.
//!
//! Row `y` is final once all lower triangles `y → x → z` have been relaxed, `x` below `y`. A row is spread out by the depth
//! of its higher ends while it is worked on: no searching. The least weight is unique, so the result does not depend on
//! the number of threads.

use super::arcs::{Arcs, ArcsMut, Done, Over};
use super::cell::{Cell, Scratch, Triangles, relax};
use super::contract::Cch;
use super::elimination_tree::NONE;
use super::lanes::{Lanes, Path};
use super::packed::Packed;
use super::subtrees::{Job, Part, work_on};
use std::sync::{Mutex, PoisonError};

/// Weights of all arcs of a [`Cch`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customized<C: Cell = Packed> {
    pub(super) up: Arcs<C>,
    pub(super) down: Arcs<C>,
}

impl<C: Cell> Default for Customized<C> {
    /// Of no arcs.
    fn default() -> Self {
        Self { up: Arcs::unknown(0), down: Arcs::unknown(0) }
    }
}

impl<C: Cell> Customized<C> {
    /// Customizes; `weight` gives the weight of each input arc.
    #[must_use]
    pub fn new(cch: &Cch, weight: impl Fn(u32) -> C + Sync) -> Self {
        let mut weights = Self::default();
        weights.renew(cch, weight);
        weights
    }

    /// Customizes anew in the memory of the old weights.
    pub fn renew(&mut self, cch: &Cch, weight: impl Fn(u32) -> C + Sync) {
        self.renew_on(Path::best(), cch, weight);
    }

    /// Like [`Customized::renew`], with these instructions. The weights do not depend on them.
    pub fn renew_on(&mut self, path: Path, cch: &Cch, weight: impl Fn(u32) -> C + Sync) {
        let job = Relax { cch, weight: &weight, several: Default::default() };
        work_on(path, cch, &job, self.rows(cch));
        for (arcs, parts) in [&mut self.up, &mut self.down].into_iter().zip(job.several) {
            C::file(arcs, parts.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// All arcs of both halves, to be written.
    pub(super) fn rows(&mut self, cch: &Cch) -> [ArcsMut<'_, C>; 2] {
        [(&mut self.up, &cch.up), (&mut self.down, &cch.down)].map(|(arcs, half)| {
            if arcs.cost.len() != half.arc_count() {
                *arcs = Arcs::unknown(half.arc_count());
            }
            arcs.all()
        })
    }
}

/// Relaxes all triangles.
struct Relax<'a, W> {
    cch: &'a Cch,
    weight: &'a W,
    /// What notes could not name, for each half, in parts of consecutive rows.
    several: [Mutex<Vec<Vec<Over>>>; 2],
}

impl<C: Cell, W: Fn(u32) -> C + Sync> Job for Relax<'_, W> {
    type Cell = C;
    type Scratch = Scratch<C>;
    type Open = [Option<C::Open>; 2];

    fn scratch(&self) -> Scratch<C> {
        Scratch::new(self.cch.height())
    }

    fn work(&self, y: u32) -> usize {
        self.cch.up.lower(y).len() + self.cch.down.lower(y).len()
    }

    #[inline(always)]
    fn rows<L: Lanes>(
        &self,
        l: L,
        y: u32,
        mut part: Part<'_, Self::Open>,
        [up, down]: [Done<'_, C>; 2],
        [up_row, down_row]: [ArcsMut<'_, C>; 2],
        scratch: &mut Scratch<C>,
    ) {
        let Self { cch, weight, .. } = self;
        for (direction, (half, other, second, first, row)) in
            [(&cch.up, &cch.down, up, down, up_row), (&cch.down, &cch.up, down, up, down_row)].into_iter().enumerate()
        {
            let arcs = half.row(y);
            let lower = half.lower(y);
            let cut = |lowest| {
                let first = other.row(lowest).start;
                lower.split_at(lower.partition_point(|l| (l.arc as usize) < first))
            };
            let lower = match part {
                Part::All => lower,
                Part::Below(lowest, _) => cut(lowest).0,
                Part::From(lowest, _) => cut(lowest).1,
            };
            let inputs = half.inputs(y).iter().map(|&[arc, input]| (arc as usize - arcs.start, weight(input)));
            let triangles = Triangles { lower, depth: &half.depth, first, second };
            relax(l, direction, &triangles, inputs, row, &mut part, scratch);
        }
    }

    fn put(&self, scratch: &mut Scratch<C>) {
        for (parts, part) in self.several.iter().zip(&mut scratch.several) {
            if !part.is_empty() {
                parts.lock().unwrap_or_else(PoisonError::into_inner).push(std::mem::take(part));
            }
        }
    }
}

/// Ancestors of a rank, itself first.
pub(crate) fn ancestors(cch: &Cch, rank: u32) -> impl Iterator<Item = u32> + '_ {
    std::iter::successors(Some(rank), |&x| Some(cch.parent[x as usize]).filter(|p| *p != NONE))
}
