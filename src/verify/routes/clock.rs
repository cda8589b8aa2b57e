//! Clocks of hubs and units, worked out from the time zone alone.

use crate::units::ClockTime;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// Both instants that a local reading may mean, in milliseconds of the Unix epoch: where the clock skips it, before and
/// behind the jump.
fn meanings(date: Date, reading: ClockTime, zone: &TimeZone) -> Option<(i64, i64)> {
    let days = i64::from(reading.0.div_euclid(1_440));
    let day = date.checked_add(days.days()).ok()?;
    let local = day.at(0, 0, 0, 0).checked_add(SignedDuration::from_mins(reading.0.rem_euclid(1_440).into())).ok()?;
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let (earlier, compatible) = (ambiguous.earlier().ok()?, ambiguous.compatible().ok()?);
    Some((earlier.as_millisecond().min(compatible.as_millisecond()), compatible.as_millisecond()))
}

/// When vehicles may leave a hub.
pub(super) fn release(date: Date, reading: ClockTime, zone: &TimeZone) -> Option<i64> {
    meanings(date, reading, zone).map(|both| both.1)
}

/// Whether an instant lies from one reading of a clock to another.
pub(super) fn within(at: i64, date: Date, [from, to]: [ClockTime; 2], zone: &TimeZone) -> bool {
    let (Some(from), Some(to)) = (meanings(date, from, zone), meanings(date, to, zone)) else { return false };
    from.0 <= at && at <= to.1
}

/// What a clock shows at the next full minute.
pub(super) fn shown(at: i64, date: Date, zone: &TimeZone) -> Option<String> {
    let minute = at.checked_add(59_999)?.div_euclid(60_000);
    let local = Timestamp::from_second(minute.checked_mul(60)?).ok()?.to_zoned(zone.clone()).datetime();
    let days = local.date().since(date).ok()?.get_days();
    let up = i32::from(local.second() > 0);
    Some(ClockTime(days * 1_440 + i32::from(local.hour()) * 60 + i32::from(local.minute()) + up).to_string())
}
