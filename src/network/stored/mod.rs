//! A network as sections of a flat file ([`crate::flat_file`]).
//!
//! Arrays of numbers stay where the file is mapped; the rows of segments and arcs, which hold values that not every byte
//! stands for, are read one by one. Nothing is trusted: every index is checked before a network comes out, so that later
//! stages may index without looking.

mod check;
mod rows;

use super::{NetworkCounts, RoadArc, RoadNetwork, Segment};
use crate::flat_file::{Fault, FlatFile, Sections};
use crate::lonlat::{Bounds, LonLat};
use crate::osm::WayLimits;
use rayon::prelude::*;
use rows::{ArcRow, SegmentRow};

impl RoadNetwork {
    /// Adds the network to a file to be written.
    pub fn store<'a>(&'a self, file: &mut Sections<'a>) {
        let limits = self.limits.iter().map(|l| [l.height_mm, l.width_mm, l.length_mm, l.weight_kg]);
        file.add_rows("network.counts", self.counts.rows().map(|(_, count)| count).to_vec());
        file.add_rows("network.bounds", self.bounds.iter().flat_map(|b| [b.min, b.max]).collect());
        file.add("network.junctions", &self.junctions);
        file.add_rows("network.limits", limits.collect());
        file.add_rows("network.segments", self.segments.iter().map(SegmentRow::from).collect());
        file.add("network.first_shape", &self.first_shape);
        file.add("network.shape", &self.shape);
        file.add_rows("network.arcs", self.arcs.iter().map(ArcRow::from).collect());
        file.add("network.first_arc", &self.first_arc);
        file.add("network.first_out", &self.first_out);
        file.add("network.head", &self.head);
        file.add("network.turn", &self.turn);
    }

    /// Takes a network from a file. Runs in the current rayon pool.
    ///
    /// # Errors
    /// When the sections are others, an index is out of range, or rows do not belong together.
    pub fn restore(file: &mut FlatFile) -> Result<Self, Fault> {
        let counts = file.take::<u64>("network.counts")?;
        let [empty_loops, zero_length, restrictions, restrictions_unmatched, restrictions_ambiguous, gated_segments] =
            counts[..]
        else {
            return Err("counts");
        };
        let bounds = match file.take::<LonLat>("network.bounds")?[..] {
            [] => None,
            [min, max] => Some(Bounds { min, max }),
            _ => return Err("bounds"),
        };
        let junctions = file.take("network.junctions")?;
        let limits = file.take::<[u32; 4]>("network.limits")?;
        let limits = limits.iter().map(|&[height_mm, width_mm, length_mm, weight_kg]| WayLimits {
            height_mm,
            width_mm,
            length_mm,
            weight_kg,
        });
        let segments = file.take::<SegmentRow>("network.segments")?;
        let first_shape = file.take("network.first_shape")?;
        let shape = file.take("network.shape")?;
        let arcs = file.take::<ArcRow>("network.arcs")?;
        let network = Self {
            junctions,
            segments: segments.par_iter().map(|row| Segment::try_from(*row)).collect::<Result<_, _>>()?,
            first_shape,
            shape,
            limits: limits.collect(),
            arcs: arcs.par_iter().map(|row| RoadArc::try_from(*row)).collect::<Result<_, _>>()?,
            first_arc: file.take("network.first_arc")?,
            first_out: file.take("network.first_out")?,
            head: file.take("network.head")?,
            turn: file.take("network.turn")?,
            bounds,
            counts: NetworkCounts {
                empty_loops,
                zero_length,
                restrictions,
                restrictions_unmatched,
                restrictions_ambiguous,
                gated_segments,
            },
        };
        check::check(&network)?;
        Ok(network)
    }

    /// True when all large arrays lie in a mapped file.
    #[must_use]
    pub fn is_mapped(&self) -> bool {
        let numbers = [&self.first_shape, &self.first_arc, &self.first_out].iter().all(|array| array.is_mapped());
        let points = self.junctions.is_mapped() && self.shape.is_mapped();
        numbers && points && self.head.is_mapped() && self.turn.is_mapped()
    }
}
