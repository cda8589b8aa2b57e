//! `scenario.toml`: settings and the names of the other files.

use super::policy::{Policies, PolicyNames, policy};
use super::quote::quote;
use super::routes::routes;
use super::traffic::traffic;
use super::variants::variants;
use crate::diagnostics::Code;
use crate::scenario::doc::{
    Doc, Section, boolean, choice, clock, date, decimal, integer, minutes, money, positive, seconds, share, text, texts,
};
use crate::scenario::rules::{Finding, Zones};
use crate::scenario::table::TableSpec;
use crate::scenario::{
    AwardSettings, CostSettings, Criterion, DataSettings, Duplicates, MapSettings, Objective, OutsideMap, Parcel,
    PaymentRule, Settings, ShareBase, TurnCosts,
};
use crate::units::{MicroDollars, Millis};
use jiff::civil::Date;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::DeValue;

/// The files that a scenario names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) map: Option<PathBuf>,
    pub(crate) costs: Option<TableSpec>,
    pub(crate) vehicles: Option<PathBuf>,
    pub(crate) hubs: Option<TableSpec>,
    pub(crate) ddus: Option<TableSpec>,
    pub(crate) bidders: Option<TableSpec>,
    pub(crate) bids: Option<TableSpec>,
    pub(crate) closed_roads: Option<TableSpec>,
    pub(crate) overrides: Option<TableSpec>,
    /// Rules that name units, regions and classes, to be looked up in the tables.
    pub(crate) policies: Policies,
    /// Bytes of `cost.vehicles`, to report classes that do not exist.
    pub(crate) vehicle_names: Option<Range<usize>>,
    pub(crate) volumes: Option<TableSpec>,
    pub(crate) rates: Option<TableSpec>,
    /// Bytes of each entry of `quote.fleet`, in their order, and of `quote.shipper`.
    pub(crate) fleet: Vec<Range<usize>>,
    pub(crate) shipper: Option<Range<usize>>,
}

/// Reads everything of a scenario file. Wrong settings are reported and replaced by defaults, so that the tables can
/// be checked in the same pass.
pub(crate) fn scenario_file(doc: &Doc<'_>, folder: &Path, zones: &mut Zones) -> (Settings, Inputs) {
    let table = doc.parse();
    let root = Section::root(doc, &table);
    let (mut inputs, outside_map) = inputs(root.section("inputs"), folder);
    inputs.vehicle_names = root.section("cost").value("vehicles").map(|(_, at)| at);
    let scenario = root.section("scenario");
    let (award, policy) = award(root.section("award"));
    let (variants, policies) = variants(&root, &award, inputs.costs.is_some());
    inputs.policies = Policies { base: policy, variants: policies };
    let section = root.section("quote");
    inputs.shipper = section.value("shipper").map(|(_, at)| at);
    let (quote, fleet) = quote(section);
    inputs.fleet = fleet;
    let settings = Settings {
        name: scenario.or("name", "scenario".to_owned(), text),
        operating_date: scenario.required("operating_date", date).unwrap_or(Date::ZERO),
        seed: scenario.or("seed", 0, integer(0..=u64::MAX >> 1)),
        parcel: parcel(root.section("parcel")),
        map: map(root.section("map")),
        turns: turns(root.section("turns")),
        traffic: traffic(&root),
        cost: cost(root.section("cost")),
        routes: routes(root.section("routes")),
        award,
        quote,
        data: data(root.section("data"), outside_map, zones),
        variants,
    };
    scenario.finish();
    root.finish();
    (settings, inputs)
}

fn inputs(section: Section<'_, '_>, folder: &Path) -> (Inputs, OutsideMap) {
    let outside = section.or(
        "outside_map",
        OutsideMap::default(),
        choice(&[(OutsideMap::Reject.word(), OutsideMap::Reject), (OutsideMap::Drop.word(), OutsideMap::Drop)]),
    );
    let map = section.optional("map", text).map(PathBuf::from);
    let vehicles = section.required("vehicles", text).map(PathBuf::from);
    let table = |key, needed| table_spec(&section, key, needed, folder);
    let inputs = Inputs {
        map,
        costs: table("costs", false),
        hubs: table("hubs", true),
        ddus: table("ddus", true),
        vehicles,
        bidders: table("bidders", false),
        bids: table("bids", false),
        closed_roads: table("closed_roads", false),
        overrides: table("overrides", false),
        volumes: table("volumes", false),
        rates: table("rates", false),
        ..Inputs::default()
    };
    if let (Some(_), None, Some((_, at))) = (&inputs.bids, section.value("bidders"), section.value("bids")) {
        section.report("bidders", at, Finding::plain(Code::BiddersMissing, "`inputs.bids` needs `inputs.bidders`"));
    }
    if let (Some(_), None, Some((_, at))) = (&inputs.overrides, section.value("bids"), section.value("overrides")) {
        section.report("bids", at, Finding::plain(Code::BiddersMissing, "`inputs.overrides` needs `inputs.bids`"));
    }
    match (section.value("map"), section.value("costs")) {
        (None, None) => {
            section.report_missing("map", Finding::plain(Code::MapOrCosts, "neither `map` nor `costs` is given"))
        }
        (Some(_), Some((_, at))) => {
            section.report("costs", at, Finding::plain(Code::MapOrCosts, "both `map` and `costs` are given"));
        }
        _ => {}
    }
    section.finish();
    (inputs, outside)
}

