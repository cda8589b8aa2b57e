//! Progress on standard error: bars on a terminal, else one line a stage; and Ctrl-C.

use super::args::LogFormat;
use super::exit::Ending;
use crate::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long stages have to stop of themselves after Ctrl-C.
const GRACE: Duration = Duration::from_secs(3);

/// Shows the stage that runs.
pub(super) struct Terminal {
    quiet: bool,
    json: bool,
    bars: bool,
    running: Mutex<Option<Stage>>,
    finished: Mutex<Vec<(String, u64)>>,
    stop: Arc<AtomicBool>,
    naming: Arc<AtomicBool>,
}

struct Stage {
    name: String,
    bar: ProgressBar,
    start: Instant,
}

impl Terminal {
    /// Installs the Ctrl-C handler: it asks stages to stop, and ends the process if they do not (the solver of a large
    /// award cannot be asked) or if it is pressed again; never while finished files are being named.
    pub(super) fn new(quiet: bool, format: LogFormat) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let naming = Arc::new(AtomicBool::new(false));
        let (seen, busy) = (Arc::clone(&stop), Arc::clone(&naming));
        let end = move || {
            if !busy.load(Ordering::SeqCst) {
                eprintln!("interrupted; nothing was written");
                std::process::exit(130);
            }
        };
        // Failing to install leaves the system's default, which ends the process: still no half file.
        let _ = ctrlc::set_handler(move || {
            if seen.swap(true, Ordering::SeqCst) {
                end();
            }
            let end = end.clone();
            std::thread::spawn(move || {
                std::thread::sleep(GRACE);
                end();
            });
        });
        let text = format == LogFormat::Text;
        if !text {
            let _ = tracing_subscriber::fmt().json().with_writer(std::io::stderr).try_init();
        }
        Self {
            quiet,
            json: !text,
            bars: text && !quiet && std::io::stderr().is_terminal(),
            running: Mutex::new(None),
            finished: Mutex::new(Vec::new()),
            stop,
            naming,
        }
    }

    /// Tells the user what came out, unless told to be quiet.
    pub(super) fn say(&self, text: &str) {
        match (self.quiet, self.json) {
            (true, _) => {}
            (false, true) => tracing::info!("{text}"),
            (false, false) => eprintln!("{text}"),
        }
    }

    /// Tells the user what is wrong.
    pub(super) fn complain(&self, text: &str) {
        if self.json {
            tracing::error!("{text}");
        } else {
            eprintln!("{text}");
        }
    }

    /// From now on files are renamed into place, which nothing interrupts.
    ///
    /// # Errors
    /// When the user asked to stop before.
    pub(super) fn seal(&self) -> Result<(), Ending> {
        self.naming.store(true, Ordering::SeqCst);
        if self.cancelled() { Err(Ending::Interrupted) } else { Ok(()) }
    }

    /// True when standard error holds one JSON object a line.
    pub(super) const fn json(&self) -> bool {
        self.json
    }

    /// Stages with their milliseconds, in the order they ended.
    pub(super) fn timings(&self) -> Vec<(String, u64)> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Writes to standard output; a reader that has seen enough is no error.
pub(super) fn print_out(bytes: &[u8]) -> Ending {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Ending::Usage(format!("standard output: {e}")),
        _ => Ending::Done,
    }
}

impl Progress for Terminal {
    fn begin(&self, stage: &str, total: Option<u64>) {
        let bar = if self.bars {
            let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
            let template = if total.is_some() {
                "{prefix:>10} [{bar:32}] {percent:>3}% {elapsed}"
            } else {
                "{prefix:>10} {spinner} {elapsed}"
            };
            bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        } else {
            ProgressBar::hidden()
        };
        bar.set_prefix(stage.to_owned());
        let stage = Stage { name: stage.to_owned(), bar, start: Instant::now() };
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(stage);
    }

    fn advance(&self, units: u64) {
        if let Some(stage) = &*self.running.lock().unwrap_or_else(PoisonError::into_inner) {
            stage.bar.inc(units);
        }
    }

    fn finish(&self, summary: &str) {
        let Some(stage) = self.running.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        stage.bar.finish_and_clear();
        let millis = u64::try_from(stage.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        if !self.quiet {
            if self.json {
                tracing::info!(stage = stage.name, millis, "{summary}");
            } else {
                eprintln!("{:>22} {:>5}.{:01} s  {summary}", stage.name, millis / 1000, millis % 1000 / 100);
            }
        }
        self.finished.lock().unwrap_or_else(PoisonError::into_inner).push((stage.name, millis));
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
