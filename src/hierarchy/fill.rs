//! Which arcs the hierarchy has: symbolic factorization of a directed graph along its elimination tree.
//!
//! Eliminating `x` joins every `y → x` to every `x → z`. So the upward row of `y` holds its own arcs and, for each lower
//! `x` with an arc `y → x`, what lies above `y` in the upward row of `x`; downward likewise. Arcs that can never become
//! finite, whatever the weights, do not arise. Most `x` need no look: where a higher `s` has arcs to and from `x`, the
//! rows of `s` hold all that `x` has above `s` (symmetric reduction: Eisenstat, Liu, SIAM J. Matrix Anal. Appl. 13,
//! 1992). So a row is the union of few others, and the work is near the length of all rows.
//!
//! Higher ends are ancestors, so a depth names one of them, and a set of them is a bitset of depths. Bands of whole
//! subtrees are filled in parallel, the nodes above them afterwards.

use super::elimination_tree::{Ancestry, Band, NONE};
use super::error::HierarchyError;
use super::links::{Links, limit};
use rayon::prelude::*;
use std::ops::Range;

/// Positions of the two directions in pairs: arcs to higher nodes, arcs from higher nodes.
const UP: usize = 0;
const DOWN: usize = 1;
const BOTH: [usize; 2] = [UP, DOWN];

/// The arcs of one direction.
#[derive(Default)]
pub(super) struct Arcs {
    /// Rows by rank.
    pub(super) first: Vec<u32>,
    /// Rank of the higher end, ascending in each row.
    pub(super) head: Vec<u32>,
    /// Depth of the higher end.
    pub(super) depth: Vec<u32>,
}

impl Arcs {
    /// Arc of row `x` whose higher end is `y`.
    pub(super) fn find(&self, x: u32, y: u32) -> Option<u32> {
        let start = self.first[x as usize];
        let row = &self.head[start as usize..self.first[x as usize + 1] as usize];
        u32::try_from(row.binary_search(&y).ok()?).ok().map(|at| start + at)
    }
}

/// Fills the rows of both directions, upward and downward; `own` holds the higher ends of each rank's own arcs.
///
/// # Errors
/// When a direction needs more than 2^32 - 2 arcs.
pub(super) fn fill(ancestry: Ancestry<'_>, own: [&Links; 2]) -> Result<[Arcs; 2], HierarchyError> {
    let bands = ancestry.bands();
    let below = |worker: &mut Worker<'_>, band: &Band| {
        let nothing = Rows::new(0..0);
        if !band.whole {
            return (nothing, Vec::new());
        }
        worker.begin(band.ranks.clone());
        (worker.fill(band.ranks.clone(), &[]), std::mem::take(&mut worker.beyond))
    };
    let filled: Vec<_> = bands.par_iter().map_init(|| Worker::new(ancestry, own), below).collect();
    let mut top = Worker::new(ancestry, own);
    top.begin(0..ancestry.node_count());
    let mut rows: Vec<Rows> = Vec::with_capacity(bands.len());
    for (band, (filled, beyond)) in bands.into_iter().zip(filled) {
        beyond.into_iter().for_each(|walker| top.wait(walker));
        rows.push(if band.whole { filled } else { top.fill(band.ranks, &rows) });
    }
    drop(top);
    join(ancestry, rows)
}

/// Finished rows of consecutive ranks: depths of the higher ends, descending, in both directions.
struct Rows {
    ranks: Range<u32>,
    ends: [Vec<usize>; 2],
    depth: [Vec<u32>; 2],
}

impl Rows {
    fn new(ranks: Range<u32>) -> Self {
        let ends = BOTH.map(|_| Vec::with_capacity(ranks.len()));
        Self { ranks, ends, depth: [Vec::new(), Vec::new()] }
    }

    fn row(&self, direction: usize, x: u32) -> &[u32] {
        let (ends, place) = (&self.ends[direction], (x - self.ranks.start) as usize);
        let start = if place == 0 { 0 } else { ends[place - 1] };
        &self.depth[direction][start..ends[place]]
    }
}

/// A finished row on its way to the rows that it belongs to.
#[derive(Clone, Copy)]
struct Walker {
    /// Whose row.
    node: u32,
    /// Of which direction. It visits the higher ends of the other one.
    direction: usize,
    /// Position of the next visit in the other row.
    at: u32,
    /// Depth of the lowest node joined to this one in both directions: the last to visit.
    last: u32,
    /// Rank of the next visit.
    to: u32,
    /// Next one that waits for the same rank.
    next: u32,
}