/// A table's path, or `{ path = "…", columns = { ours = "theirs" }, ignore = ["theirs"] }`.
fn table_spec(section: &Section<'_, '_>, key: &'static str, needed: bool, folder: &Path) -> Option<TableSpec> {
    let spec = |shown: String| TableSpec { path: folder.join(&shown), shown: shown.into(), ..TableSpec::default() };
    match section.value(key) {
        Some((value @ DeValue::Table(_), at)) => {
            let table = section.as_section(key, value, at)?;
            let shown = table.required("path", text);
            let columns = table.section("columns");
            let headers = columns.entries().into_iter().filter_map(|(name, _, value, at)| match text(value) {
                Ok(header) => Some((name.to_owned(), header)),
                Err(finding) => {
                    columns.report(name, at, finding);
                    None
                }
            });
            let headers = headers.collect();
            known_columns(key, &columns);
            let ignore = table.or("ignore", Vec::new(), texts);
            table.finish();
            Some(TableSpec { headers, ignore, ..spec(shown?) })
        }
        None if !needed => None,
        _ => section.required(key, text).map(spec),
    }
}

/// Only columns that the table may have can be renamed.
fn known_columns(key: &str, columns: &Section<'_, '_>) {
    let known = match key {
        "hubs" => super::hubs::columns(),
        "ddus" => super::ddus::columns(),
        "bidders" => super::bidders::columns(),
        "closed_roads" => super::closed_roads::columns(),
        "costs" => super::costs::columns(),
        "overrides" => super::overrides::columns(),
        "volumes" => super::volumes::columns(),
        "rates" => super::rates::columns(),
        _ => super::bids::columns(),
    };
    for (name, at, _, _) in columns.entries() {
        if !known.iter().any(|c| c.name == name) {
            let near = crate::diagnostics::did_you_mean(name, known.iter().map(|c| c.name));
            let help = near.map_or_else(
                || "columns are listed in docs/formats.md".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("the table has no column `{name}` that could be mapped");
            columns.report(name, at, Finding::new(Code::UnknownSetting, message, help));
        }
    }
}

fn parcel(section: Section<'_, '_>) -> Parcel {
    let parcel = Parcel {
        mean_cube_millicuft: section.required("mean_cube_cuft", positive(1_000)).unwrap_or(1),
        mean_weight_millilb: section.required("mean_weight_lb", positive(10_000)).unwrap_or(1),
    };
    section.finish();
    parcel
}

fn map(section: Section<'_, '_>) -> MapSettings {
    let d = MapSettings::default();
    let limit = section.or("snap_limit_m", d.snap_limit_m, integer(1..=100_000));
    let map = MapSettings {
        snap_warn_m: section.or("snap_warn_m", d.snap_warn_m.min(limit), integer(0..=limit)),
        snap_limit_m: limit,
        island_tolerance_m: section.or("island_tolerance_m", d.island_tolerance_m, integer(0..=100_000)),
        border_buffer_m: section.or("border_buffer_m", d.border_buffer_m, integer(0..=1_000_000)),
    };
    section.finish();
    map
}

fn turns(section: Section<'_, '_>) -> TurnCosts {
    let d = TurnCosts::default();
    let turns = TurnCosts {
        right: section.or("right_s", d.right, seconds),
        left: section.or("left_s", d.left, seconds),
        u_turn: section.or("u_turn_s", d.u_turn, seconds),
        signal: section.or("signal_s", d.signal, seconds),
        stop: section.or("stop_s", d.stop, seconds),
    };
    section.finish();
    turns
}

fn cost(section: Section<'_, '_>) -> CostSettings {
    let d = CostSettings::default();
    let cost = CostSettings {
        deadhead_share: section.or("deadhead_share", d.deadhead_share, share(0, 1_000_000)),
        vehicles: section.or("vehicles", d.vehicles, texts),
        planned_volume: section.or("planned_volume", d.planned_volume, integer(1..=10_000_000)),
    };
    section.finish();
    cost
}

fn award(section: Section<'_, '_>) -> (AwardSettings, PolicyNames) {
    let d = AwardSettings::default();
    let step = |value: &DeValue<'_>| decimal(6, 1..=1_000_000_000)(value).map(MicroDollars);
    let award = AwardSettings {
        winning_levels: section.or("winning_levels", d.winning_levels, boolean),
        winning_level_step: section.or("winning_level_step", d.winning_level_step, step),
        payments: section.or("payments", d.payments, choice(&PaymentRule::ALL.map(|p| (p.word(), p)))),
        drop_outs: section.or("drop_outs", d.drop_outs, integer(0..=1_000)),
        synergies: section.or("synergies", d.synergies, boolean),
        ..award_policy(&section, d)
    };
    let policy = policy(&section, "award");
    section.finish();
    (award, policy)
}

/// The settings that decide who wins, of `[award]` or of a variant; what is not given is as in `d`.
pub(super) fn award_policy(section: &Section<'_, '_>, d: AwardSettings) -> AwardSettings {
    let objectives = [Objective::Contribution, Objective::Revenue, Objective::Surplus].map(|o| (o.word(), o));
    let bases = [ShareBase::Awarded, ShareBase::Capacity].map(|b| (b.word(), b));
    let window = |value: &DeValue<'_>| match minutes(value)? {
        Millis(0) => Err(Finding::new(Code::SettingOutOfRange, "is zero", "leave it out for one window a day")),
        length => Ok(length),
    };
    AwardSettings {
        objective: section.or("objective", d.objective, choice(&objectives)),
        share_cap: section.optional("share_cap", share(1, 1_000_000)).or(d.share_cap),
        share_base: section.or("share_base", d.share_base, choice(&bases)),
        dock_window: section.optional("dock_window_min", window).or(d.dock_window),
        alternative_rate: section.optional("alternative_rate", money).or(d.alternative_rate),
        criteria: section.optional("criteria", criteria).unwrap_or(d.criteria),
        gap_tolerance: section.or("gap_tolerance", d.gap_tolerance, share(0, 100_000)),
        node_limit: section.optional("node_limit", integer(0..=i32::MAX.unsigned_abs())).or(d.node_limit),
        time_limit_s: section.optional("time_limit_s", integer(1..=31_536_000)).or(d.time_limit_s),
        ..d
    }
}

