//! What a carrier's quote starts from: `[quote]` of `scenario.toml`, its volumes, and what its alternatives charge.

use super::bid::Service;
use super::variant::scaled;
use crate::units::{MicroDollars, Pieces, Ppm};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How a quote is worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuoteSettings {
    /// The shipper who quotes: only its hubs take part, and its bids carry its name. `None`: all hubs.
    pub shipper: Option<String>,
    /// The service that is bid for; its critical entry time is the latest arrival.
    pub service: Service,
    /// Share of the alternative's price that a bid must save.
    pub margin: Ppm,
    /// Prices of bids are rounded down to a multiple of this.
    pub price_step: MicroDollars,
    /// Minutes after the planned arrival at which a bid promises its parcels, at most until the critical entry time.
    pub tender_slack_min: u32,
    /// Low and high volume where the table gives none, relative to the planned one.
    pub volume: [Ppm; 2],
    /// Low and high price of fuel, relative to the vehicle file.
    pub fuel: [Ppm; 2],
    /// Low and high wage, relative to the vehicle file.
    pub wage: [Ppm; 2],
    /// Trips that a vehicle of a limited fleet makes a day.
    pub trips_per_vehicle: u32,
    /// Most units of a bundle.
    pub bundle_units: u32,
    /// Most bundles that are suggested.
    pub bundles: u32,
    /// Names of settings and files that nobody has confirmed: they are told with every quote.
    pub assumed: Vec<String>,
    /// Vehicles there are, by hub and class; what is not named is not limited.
    pub fleet: Vec<FleetLimit>,
}

/// Vehicles of one class at one hub, or at each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FleetLimit {
    /// The hub; `None` is every hub that has no limit of its own for the class.
    pub hub: Option<String>,
    /// Vehicle class.
    pub vehicle: String,
    /// How many there are.
    pub count: u32,
}

impl Default for QuoteSettings {
    fn default() -> Self {
        Self {
            shipper: None,
            service: Service::NextDay,
            margin: Ppm(100_000),
            price_step: MicroDollars(10_000),
            tender_slack_min: 30,
            volume: [Ppm(500_000), Ppm(1_500_000)],
            fuel: [Ppm(800_000), Ppm(1_200_000)],
            wage: [Ppm(900_000), Ppm(1_100_000)],
            trips_per_vehicle: 1,
            bundle_units: 6,
            bundles: 20,
            assumed: Vec::new(),
            fleet: Vec::new(),
        }
    }
}

/// Pieces of a unit, a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuoteVolume {
    /// On a weak day.
    pub low: Pieces,
    /// As planned.
    pub planned: Pieces,
    /// On a strong day.
    pub high: Pieces,
}

impl QuoteVolume {
    /// A planned volume with its weak and strong day by factors, rounded to the nearest piece.
    #[must_use]
    pub fn around(planned: u32, [low, high]: [Ppm; 2]) -> Self {
        Self { low: Pieces(scaled(planned, low)), planned: Pieces(planned), high: Pieces(scaled(planned, high)) }
    }
}

/// A row of the volumes that reaches no unit that takes part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WithoutUnit {
    /// ZIP or id of a unit as it was read.
    pub place: String,
    /// `no_unit`, or `takes_no_part`.
    pub why: &'static str,
    /// Planned pieces a day.
    pub pieces: Pieces,
}

/// The table of volumes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteVolumes {
    /// By id of the unit; rows of one unit are added up.
    pub units: BTreeMap<String, QuoteVolume>,
    /// What reaches no unit, by place.
    pub without_unit: Vec<WithoutUnit>,
}

/// What bringing a piece to an entry level and having it delivered from there costs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryRate {
    /// Name of the level.
    pub entry_level: String,
    /// Lightest piece, thousandths of a pound, inclusive.
    pub from_millilb: u64,
    /// Heaviest piece, thousandths of a pound, exclusive.
    pub to_millilb: u64,
    /// First operating day.
    pub effective_from: Date,
    /// Last operating day.
    pub effective_to: Date,
    /// Price of a piece.
    pub rate: MicroDollars,
    /// What it costs besides to bring a piece there.
    pub haul: MicroDollars,
}

impl EntryRate {
    /// Price and haul together; `None` when they do not fit.
    #[must_use]
    pub fn total(&self) -> Option<MicroDollars> {
        self.rate.checked_add(self.haul)
    }

    /// Whether it holds for a weight on a day.
    #[must_use]
    pub fn holds(&self, millilb: u64, day: Date) -> bool {
        (self.from_millilb..self.to_millilb).contains(&millilb)
            && (self.effective_from..=self.effective_to).contains(&day)
    }
}

/// Tables that only a quote reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuoteTables {
    /// Volumes; `None`: `cost.planned_volume` at every unit.
    pub volumes: Option<QuoteVolumes>,
    /// Rates of the alternatives, sorted.
    pub rates: Vec<EntryRate>,
}
