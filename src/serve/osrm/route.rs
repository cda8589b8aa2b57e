//! `route`: the best route over all coordinates in their order.

use super::asked::Asked;
use super::geometry::{Format, Geometry, simplified};
use super::options::{Pairs, invalid};
use super::place::{Waypoint, placed};
use super::steps::{Step, steps};
use super::{Found, failed, json};
use crate::lonlat::LonLat;
use crate::matrix::Route;
use crate::serve::error::ApiError;
use crate::units::MicroDollars;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overview {
    Simplified,
    Full,
    None,
}

pub(super) struct Options {
    overview: Overview,
    format: Format,
    steps: bool,
}

impl Options {
    pub(super) fn read(pairs: &mut Pairs, asked: &Asked) -> Result<Self, ApiError> {
        if asked.points.len() < 2 {
            return Err(ApiError::osrm("InvalidOptions", "a route takes two coordinates or more"));
        }
        // There may be fewer alternatives than asked for; here there is always one route, the best.
        if let Some(wanted) = pairs.take("alternatives")
            && !(matches!(wanted.as_str(), "true" | "false") || wanted.parse::<u32>().is_ok())
        {
            return Err(invalid("alternatives", "is neither true, false nor a number"));
        }
        pairs.not_done("annotations", &["false"])?;
        pairs.not_done("continue_straight", &["default", "false"])?;
        pairs.not_done("waypoints", &[])?;
        let words = [("simplified", Overview::Simplified), ("full", Overview::Full), ("false", Overview::None)];
        Ok(Self {
            overview: pairs.word("overview", Overview::Simplified, &words)?,
            format: Format::read(pairs)?,
            steps: pairs.flag("steps", false)?,
        })
    }
}

#[derive(Serialize)]
struct Answer {
    code: &'static str,
    routes: [Whole; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    waypoints: Option<Vec<Waypoint>>,
}

/// Metres, seconds and money; the money once more with all decimals.
#[derive(Serialize)]
struct Measures {
    distance: f64,
    duration: f64,
    weight: f64,
    cost_usd: String,
    tolls_usd: String,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    measures: Measures,
    weight_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    geometry: Option<Geometry>,
    legs: Vec<Leg>,
}

#[derive(Serialize)]
struct Leg {
    #[serde(flatten)]
    measures: Measures,
    summary: &'static str,
    steps: Vec<Step>,
}

/// Sums of routes, wider than one.
#[derive(Clone, Copy, Default)]
struct Sum {
    decimetres: u64,
    millis: u64,
    money: i64,
    tolls: i64,
}

impl Sum {
    fn plus(self, route: &Route) -> Option<Self> {
        let totals = &route.totals;
        Some(Self {
            decimetres: self.decimetres.checked_add(totals.length.0.into())?,
            millis: self.millis.checked_add(totals.time.0.into())?,
            money: self.money.checked_add(totals.money.0)?,
            tolls: self.tolls.checked_add(totals.tolls.0)?,
        })
    }

    #[allow(clippy::cast_precision_loss)] // sums of at most thousands of 32-bit numbers
    fn measures(self) -> Measures {
        Measures {
            distance: self.decimetres as f64 / 10.0,
            duration: self.millis as f64 / 1_000.0,
            weight: MicroDollars(self.money).as_dollars_f64(),
            cost_usd: MicroDollars(self.money).to_string(),
            tolls_usd: MicroDollars(self.tolls).to_string(),
        }
    }
}

pub(super) fn answer(found: &Found<'_, '_>, asked: &Asked, options: &Options) -> Result<Vec<u8>, ApiError> {
    let placed = placed(found, asked)?;
    let network = found.roads.network();
    let (mut sum, mut legs, mut line) = (Sum::default(), Vec::new(), Vec::<LonLat>::new());
    for (number, ends) in placed.windows(2).enumerate() {
        if crate::progress::Progress::cancelled(found.stop) {
            return Err(ApiError::busy("the request was given up"));
        }
        let route = found.roads.route(found.class, &ends[0], &ends[1]).map_err(failed)?;
        let route = route.map_err(|reason| {
            let message = format!("no way from coordinate {number} to {}: {}", number + 1, reason.word());
            ApiError::osrm("NoRoute", message)
        })?;
        let too_large = || ApiError::osrm("InvalidValue", "the totals of the route do not fit");
        sum = sum.plus(&route).ok_or_else(too_large)?;
        let measures = Sum::default().plus(&route).ok_or_else(too_large)?.measures();
        let steps = if options.steps { steps(&route, network, options.format)? } else { Vec::new() };
        legs.push(Leg { measures, summary: "", steps });
        if options.overview != Overview::None {
            line.extend(route.line(network, 0..route.stretches.len()));
        }
    }
    line.dedup();
    if let [only] = line[..] {
        line.push(only);
    }
    let geometry = match options.overview {
        Overview::None => None,
        Overview::Full => Some(options.format.line(&line)?),
        Overview::Simplified => Some(options.format.line(&simplified(&line))?),
    };
    let whole = Whole { measures: sum.measures(), weight_name: "usd", geometry, legs };
    let waypoints = asked.points.iter().zip(&placed).map(|(given, snapped)| Waypoint::new(*given, snapped));
    let waypoints = (!asked.skip_waypoints).then(|| waypoints.collect());
    json(&Answer { code: "Ok", routes: [whole], waypoints })
}
