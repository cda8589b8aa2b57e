//! The description of this server for programs, in OpenAPI 3.1.

use super::error::json_text;
use axum::http::StatusCode;
use axum::response::Response;

/// With 0.0.0 for the version of this program.
const DOCUMENT: &str = include_str!("openapi.json");

pub(super) async fn document() -> Response {
    json_text(StatusCode::OK, DOCUMENT.replacen("0.0.0", env!("CARGO_PKG_VERSION"), 1))
}
