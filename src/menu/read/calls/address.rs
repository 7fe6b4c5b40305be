use percent_encoding::percent_decode_str;

use super::{Call, Reader};
use crate::{
    menu::{
        declared::{Address, Slot, Wording, is_straight},
        problem::Problem,
    },
    model::source::{Span, yaml::Node},
};

/// What an author wrote, cut at its joints; nothing of it is filled in yet.
#[derive(Debug, PartialEq, Eq)]
struct Cut<'a> {
    secure: bool,
    host: String,
    port: Option<u16>,
    path: &'a str,
    query: Option<&'a str>,
}

/// Headers that HTTP itself or nyota sets.
const OURS: [&str; 10] = [
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "connection",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "idempotency-key",
];

impl Reader<'_> {
    /// The address, and the names and values behind its `?`.
    pub(super) fn address(
        &mut self,
        node: &Node,
        call: &mut Call<'_>,
    ) -> Option<(Address, Vec<(String, Wording)>)> {
        let text = self.scalar(node)?;
        let cut = match cut(text) {
            Ok(cut) => cut,
            Err(why) => {
                self.report(node.span, Problem::BadRequest(why.to_owned()));
                return None;
            }
        };
        let path = self.wording(cut.path, node.span, call);
        self.no_secrets(&path, node.span, "the address", call);
        if !is_straight(&sample(&path)) {
            let why = "a part of its path is empty, `.` or `..`";
            self.report(node.span, Problem::BadRequest(why.to_owned()));
        }
        let query = cut.query.map(|query| self.pairs_of(query, node.span, call));
        let address = Address {
            secure: cut.secure,
            host: cut.host,
            port: cut.port,
            path,
            at: node.span,
        };
        Some((address, query.unwrap_or_default()))
    }

    /// `a=1&b={code}`.
    fn pairs_of(&mut self, query: &str, at: Span, call: &mut Call<'_>) -> Vec<(String, Wording)> {
        let mut pairs = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if name.is_empty() || name.contains(['{', '}']) {
                let why = "a name behind its `?` is empty or filled in";
                self.report(at, Problem::BadRequest(why.to_owned()));
                continue;
            }
            let mut value = self.wording(value, at, call);
            self.no_secrets(&value, at, "the address", call);
            for slot in &mut value.0 {
                if let Slot::Literal(literal) = slot {
                    *literal = decoded(literal);
                }
            }
            pairs.push((decoded(name), value));
        }
        pairs
    }

    /// `query: {lang: "{language}"}`.
    pub(super) fn query(&mut self, node: &Node, call: &mut Call<'_>) -> Vec<(String, Wording)> {
        let mut pairs = Vec::new();
        for (name, value) in self.pairs(node).unwrap_or_default() {
            let (Some(name), Some(text)) = (self.scalar(name), self.scalar(value)) else {
                continue;
            };
            let wording = self.wording(text, value.span, call);
            self.no_secrets(&wording, value.span, "the address", call);
            pairs.push((name.to_owned(), wording));
        }
        pairs
    }

    /// `headers: {Authorization: "Bearer {secret.registry}"}`.
    pub(super) fn headers(&mut self, node: &Node, call: &mut Call<'_>) -> Vec<(String, Wording)> {
        let mut headers = Vec::new();
        for (name, value) in self.pairs(node).unwrap_or_default() {
            let (Some(text), Some(worded)) = (self.scalar(name), self.scalar(value)) else {
                continue;
            };
            let lower = text.to_ascii_lowercase();
            if let Some(why) = unfit_header(&lower, worded) {
                self.report(name.span, Problem::BadRequest(why.to_owned()));
                continue;
            }
            headers.push((lower, self.wording(worded, value.span, call)));
        }
        headers
    }
}

fn unfit_header(name: &str, value: &str) -> Option<&'static str> {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || !name.bytes().all(token) {
        return Some("a header's name is letters, digits and `-`");
    }
    if OURS.contains(&name) {
        return Some("this header is not for a file to set");
    }
    let visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    (!value.bytes().all(visible)).then_some("a header holds plain letters, digits and signs only")
}

fn cut(text: &str) -> Result<Cut<'_>, &'static str> {
    let (scheme, rest) = text
        .split_once("://")
        .ok_or("its address does not begin with http:// or https://")?;
    let secure = match scheme {
        "http" => false,
        "https" => true,
        _ => return Err("its address does not begin with http:// or https://"),
    };
    let from_path = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at_checked(from_path).unwrap_or((rest, ""));
    let (host, port) = host_and_port(authority)?;
    // `{`, `}` are the placeholders'; the rest is what RFC 3986 lets stand in a path or query.
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%{}".contains(&byte);
    if !rest.bytes().all(fits) {
        return Err("its address holds a character that must be written as %..");
    }
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    if path.to_ascii_lowercase().contains("%2e") {
        return Err("its path hides a point");
    }
    let path = if path.is_empty() { "/" } else { path };
    Ok(Cut {
        secure,
        host,
        port,
        path,
        query,
    })
}

fn host_and_port(authority: &str) -> Result<(String, Option<u16>), &'static str> {
    if authority.contains('@') {
        return Err("its address holds a user: use a header with {secret.NAME}");
    }
    if authority.contains(['{', '}']) {
        return Err("its host is filled in: a host stands as it is, so that it can be allowed");
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or("its host is none")?;
            host.parse::<std::net::Ipv6Addr>()
                .map_err(|_| "its host is none")?;
            (host, after.strip_prefix(':'))
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':');
    if host.is_empty() || host.len() > 253 || !host.bytes().all(fits) {
        return Err("its host is none");
    }
    let port = port.map(str::parse).transpose();
    let port = port.map_err(|_| "its port is none")?;
    if port == Some(0) {
        return Err("its port is none");
    }
    Ok((host.to_ascii_lowercase(), port))
}

/// A path with something harmless in each placeholder.
fn sample(path: &Wording) -> String {
    let slots = path.0.iter().map(|slot| match slot {
        Slot::Literal(literal) => literal.as_str(),
        Slot::Setting(value) if matches!(value.as_str(), "" | "." | "..") => value,
        Slot::Setting(_) | Slot::Argument(_) | Slot::Language | Slot::Secret(..) => "x",
    });
    slots.collect()
}

/// What is written as `%20`, so that it is not encoded twice.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_cut_at_its_joints() {
        let cut = cut("https://Registry.example:8443/facilities/{code}?lang=sw").unwrap();
        let expected = Cut {
            secure: true,
            host: "registry.example".to_owned(),
            port: Some(8443),
            path: "/facilities/{code}",
            query: Some("lang=sw"),
        };
        assert_eq!(cut, expected);
        assert_eq!(super::cut("http://[::1]:80").unwrap().host, "::1");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "registry.example/x",
            "ftp://registry.example/x",
            "HTTP://registry.example/x",
            "http:///x",
            "http://user:pass@registry.example/x",
            "http://{host}/x",
            "http://registry.example{path}",
            "http://registry.example:0/x",
            "http://registry.example:99999/x",
            "http://registry.example:/x",
            "http://reg istry/x",
            "http://registry.example/a b",
            "http://registry.example/x#y",
            "http://registry.example/%2E%2E/x",
            "http://registry.example\\x",
            "http://[::1/x",
            "http://[zz]/x",
        ] {
            assert!(cut(text).is_err(), "{text}");
        }
    }
}
