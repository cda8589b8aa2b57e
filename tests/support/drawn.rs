//! Maps drawn in text.
//!
//! Letters are nodes on a grid of 50 m columns and 100 m rows; `-` and `|` join neighbours by residential streets. Ways
//! with tags of their own are listed by their nodes (`"ABC"`), which need not be drawn next to each other; what is drawn
//! but not listed becomes a street of its own. Restrictions are written `no_left_turn AB B BC`: kind (or a list of tags
//! with `=`), `from`, `via` (one letter: a node; else ways), `to`, each way named by its first and last node.
#![allow(dead_code)]

use ddu::ids::{ArcIx, SegmentIx};
use ddu::lonlat::LonLat;
use ddu::network::{
    ArcRole, Components, Locator, NoSnap, PathWeight, Profile, ProfiledGraph, RoadNetwork, Snap, build,
};
use ddu::osm::{MemberKind, RawMap, RawMember, RawNode, RawRelation, RawTags, RawWay, assemble};
use ddu::progress::Silent;
use ddu::road_class::RoadClass;
use ddu::scenario::{MapSettings, Mode, Rates, TurnCosts, VehicleClass};
use ddu::units::{MicroDollars, Millis, Ppm};
use petgraph::algo::astar;
use std::collections::BTreeMap;

const METRES_PER_DEGREE: f64 = 111_195.08;
const ORIGIN: (f64, f64) = (-83.0, 40.0);
const COLUMN: f64 = 50.0;
const ROW: f64 = 100.0;

/// A map before it becomes a network.
pub struct Drawing {
    places: BTreeMap<char, (usize, usize)>,
    streets: Vec<(char, char)>,
    raw: RawMap,
}

/// A network with names.
pub struct Town {
    pub network: RoadNetwork,
    names: BTreeMap<LonLat, char>,
}

/// A route between the midpoints of two streets.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    /// Roads driven, `AB BC`.
    pub roads: String,
    /// Sum of its parts.
    pub weight: PathWeight,
}

