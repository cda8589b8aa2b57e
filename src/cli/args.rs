//! What can be typed. Flags hold only what does not change an answer; the rest is in the scenario.

use super::batch::BatchArgs;
use super::carrier_args::{DdusArgs, QuoteArgs};
use super::merge::MergeArgs;
use super::serve::ServeArgs;
use crate::batch::Shard;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

/// Last-mile injection routing and DDU award: what it costs to bring parcels to each delivery unit, and which bids win.
#[derive(Debug, Parser)]
#[command(name = "ddu", version, propagate_version = true, max_term_width = 110)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// Worker threads; results are the same for any number [default: all cores]
    #[arg(long, global = true, env = "DDU_THREADS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Say only what is wrong
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// How progress and findings are written to standard error
    #[arg(long, global = true, value_enum, default_value = "text", env = "DDU_LOG_FORMAT")]
    pub(super) log_format: LogFormat,
    /// End when standard input closes; so do the runs of a batch when the batch is gone
    #[arg(long, global = true, hide = true)]
    pub(super) stop_with_stdin: bool,
}

/// Shape of progress lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// One line a stage.
    Text,
    /// One JSON object a line.
    Json,
}

/// Format of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// For people and spreadsheets.
    Csv,
    /// For programs.
    Parquet,
}

/// The stages.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Do everything: from the scenario's map and tables to awards and reports
    Run(RunArgs),
    /// Run many regions, each in a process of its own; goes on where an earlier batch was stopped
    Batch(BatchArgs),
    /// Check a scenario: every finding in its files, nothing else
    Check(CheckArgs),
    /// Read a map once and keep its road network in one file
    Prepare(PrepareArgs),
    /// Write the matrix: money, metres, seconds and tolls from every hub to every unit and back
    Matrix(StageArgs),
    /// Write the injection cost of every hub, unit and vehicle class
    Cost(StageArgs),
    /// Join the parts that --shard made into one file, or the runs of several regions into tables with the cheapest of all
    Merge(MergeArgs),
    /// Find one route: its legs, miles, minutes, tolls and money, equal to the matrix, and its line for maps
    Route(RouteArgs),
    /// Determine the winners and write the award's tables
    Award(AwardArgs),
    /// Find the vehicle routes that bring awarded or planned volumes to their units, and what each stop costs; or those of a
    /// benchmark instance, with its gap
    Routes(RoutesArgs),
    /// Work out a carrier's quote: what each unit costs to serve, from which hub, what to bid there, and which to bid together
    Quote(QuoteArgs),
    /// Candidates for delivery units from a map's post offices, joined with a table of facilities; or check such a table
    Ddus(DdusArgs),
    /// Make the page of a finished run again from its folder, with its routes if they are named
    Report(ReportArgs),
    /// Serve the report's page, routes and tables (as OSRM), and the stages as jobs over HTTP
    Serve(ServeArgs),
    /// Check a finished run from its files alone: every number, rule and reason is worked out again
    Verify(VerifyArgs),
    /// Make a believable region with tables and bids, or tables and bids for a real map
    Sample(SampleArgs),
    /// Print the completion script of a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// How a scenario is read.
#[derive(Debug, Args)]
pub(super) struct ScenarioArgs {
    /// The scenario file; names the map, the tables and every setting
    pub(super) scenario: PathBuf,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// What happens to what is read.
#[derive(Clone, Debug, Args)]
pub(super) struct ReadingArgs {
    /// Set rows with errors aside and go on with the rest
    #[arg(long)]
    pub(super) lenient: bool,
    /// Keep rejected rows, with the rules they break, in this CSV file
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
    /// Print the effective settings as TOML and stop
    #[arg(long)]
    pub(super) print_config: bool,
}

/// `run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    #[command(flatten)]
    pub(super) folder: FolderArgs,
}

/// `award`.
#[derive(Debug, Args)]
pub(super) struct AwardArgs {
    /// The scenario file; names the map, the tables and every setting
    pub(super) scenario: Option<PathBuf>,
    /// Instead of a scenario: an auction in CATS text format; its winning bids go to --output, a CSV file, or to standard
    /// output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "lenient", "rejects", "print_config", "format"])]
    pub(super) cats: Option<PathBuf>,
    /// Branch-and-bound nodes after which the search of a CATS auction ends with its bound
    #[arg(long, value_name = "N", requires = "cats")]
    pub(super) node_limit: Option<u32>,
    /// Seconds after which the search of a CATS auction ends with its bound; not reproducible
    #[arg(long, value_name = "SECONDS", requires = "cats")]
    pub(super) time_limit: Option<u32>,
    /// Payments of the winners of a CATS auction, as diagnostics beside what they bid; a scenario has award.payments
    #[arg(long, value_name = "RULE", value_enum, requires = "cats")]
    pub(super) payments: Option<Payments>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    #[command(flatten)]
    pub(super) folder: FolderArgs,
}

