use std::fmt;

/// One HTTP request, as it came and still encoded.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// `GET` or `POST`.
    pub method: &'a str,
    /// Path below the gateway's own address: `/` for the address itself.
    pub path: &'a str,
    /// What stands after `?`, still encoded; empty for nothing.
    pub query: &'a str,
    /// Names in any case, and values.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The body.
    pub body: &'a [u8],
}

impl Request<'_> {
    /// The media type of the body without its parameters, in lower case, where a header says it.
    pub(super) fn media_type(&self) -> Option<String> {
        let (_, value) = self
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))?;
        let value = String::from_utf8_lossy(value);
        let media_type = value.split(';').next().unwrap_or_default();
        Some(media_type.trim().to_ascii_lowercase())
    }
}

impl fmt::Debug for Request<'_> {
    /// Without query, headers and body: they hold phone numbers and what callers type.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} ({} bytes)",
            self.method,
            self.path,
            self.body.len()
        )
    }
}

/// One HTTP response, ready to be written.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body, UTF-8.
    pub body: String,
}

impl fmt::Debug for Response {
    /// Without headers and body: they hold what the caller reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}
