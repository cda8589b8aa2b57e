//! Sections and rows of a `.roads` file.

use super::SavedNetwork;
use crate::ids::{ArcIx, JunctionIx, SegmentIx};
use crate::lonlat::{Bounds, LonLat};
use crate::network::{ArcRole, NetworkCounts, RoadArc, RoadNetwork, Segment, TurnByte};
use crate::osm::{Access, WayDirection, WayLimits};
use crate::road_class::RoadClass;
use crate::units::Decimetres;
use bytemuck::{Pod, Zeroable};

/// What is wrong with a file.
type Fault = &'static str;

const ALIGN: usize = 8;
const SECTION_HEADER: usize = 16;

/// Names of sections, in the order in which they are written.
#[derive(Clone, Copy)]
#[repr(u32)]
enum Name {
    Source = 1,
    Counts,
    Bounds,
    Junctions,
    Limits,
    Segments,
    FirstShape,
    Shape,
    Arcs,
    FirstArc,
    FirstOut,
    Head,
    Turn,
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct SegmentRow {
    way: i64,
    from: u32,
    to: u32,
    length: u32,
    duration_ms: u32,
    limits: u16,
    forward_speed: u16,
    backward_speed: u16,
    class: u8,
    toll: u8,
    forward_access: [u8; 3],
    backward_access: [u8; 3],
    zero: [u8; 2],
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct ArcRow {
    segment: u32,
    reverse: u8,
    role: u8,
    zero: [u8; 2],
}

/// Little-endian number at an offset; 0 beyond the end.
pub(super) fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    let number = bytes.get(offset..).and_then(|b| b.first_chunk());
    number.map_or(0, |b| u32::from_le_bytes(*b))
}

/// Little-endian number at an offset; 0 beyond the end.
pub(super) fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    let number = bytes.get(offset..).and_then(|b| b.first_chunk());
    number.map_or(0, |b| u64::from_le_bytes(*b))
}

/// The body of a file.
pub(super) fn encode(network: &RoadNetwork, source: &str) -> Vec<u8> {
    let mut body = Vec::new();
    let counts = network.counts.rows().map(|(_, count)| count);
    let bounds: Vec<LonLat> = network.bounds.iter().flat_map(|b| [b.min, b.max]).collect();
    let limits: Vec<[u32; 4]> =
        network.limits.iter().map(|l| [l.height_mm, l.width_mm, l.length_mm, l.weight_kg]).collect();
    let segments: Vec<SegmentRow> = network.segments.iter().map(SegmentRow::from).collect();
    let arcs: Vec<ArcRow> = network.arcs.iter().map(ArcRow::from).collect();
    let head: Vec<u32> = network.head.iter().map(|arc| arc.0).collect();
    push(&mut body, Name::Source, source.as_bytes());
    push(&mut body, Name::Counts, &counts);
    push(&mut body, Name::Bounds, &bounds);
    push(&mut body, Name::Junctions, &network.junctions);
    push(&mut body, Name::Limits, &limits);
    push(&mut body, Name::Segments, &segments);
    push(&mut body, Name::FirstShape, &network.first_shape);
    push(&mut body, Name::Shape, &network.shape);
    push(&mut body, Name::Arcs, &arcs);
    push(&mut body, Name::FirstArc, &network.first_arc);
    push(&mut body, Name::FirstOut, &network.first_out);
    push(&mut body, Name::Head, &head);
    push(&mut body, Name::Turn, &network.turn);
    body
}

fn push<T: Pod>(body: &mut Vec<u8>, name: Name, rows: &[T]) {
    body.extend((name as u32).to_le_bytes());
    // Rows are small structs of this file.
    body.extend(u32::try_from(size_of::<T>()).unwrap_or(u32::MAX).to_le_bytes());
    body.extend((rows.len() as u64).to_le_bytes());
    body.extend_from_slice(bytemuck::cast_slice(rows));
    body.resize(body.len().next_multiple_of(ALIGN), 0);
}

/// The body of a file, to be taken apart.
pub(super) struct Sections<'a> {
    body: &'a [u8],
}

impl<'a> Sections<'a> {
    pub(super) const fn new(body: &'a [u8]) -> Self {
        Self { body }
    }

    /// Rows of the next section, which must have this name.
    fn take<T: Pod>(&mut self, name: Name) -> Result<Vec<T>, Fault> {
        const FAULT: Fault = "section table";
        let (header, rest) = self.body.split_at_checked(SECTION_HEADER).ok_or(FAULT)?;
        if u32_at(header, 0) != name as u32 || u32_at(header, 4) as usize != size_of::<T>() {
            return Err(FAULT);
        }
        let count = usize::try_from(u64_at(header, 8)).map_err(|_| FAULT)?;
        let bytes = count.checked_mul(size_of::<T>()).ok_or(FAULT)?;
        let padded = bytes.checked_next_multiple_of(ALIGN).ok_or(FAULT)?;
        let (section, rest) = rest.split_at_checked(padded).ok_or(FAULT)?;
        let (rows, padding) = section.split_at_checked(bytes).ok_or(FAULT)?;
        if padding.iter().any(|b| *b != 0) {
            return Err(FAULT);
        }
        self.body = rest;
        let mut taken = vec![T::zeroed(); count];
        bytemuck::cast_slice_mut(&mut taken).copy_from_slice(rows);
        Ok(taken)
    }
}

