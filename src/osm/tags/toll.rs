//! `toll`: which modes pay. OpenStreetMap carries no amounts.
//!
//! `toll:hgv`, `toll:goods` and `toll:motorcar` go before `toll:motor_vehicle` and `toll`.

use super::Tags;
use crate::osm::tally::{Row, Tally};
use crate::scenario::Mode;

fn value(text: &str) -> Option<bool> {
    match text {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" | "none" => Some(false),
        _ => None,
    }
}

/// Modes that pay, as a mask of [`Mode::bit`].
pub(super) fn mask(tags: Tags<'_>, tally: &mut Tally) -> u8 {
    let key = |mode| match mode {
        Mode::Motorcar => "toll:motorcar",
        Mode::Goods => "toll:goods",
        Mode::Hgv => "toll:hgv",
    };
    if tags.get("toll").is_some_and(|text| value(text).is_none()) {
        tally.add(Row::TollUnknown);
    }
    Mode::ALL
        .into_iter()
        .filter(|mode| {
            let keys = [key(*mode), "toll:motor_vehicle", "toll"];
            keys.into_iter().find_map(|key| tags.get(key).and_then(value)).unwrap_or(false)
        })
        .fold(0, |mask, mode| mask | mode.bit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_pays() {
        type Case = (&'static [(&'static str, &'static str)], u8);
        let cases: &[Case] = &[
            (&[], 0),
            (&[("toll", "yes")], 0b111),
            (&[("toll", "no")], 0),
            (&[("toll:hgv", "yes")], 0b100),
            (&[("toll", "yes"), ("toll:hgv", "no")], 0b011),
            (&[("toll", "no"), ("toll:motor_vehicle", "yes")], 0b111),
            (&[("toll", "dear")], 0),
        ];
        for (tags, expected) in cases {
            assert_eq!(mask(Tags(tags), &mut Tally::default()), *expected, "{tags:?}");
        }
    }
}
