//! Numbers with units, read exactly: integers in, integers out, one rounding.

/// What a tag with a quantity says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// This much.
    Value(u32),
    /// Understood, but without a number: `none`, `default`, `signals`.
    Unlimited,
    /// Not understood.
    Unknown,
}

/// A number with at most six decimals, in millionths, and what stands behind it (blanks trimmed).
///
/// A comma before exactly three digits groups thousands (`10,000 lbs`), any other is a decimal sign (`4,1`).
pub(super) fn millionths(text: &str) -> Option<(u64, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let (number, rest) = (text.get(..end)?, text.get(end..)?);
    let (whole, decimals) = match number.split_once(['.', ',']) {
        None => (number.to_owned(), ""),
        Some((head, tail)) if number.get(head.len()..)?.starts_with(',') && is_thousand(tail) => {
            let (tail, decimals) = tail.split_once('.').unwrap_or((tail, ""));
            (format!("{head}{tail}"), decimals)
        }
        Some((head, tail)) => (head.to_owned(), tail),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && decimals.is_empty() || !digits(&whole) || !digits(decimals) {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction = decimals.bytes().chain(std::iter::repeat(b'0')).take(6).fold(0, |n, b| n * 10 + u64::from(b - b'0'));
    Some((whole.checked_mul(1_000_000)?.checked_add(fraction)?, rest.trim_start()))
}

fn is_thousand(tail: &str) -> bool {
    let group = tail.split('.').next().unwrap_or(tail);
    group.len() == 3
}

/// `millionths × numerator / (1e6 × denominator)`, rounded to nearest; `None` when it does not fit or is nothing.
pub(super) fn scaled(millionths: u128, numerator: u32, denominator: u32) -> Option<u32> {
    let divisor = u128::from(denominator).checked_mul(1_000_000)?;
    let value = millionths.checked_mul(u128::from(numerator))?.checked_add(divisor / 2)?.checked_div(divisor)?;
    u32::try_from(value).ok().filter(|v| *v > 0 && *v < u32::MAX)
}

/// The lowest value of a list; unlimited when no part has a number; unknown when no part is understood.
pub(super) fn lowest(readings: impl Iterator<Item = Reading>) -> Reading {
    readings.fold(Reading::Unknown, |best, next| match (best, next) {
        (Reading::Value(a), Reading::Value(b)) => Reading::Value(a.min(b)),
        (Reading::Value(a), _) | (_, Reading::Value(a)) => Reading::Value(a),
        (Reading::Unlimited, _) | (_, Reading::Unlimited) => Reading::Unlimited,
        (Reading::Unknown, Reading::Unknown) => Reading::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let cases = [
            ("50", Some((50_000_000, ""))),
            ("50 mph", Some((50_000_000, "mph"))),
            (" 4.1m", Some((4_100_000, "m"))),
            ("4,1", Some((4_100_000, ""))),
            ("10,000 lbs", Some((10_000_000_000, "lbs"))),
            ("10,000.5", Some((10_000_500_000, ""))),
            (".5", Some((500_000, ""))),
            ("3.12345678", Some((3_123_456, ""))),
            ("", None),
            (".", None),
            ("1.2.3", None),
            ("mph", None),
            ("-5", None),
            ("99999999999999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(millionths(text), expected, "{text}");
        }
    }

    #[test]
    fn scaling_rounds_once() {
        assert_eq!(scaled(13_500_000, 3_048, 10), Some(4_115)); // 13.5 ft = 4114.8 mm
        assert_eq!(scaled(0, 1, 1), None);
        assert_eq!(scaled(u128::MAX, 2, 1), None);
    }
}
