//! From a subject to a server that runs until it is asked to stop.

use super::app::{Shared, router};
use super::http;
use super::jobs::{Base, Jobs};
use super::log::Log;
use super::options::Options;
use super::page;
use super::pool::pool;
use super::subject::Subject;
use super::world::World;
use crate::progress::Progress;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread;

/// Requests that may wait for a thread.
const WAITING: usize = 1_024;
/// Threads that answer requests beyond one a core, so that a question does not keep routes waiting.
const EXTRA: usize = 2;
/// Log lines that may wait to be written.
const LOG_LINES: usize = 10_000;

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The system refuses something.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// An input is no longer what was read.
    #[error("{0} changed while it was read; start again")]
    Changed(String),
    /// Threads cannot be made.
    #[error("{0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Serves a subject on a listener until `progress` says that the user asked to stop; then requests under way are answered
/// and jobs are stopped.
///
/// # Errors
/// [`ServeError`], before the first connection is taken.
pub fn serve(
    subject: &Subject,
    listener: TcpListener,
    options: &Options,
    log: &dyn Log,
    progress: &dyn Progress,
) -> Result<(), ServeError> {
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let cores = rayon::current_num_threads();
    let threads = rayon::ThreadPoolBuilder::new().num_threads(cores).build()?;
    let world = World::new(subject, options, Base::of(subject)?, threads);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let (pool, workers) = pool(WAITING);
    let (jobs, job_queue) = Jobs::new(options);
    let (lines, told) = sync_channel(LOG_LINES);
    let shared = Arc::new(Shared::new(pool, jobs, *options, address.ip().is_loopback(), lines));
    log.listening(&format!("http://{address}/"));
    thread::scope(|scope| {
        let (world, workers, job_queue) = (&world, &workers, &job_queue);
        for _ in 0..cores + EXTRA {
            scope.spawn(move || workers.work(world));
        }
        for _ in 0..options.jobs.max(1) {
            scope.spawn(move || job_queue.work(world));
        }
        scope.spawn(move || told.iter().for_each(|line| log.request(&line)));
        scope.spawn(move || page::prepare(world, log, progress));
        let app = router(Arc::clone(&shared));
        let stop = || {
            // Clients that wait for a job are to hear of its end.
            let stop = progress.cancelled();
            if stop {
                shared.jobs.stop();
            }
            stop
        };
        runtime.block_on(http::serve(listener, app, options, &stop));
        // Tasks that are left over hold the queues open.
        runtime.shutdown_background();
        shared.jobs.stop();
        drop(shared);
    });
    Ok(())
}
