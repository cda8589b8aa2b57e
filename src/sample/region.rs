//! The invented region: its map, drawn county by county, and its tables.

use super::canvas::NextIds;
use super::pbf::PbfWriter;
use super::plan::{MIDDLE, Plan, Rank, STATE, TIME_ZONE};
use super::rng::{Rng, Stream};
use super::sites::{Home, Owner, by_county, ddu_homes};
use super::tables::{self, HaulsText, HubRow, ScenarioText, Tables, UnitSeed};
use super::{SampleError, SampleSettings, SampleSummary, county, names};
use crate::artefact::Folder;
use crate::lonlat::LonLat;
use crate::progress::Progress;
use std::io::Write;
use std::path::Path;

/// Name of the map's file.
const MAP: &str = "region.osm.pbf";

/// What was drawn, and where hubs and units ended up.
struct Drawn {
    junctions: u64,
    nodes: u64,
    ways: u64,
    relations: u64,
    hubs: Vec<LonLat>,
    ddus: Vec<LonLat>,
}

/// Writes an invented region with map, tables and scenario into a folder, which is made if need be.
///
/// The same settings give the same bytes on every machine. Files appear together at the end or not at all. Memory is
/// bounded by one county of the map (about 30,000 junctions) and the tables.
///
/// # Errors
/// When a size is out of range, the folder cannot be written, or the user stops it.
pub fn region(settings: &SampleSettings, out: &Path, progress: &dyn Progress) -> Result<SampleSummary, SampleError> {
    settings.check()?;
    let mut folder = Folder::open(out)?;
    let plan = Plan::new(settings.seed, settings.junctions);
    let shippers = tables::shippers(&plan, settings.bidders as usize);
    let hub_homes: Vec<Home> = shippers.iter().flat_map(|s| s.homes.iter().copied()).collect();
    let mut rng = Rng::new(settings.seed, Stream::Ddus, u64::MAX);
    let ddu_homes = ddu_homes(&plan, settings.ddus as usize, &mut rng);

    progress.begin("draw the map", Some((plan.wide * plan.high) as u64));
    let mut drawn = None;
    folder.write(MAP, |file| {
        drawn = Some(draw_map(&plan, &ddu_homes, &hub_homes, file, progress)?);
        Ok::<(), SampleError>(())
    })?;
    let drawn = drawn.ok_or(SampleError::Cancelled)?;
    progress.finish(&format!("{} junctions, {} ways", drawn.junctions, drawn.ways));

    progress.begin("write the tables", None);
    let hubs = hub_rows(&plan, &shippers, &drawn.hubs);
    let ddus = ddu_homes.iter().zip(&drawn.ddus).enumerate();
    let ddus = ddus.map(|(i, (home, at))| tables::unit(settings.seed, i, unit_seed(&plan, i, home, *at))).collect();
    let bidders: Vec<_> = shippers.into_iter().map(|s| s.row).collect();
    let lines = tables::lines_per_unit(bidders.len());
    // 10,000 packages at 18,000 units.
    let packages = settings.ddus as usize * 5 / 9;
    let tables = Tables::with_bids(settings.seed, hubs, ddus, bidders, lines, packages);
    let text = ScenarioText {
        title: "invented region",
        seed: settings.seed,
        hauls: HaulsText::Map { file: MAP, snap_limit_m: 1_000 },
        gap_tolerance: None,
        criteria: tables::CRITERIA,
    };
    write_tables(&mut folder, &tables, &text, TIME_ZONE)?;
    if progress.cancelled() {
        return Err(SampleError::Cancelled);
    }
    folder.commit()?;
    progress.finish(&format!("{} bid lines, {} packages", tables.bids.len(), tables.packages));
    Ok(SampleSummary {
        junctions: drawn.junctions,
        nodes: drawn.nodes,
        ways: drawn.ways,
        relations: drawn.relations,
        bounds: plan.bounds(),
        hubs: tables.hubs.len(),
        ddus: tables.ddus.len(),
        bidders: tables.bidders.len(),
        bids: tables.bids.len(),
        packages: tables.packages,
    })
}

