//! Calls of ours as they go out.

use proptest::prelude::*;
use serde_json::Value as Json;

use crate::{
    gateway::profile::{
        Auth, Body, Chain, Comparison, Event, Go, Operand, OutRequest, Outbound, Part, Source,
        Template, Test, TokenCall, Tree,
        fixture::{account, exchange, message, pairs, profile, request, said, screen, template},
    },
    model::Msisdn,
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
    let text = "Ankara Na:991480000123,Tarehe:21-11-2026,CHFID:070707081,Bidhaa:ICHF,Kiasi:30000";
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
    let place = || Chain {
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
        any: vec![Chain {
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
