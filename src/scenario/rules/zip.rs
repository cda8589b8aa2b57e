//! ZIP codes as spreadsheets leave them.

use super::states::STATES;
use super::text::shown;
use super::{Finding, Reading, Rule, State, as_is, noted};
use crate::diagnostics::Code;

/// Five digits. `1505`, `1505.0` and ZIP+4 are repaired if the result lies in the row's state.
pub(crate) fn zip5(text: &str, state: Option<&State>) -> Rule<String> {
    let malformed = || Finding::plain(Code::ZipMalformed, format!("`{}` is not a ZIP code", shown(text)));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let core = text.strip_suffix(".0").unwrap_or(text);
    let core = match core.split_once('-') {
        Some((zip, plus4)) if digits(plus4) && plus4.len() == 4 => zip,
        Some(_) => return Err(malformed()),
        None if (8..=9).contains(&core.len()) && digits(core) => &core[..core.len() - 4],
        None => core,
    };
    if !digits(core) || !(3..=5).contains(&core.len()) {
        return Err(malformed());
    }
    let zip = format!("{core:0>5}");
    let inside = state.map(|s| s.holds_zip(&zip));
    let place = state.map_or("no state is given", |s| s.code);
    if zip == text {
        if inside == Some(false) {
            let message = format!("ZIP {zip} does not lie in {place}");
            return noted(zip, Finding::plain(Code::ZipOutsideState, message));
        }
        return as_is(zip);
    }
    if core.len() == 5 || inside == Some(true) {
        let message = format!("ZIP `{}` read as {zip}", shown(text));
        return noted(zip, Finding::plain(Code::ZipRepaired, message));
    }
    let why = if state.is_some() { format!("{zip} does not lie in {place}") } else { place.to_owned() };
    Err(Finding::plain(Code::ZipRepairRefused, format!("ZIP `{}` cannot be padded: {why}", shown(text))))
}

/// The same where the row has no state: padded if the result lies in any state.
pub(crate) fn plausible_zip5(text: &str) -> Rule<String> {
    match zip5(text, None) {
        Err(finding) if finding.code == Code::ZipRepairRefused => {
            let core = text.strip_suffix(".0").unwrap_or(text);
            let digits = core.split_once('-').map_or(core, |(zip, _)| zip);
            let digits = if digits.len() > 5 { &digits[..digits.len() - 4] } else { digits };
            let padded = format!("{digits:0>5}");
            match STATES.iter().find(|state| state.holds_zip(&padded)) {
                Some(state) => zip5(text, Some(state)),
                None => Err(finding),
            }
        }
        other => other,
    }
}

/// ZIPs separated by semicolons, bars or spaces, each as [`plausible_zip5`] reads it.
pub(crate) fn zip_list(text: &str) -> Rule<Vec<String>> {
    let (mut zips, mut first_note) = (Vec::new(), None);
    for part in text.split([';', '|', ' ']).filter(|part| !part.is_empty()) {
        let reading = plausible_zip5(part)?;
        first_note = first_note.or(reading.note);
        zips.push(reading.value);
    }
    Ok(Reading { value: zips, note: first_note })
}

#[cfg(test)]
mod tests {
    use super::super::state;
    use super::*;

    fn read(text: &str, code: &str) -> Result<(String, Option<Code>), Code> {
        let state = if code.is_empty() { None } else { Some(state(code).unwrap().value) };
        zip5(text, state).map(|r| (r.value, r.note.map(|n| n.code))).map_err(|f| f.code)
    }

    #[test]
    fn without_a_state_any_state_will_do() {
        let read = |text: &str| plausible_zip5(text).map(|r| (r.value, r.note.map(|n| n.code))).map_err(|f| f.code);
        assert_eq!(read("43215"), Ok(("43215".into(), None)));
        for text in ["1505", "1505.0", "1505-9988", "15059988"] {
            assert_eq!(read(text), Ok(("01505".into(), Some(Code::ZipRepaired))), "{text}");
        }
        // 00000 to 00499 are of no state.
        assert_eq!(read("123"), Err(Code::ZipRepairRefused));
        assert_eq!(read("K1A 0B1"), Err(Code::ZipMalformed));
        assert_eq!(zip_list("01505; 43215|1505").unwrap().value, ["01505", "43215", "01505"]);
        assert_eq!(zip_list("43215;x").unwrap_err().code, Code::ZipMalformed);
    }

    #[test]
    fn spreadsheets_leave_their_marks() {
        let repaired = |zip: &str| Ok((zip.to_owned(), Some(Code::ZipRepaired)));
        assert_eq!(read("01505", "MA"), Ok(("01505".into(), None)));
        assert_eq!(read("1505", "MA"), repaired("01505"));
        assert_eq!(read("1505.0", "MA"), repaired("01505"));
        assert_eq!(read("01505-9988", "MA"), repaired("01505"));
        assert_eq!(read("15059988", "MA"), repaired("01505"));
        assert_eq!(read("43215.0", "OH"), repaired("43215"));
        assert_eq!(read("926", "PR"), repaired("00926"));
        assert_eq!(read("1505", "OH"), Err(Code::ZipRepairRefused));
        assert_eq!(read("1505", ""), Err(Code::ZipRepairRefused));
        assert_eq!(read("43215", "NY"), Ok(("43215".into(), Some(Code::ZipOutsideState))));
        for text in ["K1A 0B1", "15", "150501", "1505-1", "1505.5", "१५०५०", "-1505"] {
            assert_eq!(read(text, "MA"), Err(Code::ZipMalformed), "{text}");
        }
    }
}
