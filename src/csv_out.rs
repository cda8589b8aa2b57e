//! CSV cells that a spreadsheet will not run.
//!
//! Text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@`, or with a tab or carriage
//! return before them) is written with an apostrophe in front. So that reading can undo it, text that already has
//! apostrophes before such a character gets one more. This is for text; a number is written as it is.

use std::borrow::Cow;

fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Text as it stands in a CSV cell, before quoting.
///
/// # Examples
/// ```
/// use ddu::csv_out::escape_formula;
/// assert_eq!(escape_formula("=1+1"), "'=1+1");
/// assert_eq!(escape_formula("'=1+1"), "''=1+1");
/// assert_eq!(escape_formula("DDU-1"), "DDU-1");
/// ```
#[must_use]
pub fn escape_formula(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Text as it was before [`escape_formula`].
///
/// # Examples
/// ```
/// use ddu::csv_out::unescape_formula;
/// assert_eq!(unescape_formula("'=1+1"), "=1+1");
/// assert_eq!(unescape_formula("'quoted'"), "'quoted'");
/// ```
#[must_use]
pub fn unescape_formula(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_formula(text) => text,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_get_an_apostrophe() {
        for text in ["", "a=1", "15", "DDU-1", "'"] {
            assert_eq!(escape_formula(text), text);
        }
        for text in ["=", "+", "-", "@SUM(A1)", "-1.5", "\tx", "'=1"] {
            assert_eq!(escape_formula(text), format!("'{text}"));
        }
    }

    proptest! {
        #[test]
        fn escaping_can_be_undone(text in "['=+@\\-a\t\r\n\",é ]{0,8}") {
            let cell = escape_formula(&text);
            prop_assert_eq!(unescape_formula(&cell), &text);
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']));
        }
    }
}
