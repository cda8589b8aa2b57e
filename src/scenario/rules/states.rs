//! States: their clocks and their ZIP codes.

use super::text::shown;
use super::{Finding, Rule, as_is};
use crate::diagnostics::Code;

/// A state or territory of the US Postal Service.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// Two-letter code.
    pub(crate) code: &'static str,
    /// IANA zone of most of its people; none for armed forces abroad.
    pub(crate) zone: Option<&'static str>,
    /// True when parts of it keep other clocks.
    pub(crate) several_zones: bool,
    /// Ranges of the first three digits of its ZIP codes, both ends inclusive.
    zips: &'static [(u16, u16)],
}

impl State {
    /// True when the five-digit ZIP lies in one of the state's ranges.
    pub(crate) fn holds_zip(&self, zip5: &str) -> bool {
        let prefix = zip5.get(..3).and_then(|p| p.parse::<u16>().ok());
        prefix.is_some_and(|p| self.zips.iter().any(|(from, to)| (*from..=*to).contains(&p)))
    }
}

/// The state of a two-letter code.
pub(crate) fn state(text: &str) -> Rule<&'static State> {
    match STATES.binary_search_by(|s| s.code.cmp(text)).ok().and_then(|i| STATES.get(i)) {
        Some(state) => as_is(state),
        None => Err(Finding::plain(Code::UnknownState, format!("`{}` is not a state", shown(text)))),
    }
}

const fn row(
    code: &'static str,
    zone: Option<&'static str>,
    several_zones: bool,
    zips: &'static [(u16, u16)],
) -> State {
    State { code, zone, several_zones, zips }
}

/// By code. ZIP prefixes are those of the USPS labeling list L002, with gaps filled where no other state lies between.
pub(super) const STATES: &[State] = &[
    row("AA", None, false, &[(340, 340)]),
    row("AE", None, false, &[(90, 99)]),
    row("AK", Some("America/Anchorage"), true, &[(995, 999)]),
    row("AL", Some("America/Chicago"), false, &[(350, 369)]),
    row("AP", None, false, &[(962, 966)]),
    row("AR", Some("America/Chicago"), false, &[(716, 729)]),
    row("AS", Some("Pacific/Pago_Pago"), false, &[(967, 967)]),
    row("AZ", Some("America/Phoenix"), true, &[(850, 865)]),
    row("CA", Some("America/Los_Angeles"), false, &[(900, 961)]),
    row("CO", Some("America/Denver"), false, &[(800, 816)]),
    row("CT", Some("America/New_York"), false, &[(60, 69)]),
    row("DC", Some("America/New_York"), false, &[(200, 200), (202, 205), (569, 569)]),
    row("DE", Some("America/New_York"), false, &[(197, 199)]),
    row("FL", Some("America/New_York"), true, &[(320, 339), (341, 349)]),
    row("GA", Some("America/New_York"), false, &[(300, 319), (398, 399)]),
    row("GU", Some("Pacific/Guam"), false, &[(969, 969)]),
    row("HI", Some("Pacific/Honolulu"), false, &[(967, 968)]),
    row("IA", Some("America/Chicago"), false, &[(500, 528)]),
    row("ID", Some("America/Boise"), true, &[(832, 838)]),
    row("IL", Some("America/Chicago"), false, &[(600, 629)]),
    row("IN", Some("America/Indiana/Indianapolis"), true, &[(460, 479)]),
    row("KS", Some("America/Chicago"), true, &[(660, 679)]),
    row("KY", Some("America/New_York"), true, &[(400, 427)]),
    row("LA", Some("America/Chicago"), false, &[(700, 714)]),
    row("MA", Some("America/New_York"), false, &[(10, 27), (55, 55)]),
    row("MD", Some("America/New_York"), false, &[(206, 219)]),
    row("ME", Some("America/New_York"), false, &[(39, 49)]),
    row("MI", Some("America/Detroit"), true, &[(480, 499)]),
    row("MN", Some("America/Chicago"), false, &[(550, 567)]),
    row("MO", Some("America/Chicago"), false, &[(630, 658)]),
    row("MP", Some("Pacific/Saipan"), false, &[(969, 969)]),
    row("MS", Some("America/Chicago"), false, &[(386, 397)]),
    row("MT", Some("America/Denver"), false, &[(590, 599)]),
    row("NC", Some("America/New_York"), false, &[(270, 289)]),
    row("ND", Some("America/Chicago"), true, &[(580, 588)]),
    row("NE", Some("America/Chicago"), true, &[(680, 693)]),
    row("NH", Some("America/New_York"), false, &[(30, 38)]),
    row("NJ", Some("America/New_York"), false, &[(70, 89)]),
    row("NM", Some("America/Denver"), false, &[(870, 884)]),
    row("NV", Some("America/Los_Angeles"), true, &[(889, 898)]),
    row("NY", Some("America/New_York"), false, &[(5, 5), (63, 63), (100, 149)]),
    row("OH", Some("America/New_York"), false, &[(430, 459)]),
    row("OK", Some("America/Chicago"), false, &[(730, 732), (734, 749)]),
    row("OR", Some("America/Los_Angeles"), true, &[(970, 979)]),
    row("PA", Some("America/New_York"), false, &[(150, 196)]),
    row("PR", Some("America/Puerto_Rico"), false, &[(6, 7), (9, 9)]),
    row("RI", Some("America/New_York"), false, &[(28, 29)]),
    row("SC", Some("America/New_York"), false, &[(290, 299)]),
    row("SD", Some("America/Chicago"), true, &[(570, 577)]),
    row("TN", Some("America/Chicago"), true, &[(370, 385)]),
    row("TX", Some("America/Chicago"), true, &[(733, 733), (750, 799), (885, 885)]),
    row("UT", Some("America/Denver"), false, &[(840, 847)]),
    row("VA", Some("America/New_York"), false, &[(201, 201), (220, 246)]),
    row("VI", Some("America/St_Thomas"), false, &[(8, 8)]),
    row("VT", Some("America/New_York"), false, &[(50, 54), (56, 59)]),
    row("WA", Some("America/Los_Angeles"), false, &[(980, 994)]),
    row("WI", Some("America/Chicago"), false, &[(530, 549)]),
    row("WV", Some("America/New_York"), false, &[(247, 268)]),
    row("WY", Some("America/Denver"), false, &[(820, 831)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_apart() {
        assert!(STATES.is_sorted_by(|a, b| a.code < b.code));
        assert_eq!(state("OH").unwrap().value.code, "OH");
        assert_eq!(state("Ohio").unwrap_err().code, Code::UnknownState);
        assert!(state("MA").unwrap().value.holds_zip("01505"));
        assert!(!state("OH").unwrap().value.holds_zip("01505"));
        assert!(!state("OH").unwrap().value.holds_zip("é"));
    }
}
