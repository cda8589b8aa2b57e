//! What is answered where there is no answer: a status, a code for programs, a sentence for people.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A refusal.
#[derive(Clone, Debug)]
pub(super) struct ApiError {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// Findings in what was posted.
    pub(super) diagnostics: Vec<Value>,
    /// Whether it has the shape of OSRM's errors.
    pub(super) osrm: bool,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), diagnostics: Vec::new(), osrm: false }
    }

    /// An error of an OSRM service; all have status 400.
    pub(super) fn osrm(code: &'static str, message: impl Into<String>) -> Self {
        Self { osrm: true, ..Self::new(StatusCode::BAD_REQUEST, code, message) }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidRequest", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    pub(super) fn busy(message: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Busy", message)
    }

    /// Our fault; what happened is on standard error.
    pub(super) fn bug() -> Self {
        let message = "this is a bug in ddu; the server's log holds its message, and the server goes on";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Bug", message)
    }

    pub(super) fn value(&self) -> Value {
        if self.osrm {
            return json!({"code": self.code, "message": self.message});
        }
        let mut value = json!({"error": {"code": self.code, "message": self.message}});
        if !self.diagnostics.is_empty() {
            value["diagnostics"] = self.diagnostics.clone().into();
        }
        value
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = json_text(self.status, self.value().to_string());
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

/// A body of JSON that is written already.
pub(super) fn json_text(status: StatusCode, text: impl Into<Body>) -> Response {
    typed(status, "application/json", text)
}

/// A body of a type.
pub(super) fn typed(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
