//! A scenario opened: its tables read, its points placed on the map, and whether what was found forbids to go on.

use super::region::{ReadNetwork, Region, RegionError, read_network};
use crate::diagnostics::{Diagnostics, RejectedRow};
use crate::progress::Progress;
use crate::scenario::{self, LoadOptions, Loaded, Scenario};
use std::path::Path;

/// Where the map of a scenario comes from.
pub enum MapSource {
    /// It is not needed: only tables are read.
    None,
    /// The file that the scenario names.
    File,
    /// The network of that file, read before.
    Known(Box<ReadNetwork>),
}

/// What opening gave: all that was found, in tables and on the map.
pub struct Opening {
    /// The scenario as far as its rows can be used, with its region where it has a map that was asked for.
    pub opened: Option<(Scenario, Option<Region>)>,
    /// Everything that was found.
    pub findings: Diagnostics,
    /// Rows that were set aside.
    pub rejects: Vec<RejectedRow>,
    /// Why there is no region.
    pub map_error: Option<RegionError>,
}

/// Why a scenario may not be used.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Its map cannot be used.
    #[error(transparent)]
    Map(RegionError),
    /// No hub, or no unit, lies on the map.
    #[error("no {0} is left that lies on the map; use the map of their region")]
    NothingOnMap(&'static str),
    /// What was found forbids it.
    #[error("the findings forbid to go on")]
    Findings,
}

/// Reads the tables and places their points on the map; goes on after errors, so that all are found at once.
#[must_use]
pub fn open(path: &Path, map: MapSource, progress: &dyn Progress) -> Opening {
    let Loaded { scenario, diagnostics: mut findings, mut rejects, map: file } =
        scenario::load(path, &LoadOptions { lenient: true });
    let mut map_error = None;
    if let (None, Some(file), MapSource::File) = (&scenario, &file, &map) {
        // There is nothing to place on the map, but what is wrong with it belongs to the same answer.
        map_error = read_network(file, progress).err();
    }
    let opened = scenario.and_then(|mut scenario| {
        let placed = match (map, scenario.hauls.map()) {
            (MapSource::None, _) | (_, None) => return Some((scenario, None)),
            (MapSource::File, Some(_)) => Region::open(&mut scenario, progress),
            (MapSource::Known(network), Some(_)) => Region::place(*network, &mut scenario, progress),
        };
        match placed {
            Ok(region) => {
                findings.absorb(region.findings.clone());
                rejects.extend(region.rejects.iter().cloned());
                Some((scenario, Some(region)))
            }
            Err(error) => {
                map_error = Some(error);
                None
            }
        }
    });
    Opening { opened, findings, rejects, map_error }
}

/// A scenario with its region, if it has a map, and what was found.
pub type Usable = (Scenario, Option<Region>, Diagnostics);

impl Opening {
    /// The scenario, its region and what was found, unless that forbids to go on; errors in rows do not if `lenient`.
    ///
    /// # Errors
    /// [`Refusal`], with what was found.
    pub fn usable(self, lenient: bool) -> Result<Usable, Box<(Refusal, Diagnostics)>> {
        let Self { opened, findings, map_error, .. } = self;
        if let Some(error) = map_error {
            return Err(Box::new((Refusal::Map(error), findings)));
        }
        let forbidden = findings.has_errors() && !lenient;
        match opened {
            Some((scenario, _)) if !forbidden && scenario.hubs.is_empty() => {
                Err(Box::new((Refusal::NothingOnMap("hub"), findings)))
            }
            Some((scenario, _)) if !forbidden && scenario.ddus.is_empty() => {
                Err(Box::new((Refusal::NothingOnMap("unit"), findings)))
            }
            Some((scenario, region)) if !forbidden => Ok((scenario, region, findings)),
            _ => Err(Box::new((Refusal::Findings, findings))),
        }
    }
}
