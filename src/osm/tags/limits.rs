//! `maxheight`, `maxwidth`, `maxlength`, `maxweight`.
//!
//! Bare lengths are metres, bare weights metric tonnes; feet and inches in all usual spellings (`13'6"`, `13 ft 6 in`),
//! short tons (`st`, and `tons` in US usage), long tons, pounds. Where several keys speak (`maxheight:physical`, a limit
//! for `:hgv`, the rated weight `maxweightrating`), the strictest holds, for every mode: only trucks come near them.
//! Axle loads are not read.

use super::quantity::{Reading, lowest, millionths, scaled};
use super::{Tags, parts};
use crate::osm::WayLimits;
use crate::osm::tally::{Row, Tally};

const HEIGHT: &[&str] = &["maxheight", "maxheight:physical", "maxheight:signed", "maxheight:hgv"];
const WIDTH: &[&str] = &["maxwidth", "maxwidth:physical", "maxwidth:hgv"];
const LENGTH: &[&str] = &["maxlength", "maxlength:hgv"];
const WEIGHT: &[&str] = &["maxweight", "maxweight:signed", "maxweight:hgv", "maxweightrating", "maxweightrating:hgv"];

/// Words that say that there is no number.
fn is_unlimited(text: &str) -> bool {
    matches!(text, "none" | "no" | "default" | "below_default" | "no_sign" | "unsigned" | "unlimited")
}

/// A length in millimetres: one number, or feet and inches.
fn length(text: &str) -> Reading {
    if is_unlimited(text) {
        return Reading::Unlimited;
    }
    // Sum in 1e-6 × 0.1 mm: a foot is 304.8 mm, an inch 25.4 mm.
    let (mut rest, mut sum, mut feet) = (text, 0_u128, false);
    while !rest.is_empty() {
        let Some((amount, tail)) = millionths(rest) else { return Reading::Unknown };
        let end = tail.find(|c: char| c.is_ascii_digit() || c == ' ' || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(end).unwrap_or((tail, ""));
        let (tenths, is_feet) = match unit {
            "'" | "′" | "’" | "ft" | "feet" | "foot" | "ft." => (3_048, true),
            "\"" | "″" | "”" | "''" | "in" | "in." | "inch" | "inches" => (254, false),
            "" if feet => (254, false),
            "" | "m" | "meter" | "meters" | "metre" | "metres" => (10_000, false),
            "cm" => (100, false),
            _ => return Reading::Unknown,
        };
        // Only inches may follow, and only feet.
        if sum > 0 && !(feet && tenths == 254) {
            return Reading::Unknown;
        }
        sum += u128::from(amount) * tenths;
        feet = is_feet;
        rest = tail.trim_start();
    }
    scaled(sum, 1, 10).map_or(Reading::Unknown, Reading::Value)
}

/// A weight in kilograms.
fn weight(text: &str) -> Reading {
    if is_unlimited(text) {
        return Reading::Unlimited;
    }
    let Some((amount, unit)) = millionths(text) else { return Reading::Unknown };
    // 1 lb = 0.45359237 kg; a short ton is 2,000 lb, a long ton 2,240 lb.
    let pounds = |pounds: u128| u128::from(amount).checked_mul(pounds).and_then(|n| scaled(n, 45_359_237, 100_000_000));
    match unit {
        "" | "t" | "tonne" | "tonnes" => scaled(amount.into(), 1_000, 1),
        "kg" => scaled(amount.into(), 1, 1),
        "lb" | "lbs" | "lbs." | "pounds" => pounds(1),
        "st" | "ton" | "tons" => pounds(2_000),
        "lt" => pounds(2_240),
        _ => None,
    }
    .map_or(Reading::Unknown, Reading::Value)
}

fn strictest(tags: Tags<'_>, keys: &[&str], read: fn(&str) -> Reading, tally: &mut Tally) -> u32 {
    let mut strictest = u32::MAX;
    for text in keys.iter().filter_map(|key| tags.get(key)) {
        match lowest(parts(text).map(read)) {
            Reading::Value(limit) => strictest = strictest.min(limit),
            Reading::Unlimited => {}
            Reading::Unknown => tally.add(Row::LimitUnknown),
        }
    }
    strictest
}

/// All size limits of a way or a barrier.
pub(super) fn limits(tags: Tags<'_>, tally: &mut Tally) -> WayLimits {
    WayLimits {
        height_mm: strictest(tags, HEIGHT, length, tally),
        width_mm: strictest(tags, WIDTH, length, tally),
        length_mm: strictest(tags, LENGTH, length, tally),
        weight_kg: strictest(tags, WEIGHT, weight, tally),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let cases = [
            ("4.1", Reading::Value(4_100)),
            ("4,1 m", Reading::Value(4_100)),
            ("4.1m", Reading::Value(4_100)),
            ("410 cm", Reading::Value(4_100)),
            ("13'6\"", Reading::Value(4_115)), // 4114.8
            ("13' 6\"", Reading::Value(4_115)),
            ("13'6", Reading::Value(4_115)),
            ("13′6″", Reading::Value(4_115)),
            ("13 ft 6 in", Reading::Value(4_115)),
            ("13ft6in", Reading::Value(4_115)),
            ("13.5 ft", Reading::Value(4_115)),
            ("162 in", Reading::Value(4_115)),
            ("13'", Reading::Value(3_962)),     // 3962.4
            ("12'10\"", Reading::Value(3_912)), // 3911.6
            ("default", Reading::Unlimited),
            ("none", Reading::Unlimited),
            ("", Reading::Unknown),
            ("0", Reading::Unknown),
            ("low", Reading::Unknown),
            ("13'6'", Reading::Unknown),
            ("4 m 10", Reading::Unknown),
            ("6\"13'", Reading::Unknown),
            ("99999999 m", Reading::Unknown),
        ];
        for (text, expected) in cases {
            assert_eq!(length(text), expected, "{text}");
        }
    }

    #[test]
    fn weights() {
        let cases = [
            ("7.5", Reading::Value(7_500)),
            ("7.5 t", Reading::Value(7_500)),
            ("7.5t", Reading::Value(7_500)),
            ("5 st", Reading::Value(4_536)),     // 4535.92
            ("15 tons", Reading::Value(13_608)), // 13607.77
            ("10000 lbs", Reading::Value(4_536)),
            ("10,000 lb", Reading::Value(4_536)),
            ("3 lt", Reading::Value(3_048)), // 3048.14
            ("3500 kg", Reading::Value(3_500)),
            ("none", Reading::Unlimited),
            ("heavy", Reading::Unknown),
            ("5 stones", Reading::Unknown),
        ];
        for (text, expected) in cases {
            assert_eq!(weight(text), expected, "{text}");
        }
    }

    #[test]
    fn strictest_key_holds() {
        let mut tally = Tally::default();
        let tags = [
            ("maxheight", "4.5"),
            ("maxheight:physical", "4.2"),
            ("maxweight", "20"),
            ("maxweightrating:hgv", "7.5;10"),
            ("maxlength", "long"),
            ("maxwidth", "none"),
        ];
        let read = limits(Tags(&tags), &mut tally);
        assert_eq!(read, WayLimits { height_mm: 4_200, weight_kg: 7_500, ..WayLimits::NONE });
        assert_eq!(tally.get(Row::LimitUnknown), 1);
    }
}
