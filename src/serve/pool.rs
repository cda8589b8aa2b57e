//! Threads that compute, apart from the one that talks: work is handed to them through a bounded queue.
//!
//! The threads borrow the [`World`]; handlers own nothing of it. Work whose client is gone is dropped, and work that is
//! under way is asked to stop.

use super::error::ApiError;
use super::world::World;
use crate::progress::Progress;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

type Work = Box<dyn FnOnce(&World<'_>) + Send>;

/// Where work is handed in.
pub(super) struct Pool(SyncSender<Work>);

/// Where threads take it from.
pub(super) struct Workers(Mutex<Receiver<Work>>);

/// A pool in which so many pieces of work may wait.
pub(super) fn pool(waiting: usize) -> (Pool, Workers) {
    let (sender, receiver) = sync_channel(waiting);
    (Pool(sender), Workers(Mutex::new(receiver)))
}

/// The wish of a client to stop; that it is gone is such a wish.
#[derive(Clone, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Progress for Stop {
    fn begin(&self, _stage: &str, _total: Option<u64>) {}
    fn advance(&self, _units: u64) {}
    fn finish(&self, _summary: &str) {}
    fn cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
    fn abandoned(&self) -> bool {
        self.cancelled()
    }
}

struct StopOnDrop(Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

impl Pool {
    /// Has work done by one of the threads.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&World<'_>, &Stop) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let (sender, receiver) = oneshot::channel();
        let stop = StopOnDrop(Stop::default());
        let wish = stop.0.clone();
        let task = move |world: &World<'_>| {
            if sender.is_closed() {
                return;
            }
            // What panics answers nothing, which its client is told; the message is on standard error.
            if let Ok(answer) = catch_unwind(AssertUnwindSafe(|| work(world, &wish))) {
                let _ = sender.send(answer);
            }
        };
        self.0.try_send(Box::new(task)).map_err(|_| ApiError::busy("too many requests wait; try again later"))?;
        receiver.await.map_err(|_| ApiError::bug())
    }
}

impl Workers {
    /// Works until nobody can hand in any more.
    pub(super) fn work(&self, world: &World<'_>) {
        loop {
            let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(work) = next else { return };
            work(world);
        }
    }
}
