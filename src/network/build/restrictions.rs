//! Turn restrictions as words of directed roads.
//!
//! A rule says: after driving these roads in a row (`from` and the via ways), the next road may not be, or must be,
//! `to`. A restriction fits the map in one way when its ways are split at the via, as they should be. Where several
//! words fit (a way runs through its via unsplit) it is not known which turn is meant: it is left out and counted.
//! `only` over via ways binds who has driven all of them, not who leaves before.
//! A restriction from a way back into itself at a node is a u-turn ban.

use super::streets::{Road, Streets, reversed, segment_of};
use crate::ids::JunctionIx;
use crate::osm::{Extract, Restriction, RestrictionKind, Via};

/// Roads tried per restriction; only a hostile map needs more.
const MOST_STEPS: u32 = 10_000;

/// A restriction between directed roads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Roads driven in a row; at least one.
    pub(super) after: Vec<Road>,
    /// The road concerned.
    pub(super) to: Road,
    pub(super) kind: RestrictionKind,
    /// Modes it holds for.
    pub(super) modes: u8,
}

/// Resolves all restrictions; counts those left out.
pub(super) fn resolve(extract: &Extract, streets: &mut Streets) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut counts = streets.counts;
    for restriction in &extract.restrictions {
        let mut words = Words { streets, found: Vec::new(), steps: 0 };
        words.search(restriction);
        let found = if words.steps > MOST_STEPS { Vec::new() } else { words.found };
        let u_turn = matches!(restriction.via, Via::Node(_)) && restriction.from == restriction.to;
        match found.len() {
            0 => counts.restrictions_unmatched += 1,
            n if n == 1 || u_turn => {
                counts.restrictions += 1;
                for mut after in found {
                    let Some(to) = after.pop() else { continue };
                    rules.push(Rule { after, to, kind: restriction.kind, modes: restriction.modes & 7 });
                }
            }
            _ => counts.restrictions_ambiguous += 1,
        }
    }
    streets.counts = counts;
    rules
}

/// All words of roads that fit one restriction.
struct Words<'a> {
    streets: &'a Streets,
    found: Vec<Vec<Road>>,
    steps: u32,
}

impl Words<'_> {
    fn search(&mut self, restriction: &Restriction) {
        let via: &[i64] = match &restriction.via {
            Via::Node(node) => {
                let Some(Some(junction)) = self.streets.junction_of.get(*node as usize) else { return };
                for from in self.roads(restriction.from) {
                    if self.streets.ends(from).1 == *junction {
                        self.at_node(from, restriction);
                    }
                }
                return;
            }
            Via::Ways(via) => via,
        };
        for from in self.roads(restriction.from) {
            self.extend(&mut vec![from], via, restriction.to);
        }
    }

    fn at_node(&mut self, from: Road, restriction: &Restriction) {
        if restriction.from == restriction.to {
            if self.streets.is_open(reversed(from)) {
                self.found.push(vec![from, reversed(from)]);
            }
        } else {
            self.close(&[from], restriction.to);
        }
    }

    /// Adds the words that end with a road of the way `to`.
    fn close(&mut self, word: &[Road], to: i64) {
        let Some(last) = word.last() else { return };
        let at = self.streets.ends(*last).1;
        for road in self.roads_from(to, at) {
            if road != reversed(*last) {
                self.found.push([word, &[road]].concat());
            }
        }
    }

    /// Extends a word over the ways of `via`: each is followed to the first place from which the next way leaves.
    fn extend(&mut self, word: &mut Vec<Road>, via: &[i64], to: i64) {
        let (Some((next, rest)), Some(last)) = (via.split_first(), word.last().copied()) else {
            self.close(word, to);
            return;
        };
        let length = word.len();
        for begin in self.roads_from(*next, self.streets.ends(last).1) {
            if begin == reversed(last) {
                continue;
            }
            let (mut road, found) = (Some(begin), self.found.len());
            while let Some(r) = road {
                self.steps += 1;
                if self.steps > MOST_STEPS {
                    break;
                }
                word.push(r);
                self.extend(word, rest, to);
                if self.found.len() > found {
                    break;
                }
                road = self.along(r).filter(|r| *r != begin);
            }
            word.truncate(length);
        }
    }

    /// The next road of the same way in the same direction; a closed way goes on where it begins.
    fn along(&self, road: Road) -> Option<Road> {
        let segments = &self.streets.segments;
        let way = segments[segment_of(road)].way;
        let same_direction = |r: &Road| r & 1 == road & 1;
        let next = if road & 1 == 0 { road.checked_add(2) } else { road.checked_sub(2) };
        let next = next.filter(|r| segments.get(segment_of(*r)).is_some_and(|s| s.way == way));
        let goes_on = |r: &Road| self.streets.ends(*r).0 == self.streets.ends(road).1 && self.streets.is_open(*r);
        next.filter(goes_on).or_else(|| {
            let roads = self.roads(way);
            let wrapped = if road & 1 == 0 { roads.first() } else { roads.last() };
            wrapped.copied().filter(|r| same_direction(r) && goes_on(r))
        })
    }

    /// Open directed roads of a way, ascending.
    fn roads(&self, way: i64) -> Vec<Road> {
        let segments = &self.streets.segments;
        let (first, end) = (segments.partition_point(|s| s.way < way), segments.partition_point(|s| s.way <= way));
        let all = self.streets.roads().skip(2 * first).take(2 * (end - first));
        all.filter(|road| self.streets.is_open(*road)).collect()
    }

    fn roads_from(&self, way: i64, junction: JunctionIx) -> Vec<Road> {
        let mut roads = self.roads(way);
        roads.retain(|road| self.streets.ends(*road).0 == junction);
        roads
    }
}
