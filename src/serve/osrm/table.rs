//! `table`: durations, distances and money between all sources and destinations.

use super::asked::Asked;
use super::options::{Pairs, invalid};
use super::place::{Waypoint, placed};
use super::{Found, failed, json};
use crate::ids::{DduIx, HubIx};
use crate::matrix::PathTotals;
use crate::network::{NoSnap, Snap};
use crate::serve::error::ApiError;
use serde::Serialize;

pub(super) struct Options {
    sources: Vec<usize>,
    destinations: Vec<usize>,
    durations: bool,
    distances: bool,
    costs: bool,
}

impl Options {
    pub(super) fn read(pairs: &mut Pairs, asked: &Asked) -> Result<Self, ApiError> {
        let sources = positions(pairs, "sources", asked.points.len())?;
        let destinations = positions(pairs, "destinations", asked.points.len())?;
        pairs.not_done("fallback_speed", &[])?;
        pairs.not_done("fallback_coordinate", &["input"])?;
        pairs.not_done("scale_factor", &["1", "1.0"])?;
        let words = pairs.take("annotations").unwrap_or_else(|| "duration".to_owned());
        let mut options = Self { sources, destinations, durations: false, distances: false, costs: false };
        for word in words.split(',') {
            match word {
                "duration" => options.durations = true,
                "distance" => options.distances = true,
                "cost" => options.costs = true,
                _ => return Err(invalid("annotations", "holds something else than duration, distance, cost")),
            }
        }
        Ok(options)
    }
}

/// `all`, or positions among the coordinates, counted from 0.
fn positions(pairs: &mut Pairs, name: &str, points: usize) -> Result<Vec<usize>, ApiError> {
    let text = pairs.take(name).filter(|text| text != "all" && !text.is_empty());
    let Some(text) = text else { return Ok((0..points).collect()) };
    let position = |word: &str| match word.parse::<usize>() {
        Ok(at) if at < points => Ok(at),
        Ok(_) => Err(ApiError::osrm("InvalidOptions", format!("`{name}` names a coordinate that there is not"))),
        Err(_) => Err(invalid(name, "is neither `all` nor positions separated by semicolons")),
    };
    let all = text.split(';').map(position).collect::<Result<Vec<_>, _>>()?;
    // Each coordinate at most once keeps the table within the square of the coordinates.
    if all.len() > points {
        return Err(ApiError::osrm("InvalidOptions", format!("`{name}` names more positions than coordinates")));
    }
    Ok(all)
}

#[derive(Serialize)]
struct Answer {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    durations: Option<Vec<Vec<Option<f64>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distances: Option<Vec<Vec<Option<f64>>>>,
    /// USD with all decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    costs: Option<Vec<Vec<Option<String>>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<Vec<Waypoint>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destinations: Option<Vec<Waypoint>>,
}

pub(super) fn answer(found: &Found<'_, '_>, asked: &Asked, options: &Options) -> Result<Vec<u8>, ApiError> {
    let placed = placed(found, asked)?;
    let of =
        |positions: &[usize]| -> Vec<Result<Snap, NoSnap>> { positions.iter().map(|at| placed[*at].clone()).collect() };
    let (sources, destinations) = (of(&options.sources), of(&options.destinations));
    let matrix = found.roads.table(found.class, &sources, &destinations, found.stop).map_err(failed)?;
    let cell = |from: usize, to: usize| matrix.outbound(HubIx::from_index(from), DduIx::from_index(to)).ok();
    let waypoints = |positions: &[usize]| {
        let waypoint = |at: &usize| Waypoint::new(asked.points[*at], &placed[*at]);
        (!asked.skip_waypoints).then(|| positions.iter().map(waypoint).collect())
    };
    let size = (sources.len(), destinations.len());
    json(&Answer {
        code: "Ok",
        durations: options.durations.then(|| rows(size, |from, to| cell(from, to).map(seconds))),
        distances: options
            .distances
            .then(|| rows(size, |from, to| cell(from, to).map(|path| path.length.as_metres_f64()))),
        costs: options.costs.then(|| rows(size, |from, to| cell(from, to).map(|path| path.money.to_string()))),
        sources: waypoints(&options.sources),
        destinations: waypoints(&options.destinations),
    })
}

fn rows<T>((from, to): (usize, usize), cell: impl Fn(usize, usize) -> T) -> Vec<Vec<T>> {
    (0..from).map(|source| (0..to).map(|target| cell(source, target)).collect()).collect()
}

fn seconds(path: PathTotals) -> f64 {
    f64::from(path.time.0) / 1_000.0
}