/// Which payments are worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Payments {
    /// Vickrey, Clarke and Groves.
    Vcg,
    /// Those, and the core payments of least revenue nearest to them.
    Core,
}

/// Where the results of a run go.
#[derive(Clone, Debug, Args)]
pub(super) struct FolderArgs {
    /// Folder for the results; made if absent [default: out]
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Format of the table of costs
    #[arg(long, value_enum, default_value = "csv")]
    pub(super) format: TableFormat,
    /// Write into a folder that holds other files than those of an earlier run
    #[arg(long)]
    pub(super) force: bool,
}

/// `matrix` and `cost`.
#[derive(Debug, Args)]
pub(super) struct StageArgs {
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    /// File to write, with --shard the folder of parts; costs: .csv, .parquet, or `-` for CSV on standard output; matrix: .parquet
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Make part I of N alone, of as many hubs as the others, into the folder --output (Parquet); `ddu merge` joins them
    #[arg(long, value_name = "I/N")]
    pub(super) shard: Option<Shard>,
    /// Replace the file if it exists
    #[arg(long)]
    pub(super) force: bool,
}

/// `route`.
#[derive(Debug, Args)]
pub(super) struct RouteArgs {
    /// A scenario (.toml), or a map alone (.osm.pbf or .roads), which needs --vehicles
    pub(super) input: PathBuf,
    /// Where it starts: LAT,LON in decimal degrees; of a scenario also hub:ID or ddu:ID
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    pub(super) from: String,
    /// Where it ends, in the same form
    #[arg(long, value_name = "PLACE", allow_hyphen_values = true)]
    pub(super) to: String,
    /// Vehicle class, by its name in the vehicle file
    #[arg(long, value_name = "NAME")]
    pub(super) vehicle: String,
    /// Departure window of the scenario, by its name [default: free_flow]
    #[arg(long, value_name = "NAME")]
    pub(super) departure: Option<String>,
    /// Vehicle file of a map alone; turn costs and snap limits are then the defaults
    #[arg(long, value_name = "FILE")]
    pub(super) vehicles: Option<PathBuf>,
    /// GeoJSON file to write, or `-` for standard output
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    pub(super) force: bool,
    /// Set rows of the scenario's tables with errors aside
    #[arg(long)]
    pub(super) lenient: bool,
}

/// `routes`.
#[derive(Debug, Args)]
pub(super) struct RoutesArgs {
    #[command(flatten)]
    pub(super) day: DayArgs,
    /// Instead of a scenario: a benchmark instance in Solomon's or VRPLIB's text format; a solution file beside it (.sol) gives the best known value
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenario", "award", "planned", "route_aware", "lenient", "rejects", "print_config"])]
    pub(super) instance: Option<PathBuf>,
    /// Best known value to compare with
    #[arg(long, value_name = "VALUE", requires = "instance")]
    pub(super) best_known: Option<String>,
    /// How distances are rounded [default: tenths where there are time windows, else nearest]
    #[arg(long, value_name = "RULE", value_enum, requires = "instance")]
    pub(super) rounding: Option<RoundingArg>,
    /// Iterations of the heuristic for an instance; a scenario has routes.iterations [default: 2,100 a stop; two runs take about 10 s of one core at 100 stops]
    #[arg(long, value_name = "N", requires = "instance")]
    pub(super) iterations: Option<u64>,
    /// Independent runs of the heuristic for an instance, of which the best counts; they go in parallel
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(super) runs: u32,
    /// Seed of the heuristic for an instance; a scenario has scenario.seed
    #[arg(long, default_value_t = 1)]
    pub(super) seed: u64,
    /// Prove the optimum of an instance, or bound it, by column generation (up to 255 stops)
    #[arg(long, requires = "instance")]
    pub(super) prove: bool,
    /// Folder for the results, made if absent [default: routes]; of an instance its solution file [default: standard output]
    #[arg(long, short, value_name = "PATH")]
    pub(super) output: Option<PathBuf>,
    /// Replace the file, or write into a folder that holds other files than those of an earlier run
    #[arg(long)]
    pub(super) force: bool,
}

