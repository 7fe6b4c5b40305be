//! Calls of ours to the aggregator: a screen shown later, an SMS sent, a receipt asked for.

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};

use super::{
    Account, Auth, Exchange, Filter, OutRequest, Outbound, Outgoing, Part, Piece, Refused, Said,
    Screen, Source, Template, Value,
    answer::{Written, of_account},
    body::{form, headers, is_value},
    screen,
    tree::entries,
    urlencoded::escape,
    value::{Datum, Sources},
};
use crate::model::gsm7;

impl Account {
    /// The call that shows a screen, where the answer to the request does not. `None` where the profile has none, or
    /// where it needs a [`token`](Self::token_call) and there is none.
    pub fn deliver(
        &self,
        said: &Said,
        screen: &Screen<'_>,
        token: Option<&str>,
    ) -> Option<Outbound> {
        let later = self.profile.later.as_ref()?;
        later.request.write(&Written::screen(self, said, screen), token)
    }

    /// The call that sends an SMS. `None` where the profile sends none, where it needs a [`token`](Self::token_call)
    /// and there is none, and for an id that stands for a phone and is no number.
    pub fn send(&self, message: &Outgoing<'_>, token: Option<&str>) -> Option<Outbound> {
        if message.to.as_opaque().is_some() {
            return None;
        }
        let sending = Sending::of(self, message);
        self.sending(&sending)?.request.write(&sending, token)
    }

    /// The call that asks how far an SMS is; `None` as of [`send`](Self::send).
    pub fn poll(&self, message: &Outgoing<'_>, token: Option<&str>) -> Option<Outbound> {
        let poll = self.profile.poll.as_ref()?;
        poll.request.write(&Sending::of(self, message), token)
    }

    /// How this message is sent: the first whose conditions hold.
    pub(super) fn sending(&self, sending: &Sending<'_>) -> Option<&Exchange> {
        let holds = |exchange: &&Exchange| {
            let mut tests = exchange.when.iter();
            tests.all(|test| test.passes(sending).unwrap_or(false))
        };
        self.profile.send.iter().find(holds)
    }
}

/// What a call about an SMS is filled from; without a message, that which gets a token.
pub(super) struct Sending<'a> {
    account: &'a Account,
    message: Option<&'a Outgoing<'a>>,
    now: Option<DateTime<Utc>>,
}

impl<'a> Sending<'a> {
    pub(super) fn of(account: &'a Account, message: &'a Outgoing<'a>) -> Self {
        Self {
            account,
            message: Some(message),
            now: Some(message.now),
        }
    }

    pub(super) fn none(account: &'a Account, now: Option<DateTime<Utc>>) -> Self {
        Self {
            account,
            message: None,
            now,
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what other sides are filled from has no value here"
    )]
    fn of_message(&self, source: &Source) -> Option<Datum> {
        let message = self.message?;
        match source {
            Source::To => Some(Datum::Text(message.to.e164())),
            Source::From => message.from.map(Datum::from),
            Source::Text => Some(Datum::from(message.text)),
            Source::TextAlphabet => Some(Datum::from(screen::alphabet(message.text))),
            Source::Segments => Some(Datum::Text(gsm7::parts(message.text).to_string())),
            Source::Ref => Some(Datum::from(message.own_id)),
            Source::MessageId => message.message_id.map(Datum::from),
            _ => None,
        }
    }
}

impl Sources for Sending<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what other sides are filled from has no value here"
    )]
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        Ok(match source {
            Source::Now => self.now.map(Datum::Time),
            shared => match of_account(self.account, shared) {
                Some(found) => Some(found),
                None => self.of_message(shared),
            },
        })
    }

    fn account(&self) -> &Account {
        self.account
    }
}

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
            body: self.body.write(&parts),
            line: self.line,
        })
    }

    fn addresses(&self, sources: &dyn Sources) -> Vec<String> {
        let query = form(&entries(&self.query, sources));
        let addresses = self.addresses.iter().filter_map(|template| address(template, sources));
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
        let ours = ours.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
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
fn address(template: &Template, sources: &dyn Sources) -> Option<String> {
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
                    address.push_str(&escape(&text));
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
