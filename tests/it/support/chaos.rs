//! A proxy on loopback that spoils what goes through it, between the real program and what it needs.
//!
//! 1. [`Chaos::before`] stands before a server; the program is given [`Chaos::port`].
//! 2. [`Chaos::set`] changes its [`Weather`], also under connections that are open.
//! 3. [`Chaos::caught`] waits until it holds what it was told to hold; [`Chaos::lead_to`] has it lead
//!    to another server from now on.
//!
//! A message is what one read gives: enough for protocols in which an answer is waited for.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::JoinSet,
    time::sleep,
};

/// What happens to connections, those that are open and those that come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Nothing.
    Fair,
    /// Each request takes so long on its way.
    SlowRequests(Duration),
    /// Each answer takes so long.
    SlowAnswers(Duration),
    /// They are reset, as by a machine that lost its power and came back.
    Reset,
    /// They are ended in order.
    Ended,
    /// All is taken, nothing is said.
    BlackHole,
    /// The server's side is ended, ours is still read.
    HalfClosed,
    /// The first answer ends after so many bytes.
    CutShort(usize),
    /// Answers come as other bytes.
    Garbled,
    /// They are reset when so many requests have come through.
    ResetAfter(usize),
    /// A request with these bytes arrives; its answer is lost with the connection.
    AnswerLost(&'static [u8]),
    /// A request with these bytes is held on its way there.
    RequestHeld(&'static [u8]),
    /// The answer to a request with these bytes is held on its way back.
    AnswerHeld(&'static [u8]),
}

/// The proxy. It is gone with its connections when it is dropped.
pub(crate) struct Chaos {
    address: SocketAddr,
    shared: Shared,
    _running: JoinSet<()>,
}

#[derive(Clone)]
struct Shared {
    weather: Arc<watch::Sender<Weather>>,
    server: Arc<Mutex<SocketAddr>>,
    caught: Arc<Notify>,
    requests: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
}

impl Chaos {
    /// One before the server at this port of loopback.
    pub(crate) async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Shared {
            weather: Arc::new(watch::Sender::new(Weather::Fair)),
            server: Arc::new(Mutex::new(loopback(port))),
            caught: Arc::default(),
            requests: Arc::default(),
            open: Arc::default(),
        };
        let mut running = JoinSet::new();
        running.spawn(accept(listener, shared.clone()));
        Self {
            address,
            shared,
            _running: running,
        }
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on.
    pub(crate) fn set(&self, weather: Weather) {
        self.shared.weather.send_replace(weather);
    }

    /// Leads to another server from now on; what leads to the first is ended.
    pub(crate) async fn lead_to(&self, port: u16) {
        *self.shared.server.lock().unwrap() = loopback(port);
        self.set(Weather::Ended);
        super::until("the end of all connections", async || {
            (self.shared.open.load(Ordering::SeqCst) == 0).then_some(())
        })
        .await;
        self.set(Weather::Fair);
    }

    /// How many requests have come until now.
    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.load(Ordering::SeqCst)
    }

    /// Waits until something is held, or an answer was lost.
    pub(crate) async fn caught(&self) {
        let caught = tokio::time::timeout(super::PATIENCE, self.shared.caught.notified());
        caught.await.expect("the proxy catches what it waits for");
    }
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

async fn accept(listener: TcpListener, shared: Shared) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (client, _) = accepted.unwrap();
                shared.open.fetch_add(1, Ordering::SeqCst);
                connections.spawn(carry(client, shared.clone()));
            }
            Some(_) = connections.join_next() => {
                shared.open.fetch_sub(1, Ordering::SeqCst);
            }
        }
    }
}

/// Carries one connection to its end, whatever that is.
async fn carry(client: TcpStream, shared: Shared) {
    let mut weather = shared.weather.subscribe();
    let now = *weather.borrow_and_update();
    if now == Weather::Reset {
        client.set_zero_linger().unwrap();
    }
    if matches!(now, Weather::Reset | Weather::Ended) {
        return;
    }
    let address = *shared.server.lock().unwrap();
    let Ok(server) = TcpStream::connect(address).await else {
        _ = client.set_zero_linger();
        return;
    };
    let mut connection = Connection {
        client,
        server,
        weather,
        caught: shared.caught,
        all_requests: shared.requests,
        requests: 0,
        answer: Next::Passes,
    };
    // However it ends, both sides are closed.
    _ = connection.run().await;
}

