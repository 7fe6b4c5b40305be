//! Takes connections and serves them.
//!
//! 1. [`Closing::by_hand`] makes what tells of the end, and what is told.
//! 2. [`serve`] runs until then, lets the requests under way finish, and comes back.
//!
//! An accept loop of our own, because the one of axum sets no timer: there a connection that never
//! ends its headers is held for ever. Here headers have [`HEADERS`], which is also how long an idle
//! connection is kept, bodies have their own limit where they are read, an answer that nobody takes has
//! `UNREAD`, and the [`Door`] bounds how many connections there are and of whom.
//!
//! When it is time, who waits in the system's queue is still let in, and for a moment who sends on an
//! open connection is still answered: each answer is then the last of its connection. So a request that
//! was begun is answered, also where its client could not know of the end.
//!
//! Left out: TLS, which a proxy in front does, and signals (`cli`).

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Response, header::CONNECTION},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::{Instant, timeout, timeout_at},
};

pub use super::closing::{Closing, Ending};
use super::{
    door::{Door, Guest},
    seldom::Seldom,
};

/// How long a request's headers may take.
pub const HEADERS: Duration = Duration::from_secs(5);
/// How long requests under way may take when the process goes.
pub const GRACE: Duration = Duration::from_secs(10);
/// How long an answer may lie in the system's hands while its client takes nothing of it.
const UNREAD: Duration = Duration::from_secs(10);
/// Most bytes of a request's line and headers.
const HEADER_BYTES: usize = 16 * 1024;
/// After an accept that failed for want of something, files mostly.
const BREATH: Duration = Duration::from_millis(100);
/// More than the system's queue of new connections holds.
const QUEUE: usize = 8192;
/// How long open connections may still send a request when it is time.
const LAST: Duration = Duration::from_millis(300);
/// How often addresses that are as good as new are forgotten.
const SWEEP: Duration = Duration::from_secs(10);

/// What connections are served with.
#[derive(Debug)]
struct Service {
    router: Router,
    closing: Closing,
    door: Door,
    shutdown: GracefulShutdown,
}

/// Serves `router` on `listener` to whom `door` lets in until `closing`, then finishes what is under
/// way within [`GRACE`].
pub async fn serve(listener: TcpListener, router: Router, closing: Closing, door: Door) {
    let service = Service {
        router,
        closing,
        door,
        shutdown: GracefulShutdown::new(),
    };
    tokio::select! {
        () = service.accept_all(&listener) => {}
        () = service.sweep() => {}
        () = service.closing.wait() => {}
    }
    let end = Instant::now() + GRACE;
    service.accept_queued(listener);
    _ = timeout(LAST, service.until_empty()).await;
    if timeout_at(end, service.shutdown.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way after {GRACE:?} and are cut off");
    }
}

impl Service {
    async fn accept_all(&self, listener: &TcpListener) {
        let told = Seldom::default();
        loop {
            match listener.accept().await {
                Ok(accepted) => self.welcome(accepted),
                Err(error) => {
                    if let Some(times) = told.due() {
                        tracing::warn!(%error, times, "a connection could not be accepted: {error}");
                    }
                    tokio::time::sleep(BREATH).await;
                }
            }
        }
    }

    /// Lets in who connected before it was time, and closes the listener.
    fn accept_queued(&self, listener: TcpListener) {
        // As one of std it says at once that nobody waits, so it is closed at once.
        let Ok(listener) = listener.into_std() else {
            return;
        };
        for _ in 0..QUEUE {
            let Ok((stream, from)) = listener.accept() else {
                return;
            };
            let stream = stream.set_nonblocking(true).map(|()| stream);
            if let Ok(stream) = stream.and_then(TcpStream::from_std) {
                self.welcome((stream, from));
            }
        }
    }

    /// Serves a connection, or closes it at once.
    fn welcome(&self, (stream, from): (TcpStream, SocketAddr)) {
        if let Ok(guest) = self.door.admit(from.ip()) {
            let (router, closing) = (self.router.clone(), self.closing.clone());
            let watcher = self.shutdown.watcher();
            tokio::spawn(converse(stream, (router, closing), watcher, guest));
        }
    }

    async fn sweep(&self) {
        loop {
            tokio::time::sleep(SWEEP).await;
            self.door.sweep();
        }
    }

    async fn until_empty(&self) {
        while self.door.guests() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn converse(
    stream: TcpStream,
    (router, closing): (Router, Closing),
    watcher: Watcher,
    _guest: Guest,
) {
    prepare(&stream);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let answer = hyper::service::Service::call(&router, request);
        let closing = closing.clone();
        async move {
            let Ok(answer) = answer.await;
            Ok::<_, Infallible>(last_where_leaving(answer, &closing))
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early: {error}");
    }
}

fn prepare(stream: &TcpStream) {
    // A page is one small packet: it must not wait for another to fill.
    _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    {
        // Who asks and never reads the answers would hold them and his place for ever.
        _ = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD));
    }
}

/// Where the process goes, the answer says that it is the connection's last.
fn last_where_leaving(mut answer: Response<Body>, closing: &Closing) -> Response<Body> {
    if closing.is_leaving() {
        let headers = answer.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    answer
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        task::JoinHandle,
    };

    use super::*;
    use crate::web::door::Options;

    struct Served {
        address: SocketAddr,
        tell: Ending,
        end: JoinHandle<()>,
    }

    async fn served(router: Router) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, closing) = Closing::by_hand();
        let door = Door::new(Options::default(), Arc::default());
        let end = tokio::spawn(serve(listener, router, closing, door));
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
        served.tell.close();
        assert!(answer(stream).await.ends_with("done"));
        served.end.await.unwrap();
        assert!(TcpStream::connect(served.address).await.is_err());
    }

    #[tokio::test]
    async fn who_connected_before_it_was_time_is_answered_also_from_the_queue() {
        for _ in 0..8 {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (tell, closing) = Closing::by_hand();
            let mut queued = Vec::new();
            for _ in 0..5 {
                let mut stream = TcpStream::connect(address).await.unwrap();
                let request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
                stream.write_all(request).await.unwrap();
                queued.push(stream);
            }
            tell.close();
            let router = Router::new().route("/", get(async || "done"));
            let door = Door::new(Options::default(), Arc::default());
            tokio::join!(serve(listener, router, closing, door), async {
                for stream in queued {
                    assert!(answer(stream).await.ends_with("done"));
                }
            });
        }
    }

    #[tokio::test(start_paused = true)]
    async fn headers_that_never_end_are_cut_off() {
        let served = served(Router::new()).await;
        let began = Instant::now();
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
        let began = Instant::now();
        served.tell.close();
        served.end.await.unwrap();
        let took = began.elapsed();
        assert!(took >= GRACE && took < GRACE * 2, "{took:?}");
    }
}
