//! From a hub's release time to the clock at the dock, through time zones and daylight saving.
//!
//! A release time is a wall-clock reading of the hub on the operating date (or the day before or after). On the day
//! clocks go forward a reading that does not exist is moved forward by the gap (02:30 → 03:30); on the day they go
//! back a reading that occurs twice is the first one. This is the rule of RFC 5545. The arrival is an instant; it is
//! rounded up to the minute and read off the unit's own clock, whatever its zone.

use super::CostError;
use crate::scenario::{Ddu, Hub};
use crate::units::{ClockTime, Millis};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

const MINUTE_MS: i64 = 60_000;

/// The instant at which vehicles may leave the hub.
pub(super) fn release(hub: &Hub, operating: Date) -> Result<Timestamp, CostError> {
    instant(hub.release, &hub.timezone, operating).ok_or_else(|| CostError::Calendar { hub: hub.id.clone() })
}

/// The instant of a clock reading in a zone; `None` outside the calendar.
pub(super) fn instant(clock: ClockTime, zone: &TimeZone, operating: Date) -> Option<Timestamp> {
    let (days, minute) = clock.day_and_minute();
    let date = operating.checked_add(i64::from(days).days()).ok()?;
    let reading = date.at(0, 0, 0, 0).checked_add(SignedDuration::from_mins(i64::from(minute))).ok()?;
    zone.to_ambiguous_timestamp(reading).compatible().ok()
}

/// The instant at which an unloaded vehicle leaves the dock; `None` outside the calendar.
pub(super) fn leaves_dock(release: Timestamp, travel: Millis, dwell: Millis) -> Option<Timestamp> {
    let at = release.as_millisecond().checked_add(i64::from(travel.0))?.checked_add(i64::from(dwell.0))?;
    Timestamp::from_millisecond(at).ok()
}

/// The minute of the day that has begun on a zone's clock.
pub(super) fn minute_of_day(at: Timestamp, zone: &TimeZone) -> u16 {
    let clock = zone.to_datetime(at);
    // Hours are 0 to 23, minutes 0 to 59.
    u16::from(clock.hour().unsigned_abs()) * 60 + u16::from(clock.minute().unsigned_abs())
}

/// The unit's clock when a vehicle arrives that left at `release`; `None` outside the calendar.
pub(super) fn arrival(release: Timestamp, travel: Millis, ddu: &Ddu, operating: Date) -> Option<ClockTime> {
    // Up to the minute as an instant, before the clock is read: half a minute before a gap must not yield a reading
    // inside the gap.
    let at = release.as_millisecond().checked_add(i64::from(travel.0))?;
    let at = at.checked_add(MINUTE_MS - 1)?.div_euclid(MINUTE_MS) * MINUTE_MS;
    let clock = ddu.timezone.to_datetime(Timestamp::from_millisecond(at).ok()?);
    let days = clock.date().duration_since(operating).as_hours() / 24;
    // Offsets of historical zones hold seconds; those round up too.
    let partial = i64::from(clock.second() > 0);
    let minutes = days * 24 * 60 + i64::from(clock.hour()) * 60 + i64::from(clock.minute()) + partial;
    i32::try_from(minutes).ok().map(ClockTime)
}
