//! Settings of `scenario.toml`, with every default in one place.

use super::policy::{MinimumWinners, SetAside};
use super::quote::QuoteSettings;
use super::routes::RouteSettings;
use super::traffic::Traffic;
use super::variant::Variant;
use crate::units::{ClockTime, MicroDollars, Millis, Ppm};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// All settings that change an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Name of the scenario, for reports.
    pub name: String,
    /// The operating day: selects effective rows and daylight-saving offsets.
    pub operating_date: Date,
    /// Seed of the draw that breaks remaining ties.
    pub seed: u64,
    /// Average parcel.
    pub parcel: Parcel,
    /// Map and snapping.
    pub map: MapSettings,
    /// Time lost in turns.
    pub turns: TurnCosts,
    /// Speeds by time of departure.
    pub traffic: Traffic,
    /// Injection cost.
    pub cost: CostSettings,
    /// Vehicle routes.
    pub routes: RouteSettings,
    /// Winner determination.
    pub award: AwardSettings,
    /// A carrier's quote.
    pub quote: QuoteSettings,
    /// How tables are read.
    pub data: DataSettings,
    /// What-if questions about all of it, as written.
    pub variants: Vec<Variant>,
}

/// The average parcel, from the shipper's own data; there is no default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Mean volume in thousandths of a cubic foot.
    pub mean_cube_millicuft: u64,
    /// Mean weight in thousandths of a pound.
    pub mean_weight_millilb: u64,
}

/// How points meet the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapSettings {
    /// Snap distance above which a point is warned about, metres.
    pub snap_warn_m: u32,
    /// Snap distance above which a point is rejected, metres.
    pub snap_limit_m: u32,
    /// A point nearest to an isolated road still uses the main network if that is at most this much farther, metres.
    pub island_tolerance_m: u32,
    /// Points nearer than this to the edge of the map are warned about, metres.
    pub border_buffer_m: u32,
}

impl Default for MapSettings {
    fn default() -> Self {
        Self { snap_warn_m: 100, snap_limit_m: 1_000, island_tolerance_m: 50, border_buffer_m: 2_000 }
    }
}

/// Time lost at junctions.
///
/// Defaults follow the order of magnitude of OSRM's public car profile (u-turn 20 s, traffic light 2 s, full turn
/// 7.5 s), with a right turn at half a left one because it crosses no oncoming traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnCosts {
    /// Right turn.
    pub right: Millis,
    /// Left turn.
    pub left: Millis,
    /// U-turn at a dead end.
    pub u_turn: Millis,
    /// Passing a traffic signal.
    pub signal: Millis,
    /// Passing a stop sign.
    pub stop: Millis,
}

impl Default for TurnCosts {
    fn default() -> Self {
        Self {
            right: Millis(3_750),
            left: Millis(7_500),
            u_turn: Millis(20_000),
            signal: Millis(2_000),
            stop: Millis(2_000),
        }
    }
}

impl TurnCosts {
    /// No turn costs anything: shortest paths by arcs alone.
    pub const FREE: Self =
        Self { right: Millis(0), left: Millis(0), u_turn: Millis(0), signal: Millis(0), stop: Millis(0) };
}

/// How a trip is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostSettings {
    /// Share of the empty return that is charged to the trip; default all of it.
    pub deadhead_share: Ppm,
    /// Vehicle classes that may be used, by name; empty is all.
    pub vehicles: Vec<String>,
    /// Volume for which `costs.csv` shows the cost per piece where there is no bid, pieces per day.
    pub planned_volume: u32,
}

impl Default for CostSettings {
    fn default() -> Self {
        Self { deadhead_share: Ppm::ONE, vehicles: Vec::new(), planned_volume: 500 }
    }
}

/// What is maximised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objective {
    /// Pieces × (dock price − attributable cost).
    #[default]
    Contribution,
    /// Pieces × dock price.
    Revenue,
    /// Contribution with injection cost deducted from every bid, whatever its basis.
    Surplus,
}

impl Objective {
    /// The word used in `scenario.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Contribution => "contribution",
            Self::Revenue => "revenue",
            Self::Surplus => "surplus",
        }
    }
}

/// What a share cap is a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShareBase {
    /// All pieces awarded.
    #[default]
    Awarded,
    /// All capacity offered.
    Capacity,
}

impl ShareBase {
    /// The word used in `scenario.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Awarded => "awarded",
            Self::Capacity => "capacity",
        }
    }
}

/// Published criteria that decide between awards of equal objective, in the order given, before the draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// Awards with more different winners first.
    MoreBidders,
    /// Awards with fewer injection miles first.
    FewerMiles,
    /// Awards with earlier tender times first.
    EarlierTender,
}

impl Criterion {
    /// All criteria.
    pub const ALL: [Self; 3] = [Self::MoreBidders, Self::FewerMiles, Self::EarlierTender];

    /// The word used in `scenario.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::MoreBidders => "more_bidders",
            Self::FewerMiles => "fewer_miles",
            Self::EarlierTender => "earlier_tender",
        }
    }
}

