//! Places and roads of the page's map. Positions are on a grid of 1e-5 degrees, about a metre.

use super::roads::{PageRoads, grid};
use crate::cost::HaulSource;
use crate::ids::{DduIx, HubIx};
use crate::network::RoadNetwork;
use crate::osm::ImportCounts;
use crate::report::ReportError;
use crate::scenario::Scenario;
use crate::units::{MicroDollars, Pieces};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// A hub on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageHub {
    /// Id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The shipper that runs it.
    pub shipper: String,
    /// Longitude, latitude.
    pub at: [i32; 2],
}

/// A unit on the map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageUnit {
    /// Id.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Longitude, latitude.
    pub at: [i32; 2],
    /// Pieces it can take per operating day.
    pub capacity: u32,
    /// Position of the hub that is cheapest at the planned volume; none where no hub reaches it.
    pub hub: Option<u32>,
    /// Injection cost from there, USD per piece at the planned volume.
    pub usd_per_piece: Option<String>,
}

/// A vehicle route along its roads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRoute {
    /// Id of the route.
    pub id: String,
    /// Vehicle class.
    pub vehicle: String,
    /// Pieces it brings.
    pub pieces: u64,
    /// What it costs, USD.
    pub money_usd: String,
    /// First position, then steps.
    pub line: Vec<i32>,
}

/// What the map shows beside the award.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageMap {
    /// Whose data the roads are.
    pub attribution: String,
    /// `cost.planned_volume`.
    pub planned_pieces: u32,
    /// Hubs by id.
    pub hubs: Vec<PageHub>,
    /// Units by id.
    pub units: Vec<PageUnit>,
    /// Main roads.
    pub roads: PageRoads,
    /// Routes of a day, where they were asked for.
    pub routes: Vec<PageRoute>,
}

/// The map a scenario is on.
#[derive(Clone, Copy, Debug)]
pub struct PageGround<'a> {
    /// Roads.
    pub network: &'a RoadNetwork,
    /// The map is invented, so that nobody's data is on it.
    pub invented: bool,
}

impl<'a> PageGround<'a> {
    /// A network with what its reader counted.
    #[must_use]
    pub fn of(network: &'a RoadNetwork, counts: &ImportCounts) -> Self {
        Self { network, invented: counts.get("maps that say they are invented").is_some_and(|maps| maps > 0) }
    }
}

impl PageMap {
    /// The map of a scenario; without ground its places alone.
    ///
    /// # Errors
    /// When a cost cannot be worked out.
    pub fn of(
        scenario: &Scenario,
        ground: Option<PageGround<'_>>,
        hauls: &dyn HaulSource,
    ) -> Result<Self, ReportError> {
        let volume = Pieces(scenario.settings.cost.planned_volume);
        let hubs = scenario.hubs.iter().map(|hub| PageHub {
            id: hub.id.clone(),
            name: hub.name.clone(),
            shipper: hub.shipper.clone(),
            at: grid(hub.at),
        });
        let unit = |position: usize| -> Result<Option<PageUnit>, ReportError> {
            let Some(ddu) = scenario.ddus.get(position) else { return Ok(None) };
            let best = cheapest_hub(scenario, hauls, DduIx::from_index(position), volume)?;
            Ok(Some(PageUnit {
                id: ddu.id.clone(),
                name: ddu.name.clone(),
                at: grid(ddu.at),
                capacity: ddu.capacity.0,
                hub: best.map(|(hub, _, _)| hub.0),
                usd_per_piece: best.map(|(_, _, each)| each.to_string()),
            }))
        };
        let units = (0..scenario.ddus.len()).into_par_iter().map(unit).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            attribution: match ground {
                None => "Places without roads: the costs come from a table".to_owned(),
                Some(PageGround { invented: true, .. }) => "Roads and places are invented".to_owned(),
                Some(_) => "© OpenStreetMap contributors".to_owned(),
            },
            planned_pieces: volume.0,
            hubs: hubs.collect(),
            units: units.into_iter().flatten().collect(),
            roads: ground.map(|ground| PageRoads::of(ground.network)).unwrap_or_default(),
            routes: Vec::new(),
        })
    }
}

/// The hub from which a volume is brought for least, with its cost per day and per piece; of equal ones the first.
pub(super) fn cheapest_hub(
    scenario: &Scenario,
    hauls: &dyn HaulSource,
    ddu: DduIx,
    volume: Pieces,
) -> Result<Option<(HubIx, MicroDollars, MicroDollars)>, ReportError> {
    let mut best: Option<(HubIx, MicroDollars, MicroDollars)> = None;
    for hub in (0..scenario.hubs.len()).map(HubIx::from_index) {
        let Some(cost) = hauls.get(hub, ddu)?.injection_cost(volume) else { continue };
        if best.is_none_or(|(_, least, _)| cost.total < least) {
            best = Some((hub, cost.total, cost.per_piece));
        }
    }
    Ok(best)
}
