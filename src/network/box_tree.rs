//! Boxes that meet a window: a packed R-tree.
//!
//! Boxes are sorted along a Morton curve and joined by sixteens, level by level, until one is left; a query walks down
//! from it. Sorting is all the work there is, and it runs in parallel. Kamel, Faloutsos: On Packing R-trees (CIKM 1993),
//! with another curve. Integers only.

use crate::lonlat::{Bounds, LonLat};
use rayon::prelude::*;

/// Boxes in a node.
const NODE: usize = 16;

/// A static R-tree over numbered boxes.
pub(super) struct BoxTree {
    /// Number of each box of the lowest level.
    number: Vec<u32>,
    /// Levels from the lowest up; box `i` of one joins `NODE * i..NODE * (i + 1)` of the one below.
    levels: Vec<Vec<Bounds>>,
}

impl BoxTree {
    /// Builds the tree over numbered boxes. Runs in the current rayon pool.
    pub(super) fn new(mut boxes: Vec<(u32, Bounds)>) -> Self {
        boxes.par_sort_by_cached_key(|(number, bounds)| (morton(middle(bounds)), *number));
        let number = boxes.iter().map(|(number, _)| *number).collect();
        let mut levels: Vec<Vec<Bounds>> = vec![boxes.into_iter().map(|(_, bounds)| bounds).collect()];
        while let Some(last) = levels.last().filter(|level| level.len() > 1) {
            let above = last.chunks(NODE).filter_map(around).collect();
            levels.push(above);
        }
        Self { number, levels }
    }

    /// Numbers of the boxes that meet the window, borders included, in no particular order.
    pub(super) fn meeting(&self, window: &Bounds) -> Vec<u32> {
        let mut found = Vec::new();
        let top = self.levels.len() - 1;
        let mut open: Vec<(usize, usize)> = (0..self.levels[top].len()).map(|i| (top, i)).collect();
        while let Some((level, at)) = open.pop() {
            if !meet(&self.levels[level][at], window) {
                continue;
            }
            if level == 0 {
                found.push(self.number[at]);
                continue;
            }
            let end = (NODE * (at + 1)).min(self.levels[level - 1].len());
            open.extend((NODE * at..end).map(|i| (level - 1, i)));
        }
        found
    }
}

const fn meet(a: &Bounds, b: &Bounds) -> bool {
    a.min.lon_e7 <= b.max.lon_e7
        && b.min.lon_e7 <= a.max.lon_e7
        && a.min.lat_e7 <= b.max.lat_e7
        && b.min.lat_e7 <= a.max.lat_e7
}

fn around(node: &[Bounds]) -> Option<Bounds> {
    Bounds::around(node.iter().flat_map(|b| [b.min, b.max]))
}

const fn middle(b: &Bounds) -> LonLat {
    LonLat { lon_e7: b.min.lon_e7.midpoint(b.max.lon_e7), lat_e7: b.min.lat_e7.midpoint(b.max.lat_e7) }
}

/// Position along the Z-curve: the bits of both coordinates in turn.
const fn morton(p: LonLat) -> u64 {
    const fn spread(v: i32) -> u64 {
        let mut x = (v.cast_unsigned() ^ 1 << 31) as u64;
        x = (x | x << 16) & 0x0000_ffff_0000_ffff;
        x = (x | x << 8) & 0x00ff_00ff_00ff_00ff;
        x = (x | x << 4) & 0x0f0f_0f0f_0f0f_0f0f;
        x = (x | x << 2) & 0x3333_3333_3333_3333;
        (x | x << 1) & 0x5555_5555_5555_5555
    }
    spread(p.lon_e7) | spread(p.lat_e7) << 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bounds((lon, lat, width, height): (i32, i32, i32, i32)) -> Bounds {
        let min = LonLat { lon_e7: lon, lat_e7: lat };
        Bounds { min, max: LonLat { lon_e7: lon + width, lat_e7: lat + height } }
    }

    proptest! {
        #[test]
        fn finds_what_a_look_at_every_box_finds(
            boxes in prop::collection::vec((-60..60, -60..60, 0..9, 0..9), 0..300),
            window in (-70..60, -70..60, 0..40, 0..40),
        ) {
            let boxes: Vec<(u32, Bounds)> = (0..).zip(boxes.into_iter().map(bounds)).collect();
            let window = bounds(window);
            let mut found = BoxTree::new(boxes.clone()).meeting(&window);
            found.sort_unstable();
            let all = boxes.iter().filter(|(_, b)| meet(b, &window)).map(|(i, _)| *i);
            prop_assert_eq!(found, all.collect::<Vec<u32>>());
        }
    }

    #[test]
    fn the_curve_takes_the_whole_globe() {
        let at = |lon_e7, lat_e7| morton(LonLat { lon_e7, lat_e7 });
        assert_eq!(at(i32::MIN, i32::MIN), 0);
        assert_eq!(at(i32::MAX, i32::MAX), u64::MAX);
        assert_eq!(at(i32::MAX, i32::MIN), 0x5555_5555_5555_5555);
    }
}
