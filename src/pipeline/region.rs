//! The map of a scenario: read, made a network, weighed for each vehicle class, with every hub and unit placed on it.

use super::points::{Judged, Point, PointCounts};
use crate::diagnostics::{Code, Diagnostics, RejectedRow};
use crate::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use crate::lonlat::LonLat;
use crate::network::{
    self, Closures, Components, Locator, NetworkError, NoSnap, Profile, ProfileError, RoadNetwork, RoadsError,
    SavedNetwork, Snap,
};
use crate::osm::{self, ImportCounts, OsmError};
use crate::progress::Progress;
use crate::scenario::{MapSettings, Scenario, VehicleClass};
use rayon::prelude::*;
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
    Roads(#[from] RoadsError),
    /// A vehicle class cannot be weighed.
    #[error(transparent)]
    Vehicle(#[from] ProfileError),
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
    /// What was read, kept and dropped; empty when it came from a `.roads` file.
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
    /// Bid lines left out because their hub or unit, or that of another line of their package, cannot be used.
    pub bids_left_out: u64,
}

/// Reads a map: `.roads` as it is, anything else as an OpenStreetMap extract.
///
/// # Errors
/// [`RegionError`] names the file and what to do.
pub fn read_network(path: &Path, progress: &dyn Progress) -> Result<ReadNetwork, RegionError> {
    if path.extension().is_some_and(|e| e == "roads") {
        progress.begin("network", None);
        let SavedNetwork { network, .. } = network::load(path)?;
        progress.finish(&format!("{} road arcs, {} turns", network.arc_count(), network.turn_count()));
        return Ok(ReadNetwork { network, counts: ImportCounts::default() });
    }
    let extract = osm::read_extract(path, progress).map_err(|error| match error {
        OsmError::Interrupted { .. } => RegionError::Interrupted,
        error => RegionError::Map(error),
    })?;
    let network = network::build(&extract, progress).map_err(|source| match source {
        NetworkError::Cancelled => RegionError::Interrupted,
        source => RegionError::Network { path: path.to_owned(), source },
    })?;
    Ok(ReadNetwork { network, counts: extract.counts })
}

impl Region {
    /// Reads the scenario's map and places its points. Rows whose point cannot be used are taken out of the scenario;
    /// [`Region::findings`] holds an error for each (except those dropped by `outside_map`).
    ///
    /// # Errors
    /// [`RegionError`] when there is no usable map or vehicle.
    pub fn open(scenario: &mut Scenario, progress: &dyn Progress) -> Result<Self, RegionError> {
        Self::place(read_network(&scenario.map, progress)?, scenario, progress)
    }

    /// The same on a network that was read before.
    ///
    /// # Errors
    /// When a vehicle class cannot be weighed, there is none, or the user asked to stop.
    pub fn place(read: ReadNetwork, scenario: &mut Scenario, progress: &dyn Progress) -> Result<Self, RegionError> {
        let ReadNetwork { network, counts } = read;
        progress.begin("snap", None);
        let locator = Locator::new(&network);
        let closures = Closures::new(&network, &scenario.closed_roads);
        let vehicles = usable_vehicles(scenario)
            .map(|(vehicle, class)| place(scenario, &network, &locator, &closures, vehicle, class))
            .collect::<Result<Vec<_>, _>>()?;
        if vehicles.is_empty() {
            return Err(RegionError::NoVehicle);
        }
        let mut region = Self {
            network,
            counts,
            vehicles,
            findings: closing_nothing(scenario, &closures),
            rejects: Vec::new(),
            hubs: PointCounts::default(),
            ddus: PointCounts::default(),
            bids_left_out: 0,
        };
        region.drop_unusable(scenario);
        let left_out = match region.bids_left_out {
            0 => String::new(),
            bids => format!("; {bids} bid lines left out with their hub or unit"),
        };
        progress.finish(&format!(
            "{} hubs and {} units on the map for {} vehicle classes{left_out}",
            scenario.hubs.len(),
            scenario.ddus.len(),
            region.vehicles.len()
        ));
        if progress.cancelled() { Err(RegionError::Interrupted) } else { Ok(region) }
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
        self.bids_left_out = u64::try_from(dropped.bids).unwrap_or(u64::MAX);
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

fn place(
    scenario: &Scenario,
    network: &RoadNetwork,
    locator: &Locator<'_>,
    closures: &Closures,
    vehicle: VehicleIx,
    class: &VehicleClass,
) -> Result<VehicleNetwork, RegionError> {
    let profile = weighed(network, scenario, vehicle, class, closures, DepartureIx::default())?;
    let components = Components::new(network, &profile);
    let snap = |at: Vec<LonLat>| snapped(locator, &profile, &components, &scenario.settings.map, &at);
    let hubs = snap(scenario.hubs.iter().map(|hub| hub.at).collect());
    let ddus = snap(scenario.ddus.iter().map(|ddu| ddu.at).collect());
    Ok(VehicleNetwork { vehicle, profile, hubs, ddus })
}

/// Weights of a class at a departure, without the roads that are closed for it.
pub(super) fn weighed(
    network: &RoadNetwork,
    scenario: &Scenario,
    vehicle: VehicleIx,
    class: &VehicleClass,
    closures: &Closures,
    departure: DepartureIx,
) -> Result<Profile, ProfileError> {
    let settings = &scenario.settings;
    let mut profile = Profile::in_traffic(network, class, &settings.turns, &settings.traffic.factors(departure))?;
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
