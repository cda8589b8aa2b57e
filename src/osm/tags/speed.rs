//! `maxspeed`: the posted limit, in hundredths of a mile per hour.
//!
//! A bare number is in km/h, as everywhere in OpenStreetMap. `none`, `signals` and `variable` post no number; `walk` is
//! 5 km/h. Of a list the lowest holds. `maxspeed:forward` and `:backward` go before `maxspeed`. A limit for some
//! vehicles only (`maxspeed:hgv` …) has no place in [`WayDirection`](crate::osm::WayDirection): it is counted and left
//! out; the speed caps of the vehicle class stand for it.

use super::quantity::{Reading, lowest, millionths, scaled};
use super::{Tags, parts};
use crate::osm::tally::{Row, Tally};

/// Limits above are slips of the pen: no road in the world posts 150 mph.
const HIGHEST_CENTIMPH: u32 = 15_000;

fn reading(text: &str) -> Reading {
    lowest(parts(text).map(one))
}

fn one(text: &str) -> Reading {
    match text {
        "none" | "signals" | "variable" | "unposted" => return Reading::Unlimited,
        "walk" => return one("5"),
        _ => {}
    }
    let Some((amount, unit)) = millionths(text) else { return Reading::Unknown };
    // 1 mile = 1.609344 km; 1 knot = 1.852 km/h.
    let centimph = match unit {
        "mph" => scaled(amount.into(), 100, 1),
        "" | "km/h" | "kmh" | "kph" => scaled(amount.into(), 100_000_000, 1_609_344),
        "knots" => scaled(amount.into(), 185_200_000, 1_609_344),
        _ => None,
    };
    centimph.filter(|speed| *speed <= HIGHEST_CENTIMPH).map_or(Reading::Unknown, Reading::Value)
}

/// Posted limits along and against the way; 0 where there is none.
pub(super) fn limits(tags: Tags<'_>, tally: &mut Tally) -> [u16; 2] {
    let mut read = |key| match tags.get(key).map(reading) {
        None | Some(Reading::Unlimited) => None,
        Some(Reading::Value(speed)) => u16::try_from(speed).ok(),
        Some(Reading::Unknown) => {
            tally.add(Row::SpeedUnknown);
            None
        }
    };
    let both = read("maxspeed");
    let limits = ["maxspeed:forward", "maxspeed:backward"].map(|key| read(key).or(both).unwrap_or(0));
    for (key, _) in tags.0 {
        if ["maxspeed:hgv", "maxspeed:goods", "maxspeed:motorcar"].iter().any(|k| key.starts_with(k))
            && !key.ends_with(":conditional")
        {
            tally.add(Row::SpeedHgv);
        }
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posted_values() {
        let cases = [
            ("50 mph", Reading::Value(5_000)),
            ("50mph", Reading::Value(5_000)),
            ("12.5 mph", Reading::Value(1_250)),
            ("50", Reading::Value(3_107)), // 31.0686 mph
            ("80 km/h", Reading::Value(4_971)),
            ("55 mph;50 mph", Reading::Value(5_000)),
            ("55 mph; signals", Reading::Value(5_500)),
            ("5 knots", Reading::Value(575)),
            ("walk", Reading::Value(311)),
            ("none", Reading::Unlimited),
            ("signals", Reading::Unlimited),
            ("", Reading::Unknown),
            ("0", Reading::Unknown),
            ("fast", Reading::Unknown),
            ("RO:urban", Reading::Unknown),
            ("-30", Reading::Unknown),
            ("350 mph", Reading::Unknown),
            ("50 mphh", Reading::Unknown),
        ];
        for (text, expected) in cases {
            assert_eq!(reading(text), expected, "{text}");
        }
    }

    #[test]
    fn directions_go_first() {
        let mut tally = Tally::default();
        let tags = [("maxspeed", "50 mph"), ("maxspeed:forward", "40 mph"), ("maxspeed:hgv", "45 mph")];
        assert_eq!(limits(Tags(&tags), &mut tally), [4_000, 5_000]);
        assert_eq!(tally.get(Row::SpeedHgv), 1);
        assert_eq!(limits(Tags(&[("maxspeed", "slow")]), &mut tally), [0, 0]);
        assert_eq!(tally.get(Row::SpeedUnknown), 1);
    }
}
