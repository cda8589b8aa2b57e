//! One direction of the hierarchy's arcs, with the lists that customization follows.

use super::error::HierarchyError;
use super::fill::Arcs;
use super::links::{accumulate, limit};
use crate::flat_file::Array;
use std::ops::Range;

/// One direction of the arcs between each node and its ancestors; rows by rank of the lower end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Half {
    pub(crate) first: Array<u32>,
    /// Rank of the higher end, ascending in each row.
    pub(crate) head: Array<u32>,
    /// Depth of the higher end.
    pub(crate) depth: Array<u32>,
    /// Lower triangles of row `y`: `lower[lower_first[y]..lower_first[y + 1]]`, by ascending lowest node.
    pub(crate) lower_first: Array<u32>,
    pub(crate) lower: Array<Lower>,
    /// Input arcs of row `y`, ascending: `[arc of this half, input arc]`.
    pub(crate) input_first: Array<u32>,
    pub(crate) input: Array<[u32; 2]>,
}

/// All lower triangles over one arc between `y` and a lower node `x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(crate) struct Lower {
    /// Arc between `x` and `y` in the *other* half.
    pub(crate) arc: u32,
    /// Arcs between `x` and nodes above `y` in *this* half.
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Half {
    pub(super) fn new(arcs: Arcs, lists: Lists) -> Self {
        Self {
            first: arcs.first.into(),
            head: arcs.head.into(),
            depth: arcs.depth.into(),
            lower_first: lists.lower_first.into(),
            lower: lists.lower.into(),
            input_first: lists.input_first.into(),
            input: lists.input.into(),
        }
    }

    /// Number of arcs.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.head.len()
    }

    #[inline]
    pub(crate) fn row(&self, x: u32) -> Range<usize> {
        self.first[x as usize] as usize..self.first[x as usize + 1] as usize
    }

    #[inline]
    pub(crate) fn lower(&self, y: u32) -> &[Lower] {
        &self.lower[self.lower_first[y as usize] as usize..self.lower_first[y as usize + 1] as usize]
    }

    #[inline]
    pub(crate) fn inputs(&self, y: u32) -> &[[u32; 2]] {
        &self.input[self.input_first[y as usize] as usize..self.input_first[y as usize + 1] as usize]
    }
}

/// What customization follows in one half.
pub(super) struct Lists {
    lower_first: Vec<u32>,
    lower: Vec<Lower>,
    input_first: Vec<u32>,
    input: Vec<[u32; 2]>,
}

impl Lists {
    /// Lists for some arcs, `others` being those of the other half; `inputs` gives each input arc of this half as its
    /// lower end, its higher end and its name, twice over. Inputs come ascending.
    pub(super) fn new<I: Iterator<Item = (u32, u32, u32)>>(
        arcs: &Arcs,
        others: &Arcs,
        inputs: impl Fn() -> I,
    ) -> Result<Self, HierarchyError> {
        let n = arcs.first.len() - 1;
        let mut lower_first = vec![0_u32; n + 1];
        let mut count = 0_u64;
        each_lower(arcs, others, |y, _| {
            lower_first[y as usize + 1] += 1;
            count += 1;
        });
        limit(count)?;
        accumulate(&mut lower_first);
        let mut next = lower_first.clone();
        let mut lower: Vec<Lower> = bytemuck::zeroed_vec(lower_first[n] as usize);
        each_lower(arcs, others, |y, triangles| {
            let slot = &mut next[y as usize];
            lower[*slot as usize] = triangles;
            *slot += 1;
        });
        let mut input_first = vec![0_u32; n + 1];
        inputs().for_each(|(low, ..)| input_first[low as usize + 1] += 1);
        accumulate(&mut input_first);
        next.copy_from_slice(&input_first);
        let mut input = vec![[0; 2]; input_first[n] as usize];
        for (low, high, name) in inputs() {
            if let Some(arc) = arcs.find(low, high) {
                let slot = &mut next[low as usize];
                input[*slot as usize] = [arc, name];
                *slot += 1;
            }
        }
        Ok(Self { lower_first, lower, input_first, input })
    }
}

/// Calls back for every arc between `x` and `y` of the other half over which there are triangles, by ascending `x`.
fn each_lower(arcs: &Arcs, others: &Arcs, mut visit: impl FnMut(u32, Lower)) {
    for (row, other) in arcs.first.windows(2).zip(others.first.windows(2)) {
        let (mut start, end) = (row[0], row[1]);
        for arc in other[0]..other[1] {
            let y = others.head[arc as usize];
            while start < end && arcs.head[start as usize] <= y {
                start += 1;
            }
            if start == end {
                break;
            }
            visit(y, Lower { arc, start, end });
        }
    }
}
