//! Tables for a real map: existing hubs and units inside its box, with invented docks, prices and bids.

use super::plan::Rank;
use super::tables::{self, BidderRow, Class, DduRow, HaulsText, HubRow, ScenarioText, Tables, UnitSeed};
use super::{SampleError, SampleSummary};
use crate::artefact::Folder;
use crate::lonlat::{Bounds, LonLat};
use crate::progress::Progress;
use std::collections::BTreeMap;
use std::path::Path;

/// What tables for a real map are made from.
#[derive(Clone, Copy, Debug)]
pub struct ExtractSources<'a> {
    /// The map; the scenario names it by its absolute path.
    pub map: &'a Path,
    /// The map's box.
    pub bounds: Bounds,
    /// CSV with the columns `hub_id, shipper, name, lat, lon`; others are ignored.
    pub hubs: &'a Path,
    /// CSV with the columns `ddu_id, locale_name, state, zip, lat, lon, est_delivery_points`; others are ignored.
    pub ddus: &'a Path,
    /// IANA time zone of the region.
    pub timezone: &'a str,
    /// Seed of what is invented.
    pub seed: u64,
    /// Bidders wanted. Where fewer shippers have hubs inside the box, the hubs are dealt to this many invented tenants
    /// instead, because an auction needs rivals.
    pub bidders: usize,
}

/// The map's name without its endings.
fn title_of(map: &Path) -> String {
    let name = map.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').find(|part| !part.is_empty()).unwrap_or("map").to_owned()
}

/// Units with estimated coordinates may lie well off any road.
pub(super) const SNAP_LIMIT_M: u32 = 5_000;

/// Writes tables and a scenario for a real map into a folder: the hubs and units of the given tables inside the map's
/// box, a bidder for each shipper (or invented ones), and invented capacities, prices and bids. The map itself is not copied.
///
/// # Errors
/// When a table cannot be read, none of its rows lies inside the box, or the folder cannot be written.
pub fn tables_for_extract(
    sources: &ExtractSources<'_>,
    out: &Path,
    progress: &dyn Progress,
) -> Result<SampleSummary, SampleError> {
    progress.begin("write tables for the map", None);
    let mut folder = Folder::open(out)?;
    let (hubs, bidders) = hubs_and_bidders(sources)?;
    let ddus = ddus(sources)?;
    let lines = tables::lines_per_unit(bidders.len()).saturating_sub(80);
    let packages = (ddus.len() / 5).max(2);
    let tables = Tables::with_bids(sources.seed, hubs, ddus, bidders, lines, packages);
    let map = std::path::absolute(sources.map)?;
    let text = ScenarioText {
        title: &title_of(sources.map),
        seed: sources.seed,
        hauls: HaulsText::Map { file: &map.to_string_lossy(), snap_limit_m: SNAP_LIMIT_M },
        gap_tolerance: None,
        criteria: tables::CRITERIA,
    };
    super::region::write_tables(&mut folder, &tables, &text, sources.timezone)?;
    if progress.cancelled() {
        return Err(SampleError::Cancelled);
    }
    folder.commit()?;
    progress.finish(&format!(
        "{} hubs, {} units, {} bid lines",
        tables.hubs.len(),
        tables.ddus.len(),
        tables.bids.len()
    ));
    Ok(SampleSummary {
        junctions: 0,
        nodes: 0,
        ways: 0,
        relations: 0,
        bounds: sources.bounds,
        hubs: tables.hubs.len(),
        ddus: tables.ddus.len(),
        bidders: tables.bidders.len(),
        bids: tables.bids.len(),
        packages: tables.packages,
    })
}

/// A row inside the box: its cells in the order asked for, and its place.
pub(super) type Row = (Vec<String>, LonLat);

/// Reads the wanted columns of a table, each by the first of its names that the header has, and `lat` and `lon` besides,
/// and keeps the rows inside the box, by their first column. Columns of `extra` follow, empty where the table has none. Rows without
/// coordinates are left out: they cannot be placed.
pub(super) fn rows_inside(
    path: &Path,
    columns: &[&[&str]],
    extra: &[&str],
    bounds: Bounds,
) -> Result<Vec<Row>, SampleError> {
    let fail = |message: String| SampleError::Table { path: path.to_owned(), message };
    let mut reader = csv::Reader::from_path(path).map_err(|e| fail(e.to_string()))?;
    let headers = reader.headers().map_err(|e| fail(e.to_string()))?.clone();
    let find = |name: &str| headers.iter().position(|h| h.trim_start_matches('\u{feff}') == name);
    let position = |names: &[&str]| {
        let found = names.iter().find_map(|name| find(name));
        found.map(Some).ok_or_else(|| fail(format!("column `{}` is missing", names.join("` or `"))))
    };
    let mut wanted = columns.iter().map(|names| position(names)).collect::<Result<Vec<Option<usize>>, _>>()?;
    wanted.extend(extra.iter().map(|name| find(name)));
    let (lat, lon) = (position(&["lat"])?, position(&["lon"])?);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| fail(e.to_string()))?;
        let cell = |index: Option<usize>| index.and_then(|index| record.get(index)).unwrap_or_default().trim();
        if cell(lat).is_empty() || cell(lon).is_empty() {
            continue;
        }
        let at = cell(lon).parse().ok().zip(cell(lat).parse().ok()).and_then(|(x, y)| LonLat::from_degrees(x, y));
        let line = record.position().map_or(0, csv::Position::line);
        let at = at.ok_or_else(|| fail(format!("line {line}: `lat`, `lon` are not degrees")))?;
        if bounds.contains(at) {
            rows.push((wanted.iter().map(|index| cell(*index).to_owned()).collect::<Vec<String>>(), at));
        }
    }
    rows.sort();
    number_repeated_ids(&mut rows);
    if rows.is_empty() {
        return Err(SampleError::NothingInside { path: path.to_owned() });
    }
    Ok(rows)
}

