//! A scenario for a carrier's quote: existing hubs and units inside a map's box, and nothing invented but what is said to be.

use super::extract::{rows_inside, slug};
use super::{SampleError, tables};
use crate::lonlat::Bounds;
use std::path::Path;

/// What a scenario for a quote is made from.
#[derive(Clone, Copy, Debug)]
pub struct QuoteSources<'a> {
    /// The map; the scenario names it by its absolute path, and so the tables that are not copied.
    pub map: &'a Path,
    /// The map's box.
    pub bounds: Bounds,
    /// CSV with the columns `hub_id`, `shipper` or `shipper_id`, `name`, `lat`, `lon`; others are ignored.
    pub hubs: &'a Path,
    /// CSV with the columns `ddu_id`, `locale_name` or `name`, `state`, `zip` or `zip5`, `lat`, `lon`, and `zips` where there is one;
    /// others are ignored.
    pub ddus: &'a Path,
    /// Table of volumes, as a scenario names it.
    pub volumes: Option<&'a Path>,
    /// Table of rates, as a scenario names it; without one the invented rates of the sample are taken.
    pub rates: Option<&'a Path>,
    /// Vehicle file; without one the classes of the sample are taken.
    pub vehicles: Option<&'a Path>,
    /// The shipper who quotes, as the table of hubs names it.
    pub shipper: Option<&'a str>,
    /// IANA time zone of the region.
    pub timezone: &'a str,
}

/// Name of the scenario's file.
pub const QUOTE_SCENARIO: &str = "scenario.toml";

/// The files of a scenario for a quote, by name. Settings that nobody gave are named in `quote.assumed`.
///
/// # Errors
/// When a table cannot be read, or none of its rows lies inside the box.
pub fn quote_scenario(sources: &QuoteSources<'_>) -> Result<Vec<(&'static str, Vec<u8>)>, SampleError> {
    let mut files = vec![("hubs.csv", hubs(sources)?), ("ddus.csv", ddus(sources)?)];
    if sources.vehicles.is_none() {
        files.push(("vehicles.toml", tables::VEHICLES.as_bytes().to_vec()));
    }
    if sources.rates.is_none() {
        files.push(("rates.csv", tables::RATES.as_bytes().to_vec()));
    }
    files.push((QUOTE_SCENARIO, scenario(sources)?.into_bytes()));
    Ok(files)
}

fn hubs(sources: &QuoteSources<'_>) -> Result<Vec<u8>, SampleError> {
    let columns = [&["hub_id"][..], &["shipper", "shipper_id"], &["name"]];
    let rows = rows_inside(sources.hubs, &columns, &[], sources.bounds)?;
    let mut csv = tables::writer(Vec::new());
    record(&mut csv, ["hub_id", "shipper_id", "name", "lat", "lon"])?;
    for (cells, at) in rows {
        let [id, shipper, name] = cells.as_slice() else { continue };
        record(&mut csv, [id, &slug(shipper), name, &tables::degrees(at.lat_e7), &tables::degrees(at.lon_e7)])?;
    }
    finished(csv)
}

fn ddus(sources: &QuoteSources<'_>) -> Result<Vec<u8>, SampleError> {
    let columns = [&["ddu_id"][..], &["locale_name", "name"], &["state"], &["zip", "zip5"]];
    let rows = rows_inside(sources.ddus, &columns, &["zips"], sources.bounds)?;
    let mut csv = tables::writer(Vec::new());
    record(&mut csv, ["ddu_id", "name", "zip5", "state", "lat", "lon", "zips"])?;
    for (cells, at) in rows {
        let [id, name, state, zip, zips] = cells.as_slice() else { continue };
        let (lat, lon) = (tables::degrees(at.lat_e7), tables::degrees(at.lon_e7));
        record(&mut csv, [id, name, zip, state, &lat, &lon, zips])?;
    }
    finished(csv)
}

fn record<const N: usize>(csv: &mut csv::Writer<Vec<u8>>, cells: [&str; N]) -> Result<(), SampleError> {
    csv.write_record(cells).map_err(|e| SampleError::Write(e.into()))
}

fn finished(csv: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, SampleError> {
    csv.into_inner().map_err(|e| SampleError::Write(std::io::Error::other(e.to_string())))
}

fn scenario(sources: &QuoteSources<'_>) -> Result<String, SampleError> {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let absolute = |path: &Path| Ok::<_, SampleError>(quoted(&std::path::absolute(path)?.to_string_lossy()));
    let title = sources.map.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let or = |path: Option<&Path>, own: &str| path.map_or_else(|| Ok(quoted(own)), absolute);
    let volumes = match sources.volumes {
        Some(path) => format!("volumes = {}\n", absolute(path)?),
        None => String::new(),
    };
    let shipper = sources.shipper.map_or(String::new(), |shipper| format!("shipper = {}\n", quoted(&slug(shipper))));
    let mut assumed = vec![
        "scenario.operating_date",
        "parcel.mean_cube_cuft",
        "parcel.mean_weight_lb",
        "map.snap_limit_m",
        "routes.iterations",
        "routes.labels",
        "routes.samples",
    ];
    assumed.extend(sources.vehicles.is_none().then_some("inputs.vehicles"));
    assumed.extend(sources.rates.is_none().then_some("inputs.rates"));
    let assumed: Vec<String> = assumed.into_iter().map(quoted).collect();
    Ok(format!(
        r#"# Written for a quote from a map and tables. What quote.assumed names was given by nobody: put your own in and take
# the name away. Rates, where they are those of rates.csv beside this file, are invented.

[scenario]
name = {title}
operating_date = 2026-11-24

[inputs]
map = {map}
hubs = "hubs.csv"
ddus = "ddus.csv"
vehicles = {vehicles}
rates = {rates}
{volumes}
[parcel]
mean_cube_cuft = 0.5
mean_weight_lb = 3.5

[map]
snap_limit_m = {snap}         # units with estimated coordinates may lie well off any road

[routes]                     # less work than the defaults: quotes are asked for often
iterations = 4000
labels = 20000
samples = 8

[data]
default_timezone = {zone}

[quote]
{shipper}assumed = [{assumed}]
"#,
        title = quoted(&title),
        map = absolute(sources.map)?,
        vehicles = or(sources.vehicles, "vehicles.toml")?,
        rates = or(sources.rates, "rates.csv")?,
        snap = super::extract::SNAP_LIMIT_M,
        zone = quoted(sources.timezone),
        assumed = assumed.join(", "),
    ))
}
