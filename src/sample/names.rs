//! Invented names. None is meant to be a real place, street or company.

use super::rng::{Rng, Stream};

const FIRST: [&str; 40] = [
    "Alder", "Amber", "Ash", "Bramble", "Brindle", "Cinder", "Clover", "Copper", "Dapple", "Drover", "Elder", "Ember",
    "Fallow", "Fennel", "Garnet", "Harrow", "Hazel", "Heron", "Iron", "Juniper", "Kestrel", "Lark", "Linden", "Marl",
    "Nettle", "Ochre", "Otter", "Pippin", "Quarry", "Raven", "Russet", "Sable", "Sorrel", "Tallow", "Thistle", "Umber",
    "Vesper", "Wheat", "Willow", "Yarrow",
];
const LAST: [&str; 24] = [
    "bend", "bluff", "brook", "bury", "crest", "dale", "fall", "field", "ford", "fork", "gate", "grove", "ham",
    "haven", "mark", "mere", "mill", "moor", "port", "ridge", "stead", "ton", "vale", "wick",
];
const TRADE: [&str; 12] = [
    "Parcel",
    "Freight",
    "Commerce",
    "Market",
    "Supply",
    "Outfitters",
    "Goods",
    "Books",
    "Pharmacy",
    "Apparel",
    "Hardware",
    "Grocers",
];
const KIND: [&str; 6] = ["Street", "Avenue", "Lane", "Road", "Drive", "Way"];

fn word(list: &[&'static str], index: usize) -> &'static str {
    list.get(index % list.len().max(1)).copied().unwrap_or("Sample")
}

/// Name of a settlement. The first 960 differ; later ones carry a number.
pub(super) fn town(index: usize) -> String {
    // 17 is coprime to 40, and 41 to 24: all pairs occur before one repeats.
    let name = format!("{}{}", word(&FIRST, index * 17), word(&LAST, index + index / 40));
    match index / 960 {
        0 => name,
        again => format!("{name} {}", again + 1),
    }
}

/// Name of a street across a settlement.
pub(super) fn street(rng: &mut Rng) -> String {
    let first = word(&FIRST, rng.below(FIRST.len()));
    format!("{first} {}", word(&KIND, rng.below(KIND.len())))
}

/// Name of a shipper.
pub(super) fn shipper(seed: u64, index: usize) -> String {
    let mut rng = Rng::new(seed, Stream::Names, 1_000_000 + index as u64);
    let first = word(&FIRST, rng.below(FIRST.len()) + index);
    let trade = word(&TRADE, index);
    format!("{first}{} {trade}", word(&LAST, rng.below(LAST.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn town_names_differ() {
        let names: std::collections::BTreeSet<String> = (0..3_000).map(town).collect();
        assert_eq!(names.len(), 3_000);
    }
}