/// The network in a body; indices are not checked yet.
pub(super) fn decode(sections: &Sections<'_>) -> Result<SavedNetwork, Fault> {
    let mut sections = Sections { body: sections.body };
    let s = &mut sections;
    let source_fingerprint = String::from_utf8(s.take(Name::Source)?).map_err(|_| "fingerprint")?;
    let counts: Vec<u64> = s.take(Name::Counts)?;
    let [empty_loops, zero_length, restrictions, restrictions_unmatched, restrictions_ambiguous, gated_segments] =
        counts[..]
    else {
        return Err("counts");
    };
    let bounds: Vec<LonLat> = s.take(Name::Bounds)?;
    let bounds = match bounds[..] {
        [] => None,
        [min, max] => Some(Bounds { min, max }),
        _ => return Err("bounds"),
    };
    let junctions = s.take(Name::Junctions)?;
    let limits: Vec<[u32; 4]> = s.take(Name::Limits)?;
    let limits = limits.into_iter().map(|[height_mm, width_mm, length_mm, weight_kg]| WayLimits {
        height_mm,
        width_mm,
        length_mm,
        weight_kg,
    });
    let segments: Vec<SegmentRow> = s.take(Name::Segments)?;
    let segments = segments.into_iter().map(Segment::try_from).collect::<Result<_, _>>()?;
    let first_shape = s.take(Name::FirstShape)?;
    let shape = s.take(Name::Shape)?;
    let arcs: Vec<ArcRow> = s.take(Name::Arcs)?;
    let arcs = arcs.into_iter().map(RoadArc::try_from).collect::<Result<_, _>>()?;
    let first_arc = s.take(Name::FirstArc)?;
    let first_out = s.take(Name::FirstOut)?;
    let head: Vec<u32> = s.take(Name::Head)?;
    let turn: Vec<TurnByte> = s.take(Name::Turn)?;
    if !s.body.is_empty() {
        return Err("section table");
    }
    let network = RoadNetwork {
        junctions,
        segments,
        first_shape,
        shape,
        limits: limits.collect(),
        arcs,
        first_out,
        head: head.into_iter().map(ArcIx).collect(),
        turn,
        first_arc,
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
    Ok(SavedNetwork { network, source_fingerprint })
}

impl From<&Segment> for SegmentRow {
    fn from(s: &Segment) -> Self {
        Self {
            way: s.way,
            from: s.from.0,
            to: s.to.0,
            length: s.length.0,
            duration_ms: s.duration_ms,
            limits: s.limits,
            forward_speed: s.forward.speed_centimph,
            backward_speed: s.backward.speed_centimph,
            class: s.class as u8,
            toll: s.toll,
            forward_access: s.forward.access.map(|a| a as u8),
            backward_access: s.backward.access.map(|a| a as u8),
            zero: [0; 2],
        }
    }
}

impl TryFrom<SegmentRow> for Segment {
    type Error = Fault;

    fn try_from(row: SegmentRow) -> Result<Self, Fault> {
        if row.zero != [0; 2] || row.toll > 7 {
            return Err("segment");
        }
        let direction = |access: [u8; 3], speed_centimph| {
            let [Some(a), Some(b), Some(c)] = access.map(access_from) else { return Err("access") };
            Ok(WayDirection { access: [a, b, c], speed_centimph })
        };
        Ok(Self {
            from: JunctionIx(row.from),
            to: JunctionIx(row.to),
            length: Decimetres(row.length),
            class: RoadClass::from_u8(row.class).ok_or("road class")?,
            forward: direction(row.forward_access, row.forward_speed)?,
            backward: direction(row.backward_access, row.backward_speed)?,
            limits: row.limits,
            toll: row.toll,
            duration_ms: row.duration_ms,
            way: row.way,
        })
    }
}

const fn access_from(byte: u8) -> Option<Access> {
    match byte {
        0 => Some(Access::No),
        1 => Some(Access::Destination),
        2 => Some(Access::Yes),
        _ => None,
    }
}

impl From<&RoadArc> for ArcRow {
    fn from(arc: &RoadArc) -> Self {
        Self { segment: arc.segment.0, reverse: arc.reverse.into(), role: arc.role as u8, zero: [0; 2] }
    }
}

impl TryFrom<ArcRow> for RoadArc {
    type Error = Fault;

    fn try_from(row: ArcRow) -> Result<Self, Fault> {
        let role = match row.role {
            0 => ArcRole::Main,
            1 => ArcRole::Restricted,
            2 => ArcRole::Start,
            3 => ArcRole::RestrictedStart,
            _ => return Err("arc role"),
        };
        if row.reverse > 1 || row.zero != [0; 2] {
            return Err("arc");
        }
        Ok(Self { segment: SegmentIx(row.segment), reverse: row.reverse == 1, role })
    }
}
