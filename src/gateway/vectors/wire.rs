//! Reads what goes over the wire: requests, responses, replies, messages.

use super::{
    read::Reader,
    vector::{BodyMatch, Message, Pairs, Reply, Values, Wanted, Wire},
};
use crate::{
    gateway::profile::entries::{self, Entries},
    model::{
        Msisdn,
        source::yaml::{Kind, Node},
    },
};

impl Reader<'_> {
    pub(super) fn wire(&mut self, node: &Node) -> Option<Wire> {
        let keys = ["method", "path", "query", "headers", "body", "body_match"];
        let map = self.map(node, "a request", &keys)?;
        let method = self.word(&map, "method", &["GET", "POST", "PUT"]);
        let path = self.text_of(&map, "path");
        let query = some(&map, "query").map(|node| self.values(node, "`query`"));
        let headers = some(&map, "headers").map(|node| self.values(node, "`headers`"));
        let headers = headers.map(present).unwrap_or_default();
        let body = self.body(&map);
        let body_match = self.body_match(&map);
        Some(Wire {
            method: method?.to_owned(),
            path: path?,
            query: query.map(present).unwrap_or_default(),
            body: body?,
            body_match: body_match.ok()?.unwrap_or_else(|| BodyMatch::of(&headers)),
            headers,
        })
    }

    /// The later call; how it is compared may stand beside it.
    pub(super) fn then(&mut self, node: &Node) -> Option<Wire> {
        let map = self.map(node, "`then`", &["request", "body_match"])?;
        let request = map.required("request", self.findings)?;
        let request = self.wire(request)?;
        let body_match = self.body_match(&map).ok()?;
        Some(Wire {
            body_match: body_match.unwrap_or(request.body_match),
            ..request
        })
    }

    pub(super) fn wanted(&mut self, node: &Node) -> Option<Wanted> {
        let keys = ["status", "headers", "body", "body_match"];
        let map = self.map(node, "a response", &keys)?;
        let status = some(&map, "status").map(|node| self.status(node));
        let headers = some(&map, "headers").map(|node| self.values(node, "`headers`"));
        let body = self.body(&map);
        let usual = if some(&map, "body").is_some() {
            BodyMatch::Exact
        } else {
            BodyMatch::Any
        };
        let body_match = self.body_match(&map);
        Some(Wanted {
            status: status.map_or(Some(None), |status| status.map(Some))?,
            headers: headers.map(present).unwrap_or_default(),
            body: body?,
            body_match: body_match.ok()?.unwrap_or(usual),
        })
    }

    pub(super) fn reply(&mut self, node: &Node) -> Option<Reply> {
        let map = self.map(node, "a reply", &["status", "headers", "body"])?;
        let status = map.required("status", self.findings);
        let status = status.and_then(|node| self.status(node));
        let headers = some(&map, "headers").map(|node| self.values(node, "`headers`"));
        Some(Reply {
            status: status?,
            headers: headers.map(present).unwrap_or_default(),
            body: self.body(&map)?,
        })
    }

    pub(super) fn token(&mut self, node: &Node) -> Option<(Wire, Reply)> {
        let map = self.map(node, "`token_exchange`", &["request", "reply"])?;
        let request = map.required("request", self.findings);
        let request = request.and_then(|node| self.wire(node));
        let reply = map.required("reply", self.findings);
        let reply = reply.and_then(|node| self.reply(node));
        Some((request?, reply?))
    }

    pub(super) fn message(&mut self, node: &Node) -> Option<Message> {
        let keys = ["to", "from", "text", "ref", "message_id"];
        let map = self.map(node, "a message", &keys)?;
        let to = map.required("to", self.findings);
        let to = to.and_then(|node| {
            let phone = Msisdn::parse(entries::text(node, self.findings)?).ok();
            self.or_wrong(phone, node, "an international number such as +255700000001")
        });
        let text = self.text_of(&map, "text");
        let own_id = self.text_of(&map, "ref");
        let maybe = |key| some(&map, key).and_then(Node::text).map(str::to_owned);
        Some(Message {
            to: to?,
            from: maybe("from"),
            text: text?,
            own_id: own_id?,
            id: maybe("message_id"),
        })
    }

    fn body(&mut self, map: &Entries<'_>) -> Option<String> {
        match some(map, "body") {
            Some(node) => Some(entries::text(node, self.findings)?.to_owned()),
            None => Some(String::new()),
        }
    }

    /// How bodies are compared, where it is said.
    fn body_match(&mut self, map: &Entries<'_>) -> Result<Option<BodyMatch>, Wrong> {
        let Some(node) = some(map, "body_match") else {
            return Ok(None);
        };
        let words = BodyMatch::words();
        let word = entries::word(node, "comparison", &words, self.findings).ok_or(Wrong)?;
        Ok(BodyMatch::from_word(word))
    }

    fn status(&mut self, node: &Node) -> Option<u16> {
        let status = entries::number(node, 100, 599, self.findings)?;
        u16::try_from(status).ok()
    }
}

/// It was noted among the findings.
struct Wrong;

/// The value of a key; one that is nothing is none.
pub(super) fn some<'n>(map: &Entries<'n>, key: &str) -> Option<&'n Node> {
    map.get(key).filter(|node| !is_nothing(node))
}

/// JSON's `null`, or what YAML leaves empty.
pub(super) fn is_nothing(node: &Node) -> bool {
    match &node.kind {
        Kind::Scalar { text, plain: true } => matches!(text.as_str(), "" | "null" | "~"),
        Kind::Scalar { plain: false, .. } | Kind::List(_) | Kind::Map(_) => false,
    }
}

pub(super) fn text(node: &Node) -> Option<String> {
    let text = node.text().filter(|_| !is_nothing(node));
    text.map(str::to_owned)
}

/// Those that have a value.
pub(super) fn present(values: Values) -> Pairs {
    let values = values.into_iter();
    values
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}
