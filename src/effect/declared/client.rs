//! The HTTP client: by name and certificate, without redirects or proxies, and bounded in what it
//! reads. It is hyper's own: it follows nothing that it is not told to.

use std::{collections::BTreeSet, error::Error, net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::{
    Request as HttpRequest, Uri,
    body::{Bytes, Incoming},
    header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT},
};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value as Answer;

use super::{
    Failure,
    guard::{Guard, Refused},
};
use crate::{
    menu::declared::{Address, FilledRequest, Request},
    model::EffectKey,
};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(2);
/// The most that is read of an answer.
const LARGEST: usize = 64 * 1024;

/// Sends requests.
#[derive(Debug)]
pub(super) struct Client {
    guard: Guard,
    pool: Pool<HttpsConnector<HttpConnector<Guard>>, Full<Bytes>>,
}

/// An answer that came whole.
pub(super) struct Answered {
    pub(super) status: u16,
    /// `None` where it is no JSON; nothing at all reads as `null`.
    pub(super) body: Option<Answer>,
}

impl Answered {
    /// Whether it can be believed: a success that is no JSON comes from somebody in between.
    pub(super) fn is_sense(&self) -> bool {
        self.body.is_some() || !self.is_success()
    }

    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Client {
    /// One that may reach the private addresses of these hosts; with `proved` the system's trusted
    /// certificates are read, without them no `https` is answered.
    pub(super) fn new(private: BTreeSet<String>, proved: bool) -> Self {
        let guard = Guard::new(private);
        let mut http = HttpConnector::new_with_resolver(guard.clone());
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT));
        http.set_nodelay(true);
        let connector = HttpsConnector::from((http, tls(proved)));
        Self {
            guard,
            pool: Pool::builder(TokioExecutor::new()).build(connector),
        }
    }

    /// Sends a request and reads its answer, to `elsewhere` where that is given.
    pub(super) async fn send(
        &self,
        request: &Request,
        filled: &FilledRequest,
        key: Option<EffectKey>,
        elsewhere: Option<SocketAddr>,
    ) -> Result<Answered, Failure> {
        if elsewhere.is_none() && !self.guard.lets(&request.address.host) {
            return Err(Failure::Private);
        }
        let request = written(request, filled, key, elsewhere)?;
        let answer = self.pool.request(request).await;
        let answer = answer.map_err(|error| why(&error))?;
        let status = answer.status().as_u16();
        let body = whole(answer.into_body()).await?;
        let body = if body.is_empty() {
            Some(Answer::Null)
        } else {
            serde_json::from_slice(&body).ok()
        };
        Ok(Answered { status, body })
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

fn written(
    request: &Request,
    filled: &FilledRequest,
    key: Option<EffectKey>,
    elsewhere: Option<SocketAddr>,
) -> Result<HttpRequest<Full<Bytes>>, Failure> {
    let mut written = HttpRequest::builder()
        .method(request.method.as_str())
        .uri(uri(&request.address, &filled.target, elsewhere)?)
        .header(HOST, authority(&request.address))
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, concat!("nyota/", env!("CARGO_PKG_VERSION")));
    for (name, value) in &filled.headers {
        written = written.header(name, value);
    }
    if let Some(key) = key {
        written = written.header("idempotency-key", key.to_string());
    }
    let body = match &filled.json {
        Some(json) => {
            written = written.header(CONTENT_TYPE, "application/json");
            Bytes::from(json.to_string())
        }
        None => Bytes::new(),
    };
    written
        .body(Full::new(body))
        .map_err(|_| Failure::Unwritable)
}

fn uri(address: &Address, target: &str, elsewhere: Option<SocketAddr>) -> Result<Uri, Failure> {
    let (scheme, authority) = match elsewhere {
        Some(address) => ("http", address.to_string()),
        None if address.secure => ("https", authority(address)),
        None => ("http", authority(address)),
    };
    let uri = Uri::builder().scheme(scheme).authority(authority);
    uri.path_and_query(target)
        .build()
        .map_err(|_| Failure::Unwritable)
}

fn authority(address: &Address) -> String {
    let host = &address.host;
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.clone()
    };
    match address.port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

async fn whole(body: Incoming) -> Result<Bytes, Failure> {
    match Limited::new(body, LARGEST).collect().await {
        Ok(read) => Ok(read.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::TooLarge),
        Err(_) => Err(Failure::Broken),
    }
}

/// A connection that the guard refused, else one that failed.
fn why(error: &(dyn Error + 'static)) -> Failure {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if refused(error) {
            return Failure::Private;
        }
        cause = error.source();
    }
    Failure::Broken
}

fn refused(error: &(dyn Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    let inner = io.and_then(std::io::Error::get_ref);
    error.is::<Refused>() || inner.is_some_and(<dyn Error + Send + Sync>::is::<Refused>)
}
