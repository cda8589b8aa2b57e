//! What can be typed behind `quote` and `ddus`, the commands of a carrier.

use super::args::ReadingArgs;
use clap::Args;
use std::path::PathBuf;

/// `quote`.
#[derive(Debug, Args)]
pub(super) struct QuoteArgs {
    /// The scenario file; names the map, the tables and every setting; needs neither bidders nor bids
    pub(super) scenario: Option<PathBuf>,
    /// Instead of a scenario: a real map, for which one is written from the tables below; all that it assumes is told
    #[arg(long, value_name = "FILE", requires_all = ["hubs", "ddus", "timezone"], conflicts_with = "scenario")]
    pub(super) extract: Option<PathBuf>,
    /// Hubs: a CSV with hub_id, shipper, name, lat, lon; those inside the map are used
    #[arg(long, value_name = "FILE", requires = "extract")]
    pub(super) hubs: Option<PathBuf>,
    /// Delivery units: a CSV with ddu_id, locale_name, state, zip, lat, lon; those inside the map are used
    #[arg(long, value_name = "FILE", requires = "extract")]
    pub(super) ddus: Option<PathBuf>,
    /// Pieces by ZIP or unit: a CSV with zip5 or ddu_id, and pieces [default: 500 a day at every unit]
    #[arg(long, value_name = "FILE", requires = "extract")]
    pub(super) volumes: Option<PathBuf>,
    /// Rates of the alternatives: a CSV with entry_level, weight_from_lb, weight_to_lb, rate_per_piece [default: invented]
    #[arg(long, value_name = "FILE", requires = "extract")]
    pub(super) rates: Option<PathBuf>,
    /// Vehicle file [default: the three classes of the sample, with their sources]
    #[arg(long, value_name = "FILE", requires = "extract")]
    pub(super) vehicles: Option<PathBuf>,
    /// The shipper who quotes; only its hubs take part [default: all hubs]
    #[arg(long, value_name = "NAME", requires = "extract")]
    pub(super) shipper: Option<String>,
    /// IANA time zone of the region, such as America/New_York
    #[arg(long, value_name = "ZONE", requires = "extract")]
    pub(super) timezone: Option<String>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    /// Folder for the results; made if absent [default: quote]
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Write into a folder that holds other files than those of an earlier quote
    #[arg(long)]
    pub(super) force: bool,
}

/// `ddus`.
#[derive(Debug, Args)]
pub(super) struct DdusArgs {
    /// An OpenStreetMap extract (.osm.pbf) whose post offices become candidates
    #[arg(long, value_name = "EXTRACT", required_unless_present = "lint")]
    pub(super) from_osm: Option<PathBuf>,
    /// A table of facilities to join them with, by ZIP and distance: ddu_id, and name, zip5, lat, lon where there are
    #[arg(long, value_name = "FILE", requires = "from_osm")]
    pub(super) join: Option<PathBuf>,
    /// Metres within which a post office may be a facility
    #[arg(long, value_name = "METRES", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(super) radius: u32,
    /// Instead: check a table of facilities for what is wrong, doubtful or out of date, and write nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from_osm", "output"])]
    pub(super) lint: Option<PathBuf>,
    /// Folder for candidates.csv and match_report.csv; made if absent [default: ddus]
    #[arg(long, short, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// Replace files of an earlier run
    #[arg(long)]
    pub(super) force: bool,
}
