//! Which requests are taken, and what is refused.

use crate::{
    gateway::profile::{
        BodyKind, Channel, Event, FirstText, Heard, Refused, Request, fixture,
        sketch::{account, accumulated, call, chain, missing, post, request, route, unsaid, why},
    },
    model::Signal,
};

#[test]
fn what_a_request_must_not_hold_is_refused_by_name() {
    let account = accumulated(FirstText::Lost);
    let field = || "form.p".to_owned();
    let long = format!("s={}&p=255700000001&c=1&t=", "x".repeat(129));
    for (body, refused) in [
        (
            "s=1&s=2&p=255700000001&c=1&t=",
            Refused::Twice("form.s".into()),
        ),
        (
            "s=1%00&p=255700000001&c=1&t=",
            Refused::ControlCharacters("form.s".into()),
        ),
        (
            long.as_str(),
            Refused::FieldTooLong {
                field: "form.s".into(),
                limit: 128,
            },
        ),
        ("s=1&p=ANONYMOUS&c=1&t=", Refused::NotPhone(field())),
        ("s=1&p=&c=1&t=", Refused::Empty(field())),
        ("s=1&c=1&t=", missing(&["form.p"])),
        ("s=1&t=", missing(&["form.p", "form.c"])),
        ("n=x", missing(&["form.s", "form.p", "form.c", "form.t"])),
        ("s=%", Refused::BadEscape("body")),
        (
            "s=%ff",
            Refused::Charset {
                part: "body",
                charset: "UTF-8",
            },
        ),
    ] {
        assert_eq!(why(post(&account, Channel::Ussd, body)), refused, "{body}");
    }
    let same = "s=1&s=1&p=255700000001&c=1&t=";
    assert!(post(&account, Channel::Ussd, same).is_ok());
    let typed = format!("s=1&p=255700000001&c=1&t={}", "9".repeat(4_000));
    assert!(post(&account, Channel::Ussd, &typed).is_ok());
}

#[test]
fn addresses_are_told_apart_by_their_parts_and_methods() {
    let of = |path, event| route(path, BodyKind::Text, &[("?session", "path.s")]).when(event, &[]);
    let mut post_only = of("/x", Event::Ignored);
    post_only.methods = vec!["POST".into(), "PUT".into()];
    let account = account(
        vec![
            of("/{s}", Event::Error),
            of("/events", Event::Ignored),
            post_only,
        ],
        |_| {},
    );
    let hear = |path| account.hear(Channel::Ussd, &request(path, "", b""));
    assert!(matches!(hear("/events"), Ok(Heard::Ignored(_))));
    assert!(matches!(hear("/events/"), Ok(Heard::Ignored(_))));
    assert_eq!(why(hear("/other")), Refused::Rule(None));
    for path in ["/", "", "/a/b", "//", "/events//"] {
        assert_eq!(why(hear(path)), Refused::UnknownPath, "{path}");
    }
    assert_eq!(why(hear("/%zz")), Refused::BadEscape("path"));
    // Another route takes a GET here; a literal one is asked first for a POST.
    assert_eq!(why(hear("/x")), Refused::Rule(None));
    assert!(matches!(
        account.hear(Channel::Ussd, &request("/x", "", b"a")),
        Ok(Heard::Ignored(_))
    ));
}

#[test]
fn what_is_nothing_to_us_needs_no_values_and_an_error_speaks_for_itself() {
    let reads = [("session", "query.s")];
    let mut checked = route("/", BodyKind::Nothing, &reads)
        .when(Event::Ignored, &["query.s is absent"])
        .when(Event::Refused, &["query.s is evil"])
        .when(Event::Error, &[]);
    checked.rules[2].say = Some("no such session".into());
    checked.rules[2].reply = Some("gone".into());
    let account = account(vec![checked], |_| {});
    let hear = |query| account.hear(Channel::Ussd, &request("/", query, b""));
    assert!(matches!(hear(""), Ok(Heard::Ignored(_))));
    assert_eq!(why(hear("s=evil")), Refused::NotTheirs);
    let refusal = hear("s=1").unwrap_err();
    assert_eq!(refusal.why.to_string(), "no such session");
    assert_eq!(refusal.said.reply.as_deref(), Some("gone"));
    assert_eq!(refusal.said.get("session"), Some("1"));
}

