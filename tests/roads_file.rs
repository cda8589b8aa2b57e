//! `.roads` files: what is written comes back, mapped, and nothing that is damaged gets in.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, dead_code, unreachable_pub, clippy::print_stdout)]

#[path = "support/drawn.rs"]
mod drawn;
#[path = "support/shared.rs"]
mod shared;

use ddu::flat_file::FlatFileError;
use ddu::hierarchy::{Query, RoadHierarchy};
use ddu::ids::VehicleIx;
use ddu::matrix::Matrix;
use ddu::matrix::fast::Roads;
use ddu::network::{Components, Locator, NoSnap, Profile, RoadNetwork, Snap, build};
use ddu::osm::{ImportCounts, read_extract};
use ddu::pipeline::PreparedMap;
use ddu::progress::Silent;
use ddu::scenario::{MapSettings, Mode};
use drawn::Drawing;
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

const HEADER: usize = 64;

fn counts() -> ImportCounts {
    ImportCounts { rows: vec![("ways read".to_owned(), 12), ("nodes read".to_owned(), 34)] }
}

fn prepared(network: RoadNetwork) -> PreparedMap {
    let hierarchy = RoadHierarchy::new(&network).unwrap();
    PreparedMap { network, hierarchy, source_fingerprint: "abc123".to_owned(), counts: counts() }
}

/// A map in which every section has rows.
fn map() -> PreparedMap {
    let picture = "
A---B---C
|   |   |
D---E---F
|   |   |
G---H---I";
    let town = Drawing::new(picture)
        .way("BE", "access=private maxheight=3.5")
        .way("EH", "access=private")
        .node('F', "highway=traffic_signals")
        .restriction("no_left_turn HE EB BA")
        .restriction("no_right_turn DE E EH")
        .build();
    prepared(town.network)
}

fn written(map: &PreparedMap, folder: &Path) -> Vec<u8> {
    let path = folder.join("map.roads");
    let length = map.save(&path).unwrap();
    let bytes = fs::read(path).unwrap();
    assert_eq!(bytes.len() as u64, length);
    bytes
}

fn read_back(bytes: &[u8], folder: &Path) -> Result<PreparedMap, FlatFileError> {
    let path = folder.join("changed.roads");
    // A new file each time: a mapped one must not be written into.
    let _ = fs::remove_file(&path);
    fs::write(&path, bytes).unwrap();
    PreparedMap::load(&path)
}

/// The header with the checksum that fits the rest.
fn signed(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = blake3::hash(&bytes[HEADER..]);
    bytes[32..HEADER].copy_from_slice(checksum.as_bytes());
    bytes
}

/// Name and place of every section, by the layout that the documentation states.
fn sections(bytes: &[u8]) -> Vec<(String, Range<usize>)> {
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    let count = u32::from_le_bytes(bytes[12..16].try_into().unwrap()) as usize;
    let mut start = (HEADER + 48 * count).next_multiple_of(64);
    let rows = (HEADER..HEADER + 48 * count).step_by(48).map(|entry| {
        let name = String::from_utf8(bytes[entry..entry + 32].to_vec()).unwrap();
        let place = start..start + number(entry + 32) * number(entry + 40);
        start = place.end.next_multiple_of(64);
        (name.trim_end_matches('\0').to_owned(), place)
    });
    let all = rows.collect();
    assert_eq!(start, bytes.len());
    all
}

fn snaps(network: &RoadNetwork, profile: &Profile, count: usize) -> Vec<Result<Snap, NoSnap>> {
    let (components, locator) = (Components::new(network, profile), Locator::new(network));
    let step = network.junctions().len() / count + 1;
    let points = network.junctions().iter().step_by(step);
    points.map(|at| locator.snap(*at, profile, &components, &MapSettings::default())).collect()
}

fn matrix(map: &PreparedMap, points: usize) -> Matrix {
    let profile = Profile::metres_only(&map.network, Mode::Hgv).unwrap();
    let points = snaps(&map.network, &profile, points);
    let weights = map.hierarchy.customize(&map.network, &profile);
    let roads = Roads { network: &map.network, profile: &profile, hierarchy: &map.hierarchy, weights: &weights };
    roads.compute(VehicleIx(0), &points, &points, &Silent).unwrap()
}

#[test]
fn a_saved_map_comes_back_without_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let map = map();
    let bytes = written(&map, folder.path());
    let saved = PreparedMap::load(&folder.path().join("map.roads")).unwrap();
    assert!(saved == map && saved.source_fingerprint == "abc123" && saved.counts == counts());
    assert!(saved.is_mapped() && !map.is_mapped());
    assert_eq!(written(&map, folder.path()), bytes, "same map, same bytes");
    // The file just replaced the one that is mapped, which stays as it was.
    assert_eq!(written(&saved, folder.path()), bytes);
    let (fresh, again) = (matrix(&map, 20), matrix(&saved, 20));
    assert_eq!(fresh, again);
    assert!(fresh.legs().flatten().flatten().count() > 9, "no path at all");
    let empty: Vec<_> = sections(&bytes).into_iter().filter(|(_, place)| place.is_empty()).collect();
    assert!(empty.is_empty(), "sections that no test can damage: {empty:?}");
}

#[test]
fn threads_change_no_byte_of_a_real_map() {
    for extract in ["columbus-oh.osm.pbf", "portland-or.osm.pbf"] {
        let Some(extract) = shared::shared(extract) else { return };
        threads_change_no_byte(&extract);
    }
}

