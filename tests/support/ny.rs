//! The New York metro extract with the hubs, units and distances of its known answers.

use crate::shared::shared;
use ddu::lonlat::LonLat;
use ddu::network::{Components, Locator, NoSnap, Profile, RoadNetwork, Snap, build};
use ddu::osm::read_extract;
use ddu::progress::Silent;
use ddu::scenario::{MapSettings, Mode};
use std::path::Path;

/// Points of the DIMACS graph and the distances between them.
pub struct KnownAnswers {
    pub hubs: Vec<LonLat>,
    pub ddus: Vec<LonLat>,
    /// Decimetres, hub by hub.
    pub distances: Vec<u32>,
}

/// Network, a profile that minimises metres, and the snapped points of the known answers.
pub struct NewYork {
    pub network: RoadNetwork,
    pub profile: Profile,
    pub hubs: Vec<Result<Snap, NoSnap>>,
    pub ddus: Vec<Result<Snap, NoSnap>>,
    pub distances: Vec<u32>,
}

fn unzipped(path: &Path) -> String {
    let packed = std::fs::read(path).unwrap();
    // The last four bytes of a gzip member are the size of its content (RFC 1952).
    let size = u32::from_le_bytes(packed[packed.len() - 4..].try_into().unwrap());
    let mut content = vec![0; usize::try_from(size).unwrap()];
    libdeflater::Decompressor::new().gzip_decompress(&packed, &mut content).unwrap();
    String::from_utf8(content).unwrap()
}

/// Positions of the DIMACS nodes: `v id lon lat` in millionths of a degree, ids from 1.
fn positions(path: &Path) -> Vec<LonLat> {
    let text = unzipped(path);
    let nodes = text.lines().filter_map(|line| line.strip_prefix("v "));
    nodes
        .enumerate()
        .map(|(i, node)| {
            let fields: Vec<i32> = node.split(' ').map(|field| field.parse().unwrap()).collect();
            assert_eq!(usize::try_from(fields[0]).unwrap(), i + 1);
            LonLat { lon_e7: fields[1] * 10, lat_e7: fields[2] * 10 }
        })
        .collect()
}

fn known_answers(table: &Path, nodes: &[LonLat]) -> KnownAnswers {
    let text = unzipped(table);
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let field = |row: &csv::StringRecord, i: usize| row[i].parse::<usize>().unwrap();
    let rows: Vec<(usize, usize, usize)> =
        rows.records().map(|r| r.unwrap()).map(|r| (field(&r, 1), field(&r, 3), field(&r, 4))).collect();
    // Hub by hub, the same 504 units each time (two hubs share an id, so ids do not delimit them).
    let ddus: Vec<usize> = rows[..504].iter().map(|row| row.1).collect();
    for block in rows.chunks(504) {
        assert!(block.iter().map(|row| row.1).eq(ddus.iter().copied()));
        assert!(block.iter().all(|row| row.0 == block[0].0));
    }
    KnownAnswers {
        hubs: rows.chunks(504).map(|block| nodes[block[0].0 - 1]).collect(),
        ddus: ddus.iter().map(|node| nodes[node - 1]).collect(),
        distances: rows.iter().map(|row| u32::try_from(row.2).unwrap()).collect(),
    }
}

/// Reads everything; `None` where the shared data is absent.
pub fn new_york() -> Option<NewYork> {
    let extract = read_extract(&shared("ny-metro.osm.pbf")?, &Silent).unwrap();
    let nodes = positions(&shared("dimacs/USA-road-d.NY.co.gz")?);
    let answers = known_answers(&shared("ny_dimacs_hub_ddu.csv.gz")?, &nodes);
    let network = build(&extract, &Silent).unwrap();
    let profile = Profile::metres_only(&network, Mode::Motorcar).unwrap();
    let components = Components::new(&network, &profile);
    let locator = Locator::new(&network);
    let snap = |at: &LonLat| locator.snap(*at, &profile, &components, &MapSettings::default());
    let (hubs, ddus) = (answers.hubs.iter().map(snap).collect(), answers.ddus.iter().map(snap).collect());
    drop(locator);
    Some(NewYork { network, profile, hubs, ddus, distances: answers.distances })
}
