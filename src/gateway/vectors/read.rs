//! Reads vectors. JSON is read as the YAML that it is, so a mistake in either has its place.

use chrono::{DateTime, Utc};

use super::{
    placeholder::NOW,
    vector::{Case, Inbound, Said, Sending, Values, Vector},
    wire::{is_nothing, present, some, text},
};
use crate::{
    gateway::profile::{
        Channel, Findings, Go, Problem, SettingValue,
        entries::{self, Entries},
        read_yaml,
    },
    model::source::{
        Source,
        yaml::{Kind, Node},
    },
};

/// Every event that a vector may expect.
pub(super) const EVENTS: [&str; 12] = [
    "begin",
    "input",
    "repeat",
    "abort",
    "timeout",
    "session_ended",
    "status_query",
    "ignored",
    "protocol_error",
    "auth_failed",
    "dlr",
    "inbound_sms",
];

const KEYS: [&str; 12] = [
    "name",
    "aggregator",
    "channel",
    "kind",
    "direction",
    "confidence",
    "source",
    "note",
    "config",
    "given",
    "request",
    "expect",
];

/// What a result may have.
const RESULT: [&str; 10] = [
    "outcome",
    "message_id",
    "error_code",
    "error",
    "reason",
    "retry",
    "state",
    "raw_status",
    "own_id",
    "to",
];

/// The vectors of a file, which is the source at `index`.
pub(super) fn vectors(source: &Source, index: usize, findings: &mut Findings) -> Vec<Vector> {
    let Some(root) = read_yaml(&source.text, index, findings) else {
        return Vec::new();
    };
    let items = entries::list(&root, findings).unwrap_or_default().iter();
    items
        .filter_map(|node| Reader { findings }.vector(node))
        .collect()
}

/// Reads nodes, and notes what is wrong in them.
pub(super) struct Reader<'f> {
    pub(super) findings: &'f mut Findings,
}

