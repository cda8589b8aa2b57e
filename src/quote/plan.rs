//! Who quotes, for which pieces, and by when they must arrive.

use super::QuoteError;
use crate::ids::{DduIx, HubIx};
use crate::scenario::{Ddu, QuoteVolume, Scenario};
use crate::units::{ClockTime, Pieces};

/// What is asked of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnitPlan {
    /// The unit.
    pub ddu: DduIx,
    /// Pieces a day, no more than the unit takes.
    pub volume: QuoteVolume,
    /// Planned pieces beyond what the unit takes, which are left out.
    pub beyond_capacity: Pieces,
    /// The latest arrival: the critical entry time of the service that is quoted, at most until the dock closes; `None`
    /// where the service is not offered, or the dock is still closed then.
    pub by: Option<ClockTime>,
}

/// What a quote is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Who bids: `quote.shipper`, else the shipper of all hubs where there is but one, else `carrier`.
    pub bidder: String,
    /// Hubs of the shipper, ascending.
    pub hubs: Vec<HubIx>,
    /// Every unit of the scenario, by its index.
    pub units: Vec<UnitPlan>,
}

impl Plan {
    /// The plan of a scenario. Units that the volumes do not name get no pieces; without a table of volumes each gets
    /// `cost.planned_volume`.
    ///
    /// # Errors
    /// [`QuoteError::NoHub`].
    pub fn of(scenario: &Scenario) -> Result<Self, QuoteError> {
        let quote = &scenario.settings.quote;
        let own = |shipper: &str| quote.shipper.as_deref().is_none_or(|wanted| wanted == shipper);
        let hubs: Vec<HubIx> = scenario
            .hubs
            .iter()
            .enumerate()
            .filter(|(_, hub)| own(&hub.shipper))
            .map(|(at, _)| HubIx::from_index(at))
            .collect();
        if hubs.is_empty() {
            return Err(QuoteError::NoHub(quote.shipper.clone().unwrap_or_default()));
        }
        let planned = scenario.settings.cost.planned_volume;
        let everywhere = QuoteVolume::around(planned, quote.volume);
        let unit = |(at, unit): (usize, &Ddu)| {
            let wanted = match &scenario.quote.volumes {
                Some(volumes) => volumes.units.get(&unit.id).copied().unwrap_or_default(),
                None => everywhere,
            };
            let most = |pieces: Pieces| pieces.min(unit.capacity);
            UnitPlan {
                ddu: DduIx::from_index(at),
                volume: QuoteVolume { low: most(wanted.low), planned: most(wanted.planned), high: most(wanted.high) },
                beyond_capacity: Pieces(wanted.planned.0 - most(wanted.planned).0),
                by: unit
                    .critical_entry_time(quote.service)
                    .map(|cet| cet.min(unit.dock_close))
                    .filter(|by| *by >= unit.dock_open),
            }
        };
        let mut shippers = hubs.iter().filter_map(|hub| scenario.hubs.get(hub.index())).map(|hub| hub.shipper.as_str());
        let first = shippers.next().unwrap_or_default();
        let bidder = if shippers.all(|other| other == first) { first } else { "carrier" }.to_owned();
        Ok(Self { bidder, hubs, units: scenario.ddus.iter().enumerate().map(unit).collect() })
    }
}
