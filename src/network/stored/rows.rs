//! Rows of segments and arcs as they lie in a file.

use crate::flat_file::Fault;
use crate::ids::{JunctionIx, SegmentIx};
use crate::network::{ArcRole, RoadArc, Segment};
use crate::osm::{Access, WayDirection};
use crate::road_class::RoadClass;
use crate::units::Decimetres;
use bytemuck::{Pod, Zeroable};

/// A [`Segment`].
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct SegmentRow {
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

/// A [`RoadArc`].
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct ArcRow {
    segment: u32,
    reverse: u8,
    role: u8,
    zero: [u8; 2],
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