impl Reader<'_> {
    fn vector(&mut self, node: &Node) -> Option<Vector> {
        let map = self.map(node, "a vector", &KEYS)?;
        let name = self.text_of(&map, "name");
        let channel = self.word(&map, "channel", &["ussd", "sms"]);
        let direction = self.word(&map, "direction", &["inbound", "outbound", "poll"]);
        let config = self.config(map.get("config"));
        let given = match some(&map, "given") {
            Some(node) => Some(self.map(node, "`given`", &GIVEN)?),
            None => None,
        };
        let now = given.as_ref().and_then(|given| some(given, "now"));
        let now = now.map_or(Some(NOW), |node| self.time(node));
        let case = match direction? {
            "inbound" => Case::Inbound(Box::new(self.inbound(&map, given.as_ref())?)),
            direction => {
                let polls = direction == "poll";
                Case::Outbound(Box::new(self.sending(&map, given.as_ref(), polls)?))
            }
        };
        Some(Vector {
            name: name?,
            span: node.span,
            channel: match channel? {
                "sms" => Channel::Sms,
                _ => Channel::Ussd,
            },
            config,
            now: now?,
            case,
        })
    }

    fn inbound(&mut self, map: &Entries<'_>, given: Option<&Entries<'_>>) -> Option<Inbound> {
        let request = map.required("request", self.findings);
        let request = request.and_then(|node| self.wire(node));
        let expect = map.required("expect", self.findings)?;
        let expect = self.map(
            expect,
            "`expect`",
            &["event", "events", "app", "last", "response", "then"],
        )?;
        let events = some(&expect, "events").map(|node| self.events(node));
        let event = if let Some(events) = &events {
            events.as_ref().and_then(|events| events.first().cloned())
        } else {
            let event = expect.required("event", self.findings);
            event.and_then(|node| self.event(node))
        };
        let app = some(&expect, "app").or_else(|| some(&expect, "last"));
        let app = app.map(|node| self.app(node));
        let response = some(&expect, "response").map(|node| self.wanted(node));
        let then = some(&expect, "then").map(|node| self.then(node));
        let session = given.and_then(|given| some(given, "session"));
        let session = session.map(|node| self.values(node, "`session`"));
        Some(Inbound {
            session: session.map(present),
            request: request?,
            event: event?,
            events: events.map_or(Some(None), |events| events.map(Some))?,
            app: app.map_or(Some(None), |app| app.map(Some))?,
            response: response.map_or(Some(None), |response| response.map(Some))?,
            then: then.map_or(Some(None), |then| then.map(Some))?,
        })
    }

    fn sending(
        &mut self,
        map: &Entries<'_>,
        given: Option<&Entries<'_>>,
        polls: bool,
    ) -> Option<Sending> {
        let request = map.required("request", self.findings);
        let request = request.and_then(|node| self.wire(node));
        let Some(given) = given else {
            _ = map.required("given", self.findings);
            return None;
        };
        let message = given.required("message", self.findings);
        let message = message.and_then(|node| self.message(node));
        let token = some(given, "token_exchange").map(|node| self.token(node));
        let expect = map.required("expect", self.findings)?;
        let expect = self.map(expect, "`expect`", &["gateway_reply", "result"])?;
        let reply = expect.required("gateway_reply", self.findings);
        let reply = reply.and_then(|node| self.reply(node));
        let result = expect.required("result", self.findings)?;
        self.map(result, "a result", &RESULT)?;
        let result = self.values(result, "a result");
        Some(Sending {
            message: message?,
            token: token.map_or(Some(None), |token| token.map(Some))?,
            request: request?,
            reply: reply?,
            result,
            polls,
        })
    }

    fn app(&mut self, node: &Node) -> Option<Said> {
        let map = self.map(node, "an answer", &["action", "text"])?;
        let go = self.word(&map, "action", Go::WORDS);
        let text = self.text_of(&map, "text");
        Some(Said {
            go: Go::from_word(go?)?,
            text: text?,
        })
    }

    /// All events of a batch.
    fn events(&mut self, node: &Node) -> Option<Vec<Values>> {
        let items = entries::list(node, self.findings)?;
        let events = items.iter().map(|item| self.event(item));
        let events: Vec<_> = events
            .collect::<Vec<_>>()
            .into_iter()
            .collect::<Option<_>>()?;
        self.or_wrong(
            (!events.is_empty()).then_some(events),
            node,
            "a list of events",
        )
    }

    fn event(&mut self, node: &Node) -> Option<Values> {
        let map = Entries::any(node, "an event", self.findings)?;
        self.word(&map, "type", &EVENTS)?;
        Some(self.values(node, "an event"))
    }

    /// Names and values. What is no text, such as the `history` that a reader may like to see, is left out.
    pub(super) fn values(&mut self, node: &Node, place: &'static str) -> Values {
        let map = Entries::any(node, place, self.findings);
        let entries = map.iter().flat_map(Entries::iter);
        entries
            .filter(|(_, _, value)| value.text().is_some())
            .map(|(_, name, value)| (name.to_owned(), text(value)))
            .collect()
    }

    fn config(&mut self, node: Option<&Node>) -> Vec<(String, SettingValue)> {
        let map = node.filter(|node| !is_nothing(node));
        let map = map.and_then(|node| Entries::any(node, "`config`", self.findings));
        let mut settings = Vec::new();
        for (_, name, node) in map.iter().flat_map(Entries::iter) {
            let value = match &node.kind {
                Kind::Scalar { text, .. } => SettingValue::Text(text.clone()),
                Kind::List(items) => {
                    let texts = items.iter().filter_map(text);
                    SettingValue::List(texts.collect())
                }
                Kind::Map(_) => SettingValue::Map(present(self.values(node, "a setting"))),
            };
            settings.push((name.to_owned(), value));
        }
        settings
    }

    fn time(&mut self, node: &Node) -> Option<DateTime<Utc>> {
        let time = DateTime::parse_from_rfc3339(entries::text(node, self.findings)?);
        let time = time.ok().map(|time| time.to_utc());
        self.or_wrong(time, node, "a time such as 2026-11-21T07:15:00Z")
    }

    pub(super) fn or_wrong<T>(
        &mut self,
        read: Option<T>,
        node: &Node,
        expected: &'static str,
    ) -> Option<T> {
        if read.is_none() {
            let found = node.describe();
            let problem = Problem::WrongType { expected, found };
            self.findings.add(node.span, &problem);
        }
        read
    }

    pub(super) fn map<'n>(
        &mut self,
        node: &'n Node,
        place: &'static str,
        keys: &[&str],
    ) -> Option<Entries<'n>> {
        Entries::read(node, place, keys, self.findings)
    }

    pub(super) fn text_of(&mut self, map: &Entries<'_>, key: &str) -> Option<String> {
        let node = map.required(key, self.findings)?;
        Some(entries::text(node, self.findings)?.to_owned())
    }

    pub(super) fn word<'n>(
        &mut self,
        map: &Entries<'n>,
        key: &'static str,
        words: &[&str],
    ) -> Option<&'n str> {
        let node = map.required(key, self.findings)?;
        entries::word(node, key, words, self.findings)
    }
}

