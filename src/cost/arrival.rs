//! From a hub's release time to the clock at the dock, through time zones and daylight saving.
//!
//! A release time is a wall-clock reading of the hub on the operating date (or the day before or after). On the day
//! clocks go forward a reading that does not exist is moved forward by the gap (02:30 → 03:30); on the day they go
//! back a reading that occurs twice is the first one. This is the rule of RFC 5545. The arrival is an instant; it is
//! rounded up to the minute and read off the unit's own clock, whatever its zone.

use super::CostError;
use crate::scenario::{Ddu, Hub};
use crate::units::{ClockTime, Millis};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

const MINUTE_MS: i64 = 60_000;

/// The instant at which vehicles may leave the hub.
///
/// # Errors
/// When it is outside the calendar.
pub fn release(hub: &Hub, operating: Date) -> Result<Timestamp, CostError> {
    first_instant(hub.release, &hub.timezone, operating).ok_or_else(|| CostError::Calendar { hub: hub.id.clone() })
}

/// The instant of a clock reading in a zone by the rule above; `None` outside the calendar.
pub(super) fn first_instant(clock: ClockTime, zone: &TimeZone, operating: Date) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(local(clock, operating)?).compatible().ok()
}

/// What a clock reading of the operating day stands for, in no zone yet.
fn local(clock: ClockTime, operating: Date) -> Option<DateTime> {
    let (days, minute) = clock.day_and_minute();
    let midnight = operating.checked_add(i64::from(days).days()).ok()?.at(0, 0, 0, 0);
    midnight.checked_add(SignedDuration::from_mins(i64::from(minute))).ok()
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
    reading(release.as_millisecond().checked_add(i64::from(travel.0))?, &ddu.timezone, operating)
}

/// What a zone's clock shows at an instant (milliseconds of the Unix epoch), rounded up to the minute; `None` outside
/// the calendar.
#[must_use]
pub fn reading(at: i64, zone: &TimeZone, operating: Date) -> Option<ClockTime> {
    // Up to the minute as an instant, before the clock is read: half a minute before a gap must not yield a reading
    // inside the gap.
    let at = at.checked_add(MINUTE_MS - 1)?.div_euclid(MINUTE_MS) * MINUTE_MS;
    let clock = zone.to_datetime(Timestamp::from_millisecond(at).ok()?);
    let days = clock.date().duration_since(operating).as_hours() / 24;
    // Offsets of historical zones hold seconds; those round up too.
    let partial = i64::from(clock.second() > 0);
    let minutes = days * 24 * 60 + i64::from(clock.hour()) * 60 + i64::from(clock.minute()) + partial;
    i32::try_from(minutes).ok().map(ClockTime)
}

/// The instant (milliseconds of the Unix epoch) at which a zone's clock shows a reading; of two the first, and for a
/// reading that the clock skips the instant at which it skips. `None` outside the calendar.
#[must_use]
pub fn instant(reading: ClockTime, zone: &TimeZone, operating: Date) -> Option<i64> {
    let local = local(reading, operating)?;
    let at = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    if zone.to_datetime(at) == local {
        return Some(at.as_millisecond());
    }
    // Skipped: the clock jumps between the two ways to read it.
    let early = zone.to_ambiguous_timestamp(local).earlier().ok()?;
    let jump = zone.following(early).next().map_or(at, |next| next.timestamp());
    Some(jump.as_millisecond())
}
