//! `nearest`: where a coordinate meets the roads of a vehicle class.

use super::asked::Asked;
use super::options::{Pairs, invalid};
use super::place::{Waypoint, placed};
use super::{Found, json};
use crate::serve::error::ApiError;
use serde::Serialize;

/// There is one nearest road, however many are asked for.
pub(super) struct Options;

impl Options {
    pub(super) fn read(pairs: &mut Pairs, asked: &Asked) -> Result<Self, ApiError> {
        if asked.points.len() != 1 {
            return Err(ApiError::osrm("InvalidOptions", "nearest takes one coordinate"));
        }
        match pairs.take("number").map(|number| number.parse::<u32>()) {
            None | Some(Ok(1..)) => Ok(Self),
            _ => Err(invalid("number", "is no whole number from 1")),
        }
    }
}

#[derive(Serialize)]
struct Answer {
    code: &'static str,
    waypoints: Vec<Waypoint>,
}

pub(super) fn answer(found: &Found<'_, '_>, asked: &Asked, _: &Options) -> Result<Vec<u8>, ApiError> {
    let placed = placed(found, asked)?;
    let waypoints = asked.points.iter().zip(&placed).map(|(given, snapped)| Waypoint::new(*given, snapped));
    json(&Answer { code: "Ok", waypoints: waypoints.collect() })
}
