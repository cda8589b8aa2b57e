//! OSRM's services `route`, `table` and `nearest` (HTTP API v1 of OSRM 5), for clients that know them.
//!
//! A profile is a vehicle class, or `CLASS@WINDOW` for a departure window; `driving` is the first class. What is
//! minimised is money, which is the `weight`; duration and distance are those of that path. Options that are not done are
//! refused, never passed over.

mod asked;
mod geometry;
mod nearest;
mod options;
mod place;
mod route;
mod steps;
mod table;

use super::app::{App, written};
use super::error::ApiError;
use super::pool::Stop;
use super::subject::Subject;
use super::world::World;
use crate::matrix::MatrixError;
use crate::pipeline::{RoadService, RouteError, ServedClass};
use asked::Asked;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use options::Pairs;
use serde::Serialize;

type Address = Result<Path<(String, String, String)>, PathRejection>;

pub(super) async fn route(State(app): State<App>, address: Address, RawQuery(query): RawQuery) -> Response {
    answer(app, address, query, route::Options::read, route::answer).await
}

pub(super) async fn table(State(app): State<App>, address: Address, RawQuery(query): RawQuery) -> Response {
    answer(app, address, query, table::Options::read, table::answer).await
}

pub(super) async fn nearest(State(app): State<App>, address: Address, RawQuery(query): RawQuery) -> Response {
    answer(app, address, query, nearest::Options::read, nearest::answer).await
}

pub(super) async fn not_done() -> ApiError {
    ApiError::osrm("NotImplemented", "this server knows the services route, table and nearest")
}

/// Reads what is asked, and has a thread find the answer.
async fn answer<O: Send + 'static>(
    app: App,
    address: Address,
    query: Option<String>,
    read: fn(&mut Pairs, &Asked) -> Result<O, ApiError>,
    find: fn(&Found<'_, '_>, &Asked, &O) -> Result<Vec<u8>, ApiError>,
) -> Response {
    let parse = || {
        let Ok(Path((version, profile, coordinates))) = address else {
            return Err(ApiError::osrm("InvalidUrl", "the address is not UTF-8"));
        };
        if version != "v1" {
            return Err(ApiError::osrm("InvalidVersion", "this server knows version v1"));
        }
        let mut pairs = Pairs::parse(query.as_deref().unwrap_or_default())?;
        let asked = Asked::read(profile, &coordinates, &mut pairs, app.options.coordinates)?;
        let options = read(&mut pairs, &asked)?;
        pairs.finish()?;
        Ok((asked, options))
    };
    let (asked, options) = match parse() {
        Ok(parsed) => parsed,
        Err(error) => return error.into_response(),
    };
    let work = move |world: &World<'_>, stop: &Stop| {
        let (roads, class) = class(world, &asked.profile)?;
        find(&Found { roads, class, stop }, &asked, &options)
    };
    written(app.pool.compute(work).await.and_then(|answer| answer))
}

/// Roads of the class that was asked for.
struct Found<'w, 'r> {
    roads: &'w RoadService<'r>,
    class: ServedClass,
    stop: &'w Stop,
}

fn class<'w, 'r>(world: &'w World<'r>, profile: &str) -> Result<(&'w RoadService<'r>, ServedClass), ApiError> {
    let Some(roads) = &world.roads else {
        let why = match world.subject {
            Subject::Page { why, .. } => why.clone(),
            _ => "the scenario names a table of costs and no map".to_owned(),
        };
        return Err(ApiError::osrm("NotImplemented", format!("there is no map to route on: {why}")));
    };
    let (name, window) = match profile.split_once('@') {
        Some((name, window)) => (name, Some(window)),
        None => (profile, None),
    };
    let first = roads.classes().next().unwrap_or_default();
    let name = if name == "driving" && !roads.classes().any(|class| class == name) { first } else { name };
    let found = roads.class(name, window).ok_or_else(|| {
        let (classes, windows) = (roads.classes().collect::<Vec<_>>(), roads.windows().collect::<Vec<_>>());
        let message = format!(
            "no profile `{}`; vehicle classes are {}, with @WINDOW for one of the departures {}",
            profile.chars().take(64).collect::<String>(),
            classes.join(", "),
            windows.join(", ")
        );
        ApiError::osrm("InvalidValue", message)
    })?;
    Ok((roads, found))
}

/// Why a search has no answer.
fn failed(error: RouteError) -> ApiError {
    match error {
        RouteError::Search(MatrixError::Interrupted) => ApiError::busy("the request was given up"),
        error => ApiError::osrm("InvalidValue", error.to_string()),
    }
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, ApiError> {
    serde_json::to_vec(value).map_err(|_| ApiError::bug())
}
