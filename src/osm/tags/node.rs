//! What a node of a road says: signal, stop sign, barrier.

use super::{Tags, barrier, limits, parts};
use crate::osm::tally::Tally;
use crate::osm::{Access, WayLimits};
use crate::scenario::Mode;

/// Everything that a node's tags say about traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::osm) struct NodeFacts {
    /// `highway=traffic_signals`.
    pub(in crate::osm) signal: bool,
    /// `highway=stop`.
    pub(in crate::osm) stop: bool,
    /// Access through the barrier.
    pub(in crate::osm) barrier: [Access; Mode::ALL.len()],
    /// Limits of the barrier.
    pub(in crate::osm) limits: WayLimits,
}

impl NodeFacts {
    /// A node without tags.
    pub(in crate::osm) const PLAIN: Self =
        Self { signal: false, stop: false, barrier: [Access::Yes; Mode::ALL.len()], limits: WayLimits::NONE };
}

/// Reads a node. Size limits count only on a barrier: elsewhere such a tag marks where a sign stands.
pub(in crate::osm) fn node(tags: Tags<'_>, tally: &mut Tally) -> NodeFacts {
    let has = |wanted| tags.get("highway").is_some_and(|value| parts(value).any(|part| part == wanted));
    let is_barrier = tags.get("barrier").is_some();
    NodeFacts {
        signal: has("traffic_signals"),
        stop: has("stop"),
        barrier: barrier::passage(tags, tally),
        limits: if is_barrier { limits::limits(tags, tally) } else { WayLimits::NONE },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_stops_and_barriers() {
        let read = |tags: &[(&str, &str)]| node(Tags(tags), &mut Tally::default());
        assert_eq!(read(&[]), NodeFacts::PLAIN);
        assert_eq!(read(&[("highway", "traffic_signals")]), NodeFacts { signal: true, ..NodeFacts::PLAIN });
        assert_eq!(read(&[("highway", "stop")]), NodeFacts { stop: true, ..NodeFacts::PLAIN });
        assert_eq!(read(&[("highway", "crossing"), ("maxheight", "2")]), NodeFacts::PLAIN);
        let low = WayLimits { height_mm: 2_000, ..WayLimits::NONE };
        assert_eq!(
            read(&[("barrier", "height_restrictor"), ("maxheight", "2")]),
            NodeFacts { limits: low, ..NodeFacts::PLAIN }
        );
    }
}
