//! The command line: arguments → typed options → stages → files. Everything but data goes to standard error.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod batch;
mod carrier_args;
mod cats;
mod check;
mod day_routes;
mod ddus;
mod exit;
mod merge;
mod quote;
mod report;
mod route;
mod routes;
mod run;
mod sample;
mod scenario;
mod serve;
mod shard;
mod stage;
mod target;
mod terminal;
mod verify;

use args::{AwardArgs, Cli, Command, LogFormat, RoutesArgs, RunArgs, ScenarioArgs};
use clap::{CommandFactory, Parser};
use exit::Ending;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use terminal::{Terminal, print_out};

/// Runs the command given by the process arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let format = match &cli.command {
        Command::Check(args) if args.format == LogFormat::Json => LogFormat::Json,
        _ => cli.global.log_format,
    };
    let terminal = Terminal::new(cli.global.quiet, format);
    if cli.global.stop_with_stdin {
        terminal::stop_with_stdin();
    }
    if let Some(threads) = cli.global.threads {
        let built = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
        if let Err(error) = built {
            return end(Ending::Usage(format!("--threads {threads}: {error}")), &terminal);
        }
    }
    let result = panic::catch_unwind(AssertUnwindSafe(|| dispatch(cli.command, &terminal)));
    let bug = |_| Ending::Bug("please report the message above with the command you typed".to_owned());
    end(result.unwrap_or_else(bug), &terminal)
}

fn dispatch(command: Command, terminal: &Terminal) -> Ending {
    let result = match command {
        Command::Run(args) => run::run(&args, terminal, run::Scope::Everything),
        Command::Award(args) => award(&args, terminal),
        Command::Batch(args) => batch::batch(&args, terminal),
        Command::Check(args) => check::check(&args, terminal),
        Command::Prepare(args) => stage::prepare(&args, terminal),
        Command::Matrix(args) => stage::matrix(&args, terminal),
        Command::Cost(args) => stage::cost(&args, terminal),
        Command::Merge(args) => merge::merge(&args, terminal),
        Command::Route(args) => route::route(&args, terminal),
        Command::Routes(args) => routes(&args, terminal),
        Command::Quote(args) => quote::quote(&args, terminal),
        Command::Ddus(args) => ddus::ddus(&args, terminal),
        Command::Report(args) => report::report(&args, terminal),
        Command::Serve(args) => serve::serve(&args, terminal),
        Command::Verify(args) => verify::verify(&args, terminal),
        Command::Sample(args) => sample::sample(&args, terminal),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "ddu", &mut script);
            Ok(print_out(&script))
        }
    };
    result.unwrap_or_else(|ending| ending)
}

/// Routes of a scenario's day, or of a benchmark instance.
fn routes(args: &RoutesArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    match (&args.instance, &args.day.scenario) {
        (Some(file), _) => routes::routes(args, file, terminal),
        (None, Some(scenario)) => day_routes::routes(args, scenario, terminal),
        (None, None) => Err(Ending::Usage("name a scenario, or a benchmark instance with --instance".to_owned())),
    }
}

/// A scenario's award, or that of a CATS file.
fn award(args: &AwardArgs, terminal: &Terminal) -> Result<Ending, Ending> {
    match (&args.cats, &args.scenario) {
        (Some(file), _) => cats::cats(args, file, terminal),
        (None, Some(scenario)) => {
            let reading = ScenarioArgs { scenario: scenario.clone(), reading: args.reading.clone() };
            run::run(&RunArgs { scenario: reading, folder: args.folder.clone() }, terminal, run::Scope::AwardOnly)
        }
        (None, None) => Err(Ending::Usage("name a scenario, or a CATS file with --cats".to_owned())),
    }
}

fn end(ending: Ending, terminal: &Terminal) -> ExitCode {
    if let Some(text) = ending.text() {
        terminal.complain(&text);
    }
    ending.into()
}