fn draw_map<W: Write>(
    plan: &Plan,
    ddu_homes: &[Home],
    hub_homes: &[Home],
    out: W,
    progress: &dyn Progress,
) -> Result<Drawn, SampleError> {
    let mut writer = PbfWriter::new(out, plan.bounds())?;
    let portals = plan.portals();
    let mut ids = NextIds { node: 1 + portals.len() as i64, way: 1, relation: 1 };
    let mut drawn = Drawn {
        junctions: portals.len() as u64,
        nodes: portals.len() as u64,
        ways: 0,
        relations: 0,
        hubs: vec![MIDDLE; hub_homes.len()],
        ddus: vec![MIDDLE; ddu_homes.len()],
    };
    writer.add(portals, Vec::new(), Vec::new())?;
    let homes = by_county(ddu_homes, hub_homes);
    for place in plan.counties() {
        if progress.cancelled() {
            return Err(SampleError::Cancelled);
        }
        let here = homes.get(&plan.county_index(place)).map_or(&[][..], Vec::as_slice);
        let map = county::draw(plan, place, ids, here);
        ids = map.next_ids;
        drawn.junctions += map.junctions;
        drawn.nodes += map.nodes.len() as u64;
        drawn.ways += map.ways.len() as u64;
        drawn.relations += map.relations.len() as u64;
        for (owner, at) in map.sites {
            let slot = match owner {
                Owner::Hub(i) => drawn.hubs.get_mut(i),
                Owner::Ddu(i) => drawn.ddus.get_mut(i),
            };
            if let Some(slot) = slot {
                *slot = at;
            }
        }
        writer.add(map.nodes, map.ways, map.relations)?;
        progress.advance(1);
    }
    writer.finish()?;
    Ok(drawn)
}

fn town_of(home: &Home) -> String {
    names::town(home.county * super::plan::CELLS + home.cell)
}

fn hub_rows(plan: &Plan, shippers: &[tables::Shipper], places: &[LonLat]) -> Vec<HubRow> {
    let homes = shippers.iter().flat_map(|s| s.homes.iter().enumerate().map(move |(k, home)| (s, k, home)));
    let row = |(i, ((shipper, k, home), at)): (usize, ((&tables::Shipper, usize, &Home), &LonLat))| HubRow {
        id: format!("{}-H{:02}", shipper.row.id, k + 1),
        shipper: shipper.row.id.clone(),
        name: format!("{} {}", shipper.row.name, town_of(home)),
        at: *at,
        release: tables::release(plan.seed, i),
        capacity: None,
    };
    homes.zip(places).enumerate().map(row).collect()
}

fn unit_seed(plan: &Plan, index: usize, home: &Home, at: LonLat) -> UnitSeed {
    let settlement = home.county * super::plan::CELLS + home.cell;
    let kind = match home.rank {
        Rank::City => "Annex",
        Rank::Town => "Carrier Station",
        Rank::Village => "Post Office",
    };
    let name = if home.island { "Heron Island".to_owned() } else { town_of(home) };
    UnitSeed {
        id: format!("D{:05}", index + 1),
        name: format!("{name} {kind} {}", index + 1),
        // Kansas has 660 to 679; neighbouring settlements share a code, as in the country.
        zip5: format!("{:05}", 66_000 + settlement * 2_000 / plan.settlement_count().max(1)),
        state: STATE.to_owned(),
        at,
        rank: home.rank,
        points: None,
        island: home.island,
    }
}

/// Writes all files but the map.
pub(super) fn write_tables(
    folder: &mut Folder,
    tables: &Tables,
    text: &ScenarioText<'_>,
    zone: &str,
) -> Result<(), SampleError> {
    folder.write("hubs.csv", |f| tables::write_hubs(f, &tables.hubs, zone))?;
    folder.write("ddus.csv", |f| tables::write_ddus(f, &tables.ddus, zone))?;
    folder.write("vehicles.toml", |f| f.write_all(tables::VEHICLES.as_bytes()))?;
    folder.write("bidders.csv", |f| tables::write_bidders(f, &tables.bidders))?;
    folder.write("bids.csv", |f| tables::write_bids(f, &tables.bids, &tables.parties()))?;
    folder.write("volumes.csv", |f| tables::write_volumes(f, &tables.ddus))?;
    folder.write("rates.csv", |f| f.write_all(tables::RATES.as_bytes()))?;
    folder.write("scenario.toml", |f| f.write_all(text.render().as_bytes()))?;
    Ok(())
}
