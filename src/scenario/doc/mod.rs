//! TOML files, walked with the place of every key and value, so that all defects are reported at once.
//!
//! A [`Section`] remembers the keys it was asked for; [`Section::finish`] reports every other key as unknown.

mod value;

pub(crate) use value::{
    boolean, choice, clock, date, decimal, integer, minutes, money, positive, seconds, share, text, texts,
};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Span, did_you_mean};
use crate::scenario::rules::Finding;
use std::cell::RefCell;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// The text of a TOML file and what was found in it.
pub(crate) struct Doc<'t> {
    file: Arc<PathBuf>,
    text: &'t str,
    found: RefCell<Diagnostics>,
}

impl<'t> Doc<'t> {
    /// A document; a byte order mark is skipped.
    pub(crate) fn new(file: Arc<PathBuf>, text: &'t str) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        Self { file, text, found: RefCell::default() }
    }

    /// Its tables, as far as they can be read; syntax errors are reported.
    pub(crate) fn parse(&self) -> DeTable<'t> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            self.report(span, "", Finding::plain(Code::NotToml, error.message().trim().replace('\n', ", ")));
        }
        table.into_inner()
    }

    /// Adds a finding at a range of bytes.
    pub(crate) fn report(&self, at: Range<usize>, field: &str, finding: Finding) {
        self.found.borrow_mut().push(Diagnostic {
            code: finding.code,
            file: Arc::clone(&self.file),
            value: self.text.get(at.clone()).unwrap_or_default().chars().take(200).collect(),
            span: Some(self.span(at)),
            field: field.to_owned(),
            message: finding.message,
            help: finding.help,
        });
    }

    /// True when parts of the text could not be read.
    fn is_broken(&self) -> bool {
        self.found.borrow().counts().contains_key(&Code::NotToml)
    }

    /// What was found.
    pub(crate) fn into_findings(self) -> Diagnostics {
        self.found.into_inner()
    }

    /// The nearest boundary of a character at or before a byte.
    fn boundary(&self, byte: usize) -> usize {
        (0..=byte.min(self.text.len())).rev().find(|b| self.text.is_char_boundary(*b)).unwrap_or(0)
    }

    fn span(&self, at: Range<usize>) -> Span {
        let start = self.boundary(at.start);
        let before = self.text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let line_text = self.text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
        let line_end = line_start + line_text.len();
        let chars = |range: Range<usize>| {
            let slice = self.text.get(range).unwrap_or_default();
            u32::try_from(slice.chars().count()).unwrap_or(u32::MAX)
        };
        let end = self.boundary(at.end.min(line_end).max(start));
        Span {
            line: before.bytes().filter(|b| *b == b'\n').count() as u64 + 1,
            column: chars(line_start..start).saturating_add(1),
            width: chars(start..end).max(1),
            text: line_text.chars().take(4_096).collect::<String>().into(),
        }
    }
}

