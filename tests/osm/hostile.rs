//! Damaged files: whatever is cut or flipped, the reader answers with an extract or an error, and never panics.

use crate::encode::{Packing, crossing, file};
use crate::shared::shared;
use ddu::osm::{OsmError, read_extract};
use ddu::progress::Silent;

/// A small generator of numbers (xorshift64*), so that the places are the same in each run.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

fn survives(bytes: &[u8], what: &str) -> bool {
    let file = file(&[bytes.to_vec()]);
    let outcome = std::panic::catch_unwind(|| read_extract(&file.path, &Silent));
    match outcome {
        Ok(Ok(extract)) => {
            let end = extract.nodes.len() as u32;
            assert!(extract.ways.iter().flat_map(|w| &w.nodes).all(|n| *n < end), "{what}: bad position");
            true
        }
        Ok(Err(error)) => {
            assert!(error.to_string().contains("map.osm.pbf"), "{what}: {error}");
            false
        }
        Err(_) => panic!("panicked: {what}"),
    }
}

#[test]
fn cut_anywhere() {
    let whole = crossing(Packing::Zlib).concat();
    assert!(survives(&whole, "whole"));
    for length in 0..whole.len() {
        // Behind the header alone there is no road, and everywhere else a blob is cut.
        assert!(!survives(&whole[..length], &format!("cut to {length} bytes")), "{length}");
    }
}

#[test]
fn every_bit_flipped() {
    for packing in [Packing::Raw, Packing::Zlib] {
        let whole = crossing(packing).concat();
        for bit in 0..whole.len() * 8 {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            survives(&bytes, &format!("bit {bit} flipped"));
        }
    }
}

#[test]
fn random_bytes_in_an_unpacked_block() {
    let whole = crossing(Packing::Raw).concat();
    let start = crossing(Packing::Raw)[0].len();
    let mut dice = Dice(7);
    for round in 0..1_500 {
        let mut bytes = whole.clone();
        for _ in 0..=dice.below(4) {
            let place = start + dice.below(whole.len() - start);
            bytes[place] = [0, 1, 0x7f, 0x80, 0xff][dice.below(5)];
        }
        survives(&bytes, &format!("round {round}: {bytes:?}"));
    }
}

#[test]
fn a_real_extract_cut_and_flipped() {
    let Some(path) = shared("columbus-oh.osm.pbf") else { return };
    let whole = std::fs::read(path).unwrap();
    let mut dice = Dice(3);
    for _ in 0..60 {
        let length = dice.below(whole.len());
        let file = file(&[whole[..length].to_vec()]);
        let error = read_extract(&file.path, &Silent).expect_err("cut");
        let expected = matches!(
            error,
            OsmError::Truncated { .. } | OsmError::Empty { .. } | OsmError::NotPbf { .. } | OsmError::NoRoads { .. }
        );
        assert!(expected, "cut to {length} bytes: {error}");
    }
    for _ in 0..40 {
        let (place, bit) = (dice.below(whole.len()), dice.below(8));
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << bit;
        survives(&bytes, &format!("bit {bit} of byte {place}"));
    }
}
