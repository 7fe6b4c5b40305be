//! Takes connections and serves them.
//!
//! 1. [`Closing::by_hand`] makes what tells of the end, and what is told.
//! 2. [`serve`] runs until then, lets the requests under way finish, and comes back.
//!
//! An accept loop of our own, because the one of axum sets no timer: there a connection that never
//! ends its headers is held for ever. Here headers have [`HEADERS`], which is also how long an idle
//! connection is kept, bodies have their own limit where they are read, and there are at most
//! [`CONNECTIONS`] connections, so a flood costs a bounded amount of memory.
//!
//! Left out: TLS, which a proxy in front does, and signals (`cli`).

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::timeout,
};

/// How long a request's headers may take.
pub const HEADERS: Duration = Duration::from_secs(5);
/// How long requests under way may take when the process goes.
pub const GRACE: Duration = Duration::from_secs(10);
/// Most connections at a time; more wait in the system's queue.
pub const CONNECTIONS: usize = 4096;
/// Most bytes of a request's line and headers.
const HEADER_BYTES: usize = 16 * 1024;
/// After an accept that failed for want of something, files mostly.
const BREATH: Duration = Duration::from_millis(100);

/// Tells that the process goes. Clones tell the same.
#[derive(Clone, Debug)]
pub struct Closing(watch::Receiver<bool>);

impl Closing {
    /// One that is told by sending `true`.
    pub fn by_hand() -> (watch::Sender<bool>, Self) {
        let (tell, told) = watch::channel(false);
        (tell, Self(told))
    }

    /// Comes back when it is time, at once where it was already. If nobody is left to tell, it is
    /// time too.
    pub async fn wait(&self) {
        _ = self.0.clone().wait_for(|closing| *closing).await;
    }
}

/// Serves `router` on `listener` until `closing`, then finishes what is under way within
/// [`GRACE`].
pub async fn serve(listener: TcpListener, router: Router, closing: Closing) {
    let shutdown = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::select! {
        () = accept_all(&listener, &router, &shutdown, &room) => {}
        () = closing.wait() => {}
    }
    drop(listener);
    if timeout(GRACE, shutdown.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way after {GRACE:?} and are cut off");
    }
}

async fn accept_all(
    listener: &TcpListener,
    router: &Router,
    shutdown: &GracefulShutdown,
    room: &Arc<Semaphore>,
) {
    while let Ok(permit) = Arc::clone(room).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(converse(stream, router.clone(), shutdown.watcher(), permit));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted: {error}");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

async fn converse(
    stream: TcpStream,
    router: Router,
    watcher: Watcher,
    _room: OwnedSemaphorePermit,
) {
    // A page is one small packet: it must not wait for another to fill.
    _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early: {error}");
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        task::JoinHandle,
    };

    use super::*;

    struct Served {
        address: std::net::SocketAddr,
        tell: watch::Sender<bool>,
        end: JoinHandle<()>,
    }

    async fn served(router: Router) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, closing) = Closing::by_hand();
        let end = tokio::spawn(serve(listener, router, closing));
        Served { address, tell, end }
    }

    async fn send(served: &Served, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    async fn answer(mut stream: TcpStream) -> String {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn a_request_under_way_is_finished_before_the_end() {
        let slow = get(async || {
            tokio::time::sleep(Duration::from_millis(200)).await;
            "done"
        });
        let served = served(Router::new().route("/", slow)).await;
        let stream = send(&served, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        served.tell.send_replace(true);
        assert!(answer(stream).await.ends_with("done"));
        served.end.await.unwrap();
        assert!(TcpStream::connect(served.address).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn headers_that_never_end_are_cut_off() {
        let served = served(Router::new()).await;
        let began = tokio::time::Instant::now();
        let stream = send(&served, "GET / HTTP/1.1\r\nhost: ").await;
        answer(stream).await;
        let took = began.elapsed();
        assert!(took >= HEADERS && took < HEADERS * 2, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_finish_is_cut_off_after_the_grace() {
        let never = get(async || std::future::pending::<()>().await);
        let served = served(Router::new().route("/", never)).await;
        let _held = send(&served, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let began = tokio::time::Instant::now();
        served.tell.send_replace(true);
        served.end.await.unwrap();
        let took = began.elapsed();
        assert!(took >= GRACE && took < GRACE * 2, "{took:?}");
    }
}
