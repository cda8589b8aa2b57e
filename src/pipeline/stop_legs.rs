//! Paths among a hub and the units that its vehicles visit, by every vehicle class, and their lines on the map.
//!
//! One customization a class and departure serves all hubs that release in its window, as for matrices; rows are computed
//! in tiles, of which only the legs within a hub's own stops are kept. Every leg takes the speeds of the window in which
//! its hub releases, so that an outbound leg is the cell of the matrix.

use super::lanes::{Departing, Lane};
use super::matrices::{Prepared, Visitor};
use super::run::RunError;
use crate::cost;
use crate::ids::{DduIx, DepartureIx, HubIx, VehicleIx};
use crate::lonlat::LonLat;
use crate::matrix::fast::Roads;
use crate::matrix::{Leg, MatrixError};
use crate::network::{NoSnap, Snap};
use crate::progress::{Progress, Quiet};
use crate::routes::day::{ClassLegs, StopSet};
use crate::scenario::Scenario;
use rayon::prelude::*;

/// Most cells of a tile (24 bytes each); a tile has at least one row.
const CELLS_AT_ONCE: usize = 1 << 22;

/// A leg of which the line is wanted: a set of stops, a class, and two of its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WantedLine {
    /// Position of the set.
    pub set: usize,
    /// Vehicle class.
    pub vehicle: VehicleIx,
    /// Point where it starts.
    pub from: usize,
    /// Point where it ends.
    pub to: usize,
}

impl Prepared<'_> {
    /// Legs among each set's points, by class in order of its index.
    ///
    /// # Errors
    /// As [`Prepared::matrices`].
    pub fn legs(
        &self,
        scenario: &Scenario,
        sets: &[StopSet],
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<ClassLegs>>, RunError> {
        let mut legs = LegsOf { scenario, sets: Departures::of(scenario, sets)?, legs: Vec::new(), progress };
        legs.legs.resize_with(sets.len(), Vec::new);
        let lanes = self.stop_lanes(scenario, &legs.sets)?;
        self.each(scenario, &self.classes(scenario)?, &lanes, progress, &mut legs)?;
        for of_set in &mut legs.legs {
            of_set.sort_by_key(|class| class.vehicle);
        }
        Ok(legs.legs)
    }

    /// Lines of some legs, as given; empty where there is no path.
    ///
    /// # Errors
    /// As [`Prepared::matrices`].
    pub fn lines(
        &self,
        scenario: &Scenario,
        sets: &[StopSet],
        wanted: &[WantedLine],
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<LonLat>>, RunError> {
        let vehicles: Vec<VehicleIx> = self.classes(scenario)?.iter().map(|class| class.vehicle).collect();
        let lines = vec![Vec::new(); wanted.len()];
        let mut visitor = LinesOf { sets: Departures::of(scenario, sets)?, vehicles, wanted, lines, progress };
        let used = |lane: &Lane| {
            wanted.iter().any(|line| {
                visitor.vehicles.get(lane.class) == Some(&line.vehicle)
                    && visitor.sets.departures.get(line.set) == Some(&lane.departure)
            })
        };
        let mut lanes = self.stop_lanes(scenario, &visitor.sets)?;
        lanes.retain(used);
        self.each(scenario, &self.classes(scenario)?, &lanes, progress, &mut visitor)?;
        Ok(visitor.lines)
    }

    /// Every class in each window in which a hub of the sets releases.
    fn stop_lanes(&self, scenario: &Scenario, sets: &Departures<'_>) -> Result<Vec<Lane>, RunError> {
        let mut departures = sets.departures.clone();
        departures.sort_unstable();
        departures.dedup();
        let classes = self.classes(scenario)?.len();
        Ok((0..classes).flat_map(|class| departures.iter().map(move |d| Lane { class, departure: *d })).collect())
    }
}

/// Sets of stops with the window in which each is served.
struct Departures<'s> {
    sets: &'s [StopSet],
    departures: Vec<DepartureIx>,
}

impl<'s> Departures<'s> {
    fn of(scenario: &Scenario, sets: &'s [StopSet]) -> Result<Self, RunError> {
        let by_hub = cost::hub_departures(scenario)?;
        let of = |set: &StopSet| by_hub.get(set.hub.index()).copied().unwrap_or_default();
        Ok(Self { sets, departures: sets.iter().map(of).collect() })
    }

    fn in_window(&self, departure: DepartureIx) -> impl Iterator<Item = (usize, &'s StopSet)> + '_ {
        let all = self.sets.iter().enumerate().zip(&self.departures);
        all.filter(move |(_, at)| **at == departure).map(|(set, _)| set)
    }
}

type Snapped = Result<Snap, NoSnap>;

/// Point of a set on the roads.
fn snapped<'p>(at: &'p Departing<'_>, set: &StopSet, point: usize) -> Option<&'p Snapped> {
    match point.checked_sub(1) {
        None => at.hubs.get(set.hub.index()),
        Some(unit) => at.ddus.get(set.units.get(unit)?.index()),
    }
}

struct LegsOf<'a> {
    scenario: &'a Scenario,
    sets: Departures<'a>,
    legs: Vec<Vec<ClassLegs>>,
    progress: &'a dyn Progress,
}

