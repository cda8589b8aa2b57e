//! Customizable contraction hierarchies: everything that depends on the topology is computed once, a vehicle's weights
//! are laid over it in a fraction of a second, and queries climb the elimination tree.
//!
//! Dibbelt, Strasser, Wagner: Customizable Contraction Hierarchies (JEA 2016). Turn costs: Buchhold, Wagner, Zeitz,
//! Zündorf (ATMOS 2020). Phases: [`order`] → [`Cch`] (contract) → [`Customized`] → [`Query`], [`DistancesTo`] or the
//! matrix engine.
//!
//! Graphs are compressed rows: arcs of node `v` are `first_out[v]..first_out[v + 1]`, an arc's position is its name.

pub mod order;
mod arcs;
mod cell;
mod contract;
mod customize;
mod elimination_tree;
mod error;
mod fill;
mod half;
pub(crate) mod lanes;
mod lazy;
mod links;
mod noted;
mod packed;
mod query;
mod roads;
mod sixteen;
mod stored;
mod subtrees;

pub use cell::Cell;
pub use contract::Cch;
pub use customize::Customized;
pub use error::HierarchyError;
pub use half::Half;
pub use lanes::Path as SimdPath;
pub(crate) use lanes::{Kernel, Lanes, Row, dispatch, prefetch};
pub use lazy::DistancesTo;
pub use order::Order;
pub use packed::Packed;
pub use query::{Query, Route};
pub use roads::{RoadHierarchy, RoadHierarchyError};
pub use sixteen::Sixteen;
