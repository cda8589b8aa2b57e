//! A scenario made of settings laid over one another: the batch's defaults, a scenario, a region's own.

use std::io;
use std::path::{Component, Path, PathBuf};
use toml::{Table, Value};

/// Sections of a scenario, with the folder that their paths are relative to.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) folder: PathBuf,
    pub(super) settings: Table,
}

impl Layer {
    /// The settings that name a map.
    pub(super) fn of_map(map: &Path) -> Table {
        let path = Value::String(map.to_string_lossy().into_owned());
        let inputs = Value::Table(Table::from_iter([("map".to_owned(), path)]));
        Table::from_iter([("inputs".to_owned(), inputs)])
    }
}

/// The text of the scenario that layers make, for a file in the folder `place`, which exists: later layers win, lists as a
/// whole, and paths are written relative to `place`.
///
/// # Errors
/// When a folder cannot be found.
pub(super) fn scenario_text(layers: &[Layer], place: &Path) -> io::Result<String> {
    let place = place.canonicalize()?;
    let mut whole = Table::new();
    for layer in layers {
        let mut settings = layer.settings.clone();
        if let Some(Value::Table(inputs)) = settings.get_mut("inputs") {
            let folder = if layer.folder.as_os_str().is_empty() { Path::new(".") } else { &layer.folder };
            rebase(inputs, &folder.canonicalize()?, &place);
            // A map takes the place of a table of costs below it, and the other way round.
            for (one, other) in [("map", "costs"), ("costs", "map")] {
                if let (true, Some(Value::Table(below))) = (inputs.contains_key(one), whole.get_mut("inputs")) {
                    below.remove(other);
                }
            }
        }
        lay(&mut whole, settings);
    }
    toml::to_string(&whole).map_err(io::Error::other)
}

fn lay(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

/// Paths of `[inputs]`, plain or in a table, as they are from another folder.
fn rebase(inputs: &mut Table, from: &Path, to: &Path) {
    for (key, value) in inputs {
        let path = match value {
            Value::Table(table) => table.get_mut("path"),
            value => Some(value),
        };
        if let (Some(Value::String(path)), false) = (path, key == "outside_map") {
            *path = relative(&from.join(&*path), to).to_string_lossy().into_owned();
        }
    }
}

/// A path as it is from a folder. Both begin at a root, and the folder holds no `..`.
fn relative(target: &Path, folder: &Path) -> PathBuf {
    let mut plain: Vec<Component<'_>> = Vec::new();
    for part in target.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    let folder: Vec<Component<'_>> = folder.components().collect();
    let shared = plain.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return target.to_owned();
    }
    let up = folder.iter().skip(shared).map(|_| Component::ParentDir);
    up.chain(plain.into_iter().skip(shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_other_folder() {
        let from = |target: &str| relative(Path::new(target), Path::new("/a/out/scenarios"));
        assert_eq!(from("/a/data/map.pbf"), Path::new("../../data/map.pbf"));
        assert_eq!(from("/a/x/../data/./map.pbf"), Path::new("../../data/map.pbf"));
        assert_eq!(from("/b/map.pbf"), Path::new("../../../b/map.pbf"));
        assert_eq!(from("/a/out/scenarios/map.pbf"), Path::new("map.pbf"));
    }

    #[test]
    fn later_layers_win_and_a_map_replaces_costs() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("out");
        std::fs::create_dir(&place).unwrap();
        let layer = |text: &str| Layer { folder: dir.path().to_owned(), settings: text.parse().unwrap() };
        let below = layer(
            "[inputs]\ncosts = \"c.csv\"\nhubs = { path = \"h.csv\", ignore = [\"a\"] }\n\
             [award]\nshare_cap = 0.5\ncriteria = [\"a\", \"b\"]",
        );
        let above = layer("[inputs]\nmap = \"m.pbf\"\noutside_map = \"drop\"\n[award]\ncriteria = [\"c\"]");
        let made: Table = scenario_text(&[below, above], &place).unwrap().parse().unwrap();
        let wanted = "[inputs]\nmap = \"../m.pbf\"\noutside_map = \"drop\"\n\
                      hubs = { path = \"../h.csv\", ignore = [\"a\"] }\n[award]\nshare_cap = 0.5\ncriteria = [\"c\"]";
        assert_eq!(made, wanted.parse().unwrap());
    }
}