fn criteria(value: &DeValue<'_>) -> Result<Vec<Criterion>, Finding> {
    let words = Criterion::ALL.map(|c| (c.word(), c));
    let DeValue::Array(items) = value else { return texts(value).map(|_| Vec::new()) };
    let mut all = Vec::new();
    for item in items.iter() {
        let criterion = choice(&words)(item.get_ref())?;
        if all.contains(&criterion) {
            let message = format!("names \"{}\" twice", criterion.word());
            return Err(Finding::new(Code::SettingOutOfRange, message, "name each criterion once"));
        }
        all.push(criterion);
    }
    Ok(all)
}

fn data(section: Section<'_, '_>, outside_map: OutsideMap, zones: &mut Zones) -> DataSettings {
    let d = DataSettings::default();
    let policies = [Duplicates::Reject, Duplicates::Collapse].map(|p| (p.word(), p));
    let zone = |value: &DeValue<'_>| {
        let name = text(value)?;
        zones
            .named(&name)
            .map(|reading| reading.value)
            .map_err(|f| Finding::new(Code::UnknownWord, format!("has the unknown time zone \"{name}\""), f.help))
    };
    let data = DataSettings {
        outside_map,
        duplicates: section.or("duplicates", d.duplicates, choice(&policies)),
        operating_days_per_week: section.or("operating_days_per_week", d.operating_days_per_week, integer(1..=7)),
        default_release: section.or("default_release", d.default_release, clock),
        default_dock_open: section.or("default_dock_open", d.default_dock_open, clock),
        default_dock_close: section.or("default_dock_close", d.default_dock_close, clock),
        default_cet_same_day: section.or("default_cet_same_day", d.default_cet_same_day, clock),
        default_cet_next_day: section.or("default_cet_next_day", d.default_cet_next_day, clock),
        default_capacity: section.or("default_capacity", d.default_capacity, integer(0..=10_000_000)),
        default_attributable_cost: section.or("default_attributable_cost", d.default_attributable_cost, money),
        default_timezone: section.optional("default_timezone", zone),
    };
    if data.default_dock_open >= data.default_dock_close {
        let key =
            if section.value("default_dock_close").is_some() { "default_dock_close" } else { "default_dock_open" };
        if let Some((_, at)) = section.value(key) {
            let message = format!("the dock would close at {} before it opens", data.default_dock_close);
            section.report(key, at, Finding::new(Code::SettingOutOfRange, message, Code::EmptyDockWindow.action()));
        }
    }
    section.finish();
    data
}
