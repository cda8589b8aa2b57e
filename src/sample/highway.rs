//! Roads across open land, from settlement to settlement: two-way, with bends, farm roads and bridges.

use super::canvas::{Canvas, Spot, tag};
use super::pbf::Tags;
use super::plane::Place;
use crate::road_class::RoadClass;

/// Metres between bends.
const BEND: f64 = 600.0;
/// Metres between places where a farm road may branch off.
const FARM: f64 = 1_500.0;

/// A point that a road must pass, as a share of its length, and what the stretch behind it carries besides.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) share: f64,
    pub(super) tags: Tags,
    /// No farm roads on the stretch behind it.
    pub(super) plain: bool,
}

/// A road that was drawn.
pub(super) struct Drawn {
    /// The junction at each mark.
    pub(super) marks: Vec<Spot>,
    /// The way that ends at each mark.
    pub(super) before: Vec<i64>,
    /// The way that begins at each mark.
    pub(super) after: Vec<i64>,
}

/// Draws a road between two junctions through its marks, which are sorted by share.
///
/// The road bends to the left by `sag` metres in its middle; a share is one of the straight line between the ends.
pub(super) fn draw(
    canvas: &mut Canvas,
    ends: [Spot; 2],
    sag: f64,
    class: RoadClass,
    name: &str,
    marks: &[Mark],
) -> Drawn {
    let [from, to] = ends;
    let chord = to.place.minus(from.place);
    let side = chord.left().times(sag / chord.length().max(1.0));
    let place = |share: f64| from.place.towards(to.place, share).plus(side.times(4.0 * share * (1.0 - share)));
    let spots: Vec<Spot> = marks.iter().map(|m| canvas.junction(place(m.share), Vec::new())).collect();
    let mut drawn = Drawn { marks: spots.clone(), before: Vec::new(), after: Vec::new() };
    let (mut start, mut start_share) = (from, 0.0);
    let (mut extra, mut plain): (Tags, bool) = (Vec::new(), false);
    for stop in 0..=marks.len() {
        let (end, end_share) = match (spots.get(stop), marks.get(stop)) {
            (Some(spot), Some(mark)) => (*spot, mark.share),
            _ => (to, 1.0),
        };
        let length = end.place.minus(start.place).length();
        let mut refs = vec![start.id];
        let mut first_way = None;
        let pieces = (length / BEND).ceil().max(1.0);
        let mut since_farm = 0.0;
        let mut k = 1.0;
        while k < pieces {
            let here = place(start_share + (end_share - start_share) * k / pieces);
            since_farm += length / pieces;
            if !plain && since_farm >= FARM && canvas.rng.percent(60) {
                since_farm = 0.0;
                let gate = canvas.junction(here, Vec::new());
                refs.push(gate.id);
                if canvas.rng.percent(50) {
                    let refs = std::mem::replace(&mut refs, vec![gate.id]);
                    let way = canvas.way(refs, road_tags(posted_limit(class, k), class, name, &extra));
                    first_way = first_way.or(Some(way));
                }
                farm_road(canvas, gate, chord);
            } else {
                refs.push(canvas.shape(here, Vec::new()).id);
            }
            k += 1.0;
        }
        refs.push(end.id);
        let way = canvas.way(refs, road_tags(posted_limit(class, 0.0), class, name, &extra));
        if stop > 0 {
            drawn.after.push(first_way.unwrap_or(way));
        }
        if let Some(mark) = marks.get(stop) {
            drawn.before.push(way);
            extra = mark.tags.clone();
            plain = mark.plain;
        }
        (start, start_share) = (end, end_share);
    }
    drawn
}

/// Main highways are signed, others only near settlements or not at all.
fn posted_limit(class: RoadClass, step: f64) -> Option<&'static str> {
    match class {
        RoadClass::Trunk => Some("65 mph"),
        RoadClass::Primary if step < 3.0 => Some("55 mph"),
        _ => None,
    }
}

fn road_tags(limit: Option<&'static str>, class: RoadClass, name: &str, extra: &Tags) -> Tags {
    let mut tags = vec![tag("highway", class.name()), super::canvas::tag_text("name", name)];
    tags.extend(limit.map(|l| tag("maxspeed", l)));
    tags.extend(extra.iter().cloned());
    tags
}

/// A dead end across the fields.
fn farm_road(canvas: &mut Canvas, gate: Spot, along: Place) {
    let length = 250.0 + 500.0 * canvas.rng.unit();
    let side = if canvas.rng.percent(50) { 1.0 } else { -1.0 };
    let aside = along.left().times(side * length / along.length().max(1.0));
    let end_place = gate.place.plus(aside);
    let sag = canvas.rng.signed() * 30.0;
    let mut refs = vec![gate.id];
    refs.extend(canvas.curve(gate.place, end_place, sag, 300.0));
    refs.push(canvas.junction(end_place, Vec::new()).id);
    let gravel = canvas.rng.percent(40);
    let mut tags = vec![tag("highway", RoadClass::Unclassified.name())];
    if gravel {
        tags.push(tag("surface", "gravel"));
    }
    canvas.way(refs, tags);
}
