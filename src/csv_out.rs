//! CSV cells that a spreadsheet will not run.

use std::borrow::Cow;

/// Puts an apostrophe before a text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a
/// tab or a carriage return). Plain numbers such as `-1.5` stay as they are.
///
/// # Examples
/// ```
/// use ddu::csv_out::escape_formula;
/// assert_eq!(escape_formula("=1+1"), "'=1+1");
/// assert_eq!(escape_formula("-1.5"), "-1.5");
/// assert_eq!(escape_formula("-1.5-A1"), "'-1.5-A1");
/// ```
#[must_use]
pub fn escape_formula(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_plain_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A sign at most, digits, and at most one point between digits.
fn is_plain_number(text: &str) -> bool {
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let magnitude = text.strip_prefix(['-', '+']).unwrap_or(text);
    match magnitude.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(magnitude),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_and_numbers() {
        for text in ["", "a=1", "-1", "+15", "-0.25", "DDU-1"] {
            assert_eq!(escape_formula(text), text);
        }
        for text in ["=", "+", "-", "@SUM(A1)", "-1.", "-1e5", "+1+2", "\tx", "-.5"] {
            assert_eq!(escape_formula(text), format!("'{text}"));
        }
    }
}
