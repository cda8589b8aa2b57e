//! The map of a scenario: read, made a network, weighed for each vehicle class, with every hub and unit placed on it.

use super::points::{Judged, Point, PointCounts};
use super::roads_file::PreparedMap;
use crate::artefact;
use crate::diagnostics::{Code, Diagnostics, RejectedRow};
use crate::flat_file::FlatFileError;
use crate::hierarchy::{RoadHierarchy, RoadHierarchyError};
use crate::ids::{DduIx, HubIx, VehicleIx};
use crate::lonlat::LonLat;
use crate::network::{
    self, Closures, Components, Locator, NetworkError, NoSnap, Profile, ProfileError, RoadNetwork, Snap,
};
use crate::osm::{self, ImportCounts, OsmError};
use crate::progress::Progress;
use crate::scenario::{Dropped, MapSettings, Scenario, SpeedFactors, Traffic, TurnCosts, VehicleClass};
use rayon::prelude::*;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Why a map cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegionError {
    /// The extract cannot be read.
    #[error(transparent)]
    Map(OsmError),
    /// The network cannot be built.
    #[error("{path}: {source}")]
    Network {
        /// The map.
        path: PathBuf,
        /// What is wrong.
        source: NetworkError,
    },
    /// A `.roads` file cannot be used.
    #[error(transparent)]
    Roads(#[from] FlatFileError),
    /// The hierarchy cannot be built.
    #[error("{path}: {source}")]
    Hierarchy {
        /// The map.
        path: PathBuf,
        /// What is wrong.
        source: RoadHierarchyError,
    },
    /// The extract cannot be fingerprinted.
    #[error("{path}: {source}; check that the file can be read")]
    Fingerprint {
        /// The map.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A vehicle class cannot be weighed.
    #[error(transparent)]
    Vehicle(#[from] ProfileError),
    /// The scenario names a table of costs in place of a map.
    #[error("the scenario has a table of costs and no map; name a map as inputs.map in place of inputs.costs")]
    NoMap,
    /// A name in `cost.vehicles` is no class of the vehicle file.
    #[error("no vehicle class may be used; name at least one of vehicles.toml in cost.vehicles, or leave it empty")]
    NoVehicle,
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// A network with what the reader counted.
pub struct ReadNetwork {
    /// The network.
    pub network: RoadNetwork,
    /// Its hierarchy, when it came from a `.roads` file.
    pub hierarchy: Option<RoadHierarchy>,
    /// What was read, kept and dropped of the extract, also where that was prepared before.
    pub counts: ImportCounts,
}

/// Weights of one vehicle class, and where hubs and units are for it.
pub struct VehicleNetwork {
    /// Vehicle class.
    pub vehicle: VehicleIx,
    /// Weights.
    pub profile: Profile,
    /// Hubs, by [`HubIx`].
    pub hubs: Vec<Result<Snap, NoSnap>>,
    /// Units, by [`DduIx`].
    pub ddus: Vec<Result<Snap, NoSnap>>,
}

/// A scenario's map, ready for searches.
pub struct Region {
    /// The network.
    pub network: RoadNetwork,
    /// Its hierarchy, when the map was prepared.
    pub hierarchy: Option<RoadHierarchy>,
    /// What the reader counted.
    pub counts: ImportCounts,
    /// One entry a vehicle class in use.
    pub vehicles: Vec<VehicleNetwork>,
    /// Findings about points and closed roads.
    pub findings: Diagnostics,
    /// Rows whose point cannot be used.
    pub rejects: Vec<RejectedRow>,
    /// Hubs: what became of their points.
    pub hubs: PointCounts,
    /// Units: what became of their points.
    pub ddus: PointCounts,
    /// What was left out of the scenario because a hub or unit cannot be used.
    pub left_out: Dropped,
}

/// Reads a map: `.roads` as it is, anything else as an OpenStreetMap extract.
///
/// # Errors
/// [`RegionError`] names the file and what to do.
pub fn read_network(path: &Path, progress: &dyn Progress) -> Result<ReadNetwork, RegionError> {
    if path.extension().is_some_and(|e| e == "roads") {
        progress.begin("network", None);
        let PreparedMap { network, hierarchy, counts, .. } = PreparedMap::load(path)?;
        progress.finish(&format!("{} road arcs, {} turns", network.arc_count(), network.turn_count()));
        return Ok(ReadNetwork { network, hierarchy: Some(hierarchy), counts });
    }
    let extract = osm::read_extract(path, progress).map_err(|error| match error {
        OsmError::Interrupted { .. } => RegionError::Interrupted,
        error => RegionError::Map(error),
    })?;
    let network = network::build(&extract, progress).map_err(|source| match source {
        NetworkError::Cancelled => RegionError::Interrupted,
        source => RegionError::Network { path: path.to_owned(), source },
    })?;
    Ok(ReadNetwork { network, hierarchy: None, counts: extract.counts })
}

/// Reads a map and makes all of it that does not depend on a scenario.
///
/// # Errors
/// [`RegionError`] names the file and what to do.
pub fn prepare(path: &Path, progress: &dyn Progress) -> Result<PreparedMap, RegionError> {
    let ReadNetwork { network, hierarchy, counts } = read_network(path, progress)?;
    let source_fingerprint =
        artefact::fingerprint(path).map_err(|source| RegionError::Fingerprint { path: path.to_owned(), source })?;
    let hierarchy = match hierarchy {
        Some(hierarchy) => hierarchy,
        None => build_hierarchy(&network, progress)
            .map_err(|source| RegionError::Hierarchy { path: path.to_owned(), source })?,
    };
    if progress.cancelled() {
        return Err(RegionError::Interrupted);
    }
    Ok(PreparedMap { network, hierarchy, source_fingerprint, counts })
}

/// Orders and contracts a network.
///
/// # Errors
/// When it is too large.
pub fn build_hierarchy(network: &RoadNetwork, progress: &dyn Progress) -> Result<RoadHierarchy, RoadHierarchyError> {
    progress.begin("hierarchy", None);
    let hierarchy = RoadHierarchy::new(network)?;
    let (up, down) = (hierarchy.cch().up().arc_count(), hierarchy.cch().down().arc_count());
    progress.finish(&format!("{up} arcs up, {down} down"));
    Ok(hierarchy)
}

impl Region {
    /// Reads the scenario's map and places its points. Rows whose point cannot be used are taken out of the scenario;
    /// [`Region::findings`] holds an error for each (except those dropped by `outside_map`).
    ///
    /// # Errors
    /// [`RegionError`] when there is no usable map or vehicle.
    pub fn open(scenario: &mut Scenario, progress: &dyn Progress) -> Result<Self, RegionError> {
        let map = scenario.hauls.map().ok_or(RegionError::NoMap)?;
        Self::place(read_network(map, progress)?, scenario, progress)
    }

    /// The same on a network that was read before.
    ///
    /// # Errors
    /// When a vehicle class cannot be weighed, there is none, or the user asked to stop.
    pub fn place(read: ReadNetwork, scenario: &mut Scenario, progress: &dyn Progress) -> Result<Self, RegionError> {
        let ReadNetwork { network, hierarchy, counts } = read;
        progress.begin("snap", None);
        let closures = Closures::new(&network, &scenario.closed_roads);
        let vehicles = place(scenario, &network, &closures)?;
        if vehicles.is_empty() {
            return Err(RegionError::NoVehicle);
        }
        let mut region = Self {
            network,
            hierarchy,
            counts,
            vehicles,
            findings: closing_nothing(scenario, &closures),
            rejects: Vec::new(),
            hubs: PointCounts::default(),
            ddus: PointCounts::default(),
            left_out: Dropped::default(),
        };
        region.drop_unusable(scenario);
        let Dropped { bids, rules, overrides, .. } = region.left_out;
        let left_out: Vec<String> = [
            (bids, "bid lines left out with their hub or unit"),
            (rules, "rules left out with their units"),
            (overrides, "overrides left out with their bid or unit"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("; {count} {what}"))
        .collect();
        progress.finish(&format!(
            "{} hubs and {} units on the map for {} vehicle classes{}",
            scenario.hubs.len(),
            scenario.ddus.len(),
            region.vehicles.len(),
            left_out.concat()
        ));
        if progress.cancelled() { Err(RegionError::Interrupted) } else { Ok(region) }
    }

    /// Leaves out all hubs but those of a range of indices, in the scenario too, with their bids: what is worked out then is
    /// the part of the whole that concerns them.
    pub fn keep_hubs(&mut self, scenario: &mut Scenario, hubs: &Range<usize>) {
        let keep: Vec<bool> = (0..scenario.hubs.len()).map(|hub| hubs.contains(&hub)).collect();
        for vehicle in &mut self.vehicles {
            retain(&mut vehicle.hubs, &keep);
        }
        scenario.retain(&keep, &[]);
    }

    fn drop_unusable(&mut self, scenario: &mut Scenario) {
        let hubs = (0..scenario.hubs.len()).map(|i| {
            let snaps = self.vehicles.iter().map(|v| &v.hubs[i]).collect();
            (Point { at: scenario.hubs[i].at, snaps }, scenario.origins.hub(HubIx::from_index(i)))
        });
        let hubs = Judged::new(hubs, self.network.bounds(), &scenario.settings);
        let ddus = (0..scenario.ddus.len()).map(|i| {
            let snaps = self.vehicles.iter().map(|v| &v.ddus[i]).collect();
            (Point { at: scenario.ddus[i].at, snaps }, scenario.origins.ddu(DduIx::from_index(i)))
        });
        let ddus = Judged::new(ddus, self.network.bounds(), &scenario.settings);
        for vehicle in &mut self.vehicles {
            retain(&mut vehicle.hubs, &hubs.keep);
            retain(&mut vehicle.ddus, &ddus.keep);
        }
        let dropped = scenario.retain(&hubs.keep, &ddus.keep);
        self.left_out = dropped;
        for judged in [&hubs, &ddus] {
            self.findings.absorb(judged.findings.clone());
            self.rejects.extend(judged.rejects.iter().cloned());
        }
        (self.hubs, self.ddus) = (hubs.counts, ddus.counts);
    }
}

fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    items.retain(|_| keep.next().copied().unwrap_or(true));
}

/// Vehicle classes that may be used.
pub(super) fn usable_vehicles(scenario: &Scenario) -> impl Iterator<Item = (VehicleIx, &VehicleClass)> {
    let wanted = &scenario.settings.cost.vehicles;
    scenario
        .vehicles
        .iter()
        .enumerate()
        .filter(move |(_, class)| wanted.is_empty() || wanted.contains(&class.name))
        .map(|(i, class)| (VehicleIx::from_index(i), class))
}

/// Weighs the network for each vehicle class and puts hubs and units on it. Classes that may use the same roads share
/// the search for components.
fn place(scenario: &Scenario, network: &RoadNetwork, closures: &Closures) -> Result<Vec<VehicleNetwork>, RegionError> {
    let classes: Vec<(VehicleIx, &VehicleClass)> = usable_vehicles(scenario).collect();
    let weigh = |(vehicle, class): &(VehicleIx, &VehicleClass)| {
        let profile = weighed(network, (*vehicle, class), &scenario.settings.turns, &Traffic::FREE, closures);
        profile.map(|profile| (*vehicle, profile))
    };
    let (locator, profiles) =
        rayon::join(|| Locator::new(network), || classes.par_iter().map(weigh).collect::<Vec<_>>());
    let profiles = profiles.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut distinct: Vec<&Profile> = Vec::new();
    let mut kinds = Vec::with_capacity(profiles.len());
    for (_, profile) in &profiles {
        let known = distinct.iter().position(|other| profile.same_roads(other, network));
        kinds.push(known.unwrap_or(distinct.len()));
        if known.is_none() {
            distinct.push(profile);
        }
    }
    let components: Vec<Components> =
        distinct.into_par_iter().map(|profile| Components::new(network, profile)).collect();
    let placed = profiles.into_iter().zip(kinds).map(|((vehicle, profile), kind)| {
        let snap = |at: Vec<LonLat>| snapped(&locator, &profile, &components[kind], &scenario.settings.map, &at);
        let hubs = snap(scenario.hubs.iter().map(|hub| hub.at).collect());
        let ddus = snap(scenario.ddus.iter().map(|ddu| ddu.at).collect());
        VehicleNetwork { vehicle, profile, hubs, ddus }
    });
    Ok(placed.collect())
}

/// Weights of a class at the speeds of a departure, without the roads that are closed for it.
pub(super) fn weighed(
    network: &RoadNetwork,
    (vehicle, class): (VehicleIx, &VehicleClass),
    turns: &TurnCosts,
    factors: &SpeedFactors,
    closures: &Closures,
) -> Result<Profile, ProfileError> {
    let mut profile = Profile::in_traffic(network, class, turns, factors)?;
    profile.close(closures.arcs(vehicle));
    Ok(profile)
}

/// Points on the roads of a class.
pub(super) fn snapped(
    locator: &Locator<'_>,
    profile: &Profile,
    components: &Components,
    settings: &MapSettings,
    points: &[LonLat],
) -> Vec<Result<Snap, NoSnap>> {
    points.par_iter().map(|at| locator.snap(*at, profile, components, settings)).collect()
}

/// A warning for each row that closes no road of the map.
fn closing_nothing(scenario: &Scenario, closures: &Closures) -> Diagnostics {
    let mut findings = Diagnostics::default();
    for &position in closures.idle() {
        let Some(road) = scenario.closed_roads.get(position) else { continue };
        let (code, origin) = (Code::NothingClosed, scenario.origins.closed_road(position));
        let message = format!("way {} has no road on the map in direction {}", road.way, road.direction.word());
        findings.push_with(code, || origin.diagnostic(code, "way_id", message, code.action()));
    }
    findings
}
