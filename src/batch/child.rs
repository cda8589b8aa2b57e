//! One run in a process of its own: started, watched, ended.

use super::memory::Memory;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// Time between two looks at a process.
const LOOK: Duration = Duration::from_millis(20);
/// Most of a log that is searched for what went wrong.
const MOST_OF_LOG: u64 = 1 << 20;
/// Longest error that is kept, in characters.
const LONGEST_ERROR: usize = 2_000;

/// How a process ended.
pub(super) enum Ended {
    /// By itself, or by the system.
    Exited(ExitStatus),
    /// By us.
    Stopped,
}

/// A run and what it took.
pub(super) struct Run {
    pub(super) ended: Ended,
    pub(super) seconds: f64,
    pub(super) peak: Option<u64>,
}

/// Runs a program to its end, or until `go_on` is told no more: it is asked about fifty times a second, with the bytes of
/// memory that the process has and has had at most.
///
/// The process holds a pipe to this one and ends when that closes, so that none is left behind by a kill.
///
/// # Errors
/// When the program cannot be started or watched.
pub(super) fn run(
    program: &Path,
    arguments: &[OsString],
    log: &Path,
    mut go_on: impl FnMut(Option<u64>, f64, Option<u64>) -> bool,
) -> io::Result<Run> {
    let begun = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(File::create(log)?)
        .spawn()?;
    let mut peak: Option<u64> = None;
    let ended = loop {
        if let Some(status) = child.try_wait()? {
            break Ended::Exited(status);
        }
        let memory = Memory::of(child.id());
        peak = peak.max(memory.map(|memory| memory.peak));
        if !go_on(memory.map(|memory| memory.resident), begun.elapsed().as_secs_f64(), peak) {
            end(&mut child)?;
            break Ended::Stopped;
        }
        std::thread::sleep(LOOK);
    };
    Ok(Run { ended, seconds: begun.elapsed().as_secs_f64(), peak })
}

fn end(child: &mut Child) -> io::Result<()> {
    // It may have ended meanwhile.
    let _ = child.kill();
    child.wait().map(|_| ())
}

/// What a log says went wrong: the first finding with its place, and the verdict.
pub(super) fn error_in(log: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    File::open(log).ok()?.take(MOST_OF_LOG).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("error"))?;
    let mut told = vec![lines[first]];
    told.extend(lines.get(first + 1).map(|line| line.trim()).filter(|line| line.starts_with("-->")));
    told.extend(lines.iter().skip(first + 1).rfind(|line| line.starts_with("error: ")));
    Some(told.join("\n").chars().take(LONGEST_ERROR).collect())
}

/// True when a log holds nothing: the process had no time to say anything.
pub(super) fn is_silent(log: &Path) -> bool {
    fs::metadata(log).map_or(true, |file| file.len() == 0)
}
