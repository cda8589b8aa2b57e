//! The report's page, live; and what the server says of itself.

use super::app::App;
use super::error::{json_text, typed};
use super::log::Log;
use super::subject::{ServedAuction, Subject};
use super::world::World;
use crate::artefact::Folder;
use crate::award::Award;
use crate::pipeline::{self, AwardAtHand, RunError, RunFiles};
use crate::progress::Progress;
use crate::report::page::{Served, read_page, write_page};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::path::Path;

/// Shown until there is a page, and where there is none.
const NOT_YET: &str = include_str!("not_yet.html");
const NO_PAGE: &str = include_str!("no_page.html");

/// Work behind the page: it leaves no result when the server stops.
struct Behind<'p>(&'p dyn Progress);

impl Progress for Behind<'_> {
    fn begin(&self, stage: &str, total: Option<u64>) {
        self.0.begin(stage, total);
    }
    fn advance(&self, units: u64) {
        self.0.advance(units);
    }
    fn finish(&self, summary: &str) {
        self.0.finish(summary);
    }
    fn cancelled(&self) -> bool {
        self.0.cancelled()
    }
    fn abandoned(&self) -> bool {
        self.0.cancelled()
    }
}

/// Makes the page and determines the award behind it.
pub(super) fn prepare(world: &World<'_>, log: &dyn Log, progress: &dyn Progress) {
    match world.subject {
        Subject::Map(_) => {}
        Subject::Page { folder, why } => {
            log.say(&format!("the page of {} is served, and nothing else: {why}", folder.display()));
            let _ = world.page.set(shown(folder, Served::No));
        }
        Subject::Auction(auction) => {
            let made = world.threads.install(|| auction_page(world, auction, &Behind(progress)));
            let award = made.map_err(|error| error.to_string());
            match &award {
                Ok(_) => log.say("the award is determined: the page is ready for what-if questions"),
                Err(_) if progress.cancelled() => {}
                Err(error) => log.say(&format!("there is no award to ask about: {error}")),
            }
            let _ = world.page.set(Err("there is no award".to_owned()));
            let _ = world.at_hand.set(award);
        }
    }
    if let Some(Err(why)) = world.page.get().filter(|_| !progress.cancelled()) {
        log.say(&format!("there is no page: {why}"));
    }
}

/// The page first, where a finished run has it; else the run itself, in a folder that is then removed.
fn auction_page<'a>(
    world: &World<'a>,
    auction: &'a ServedAuction,
    progress: &dyn Progress,
) -> Result<AwardAtHand<'a>, RunError> {
    let (scenario, region) = (&auction.scenario, auction.region.as_ref());
    let award: Option<Award> = match &auction.run {
        Some(folder) => {
            let _ = world.page.set(shown(folder, Served::Yes));
            None
        }
        None => {
            let root = tempfile::tempdir()?;
            let mut folder = Folder::open(root.path())?;
            let files = RunFiles::AwardOnly;
            let award = pipeline::run(scenario, region, &auction.findings, files, &mut folder, progress)?;
            folder.commit()?;
            if progress.cancelled() {
                return Err(RunError::Interrupted);
            }
            let _ = world.page.set(shown(root.path(), Served::Yes));
            Some(award)
        }
    };
    AwardAtHand::new(scenario, region, award, progress)
}

/// The page of a run's folder.
fn shown(folder: &Path, served: Served) -> Result<String, String> {
    let written = read_page(folder).and_then(|data| {
        let mut page = Vec::new();
        write_page(&mut page, &data, served)?;
        Ok(page)
    });
    let page = written.map_err(|error| format!("{}: {error}", folder.display()))?;
    String::from_utf8(page).map_err(|error| error.to_string())
}

pub(super) async fn page(State(app): State<App>) -> Response {
    let found = app.pool.compute(|world, _| match (world.page.get(), world.subject) {
        (Some(Ok(page)), _) => (StatusCode::OK, page.clone()),
        (Some(Err(_)), _) | (None, Subject::Map(_)) => (StatusCode::NOT_FOUND, NO_PAGE.to_owned()),
        (None, _) => (StatusCode::SERVICE_UNAVAILABLE, NOT_YET.to_owned()),
    });
    let (status, text) = match found.await {
        Ok(found) => found,
        Err(error) => return error.into_response(),
    };
    let mut response = typed(status, "text/html; charset=utf-8", text);
    // The page holds its own policy; what only a header can say is said here.
    let policy = HeaderValue::from_static("frame-ancestors 'none'");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

pub(super) async fn status(State(app): State<App>) -> Response {
    match app.pool.compute(|world, _| told(world).to_string()).await {
        Ok(text) => json_text(StatusCode::OK, text),
        Err(error) => error.into_response(),
    }
}

fn told(world: &World<'_>) -> Value {
    let (serves, read_only) = match world.subject {
        Subject::Map(_) => ("map", None),
        Subject::Auction(_) => ("auction", None),
        Subject::Page { why, .. } => ("page", Some(why)),
    };
    let award = match (world.at_hand.get(), world.subject) {
        (Some(Ok(at_hand)), _) => json!({"state": "ready", "value": at_hand.award().value.to_string()}),
        (Some(Err(why)), _) => json!({"state": "failed", "why": why}),
        (None, Subject::Auction(_)) => json!({"state": "under_way"}),
        (None, _) => json!({"state": "none"}),
    };
    let roads = world.roads.as_ref();
    let options = world.options;
    json!({
        "program": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "serves": serves,
        "scenario": world.subject.auction().map(|auction| &auction.scenario.settings.name),
        "read_only": read_only,
        "profiles": roads.map(|roads| roads.classes().collect::<Vec<_>>()).unwrap_or_default(),
        "departures": roads.map(|roads| roads.windows().collect::<Vec<_>>()).unwrap_or_default(),
        "award": award,
        "page": match world.page.get() {
            Some(Ok(_)) => json!({"state": "ready"}),
            Some(Err(why)) => json!({"state": "failed", "why": why}),
            None => json!({"state": if matches!(world.subject, Subject::Map(_)) { "none" } else { "under_way" }}),
        },
        "limits": {
            "body_bytes": options.body_bytes,
            "coordinates": options.coordinates,
            "cells": options.cells,
            "jobs": options.jobs,
            "waiting_jobs": options.waiting_jobs,
            "request_seconds": options.request_time.as_secs(),
            "job_seconds": options.job_time.as_secs(),
            "connections": options.connections,
        },
    })
}
