//! `ddu serve`: what is to be served is opened, then the server runs until Ctrl-C.

use super::args::{ReadingArgs, ScenarioArgs};
use super::exit::Ending;
use super::scenario::{BRIEF, Opened, open, show, verdict};
use super::terminal::Terminal;
use crate::hierarchy::RoadHierarchyError;
use crate::pipeline::{self, RunError};
use crate::progress::Progress;
use crate::scenario::{self, MapSettings, Traffic, TurnCosts};
use crate::serve::{self, Log, Options, RequestLine, RunInputs, ServedAuction, ServedMap, Subject};
use clap::Args;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// `serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// A scenario (.toml), the folder of a finished run, or a map alone (.roads or .osm.pbf), which needs --vehicles
    pub(super) input: PathBuf,
    /// Address and port to listen on; port 0 takes a free one. There is neither password nor encryption: beyond this machine,
    /// put a proxy before it
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(super) bind: SocketAddr,
    /// Vehicle file of a map alone; turn costs and snap limits are then the defaults
    #[arg(long, value_name = "FILE")]
    pub(super) vehicles: Option<PathBuf>,
    /// The scenario that a finished run was made from [default: the one its manifest names, relative to the current folder]
    #[arg(long, value_name = "FILE")]
    pub(super) scenario: Option<PathBuf>,
    /// Set rows of the scenario's tables with errors aside
    #[arg(long)]
    pub(super) lenient: bool,
    /// Largest body of a request, MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=4_096))]
    pub(super) max_body_mib: u32,
    /// Most coordinates of a route or table
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub(super) max_coordinates: u32,
    /// Most cells of a posted matrix: hubs x units x classes x departures
    #[arg(long, value_name = "N", default_value_t = 20_000_000)]
    pub(super) max_cells: u64,
    /// Jobs that run at once
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(super) jobs: u16,
    /// Jobs that may wait
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub(super) max_waiting_jobs: u16,
    /// Seconds for the body of a request to arrive, and as many again for its answer
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(super) request_seconds: u32,
    /// Seconds for a job; an award then ends with the best found so far
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600, value_parser = clap::value_parser!(u32).range(1..=31_536_000))]
    pub(super) job_seconds: u32,
    /// Open connections; more wait
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub(super) max_connections: u32,
}

pub(super) fn serve(args: &ServeArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    let unusable = |e: std::io::Error| Ending::Usage(format!("--bind {}: {e}", args.bind));
    let listener = TcpListener::bind(args.bind).map_err(unusable)?;
    let subject = subject(args, terminal)?;
    if terminal.cancelled() {
        return Err(Ending::Interrupted);
    }
    terminal.serves();
    serve::serve(&subject, listener, &options(args), terminal, terminal)
        .map_err(|error| Ending::Usage(error.to_string()))?;
    Ok(Ending::Done)
}

fn options(args: &ServeArgs) -> Options {
    let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    Options {
        body_bytes: size(args.max_body_mib).saturating_mul(1 << 20),
        coordinates: size(args.max_coordinates),
        cells: args.max_cells,
        jobs: usize::from(args.jobs),
        waiting_jobs: usize::from(args.max_waiting_jobs),
        request_time: Duration::from_secs(args.request_seconds.into()),
        job_time: Duration::from_secs(args.job_seconds.into()),
        connections: size(args.max_connections),
    }
}

fn subject(args: &ServeArgs, terminal: &Terminal) -> Result<Subject, Ending> {
    let scenario = args.input.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    if (args.input.is_dir() || scenario) && args.vehicles.is_some() {
        return Err(Ending::Usage("--vehicles goes with a map alone; the scenario names its vehicle file".to_owned()));
    }
    if args.input.is_dir() {
        return of_folder(args, terminal);
    }
    if args.scenario.is_some() {
        return Err(Ending::Usage("--scenario goes with the folder of a finished run".to_owned()));
    }
    if scenario { of_scenario(&args.input, args.lenient, None, terminal) } else { of_map(args, terminal) }
}

fn of_map(args: &ServeArgs, terminal: &Terminal) -> Result<Subject, Ending> {
    let Some(vehicle_file) = &args.vehicles else {
        let shown = args.input.display();
        let text = format!("{shown} is a map, not a scenario (.toml): name the vehicle file too, with --vehicles FILE");
        return Err(Ending::Usage(text));
    };
    let (classes, findings) = scenario::load_vehicles(vehicle_file);
    show(&findings, BRIEF, terminal);
    let vehicles = classes.ok_or_else(|| Ending::InvalidInput(verdict(&findings, true)))?;
    let mut read = pipeline::read_network(&args.input, terminal)?;
    if read.hierarchy.is_none() {
        read.hierarchy = Some(pipeline::build_hierarchy(&read.network, terminal).map_err(too_large)?);
    }
    Ok(Subject::Map(Box::new(ServedMap {
        map: args.input.clone(),
        read,
        vehicle_file: vehicle_file.clone(),
        vehicles,
        traffic: Traffic::default(),
        turns: TurnCosts::default(),
        snapping: MapSettings::default(),
    })))
}

fn of_scenario(file: &Path, lenient: bool, run: Option<PathBuf>, terminal: &Terminal) -> Result<Subject, Ending> {
    let reading = ReadingArgs { lenient, rejects: None, print_config: false };
    let asked = ScenarioArgs { scenario: file.to_owned(), reading };
    let Opened { scenario, mut region, findings } = open(&asked, true, BRIEF, terminal)?;
    if let Some(region) = region.as_mut().filter(|region| region.hierarchy.is_none()) {
        region.hierarchy = Some(pipeline::build_hierarchy(&region.network, terminal).map_err(too_large)?);
    }
    let file = file.to_owned();
    Ok(Subject::Auction(Box::new(ServedAuction { file, scenario, region, findings, lenient, run })))
}

fn too_large(error: RoadHierarchyError) -> Ending {
    RunError::from(error).into()
}

/// A finished run with its scenario, if that is still what the run read.
fn of_folder(args: &ServeArgs, terminal: &Terminal) -> Result<Subject, Ending> {
    let folder = &args.input;
    let inputs = RunInputs::of(folder).map_err(Ending::Usage)?;
    let file = args.scenario.as_ref().unwrap_or(&inputs.scenario);
    let page = |why: String| Ok(Subject::Page { folder: folder.clone(), why });
    if !file.is_file() {
        return page(format!("there is no file {}; name the scenario with --scenario FILE", file.display()));
    }
    // Rows that the run set aside are set aside again; there are none if it was not lenient.
    match of_scenario(file, true, Some(folder.clone()), terminal) {
        Ok(subject) => match subject.auction().and_then(|auction| inputs.changed(&auction.scenario)) {
            Some(role) => page(format!("the {role} of {} changed since the run", file.display())),
            None => Ok(subject),
        },
        Err(Ending::Interrupted) => Err(Ending::Interrupted),
        Err(ending) => {
            let text = ending.text().unwrap_or_default();
            page(format!("{} cannot be used: {}", file.display(), text.trim_start_matches("error: ")))
        }
    }
}

impl Log for Terminal {
    fn listening(&self, address: &str) {
        self.say(&format!("listening on {address} (Ctrl-C stops)"));
    }

    fn request(&self, line: &RequestLine) {
        let millis = u64::try_from(line.took.as_millis()).unwrap_or(u64::MAX);
        if self.json() {
            self.say_request(&line.method, &line.route, line.status, millis);
        } else {
            self.say(&format!("{} {} {} {millis} ms", line.status, line.method, line.route));
        }
    }

    fn say(&self, text: &str) {
        Terminal::say(self, text);
    }
}