impl Visitor for LegsOf<'_> {
    fn visit(&mut self, lane: &Lane, at: &Departing<'_>, roads: &Roads<'_>) -> Result<(), RunError> {
        // Every hub and unit of the window once; where each point of a set stands among them.
        let (mut hubs, mut units): (Vec<HubIx>, Vec<DduIx>) = (Vec::new(), Vec::new());
        for (_, set) in self.sets.in_window(lane.departure) {
            hubs.push(set.hub);
            units.extend(&set.units);
        }
        hubs.sort_unstable();
        hubs.dedup();
        units.sort_unstable();
        units.dedup();
        let position = |set: &StopSet, point: usize| match point.checked_sub(1) {
            None => hubs.binary_search(&set.hub).ok(),
            Some(unit) => Some(hubs.len() + units.binary_search(set.units.get(unit)?).ok()?),
        };
        let of_hubs = hubs.iter().filter_map(|hub| at.hubs.get(hub.index()).cloned());
        let of_units = units.iter().filter_map(|unit| at.ddus.get(unit.index()).cloned());
        let points: Vec<Snapped> = of_hubs.chain(of_units).collect();
        let vehicle = usable(self.scenario, lane.class);
        let selected = roads.select(vehicle, &points, &points)?;
        // By row: the set and point that it serves.
        let mut rows: Vec<Vec<(usize, usize)>> = vec![Vec::new(); points.len()];
        let mut found: Vec<(usize, ClassLegs, Vec<usize>)> = Vec::new();
        for (number, set) in self.sets.in_window(lane.departure) {
            let count = set.units.len() + 1;
            let at: Vec<usize> = (0..count).filter_map(|point| position(set, point)).collect();
            for (point, row) in at.iter().enumerate() {
                rows[*row].push((found.len(), point));
            }
            found.push((number, ClassLegs { vehicle, points: count, legs: Vec::with_capacity(count * count) }, at));
        }
        let empty = Leg::Err(crate::matrix::NoPath::Unreachable);
        for (_, legs, at) in &mut found {
            legs.legs.resize(at.len() * at.len(), empty);
        }
        let step = (CELLS_AT_ONCE / points.len().max(1)).max(1);
        self.progress.begin("legs", u64::try_from(points.len()).ok());
        for first in (0..points.len()).step_by(step) {
            let tile = first..points.len().min(first + step);
            self.progress.advance(u64::try_from(tile.len()).unwrap_or(0));
            let cells = selected.tile(tile.clone(), self.progress)?;
            for row in tile {
                for &(set, point) in &rows[row] {
                    let (_, legs, at) = &mut found[set];
                    for (to, column) in at.iter().enumerate() {
                        let cell = cells.outbound(HubIx::from_index(row - first), DduIx::from_index(*column));
                        legs.legs[point * legs.points + to] = cell;
                    }
                }
            }
        }
        let kept: usize = found.iter().map(|(_, legs, _)| legs.legs.len()).sum();
        self.progress.finish(&format!("{kept} legs among hubs and units"));
        for (number, legs, _) in found {
            self.legs[number].push(legs);
        }
        Ok(())
    }
}

/// The class of a lane.
fn usable(scenario: &Scenario, class: usize) -> VehicleIx {
    super::region::usable_vehicles(scenario).nth(class).map(|(vehicle, _)| vehicle).unwrap_or_default()
}

struct LinesOf<'a> {
    sets: Departures<'a>,
    vehicles: Vec<VehicleIx>,
    wanted: &'a [WantedLine],
    lines: Vec<Vec<LonLat>>,
    progress: &'a dyn Progress,
}

impl Visitor for LinesOf<'_> {
    fn visit(&mut self, lane: &Lane, at: &Departing<'_>, roads: &Roads<'_>) -> Result<(), RunError> {
        let quiet = Quiet(self.progress);
        let drawn = |(position, line): (usize, &WantedLine)| {
            let (set, departure) = (self.sets.sets.get(line.set)?, self.sets.departures.get(line.set)?);
            if self.vehicles.get(lane.class) != Some(&line.vehicle) || *departure != lane.departure {
                return None;
            }
            if quiet.cancelled() {
                return Some(Err(MatrixError::Interrupted));
            }
            let (from, to) = (snapped(at, set, line.from)?, snapped(at, set, line.to)?);
            let route = match roads.route(from, to) {
                Ok(route) => route.ok()?,
                Err(error) => return Some(Err(error)),
            };
            Some(Ok((position, route.line(roads.network, 0..route.stretches.len()))))
        };
        let lines: Vec<Result<_, MatrixError>> = self.wanted.par_iter().enumerate().filter_map(drawn).collect();
        for line in lines {
            let (position, line) = line?;
            self.lines[position] = line;
        }
        Ok(())
    }
}
