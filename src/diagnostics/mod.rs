//! What is wrong with the user's files, collected and shown in one pass.
//!
//! A reader never stops at the first defect: it adds a [`Diagnostic`] and goes on. Each carries a [`Code`] (one row of
//! `docs/errors.md`), the file, line and column where there is one, the value as found, and what to do.

mod code;
mod export;
mod render;
mod suggest;

pub use code::{Code, Severity};
pub use export::{RejectedRow, to_json_lines, write_rejects};
pub use render::{render, render_limited, summary};
pub use suggest::did_you_mean;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Findings of one code that are kept in full; more are only counted, so that a table of millions of bad rows fits in
/// memory. The rejected rows themselves are all kept.
pub const KEPT_PER_CODE: usize = 10_000;

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
    counts: BTreeMap<Code, usize>,
}

impl Diagnostics {
    /// Adds a finding; above [`KEPT_PER_CODE`] of its code it is only counted.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.push_with(diagnostic.code, || diagnostic);
    }

    /// The same, for findings that are costly to make: `make` (which must give this code) is called only for those
    /// that are kept.
    pub fn push_with(&mut self, code: Code, make: impl FnOnce() -> Diagnostic) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= KEPT_PER_CODE {
            self.items.push(make());
        }
    }

    /// Takes over the findings of another reader.
    pub fn absorb(&mut self, other: Self) {
        let mut unseen = other.counts;
        for diagnostic in other.items {
            if let Some(count) = unseen.get_mut(&diagnostic.code) {
                *count = count.saturating_sub(1);
            }
            self.push(diagnostic);
        }
        for (code, count) in unseen {
            *self.counts.entry(code).or_default() += count;
        }
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

    /// How many findings there are of each code, in order of the codes.
    #[must_use]
    pub fn counts(&self) -> &BTreeMap<Code, usize> {
        &self.counts
    }

    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.counts.iter().filter(|(code, _)| code.severity() == severity).map(|(_, n)| n).sum()
    }

    /// True when an error forbids to go on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// True when an error forbids to go on even if rows with errors are set aside.
    #[must_use]
    pub fn has_fatal(&self) -> bool {
        self.counts.keys().any(|code| code.is_fatal())
    }

    /// True when nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}