/// Fills the rows of ascending ranks; its memory is used again.
struct Worker<'a> {
    own: [&'a Links; 2],
    path: Path<'a>,
    ranks: Range<u32>,
    /// First walker that waits for each rank, by direction.
    waiting: [Vec<u32>; 2],
    walkers: Vec<Walker>,
    /// Walkers that have left the ranks.
    beyond: Vec<Walker>,
    set: [DepthSet; 2],
}

impl<'a> Worker<'a> {
    fn new(ancestry: Ancestry<'a>, own: [&'a Links; 2]) -> Self {
        Self {
            own,
            path: Path::new(ancestry),
            ranks: 0..0,
            waiting: Default::default(),
            walkers: Vec::new(),
            beyond: Vec::new(),
            set: BOTH.map(|_| DepthSet::new(ancestry.height)),
        }
    }

    /// Prepares for ranks above all earlier ones.
    fn begin(&mut self, ranks: Range<u32>) {
        for waiting in &mut self.waiting {
            waiting.clear();
            waiting.resize(ranks.len(), NONE);
        }
        self.walkers.clear();
        self.ranks = ranks;
    }

    /// Fills rows; those of lower ranks that have not been filled by this call are in `earlier`.
    fn fill(&mut self, ranks: Range<u32>, earlier: &[Rows]) -> Rows {
        let mut rows = Rows::new(ranks.clone());
        for y in ranks {
            self.path.enter(y);
            for direction in BOTH {
                let depth = self.path.ancestry.depth;
                self.own[direction].row(y).iter().for_each(|&z| self.set[direction].insert(depth[z as usize]));
                let place = (y - self.ranks.start) as usize;
                let mut next = std::mem::replace(&mut self.waiting[direction][place], NONE);
                while next != NONE {
                    let walker = self.walkers[next as usize];
                    self.visit(next, depth[y as usize], holding(earlier, &rows, walker.node));
                    next = walker.next;
                }
            }
            let last = self.set[UP].deepest_common(&self.set[DOWN]).unwrap_or(0);
            for direction in BOTH {
                self.set[direction].drain_to(&mut rows.depth[direction]);
                rows.ends[direction].push(rows.depth[direction].len());
            }
            for direction in BOTH {
                let walker = Walker { node: y, direction, at: 0, last, to: NONE, next: NONE };
                if let Some(walker) = self.directed(walker, &rows) {
                    self.wait(walker);
                }
            }
        }
        rows
    }

    /// Adds a walker's row to that of a node, and sends it on.
    fn visit(&mut self, index: u32, depth: u32, rows: &Rows) {
        let walker = self.walkers[index as usize];
        let row = rows.row(walker.direction, walker.node);
        row.iter().rev().take_while(|d| **d < depth).for_each(|&d| self.set[walker.direction].insert(d));
        let Some(walker) = self.directed(Walker { at: walker.at + 1, ..walker }, rows) else { return };
        self.walkers[index as usize] = walker;
        self.link(index);
    }

    /// The walker with its next destination, if there is one where its row adds something.
    fn directed(&self, walker: Walker, rows: &Rows) -> Option<Walker> {
        let depth = *rows.row(1 - walker.direction, walker.node).get(walker.at as usize)?;
        let highest = *rows.row(walker.direction, walker.node).last()?;
        let wanted = depth >= walker.last && depth > highest;
        wanted.then(|| Walker { to: self.path.at[depth as usize], ..walker })
    }

    fn wait(&mut self, walker: Walker) {
        #[allow(clippy::cast_possible_truncation)] // at most two a rank, of half as many ranks as fit
        let index = self.walkers.len() as u32;
        self.walkers.push(walker);
        self.link(index);
    }

    fn link(&mut self, index: u32) {
        let walker = &mut self.walkers[index as usize];
        if walker.to >= self.ranks.end {
            self.beyond.push(*walker);
            return;
        }
        let first = &mut self.waiting[walker.direction][(walker.to - self.ranks.start) as usize];
        walker.next = std::mem::replace(first, index);
    }
}

/// The rows among which those of `x` are.
fn holding<'r>(earlier: &'r [Rows], rows: &'r Rows, x: u32) -> &'r Rows {
    if x >= rows.ranks.start {
        return rows;
    }
    &earlier[earlier.partition_point(|rows| rows.ranks.end <= x)]
}

/// The ancestors of the node entered last, by depth.
struct Path<'a> {
    ancestry: Ancestry<'a>,
    at: Vec<u32>,
}

impl<'a> Path<'a> {
    fn new(ancestry: Ancestry<'a>) -> Self {
        Self { ancestry, at: vec![NONE; ancestry.height] }
    }

