//! Maps that cannot be used: each gives its own error, with the file, the place and advice.

use crate::encode::{
    Block, Packing, TempFile, blob, bytes, crossing, deltas, file, frame, header, number, packed, usual_header,
};
use ddu::osm::{OsmError, read_extract};
use ddu::progress::{Progress, Silent};

const MIB: u64 = 1024 * 1024;

/// Reads, checks that the message names the file and holds the words, and returns the error.
fn refused(file: &TempFile, words: &[&str]) -> OsmError {
    let error = read_extract(&file.path, &Silent).expect_err("an error");
    let message = error.to_string();
    assert!(message.contains(&file.path.display().to_string()), "{message}");
    for word in words {
        assert!(message.contains(word), "{message}: no {word:?}");
    }
    error
}

#[test]
fn no_file() {
    let folder = tempfile::tempdir().unwrap();
    let missing = read_extract(&folder.path().join("absent.osm.pbf"), &Silent).unwrap_err();
    assert!(matches!(missing, OsmError::Missing { .. }) && missing.to_string().contains("absent.osm.pbf"));
    let directory = read_extract(folder.path(), &Silent).unwrap_err();
    assert!(matches!(directory, OsmError::NotAFile { .. }), "{directory}");
    assert!(matches!(refused(&file(&[]), &["empty"]), OsmError::Empty { .. }));
}

#[test]
fn not_a_pbf() {
    let cases: &[(&[u8], &str)] = &[
        (b"<?xml version='1.0'?><osm/>", "XML"),
        (&[0x1f, 0x8b, 8, 0, 0, 0], "gzip"),
        (b"BZh91AY&SY", "bzip2"),
        (b"PK\x03\x04....", "ZIP"),
        (b"node_id,lat,lon\n1,2,3\n", "6e 6f 64 65"),
        (&[0, 0, 0, 3, 9, 9, 9, 0], "header"),
    ];
    for (start, word) in cases {
        let error = refused(&file(&[start.to_vec()]), &[word, "convert"]);
        assert!(matches!(error, OsmError::NotPbf { .. }), "{error}");
    }
    let headless = crossing(Packing::Zlib).split_off(1);
    assert!(matches!(refused(&file(&headless), &["OSMHeader"]), OsmError::NotPbf { .. }));
}

#[test]
fn cut_off() {
    let whole = crossing(Packing::Zlib);
    let first = whole[0].len();
    let mut cut = whole.concat();
    cut.truncate(first + 40);
    match refused(&file(&[cut]), &["blob 1", "download"]) {
        OsmError::Truncated { blob: 1, offset, needed, left, .. } => {
            assert_eq!(offset + left, first as u64 + 40);
            assert!(needed > left);
        }
        other => panic!("{other}"),
    }
    let error = refused(&file(&[whole.concat()[..first + 2].to_vec()]), &["blob 1"]);
    assert!(matches!(error, OsmError::Truncated { needed: 4, left: 2, .. }), "{error}");
}

#[test]
fn features_and_compressions() {
    let data = crossing(Packing::Raw).remove(1);
    let history = file(&[header(&["OsmSchema-V0.6", "HistoricalInformation"], None), data]);
    assert!(matches!(refused(&history, &["HistoricalInformation"]), OsmError::Feature { .. }));
    for (field, method) in [(4, "lzma"), (5, "bzip2"), (6, "lz4"), (7, "zstd")] {
        let packed = frame("OSMData", &[number(2, 3), bytes(field, b"abc")].concat());
        let offset = format!("blob 1 at byte {}", usual_header().len());
        let error = refused(&file(&[usual_header(), packed]), &[method, &offset, "zlib"]);
        assert!(matches!(error, OsmError::Compression { .. }), "{error}");
    }
}

#[test]
fn too_large() {
    let claims_raw = frame("OSMData", &[number(2, 33 * MIB), bytes(3, b"abc")].concat());
    let huge = [bytes(1, b"OSMData"), number(3, 33 * MIB)].concat();
    let claims_data = [(huge.len() as u32).to_be_bytes().to_vec(), huge].concat();
    let claims_header = [0, 1, 0, 1].to_vec();
    for (part, size) in [(claims_raw, "34603008"), (claims_data, "34603008"), (claims_header, "65537")] {
        let error = refused(&file(&[usual_header(), part]), &["blob 1", size]);
        assert!(matches!(error, OsmError::TooLarge { .. }), "{error}");
    }
}

