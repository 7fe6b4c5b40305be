//! The client is hyper's own: it follows nothing that it is not told to.

use std::{error::Error, sync::Arc, time::Duration};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Request, Uri,
    body::{Bytes, Incoming},
    header::{HeaderName, HeaderValue, USER_AGENT},
};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client as Pool, Error as PoolError, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore};

use super::guard::{Guard, Reach, Refused};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(2);
/// The most that is read of an answer, unless [`Client::reading`] says otherwise.
const LARGEST: usize = 64 * 1024;

/// Sends calls. Connections are kept and used again.
#[derive(Debug)]
pub struct Client {
    guard: Guard,
    pool: Pool<HttpsConnector<HttpConnector<Guard>>, Full<Bytes>>,
    largest: usize,
}

/// One call.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The whole address, query included.
    pub address: &'a Uri,
    /// Names and values.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; may be empty.
    pub body: &'a [u8],
}

impl std::fmt::Debug for Call<'_> {
    /// Without address, headers and body: they hold credentials, phones and texts.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.method, self.body.len())
    }
}

/// An answer that came whole.
#[derive(Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Its body.
    pub body: Bytes,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}

/// Why there is no answer. It names nothing that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The host's address is not one that may be reached.
    #[error("the host leads to a private address")]
    Private,
    /// Header or address are none that HTTP knows.
    #[error("the request cannot be written")]
    Unwritable,
    /// No connection: nothing was sent.
    #[error("the host cannot be reached")]
    Unreached,
    /// The connection broke: the other side may have got all of it.
    #[error("the connection broke")]
    Broken,
    /// More than is read.
    #[error("the answer is longer than what is read of one")]
    TooLarge,
}

impl Failure {
    /// Whether nothing of the call can have arrived.
    pub fn is_unsent(self) -> bool {
        match self {
            Self::Private | Self::Unwritable | Self::Unreached => true,
            Self::Broken | Self::TooLarge => false,
        }
    }
}

impl Client {
    /// One that reaches what `reach` says; with `proved` the system's trusted certificates are read, without
    /// them no `https` is answered.
    pub fn new(reach: Reach, proved: bool) -> Self {
        let guard = Guard::new(reach);
        let mut http = HttpConnector::new_with_resolver(guard.clone());
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT));
        http.set_nodelay(true);
        let connector = HttpsConnector::from((http, tls(proved)));
        Self {
            guard,
            pool: Pool::builder(TokioExecutor::new()).build(connector),
            largest: LARGEST,
        }
    }

    /// The same, reading answers of at most so many bytes; 64 KiB where nobody says.
    #[must_use]
    pub fn reading(mut self, largest: usize) -> Self {
        self.largest = largest;
        self
    }

    /// Whether a host may be reached as far as its name tells.
    pub fn lets(&self, host: &str) -> bool {
        self.guard.lets(host)
    }

    /// Sends a call and reads its answer.
    pub async fn send(&self, call: &Call<'_>) -> Result<Answer, Failure> {
        let request = written(call)?;
        let answer = self.pool.request(request).await;
        let answer = answer.map_err(|error| why(&error))?;
        let status = answer.status().as_u16();
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
        Ok(Answer {
            status,
            headers: headers.collect(),
            body: whole(answer.into_body(), self.largest).await?,
        })
    }
}

/// The settings of `https`: certificates are proved against those that the system trusts.
fn tls(proved: bool) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    if proved {
        let found = rustls_native_certs::load_native_certs();
        let (added, _) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            tracing::warn!(
                "no trusted certificates were found on this machine: calls by https fail"
            );
        }
    }
    // Of rustls's providers only ring is built in, so it is the one that is taken.
    let config = ClientConfig::builder().with_root_certificates(roots);
    Arc::new(config.with_no_client_auth())
}

fn written(call: &Call<'_>) -> Result<Request<Full<Bytes>>, Failure> {
    let body = Full::new(Bytes::copy_from_slice(call.body));
    let mut request = Request::builder()
        .method(call.method)
        .uri(call.address.clone())
        .header(USER_AGENT, concat!("nyota/", env!("CARGO_PKG_VERSION")))
        .body(body)
        .map_err(|_| Failure::Unwritable)?;
    for (name, value) in call.headers {
        let name = HeaderName::try_from(*name).map_err(|_| Failure::Unwritable)?;
        let value = HeaderValue::try_from(*value).map_err(|_| Failure::Unwritable)?;
        request.headers_mut().append(name, value);
    }
    Ok(request)
}

async fn whole(body: Incoming, largest: usize) -> Result<Bytes, Failure> {
    match Limited::new(body, largest).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::TooLarge),
        Err(_) => Err(Failure::Broken),
    }
}

/// A connection that the guard refused, one that was not made, else one that broke.
fn why(error: &PoolError) -> Failure {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if refused(error) {
            return Failure::Private;
        }
        cause = error.source();
    }
    if error.is_connect() {
        Failure::Unreached
    } else {
        Failure::Broken
    }
}

fn refused(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    let inner = io.and_then(std::io::Error::get_ref);
    error.is::<Refused>() || inner.is_some_and(<dyn Error + Send + Sync>::is::<Refused>)
}
