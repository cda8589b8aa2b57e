//! `ddu routes --instance`: vehicle routes of a benchmark instance of the literature.

use super::args::{RoundingArg, RoutesArgs};
use super::exit::Ending;
use super::target::{check_file, spare_files};
use super::terminal::{Terminal, print_out};
use crate::artefact::write_atomically;
use crate::progress::Progress;
use crate::routes::{
    Answer, BestKnown, ExactOptions, Instance, Rounding, SearchOptions, SolveOptions, parse_best_known, solve,
    violations,
};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Defects shown of a file.
const SHOWN: usize = 20;

pub(super) fn routes(args: &RoutesArgs, path: &Path, terminal: &Terminal) -> Result<Ending, Ending> {
    let output = args.output.as_deref().filter(|output| output.as_os_str() != "-");
    if let Some(output) = output {
        check_file(output, args.force)?;
        spare_files(std::iter::once(path.to_owned()), output)?;
    }
    let instance = read(path, args.rounding)?;
    let best_known = best_known(args, path, instance.rounding, terminal)?;
    let iterations = args.iterations.unwrap_or_else(|| default_iterations(&instance));
    let options = SolveOptions {
        search: SearchOptions { iterations, runs: args.runs, seed: args.seed },
        exact: args.prove.then(ExactOptions::default),
    };
    let answer = solve(&instance.problem, options, terminal).map_err(|e| Ending::Bug(e.to_string()))?;
    let faults = violations(&instance.problem, &answer.plan, None);
    if let Some(fault) = faults.first() {
        return Err(Ending::Bug(format!("the plan does not hold: {fault}")));
    }
    let text = solution_text(&instance, &answer);
    match output {
        Some(output) => {
            let written = write_atomically(output, |out| out.write_all(text.as_bytes()));
            written.map_err(|e| Ending::Usage(format!("--output {}: {e}", output.display())))?;
        }
        None => {
            print_out(text.as_bytes());
        }
    }
    terminal.say(&summary(&instance, &answer, best_known));
    Ok(if terminal.cancelled() || answer.without_vehicle > 0 || (args.prove && !answer.optimal()) {
        Ending::LimitHit
    } else {
        Ending::Done
    })
}

/// Of each run; two runs take about 10 s of one core at 100 stops.
fn default_iterations(instance: &Instance) -> u64 {
    2_100 * u64::try_from(instance.problem.stops().len()).unwrap_or(u64::MAX).min(100_000)
}

fn read(path: &Path, rounding: Option<RoundingArg>) -> Result<Instance, Ending> {
    let unreadable =
        |e: std::io::Error| Ending::InvalidInput(format!("{}: the file cannot be read: {e}", path.display()));
    let bytes = fs::read(path).map_err(unreadable)?;
    let rounding = rounding.map(|rounding| match rounding {
        RoundingArg::Nearest => Rounding::Nearest,
        RoundingArg::Tenths => Rounding::Tenths,
    });
    Instance::parse(&String::from_utf8_lossy(&bytes), rounding).map_err(|defects| {
        let mut lines: Vec<String> = defects.iter().take(SHOWN).map(|d| format!("{}: {d}", path.display())).collect();
        if defects.len() > SHOWN {
            lines.push(format!("{} more", defects.len() - SHOWN));
        }
        Ending::InvalidInput(lines.join("\n"))
    })
}

/// From the option, or from the solution file beside the instance.
fn best_known(
    args: &RoutesArgs,
    instance: &Path,
    rounding: Rounding,
    terminal: &Terminal,
) -> Result<Option<BestKnown>, Ending> {
    let decimals = rounding.decimals();
    if let Some(text) = &args.best_known {
        let wrong =
            || Ending::Usage(format!("--best-known {text}: write a number from 0 with at most {decimals} decimals"));
        return BestKnown::parse(text, rounding).map(Some).ok_or_else(wrong);
    }
    let beside = instance.with_extension("sol");
    let Ok(text) = fs::read_to_string(&beside) else { return Ok(None) };
    let found = parse_best_known(&text, rounding);
    if found.is_none() {
        terminal.say(&format!("{}: no line `Cost` with at most {decimals} decimals; not compared", beside.display()));
    }
    Ok(found)
}

/// A solution in VRPLIB's format.
fn solution_text(instance: &Instance, answer: &Answer) -> String {
    let mut text = String::new();
    for (number, route) in (1..).zip(&answer.plan.routes) {
        let names =
            route.visits.iter().filter_map(|v| instance.problem.stops().get(v.stop)).map(|s| s.name.to_string());
        let _ = writeln!(text, "Route #{number}: {}", names.collect::<Vec<_>>().join(" "));
    }
    for unserved in &answer.plan.unserved {
        let name = instance.problem.stops().get(unserved.stop).map_or(0, |s| s.name);
        let _ = writeln!(text, "Unserved {name}: {:?}", unserved.reason);
    }
    let _ = writeln!(text, "Cost {}", decimal(answer.cost.0, instance.rounding));
    text
}

fn summary(instance: &Instance, answer: &Answer, best_known: Option<BestKnown>) -> String {
    let show = |value: i64| decimal(value, instance.rounding);
    let mut text = format!("{}: {} routes, cost {}", instance.name, answer.plan.routes.len(), show(answer.cost.0));
    let served = instance.problem.stops().len() - answer.plan.unserved.len();
    let _ = write!(text, ", {served} of {} stops served", instance.problem.stops().len());
    match answer.bound {
        _ if answer.optimal() => text.push_str("; optimal, proven in integers"),
        Some(bound) => {
            let _ = write!(text, "; bound {}, gap {}", show(bound.0), per_cent(answer.cost.0, bound.0));
        }
        None => text.push_str("; not proven that no more stops can be served"),
    }
    if let Some(BestKnown(best)) = best_known {
        let _ = write!(text, "; {} from the best known {}", per_cent(answer.cost.0, best), show(best));
        if answer.cost.0 < best {
            text.push_str(" (below it: is that of the same rounding?)");
        }
    }
    text
}

fn decimal(value: i64, rounding: Rounding) -> String {
    match rounding {
        Rounding::Nearest => value.to_string(),
        Rounding::Tenths => format!("{}.{}", value / 10, value % 10),
    }
}

/// How far a value lies above another, in hundredths of a per cent.
fn per_cent(value: i64, reference: i64) -> String {
    if reference <= 0 {
        return "unknown".to_owned();
    }
    let hundredths = (i128::from(value) - i128::from(reference)) * 10_000 / i128::from(reference);
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02} %", hundredths.abs() / 100, hundredths.abs() % 100)
}
