//! One route for people (aligned text) and for maps (GeoJSON, RFC 7946).
//!
//! The collection holds the whole route, its legs in order, and the two points on the road. Measures are integers of the
//! units in their names, money is text; coordinates are longitude and latitude with up to seven decimals, exactly those
//! of the map.

use super::ReportError;
use super::terminal::{aligned, clean};
use crate::lonlat::LonLat;
use crate::matrix::{Route, Share};
use crate::network::{RoadNetwork, Snap};
use crate::road_class::RoadClass;
use crate::units::Millis;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write};

/// An end of a route.
#[derive(Clone, Copy, Debug)]
pub struct RoutePlace<'a> {
    /// As the user named it.
    pub name: &'a str,
    /// Where it is.
    pub at: LonLat,
    /// Where it meets the road.
    pub snap: &'a Snap,
}

/// A route with what is told about it.
#[derive(Clone, Copy, Debug)]
pub struct RouteReport<'a> {
    /// Vehicle class.
    pub vehicle: &'a str,
    /// Start.
    pub from: RoutePlace<'a>,
    /// End.
    pub to: RoutePlace<'a>,
    /// The map.
    pub network: &'a RoadNetwork,
    /// The route on it.
    pub route: &'a Route,
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    geometry: Geometry,
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    LineString(Vec<[f64; 2]>),
    Point([f64; 2]),
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Properties<'a> {
    Route {
        vehicle: &'a str,
        from: &'a str,
        to: &'a str,
        #[serde(flatten)]
        measures: Measures,
        legs: usize,
        by_road_class: Vec<OfClass>,
    },
    Leg {
        leg: usize,
        way: i64,
        #[serde(flatten)]
        of_class: OfClass,
    },
    From(End<'a>),
    To(End<'a>),
}

#[derive(Serialize)]
struct OfClass {
    road_class: &'static str,
    #[serde(flatten)]
    measures: Measures,
}

#[derive(Serialize)]
struct Measures {
    money_usd: String,
    tolls_usd: String,
    length_decimetres: u32,
    time_ms: u32,
    turn_time_ms: u32,
}

#[derive(Serialize)]
struct End<'a> {
    name: &'a str,
    given_lon: f64,
    given_lat: f64,
    snap_decimetres: u32,
}

impl From<&Share> for Measures {
    fn from(share: &Share) -> Self {
        Self {
            money_usd: share.money.to_string(),
            tolls_usd: share.tolls.to_string(),
            length_decimetres: share.length.0,
            time_ms: share.time.0,
            turn_time_ms: share.turn_time.0,
        }
    }
}

/// The totals of a route in the shape of its parts.
fn whole(route: &Route) -> Share {
    let totals = &route.totals;
    // A part of the total time, which fits.
    let turns = route.legs.iter().map(|leg| leg.share.turn_time.0).sum();
    let (money, length, time, tolls) = (totals.money, totals.length, totals.time, totals.tolls);
    Share { money, length, time, turn_time: Millis(turns), tolls }
}

/// Degrees of at most ten digits: their shortest decimal form is exact.
fn position(at: LonLat) -> [f64; 2] {
    [at.lon(), at.lat()]
}

/// Writes the route as a GeoJSON feature collection, one feature a line.
///
/// # Errors
/// When writing fails.
pub fn write_route_geojson(out: &mut impl Write, report: &RouteReport<'_>) -> Result<(), ReportError> {
    let RouteReport { vehicle, from, to, network, route } = *report;
    let line = |stretches| Geometry::LineString(route.line(network, stretches).into_iter().map(position).collect());
    let of_class = |class: RoadClass, share: &Share| OfClass { road_class: class.name(), measures: share.into() };
    let all = Properties::Route {
        vehicle,
        from: from.name,
        to: to.name,
        measures: (&whole(route)).into(),
        legs: route.legs.len(),
        by_road_class: route.classes.iter().map(|part| of_class(part.class, &part.share)).collect(),
    };
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[\n")?;
    feature(out, line(0..route.stretches.len()), all)?;
    for (number, leg) in (1..).zip(&route.legs) {
        out.write_all(b",\n")?;
        let properties = Properties::Leg { leg: number, way: leg.way, of_class: of_class(leg.class, &leg.share) };
        feature(out, line(leg.stretches.clone()), properties)?;
    }
    for (place, is_from) in [(from, true), (to, false)] {
        out.write_all(b",\n")?;
        let [given_lon, given_lat] = position(place.at);
        let end = End { name: place.name, given_lon, given_lat, snap_decimetres: place.snap.distance.0 };
        let properties = if is_from { Properties::From(end) } else { Properties::To(end) };
        feature(out, Geometry::Point(position(place.snap.at)), properties)?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(())
}

fn feature(out: &mut impl Write, geometry: Geometry, properties: Properties<'_>) -> Result<(), ReportError> {
    let feature = Feature { r#type: "Feature", geometry, properties };
    serde_json::to_writer(out, &feature).map_err(|e| ReportError::Io(io::Error::from(e)))
}

/// Legs, totals by road class and the totals, for a terminal.
#[must_use]
pub fn route_summary(report: &RouteReport<'_>) -> String {
    let RouteReport { vehicle, from, to, route, .. } = report;
    let mut text = String::new();
    for (word, place) in [("from", from), ("to", to)] {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "{word:<4} {}, {} m from the road", clean(place.name), place.snap.distance);
    }
    let total = whole(route);
    let head = ["road class", "way", "miles", "minutes", "tolls USD", "USD"].map(str::to_owned);
    let legs = route.legs.iter().map(|leg| row(leg.class.name(), leg.way.to_string(), &leg.share));
    let classes = route.classes.iter().map(|part| row(part.class.name(), "all".to_owned(), &part.share));
    let last = row("total", String::new(), &total);
    let rows: Vec<_> = [head].into_iter().chain(legs).chain(classes).chain([last]).collect();
    text.push_str(&aligned(&rows, 2));
    let Share { money, length, time, turn_time, tolls } = total;
    let _ = write!(
        text,
        "{}: {length} metres, {time} seconds ({turn_time} in turns), {money} USD ({tolls} tolls)",
        clean(vehicle)
    );
    text
}

fn row(class: &str, way: String, share: &Share) -> [String; 6] {
    let miles = format!("{:.2}", share.length.as_miles_f64());
    let minutes = format!("{:.1}", f64::from(share.time.0) / 60_000.0);
    [class.to_owned(), way, miles, minutes, share.tolls.to_string(), share.money.to_string()]
}
