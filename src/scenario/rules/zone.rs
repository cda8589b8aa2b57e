//! Time zones: given, or that of the state, or the default.

use super::text::shown;
use super::{Finding, Rule, State, as_is, noted};
use crate::diagnostics::{Code, did_you_mean};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use std::collections::BTreeMap;

/// The zones of the database that ships with the program, so that every machine has the same.
pub(crate) struct Zones {
    database: TimeZoneDatabase,
    known: BTreeMap<String, Option<TimeZone>>,
}

impl Zones {
    /// All zones.
    pub(crate) fn new() -> Self {
        Self { database: TimeZoneDatabase::bundled(), known: BTreeMap::new() }
    }

    /// The zone of an IANA name with a place in it, or `UTC`; abbreviations such as `EST` are refused.
    pub(crate) fn named(&mut self, text: &str) -> Rule<TimeZone> {
        if let Some(zone) = self.get(text) {
            return as_is(zone);
        }
        let names: Vec<String> = self.database.available().map(|n| n.as_str().to_owned()).collect();
        let near = did_you_mean(text, names.iter().filter(|n| n.contains('/')).map(String::as_str));
        let help = near
            .map_or_else(|| "use an IANA name such as America/New_York".to_owned(), |n| format!("did you mean `{n}`?"));
        Err(Finding::new(Code::UnknownTimezone, format!("`{}` is not an IANA time zone", shown(text)), help))
    }

    fn get(&mut self, name: &str) -> Option<TimeZone> {
        if !self.known.contains_key(name) {
            let fit = name.contains('/') || name == "UTC";
            let zone = if fit { self.database.get(name).ok() } else { None };
            if self.known.len() >= 10_000 {
                self.known.clear();
            }
            self.known.insert(name.to_owned(), zone);
        }
        self.known.get(name).cloned().flatten()
    }

    /// The zone where none is given: the state's main one, else the default.
    pub(crate) fn fallback(&mut self, state: Option<&State>, default: Option<&TimeZone>) -> Rule<TimeZone> {
        let of_state = state.and_then(|s| Some((s, s.zone.and_then(|name| self.get(name))?)));
        match (of_state, default) {
            (Some((state, zone)), _) if state.several_zones => {
                let message = format!("no time zone given; {} of {} taken", state.zone.unwrap_or_default(), state.code);
                noted(zone, Finding::plain(Code::TimezoneAssumed, message))
            }
            (Some((_, zone)), _) => as_is(zone),
            (None, Some(zone)) => as_is(zone.clone()),
            (None, None) => Err(Finding::plain(Code::NoTimezone, "neither time zone nor state is given")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::states::{STATES, state};
    use super::*;

    #[test]
    fn every_states_zone_exists() {
        let mut zones = Zones::new();
        for state in STATES {
            if let Some(name) = state.zone {
                assert!(zones.get(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn given_state_default() {
        let mut zones = Zones::new();
        let zone = zones.named("America/New_York").unwrap().value;
        assert_eq!(zone.iana_name(), Some("America/New_York"));
        let finding = zones.named("America/NewYork").unwrap_err();
        assert_eq!((finding.code, finding.help.as_str()), (Code::UnknownTimezone, "did you mean `America/New_York`?"));
        assert_eq!(zones.named("EST").unwrap_err().code, Code::UnknownTimezone);
        let oh = state("OH").unwrap().value;
        assert_eq!(zones.fallback(Some(oh), None).unwrap(), super::super::Reading { value: zone.clone(), note: None });
        let or = zones.fallback(Some(state("OR").unwrap().value), None).unwrap();
        assert_eq!(or.value.iana_name(), Some("America/Los_Angeles"));
        assert_eq!(or.note.unwrap().code, Code::TimezoneAssumed);
        assert_eq!(zones.fallback(None, Some(&zone)).unwrap().value, zone);
        assert_eq!(zones.fallback(None, None).unwrap_err().code, Code::NoTimezone);
    }
}
