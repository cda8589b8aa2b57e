//! The routing graph of one vehicle as a petgraph graph, so that petgraph's algorithms run on it.
//!
//! Nodes are arcs of the road, edges are the turns the vehicle may make. The weight of edge (a → b) is arc `a` plus
//! the turn into `b`: a distance stands at the entry of an arc.
//!
//! # Examples
//! ```no_run
//! # fn example(network: &ddu::network::RoadNetwork, profile: &ddu::network::Profile) {
//! use petgraph::visit::EdgeRef;
//! let graph = ddu::network::ProfiledGraph { network, profile };
//! let distances = petgraph::algo::dijkstra(graph, ddu::ids::ArcIx(0), None, |turn| *turn.weight());
//! # }
//! ```

use super::{PathWeight, Profile, RoadNetwork};
use crate::ids::{ArcIx, TurnIx};
use fixedbitset::FixedBitSet;
use petgraph::Directed;
use petgraph::visit::{
    Data, EdgeCount, EdgeIndexable, EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges,
    IntoNeighbors, IntoNodeIdentifiers, IntoNodeReferences, NodeCompactIndexable, NodeCount, NodeIndexable, VisitMap,
    Visitable,
};
use std::ops::Range;

/// A network seen by one vehicle class. Every arc is a node; arcs that the vehicle may not use have no edges.
#[derive(Clone, Copy, Debug)]
pub struct ProfiledGraph<'a> {
    /// Topology.
    pub network: &'a RoadNetwork,
    /// Weights; made for the same network.
    pub profile: &'a Profile,
}

/// A turn that the vehicle may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnRef {
    source: ArcIx,
    target: ArcIx,
    id: TurnIx,
    weight: PathWeight,
}

impl EdgeRef for TurnRef {
    type NodeId = ArcIx;
    type EdgeId = TurnIx;
    type Weight = PathWeight;

    fn source(&self) -> ArcIx {
        self.source
    }

    fn target(&self) -> ArcIx {
        self.target
    }

    fn weight(&self) -> &PathWeight {
        &self.weight
    }

    fn id(&self) -> TurnIx {
        self.id
    }
}

/// Turns out of a range of arcs.
#[derive(Clone, Debug)]
pub struct Turns<'a> {
    graph: ProfiledGraph<'a>,
    arcs: Range<u32>,
    turns: Range<u32>,
}

impl<'a> Turns<'a> {
    fn out_of(graph: ProfiledGraph<'a>, arcs: Range<u32>) -> Self {
        let first = graph.first_turn(arcs.start);
        Self { graph, arcs, turns: first..first }
    }
}

impl Iterator for Turns<'_> {
    type Item = TurnRef;

    fn next(&mut self) -> Option<TurnRef> {
        loop {
            // `turns` holds what is left of the row of the arc before `arcs.start`.
            for turn in self.turns.by_ref() {
                let ProfiledGraph { network, profile } = self.graph;
                let source = ArcIx(self.arcs.start - 1);
                let (id, target) = (TurnIx(turn), network.head[turn as usize]);
                let (Some(along), Some(turn), Some(_)) =
                    (profile.arc(source), profile.turn(network, id), profile.arc(target))
                else {
                    continue;
                };
                let weight = PathWeight::from(along) + turn.into();
                return Some(TurnRef { source, target, id, weight });
            }
            let arc = self.arcs.next()?;
            self.turns = self.graph.first_turn(arc)..self.graph.first_turn(arc + 1);
        }
    }
}

/// Arcs that a turn leads to.
#[derive(Clone, Debug)]
pub struct Neighbors<'a>(Turns<'a>);

impl Iterator for Neighbors<'_> {
    type Item = ArcIx;

    fn next(&mut self) -> Option<ArcIx> {
        self.0.next().map(|turn| turn.target)
    }
}

/// A set of arcs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArcSet(FixedBitSet);