fn tags(text: &str) -> RawTags {
    text.split_whitespace()
        .map(|pair| pair.split_once('=').unwrap_or_else(|| panic!("a tag is key=value: {pair}")))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// A point so many metres east and south of the drawing's top left letter.
pub fn at(east: f64, south: f64) -> LonLat {
    let lat = ORIGIN.1 - south / METRES_PER_DEGREE;
    let lon = ORIGIN.0 + east / (METRES_PER_DEGREE * ORIGIN.1.to_radians().cos());
    LonLat::from_degrees(lon, lat).unwrap()
}

impl Drawing {
    pub fn new(picture: &str) -> Self {
        let rows: Vec<Vec<char>> =
            picture.lines().skip_while(|line| line.trim().is_empty()).map(|line| line.chars().collect()).collect();
        let margin = rows.iter().flat_map(|row| row.iter().position(|c| *c != ' ')).min().unwrap_or(0);
        let cell = |row: usize, column: usize| rows.get(row).and_then(|r| r.get(column)).copied().unwrap_or(' ');
        let (mut places, mut streets) = (BTreeMap::new(), Vec::new());
        for (row, line) in rows.iter().enumerate() {
            for (column, &c) in line.iter().enumerate().filter(|(_, c)| c.is_alphanumeric()) {
                assert!(places.insert(c, (row, column - margin)).is_none(), "{c} is drawn twice");
                let mut right = column + 1;
                while cell(row, right) == '-' {
                    right += 1;
                }
                let mut down = row + 1;
                while cell(down, column) == '|' {
                    down += 1;
                }
                if right > column + 1 && cell(row, right).is_alphanumeric() {
                    streets.push((c, cell(row, right)));
                }
                if down > row + 1 && cell(down, column).is_alphanumeric() {
                    streets.push((c, cell(down, column)));
                }
            }
        }
        let nodes = places
            .iter()
            .map(|(c, (row, column))| RawNode {
                id: i64::from(*c as u32),
                at: at(*column as f64 * COLUMN, *row as f64 * ROW),
                tags: vec![],
            })
            .collect();
        Self { places, streets, raw: RawMap { nodes, ..RawMap::default() } }
    }

    /// Tags of a node.
    pub fn node(mut self, name: char, text: &str) -> Self {
        let node = self.raw.nodes.iter_mut().find(|n| n.id == i64::from(name as u32));
        node.unwrap_or_else(|| panic!("no node {name}")).tags = tags(text);
        self
    }

    /// A way with tags; `highway=residential` unless they say what it is.
    pub fn way(mut self, nodes: &str, text: &str) -> Self {
        let names: Vec<char> = nodes.chars().collect();
        self.streets.retain(|(a, b)| !names.windows(2).any(|w| (w[0], w[1]) == (*a, *b) || (w[1], w[0]) == (*a, *b)));
        let mut tags = tags(text);
        if !tags.iter().any(|(key, _)| key == "highway" || key == "route") {
            tags.push(("highway".to_owned(), "residential".to_owned()));
        }
        let id = self.raw.ways.len() as i64 + 1;
        let refs = names.iter().map(|c| i64::from(*c as u32)).collect();
        self.raw.ways.push(RawWay { id, refs, tags });
        self
    }

    /// A turn restriction; call it after the ways it names.
    pub fn restriction(mut self, text: &str) -> Self {
        for (a, b) in std::mem::take(&mut self.streets) {
            self = self.way(&format!("{a}{b}"), "");
        }
        let (pairs, words): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(|word| word.contains('='));
        let mut tags = tags(&pairs.join(" "));
        tags.push(("type".to_owned(), "restriction".to_owned()));
        let names = if let Some((kind, names)) = words.split_first().filter(|(kind, _)| kind.contains('_')) {
            tags.push(("restriction".to_owned(), (*kind).to_owned()));
            names
        } else {
            &words[..]
        };
        let members = names.iter().enumerate().map(|(i, name)| {
            let role = if i == 0 {
                "from"
            } else if i + 1 == names.len() {
                "to"
            } else {
                "via"
            };
            let (kind, id) = match name.chars().collect::<Vec<_>>()[..] {
                [node] => (MemberKind::Node, i64::from(node as u32)),
                _ => (MemberKind::Way, self.way_named(name)),
            };
            RawMember { role: role.to_owned(), kind, id }
        });
        let relation = RawRelation { id: self.raw.relations.len() as i64 + 1, tags, members: members.collect() };
        self.raw.relations.push(relation);
        self
    }

    fn way_named(&self, name: &str) -> i64 {
        let ends = |s: &[i64]| (s.first().copied(), s.last().copied());
        let wanted: Vec<i64> = name.chars().map(|c| i64::from(c as u32)).collect();
        let (first, last) = ends(&wanted);
        let fits = |w: &&RawWay| ends(&w.refs) == (first, last) || ends(&w.refs) == (last, first);
        self.raw.ways.iter().find(fits).unwrap_or_else(|| panic!("no way {name}")).id
    }

    /// Its elements.
    pub fn raw(mut self) -> RawMap {
        for (a, b) in std::mem::take(&mut self.streets) {
            self = self.way(&format!("{a}{b}"), "");
        }
        self.raw
    }

    /// Its network.
    pub fn build(self) -> Town {
        let raw = self.raw();
        let names = raw.nodes.iter().filter_map(|n| Some((n.at, char::from_u32(u32::try_from(n.id).ok()?)?))).collect();
        let extract = assemble(&raw).unwrap();
        Town { network: build(&extract, &Silent).unwrap(), names }
    }
}

impl Town {
    fn name(&self, at: LonLat) -> char {
        self.names.get(&at).copied().unwrap_or('?')
    }

    /// An arc as its first and last node.
    pub fn road(&self, arc: ArcIx) -> String {
        let (from, to) = self.network.ends_of(arc);
        [from, to].map(|j| self.name(self.network.junctions()[j.index()])).iter().collect()
    }

    /// The main arc from one letter to another.
    pub fn arc(&self, road: &str) -> ArcIx {
        let main = |arc: &ArcIx| self.network.arc(*arc).role == ArcRole::Main && self.road(*arc) == road;
        self.network.arcs().find(main).unwrap_or_else(|| panic!("no arc {road}"))
    }

    /// The point midway between two letters.
    pub fn midway(&self, road: &str) -> LonLat {
        let place = |c: char| *self.names.iter().find(|(_, name)| **name == c).unwrap_or_else(|| panic!("no {c}")).0;
        let mut ends = road.chars().map(place);
        let (a, b) = (ends.next().unwrap(), ends.next().unwrap());
        LonLat { lon_e7: (a.lon_e7 + b.lon_e7) / 2, lat_e7: (a.lat_e7 + b.lat_e7) / 2 }
    }

    pub fn profile(&self, vehicle: &VehicleClass) -> Profile {
        Profile::new(&self.network, vehicle, &TurnCosts::default()).unwrap()
    }

    pub fn snap(&self, point: LonLat, profile: &Profile) -> Result<Snap, NoSnap> {
        let components = Components::new(&self.network, profile);
        Locator::new(&self.network).snap(point, profile, &components, &MapSettings::default())
    }

    /// The snap on a street, whatever its component.
    pub fn snap_on(&self, road: &str, profile: &Profile) -> Option<Snap> {
        let arc = self.network.arc(self.arc_either(road));
        Locator::new(&self.network).snap_on(arc.segment, self.midway(road), profile)
    }

    fn arc_either(&self, road: &str) -> ArcIx {
        let back: String = road.chars().rev().collect();
        let fits = |arc: &ArcIx| [road, back.as_str()].contains(&self.road(*arc).as_str());
        self.network.arcs().find(fits).unwrap_or_else(|| panic!("no street {road}"))
    }

    pub fn segment(&self, road: &str) -> SegmentIx {
        self.network.arc(self.arc_either(road)).segment
    }

    /// The best route between the midpoints of two streets.
    pub fn route(&self, vehicle: &VehicleClass, from: &str, to: &str) -> Option<Route> {
        let profile = self.profile(vehicle);
        let (from, to) = (self.snap_on(from, &profile)?, self.snap_on(to, &profile)?);
        let mut best = from.direct(&to, &self.network, &profile).map(|w| (PathWeight::from(w), vec![]));
        let graph = ProfiledGraph { network: &self.network, profile: &profile };
        for (start, first) in &from.starts {
            for (end, last) in &to.ends {
                // The first turn leaves `start`: a route that only passes along it is the direct stretch.
                for (_, next, weight) in profile.turns_from(&self.network, *start) {
                    let cost = |t: ddu::network::TurnRef| *petgraph::visit::EdgeRef::weight(&t);
                    if let Some((middle, path)) = astar(graph, next, |arc| arc == *end, cost, |_| PathWeight::default())
                    {
                        let total = PathWeight::from(*first) + weight.into() + middle + PathWeight::from(*last);
                        let roads = std::iter::once(*start).chain(path).collect();
                        if best.as_ref().is_none_or(|(b, _)| total < *b) {
                            best = Some((total, roads));
                        }
                    }
                }
            }
        }
        let (weight, arcs) = best?;
        let roads: Vec<String> = arcs.into_iter().map(|arc| self.road(arc)).collect();
        Some(Route { roads: roads.join(" "), weight })
    }

    /// Roads of the best route, or `-`.
    pub fn roads(&self, vehicle: &VehicleClass, from: &str, to: &str) -> String {
        self.route(vehicle, from, to).map_or_else(|| "-".to_owned(), |route| route.roads)
    }
}

/// A small vehicle of a mode: no limit of the tests concerns it. 1 USD per mile and 36 USD per hour.
pub fn vehicle(mode: Mode) -> VehicleClass {
    VehicleClass {
        name: mode.word().to_owned(),
        mode,
        cube_millicuft: 450_000,
        payload_millilb: 3_500_000,
        fill: Ppm(800_000),
        length_mm: 5_000,
        height_mm: 2_000,
        width_mm: 1_900,
        weight_kg: 3_000,
        speed_caps_millimph: [None; RoadClass::ALL.len()],
        speed_factor: Ppm::ONE,
        rates: Rates {
            fuel_per_mile: MicroDollars::from_dollars(1),
            wages_per_hour: MicroDollars::from_dollars(36),
            ..Rates::default()
        },
        dwell_fixed: Millis(0),
        unload_per_piece: Millis(0),
        day: Millis(36_000_000),
    }
}

/// A car.
pub fn van() -> VehicleClass {
    vehicle(Mode::Motorcar)
}

/// A heavy truck: 4.1 m high, 16 m long, 2.6 m wide, 36 t.
pub fn truck() -> VehicleClass {
    VehicleClass { height_mm: 4_100, length_mm: 16_000, width_mm: 2_600, weight_kg: 36_000, ..vehicle(Mode::Hgv) }
}
