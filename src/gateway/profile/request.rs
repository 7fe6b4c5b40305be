use std::{borrow::Cow, fmt, net::IpAddr};

use super::charset;

/// One HTTP request, as it came and still encoded.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// Path below the gateway's own address: `/` for the address itself.
    pub path: &'a str,
    /// What stands after `?`, still encoded; empty for nothing.
    pub query: &'a str,
    /// Names in any case, and values.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The body.
    pub body: &'a [u8],
    /// The whole address that the aggregator called, query included, as it knows it: some sign it.
    pub address: &'a str,
    /// Where it calls from, as far as proxies are trusted.
    pub peer: Option<IpAddr>,
}

impl fmt::Debug for Request<'_> {
    /// Without query, headers and body: they hold phone numbers and what callers type.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.method, self.body.len())
    }
}

/// One HTTP response, ready to be written.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Names in lower case, and values: what HTTP can bear.
    pub headers: Vec<(String, String)>,
    /// The body's text.
    pub body: String,
    /// Line of the profile that wrote it, from 1; 0 where none did.
    pub line: usize,
}

impl Response {
    /// The body's bytes, in the character set that its content type declares.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        charset::outgoing(&self.body, &self.headers)
    }
}

impl fmt::Debug for Response {
    /// Without headers and body: they hold what the caller reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}
