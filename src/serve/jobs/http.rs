//! Jobs over HTTP.

use super::state::{Outcome, State as JobState};
use super::{Kind, Posted};
use crate::serve::app::App;
use crate::serve::error::{ApiError, json_text, typed};
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How often a waiting client's job is looked at.
const LOOK: Duration = Duration::from_millis(20);

pub(in crate::serve) async fn matrix(app: State<App>, query: RawQuery, request: Request) -> Response {
    post(app, Kind::Matrix, query, request).await
}

pub(in crate::serve) async fn cost(app: State<App>, query: RawQuery, request: Request) -> Response {
    post(app, Kind::Cost, query, request).await
}

pub(in crate::serve) async fn award(app: State<App>, query: RawQuery, request: Request) -> Response {
    post(app, Kind::Award, query, request).await
}

async fn post(State(app): State<App>, kind: Kind, RawQuery(query): RawQuery, request: Request) -> Response {
    let submitted = async {
        let (content_type, body) = app.body(request, &["application/json", "text/csv"]).await?;
        let query = query.unwrap_or_default();
        let posted = app.pool.compute(move |_, _| Posted::parse(kind, &content_type, &query, &body)).await??;
        app.jobs.submit(posted)
    };
    match submitted.await {
        Ok(job) => {
            let mut response = json_text(StatusCode::ACCEPTED, job.value().to_string());
            if let Ok(url) = HeaderValue::from_str(&format!("/v1/jobs/{}", job.id)) {
                response.headers_mut().insert(header::LOCATION, url);
            }
            response
        }
        Err(error) => error.into_response(),
    }
}

pub(in crate::serve) async fn list(State(app): State<App>) -> Response {
    let jobs: Vec<Value> = app.jobs.all().iter().map(|job| job.value()).collect();
    json_text(StatusCode::OK, json!({ "jobs": jobs }).to_string())
}

/// Tells a job, at once or (`?wait=SECONDS`) when it has ended, whichever comes first.
pub(in crate::serve) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let job = app.jobs.get(&id)?;
    let wait = wait(query.as_deref().unwrap_or_default())?.min(app.options.request_time);
    let start = Instant::now();
    while start.elapsed() < wait && !job.state().is_over() {
        sleep(LOOK).await;
    }
    Ok(json_text(StatusCode::OK, job.value().to_string()))
}

fn wait(query: &str) -> Result<Duration, ApiError> {
    let mut wait = Duration::ZERO;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match (&*name, value.parse::<u32>()) {
            ("wait", Ok(seconds)) => wait = Duration::from_secs(seconds.into()),
            _ => return Err(ApiError::bad("a job is asked for with `wait=SECONDS`, a whole number, or nothing")),
        }
    }
    Ok(wait)
}

/// Stops a job that waits or runs; forgets one that has ended.
pub(in crate::serve) async fn cancel(State(app): State<App>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let job = app.jobs.get(&id)?;
    if job.state().is_over() {
        app.jobs.remove(&id);
        return Ok(json_text(StatusCode::OK, json!({"id": id, "state": "removed"}).to_string()));
    }
    job.progress.abandon();
    Ok(json_text(StatusCode::ACCEPTED, job.value().to_string()))
}

/// A file of a job that is done.
pub(in crate::serve) async fn file(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let job = app.jobs.get(&id)?;
    let path = match &*job.state() {
        JobState::Over(Outcome::Done(done)) if done.files.iter().any(|(known, _)| *known == name) => {
            done.folder.path().join("out").join(&name)
        }
        JobState::Over(Outcome::Done(_)) => return Err(ApiError::not_found("the job has no file of that name")),
        _ => return Err(ApiError::not_found("the job has no files, or not yet")),
    };
    // The job is held, so its folder stays until the file is read.
    let read = move || {
        let bytes = std::fs::read(path);
        drop(job);
        bytes
    };
    let bytes = tokio::task::spawn_blocking(read).await.map_err(|_| ApiError::bug())?;
    let kind = match name.rsplit('.').next() {
        Some("csv") => "text/csv; charset=utf-8",
        Some("json") => "application/json",
        Some("html") => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };
    Ok(typed(StatusCode::OK, kind, bytes.map_err(|_| ApiError::bug())?))
}
