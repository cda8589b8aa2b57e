//! `duration` of a ferry: `H:MM`, `H:MM:SS`, whole minutes, or ISO 8601 (`PT1H30M`).

/// Milliseconds; `None` when the text is not understood, nothing or over 49 days.
pub(super) fn duration_ms(text: &str) -> Option<u32> {
    let text = text.trim();
    let seconds = text.strip_prefix("PT").map_or_else(|| clock(text), iso)?;
    let ms = seconds.checked_mul(1000).and_then(|ms| u32::try_from(ms).ok())?;
    (ms > 0).then_some(ms)
}

fn number(text: &str) -> Option<u64> {
    let plain = (1..=7).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn clock(text: &str) -> Option<u64> {
    let mut fields = text.split(':');
    let (first, second, third) = (fields.next()?, fields.next(), fields.next());
    let sixtieth = |text: Option<&str>| text.map_or(Some(0), |text| number(text).filter(|n| *n < 60));
    match (second, fields.next()) {
        (_, Some(_)) => None,
        (None, None) => number(first)?.checked_mul(60),
        (Some(_), None) => Some(number(first)? * 3600 + sixtieth(second)? * 60 + sixtieth(third)?),
    }
}

fn iso(text: &str) -> Option<u64> {
    let (mut rest, mut seconds) = (text, 0_u64);
    for (letter, factor) in [('H', 3600), ('M', 60), ('S', 1)] {
        if let Some((amount, tail)) = rest.split_once(letter) {
            seconds += number(amount)? * factor;
            rest = tail;
        }
    }
    rest.is_empty().then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let cases = [
            ("20", Some(1_200_000)),
            ("00:20", Some(1_200_000)),
            ("1:05", Some(3_900_000)),
            ("01:05:30", Some(3_930_000)),
            ("PT20M", Some(1_200_000)),
            ("PT1H30M", Some(5_400_000)),
            ("PT45S", Some(45_000)),
            ("", None),
            ("0", None),
            ("00:75", None),
            ("1:2:3:4", None),
            ("-5", None),
            ("20 min", None),
            ("PT", None),
            ("PTM", None),
            ("PT5", None),
            ("9999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(duration_ms(text), expected, "{text}");
        }
    }
}
