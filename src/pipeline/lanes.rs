//! What one customization is made for: a vehicle class at a departure, with its profile and its points on the roads.

use super::matrices::Opened;
use super::region::{Region, snapped, weighed};
use crate::ids::{DepartureIx, VehicleIx};
use crate::lonlat::LonLat;
use crate::network::{Closures, Components, Locator, NoSnap, Profile, ProfileError, RoadNetwork, Snap};
use crate::scenario::{Scenario, Traffic, VehicleClass};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;

/// Fewer profiles than this are customized one by one.
const WORTH_CUSTOMIZING_TOGETHER: usize = 4;

/// A class, by its position among those in use, at a departure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) class: usize,
    pub(super) departure: DepartureIx,
}

/// Lanes that are customized at once.
pub(super) fn in_groups(lanes: &[Lane], together: bool) -> impl Iterator<Item = &[Lane]> {
    let mut rest = lanes;
    std::iter::from_fn(move || {
        let many = together && rest.len() >= WORTH_CUSTOMIZING_TOGETHER;
        let (group, behind) = rest.split_at(rest.len().min(if many { 16 } else { 1 }));
        rest = behind;
        (!group.is_empty()).then_some(group)
    })
}

/// A scenario, which may differ from that of the region, with what follows from it for all classes.
pub(super) struct Question<'s> {
    pub(super) scenario: &'s Scenario,
    pub(super) points: [Vec<LonLat>; 2],
    pub(super) closures: Arc<Closures>,
}

type Points<'a> = Cow<'a, [Result<Snap, NoSnap>]>;

/// A vehicle class in use: where it may go and where its points are. This holds for all departures.
pub(super) struct Class<'a> {
    pub(super) vehicle: VehicleIx,
    class: &'a VehicleClass,
    closures: Arc<Closures>,
    free: Cow<'a, Profile>,
    pub(super) hubs: Points<'a>,
    pub(super) ddus: Points<'a>,
    pub(super) snapped_again: bool,
}

/// A class at a departure.
pub(super) struct Departing<'c> {
    pub(super) profile: Cow<'c, Profile>,
    pub(super) hubs: Points<'c>,
    pub(super) ddus: Points<'c>,
}

impl<'a> Class<'a> {
    /// Takes from the region what has not changed since it was opened.
    pub(super) fn new<'l>(
        region: &'a Region,
        opened: &Opened,
        question: &Question<'_>,
        vehicle: VehicleIx,
        class: &'a VehicleClass,
        locator: &dyn Fn() -> &'l Locator<'l>,
    ) -> Result<Self, ProfileError> {
        let Question { scenario, points, closures } = question;
        let (network, settings) = (&region.network, &scenario.settings);
        let before = region.vehicles.iter().find(|v| v.vehicle == vehicle);
        let make = |free, hubs, ddus, snapped_again| {
            Ok(Self { vehicle, class, closures: Arc::clone(closures), free, hubs, ddus, snapped_again })
        };
        let same_points = *points == opened.points && settings.map == opened.map;
        let same_weights = opened.vehicles.get(vehicle.index()) == Some(class)
            && opened.turns == settings.turns
            && opened.closed_roads == scenario.closed_roads;
        if let Some(before) = before.filter(|_| same_points && same_weights) {
            let (hubs, ddus) = (Cow::Borrowed(&before.hubs[..]), Cow::Borrowed(&before.ddus[..]));
            return make(Cow::Borrowed(&before.profile), hubs, ddus, false);
        }
        let profile = weighed(network, (vehicle, class), &settings.turns, &Traffic::FREE, closures)?;
        if let Some(before) = before.filter(|before| same_points && before.profile.same_roads(&profile, network)) {
            let [hubs, ddus] = [&before.hubs, &before.ddus].map(|snaps| reweighed(network, &profile, snaps));
            return make(Cow::Owned(profile), hubs, ddus, false);
        }
        let components = Components::new(network, &profile);
        let [hubs, ddus] = points.each_ref().map(|at| snapped(locator(), &profile, &components, &settings.map, at));
        make(Cow::Owned(profile), hubs.into(), ddus.into(), true)
    }

    /// Its profile and points at a departure.
    pub(super) fn departing(
        &self,
        network: &RoadNetwork,
        scenario: &Scenario,
        departure: DepartureIx,
    ) -> Result<Departing<'_>, ProfileError> {
        if departure == DepartureIx::default() {
            let (hubs, ddus) = (Cow::Borrowed(&*self.hubs), Cow::Borrowed(&*self.ddus));
            return Ok(Departing { profile: Cow::Borrowed(&*self.free), hubs, ddus });
        }
        let settings = &scenario.settings;
        let factors = settings.traffic.factors(departure);
        let profile = weighed(network, (self.vehicle, self.class), &settings.turns, &factors, &self.closures)?;
        let [hubs, ddus] = [&self.hubs, &self.ddus].map(|snaps| reweighed(network, &profile, snaps));
        Ok(Departing { profile: Cow::Owned(profile), hubs, ddus })
    }
}

/// The same places with other weights.
fn reweighed<'c>(network: &RoadNetwork, profile: &Profile, snaps: &[Result<Snap, NoSnap>]) -> Points<'c> {
    let weighed = |snap: &Result<Snap, NoSnap>| snap.as_ref().map(|s| s.weighed(network, profile)).map_err(|e| *e);
    Cow::Owned(snaps.par_iter().map(weighed).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_at_once_where_at_least_four_are_left() {
        let lanes: Vec<Lane> = (0..21).map(|class| Lane { class, departure: DepartureIx(0) }).collect();
        let sizes =
            |count: usize, together| in_groups(&lanes[..count], together).map(<[Lane]>::len).collect::<Vec<_>>();
        assert_eq!(sizes(21, true), [16, 5]);
        assert_eq!(sizes(18, true), [16, 1, 1]);
        assert_eq!(sizes(3, true), [1, 1, 1]);
        assert_eq!(sizes(5, false), [1; 5]);
        assert_eq!(sizes(0, true), [0; 0]);
    }
}
