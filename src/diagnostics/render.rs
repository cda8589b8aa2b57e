//! Findings for people, as a compiler shows them: `file:line:column`, the row, a caret under the value, a help line.

use super::{Code, Diagnostic, Diagnostics, Severity, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

/// Most carets under a value.
const WIDEST: usize = 60;

/// All findings in order of file, line and column, at most `limit` of each code, then [`summary`].
#[must_use]
pub fn render(diagnostics: &Diagnostics, limit: usize, colour: bool) -> String {
    render_limited(diagnostics, |_| limit, colour)
}

/// The same with a limit for each severity.
#[must_use]
pub fn render_limited(diagnostics: &Diagnostics, limit: impl Fn(Severity) -> usize, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut shown: BTreeMap<Code, usize> = BTreeMap::new();
    let mut out = String::new();
    for diagnostic in diagnostics.sorted() {
        let count = shown.entry(diagnostic.code).or_default();
        if *count < limit(diagnostic.code.severity()) {
            *count += 1;
            let _ = writeln!(out, "{}\n", block(&renderer, diagnostic));
        }
    }
    for (code, total) in diagnostics.counts() {
        let more = total - shown.get(code).copied().unwrap_or(0).min(*total);
        if more > 0 {
            let rows = match code.severity() {
                Severity::Error if code.is_of_run() => "",
                Severity::Error => "; --rejects FILE keeps the rows",
                _ if limit(code.severity()) < limit(Severity::Error) => "; ddu check shows more of them",
                _ => "",
            };
            let _ = writeln!(out, "{}: {} … and {} more{rows}", code.id(), code.title(), thousands(more));
        }
    }
    out.push_str(&summary(diagnostics));
    out
}

/// A table of counts by code, and the totals.
#[must_use]
pub fn summary(diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    if diagnostics.is_empty() {
        return out;
    }
    let _ = writeln!(out, "code      count  finding");
    for (code, count) in diagnostics.counts() {
        let _ = writeln!(out, "{:<4} {:>10}  {}", code.id(), thousands(*count), code.title());
    }
    let plural = |severity: Severity| {
        let n = diagnostics.count(severity);
        format!("{} {}{}", thousands(n), severity.word(), if n == 1 { "" } else { "s" })
    };
    let _ = writeln!(out, "{}, {}, {}", plural(Severity::Error), plural(Severity::Warning), plural(Severity::Repair));
    out
}

fn block(renderer: &Renderer, d: &Diagnostic) -> String {
    let level = match d.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Repair => Level::NOTE.with_name("repair"),
    };
    let path = visible(&d.file.display().to_string());
    let title = level.primary_title(visible(&d.message)).id(d.code.id());
    let marked = d.span.as_ref().map(marked);
    let line = |span: &Span| usize::try_from(span.line).unwrap_or(usize::MAX);
    let group: Group<'_> = match (&d.span, &marked) {
        (Some(span), Some(Some((text, mark)))) => title.element(
            Snippet::source(text.as_str())
                .path(path.as_str())
                .line_start(line(span))
                .annotation(AnnotationKind::Primary.span(mark.clone())),
        ),
        (Some(span), _) => {
            title.element(Origin::path(path.as_str()).line(line(span)).char_column(span.column as usize))
        }
        (None, _) => title.element(Origin::path(path.as_str())),
    };
    let group = if d.help.is_empty() { group } else { group.element(Level::HELP.message(visible(&d.help))) };
    renderer.render(&[group])
}

/// The row and the value's bytes in it; `None` when the row is not text.
fn marked(span: &Span) -> Option<(String, Range<usize>)> {
    let text: String = span.text.chars().map(plain).collect();
    let byte = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    let start = (span.column as usize).saturating_sub(1);
    let range = byte(start)..byte(start.saturating_add((span.width as usize).clamp(1, WIDEST)));
    (!text.is_empty()).then_some((text, range))
}

/// Texts of the user's files reach the terminal without control characters.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { ' ' } else { plain(c) }).collect()
}

fn plain(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c) => {
            char::REPLACEMENT_CHARACTER
        }
        c => c,
    }
}

/// `1234567` as `1,234,567`.
fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;
    use std::sync::Arc;

    fn finding(line: u64) -> Diagnostic {
        Diagnostic {
            code: Code::UnknownBidder,
            file: Arc::new(PathBuf::from("bids.csv")),
            span: Some(Span { line, column: 4, width: 3, text: "B1,Zoé,D1".into() }),
            field: "bidder_id".into(),
            value: "Zoé".into(),
            message: "bidder `Zoé` is not in bidders.csv".into(),
            help: "did you mean `Zoë`?".into(),
        }
    }

    #[test]
    fn looks_like_a_compiler() {
        let mut all = Diagnostics::default();
        all.push(finding(7));
        let expected = "\
error[E203]: bidder `Zoé` is not in bidders.csv
 --> bids.csv:7:4
  |
7 | B1,Zoé,D1
  |    ^^^
  |
  = help: did you mean `Zoë`?

code      count  finding
E203          1  bid of an unknown bidder
1 error, 0 warnings, 0 repairs
";
        assert_eq!(render(&all, 20, false), expected);
    }

    #[test]
    fn many_are_abbreviated() {
        let mut all = Diagnostics::default();
        (1..=1254).for_each(|line| all.push(finding(line)));
        let text = render(&all, 20, false);
        assert_eq!(text.matches("error[E203]").count(), 20);
        assert!(text.contains("and 1,234 more; --rejects FILE keeps the rows"), "{text}");
        assert!(text.contains("1,254 errors, 0 warnings, 0 repairs"), "{text}");
    }

    #[test]
    fn hostile_places_do_not_panic_or_reach_the_terminal() {
        let mut all = Diagnostics::default();
        for (column, width, text) in [(0, 0, ""), (900, 5, "abc"), (1, u32::MAX, "a\u{1b}[31m\tb"), (2, 1, "é\u{202e}")]
        {
            let mut d = finding(u64::MAX);
            d.span = Some(Span { line: u64::MAX, column, width, text: text.into() });
            d.message = "\u{1b}[2J".into();
            all.push(d);
        }
        assert!(!render(&all, 20, false).contains('\u{1b}'));
    }

    #[test]
    fn only_so_many_are_kept() {
        let mut all = Diagnostics::default();
        (0..super::super::KEPT_PER_CODE as u64 + 5).for_each(|line| all.push(finding(line)));
        let mut sum = Diagnostics::default();
        sum.push(finding(0));
        sum.absorb(all);
        assert_eq!(sum.count(Severity::Error), super::super::KEPT_PER_CODE + 6);
        assert_eq!(sum.sorted().len(), super::super::KEPT_PER_CODE);
    }
}