/// How Euclidean distances become integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RoundingArg {
    /// To the nearest whole number (CVRPLIB).
    Nearest,
    /// To one decimal, cut off (12th DIMACS implementation challenge).
    Tenths,
}

/// `routes` of a scenario's day.
#[derive(Debug, Args)]
pub(super) struct DayArgs {
    /// The scenario file; names the map, the tables and every setting
    pub(super) scenario: Option<PathBuf>,
    /// Route the volumes of this finished run or award [default: the award is determined first]
    #[arg(long, value_name = "DIR", conflicts_with = "planned")]
    pub(super) award: Option<PathBuf>,
    /// Route cost.planned_volume for every unit instead, from the hub that is cheapest by direct trips
    #[arg(long)]
    pub(super) planned: bool,
    /// Determine an award that takes hauls at what they cost on routes: award and routes in turn until the award repeats
    #[arg(long, conflicts_with_all = ["award", "planned"])]
    pub(super) route_aware: bool,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// `check`.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    /// Check the tables only, not whether their points meet the map's roads
    #[arg(long)]
    pub(super) no_map: bool,
    /// How everything is written to standard error; short for --log-format
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: LogFormat,
}

/// `verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The folder of a run
    pub(super) folder: PathBuf,
    /// The scenario that it was made from [default: the one its manifest names, relative to the current folder]
    #[arg(long, value_name = "FILE")]
    pub(super) scenario: Option<PathBuf>,
}

/// `report`.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// The folder of a run
    pub(super) folder: PathBuf,
    /// Folder of `ddu routes`, whose routes the map shows
    #[arg(long, value_name = "DIR")]
    pub(super) routes: Option<PathBuf>,
    /// The page to write [default: report.html in the run's folder]
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    pub(super) force: bool,
}

/// `prepare`.
#[derive(Debug, Args)]
pub(super) struct PrepareArgs {
    /// An OpenStreetMap extract (.osm.pbf)
    pub(super) extract: PathBuf,
    /// The prepared map to write (.roads); a scenario may name it as its map
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: PathBuf,
    /// Replace the file if it exists
    #[arg(long)]
    pub(super) force: bool,
}

/// `sample`.
#[derive(Debug, Args)]
pub(super) struct SampleArgs {
    /// Folder for map, tables and scenario; made if absent
    pub(super) folder: PathBuf,
    /// Seed; the same seed and sizes give the same files
    #[arg(long, default_value_t = 7)]
    pub(super) seed: u64,
    /// Junctions of the invented map, about
    #[arg(long, default_value_t = 4_000, value_parser = clap::value_parser!(u32).range(1_000..=2_000_000), conflicts_with = "extract")]
    pub(super) junctions: u32,
    /// Delivery units of the invented region
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=25_000), conflicts_with = "extract")]
    pub(super) ddus: u32,
    /// Bidders
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=999))]
    pub(super) bidders: u32,
    /// Make this many per cent of a national auction instead: 100 is 18,000 units and 200,000 lines, with a table of costs
    /// and no map
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(1..=100),
          conflicts_with_all = ["extract", "junctions", "ddus", "bidders"])]
    pub(super) national: Option<u32>,
    /// Use this real map instead of an invented one; bids are still invented
    #[arg(long, value_name = "FILE", requires_all = ["hubs", "ddus_from", "timezone"])]
    pub(super) extract: Option<PathBuf>,
    /// Real hubs: a CSV with hub_id, shipper, name, lat, lon; those inside the map are used
    #[arg(long, value_name = "FILE", requires = "extract")]
    pub(super) hubs: Option<PathBuf>,
    /// Real delivery units: a CSV with ddu_id, locale_name, state, zip, lat, lon; those inside the map are used
    #[arg(long, value_name = "FILE", requires = "extract")]
    pub(super) ddus_from: Option<PathBuf>,
    /// IANA time zone of the real map's region, such as America/New_York
    #[arg(long, value_name = "ZONE", requires = "extract")]
    pub(super) timezone: Option<String>,
    /// Write into a folder that is not empty
    #[arg(long)]
    pub(super) force: bool,
}
