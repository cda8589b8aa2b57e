//! Words with their places, and numbers without floats.

/// What is wrong with an instance, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct InstanceDefect {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What, with the value and what to do.
    pub problem: String,
}

/// A word and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Word<'_> {
    pub(super) fn defect(&self, problem: String) -> InstanceDefect {
        InstanceDefect { line: self.line, column: self.column, problem }
    }
}

/// Words of a line, by white space.
pub(super) fn words(line: usize, text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        let from = text.len() - rest.len() + start;
        let tail = rest.get(start..).unwrap_or_default();
        let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
        let word = tail.get(..end).unwrap_or_default();
        let column = text.get(..from).unwrap_or_default().chars().count() + 1;
        found.push(Word { text: word, line, column });
        rest = tail.get(end..).unwrap_or_default();
    }
    found
}

/// Decimals that numbers are kept with.
pub(super) const DECIMALS: u32 = 6;
/// 10^[`DECIMALS`].
pub(super) const SCALE: i64 = 1_000_000;
/// Greatest magnitude of a number in a file.
const MOST: i64 = 1_000_000_000;

/// A decimal number in millionths; further decimals must be zero.
pub(super) fn number(word: &Word<'_>) -> Result<i64, InstanceDefect> {
    millionths(word.text).ok_or_else(|| {
        word.defect(format!("`{}` is no number between -{MOST} and {MOST} with up to {DECIMALS} decimals", word.text))
    })
}

pub(super) fn millionths(text: &str) -> Option<i64> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok().filter(|e| (-9..=9).contains(e))?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let fraction = fraction.trim_end_matches('0');
    if whole.len() + fraction.len() == 0 && !mantissa.contains('0') || whole.len() + fraction.len() > 18 {
        return None;
    }
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let value: i128 = format!("0{whole}{fraction}").parse().ok()?;
    let shift = i32::try_from(DECIMALS).ok()? + exponent - i32::try_from(fraction.len()).ok()?;
    let power = 10_i128.pow(shift.unsigned_abs());
    let value = if shift >= 0 {
        value.checked_mul(power)?
    } else if value % power == 0 {
        value / power
    } else {
        return None;
    };
    let value = i64::try_from(value).ok().filter(|v| *v <= MOST * SCALE)?;
    Some(if negative { -value } else { value })
}

/// A whole number from 0.
pub(super) fn whole(word: &Word<'_>) -> Result<u32, InstanceDefect> {
    let value = millionths(word.text).filter(|v| *v >= 0 && v % SCALE == 0).map(|v| v / SCALE);
    value
        .and_then(|v| u32::try_from(v).ok())
        .ok_or_else(|| word.defect(format!("`{}` is no whole number from 0 to {MOST}", word.text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        let cases = [
            ("1", 1_000_000),
            ("-2.5", -2_500_000),
            ("1.20000000", 1_200_000),
            ("3.5e+01", 35_000_000),
            ("0", 0),
            ("0.0", 0),
            (".5", 500_000),
        ];
        for (text, value) in cases {
            assert_eq!(millionths(text), Some(value), "{text}");
        }
        for text in ["", "-", ".", "nan", "1e99", "1.0000001", "1.2.3", "9999999999", "1_0", "+1", "--1", "e5"] {
            assert_eq!(millionths(text), None, "{text}");
        }
    }

    #[test]
    fn words_know_their_columns() {
        let found: Vec<(String, usize)> = words(1, " é\tb  c").iter().map(|w| (w.text.to_owned(), w.column)).collect();
        assert_eq!(found, [("é".to_owned(), 2), ("b".to_owned(), 4), ("c".to_owned(), 7)]);
    }
}
