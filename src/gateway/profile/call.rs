//! Calls of ours to the aggregator: a screen shown later, an SMS sent, a receipt asked for.

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};

use super::{
    Account, Auth, Charset, Exchange, Filter, OutRequest, Outbound, Outgoing, Part, Piece, Refused,
    Said, Screen, Source, Template, Value,
    answer::{Written, of_account},
    body::{form, headers, is_value},
    charset::Concrete,
    screen,
    tree::entries,
    urlencoded::escape_in,
    value::{Datum, Sources},
};
use crate::model::{Msisdn, gsm7};

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
        later
            .request
            .write(&Written::screen(self, said, screen), token)
    }

    /// The call that sends an SMS. `None` where the profile sends none, where it needs a [`token`](Self::token_call)
    /// and there is none, where the account lacks [what that needs](Self::sends), and for an id that stands for a phone
    /// and is no number.
    pub fn send(&self, message: &Outgoing<'_>, token: Option<&str>) -> Option<Outbound> {
        if message.to.as_opaque().is_some() || !self.sends() {
            return None;
        }
        let sending = Sending::of(self, message);
        self.sending(&sending)?.request.write(&sending, token)
    }

    /// Whether the aggregator knows our id of this message, so that it takes it once however often it is sent.
    pub fn knows_our_id(&self, message: &Outgoing<'_>) -> bool {
        let exchange = self.sending(&Sending::of(self, message));
        exchange.is_some_and(|exchange| exchange.request.knows_our_id)
    }

    /// Whether its aggregator refuses SMS without a sender, where any go out through it.
    pub fn needs_sender(&self) -> bool {
        let Ok(to) = Msisdn::parse("255700000000") else {
            return false;
        };
        let needs = |text| {
            let message = Outgoing {
                to: &to,
                from: None,
                text,
                own_id: "",
                message_id: None,
                now: DateTime::UNIX_EPOCH,
            };
            let call = self.sending(&Sending::of(self, &message));
            call.is_some_and(|call| call.request.needs_sender)
        };
        // Which call is made may depend on the text's alphabet.
        self.sends() && ["a", "я"].into_iter().any(needs)
    }

    /// The call that asks how far an SMS is; `None` as of [`send`](Self::send).
    pub fn poll(&self, message: &Outgoing<'_>, token: Option<&str>) -> Option<Outbound> {
        let poll = self.profile.poll.as_ref().filter(|_| self.sends())?;
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value as Json;

    use super::*;
    use crate::gateway::profile::{
        Body, Comparison, Event, Go, Operand, Test, TokenCall, Tree,
        fixture::{account, exchange, message, pairs, profile, request, said, screen, template},
    };

    fn sent(request: OutRequest, settings: &[(&str, &str)], text: &str) -> Option<Outbound> {
        sent_with(request, settings, text, None)
    }

    fn sent_with(
        request: OutRequest,
        settings: &[(&str, &str)],
        text: &str,
        token: Option<&str>,
    ) -> Option<Outbound> {
        let mut profile = profile();
        profile.send = vec![exchange(request)];
        let to = Msisdn::parse("+255712345678").unwrap();
        account(profile, settings).send(&message(&to, text), token)
    }

    fn address_of(address: &str, settings: &[(&str, &str)]) -> Option<String> {
        let outbound = sent(request(address, Body::Nothing), settings, "a b/ü&")?;
        outbound.addresses.into_iter().next()
    }

    fn tree(entries: &[(&str, &str)]) -> Tree {
        let filled = |(name, text): (String, Template)| (name, Tree::Filled(text));
        Tree::Map(pairs(entries).into_iter().map(filled).collect())
    }

    fn header(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_message_fills_body_and_headers() {
        let mut request = request(
            "https://api.example.com/sms",
            Body::Json(tree(&[
                ("from", "{from}"),
                ("to", "{to | bare}"),
                ("text", "{text}"),
                ("parts", "{segments | number}"),
                ("ref", "{ref}"),
                ("alphabet", "{text.alphabet}"),
                ("old", "{message_id}"),
            ])),
        );
        request.headers = pairs(&[("Accept", "application/json"), ("x-none", "{message_id}")]);
        request.auth = Some(Auth::Basic(template("{setting.user}"), template("pass")));
        let outbound = sent(request, &[("user", "user")], "Karibu").unwrap();
        assert_eq!(
            outbound.body,
            r#"{"from":"2020","to":"255712345678","text":"Karibu","parts":1,"ref":"m-1","alphabet":"gsm7"}"#
        );
        assert_eq!(
            outbound.headers,
            [
                header("content-type", "application/json"),
                header("authorization", "Basic dXNlcjpwYXNz"),
                header("accept", "application/json"),
            ]
        );
        assert_eq!((outbound.method.as_str(), outbound.line), ("POST", 9));
    }

    #[test]
    fn what_is_filled_into_an_address_stays_within_its_segment() {
        let settings = [
            ("base", "http://kannel.example:13/cgi-bin/send?x=1"),
            ("sender", "+2250000"),
        ];
        let at = |address: &str| address_of(address, &settings).unwrap();
        assert_eq!(at("{setting.base}"), settings[0].1);
        assert_eq!(
            at("https://api.orange.com/outbound/{setting.sender | tel}/requests"),
            "https://api.orange.com/outbound/tel%3A%2B2250000/requests"
        );
        assert_eq!(
            at("https://api.orange.com/{setting.sender | url_encode}"),
            "https://api.orange.com/%2B2250000"
        );
        assert_eq!(
            at("https://a.example/{text}?t={text}"),
            "https://a.example/a%20b%2F%C3%BC%26?t=a%20b%2F%C3%BC%26"
        );
        assert_eq!(address_of("{setting.none}/x", &settings), None);
        assert_eq!(address_of("ftp://a.example/x", &settings), None);
    }

    #[test]
    fn a_query_is_escaped_whole_with_the_places_of_a_setting_filled() {
        let mut kannel = request("{setting.base}", Body::Nothing);
        kannel.method = "GET".into();
        kannel.query = pairs(&[
            ("to", "{to}"),
            ("text", "{text}"),
            ("dlr-url", "{setting.dlr_url}"),
            ("coding", "{text.alphabet | coding}"),
        ]);
        let settings = [
            ("base", "http://kannel.example/cgi-bin/sendsms"),
            (
                "dlr_url",
                "https://host/sms/kannel/dlr?uuid={ref}&status=%d",
            ),
        ];
        let outbound = sent(kannel.clone(), &settings, "Habari yako").unwrap();
        assert_eq!(
            outbound.addresses,
            [
                "http://kannel.example/cgi-bin/sendsms?to=%2B255712345678&text=Habari%20yako\
                 &dlr-url=https%3A%2F%2Fhost%2Fsms%2Fkannel%2Fdlr%3Fuuid%3Dm-1%26status%3D%25d"
            ]
        );
        assert!(outbound.body.is_empty() && outbound.headers.is_empty());
        let outbound = sent(kannel, &settings, "☺").unwrap();
        assert!(outbound.addresses[0].ends_with("&coding=2"));
    }

    #[test]
    fn a_query_joins_one_that_the_address_has() {
        let mut several = request("https://a.example/x?a=1", Body::Nothing);
        several.addresses.push(template("https://b.example/x"));
        several.addresses.push(template("https://c.example/x?"));
        several.query = pairs(&[("b", "{ref}")]);
        assert_eq!(
            sent(several, &[], "x").unwrap().addresses,
            [
                "https://a.example/x?a=1&b=m-1",
                "https://b.example/x?b=m-1",
                "https://c.example/x?b=m-1"
            ]
        );
    }

    #[test]
    fn parts_are_filled_in_order_hashed_and_embedded_with_one_clock() {
        let inner = tree(&[
            ("message", "{text}"),
            ("datetime", "{now | east_african}"),
            ("sender_id", "CHF"),
            ("mobile_service_id", "101"),
            ("recipients", "{to | bare}"),
        ]);
        let mut ega = request(
            "https://sms.example.go.tz/api/sms/push",
            Body::Json(tree(&[
                ("data", "{part.inner}"),
                ("datetime", "{now | east_african}"),
            ])),
        );
        ega.parts = vec![
            ("tree".into(), Part::Json(inner)),
            ("inner".into(), Part::Text(template("{part.tree | ascii}"))),
            ("sum".into(), Part::Text(template("{part.inner | hash}"))),
        ];
        ega.headers = pairs(&[("X-Auth-Request-Hash", "{part.sum}")]);
        let settings = [("private_key", "test-private-key")];
        let text =
            "Ankara Na:991480000123,Tarehe:21-11-2026,CHFID:070707081,Bidhaa:ICHF,Kiasi:30000";
        let outbound = sent(ega.clone(), &settings, text).unwrap();
        assert!(outbound.headers.contains(&header(
            "x-auth-request-hash",
            "g9xRQzeB23IcoBd+JZiNeSgKFK4QU8eBIrWcZ3m8whU="
        )));
        assert!(
            outbound
                .body
                .ends_with(r#"","datetime":"2026-11-21 10:15:00"}"#)
        );
        let outbound = sent(ega, &settings, "Karibu ☺").unwrap();
        assert!(outbound.body.is_ascii(), "{}", outbound.body);
        let body: Json = serde_json::from_str(&outbound.body).unwrap();
        let inner: Json = serde_json::from_str(body["data"].as_str().unwrap()).unwrap();
        assert_eq!(inner["message"], "Karibu ☺");
    }

    #[test]
    fn without_its_token_a_call_is_not_made() {
        let mut orange = request("https://api.orange.com/x", Body::Nothing);
        let place = || super::super::Chain {
            source: Source::Json(Vec::new()),
            filters: Vec::new(),
        };
        orange.auth = Some(Auth::OAuth2(Box::new(TokenCall {
            request: request("https://api.orange.com/token", Body::Nothing),
            token: place(),
            expires: place(),
        })));
        assert_eq!(sent(orange.clone(), &[], "x"), None);
        let outbound = sent_with(orange, &[], "x", Some("i6m2")).unwrap();
        assert_eq!(outbound.headers, [header("authorization", "Bearer i6m2")]);
    }

    #[test]
    fn the_first_way_whose_conditions_hold_is_used() {
        let when = |source, word: &str| Test::Compared {
            any: vec![super::super::Chain {
                source,
                filters: Vec::new(),
            }],
            comparison: Comparison::Is(vec![Operand::Literal(word.into())]),
        };
        let mut get = exchange(request("https://a.example/get", Body::Nothing));
        get.when = vec![
            when(Source::Setting("method".into()), "GET"),
            when(Source::TextAlphabet, "gsm7"),
        ];
        let mut profile = profile();
        profile.send = vec![
            get,
            exchange(request("https://a.example/post", Body::Nothing)),
        ];
        let to = Msisdn::parse("+255712345678").unwrap();
        let address = |method: &str, text: &str| {
            let account = account(profile.clone(), &[("method", method)]);
            account.send(&message(&to, text), None).unwrap().addresses
        };
        assert_eq!(address("GET", "x"), ["https://a.example/get"]);
        assert_eq!(address("GET", "☺"), ["https://a.example/post"]);
        assert_eq!(address("POST", "x"), ["https://a.example/post"]);
    }

    #[test]
    fn no_message_goes_to_an_id_that_is_no_number() {
        let mut profile = profile();
        profile.send = vec![exchange(request("https://a.example/x", Body::Nothing))];
        let to = Msisdn::opaque("AAAA").unwrap();
        assert_eq!(account(profile, &[]).send(&message(&to, "x"), None), None);
    }

    #[test]
    fn a_screen_goes_out_later_by_a_call() {
        let mut profile = profile();
        let body = Body::Json(tree(&[
            ("s", "{session}"),
            ("text", "{screen}"),
            ("go", "{go}"),
        ]));
        profile.later = Some(exchange(request("https://a.example/{session}", body)));
        let account = account(profile, &[]);
        let said = said(Event::Input, &[("session", "s/1")]);
        let screen = screen("Karibu", Go::End);
        let outbound = account.deliver(&said, &screen, None).unwrap();
        assert_eq!(outbound.addresses, ["https://a.example/s%2F1"]);
        assert_eq!(outbound.body, r#"{"s":"s/1","text":"Karibu","go":"end"}"#);
        assert!(account.later());
        assert_eq!(account.reply(&said, &screen).body, "");
    }

    proptest! {
        #[test]
        fn whatever_a_message_and_a_setting_hold_the_call_is_well_formed(text in any::<String>(), setting in any::<String>()) {
            // An empty setting has no value.
            let setting = format!("x{setting}");
            let mut call = request("https://a.example/{text}/{setting.s}", Body::Form(pairs(&[("t", "{text}"), ("s", "{setting.s}")])));
            call.query = pairs(&[("t", "{text}"), ("s", "{setting.s}")]);
            call.headers = pairs(&[("X-Text", "{text}"), ("X-Setting", "s {setting.s}")]);
            call.auth = Some(Auth::Bearer(template("{setting.s}")));
            let outbound = sent(call, &[("s", setting.as_str())], &text).unwrap();
            // `{ref}` in a setting is a place.
            let setting = setting.replace("{ref}", "m-1");
            let (path, query) = outbound.addresses[0].split_once('?').unwrap();
            prop_assert_eq!(path.split('/').count(), 5);
            let expected = vec![("t".to_owned(), text), ("s".to_owned(), setting)];
            let read = |form: &str| crate::gateway::profile::urlencoded::pairs(form.as_bytes(), "body").unwrap();
            prop_assert_eq!(&read(query), &expected);
            prop_assert_eq!(&read(&outbound.body), &expected);
            for (_, value) in &outbound.headers {
                prop_assert!(!value.contains(['\n', '\r', '\0']));
            }
        }
    }
}
