//! Which address asks for what, and what holds for every request: its time, its log line, its headers, that a panic ends
//! nothing but itself.

use super::error::ApiError;
use super::jobs::{self, Jobs};
use super::log::RequestLine;
use super::options::Options;
use super::pool::Pool;
use super::{openapi, osrm, page, what_if};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Bodies that are read at once.
const BODIES: usize = 4;

/// What handlers share.
pub(super) struct Shared {
    pub(super) pool: Pool,
    pub(super) jobs: Jobs,
    pub(super) options: Options,
    /// Only one what-if question at a time: each takes all cores.
    pub(super) what_if: Semaphore,
    /// Whether it listens to this machine alone.
    loopback: bool,
    log: SyncSender<RequestLine>,
    bodies: Semaphore,
}

pub(super) type App = Arc<Shared>;

impl Shared {
    pub(super) fn new(pool: Pool, jobs: Jobs, options: Options, loopback: bool, log: SyncSender<RequestLine>) -> Self {
        let (what_if, bodies) = (Semaphore::new(1), Semaphore::new(BODIES));
        Self { pool, jobs, options, what_if, loopback, log, bodies }
    }

    /// Reads a body of a type; what is too long or too slow is refused.
    pub(super) async fn body(&self, request: Request, types: &[&str]) -> Result<(String, Bytes), ApiError> {
        let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let plain = given.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !types.contains(&plain.as_str()) {
            let message = format!("the body must have Content-Type {}", types.join(" or "));
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedType", message));
        }
        let most = self.options.body_bytes;
        let too_long = || {
            let message = format!("the body is longer than {most} bytes; --max-body-mib raises the limit");
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "BodyTooLarge", message)
        };
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        if length.is_some_and(|length: usize| length > most) {
            return Err(too_long());
        }
        let _place = self.bodies.acquire().await.map_err(|_| ApiError::bug())?;
        match timeout(self.options.request_time, axum::body::to_bytes(request.into_body(), most)).await {
            Ok(Ok(bytes)) => Ok((plain, bytes)),
            Ok(Err(error)) if format!("{error:?}").contains("LengthLimit") => Err(too_long()),
            Ok(Err(_)) => Err(ApiError::bad("the body ended early")),
            Err(_) => Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "SlowBody", "the body took too long to arrive")),
        }
    }
}

/// All routes.
pub(super) fn router(app: App) -> Router {
    Router::new()
        .route("/", get(page::page))
        .route("/openapi.json", get(openapi::document))
        .route("/v1/status", get(page::status))
        .route("/v1/what-if", post(what_if::ask))
        .route("/v1/matrix", post(jobs::http::matrix))
        .route("/v1/cost", post(jobs::http::cost))
        .route("/v1/award", post(jobs::http::award))
        .route("/v1/jobs", get(jobs::http::list))
        .route("/v1/jobs/{id}", get(jobs::http::show).delete(jobs::http::cancel))
        .route("/v1/jobs/{id}/files/{name}", get(jobs::http::file))
        .route("/route/{version}/{profile}/{*coordinates}", get(osrm::route))
        .route("/table/{version}/{profile}/{*coordinates}", get(osrm::table))
        .route("/nearest/{version}/{profile}/{*coordinates}", get(osrm::nearest))
        .route("/match/{version}/{profile}/{*coordinates}", get(osrm::not_done))
        .route("/trip/{version}/{profile}/{*coordinates}", get(osrm::not_done))
        .route("/tile/{version}/{profile}/{*coordinates}", get(osrm::not_done))
        .fallback(unknown)
        .method_not_allowed_fallback(other_method)
        .layer(from_fn_with_state(Arc::clone(&app), around))
        .with_state(app)
}

async fn unknown(request: Request) -> ApiError {
    let path = request.uri().path();
    // As OSRM answers /SERVICE/v1/PROFILE/COORDINATES.
    match path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>()[..] {
        [service, version, _, _, ..] if service != "v1" && version.starts_with('v') => {
            ApiError::osrm("InvalidService", "this server knows the services route, table and nearest")
        }
        ["route" | "table" | "nearest", ..] => {
            ApiError::osrm("InvalidUrl", "an OSRM address is /SERVICE/v1/PROFILE/LON,LAT;LON,LAT")
        }
        _ => ApiError::not_found("there is nothing under this address; /openapi.json lists what there is"),
    }
}

async fn other_method() -> ApiError {
    let message = "this address takes another method; /openapi.json lists them";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
}

/// What holds for every request.
async fn around(State(app): State<App>, matched: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let route = matched.map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    let mut response = if host_allowed(&app, &request) { guarded(&app, request, next).await } else { foreign_host() };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let line = RequestLine { method: known(&method), route, status: response.status().as_u16(), took: start.elapsed() };
    // A log that cannot keep up loses lines; requests do not wait for it.
    let _ = app.log.try_send(line);
    response
}

/// Methods of one's own making are not repeated in the log.
fn known(method: &Method) -> String {
    let ours = [Method::GET, Method::POST, Method::DELETE, Method::HEAD, Method::OPTIONS, Method::PUT, Method::PATCH];
    if ours.contains(method) { method.to_string() } else { "OTHER".to_owned() }
}

/// Runs the handler as a task of its own, which ends with the request, in time.
async fn guarded(app: &App, request: Request, next: Next) -> Response {
    let mut task = JoinSet::new();
    task.spawn(next.run(request));
    // A body has its own time, so that it is told apart from an answer that takes too long.
    match timeout(app.options.request_time * 2, task.join_next()).await {
        Ok(Some(Ok(response))) => response,
        Ok(_) => ApiError::bug().into_response(),
        Err(_) => {
            let message = "the answer takes longer than --request-seconds; post a job, or ask for less";
            ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "TimeLimit", message).into_response()
        }
    }
}

/// A server for this machine alone answers under its own names only, so that no page from elsewhere gets at it by a name
/// that it has pointed here.
fn host_allowed(app: &App, request: &Request) -> bool {
    if !app.loopback {
        return true;
    }
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str));
    let Some(authority) = host.and_then(|host| host.parse::<axum::http::uri::Authority>().ok()) else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok()
}

fn foreign_host() -> Response {
    let message = "this server answers on this machine only: ask for localhost or its address";
    ApiError::new(StatusCode::MISDIRECTED_REQUEST, "ForeignHost", message).into_response()
}

/// Answers in JSON that some thread has written, or why there is none.
pub(super) fn written(answer: Result<Vec<u8>, ApiError>) -> Response {
    match answer {
        Ok(text) => super::error::json_text(StatusCode::OK, Body::from(text)),
        Err(error) => error.into_response(),
    }
}
