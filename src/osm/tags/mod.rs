//! What tags say about vehicles: one concept a file, all read *as tagged*, with US practice in mind.
//!
//! US truck tags are sparse; nothing is guessed from a missing tag except what a file here documents. A value that is
//! not understood is counted and treated as if its tag were absent. Conditional tags (`*:conditional`) are counted and
//! left out: a plan for a day in general cannot know the hour they hold.

mod access;
mod barrier;
mod ferry;
mod limits;
mod node;
mod oneway;
mod quantity;
mod restriction;
mod speed;
mod toll;
mod way;

pub(super) use node::{NodeFacts, node};
pub(super) use restriction::{Rule, Shape, is_restriction, rules};
pub(super) use way::{WayFacts, may_be_road, way};

/// The tags of one element. Of a key given twice, the first counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tags<'a>(pub(super) &'a [(&'a str, &'a str)]);

impl<'a> Tags<'a> {
    /// Value of a key.
    pub(super) fn get(self, key: &str) -> Option<&'a str> {
        debug_assert!(is_relevant(key), "{key}");
        self.0.iter().find(|(k, _)| *k == key).map(|(_, value)| *value)
    }

    /// True when the key has this value.
    pub(super) fn is(self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }
}

/// True when some rule of this stage looks at the key: readers may leave out all others.
pub(super) fn is_relevant(key: &str) -> bool {
    matches!(
        key.split(':').next().unwrap_or(key),
        "access"
            | "area"
            | "barrier"
            | "day_off"
            | "day_on"
            | "duration"
            | "except"
            | "goods"
            | "hgv"
            | "highway"
            | "hour_off"
            | "hour_on"
            | "junction"
            | "maxheight"
            | "maxlength"
            | "maxspeed"
            | "maxweight"
            | "maxweightrating"
            | "maxwidth"
            | "motor_vehicle"
            | "motorcar"
            | "oneway"
            | "restriction"
            | "route"
            | "service"
            | "toll"
            | "type"
            | "vehicle"
    )
}

/// The parts of a list of values, `a;b`, without blanks around them and without empty parts.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split(';').map(str::trim).filter(|part| !part.is_empty())
}
