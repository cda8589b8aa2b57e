//! From the roads of an extract to the edge-based graph.
//!
//! 1. [`streets`]: ways are cut at junctions into segments; shape nodes become length and geometry.
//! 2. [`gates`]: free roads behind private gates become destination-only.
//! 3. [`restrictions`] become words of directed roads, and these an [`automaton`].
//! 4. [`turns`]: what each directed road may be followed by, apart from restrictions: kind, dead ends, barriers.
//! 5. [`expand`]: directed roads × automaton states × start copies → arcs and turns.
//!
//! Linear in the extract and the length of its restrictions.

mod automaton;
mod expand;
mod gates;
mod restrictions;
mod streets;
mod turns;

use super::RoadNetwork;
use crate::osm::Extract;
use crate::progress::Progress;
use streets::Streets;

/// Why an extract gives no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// No way of the extract is a road between two places.
    #[error("the map has no roads; take an extract with ways tagged `highway`")]
    NoRoads,
    /// The extract contradicts itself.
    #[error("way {way} refers to a node that the extract does not hold; read the map again")]
    MissingNode {
        /// OpenStreetMap id.
        way: i64,
    },
    /// More entries than 32 bits can number.
    #[error("the map has more than 4,294,967,295 {what}; take a smaller extract")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
    },
    /// More different combinations of size limits than the network can number.
    #[error(
        "the map has more than 65,535 different combinations of maxheight, maxwidth, maxlength and maxweight; take a smaller extract"
    )]
    TooManyLimits,
    /// Turns at a junction grow with the square of its roads.
    #[error("the map joins {roads} road ends at {lat}, {lon} (1,000 are possible); correct or cut out that place")]
    CrowdedJunction {
        /// Ends of road pieces.
        roads: u32,
        /// Degrees north.
        lat: String,
        /// Degrees east.
        lon: String,
    },
    /// The user asked to stop.
    #[error("stopped while building the road network; start again to build it")]
    Cancelled,
}

/// Builds the network of an extract. The same extract gives the same network, whatever the order of its ways.
///
/// # Errors
/// [`NetworkError`] when there are no roads, the extract contradicts itself or is too large, or the user stopped.
pub fn build(extract: &Extract, progress: &dyn Progress) -> Result<RoadNetwork, NetworkError> {
    progress.begin("road network", Some(5));
    let step = || {
        progress.advance(1);
        if progress.cancelled() { Err(NetworkError::Cancelled) } else { Ok(()) }
    };
    let mut streets = streets::cut(extract)?;
    step()?;
    streets.counts.gated_segments = gates::close(&mut streets);
    step()?;
    let rules = restrictions::resolve(extract, &mut streets);
    let automaton = automaton::Automaton::new(2 * streets.segments.len(), &rules);
    step()?;
    let turns = turns::Turns::new(&streets)?;
    step()?;
    let topology = expand::expand(&streets, &turns, &automaton)?;
    step()?;
    let Streets { junctions, segments, first_shape, shape, limits, counts, .. } = streets;
    let bounds = extract.bounds;
    let (junctions, first_shape, shape) = (junctions.into(), first_shape.into(), shape.into());
    let network = RoadNetwork { junctions, segments, first_shape, shape, limits, bounds, counts, ..topology };
    progress.finish(&format!(
        "{} junctions, {} segments, {} arcs, {} turns, {} restrictions",
        network.junctions.len(),
        network.segments.len(),
        network.arcs.len(),
        network.head.len(),
        network.counts.restrictions
    ));
    Ok(network)
}

/// A count as an index, or the error that names what there is too much of.
fn narrow(count: usize, what: &'static str) -> Result<u32, NetworkError> {
    u32::try_from(count).map_err(|_| NetworkError::TooLarge { what })
}
