//! Parts of a table, each of some hubs: where they lie, whether they belong together, and the table that they make.
//!
//! A part is a folder `shard=I` with `part.parquet` and `_manifest.json`; programs that read partitioned Parquet take the
//! folder above them as one table. Any scheduler can make the parts, in any order and more than once.

use super::fresh::Facts;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use serde_json::Value;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// Manifest of a part; readers of partitioned tables pass over names that begin so.
pub const SHARD_MANIFEST: &str = "_manifest.json";
/// Rows of a part.
pub const SHARD_ROWS: &str = "part.parquet";
const PREFIX: &str = "shard=";
/// Most parts of a table.
const MOST: u32 = 100_000;

/// Which part of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let advice = || format!("write I/N: the I-th of N parts, 1 <= I <= N <= {MOST}");
        let (index, of) = text.split_once('/').ok_or_else(advice)?;
        let number = |text: &str| text.parse::<u32>().map_err(|_| advice());
        let (index, of) = (number(index)?, number(of)?);
        if (1..=of).contains(&index) && of <= MOST { Ok(Self { index, of }) } else { Err(advice()) }
    }
}

impl Shard {
    /// Hubs of the part, by their indices in order of id: parts differ by one hub at most. `None` when there are fewer hubs
    /// than parts.
    #[must_use]
    pub fn hubs(self, hubs: usize) -> Option<Range<usize>> {
        let (index, of) = (usize::try_from(self.index).ok()?, usize::try_from(self.of).ok()?);
        if of > hubs || index == 0 || index > of {
            return None;
        }
        // 64 bits hold the product: both factors have 32.
        Some((index - 1) * hubs / of..index * hubs / of)
    }

    /// Its folder below that of the table.
    #[must_use]
    pub fn folder(self, table: &Path) -> PathBuf {
        table.join(format!("{PREFIX}{}", self.index))
    }
}

/// Parts that make a table, in order.
#[derive(Debug)]
pub struct ShardSet {
    /// Files of rows.
    pub parts: Vec<PathBuf>,
}

/// True when a folder holds parts of a table.
#[must_use]
pub fn holds_shards(folder: &Path) -> bool {
    folders(folder).is_ok_and(|found| !found.is_empty())
}

/// Folders of parts, in no order.
fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// Checks that the parts in a folder are whole and of one table: same version, settings and inputs, none missing.
///
/// # Errors
/// All findings, when there is any.
pub fn shards(folder: &Path) -> Result<ShardSet, Diagnostics> {
    let mut findings = Diagnostics::default();
    let mut parts: Vec<(PathBuf, Facts, Shard)> = Vec::new();
    let mut report = |file: &Path, code: Code, message: String| findings.push(finding(file, code, message));
    match folders(folder) {
        Err(error) => report(folder, Code::ShardMissing, format!("the folder cannot be read: {error}")),
        Ok(found) if found.is_empty() => report(folder, Code::ShardMissing, "there is no part here".to_owned()),
        Ok(found) => {
            for part in found {
                match Facts::read(&part.join(SHARD_MANIFEST)).and_then(|facts| Some((shard_of(&facts)?, facts))) {
                    None => report(&part, Code::ShardDamaged, format!("{SHARD_MANIFEST} is missing or cannot be used")),
                    Some((shard, _)) if shard.folder(folder) != part => {
                        report(&part, Code::ShardDamaged, format!("it holds part {} of {}", shard.index, shard.of));
                    }
                    Some((_, facts)) if !facts.same_outputs(&part) => {
                        report(&part, Code::ShardDamaged, format!("{SHARD_ROWS} is not the one its manifest tells of"));
                    }
                    Some((shard, facts)) => parts.push((part, facts, shard)),
                }
            }
        }
    }
    parts.sort_by_key(|(_, _, shard)| shard.index);
    if let Some((first_path, first, Shard { of, .. })) = parts.first() {
        for (path, facts, _) in parts.iter().skip(1) {
            for what in differences(first, facts) {
                let message = format!("it differs from {} in {what}", first_path.display());
                report(path, Code::ShardDiffers, message);
            }
        }
        let present =
            |index: &u32| parts.iter().any(|(_, _, shard)| shard.index == *index) || folder_exists(folder, *index);
        let missing: Vec<String> = (1..=*of).filter(|index| !present(index)).map(|index| index.to_string()).collect();
        if !missing.is_empty() {
            report(folder, Code::ShardMissing, format!("of {of} parts there is no {}", missing.join(", ")));
        }
    }
    let parts = parts.into_iter().map(|(path, ..)| path.join(SHARD_ROWS)).collect();
    if findings.has_errors() { Err(findings) } else { Ok(ShardSet { parts }) }
}

fn folder_exists(folder: &Path, index: u32) -> bool {
    Shard { index, of: index }.folder(folder).exists()
}

fn shard_of(facts: &Facts) -> Option<Shard> {
    let number = |key: &str| u32::try_from(facts.json().pointer("/shard")?.get(key)?.as_u64()?).ok();
    let shard = Shard { index: number("index")?, of: number("of")? };
    (shard.index >= 1 && shard.index <= shard.of && shard.of <= MOST).then_some(shard)
}

/// Something that a manifest tells.
type Part = fn(&Value) -> Value;

/// What parts of one table share, and these two do not.
fn differences(one: &Facts, other: &Facts) -> Vec<&'static str> {
    let shared: [(&str, Part); 6] = [
        ("the version of the program", |m| m["version"].clone()),
        ("the table", |m| m["shard"]["table"].clone()),
        ("the number of parts", |m| m["shard"]["of"].clone()),
        ("settings", |m| m["settings"].clone()),
        ("the contents of inputs", |m| fingerprints(m, &[])),
        ("findings", |m| m["findings"].clone()),
    ];
    shared.into_iter().filter(|(_, of)| of(one.json()) != of(other.json())).map(|(what, _)| what).collect()
}

/// Fingerprints of inputs by role; of all roles, or of some.
pub(super) fn fingerprints(manifest: &Value, roles: &[&str]) -> Value {
    let inputs = manifest["inputs"].as_array().into_iter().flatten();
    let wanted = |input: &&Value| roles.is_empty() || input["role"].as_str().is_some_and(|role| roles.contains(&role));
    inputs.filter(wanted).map(|input| (input["role"].to_string(), input["blake3"].clone())).collect()
}

/// A finding about a file or folder as a whole.
pub(super) fn finding(file: &Path, code: Code, message: String) -> Diagnostic {
    Diagnostic {
        code,
        file: Arc::new(file.to_owned()),
        span: None,
        field: String::new(),
        value: String::new(),
        message,
        help: code.action().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_all_hubs_once() {
        for hubs in 1..40 {
            for of in 1..=hubs {
                let parts: Vec<Range<usize>> = (1..=of)
                    .map(|index| Shard { index: u32::try_from(index).unwrap(), of: u32::try_from(of).unwrap() })
                    .map(|shard| shard.hubs(hubs).unwrap())
                    .collect();
                assert!(parts.iter().all(|part| !part.is_empty()));
                assert!(parts.into_iter().flatten().eq(0..hubs));
            }
            assert_eq!(Shard { index: 1, of: u32::try_from(hubs).unwrap() + 1 }.hubs(hubs), None);
        }
    }

    #[test]
    fn parts_are_typed_as_i_of_n() {
        assert_eq!("3/8".parse(), Ok(Shard { index: 3, of: 8 }));
        for wrong in ["", "3", "0/8", "9/8", "1/0", "a/b", "-1/2", "1/100001", "1/2/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