#[test]
fn damaged() {
    let way = |parts: &[Vec<u8>]| {
        let mut block = Block::new();
        block.string(b"highway");
        block.string(b"primary");
        block.group(&bytes(3, &parts.concat()));
        block.message()
    };
    let dense = |parts: &[Vec<u8>]| {
        let mut block = Block::new();
        block.way(5, &[1, 2], &[("highway", "primary")]).group(&bytes(2, &parts.concat()));
        block.message()
    };
    let relation = |parts: &[Vec<u8>]| {
        let mut block = Block::new();
        let (key, value) = (block.string(b"type"), block.string(b"restriction"));
        let relation = [vec![number(1, 5), packed(2, &[key]), packed(3, &[value])], parts.to_vec()].concat();
        block.group(&bytes(4, &relation.concat()));
        block.message()
    };
    let no_step = [0x80_u8; 11];
    let mut grainless = Block::new();
    grainless.granularity = 0;
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("string 7 is used", way(&[number(1, 5), packed(2, &[7]), packed(3, &[2])])),
        ("string 9 is used", way(&[number(1, 5), packed(2, &[1]), packed(3, &[9])])),
        ("cut off", way(&[number(1, 5), packed(2, &[1]), packed(3, &[])])),
        ("no id", way(&[packed(2, &[1]), packed(3, &[2]), deltas(8, &[1, 2])])),
        ("exceeds 64 bits", way(&[number(1, 5), packed(2, &[1]), packed(3, &[2]), bytes(8, &no_step)])),
        ("exceeds 64 bits", way(&[number(1, 5), packed(2, &[1]), packed(3, &[2]), packed(8, &[u64::MAX, u64::MAX])])),
        ("wrong wire type", way(&[bytes(1, b"5")])),
        ("longer than the message", vec![18, 100, 1]),
        ("unknown wire type", vec![11]),
        ("cut off", dense(&[deltas(1, &[1, 2]), deltas(8, &[0]), deltas(9, &[0, 1])])),
        ("more coordinates", dense(&[deltas(1, &[1]), deltas(8, &[0, 1]), deltas(9, &[0, 1])])),
        ("string 50 is used", dense(&[deltas(1, &[1]), deltas(8, &[0]), deltas(9, &[0]), packed(10, &[50, 51, 0])])),
        ("no known kind", relation(&[packed(8, &[0]), deltas(9, &[1]), packed(10, &[3])])),
        ("string 60 is used", relation(&[packed(8, &[60]), deltas(9, &[1]), packed(10, &[1])])),
        ("cut off", relation(&[packed(8, &[]), deltas(9, &[1]), packed(10, &[1])])),
        ("granularity", grainless.message()),
    ];
    let place = format!("blob 1 at byte {}", usual_header().len());
    for (words, message) in cases {
        for packing in [Packing::Raw, Packing::Zlib] {
            let parts = [usual_header(), frame("OSMData", &blob(&message, packing))];
            let error = refused(&file(&parts), &[words, &place]);
            assert!(matches!(error, OsmError::Damaged { .. }), "{error}");
        }
    }
    for (words, message) in [
        ("zlib data is corrupt", [number(2, 3), bytes(3, b"abc")].concat()),
        ("no contents", vec![]),
        ("fewer bytes", [number(2, 999), bytes(3, &zlib(b"hello"))].concat()),
        ("more bytes", [number(2, 1), bytes(3, &zlib(b"hello hello"))].concat()),
    ] {
        refused(&file(&[usual_header(), frame("OSMData", &message)]), &[words, &place]);
    }
}

fn zlib(contents: &[u8]) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut out = vec![0; compressor.zlib_compress_bound(contents.len())];
    let size = compressor.zlib_compress(contents, &mut out).unwrap();
    out.truncate(size);
    out
}

#[test]
fn no_roads() {
    let mut block = Block::new();
    block.dense(&[(1, 0, 0, &[]), (2, 1, 0, &[])]).way(5, &[1, 2], &[("highway", "footway")]);
    let paths = file(&[usual_header(), block.data(Packing::Raw)]);
    assert!(matches!(refused(&paths, &["1 ways read"]), OsmError::NoRoads { .. }));
    let mut block = Block::new();
    block.way(5, &[1, 2], &[("highway", "primary")]);
    let nodeless = file(&[usual_header(), block.data(Packing::Raw)]);
    assert!(matches!(refused(&nodeless, &["none of 1 road ways"]), OsmError::NoRoads { .. }));
    assert!(matches!(refused(&file(&[usual_header()]), &["no road"]), OsmError::NoRoads { .. }));
}

/// Wants to stop from the start.
struct Impatient;

impl Progress for Impatient {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _units: u64) {}
    fn finish(&self, _summary: &str) {}
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn stops_when_asked() {
    let file = file(&crossing(Packing::Zlib));
    assert!(matches!(read_extract(&file.path, &Impatient), Err(OsmError::Interrupted { .. })));
}
