//! What keeps the demo on its own machine: it has no proof of callers and its money is free.
//!
//! 1. A request that a proxy forwarded is refused, so nobody puts the demo on the internet unawares.
//! 2. A Host that is no loopback name is refused: a page elsewhere whose name resolves to this
//!    machine (DNS rebinding) is not let in.
//! 3. A request that changes something is refused when a browser says that another site's page made
//!    it. Programs that are no browsers say nothing, and may.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header, uri::Authority},
    middleware::Next,
    response::Response,
};

use super::Error;

/// Names that a proxy adds.
const FORWARDED: [&str; 5] = [
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
    "via",
];

/// Lets a request through, or says why not.
pub(super) async fn guard(request: Request, next: Next) -> Result<Response, Error> {
    admit(request.method(), request.headers())?;
    Ok(next.run(request).await)
}

fn admit(method: &Method, headers: &HeaderMap) -> Result<(), Error> {
    if FORWARDED.iter().any(|name| headers.contains_key(*name)) {
        return Err(Error::Forwarded);
    }
    let host = text(headers, "host").ok_or(Error::ForeignHost)?;
    if !is_loopback(host) {
        return Err(Error::ForeignHost);
    }
    if method.is_safe() || is_from_here(headers, host) {
        Ok(())
    } else {
        Err(Error::ForeignPage)
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host().trim_matches(['[', ']']);
    let address = name.parse::<std::net::IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

fn is_from_here(headers: &HeaderMap, host: &str) -> bool {
    let site = text(headers, "sec-fetch-site");
    let origin = headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
    site.is_none_or(|site| matches!(site, "same-origin" | "none"))
        && origin.is_none_or(|origin| origin == format!("http://{host}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(headers: &[(&'static str, &str)]) -> Result<(), Error> {
        let map = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        admit(&Method::POST, &map)
    }

    #[test]
    fn the_machine_itself_is_let_in_by_any_of_its_loopback_names() {
        for host in ["127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080"] {
            assert_eq!(with(&[("host", host)]), Ok(()), "{host}");
        }
    }

    #[test]
    fn a_name_that_resolves_here_is_refused() {
        for host in ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", ""] {
            assert_eq!(with(&[("host", host)]), Err(Error::ForeignHost), "{host}");
        }
        assert_eq!(with(&[]), Err(Error::ForeignHost));
    }

    #[test]
    fn a_forwarded_request_is_refused_whatever_its_host() {
        for name in FORWARDED {
            let refused = with(&[("host", "localhost"), (name, "10.0.0.1")]);
            assert_eq!(refused, Err(Error::Forwarded), "{name}");
        }
    }

    #[test]
    fn a_page_of_another_site_changes_nothing() {
        let host = ("host", "127.0.0.1:8080");
        let here = ("origin", "http://127.0.0.1:8080");
        assert_eq!(
            with(&[host, here, ("sec-fetch-site", "same-origin")]),
            Ok(())
        );
        for foreign in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "http://127.0.0.1:9999"),
            ("origin", "null"),
        ] {
            assert_eq!(
                with(&[host, foreign]),
                Err(Error::ForeignPage),
                "{foreign:?}"
            );
        }
    }
}