/// What becomes of the next answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Passes,
    IsLost,
    IsHeld,
}

struct Connection {
    client: TcpStream,
    server: TcpStream,
    weather: watch::Receiver<Weather>,
    caught: Arc<Notify>,
    all_requests: Arc<AtomicUsize>,
    /// Since the weather changed.
    requests: usize,
    answer: Next,
}

impl Connection {
    async fn run(&mut self) -> io::Result<()> {
        let (mut request, mut answer) = (vec![0; 1 << 16], vec![0; 1 << 16]);
        loop {
            tokio::select! {
                read = self.client.read(&mut request) => {
                    let length = some(read?)?;
                    self.ask(&request[..length]).await?;
                }
                read = self.server.read(&mut answer) => {
                    let length = some(read?)?;
                    self.answer(&mut answer[..length]).await?;
                }
                changed = self.weather.changed() => {
                    changed.map_err(io::Error::other)?;
                    self.turn().await?;
                }
            }
        }
    }

    /// The weather has changed.
    async fn turn(&mut self) -> io::Result<()> {
        self.requests = 0;
        let weather = *self.weather.borrow_and_update();
        if weather == Weather::Reset {
            return self.reset();
        }
        if weather == Weather::Ended {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        if weather == Weather::HalfClosed {
            self.client.shutdown().await?;
        }
        Ok(())
    }

    fn reset(&self) -> io::Result<()> {
        self.client.set_zero_linger()?;
        Err(io::ErrorKind::ConnectionReset.into())
    }

    async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        self.requests += 1;
        self.all_requests.fetch_add(1, Ordering::SeqCst);
        let has = |bytes: &[u8]| request.windows(bytes.len()).any(|part| part == bytes);
        let weather = *self.weather.borrow();
        match weather {
            Weather::BlackHole | Weather::HalfClosed => return Ok(()),
            Weather::SlowRequests(time) => sleep(time).await,
            Weather::ResetAfter(requests) if self.requests > requests => return self.reset(),
            Weather::RequestHeld(bytes) if has(bytes) => self.hold().await?,
            Weather::AnswerHeld(bytes) if has(bytes) => self.answer = Next::IsHeld,
            Weather::AnswerLost(bytes) if has(bytes) => self.answer = Next::IsLost,
            Weather::Fair
            | Weather::SlowAnswers(_)
            | Weather::Reset
            | Weather::Ended
            | Weather::CutShort(_)
            | Weather::Garbled
            | Weather::ResetAfter(_)
            | Weather::AnswerLost(_)
            | Weather::RequestHeld(_)
            | Weather::AnswerHeld(_) => {}
        }
        self.server.write_all(request).await
    }

    async fn answer(&mut self, answer: &mut [u8]) -> io::Result<()> {
        match std::mem::replace(&mut self.answer, Next::Passes) {
            Next::Passes => {}
            Next::IsHeld => self.hold().await?,
            Next::IsLost => {
                self.caught.notify_one();
                return self.reset();
            }
        }
        let weather = *self.weather.borrow();
        match weather {
            Weather::BlackHole | Weather::HalfClosed => return Ok(()),
            Weather::SlowAnswers(time) => sleep(time).await,
            Weather::Garbled => answer.iter_mut().for_each(|byte| *byte ^= 0x15),
            Weather::CutShort(length) => {
                let kept = answer.len().min(length);
                self.client.write_all(&answer[..kept]).await?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Weather::Fair
            | Weather::SlowRequests(_)
            | Weather::Reset
            | Weather::Ended
            | Weather::ResetAfter(_)
            | Weather::AnswerLost(_)
            | Weather::RequestHeld(_)
            | Weather::AnswerHeld(_) => {}
        }
        self.client.write_all(answer).await
    }

    /// Until the weather changes.
    async fn hold(&mut self) -> io::Result<()> {
        self.caught.notify_one();
        self.weather.changed().await.map_err(io::Error::other)?;
        self.turn().await
    }
}

/// Nothing read is the end.
fn some(length: usize) -> io::Result<usize> {
    if length == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(length)
}