/// Different rows of one id, which real lists hold, get `-2`, `-3`, … behind it, in the order of their other cells.
fn number_repeated_ids(rows: &mut Vec<Row>) {
    rows.dedup();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for id in rows.iter_mut().filter_map(|(cells, _)| cells.first_mut()) {
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *id = format!("{id}-{count}");
        }
    }
}

/// An id of letters, digits and hyphens.
pub(super) fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "shipper".to_owned() } else { slug.to_owned() }
}

fn hubs_and_bidders(sources: &ExtractSources<'_>) -> Result<(Vec<HubRow>, Vec<BidderRow>), SampleError> {
    let columns = [&["hub_id"][..], &["shipper"], &["name"]];
    let rows = rows_inside(sources.hubs, &columns, &[], sources.bounds)?;
    let mut hubs = Vec::new();
    let mut by_shipper: BTreeMap<String, (String, Vec<usize>)> = BTreeMap::new();
    for (cells, at) in rows {
        let [id, shipper, name] = cells.as_slice() else { continue };
        let key = slug(shipper);
        by_shipper.entry(key.clone()).or_insert_with(|| (shipper.clone(), Vec::new())).1.push(hubs.len());
        let release = tables::release(sources.seed, hubs.len());
        hubs.push(HubRow { id: id.clone(), shipper: key, name: name.clone(), at, release, capacity: None });
    }
    if by_shipper.len() < sources.bidders {
        by_shipper = tenants(&mut hubs, sources.bidders);
    }
    // The shipper with most hubs comes first: it plays the one that the share cap has to stop.
    let mut shippers: Vec<(String, (String, Vec<usize>))> = by_shipper.into_iter().collect();
    shippers.sort_by(|a, b| b.1.1.len().cmp(&a.1.1.len()).then_with(|| a.0.cmp(&b.0)));
    let bidder = |(id, (name, hubs)): (String, (String, Vec<usize>))| {
        let class = match hubs.len() {
            5.. => Class::National,
            2..5 => Class::Regional,
            _ => Class::Local,
        };
        BidderRow { id, name, class, affiliates: "", capacity: None, budget: None, min_volume: None, hubs }
    };
    Ok((hubs, shippers.into_iter().map(bidder).collect()))
}

/// Deals hubs to invented tenants, twice as many to the first third of them.
fn tenants(hubs: &mut [HubRow], wanted: usize) -> BTreeMap<String, (String, Vec<usize>)> {
    let count = wanted.min(hubs.len()).max(1);
    let turns: Vec<usize> = (0..count).chain(0..count.div_ceil(3)).collect();
    let mut dealt: BTreeMap<String, (String, Vec<usize>)> = BTreeMap::new();
    for (index, (hub, tenant)) in hubs.iter_mut().zip(turns.iter().cycle()).enumerate() {
        hub.shipper = format!("tenant-{:03}", tenant + 1);
        let entry = dealt.entry(hub.shipper.clone());
        entry.or_insert_with(|| (format!("Invented tenant {}", tenant + 1), Vec::new())).1.push(index);
    }
    dealt
}

fn ddus(sources: &ExtractSources<'_>) -> Result<Vec<DduRow>, SampleError> {
    let columns = [&["ddu_id"][..], &["locale_name"], &["state"], &["zip"], &["est_delivery_points"]];
    let rows = rows_inside(sources.ddus, &columns, &[], sources.bounds)?;
    let mut units = Vec::with_capacity(rows.len());
    for (index, (cells, at)) in rows.into_iter().enumerate() {
        let [id, name, state, zip, points] = cells.as_slice() else { continue };
        let points: Option<u32> = points.parse().ok();
        let rank = match points {
            Some(0..4_000) => Rank::Village,
            Some(4_000..15_000) | None => Rank::Town,
            Some(_) => Rank::City,
        };
        let seed = UnitSeed {
            id: id.clone(),
            name: name.clone(),
            zip5: zip.clone(),
            state: state.clone(),
            at,
            rank,
            points,
            island: false,
        };
        units.push(tables::unit(sources.seed, index, seed));
    }
    Ok(units)
}
