//! `ddu matrix --shard` and `ddu cost --shard`: one part of a table, of some hubs.

use super::args::StageArgs;
use super::exit::Ending;
use super::scenario::{BRIEF, Opened, needs_map, open};
use super::target::spare_inputs;
use super::terminal::Terminal;
use crate::artefact::Folder;
use crate::batch::{SHARD_MANIFEST, SHARD_ROWS, Shard, fresh, holds_shards};
use crate::cost;
use crate::pipeline::{self, Prepared, RunError};
use crate::report::{self, ReportError, ShardManifest};
use std::path::Path;

/// Which table it is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Matrix,
    Costs,
}

impl Table {
    const fn word(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Costs => "costs",
        }
    }

    const fn command(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Costs => "cost",
        }
    }
}

pub(super) fn shard(args: &StageArgs, shard: Shard, table: Table, terminal: &Terminal) -> Result<Ending, Ending> {
    let scenario_path = &args.scenario.scenario;
    let place = shard.folder(&args.output);
    let named = format!("part {} of {} of the {}", shard.index, shard.of, table.word());
    if !args.scenario.reading.print_config {
        check_place(&args.output, args.force)?;
        if is_fresh(&place, shard, table, scenario_path, args.scenario.reading.lenient) {
            terminal.say(&format!("{named} is up to date in {}", place.display()));
            return Ok(Ending::Done);
        }
    }
    let Opened { mut scenario, region, findings } = open(&args.scenario, true, BRIEF, terminal)?;
    let mut region = region.ok_or_else(|| needs_map(table.command()))?;
    spare_inputs(scenario_path, &scenario.inputs, &args.output)?;
    let bug = |error: &dyn std::fmt::Display| Ending::Bug(error.to_string());
    let effective = toml::from_str(&scenario.settings.to_toml(&scenario.ddus)).map_err(|error| bug(&error))?;
    let Some(hubs) = shard.hubs(scenario.hubs.len()) else {
        let Shard { index, of } = shard;
        let why = format!("there are {} hubs on the map; make at most as many parts", scenario.hubs.len());
        return Err(Ending::Usage(format!("--shard {index}/{of}: {why}")));
    };
    region.keep_hubs(&mut scenario, &hubs);
    let unwritable = |error: &dyn std::fmt::Display| Ending::Usage(format!("--output {}: {error}", place.display()));
    let mut folder = Folder::open(&place).map_err(|error| unwritable(&error))?;
    let written = match table {
        Table::Matrix => {
            let prepared = Prepared::new(&scenario, &region);
            let tiles = prepared.tiles(&scenario, terminal)?;
            // A hierarchy that was built for this is no longer needed.
            drop(prepared);
            folder.write(SHARD_ROWS, |out| tiles.write(out, terminal))
        }
        Table::Costs => {
            let matrices = pipeline::matrices(&scenario, &region, terminal)?;
            let hauls = cost::hauls(&scenario, &matrices).map_err(|error| Ending::InvalidInput(error.to_string()))?;
            folder
                .write(SHARD_ROWS, |out| report::write_costs_parquet(out, &scenario, &hauls).map_err(RunError::Report))
        }
    };
    written.map_err(|error| match Ending::from(error) {
        Ending::Usage(text) => unwritable(&text),
        other => other,
    })?;
    let manifest = ShardManifest {
        scenario: &scenario,
        effective_settings: &effective,
        import_counts: &pipeline::import_counts(&region),
        diagnostics: &findings,
        outputs: &folder.fingerprints().map_err(|error| unwritable(&error))?,
        table: table.word(),
        part: (shard.index, shard.of),
    };
    let written: Result<(), ReportError> =
        folder.write(SHARD_MANIFEST, |out| report::write_shard_manifest(out, &manifest));
    written.map_err(|error| unwritable(&error))?;
    terminal.seal()?;
    folder.commit().map_err(|error| unwritable(&error))?;
    terminal.say(&format!("{named} in {}", place.display()));
    Ok(Ending::Done)
}

/// The folder of a table may be new, empty, or hold parts.
fn check_place(output: &Path, force: bool) -> Result<(), Ending> {
    let refuse = |why: &str| Err(Ending::Usage(format!("--output {}: {why}", output.display())));
    if output.exists() && !output.is_dir() {
        return refuse("not a folder; a part of a table is written into a folder of parts");
    }
    let empty = std::fs::read_dir(output).map_or(true, |mut entries| entries.next().is_none());
    if empty || force || holds_shards(output) {
        return Ok(());
    }
    refuse("holds files that are not parts of a table; name another folder or add --force")
}

/// The part was made of the present inputs; it would have the same bytes.
fn is_fresh(place: &Path, shard: Shard, table: Table, scenario: &Path, lenient: bool) -> bool {
    fresh(place, SHARD_MANIFEST, scenario, lenient).is_some_and(|facts| {
        let told = &facts.json()["shard"];
        told["table"] == table.word() && told["index"] == shard.index && told["of"] == shard.of
    })
}
