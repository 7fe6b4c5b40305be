//! What keeps the demo on its own machine: it has no proof of callers and its money is free.
//!
//! 1. A request that a proxy forwarded is refused, so nobody puts the demo on the internet unawares.
//! 2. A Host that is no loopback name is refused: a page elsewhere whose name resolves to this
//!    machine (DNS rebinding) is not let in.
//! 3. A request that changes something, and every one to a webhook, is refused when a browser says
//!    that another site's page made it. Programs that are no browsers say nothing, and may.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header, uri::Authority},
    middleware::Next,
    response::Response,
};

use super::Error;

/// Names that a proxy adds, besides all that begin with [`FORWARDED_PREFIX`].
const FORWARDED: [&str; 5] = [
    "forwarded",
    "x-real-ip",
    "cf-connecting-ip",
    "true-client-ip",
    "via",
];
const FORWARDED_PREFIX: &str = "x-forwarded-";

/// Below these an address changes something whatever the method: an aggregator may send its turns by
/// GET.
const WEBHOOKS: [&str; 2] = ["/ussd/", "/payments/"];

/// Lets a request through, or says why not.
pub(super) async fn guard(request: Request, next: Next) -> Result<Response, Error> {
    admit(request.method(), request.uri().path(), request.headers())?;
    Ok(next.run(request).await)
}

fn admit(method: &Method, path: &str, headers: &HeaderMap) -> Result<(), Error> {
    if headers.keys().any(|name| is_of_proxy(name.as_str())) {
        return Err(Error::Forwarded);
    }
    let host = text(headers, "host").ok_or(Error::ForeignHost)?;
    if !is_loopback(host) {
        return Err(Error::ForeignHost);
    }
    if only_reads(method, path) || is_from_here(headers, host) {
        Ok(())
    } else {
        Err(Error::ForeignPage)
    }
}

fn is_of_proxy(name: &str) -> bool {
    FORWARDED.contains(&name) || name.starts_with(FORWARDED_PREFIX)
}

fn only_reads(method: &Method, path: &str) -> bool {
    let webhook = WEBHOOKS.iter().any(|prefix| path.starts_with(prefix));
    method.is_safe() && !webhook
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
        asked(&Method::POST, "/simulator/pay", headers)
    }

    fn asked(method: &Method, path: &str, headers: &[(&'static str, &str)]) -> Result<(), Error> {
        let map = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        admit(method, path, &map)
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
        let prefixed = [
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-client-cert",
        ];
        for name in FORWARDED.into_iter().chain(prefixed) {
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

    #[test]
    fn a_page_of_another_site_reaches_no_webhook_by_any_method() {
        let foreign = [("host", "localhost"), ("sec-fetch-site", "cross-site")];
        for path in ["/ussd/safaricom_direct", "/payments/gepg/bill"] {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST] {
                let refused = asked(&method, path, &foreign);
                assert_eq!(refused, Err(Error::ForeignPage), "{method} {path}");
            }
            assert_eq!(asked(&Method::GET, path, &[("host", "localhost")]), Ok(()));
        }
        assert_eq!(asked(&Method::GET, "/simulator", &foreign), Ok(()));
    }
}
