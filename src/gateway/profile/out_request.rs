//! How a call of ours is written: address, headers, body.

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{
    Account, Auth, Charset, Filter, OutRequest, Outbound, Part, Piece, Refused, Source, Template,
    Value,
    body::{form, headers, is_value},
    charset::Concrete,
    tree::entries,
    urlencoded::escape_in,
    value::{Datum, Sources},
};

/// Sources with the parts of a call that are filled so far.
struct Parts<'a> {
    sources: &'a dyn Sources,
    filled: Vec<(String, String)>,
}

impl Sources for Parts<'_> {
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        let Source::Part(name) = source else {
            return self.sources.find(source);
        };
        let found = self.filled.iter().find(|(known, _)| known == name);
        Ok(found.map(|(_, text)| Datum::from(text.as_str())))
    }

    fn account(&self) -> &Account {
        self.sources.account()
    }
}

impl Part {
    fn write(&self, sources: &dyn Sources) -> Option<String> {
        match self {
            Self::Text(template) => template.entry(sources),
            Self::Json(tree) => tree.fill(sources).map(|filled| filled.to_string()),
        }
    }
}

impl OutRequest {
    /// The call; `None` where it needs a token and there is none, or has no address.
    pub(super) fn write(&self, sources: &dyn Sources, token: Option<&str>) -> Option<Outbound> {
        let mut parts = Parts {
            sources,
            filled: Vec::new(),
        };
        for (name, part) in &self.parts {
            if let Some(text) = part.write(&parts) {
                parts.filled.push((name.clone(), text));
            }
        }
        let addresses = self.addresses(&parts);
        if addresses.is_empty() {
            return None;
        }
        Some(Outbound {
            method: self.method.clone(),
            addresses,
            headers: self.headers(&parts, token)?,
            body: self.body.write(self.charset, &parts),
            line: self.line,
        })
    }

    fn addresses(&self, sources: &dyn Sources) -> Vec<String> {
        let query = form(self.charset, &entries(&self.query, sources));
        let addresses = self
            .addresses
            .iter()
            .filter_map(|template| address(template, self.charset, sources));
        addresses.map(|address| asked(address, &query)).collect()
    }

    /// `None` where a token is needed and there is none.
    fn headers(&self, sources: &dyn Sources, token: Option<&str>) -> Option<Vec<(String, String)>> {
        let own = headers(&self.headers, sources);
        let authorization = match &self.auth {
            Some(auth) => Some(auth.write(sources, token)?),
            None => None,
        };
        let ours = [
            ("content-type", self.media_type.clone()),
            ("authorization", authorization),
        ];
        let ours = ours
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let mut all: Vec<_> = ours
            .filter(|(name, value)| is_value(value) && own.iter().all(|(known, _)| known != name))
            .collect();
        all.extend(own);
        Some(all)
    }
}

impl Auth {
    fn write(&self, sources: &dyn Sources, token: Option<&str>) -> Option<String> {
        let text = |template: &Template| template.entry(sources).unwrap_or_default();
        Some(match self {
            Self::Basic(user, password) => {
                let pair = format!("{}:{}", text(user), text(password));
                format!("Basic {}", BASE64_STANDARD.encode(pair))
            }
            Self::Bearer(token) => format!("Bearer {}", text(token)),
            Self::OAuth2(_) => format!("Bearer {}", token?),
        })
    }
}

/// A whole address. What a place holds stands as it is up to the end of the host, for a setting may be an address; behind
/// that it is escaped, so that it stays within its segment or field. `None` where the address is none.
fn address(template: &Template, charset: Charset, sources: &dyn Sources) -> Option<String> {
    let mut address = String::new();
    for piece in &template.0 {
        match piece {
            Piece::Literal(text) => address.push_str(text),
            Piece::Slot(value) => {
                let text = value.get(sources).ok().flatten().and_then(Datum::into_text);
                let text = text.unwrap_or_default();
                if is_before_path(&address) || is_escaped(value) {
                    address.push_str(&text);
                } else {
                    address.push_str(&escape_in(Concrete::written(charset), &text));
                }
            }
        }
    }
    let (scheme, rest) = address.split_once("://")?;
    let whole = matches!(scheme, "http" | "https") && !rest.is_empty();
    (whole && address.bytes().all(|byte| byte.is_ascii_graphic())).then_some(address)
}

fn is_before_path(address: &str) -> bool {
    let behind = address.split_once("://").map_or("", |(_, behind)| behind);
    !behind.contains(['/', '?'])
}

/// Whether the author has escaped it: twice would be another text.
fn is_escaped(value: &Value) -> bool {
    let last = |filters: &[Filter]| matches!(filters.last(), Some(Filter::UrlEncode));
    value.0.iter().all(|chain| last(&chain.filters))
}

fn asked(address: String, query: &str) -> String {
    match (query.is_empty(), address.contains('?')) {
        (true, _) => address,
        (false, false) => format!("{address}?{query}"),
        (false, true) if address.ends_with(['?', '&']) => format!("{address}{query}"),
        (false, true) => format!("{address}&{query}"),
    }
}