fn threads_change_no_byte(extract: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let map = prepared(build(&read_extract(extract, &Silent).unwrap(), &Silent).unwrap());
            let bytes = written(&map, folder.path());
            let saved = PreparedMap::load(&folder.path().join("map.roads")).unwrap();
            assert!(saved.is_mapped());
            let (fresh, again) = (matrix(&map, 30), matrix(&saved, 30));
            assert_eq!(fresh, again);
            (blake3::hash(&bytes), fresh)
        })
    };
    let one = with(1);
    assert!(with(2) == one && with(3) == one);
}

#[test]
fn a_truncated_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = written(&map(), folder.path());
    for cut in 0..100 {
        let short = &bytes[..bytes.len() * cut / 100];
        let error = read_back(short, folder.path()).unwrap_err().to_string();
        assert!(error.contains("ddu prepare") && error.contains("changed.roads"), "{cut} %: {error}");
    }
    for more in [1, 8, 64, 5000] {
        let longer = [bytes.as_slice(), &vec![0; more]].concat();
        assert!(matches!(read_back(&longer, folder.path()), Err(FlatFileError::Length { .. })));
    }
}

#[test]
fn a_flipped_bit_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = written(&map(), folder.path());
    // All of the header, all over the table, and both ends and the middle of every section and gap.
    let mut places: Vec<usize> = (0..HEADER).chain((HEADER..HEADER + 48 * 20).step_by(11)).collect();
    for (_, place) in sections(&bytes) {
        places.extend([place.start, place.start + 1, place.start.midpoint(place.end), place.end - 1]);
        places.extend((place.end..place.end.next_multiple_of(64)).take(1));
    }
    for position in places {
        let mut changed = bytes.clone();
        changed[position] ^= 1 << (position % 8);
        let error = read_back(&changed, folder.path()).unwrap_err().to_string();
        assert!(error.contains("ddu prepare"), "byte {position}: {error}");
    }
}

/// A file made by someone with the right checksum: bytes of every section are changed in turn. What still loads must be
/// safe to use.
#[test]
fn forged_contents_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = written(&map(), folder.path());
    let mut refused: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let table = ("table".to_owned(), HEADER..HEADER + 48 * 12);
    for (name, place) in sections(&bytes).into_iter().chain([table]) {
        let step = (place.len() / 40).max(1) | 1;
        for position in place.step_by(step) {
            for change in [1, 0x80, 0xff] {
                let mut forged = bytes.clone();
                forged[position] ^= change;
                let count = refused.entry(name.clone()).or_default();
                match read_back(&signed(forged), folder.path()) {
                    Ok(map) => {
                        count[1] += 1;
                        use_all(&map);
                    }
                    Err(error) => {
                        count[0] += 1;
                        let invalid = matches!(error, FlatFileError::Invalid { .. });
                        assert!(invalid && error.to_string().contains("ddu prepare"), "{name} {position}: {error}");
                    }
                }
            }
        }
    }
    println!("section: refused, harmless\n{refused:#?}");
    // These hold no index, and any value that fits is as good as another.
    let free = ["source", "source.counts", "network.counts", "network.limits", "network.bounds"];
    for (name, [refused, _]) in refused {
        assert!(refused > 0 || free.contains(&name.as_str()), "nothing is refused in {name}");
    }
}

fn use_all(map: &PreparedMap) {
    for mode in Mode::ALL {
        let Ok(profile) = Profile::metres_only(&map.network, mode) else { continue };
        let points = snaps(&map.network, &profile, 4);
        let weights = map.hierarchy.customize(&map.network, &profile);
        let roads = Roads { network: &map.network, profile: &profile, hierarchy: &map.hierarchy, weights: &weights };
        let _ = roads.compute(VehicleIx(0), &points, &points, &Silent);
        let weight = |turn| map.hierarchy.weight(&map.network, &profile, turn);
        let mut query = Query::new(map.hierarchy.cch(), &weights, weight);
        for point in points.iter().flatten() {
            let ends = |arcs: &[(ddu::ids::ArcIx, ddu::network::Weight)]| -> Vec<_> {
                arcs.iter().map(|(arc, weight)| (arc.0, *weight)).collect()
            };
            let _ = query.route(&ends(&points[0].as_ref().map_or(vec![], |p| p.starts.clone())), &ends(&point.ends));
        }
    }
}

#[test]
fn rows_of_another_map_do_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let mut mixed = map();
    mixed.hierarchy = prepared(Drawing::new("A---B---C").build().network).hierarchy;
    let error = read_back(&written(&mixed, folder.path()), folder.path()).unwrap_err();
    assert!(matches!(error, FlatFileError::Invalid { .. }), "{error}");
}

#[test]
fn other_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read_back(b"OSMHeader", folder.path()), Err(FlatFileError::Foreign { .. })));
    assert!(matches!(read_back(b"", folder.path()), Err(FlatFileError::Foreign { .. })));
    assert!(matches!(PreparedMap::load(&folder.path().join("none.roads")), Err(FlatFileError::Io { .. })));
    assert!(matches!(PreparedMap::load(folder.path()), Err(FlatFileError::Io { .. })));
    for version in [0, 1, 2, 4] {
        let mut other = written(&map(), folder.path());
        other[8] = version;
        let error = read_back(&other, folder.path()).unwrap_err();
        assert!(matches!(error, FlatFileError::Version { found, .. } if found == u32::from(version)));
        assert!(error.to_string().contains("ddu prepare"), "{error}");
    }
}
