//! Connections: as many as are granted, with a limit on how long a head may take to come and an answer to go.

use super::options::Options;
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use tokio_io_timeout::TimeoutStream;

/// Time for the head of a request to arrive whole, and for the next one on a connection that stays open.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Time in which a client must take some of its answer.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// Longest head of a request. The library bounds the address within it by 65,534 bytes.
const HEAD_BYTES: usize = 96 << 10;
/// How long requests under way may take to end when the server stops.
const LAST_TIME: Duration = Duration::from_secs(10);
/// How often the wish to stop is looked at.
const TICK: Duration = Duration::from_millis(50);

/// Serves until asked to stop; then no connection is taken, and requests under way are answered.
pub(super) async fn serve(listener: TcpListener, app: Router, options: &Options, stop: &(dyn Fn() -> bool + Sync)) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(options.connections));
    let mut head = http1::Builder::new();
    head.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_BYTES);
    loop {
        let (stream, place) = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = stopped(stop) => break,
        };
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIME));
        let connection = head.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(app.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off or keeps no time is its own affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = sleep(LAST_TIME) => {}
    }
}

/// The next connection, when there is a place for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    loop {
        if let Ok(place) = Arc::clone(places).acquire_owned().await
            && let Ok((stream, _)) = listener.accept().await
        {
            return (stream, place);
        }
        // The system has no more files to give, for the moment.
        sleep(TICK).await;
    }
}

async fn stopped(stop: &(dyn Fn() -> bool + Sync)) {
    while !stop() {
        sleep(TICK).await;
    }
}
