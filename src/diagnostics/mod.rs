//! What is wrong with the user's files, collected and shown in one pass.
//!
//! A reader never stops at the first defect: it adds a [`Diagnostic`] and goes on. Each carries a [`Code`] (one row of
//! `docs/errors.md`), the file, line and column where there is one, the value as found, and what to do.

mod code;

pub use code::{Code, Severity};

use std::path::PathBuf;
use std::sync::Arc;

/// Where in a file a value stands. Lines and columns count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Line of the file (for Parquet: row number).
    pub line: u64,
    /// First character of the value.
    pub column: u32,
    /// Characters of the value, at least 1.
    pub width: u32,
    /// The whole line as it stands in the file, for display; empty when it is not text.
    pub text: Arc<str>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which rule, with its severity and its row in the error index.
    pub code: Code,
    /// The file as the user named it.
    pub file: Arc<PathBuf>,
    /// Place in the file, where there is one.
    pub span: Option<Span>,
    /// Name of the table column or setting concerned; empty for a whole file or row.
    pub field: String,
    /// The value as found. Never written to logs for bid tables.
    pub value: String,
    /// What is wrong with it, in one sentence.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Findings of all readers.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Takes over the findings of another reader.
    pub fn absorb(&mut self, other: Self) {
        self.items.extend(other.items);
    }

    /// Findings by file, line, column and code, whatever order they came in.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut items: Vec<&Diagnostic> = self.items.iter().collect();
        items.sort_by(|a, b| {
            (&a.file, &a.span, a.code, &a.field, &a.value, &a.message)
                .cmp(&(&b.file, &b.span, b.code, &b.field, &b.value, &b.message))
        });
        items
    }

    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.items.iter().filter(|d| d.code.severity() == severity).count()
    }

    /// True when an error forbids to go on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|d| d.code.severity() == Severity::Error)
    }

    /// True when nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}
