//! HTTP as an aggregator speaks it: connections that stay open, and an end to all waiting.

use std::{fmt, net::IpAddr, time::Duration};

use anyhow::{Context, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, StatusCode, Uri, body::Bytes, header::CONTENT_TYPE};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::{net::lookup_host, time::timeout};

use crate::dialect::Written;

/// Shorter than the server leaves an idle connection open.
const IDLE: Duration = Duration::from_secs(3);

/// Servers that requests go to.
#[derive(Debug)]
pub(crate) struct Wire {
    client: Client<HttpConnector, Full<Bytes>>,
    nodes: Vec<String>,
    patience: Duration,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The body.
    pub(crate) body: Bytes,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WireError {
    /// The connection could not be made, or broke.
    Broken(String),
    /// Nothing came in time.
    Late,
}

impl fmt::Display for WireError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(why) => write!(formatter, "connection: {why}"),
            Self::Late => formatter.write_str("no answer in time"),
        }
    }
}

impl Wire {
    /// To `nodes`, each as `http://127.0.0.1:8080`, whose answers are waited for so long.
    pub(crate) fn new(nodes: &[String], patience: Duration) -> anyhow::Result<Self> {
        ensure!(!nodes.is_empty(), "no server is named");
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(patience));
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self {
            client,
            nodes: nodes.iter().map(|node| bare(node).to_owned()).collect(),
            patience,
        })
    }

    /// Posts to a gateway of the node that `number` falls on.
    pub(crate) async fn post(
        &self,
        number: usize,
        gateway: &str,
        written: &Written,
    ) -> Result<Answer, WireError> {
        let node = self.nodes.iter().cycle().nth(number % self.nodes.len());
        let node = node.map_or("", String::as_str);
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{node}/ussd/{gateway}{}", written.below))
            .header(CONTENT_TYPE, written.media_type)
            .body(Full::from(written.body.clone()))
            .map_err(|error| WireError::Broken(error.to_string()))?;
        match timeout(self.patience, self.send(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(WireError::Late),
        }
    }

    async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, WireError> {
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|error| WireError::Broken(whole(&error)))?;
        let status = answer.status();
        let body = answer.into_body().collect().await;
        let body = body.map_err(|error| WireError::Broken(whole(&error)))?;
        Ok(Answer {
            status,
            body: body.to_bytes(),
        })
    }
}

fn bare(node: &str) -> &str {
    node.trim_end_matches('/')
}

/// An error with its causes.
fn whole(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |told, cause| format!("{told}: {cause}"))
}

/// Refuses servers that are not on this machine: load that reaches others is an attack.
pub(crate) async fn only_loopback(nodes: &[String]) -> anyhow::Result<()> {
    for node in nodes {
        let uri: Uri = node
            .parse()
            .with_context(|| format!("{node:?} is no address such as http://127.0.0.1:8080"))?;
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(80);
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let found = lookup_host((host, port)).await;
        let found = found.with_context(|| format!("{node:?} is not known here"))?;
        let away: Vec<IpAddr> = found
            .map(|address| address.ip())
            .filter(|address| !address.is_loopback())
            .collect();
        ensure!(
            away.is_empty(),
            "{node} is not this machine ({}): say --anywhere if it is yours and may bear it",
            away.iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_this_machine_is_dialled() {
        for here in ["http://127.0.0.1:1", "http://[::1]:1", "http://127.9.9.9"] {
            only_loopback(&[here.to_owned()]).await.unwrap();
        }
        for away in ["http://192.0.2.1:80", "http://[2001:db8::1]"] {
            let error = only_loopback(&[away.to_owned()]).await.unwrap_err();
            assert!(error.to_string().contains("--anywhere"), "{error}");
        }
        assert!(only_loopback(&["8080".to_owned()]).await.is_err());
    }
}
