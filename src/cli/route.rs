//! `ddu route`: one route of a vehicle class, on a scenario's map or on a map alone.

use super::args::{ReadingArgs, RouteArgs, ScenarioArgs};
use super::exit::Ending;
use super::scenario::{BRIEF, needs_map, open, show, verdict};
use super::target::{check_file, spare_files, spare_inputs};
use super::terminal::{Terminal, print_out};
use crate::artefact::write_atomically;
use crate::diagnostics::did_you_mean;
use crate::ids::VehicleIx;
use crate::lonlat::LonLat;
use crate::matrix::NoPath;
use crate::pipeline::{self, FoundRoute, ReadNetwork, RouteEnd, RouteJob};
use crate::report::{self, ReportError, RoutePlace, RouteReport};
use crate::scenario::{self, MapSettings, Scenario, SpeedFactors, Traffic, TurnCosts, VehicleClass, typed_point};
use std::path::PathBuf;

/// What a route is found with.
struct Basis {
    map: PathBuf,
    vehicles: Vec<VehicleClass>,
    turns: TurnCosts,
    snapping: MapSettings,
    scenario: Option<Scenario>,
}

/// An end as it was typed.
enum Place<'a> {
    Point(LonLat),
    Hub(&'a str),
    Ddu(&'a str),
}

pub(super) fn route(args: &RouteArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    let [from, to] = all([("--from", &args.from), ("--to", &args.to)].map(|(flag, text)| place(flag, text)))?;
    if let Some(output) = &args.output {
        check_file(output, args.force)?;
    }
    let basis = if is_scenario(args) { of_scenario(args, terminal)? } else { of_map(args, terminal)? };
    let [from, to] = all([("--from", from), ("--to", to)].map(|(flag, place)| locate(flag, &place, &basis)))?;
    let (class, vehicle) = class(&args.vehicle, &basis)?;
    let factors = factors(args.departure.as_deref(), &basis)?;
    let ReadNetwork { network, .. } = pipeline::read_network(&basis.map, terminal)?;
    let job = RouteJob {
        vehicle,
        class,
        closed_roads: basis.scenario.as_ref().map_or(&[], |scenario| &scenario.closed_roads),
        factors: &factors,
        turns: &basis.turns,
        map: &basis.snapping,
        from,
        to,
    };
    let found = pipeline::route(&network, &job, terminal)?;
    for note in &found.notes {
        let flag = if note.end == RouteEnd::From { "--from" } else { "--to" };
        terminal.complain(&format!("{}[{}] {flag}: {}", note.code.severity().word(), note.code.id(), note.message));
    }
    let FoundRoute { from: Ok(from_snap), to: Ok(to_snap), route: Ok(route), .. } = &found else {
        return Err(match found.route {
            Err(reason) => Ending::InvalidInput(refusal(&vehicle.name, reason)),
            Ok(_) => Ending::Bug("a route from or to a point without road".to_owned()),
        });
    };
    let report = RouteReport {
        vehicle: &vehicle.name,
        from: RoutePlace { name: &args.from, at: from, snap: from_snap },
        to: RoutePlace { name: &args.to, at: to, snap: to_snap },
        network: &network,
        route,
    };
    terminal.say(&report::route_summary(&report));
    write(args, &report, terminal)
}

fn write(args: &RouteArgs, report: &RouteReport<'_>, terminal: &Terminal) -> Result<Ending, Ending> {
    let Some(output) = &args.output else { return Ok(Ending::Done) };
    let unwritable = |e: ReportError| Ending::Usage(format!("--output {}: {e}", output.display()));
    if output.as_os_str() == "-" {
        let mut text = Vec::new();
        report::write_route_geojson(&mut text, report).map_err(unwritable)?;
        return Ok(print_out(&text));
    }
    write_atomically(output, |out| report::write_route_geojson(out, report)).map_err(unwritable)?;
    terminal.say(&format!("written to {}", output.display()));
    Ok(Ending::Done)
}

/// Both values, or what is wrong with both.
fn all<T>([a, b]: [Result<T, String>; 2]) -> Result<[T; 2], Ending> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok([a, b]),
        (a, b) => {
            let wrong: Vec<String> = [a.err(), b.err()].into_iter().flatten().collect();
            Err(Ending::Usage(wrong.join("\nerror: ")))
        }
    }
}

fn is_scenario(args: &RouteArgs) -> bool {
    args.input.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"))
}

fn of_scenario(args: &RouteArgs, terminal: &Terminal) -> Result<Basis, Ending> {
    if args.vehicles.is_some() {
        return Err(Ending::Usage("--vehicles goes with a map alone; the scenario names its vehicle file".to_owned()));
    }
    let input = args.input.clone();
    let reading = ScenarioArgs {
        scenario: input,
        reading: ReadingArgs { lenient: args.lenient, rejects: None, print_config: false },
    };
    let scenario = open(&reading, false, BRIEF, terminal)?.scenario;
    if let Some(output) = &args.output {
        spare_inputs(&args.input, &scenario.inputs, output)?;
    }
    Ok(Basis {
        map: scenario.hauls.map().ok_or_else(|| needs_map("route"))?.to_owned(),
        vehicles: scenario.vehicles.clone(),
        turns: scenario.settings.turns,
        snapping: scenario.settings.map,
        scenario: Some(scenario),
    })
}

