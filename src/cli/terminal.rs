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
    wish: Arc<Wish>,
}

struct Stage {
    name: String,
    bar: ProgressBar,
    start: Instant,
}

/// What the user asked for by Ctrl-C, and what is under way.
#[derive(Default)]
struct Wish {
    /// Pressed once: stages stop.
    stop: AtomicBool,
    /// Pressed again while a result would have been kept: it is not wanted.
    abandon: AtomicBool,
    /// What runs ends of itself with a result.
    with_result: AtomicBool,
    /// Finished files are being named, which nothing interrupts.
    naming: AtomicBool,
    /// A server runs, which ends of itself.
    serving: AtomicBool,
    json: bool,
}

impl Wish {
    /// Another Ctrl-C: asks stages to stop, and ends the process if they do not, or if it is pressed once more than that.
    fn pressed(self: &Arc<Self>) {
        let kept = self.with_result.load(Ordering::SeqCst);
        let first = !self.stop.swap(true, Ordering::SeqCst);
        if first && self.serving.load(Ordering::SeqCst) {
            return self
                .tell("stopping: requests under way are answered, jobs are stopped; press again to end at once");
        }
        if first && kept {
            return self.tell("stopping: the best award found so far will be written; press again to write nothing");
        }
        if !first && (!kept || self.abandon.swap(true, Ordering::SeqCst)) {
            return self.end();
        }
        let wish = Arc::clone(self);
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            if !wish.with_result.load(Ordering::SeqCst) || wish.abandon.load(Ordering::SeqCst) {
                wish.end();
            }
        });
    }

    fn end(&self) {
        if !self.naming.load(Ordering::SeqCst) {
            self.tell("interrupted; nothing was written");
            std::process::exit(130);
        }
    }

    fn tell(&self, text: &str) {
        if self.json { tracing::error!("{text}") } else { eprintln!("{text}") }
    }

    /// True when nothing may be written.
    fn forbids(&self) -> bool {
        let wanted = self.with_result.load(Ordering::SeqCst) && !self.abandon.load(Ordering::SeqCst);
        self.stop.load(Ordering::SeqCst) && !wanted
    }
}

impl Terminal {
    /// Installs the Ctrl-C handler. Failing to install it leaves the system's default, which ends the process: still no
    /// half file.
    pub(super) fn new(quiet: bool, format: LogFormat) -> Self {
        let text = format == LogFormat::Text;
        let wish = Arc::new(Wish { json: !text, ..Wish::default() });
        let pressed = Arc::clone(&wish);
        let _ = ctrlc::set_handler(move || pressed.pressed());
        if !text {
            let _ = tracing_subscriber::fmt().json().with_writer(std::io::stderr).try_init();
        }
        Self {
            quiet,
            json: !text,
            bars: text && !quiet && std::io::stderr().is_terminal(),
            running: Mutex::new(None),
            finished: Mutex::new(Vec::new()),
            wish,
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

    /// Tells of a request, as one JSON object.
    pub(super) fn say_request(&self, method: &str, route: &str, status: u16, millis: u64) {
        if !self.quiet {
            tracing::info!(method, route, status, millis, "request");
        }
    }

    /// From now on a server runs: it stops of itself, without haste.
    pub(super) fn serves(&self) {
        self.wish.serving.store(true, Ordering::SeqCst);
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
    /// When the user asked to stop before, and no result is kept.
    pub(super) fn seal(&self) -> Result<(), Ending> {
        self.wish.naming.store(true, Ordering::SeqCst);
        if self.wish.forbids() { Err(Ending::Interrupted) } else { Ok(()) }
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

/// Ends the process when standard input closes, which is when whoever started it is gone.
pub(super) fn stop_with_stdin() {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        std::process::exit(130);
    });
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
        self.wish.stop.load(Ordering::Relaxed)
    }

    fn ends_with_result(&self) {
        self.wish.with_result.store(true, Ordering::SeqCst);
    }

    fn abandoned(&self) -> bool {
        self.wish.abandon.load(Ordering::Relaxed)
    }
}