const GIVEN: [&str; 4] = ["session", "message", "now", "token_exchange"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::vectors::vector::BodyMatch;

    fn read(text: &str) -> (Vec<Vector>, Vec<String>) {
        let sources = [Source {
            name: "gateways/a/vectors.json".into(),
            text: text.into(),
        }];
        let mut findings = Findings::of(&sources);
        let vectors = vectors(&sources[0], 0, &mut findings);
        let reports = findings.into_reports();
        let printed = reports.iter().map(|report| report.print(&sources));
        (vectors, printed.collect())
    }

    const SENDING: &str = r#"[{"name": "a/sms/sent", "channel": "sms", "direction": "outbound",
        "config": {"user": "u", "map": {"a": "1"}, "list": ["x"]},
        "given": {"now": "2026-11-21T07:15:00Z", "message": {"to": "+255700000001", "from": null, "text": "é \"q\"\n", "ref": "m-1"}},
        "request": {"method": "POST", "path": "https://a/x", "query": {}, "headers": {"content-type": "application/json"}, "body": "{\"a\": 1}"},
        "expect": {"gateway_reply": {"status": 200, "headers": {}, "body": null}, "result": {"outcome": "accepted", "message_id": null}}}]"#;

    #[test]
    fn json_is_read() {
        let (vectors, reports) = read(SENDING);
        assert_eq!(reports, [""; 0]);
        let [vector] = vectors.as_slice() else {
            panic!("{vectors:?}")
        };
        let Case::Outbound(sending) = &vector.case else {
            panic!("{vector:?}")
        };
        assert_eq!(sending.message.text, "é \"q\"\n");
        assert_eq!(sending.message.from, None);
        assert_eq!(sending.request.body_match, BodyMatch::Json);
        assert_eq!(
            sending.result,
            [
                ("outcome".to_owned(), Some("accepted".to_owned())),
                ("message_id".to_owned(), None)
            ]
        );
        assert_eq!(vector.config.len(), 3);
    }

    #[test]
    fn every_mistake_is_reported_with_its_place() {
        let wrong = SENDING
            .replace("\"sms\", \"direction\"", "\"fax\", \"direction\"")
            .replace("+255700000001", "0700")
            .replace("\"POST\"", "\"SMPP\"")
            .replace("\"status\": 200", "\"status\": 2000")
            .replace("\"ref\"", "\"reff\"");
        let (vectors, reports) = read(&wrong);
        assert!(vectors.is_empty());
        for part in [
            "`fax`",
            "an international number",
            "`SMPP`",
            "100 to 599",
            "`reff`",
        ] {
            let found = reports.iter().filter(|report| report.contains(part));
            assert_eq!(found.count(), 1, "{part}: {reports:#?}");
        }
        assert!(reports[0].contains("vectors.json:1:"), "{}", reports[0]);
    }
}