impl VisitMap<ArcIx> for ArcSet {
    fn visit(&mut self, arc: ArcIx) -> bool {
        !self.0.put(arc.index())
    }

    fn is_visited(&self, arc: &ArcIx) -> bool {
        self.0.contains(arc.index())
    }

    fn unvisit(&mut self, arc: ArcIx) -> bool {
        let was = self.0.contains(arc.index());
        self.0.set(arc.index(), false);
        was
    }
}

impl ProfiledGraph<'_> {
    fn arcs(&self) -> u32 {
        ArcIx::from_index(self.network.arc_count()).0
    }

    fn first_turn(&self, arc: u32) -> u32 {
        self.network.first_out.get(arc as usize).copied().unwrap_or(0)
    }
}

impl GraphBase for ProfiledGraph<'_> {
    type NodeId = ArcIx;
    type EdgeId = TurnIx;
}

impl GraphRef for ProfiledGraph<'_> {}

impl GraphProp for ProfiledGraph<'_> {
    type EdgeType = Directed;
}

impl Data for ProfiledGraph<'_> {
    type NodeWeight = ();
    type EdgeWeight = PathWeight;
}

impl NodeCount for ProfiledGraph<'_> {
    fn node_count(&self) -> usize {
        self.network.arc_count()
    }
}

impl EdgeCount for ProfiledGraph<'_> {
    /// O(turns), as banned turns are not counted.
    fn edge_count(&self) -> usize {
        self.edge_references().count()
    }
}

impl NodeIndexable for ProfiledGraph<'_> {
    fn node_bound(&self) -> usize {
        self.network.arc_count()
    }

    fn to_index(&self, arc: ArcIx) -> usize {
        arc.index()
    }

    fn from_index(&self, i: usize) -> ArcIx {
        ArcIx::from_index(i)
    }
}

impl NodeCompactIndexable for ProfiledGraph<'_> {}

impl EdgeIndexable for ProfiledGraph<'_> {
    fn edge_bound(&self) -> usize {
        self.network.turn_count()
    }

    fn to_index(&self, turn: TurnIx) -> usize {
        turn.index()
    }

    fn from_index(&self, i: usize) -> TurnIx {
        TurnIx::from_index(i)
    }
}

impl IntoNodeIdentifiers for ProfiledGraph<'_> {
    type NodeIdentifiers = std::iter::Map<Range<u32>, fn(u32) -> ArcIx>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..self.arcs()).map(ArcIx)
    }
}

impl IntoNodeReferences for ProfiledGraph<'_> {
    type NodeRef = (ArcIx, ());
    type NodeReferences = std::iter::Map<Range<u32>, fn(u32) -> (ArcIx, ())>;

    fn node_references(self) -> Self::NodeReferences {
        (0..self.arcs()).map(|arc| (ArcIx(arc), ()))
    }
}

impl<'a> IntoNeighbors for ProfiledGraph<'a> {
    type Neighbors = Neighbors<'a>;

    fn neighbors(self, arc: ArcIx) -> Neighbors<'a> {
        Neighbors(self.edges(arc))
    }
}

impl<'a> IntoEdgeReferences for ProfiledGraph<'a> {
    type EdgeRef = TurnRef;
    type EdgeReferences = Turns<'a>;

    fn edge_references(self) -> Turns<'a> {
        Turns::out_of(self, 0..self.arcs())
    }
}

impl<'a> IntoEdges for ProfiledGraph<'a> {
    type Edges = Turns<'a>;

    fn edges(self, arc: ArcIx) -> Turns<'a> {
        Turns::out_of(self, arc.0..arc.0 + 1)
    }
}

impl Visitable for ProfiledGraph<'_> {
    type Map = ArcSet;

    fn visit_map(&self) -> ArcSet {
        ArcSet(FixedBitSet::with_capacity(self.network.arc_count()))
    }

    fn reset_map(&self, map: &mut ArcSet) {
        map.0.clear();
        map.0.grow(self.network.arc_count());
    }
}
