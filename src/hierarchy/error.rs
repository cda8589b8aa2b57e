//! What can be wrong with a graph or an order handed to the hierarchy.

use thiserror::Error;

/// Why no hierarchy could be built.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HierarchyError {
    /// The rows are not a partition of the arcs.
    #[error("first_out must hold {expected} ascending positions that end at {arcs} arcs; rebuild the network")]
    Rows {
        /// Nodes + 1.
        expected: usize,
        /// Arcs.
        arcs: usize,
    },
    /// An arc leads nowhere.
    #[error("arc {arc} leads to node {head}, but there are {nodes} nodes; rebuild the network")]
    Head {
        /// Position of the arc.
        arc: usize,
        /// Its head.
        head: u32,
        /// Number of nodes.
        nodes: usize,
    },
    /// The ranks are not a permutation of the nodes.
    #[error(
        "the order is no permutation: rank {rank} of node {node} is out of range or used twice; compute the order anew"
    )]
    Order {
        /// Node.
        node: usize,
        /// Its rank.
        rank: u32,
    },
    /// More arcs than positions of 32 bits.
    #[error(
        "the hierarchy would need {arcs} arcs, but 32 bits address 4,294,967,294; use a smaller extract or a better order"
    )]
    TooLarge {
        /// Arcs needed.
        arcs: u64,
    },
}
