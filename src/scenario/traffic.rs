//! Speeds by the local time of departure.
//!
//! A [`DepartureIx`] names the window in which a vehicle leaves; 0 is free flow. A path takes the factors of its
//! departure for its whole length: they do not change on the way.

use crate::ids::DepartureIx;
use crate::road_class::RoadClass;
use crate::units::Ppm;

/// Speed factors by road class, indexed by `RoadClass as usize`.
pub type SpeedFactors = [Ppm; RoadClass::ALL.len()];

/// Minutes of a day.
pub(super) const DAY_MINUTES: u16 = 24 * 60;

/// A daily span of departure times with speeds of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficWindow {
    /// Unique name; not `free_flow`.
    pub name: String,
    /// First minute of the day.
    pub from: u16,
    /// First minute behind it; before `from` when the window crosses midnight.
    pub to: u16,
    /// Speed relative to free flow.
    pub speed_factor: Ppm,
    /// The same for single road classes, instead of `speed_factor`.
    pub by_class: [Option<Ppm>; RoadClass::ALL.len()],
}

impl TrafficWindow {
    /// True when a minute of the day lies in the window.
    #[must_use]
    pub const fn holds(&self, minute: u16) -> bool {
        if self.from < self.to {
            self.from <= minute && minute < self.to
        } else {
            self.from <= minute || minute < self.to
        }
    }

    /// The factor of each road class.
    #[must_use]
    pub fn factors(&self) -> SpeedFactors {
        self.by_class.map(|factor| factor.unwrap_or(self.speed_factor))
    }
}

/// Departure windows, by their first minute; none overlaps another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// The windows.
    pub windows: Vec<TrafficWindow>,
}

impl Traffic {
    /// The name of departures outside all windows.
    pub const FREE_FLOW: &'static str = "free_flow";
    /// Factors outside all windows.
    pub const FREE: SpeedFactors = [Ppm::ONE; RoadClass::ALL.len()];

    /// All departures: free flow, then the windows.
    pub fn departures(&self) -> impl Iterator<Item = DepartureIx> + Clone + use<> {
        (0..=self.windows.len()).map(DepartureIx::from_index)
    }

    /// Departure at a minute of the day.
    #[must_use]
    pub fn at(&self, minute: u16) -> DepartureIx {
        let window = self.windows.iter().position(|window| window.holds(minute));
        DepartureIx::from_index(window.map_or(0, |window| window + 1))
    }

    fn window(&self, departure: DepartureIx) -> Option<&TrafficWindow> {
        self.windows.get(departure.index().checked_sub(1)?)
    }

    /// The window's name, or [`Traffic::FREE_FLOW`].
    #[must_use]
    pub fn name(&self, departure: DepartureIx) -> &str {
        self.window(departure).map_or(Self::FREE_FLOW, |window| &window.name)
    }

    /// Factors of a departure; [`Traffic::FREE`] for free flow.
    #[must_use]
    pub fn factors(&self, departure: DepartureIx) -> SpeedFactors {
        self.window(departure).map_or(Self::FREE, TrafficWindow::factors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(from: u16, to: u16) -> TrafficWindow {
        TrafficWindow {
            name: String::new(),
            from,
            to,
            speed_factor: Ppm(800_000),
            by_class: [None; RoadClass::ALL.len()],
        }
    }

    #[test]
    fn a_window_holds_its_first_minute_and_not_its_last() {
        let traffic = Traffic { windows: vec![window(390, 570), window(1_380, 60)] };
        let at = |minute| traffic.at(minute).0;
        assert_eq!([at(389), at(390), at(569), at(570)], [0, 1, 1, 0]);
        assert_eq!([at(1_379), at(1_380), at(1_439), at(0), at(59), at(60)], [0, 2, 2, 2, 2, 0]);
        assert_eq!(traffic.departures().count(), 3);
        assert_eq!(traffic.factors(DepartureIx(0)), Traffic::FREE);
    }
}