fn of_map(args: &RouteArgs, terminal: &Terminal) -> Result<Basis, Ending> {
    let Some(vehicles) = &args.vehicles else {
        let shown = args.input.display();
        let text = format!("{shown} is a map, not a scenario (.toml): name the vehicle file too, with --vehicles FILE");
        return Err(Ending::Usage(text));
    };
    if let Some(output) = &args.output {
        spare_files([args.input.clone(), vehicles.clone()].into_iter(), output)?;
    }
    let (classes, findings) = scenario::load_vehicles(vehicles);
    show(&findings, BRIEF, terminal);
    Ok(Basis {
        map: args.input.clone(),
        vehicles: classes.ok_or_else(|| Ending::InvalidInput(verdict(&findings, true)))?,
        turns: TurnCosts::default(),
        snapping: MapSettings::default(),
        scenario: None,
    })
}

/// Reads an end as far as that goes without a scenario.
fn place<'a>(flag: &str, text: &'a str) -> Result<Place<'a>, String> {
    if let Some(id) = text.strip_prefix("hub:") {
        return Ok(Place::Hub(id));
    }
    if let Some(id) = text.strip_prefix("ddu:") {
        return Ok(Place::Ddu(id));
    }
    typed_point(text).map(Place::Point).map_err(|wrong| format!("{flag}: {wrong}"))
}

/// Where an end is.
fn locate(flag: &str, place: &Place<'_>, basis: &Basis) -> Result<LonLat, String> {
    let (what, id) = match place {
        Place::Point(at) => return Ok(*at),
        Place::Hub(id) => ("hub", *id),
        Place::Ddu(id) => ("ddu", *id),
    };
    let Some(scenario) = &basis.scenario else {
        return Err(format!("{flag} {what}:{id}: a map alone knows no {what}; name a scenario, or write LAT,LON"));
    };
    let named: Vec<(&str, LonLat)> = match place {
        Place::Hub(_) => scenario.hubs.iter().map(|hub| (hub.id.as_str(), hub.at)).collect(),
        _ => scenario.ddus.iter().map(|ddu| (ddu.id.as_str(), ddu.at)).collect(),
    };
    let found = named.iter().find(|(name, _)| *name == id).map(|(_, at)| *at);
    found.ok_or_else(|| unknown(&format!("{flag} {what}:{id}"), "the scenario's table", id, named.iter().map(|n| n.0)))
}

fn class<'a>(name: &str, basis: &'a Basis) -> Result<(VehicleIx, &'a VehicleClass), Ending> {
    let names = basis.vehicles.iter().map(|class| class.name.as_str());
    let found = basis.vehicles.iter().enumerate().find(|(_, class)| class.name == name);
    let found = found.map(|(i, class)| (VehicleIx::from_index(i), class));
    found.ok_or_else(|| Ending::Usage(unknown(&format!("--vehicle {name}"), "the vehicle file", name, names)))
}

/// Speeds in a departure window of the scenario.
fn factors(window: Option<&str>, basis: &Basis) -> Result<SpeedFactors, Ending> {
    let Some(name) = window else { return Ok(Traffic::FREE) };
    let Some(scenario) = &basis.scenario else {
        let text = format!("--departure {name}: a map alone has no departure windows; name a scenario");
        return Err(Ending::Usage(text));
    };
    let traffic = &scenario.settings.traffic;
    let names = traffic.departures().map(|departure| traffic.name(departure));
    let found = traffic.departures().find(|departure| traffic.name(*departure) == name);
    let departure = found
        .ok_or_else(|| Ending::Usage(unknown(&format!("--departure {name}"), "the scenario's windows", name, names)))?;
    Ok(traffic.factors(departure))
}

fn unknown<'n>(typed: &str, place: &str, name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    const SHOWN: usize = 5;
    let help = did_you_mean(name, known.clone()).map_or_else(
        || {
            let more = if known.clone().nth(SHOWN).is_some() { ", …" } else { "" };
            let some: Vec<&str> = known.clone().take(SHOWN).collect();
            format!("it holds {}{more}", some.join(", "))
        },
        |near| format!("did you mean `{near}`?"),
    );
    format!("{typed}: not in {place}; {help}")
}

/// Why there is no route, in the word of the matrix, and what may help.
fn refusal(vehicle: &str, reason: NoPath) -> String {
    let flag = |start| if start { "--from" } else { "--to" };
    let (end, help) = match reason {
        NoPath::OutsideMap { at_hub } => (flag(at_hub), "correct the point, or use a larger extract"),
        NoPath::NoRoadWithinLimit { at_hub } => (flag(at_hub), "correct the point, or raise map.snap_limit_m"),
        NoPath::VehicleNotAllowed { at_hub } => (flag(at_hub), "choose another vehicle class, or another point"),
        NoPath::IsolatedComponent { at_hub, .. } => {
            (flag(at_hub), "the road there has no link to the rest; use a larger extract if the map is cut here")
        }
        NoPath::Unreachable => ("between --from and --to", "no permitted way leads there; choose another class"),
    };
    format!("no route for {vehicle}: {}, {end}; {help}", reason.word())
}
