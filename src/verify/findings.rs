//! What does not hold, and how many checks were made.

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Span};
use std::path::PathBuf;
use std::sync::Arc;

/// Violations of all checks, collected in one pass.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) all: Diagnostics,
    /// Checks made.
    pub(super) checks: u64,
    /// What was taken as given, in words.
    pub(super) notes: Vec<String>,
}

/// What is wrong at some place of a run's folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Fault {
    /// Column, setting or key; empty for a whole file or row.
    pub(super) field: String,
    pub(super) found: String,
    pub(super) message: String,
    pub(super) rule: String,
}

impl Fault {
    /// A cell or key that holds `found` where `expected` follows by `rule`.
    pub(super) fn differs(field: &str, found: &str, expected: &str, rule: &str) -> Self {
        let shown = |text: &str| if text.is_empty() { "empty".to_owned() } else { format!("`{text}`") };
        let message = format!("`{field}` is {}, expected {}", shown(found), shown(expected));
        Self { field: field.to_owned(), found: found.to_owned(), message, rule: rule.to_owned() }
    }

    /// What is wrong with a whole file or row.
    pub(super) fn whole(message: String, rule: &str) -> Self {
        Self { message, rule: rule.to_owned(), ..Self::default() }
    }
}

impl Findings {
    /// Counts a check and adds what it found, if it does not hold.
    pub(super) fn check(&mut self, holds: bool, code: Code, file: &Arc<PathBuf>, fault: impl FnOnce() -> Fault) {
        self.check_at(holds, code, file, || (None, fault()));
    }

    /// The same at a place in the file.
    pub(super) fn check_at(
        &mut self,
        holds: bool,
        code: Code,
        file: &Arc<PathBuf>,
        fault: impl FnOnce() -> (Option<Span>, Fault),
    ) {
        self.checks += 1;
        if !holds {
            self.all.push_with(code, || {
                let (span, Fault { field, found: value, message, rule: help }) = fault();
                Diagnostic { code, file: Arc::clone(file), span, field, value, message, help }
            });
        }
    }
}