/// Payments that are worked out beside the bids. Bidders pay what they bid; these are diagnostics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PaymentRule {
    /// None.
    #[default]
    None,
    /// Vickrey, Clarke and Groves: a winner's bid less what its presence adds to the objective.
    Vcg,
    /// Those, and the core payments of least revenue nearest to them.
    Core,
}

impl PaymentRule {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Vcg, Self::Core];

    /// The word used in `scenario.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Vcg => "vcg",
            Self::Core => "core",
        }
    }
}

/// Winner determination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardSettings {
    /// What is maximised.
    pub objective: Objective,
    /// Largest share of volume a bidder (with its affiliates) may win; `None` is no cap.
    pub share_cap: Option<Ppm>,
    /// What the share is taken of.
    pub share_base: ShareBase,
    /// How many different bidders must win.
    pub minimum_winners: Vec<MinimumWinners>,
    /// Shares set aside for classes of bidders.
    pub set_asides: Vec<SetAside>,
    /// Length of a dock window; `dock_slots` counts awards per window. `None`: one window, from opening to closing.
    pub dock_window: Option<Millis>,
    /// Bidder's alternative to injection, per piece all-in: an award that costs it more is flagged as not viable.
    pub alternative_rate: Option<MicroDollars>,
    /// Tie-break criteria.
    pub criteria: Vec<Criterion>,
    /// Whether losing bids are told a price at which they would have won.
    pub winning_levels: bool,
    /// Winning levels are rounded up to a multiple of this, so that rivals' prices cannot be read from them.
    pub winning_level_step: MicroDollars,
    /// Payments that are worked out as diagnostics.
    pub payments: PaymentRule,
    /// So many of the largest winners are taken out one after the other, to see what is lost and who steps in.
    pub drop_outs: u32,
    /// Whether discounts of packages are set against the routing savings that explain them.
    pub synergies: bool,
    /// Share of the bound by which an award may fall short of it and still be called optimal. At 0 every component is
    /// proven to the micro-dollar and all equal awards are told apart by the criteria and the draw; above 0 large
    /// components stop once within it, and equal awards are told apart unit by unit.
    pub gap_tolerance: Ppm,
    /// Branch-and-bound nodes the solver may open; reaching it ends with exit code 5. `None` is no limit.
    pub node_limit: Option<u32>,
    /// Seconds the solver may take. Makes a run irreproducible, and the result says so.
    pub time_limit_s: Option<u32>,
}

impl Default for AwardSettings {
    fn default() -> Self {
        Self {
            objective: Objective::default(),
            share_cap: None,
            share_base: ShareBase::default(),
            minimum_winners: Vec::new(),
            set_asides: Vec::new(),
            dock_window: None,
            alternative_rate: None,
            criteria: Vec::new(),
            winning_levels: true,
            winning_level_step: MicroDollars(10_000),
            payments: PaymentRule::default(),
            drop_outs: 0,
            synergies: false,
            gap_tolerance: Ppm(100),
            node_limit: None,
            time_limit_s: None,
        }
    }
}

/// What happens to rows whose point lies outside the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutsideMap {
    /// Each is an error.
    #[default]
    Reject,
    /// They are left out and counted: for national tables with a regional extract.
    Drop,
}

impl OutsideMap {
    /// The word used in `scenario.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Drop => "drop",
        }
    }
}

/// What happens to rows that repeat another to the letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Each repetition is an error.
    #[default]
    Reject,
    /// One is kept, the others are logged as repairs.
    Collapse,
}

impl Duplicates {
    /// The word used in `scenario.toml`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Collapse => "collapse",
        }
    }
}

/// How tables are read, and what fills absent optional columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSettings {
    /// Rows outside the map.
    pub outside_map: OutsideMap,
    /// Identical rows.
    pub duplicates: Duplicates,
    /// Operating days a week, to turn `pieces_per_week` into pieces per day (minimum rounded up, maximum down, logged).
    pub operating_days_per_week: u32,
    /// Where `release_time` is absent.
    pub default_release: ClockTime,
    /// Where `dock_open` is absent.
    pub default_dock_open: ClockTime,
    /// Where `dock_close` is absent.
    pub default_dock_close: ClockTime,
    /// Where `cet_same_day` is absent as a column.
    pub default_cet_same_day: ClockTime,
    /// Where `cet_next_day` is absent as a column.
    pub default_cet_next_day: ClockTime,
    /// Where `capacity_pieces` of a unit is absent as a column.
    pub default_capacity: u32,
    /// Where `attributable_cost` is absent as a column.
    pub default_attributable_cost: MicroDollars,
    /// Zone of rows that name neither a time zone nor a state with one; `None` makes them errors.
    pub default_timezone: Option<TimeZone>,
}

impl Default for DataSettings {
    fn default() -> Self {
        Self {
            outside_map: OutsideMap::default(),
            duplicates: Duplicates::default(),
            operating_days_per_week: 6,
            default_release: ClockTime(3 * 60),
            default_dock_open: ClockTime(4 * 60),
            default_dock_close: ClockTime(20 * 60),
            default_cet_same_day: ClockTime(8 * 60),
            default_cet_next_day: ClockTime(17 * 60),
            default_capacity: 2_000,
            default_attributable_cost: MicroDollars::ZERO,
            default_timezone: None,
        }
    }
}