/// A table of the document, or the place where one is missing.
pub(crate) struct Section<'d, 't> {
    doc: &'d Doc<'t>,
    name: String,
    at: Range<usize>,
    table: Option<&'d DeTable<'t>>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'d, 't> Section<'d, 't> {
    /// The whole document.
    pub(crate) fn root(doc: &'d Doc<'t>, table: &'d DeTable<'t>) -> Self {
        Self { doc, name: String::new(), at: 0..0, table: Some(table), asked: RefCell::default() }
    }

    /// The table under a key; empty when absent.
    pub(crate) fn section(&self, key: &'static str) -> Section<'d, 't> {
        let at = self.at.clone();
        let empty = |at| Section { doc: self.doc, name: self.path(key), at, table: None, asked: RefCell::default() };
        match self.value(key) {
            None => empty(at),
            Some((value, span)) => self.as_section(key, value, span.clone()).unwrap_or_else(|| empty(span)),
        }
    }

    /// A value as a table; another type is reported.
    pub(crate) fn as_section(&self, key: &str, value: &'d DeValue<'t>, at: Range<usize>) -> Option<Section<'d, 't>> {
        if let DeValue::Table(table) = value {
            let name = self.path(key);
            return Some(Section { doc: self.doc, name, at, table: Some(table), asked: RefCell::default() });
        }
        self.report(
            key,
            at,
            Finding::new(
                Code::WrongType,
                format!("`{}` is not a table", self.path(key)),
                "write a table: key = value pairs",
            ),
        );
        None
    }

    /// All keys with their values and the bytes of both, in order of the keys.
    pub(crate) fn entries(&self) -> Vec<(&'d str, Range<usize>, &'d DeValue<'t>, Range<usize>)> {
        let entries = self.table.into_iter().flat_map(|t| t.iter());
        entries.map(|(k, v)| (k.get_ref().as_ref(), k.span(), v.get_ref(), v.span())).collect()
    }

    /// The value under a key and its bytes.
    pub(crate) fn value(&self, key: &'static str) -> Option<(&'d DeValue<'t>, Range<usize>)> {
        self.asked.borrow_mut().push(key);
        self.table?.iter().find(|(k, _)| k.get_ref() == key).map(|(_, v)| (v.get_ref(), v.span()))
    }

    /// A setting by a rule; `None` when absent or wrong (which is reported).
    pub(crate) fn optional<T>(
        &self,
        key: &'static str,
        rule: impl FnOnce(&DeValue<'_>) -> Result<T, Finding>,
    ) -> Option<T> {
        let (value, at) = self.value(key)?;
        match rule(value) {
            Ok(value) => Some(value),
            Err(mut finding) => {
                finding.message = format!("`{}` {}", self.path(key), finding.message);
                self.report(key, at, finding);
                None
            }
        }
    }

    /// A setting by a rule, or its default.
    pub(crate) fn or<T>(
        &self,
        key: &'static str,
        default: T,
        rule: impl FnOnce(&DeValue<'_>) -> Result<T, Finding>,
    ) -> T {
        self.optional(key, rule).unwrap_or(default)
    }

    /// A setting by a rule; its absence is an error.
    pub(crate) fn required<T>(
        &self,
        key: &'static str,
        rule: impl FnOnce(&DeValue<'_>) -> Result<T, Finding>,
    ) -> Option<T> {
        if self.table.is_none_or(|t| !t.iter().any(|(k, _)| k.get_ref() == key)) {
            self.asked.borrow_mut().push(key);
            let section = if self.name.is_empty() { String::new() } else { format!(" to [{}]", self.name) };
            let message = format!("`{}` is missing", self.path(key));
            let finding = Finding::new(Code::MissingSetting, message, format!("add `{key} = …`{section}"));
            self.report_missing(key, finding);
            return None;
        }
        self.optional(key, rule)
    }

    /// Reports the absence of a key, unless parts of the text could not be read: it may well stand there.
    pub(crate) fn report_missing(&self, key: &str, finding: Finding) {
        if !self.doc.is_broken() {
            self.report(key, self.at.clone(), finding);
        }
    }

    /// Reports a finding about a key of this section.
    pub(crate) fn report(&self, key: &str, at: Range<usize>, finding: Finding) {
        self.doc.report(at, &self.path(key), finding);
    }

    /// Line of a byte of the document, from 1.
    pub(crate) fn line(&self, byte: usize) -> u64 {
        self.doc.span(byte..byte).line
    }

    /// Reports every key that nobody asked for.
    pub(crate) fn finish(self) {
        let mut asked = self.asked.borrow_mut();
        asked.sort_unstable();
        asked.dedup();
        for (key, at, _, _) in self.entries() {
            if !asked.iter().any(|known| known == &key) {
                let near = did_you_mean(key, asked.iter().copied());
                let help = near.map_or_else(
                    || format!("known keys here: {}", asked.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report(
                    key,
                    at,
                    Finding::new(Code::UnknownSetting, format!("unknown setting `{}`", self.path(key)), help),
                );
            }
        }
    }

    /// Full name of a key.
    pub(crate) fn path(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}
