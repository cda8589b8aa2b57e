//! Carriers' units into the crate's: exact factors, rounded once by the crate's rule.

use crate::units::round_div;

/// Largest length in feet that a vehicle or dock can have.
const MOST_FEET: i64 = 1_000;

/// Millionths of a foot as millimetres (1 ft = 304.8 mm); `None` when negative or above 1,000 ft.
pub(crate) fn micro_feet_as_mm(micro_feet: i64) -> Option<u32> {
    if !(0..=MOST_FEET * 1_000_000).contains(&micro_feet) {
        return None;
    }
    u32::try_from(round_div(i128::from(micro_feet) * 3_048, 10_000_000)).ok()
}

/// Millionths of a pound as kilograms (1 lb = 0.45359237 kg); `None` when negative or out of range.
pub(crate) fn micro_pounds_as_kg(micro_pounds: i64) -> Option<u32> {
    u32::try_from(round_div(i128::from(micro_pounds) * 45_359_237, 100_000_000_000_000)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feet_and_pounds() {
        assert_eq!(micro_feet_as_mm(13_500_000), Some(4_115)); // 13.5 ft = 4,114.8 mm
        assert_eq!(micro_feet_as_mm(-1), None);
        assert_eq!(micro_pounds_as_kg(80_000_000_000), Some(36_287)); // 80,000 lb = 36,287.39 kg
        assert_eq!(micro_pounds_as_kg(-10_000_000), None);
        assert_eq!(micro_pounds_as_kg(i64::MAX), None);
    }
}
