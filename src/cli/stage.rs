//! `ddu prepare`, `matrix` and `cost`: one stage, one file.

use super::args::{PrepareArgs, StageArgs};
use super::exit::Ending;
use super::scenario::{BRIEF, needs_map, open};
use super::shard::{Table, shard};
use super::target::{check_file, spare_inputs};
use super::terminal::Terminal;
use crate::artefact::write_atomically;
use crate::cost;
use crate::pipeline::{self, Prepared, Region};
use crate::report::{self, ReportError};
use crate::scenario::Scenario;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(super) fn prepare(args: &PrepareArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    check_file(&args.output, args.force)?;
    let map = pipeline::prepare(&args.extract, terminal)?;
    let length = map.save(&args.output).map_err(|e| Ending::Usage(e.to_string()))?;
    let cch = map.hierarchy.cch();
    let own = [
        ("road arcs", map.network.arc_count() as u64),
        ("turns", map.network.turn_count() as u64),
        ("hierarchy arcs", (cch.up().arc_count() + cch.down().arc_count()) as u64),
        ("bytes in all", length),
    ];
    let read = map.counts.rows.iter().map(|(name, count)| (name.as_str(), *count));
    for (name, count) in read.chain(own) {
        terminal.say(&format!("{count:>12}  {name}"));
    }
    terminal.say(&format!("prepared map in {}", args.output.display()));
    Ok(Ending::Done)
}

pub(super) fn matrix(args: &StageArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    if let Some(part) = args.shard {
        return shard(args, part, Table::Matrix, terminal);
    }
    if !is_parquet(&args.output) {
        return Err(Ending::Usage(format!(
            "--output {}: the matrix is written as Parquet; name a file that ends in .parquet",
            args.output.display()
        )));
    }
    let (scenario, region) = begin("matrix", args, terminal)?;
    let prepared = Prepared::new(&scenario, &region);
    let tiles = prepared.tiles(&scenario, terminal)?;
    // A hierarchy that was built for this is no longer needed.
    drop(prepared);
    let written = write_atomically(&args.output, |out| tiles.write(out, terminal));
    written.map_err(|error| match Ending::from(error) {
        Ending::Usage(text) => Ending::Usage(format!("--output {}: {text}", args.output.display())),
        other => other,
    })?;
    terminal.say(&format!("written to {}", args.output.display()));
    Ok(Ending::Done)
}

pub(super) fn cost(args: &StageArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    if let Some(part) = args.shard {
        return shard(args, part, Table::Costs, terminal);
    }
    let (scenario, region) = begin("cost", args, terminal)?;
    let matrices = pipeline::matrices(&scenario, &region, terminal)?;
    let hauls = cost::hauls(&scenario, &matrices).map_err(|e| Ending::InvalidInput(e.to_string()))?;
    if args.output.as_os_str() == "-" {
        let mut out = BufWriter::new(io::stdout().lock());
        let written = report::write_costs_csv(&mut out, &scenario, &hauls);
        return match written.and_then(|()| out.flush().map_err(ReportError::Io)) {
            // The reader has seen enough.
            Err(ReportError::Io(e)) if e.kind() == io::ErrorKind::BrokenPipe => Ok(Ending::Done),
            Err(e) => Err(Ending::Usage(e.to_string())),
            Ok(()) => Ok(Ending::Done),
        };
    }
    let parquet = is_parquet(&args.output);
    finish(args, terminal, |out| {
        if parquet {
            report::write_costs_parquet(out, &scenario, &hauls)
        } else {
            report::write_costs_csv(out, &scenario, &hauls)
        }
    })
}

fn begin(command: &str, args: &StageArgs, terminal: &Terminal) -> Result<(Scenario, Region), Ending> {
    if !args.scenario.reading.print_config {
        check_file(&args.output, args.force)?;
    }
    let opened = open(&args.scenario, true, BRIEF, terminal)?;
    spare_inputs(&args.scenario.scenario, &opened.scenario.inputs, &args.output)?;
    let region = opened.region.ok_or_else(|| needs_map(command))?;
    Ok((opened.scenario, region))
}

fn finish(
    args: &StageArgs,
    terminal: &Terminal,
    fill: impl FnOnce(&mut BufWriter<&mut File>) -> Result<(), ReportError>,
) -> Result<Ending, Ending> {
    write_atomically(&args.output, fill)
        .map_err(|e| Ending::Usage(format!("--output {}: {e}", args.output.display())))?;
    terminal.say(&format!("written to {}", args.output.display()));
    Ok(Ending::Done)
}

fn is_parquet(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet"))
}
