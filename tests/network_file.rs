//! `.roads` files: what is written comes back, and nothing that is damaged gets in.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, unreachable_pub, clippy::print_stdout)]

#[path = "support/drawn.rs"]
mod drawn;

use ddu::network::{RoadNetwork, RoadsError, load, save};
use drawn::Drawing;
use std::fs;
use std::path::Path;

const HEADER: usize = 56;

/// A map in which every section has rows.
fn network() -> RoadNetwork {
    let picture = "
A---B---C
|   |   |
D---E---F
|   |   |
G---H---I";
    Drawing::new(picture)
        .way("BE", "access=private maxheight=3.5")
        .way("EH", "access=private")
        .node('F', "highway=traffic_signals")
        .restriction("no_left_turn HE EB BA")
        .restriction("no_right_turn DE E EH")
        .build()
        .network
}

fn written(network: &RoadNetwork, folder: &Path, source: &str) -> Vec<u8> {
    let path = folder.join("map.roads");
    save(network, source, &path).unwrap();
    fs::read(path).unwrap()
}

fn read_back(bytes: &[u8], folder: &Path) -> Result<RoadNetwork, RoadsError> {
    let path = folder.join("changed.roads");
    fs::write(&path, bytes).unwrap();
    load(&path).map(|saved| saved.network)
}

/// The header with the checksum that fits the body.
fn signed(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = blake3::hash(&bytes[HEADER..]);
    bytes[24..HEADER].copy_from_slice(checksum.as_bytes());
    bytes
}

#[test]
fn a_saved_network_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let network = network();
    let bytes = written(&network, folder.path(), "abc123");
    let saved = load(&folder.path().join("map.roads")).unwrap();
    assert_eq!(saved.network, network);
    assert_eq!(saved.source_fingerprint, "abc123");
    assert_eq!(written(&network, folder.path(), "abc123"), bytes, "same network, same bytes");
    assert_eq!(written(&saved.network, folder.path(), "abc123"), bytes);
}

#[test]
fn a_truncated_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = written(&network(), folder.path(), "abc123");
    for cut in 0..100 {
        let short = &bytes[..bytes.len() * cut / 100];
        let error = read_back(short, folder.path()).unwrap_err().to_string();
        assert!(error.contains("ddu prepare"), "{cut} %: {error}");
    }
    let longer = [bytes.as_slice(), &[0; 8]].concat();
    assert!(matches!(read_back(&longer, folder.path()), Err(RoadsError::Length { .. })));
}

#[test]
fn a_flipped_bit_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = written(&network(), folder.path(), "abc123");
    // All of the header, and every fifth byte of the body.
    for position in (0..HEADER).chain((HEADER..bytes.len()).step_by(5)) {
        let mut changed = bytes.clone();
        changed[position] ^= 1 << (position % 8);
        let error = read_back(&changed, folder.path()).unwrap_err().to_string();
        assert!(error.contains("ddu prepare"), "byte {position}: {error}");
    }
}

/// A file made by someone with the right checksum: every seventh byte is changed in turn. What still loads
/// must be safe to use.
#[test]
fn forged_contents_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = written(&network(), folder.path(), "abc123");
    let (mut refused, mut harmless) = (0, 0);
    for position in (HEADER..bytes.len()).step_by(7) {
        for value in [1, 0xff] {
            let mut forged = bytes.clone();
            if forged[position] == value {
                continue;
            }
            forged[position] = value;
            match read_back(&signed(forged), folder.path()) {
                Ok(network) => {
                    harmless += 1;
                    use_all(&network);
                }
                Err(error) => {
                    refused += 1;
                    assert!(matches!(error, RoadsError::Invalid { .. }), "byte {position}: {error}");
                }
            }
        }
    }
    println!("{refused} refused, {harmless} harmless");
    assert!(refused > 200 && harmless > 0);
}

fn use_all(network: &RoadNetwork) {
    for mode in ddu::scenario::Mode::ALL {
        let Ok(profile) = ddu::network::Profile::metres_only(network, mode) else { continue };
        let components = ddu::network::Components::new(network, &profile);
        let locator = ddu::network::Locator::new(network);
        let _ = locator.snap(drawn::at(210.0, 190.0), &profile, &components, &Default::default());
    }
}

#[test]
fn other_files_are_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read_back(b"OSMHeader", folder.path()), Err(RoadsError::NotRoads { .. })));
    assert!(matches!(read_back(b"", folder.path()), Err(RoadsError::NotRoads { .. })));
    assert!(matches!(load(&folder.path().join("none.roads")), Err(RoadsError::Io { .. })));
    assert!(matches!(load(folder.path()), Err(RoadsError::Io { .. })));
    let mut older = written(&network(), folder.path(), "abc123");
    older[8] = 0;
    let error = read_back(&older, folder.path()).unwrap_err();
    assert!(matches!(error, RoadsError::Version { found: 0, .. }));
    assert!(error.to_string().contains("ddu prepare"), "{error}");
}
