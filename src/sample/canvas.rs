//! The part of the map being drawn: nodes, ways and relations with rising ids.

use super::pbf::{MapNode, MapRelation, MapWay, Member, Tags};
use super::plane::{Place, Projection};
use super::rng::Rng;
use std::borrow::Cow;

/// A node that was drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) id: i64,
    pub(super) place: Place,
}

/// Next free ids; they rise from one part of the map to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct NextIds {
    pub(super) node: i64,
    pub(super) way: i64,
    pub(super) relation: i64,
}

/// A part of the map under construction.
pub(super) struct Canvas {
    pub(super) rng: Rng,
    pub(super) ids: NextIds,
    pub(super) nodes: Vec<MapNode>,
    pub(super) ways: Vec<MapWay>,
    pub(super) relations: Vec<MapRelation>,
    /// Nodes where roads meet or end.
    pub(super) junctions: u64,
    projection: Projection,
}

/// A tag with a fixed value.
pub(super) const fn tag(key: &'static str, value: &'static str) -> (&'static str, Cow<'static, str>) {
    (key, Cow::Borrowed(value))
}

/// A tag with a computed value.
pub(super) fn tag_text(key: &'static str, value: impl Into<String>) -> (&'static str, Cow<'static, str>) {
    (key, Cow::Owned(value.into()))
}

impl Canvas {
    pub(super) fn new(rng: Rng, ids: NextIds, projection: Projection) -> Self {
        Self { rng, ids, nodes: Vec::new(), ways: Vec::new(), relations: Vec::new(), junctions: 0, projection }
    }

    /// A node of a line's shape, or of anything that is not a road.
    pub(super) fn shape(&mut self, place: Place, tags: Tags) -> Spot {
        let id = self.ids.node;
        self.ids.node += 1;
        self.nodes.push(MapNode { id, at: self.projection.to_earth(place), tags });
        Spot { id, place }
    }

    /// A node where roads meet or end.
    pub(super) fn junction(&mut self, place: Place, tags: Tags) -> Spot {
        self.junctions += 1;
        self.shape(place, tags)
    }

    /// A line through nodes; its id.
    pub(super) fn way(&mut self, refs: Vec<i64>, tags: Tags) -> i64 {
        let id = self.ids.way;
        self.ids.way += 1;
        self.ways.push(MapWay { id, refs, tags });
        id
    }

    /// A turn restriction; its id.
    pub(super) fn restriction(&mut self, from: i64, via: Member, to: i64, rule: Tags) {
        let id = self.ids.relation;
        self.ids.relation += 1;
        let mut tags = vec![tag("type", "restriction")];
        tags.extend(rule);
        let members = vec![("from", Member::Way(from)), ("via", via), ("to", Member::Way(to))];
        self.relations.push(MapRelation { id, members, tags });
    }

    /// Ids of nodes that this file does not hold, as at the edge of a clipped extract.
    pub(super) fn missing_nodes(&self, count: i64) -> Vec<i64> {
        (0..count).map(|k| 9_000_000_000_000 + self.ids.way * 16 + k).collect()
    }

    /// Shape nodes of a gentle curve from one place to another, without its ends. `sag` is the sideways shift of the
    /// middle in metres; there is a node at least every `step` metres.
    pub(super) fn curve(&mut self, from: Place, to: Place, sag: f64, step: f64) -> Vec<i64> {
        let chord = to.minus(from);
        let length = chord.length();
        let pieces = (length / step).ceil().clamp(2.0, 1_000.0);
        let side = if length > 0.0 { chord.left().times(sag / length) } else { Place::default() };
        let mut ids = Vec::new();
        let mut k = 1.0;
        while k < pieces {
            let share = k / pieces;
            let place = from.towards(to, share).plus(side.times(4.0 * share * (1.0 - share)));
            ids.push(self.shape(place, Vec::new()).id);
            k += 1.0;
        }
        ids
    }
}
