//! The customizable contraction hierarchy over the edge-based routing graph.
//!
//! Dibbelt, Strasser, Wagner: Customizable Contraction Hierarchies (JEA 2016). Three phases: an [`order`] from the
//! topology alone, the contraction along it, and the customization of its arcs for one vehicle profile.

pub mod order;

pub use order::Order;
