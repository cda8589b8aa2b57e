//! Vehicle classes: what they carry, where they may go, and what they cost.

use crate::road_class::RoadClass;
use crate::units::{MicroDollars, Millis, Pieces, Ppm};

/// Which access tags of OpenStreetMap govern a vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Mode {
    /// `motor_vehicle`, `motorcar`: cars and cargo vans.
    Motorcar = 0,
    /// `goods`: goods vehicles up to 3.5 t.
    Goods = 1,
    /// `hgv`: heavy goods vehicles above 3.5 t.
    Hgv = 2,
}

impl Mode {
    /// All modes, in order of their discriminants.
    pub const ALL: [Self; 3] = [Self::Motorcar, Self::Goods, Self::Hgv];

    /// This mode's bit in a mask of modes.
    #[must_use]
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }

    /// The word used in `vehicles.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Motorcar => "motorcar",
            Self::Goods => "goods",
            Self::Hgv => "hgv",
        }
    }
}

/// What a vehicle class costs. Distance-driven and time-driven rates are disjoint views of the same money: nothing is
/// in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// Fuel, per mile.
    pub fuel_per_mile: MicroDollars,
    /// Repair and maintenance, per mile.
    pub repair_per_mile: MicroDollars,
    /// Tires, per mile.
    pub tires_per_mile: MicroDollars,
    /// Driver wages, per hour.
    pub wages_per_hour: MicroDollars,
    /// Driver benefits, per hour.
    pub benefits_per_hour: MicroDollars,
    /// Lease or depreciation, insurance, permits: per vehicle-day.
    pub fixed_per_day: MicroDollars,
    /// Per stop at a dock.
    pub per_stop: MicroDollars,
    /// Handling (load and unload), per piece.
    pub per_piece: MicroDollars,
    /// Toll per mile of road tagged `toll=yes` (OpenStreetMap carries no amounts).
    pub toll_per_mile: MicroDollars,
}

impl Rates {
    /// All distance-driven rates together, per mile, without tolls.
    #[must_use]
    pub fn per_mile(&self) -> Option<MicroDollars> {
        MicroDollars::sum([self.fuel_per_mile, self.repair_per_mile, self.tires_per_mile])
    }

    /// All time-driven rates together, per hour.
    #[must_use]
    pub fn per_hour(&self) -> Option<MicroDollars> {
        self.wages_per_hour.checked_add(self.benefits_per_hour)
    }
}

/// A vehicle class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VehicleClass {
    /// Unique name.
    pub name: String,
    /// Which access tags govern it.
    pub mode: Mode,
    /// Cargo space in thousandths of a cubic foot.
    pub cube_millicuft: u64,
    /// Payload in thousandths of a pound.
    pub payload_millilb: u64,
    /// Share of the cargo space that parcels fill.
    pub fill: Ppm,
    /// Overall length in millimetres, against `maxlength` and dock limits.
    pub length_mm: u32,
    /// Overall height in millimetres, against `maxheight` and dock limits.
    pub height_mm: u32,
    /// Overall width in millimetres, against `maxwidth`.
    pub width_mm: u32,
    /// Gross weight in kilograms, against `maxweight`.
    pub weight_kg: u32,
    /// Highest speed on each road class in thousandths of a mile per hour, indexed by `RoadClass as usize`; `None` is
    /// uncapped.
    pub speed_caps_millimph: [Option<u32>; RoadClass::ALL.len()],
    /// Travel speed relative to the road's free-flow speed.
    pub speed_factor: Ppm,
    /// Money.
    pub rates: Rates,
    /// Time at the dock per stop, whatever the load.
    pub dwell_fixed: Millis,
    /// Unload time per piece.
    pub unload_per_piece: Millis,
    /// Hours a vehicle is in use per day: a trip bears its share of the vehicle-day by its duration.
    pub day: Millis,
}

impl VehicleClass {
    /// Pieces a trip can carry: `min(cube × fill / mean piece cube, payload / mean piece weight)`, rounded down.
    ///
    /// `mean_*` are per piece in thousandths of a cubic foot and of a pound; both positive.
    #[must_use]
    pub fn pieces_per_trip(&self, mean_millicuft: u64, mean_millilb: u64) -> Pieces {
        let by_cube =
            u128::from(self.cube_millicuft) * u128::from(self.fill.0) / (1_000_000 * u128::from(mean_millicuft.max(1)));
        let by_weight = u128::from(self.payload_millilb) / u128::from(mean_millilb.max(1));
        Pieces(u32::try_from(by_cube.min(by_weight)).unwrap_or(u32::MAX))
    }
}