    /// Goes to a node with a higher rank than the one before. In a postorder a subtree that was left is never entered
    /// again, so all above an ancestor that is in its place are in theirs: the walk up is linear over all nodes.
    fn enter(&mut self, x: u32) {
        let mut next = x;
        while next != NONE {
            let place = &mut self.at[self.ancestry.depth[next as usize] as usize];
            if *place == next {
                break;
            }
            *place = next;
            next = self.ancestry.parent[next as usize];
        }
    }
}

/// A set of depths.
struct DepthSet {
    words: Vec<u64>,
    /// Words that may hold something: from `start` to before `end`.
    start: usize,
    end: usize,
}

impl DepthSet {
    fn new(height: usize) -> Self {
        Self { words: vec![0; height.div_ceil(64)], start: usize::MAX, end: 0 }
    }

    #[inline]
    fn insert(&mut self, depth: u32) {
        let word = (depth / 64) as usize;
        self.words[word] |= 1 << (depth % 64);
        (self.start, self.end) = (self.start.min(word), self.end.max(word + 1));
    }

    #[allow(clippy::cast_possible_truncation)] // depths fit 32 bits
    fn deepest_common(&self, other: &Self) -> Option<u32> {
        let both = self.start.max(other.start)..self.end.min(other.end);
        let common = both.rev().map(|word| (word, self.words[word] & other.words[word])).find(|(_, bits)| *bits != 0);
        common.map(|(word, bits)| word as u32 * 64 + 63 - bits.leading_zeros())
    }

    /// Empties the set; descending.
    #[allow(clippy::cast_possible_truncation)] // depths fit 32 bits
    fn drain_to(&mut self, depths: &mut Vec<u32>) {
        for word in (self.start..self.end).rev() {
            let mut bits = std::mem::take(&mut self.words[word]);
            while bits != 0 {
                let bit = 63 - bits.leading_zeros();
                depths.push(word as u32 * 64 + bit);
                bits ^= 1 << bit;
            }
        }
        (self.start, self.end) = (usize::MAX, 0);
    }
}

/// Puts the rows one behind the other.
#[allow(clippy::cast_possible_truncation)] // totals are checked by `limit`
fn join(ancestry: Ancestry<'_>, rows: Vec<Rows>) -> Result<[Arcs; 2], HierarchyError> {
    let mut arcs = [Arcs::default(), Arcs::default()];
    let mut parts: Vec<(Rows, Vec<Part<'_>>)> = Vec::with_capacity(rows.len());
    for (direction, arcs) in arcs.iter_mut().enumerate() {
        let total = rows.iter().map(|rows| rows.depth[direction].len()).sum();
        limit(total as u64)?;
        arcs.first = vec![0; ancestry.depth.len() + 1];
        arcs.head = vec![0; total];
        arcs.depth = vec![0; total];
    }
    parts.extend(rows.into_iter().map(|rows| (rows, Vec::with_capacity(2))));
    for (direction, arcs) in arcs.iter_mut().enumerate() {
        let mut before = 0;
        let (mut ends, mut head, mut depth) = (&mut arcs.first[1..], &mut arcs.head[..], &mut arcs.depth[..]);
        for (rows, part) in &mut parts {
            let own = rows.depth[direction].len();
            let (ends, head, depth) = (cut(&mut ends, rows.ranks.len()), cut(&mut head, own), cut(&mut depth, own));
            part.push(Part { before, ends, head, depth });
            before += own as u32;
        }
    }
    parts.into_par_iter().for_each_init(
        || Path::new(ancestry),
        |path, (rows, mut parts)| {
            for x in rows.ranks.clone() {
                path.enter(x);
                for (direction, part) in parts.iter_mut().enumerate() {
                    let (row, ends) = (rows.row(direction, x), &rows.ends[direction]);
                    let place = (x - rows.ranks.start) as usize;
                    part.ends[place] = part.before + ends[place] as u32;
                    let start = ends[place] - row.len();
                    part.depth[start..ends[place]].copy_from_slice(row);
                    let heads = &mut part.head[start..ends[place]];
                    heads.iter_mut().zip(row).for_each(|(head, d)| *head = path.at[*d as usize]);
                }
            }
        },
    );
    Ok(arcs)
}

/// Where the rows of a band go.
struct Part<'a> {
    before: u32,
    ends: &'a mut [u32],
    head: &'a mut [u32],
    depth: &'a mut [u32],
}

/// Cuts the front off a slice.
fn cut<'a>(slice: &mut &'a mut [u32], length: usize) -> &'a mut [u32] {
    let (front, rest) = std::mem::take(slice).split_at_mut(length);
    *slice = rest;
    front
}