#[test]
fn every_rule_that_was_tried_is_traced() {
    let account = unsaid();
    let mut trace = Vec::new();
    let query = "s=1&p=255700000001&i=1&MSC=m&CHARGE=0";
    let heard = account.hear_traced(Channel::Ussd, &request("/", query, b""), &mut trace);
    assert!(heard.is_ok());
    let tried: Vec<_> = trace.iter().map(|rule| (rule.line, rule.passed)).collect();
    assert_eq!(tried, [(1, false), (2, true)]);
    assert_eq!(trace[0].written, "query.clean is present");
    assert_eq!(trace[0].saw, [None]);
}

#[test]
fn xml_and_xml_rpc_are_heard() {
    let xml = route(
        "/",
        BodyKind::Xml,
        &[("session", "element.@localId"), ("phone", "element.msisdn")],
    )
    .items("xml.dialog", false)
    .when(Event::Timeout, &["element.@timedOut is present"])
    .when(Event::Begin, &["element.@type is Begin"])
    .when(Event::Error, &[]);
    let account_of = |route| account(vec![route], |_| {});
    let heard = post(
        &account_of(xml.clone()),
        Channel::Ussd,
        "<dialog type='Begin' localId='7'><msisdn>255700000001</msisdn></dialog>",
    );
    assert_eq!(call(heard).caller.session, "7");
    let timeout = "<dialog timedOut='' localId='7'><msisdn>255700000001</msisdn></dialog>";
    assert_eq!(
        call(post(&account_of(xml.clone()), Channel::Ussd, timeout)).signal,
        Signal::Timeout
    );
    let bomb = "<!DOCTYPE d [<!ENTITY a 'a'>]><dialog type='&a;'/>";
    assert_eq!(
        why(post(&account_of(xml), Channel::Ussd, bomb)),
        Refused::DocumentType
    );

    let rpc = route(
        "/",
        BodyKind::Rpc,
        &[("session", "rpc.session"), ("phone", "rpc.msisdn")],
    )
    .when(Event::Begin, &["rpc.method is USSD.INIT"])
    .when(Event::Error, &[]);
    let body = concat!(
        "<methodCall><methodName>USSD.INIT</methodName><params><param><value><struct>",
        "<member><name>session</name><value>9</value></member>",
        "<member><name>msisdn</name><value><string>+255700000001</string></value></member>",
        "</struct></value></param></params></methodCall>"
    );
    assert_eq!(
        call(post(&account_of(rpc), Channel::Ussd, body))
            .caller
            .session,
        "9"
    );
}

#[test]
fn a_body_is_of_the_type_and_character_set_that_the_route_expects() {
    let account = accumulated(FirstText::Lost);
    let of = |headers: &[(&str, &[u8])]| {
        let request = Request {
            headers,
            ..request("/", "", b"s=1&p=255700000001&c=1&t=")
        };
        account.hear(Channel::Ussd, &request)
    };
    assert!(
        of(&[(
            "Content-Type",
            b"application/x-www-form-urlencoded; charset=utf-8"
        )])
        .is_ok()
    );
    assert_eq!(
        why(of(&[("content-type", b"application/json")])),
        Refused::ContentType("application/x-www-form-urlencoded")
    );
    let long = "x".repeat(16 * 1024 + 1);
    assert_eq!(
        why(post(&account, Channel::Ussd, &long)),
        Refused::TooLong(16 * 1024)
    );
    let many = "a=1&".repeat(1_001);
    assert!(matches!(
        why(post(&account, Channel::Ussd, &many)),
        Refused::TooMany { .. }
    ));
}

#[test]
fn what_proves_the_caller_is_looked_at_before_anything_else() {
    let reads = [("session", "json.s")];
    let route = route("/", BodyKind::Json, &reads).when(Event::Ignored, &[]);
    let account = account(vec![route], |profile| {
        let field = chain("query.password");
        profile.caller.fields = vec![(field, fixture::template("{setting.password}"))];
    });
    let hear = |query, body| {
        account
            .hear(Channel::Ussd, &request("/", query, body))
            .map_err(|refusal| refusal.why)
    };
    for (query, body) in [
        ("", &b"{"[..]),
        ("password=wrong", b"{}"),
        ("password=%zz", b"{}"),
    ] {
        assert_eq!(hear(query, body), Err(Refused::NotTheirs), "{query}");
    }
    assert_eq!(
        hear("password=s3cret", b"{"),
        Err(Refused::Malformed("JSON"))
    );
    assert!(hear("password=s3cret", b"{}").is_ok());
    let twice = hear("password=wrong&password=s3cret", b"{}");
    assert_eq!(twice, Err(Refused::NotTheirs));
}
