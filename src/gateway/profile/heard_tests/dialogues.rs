//! What dialogues tell: sessions, phones, codes, texts.

use crate::{
    gateway::profile::{
        Account, BodyKind, Channel, Class, Event, FirstText, Heard, Refusal, Refused,
        sketch::{account, accumulated, call, missing, phone, post, request, route, unsaid, why},
        state,
    },
    model::{DialogueId, Known, Msisdn, Position, ServiceCode, Signal},
};

#[test]
fn a_form_is_a_begin_or_an_input() {
    let account = accumulated(FirstText::Lost);
    let begin = call(post(
        &account,
        Channel::Ussd,
        "s=1&p=%2B255700000001&c=384*1234&t=",
    ));
    assert_eq!(begin.signal, Signal::Begin);
    assert_eq!(begin.caller.session, "1");
    assert_eq!(begin.caller.phone, Known::Told(phone()));
    assert_eq!(begin.service_code, ServiceCode::parse("*384*1234#").ok());
    let input = call(post(
        &account,
        Channel::Ussd,
        "s=1&p=0700000001&c=*384*1234%23&t=1*2%093",
    ));
    assert_eq!(input.signal, Signal::Input);
    assert_eq!(input.caller.phone, Known::Told(phone()));
    let text = "1*2 3".to_owned();
    assert_eq!(input.position, Position::Accumulated { text });
    assert!(!input.recalls);
}

#[test]
fn what_was_dialled_behind_the_code_is_pressed() {
    let form = || {
        let reads = [
            ("session", "form.s"),
            ("phone", "form.p"),
            ("code", "form.c"),
            ("text", "form.t"),
        ];
        route("/", BodyKind::Form, &reads)
            .when(Event::Begin, &["session is new"])
            .when(Event::Input, &[])
    };
    let account = account(vec![form()], |profile| {
        profile.session.class = Class::Accumulated;
        profile.session.first = FirstText::Dialled;
    });
    let heard = call(post(
        &account,
        Channel::Ussd,
        "s=1&p=255700000001&c=*384%23&t=1*2",
    ));
    assert_eq!(heard.signal, Signal::BeginOrInput);
    assert_eq!(heard.service_code, ServiceCode::parse("*384*1*2#").ok());
    let text = "1*2".to_owned();
    assert_eq!(heard.position, Position::Accumulated { text });
    assert!(heard.forgets);
}

#[test]
fn dialed_holds_the_code_and_extras_stand_behind_it() {
    let reads = [
        ("session", "form.s"),
        ("phone", "form.p"),
        ("?dialed", "form.d"),
        ("?code", "form.c"),
        ("?extras", "form.e"),
    ];
    let begin = account(
        vec![route("/", BodyKind::Form, &reads).when(Event::Begin, &[])],
        |_| {},
    );
    let code = |more: &str| {
        let heard = post(&begin, Channel::Ussd, &format!("s=1&p=255700000001{more}"));
        call(heard).service_code
    };
    assert_eq!(code("&d=384*1"), ServiceCode::parse("*384*1#").ok());
    assert_eq!(code("&c=384&e=1*2"), ServiceCode::parse("*384*1*2#").ok());
    assert_eq!(code("&c=*384%231%23"), ServiceCode::parse("*384*1#").ok());
    assert_eq!(code("&c=384&d=hello"), ServiceCode::parse("*384#").ok());
    assert_eq!(code(""), None);
    let heard = post(&begin, Channel::Ussd, "s=1&p=255700000001&c=VUMI");
    assert_eq!(why(heard), Refused::NotCode("form.c".into()));
}

/// Session and event in the address; phone and code are told at the begin only.
fn session_in_the_path() -> Account {
    let steps = route(
        "/session/{session}/{step}",
        BodyKind::Json,
        &[("session", "path.session")],
    )
    .reads(
        Event::Begin,
        &[
            ("phone", "json.msisdn"),
            ("code", "json.shortCode"),
            ("?imsi", "json.imsi"),
        ],
    )
    .reads(Event::Input, &[("text", "json.text")])
    .when(Event::StatusQuery, &["method is GET"])
    .when(Event::Begin, &["path.step is start"])
    .when(Event::Input, &["path.step is response"])
    .when(Event::Abort, &["path.step is end"])
    .when(Event::Error, &[]);
    account(vec![steps], |profile| {
        profile.session.keep = vec!["phone".into(), "code".into(), "imsi".into()];
    })
}

fn stepped(step: &str, body: &str) -> Result<Heard, Refusal> {
    let path = format!("/session/a%2Fb/{step}");
    session_in_the_path().hear(Channel::Ussd, &request(&path, "", body.as_bytes()))
}

#[test]
fn what_a_begin_tells_for_all_is_kept_and_later_requests_need_not_tell_it() {
    let begin = call(stepped(
        "start",
        r#"{"msisdn":255700000001,"shortCode":"*1#","imsi":"7"}"#,
    ));
    assert_eq!(begin.caller.session, "a/b");
    assert_eq!(begin.caller.phone, Known::ToldForAll(phone()));
    assert_eq!(begin.keep, [("imsi".to_owned(), "7".to_owned())]);
    assert!(!begin.recalls);
    let input = call(stepped("response", r#"{"text":"1"}"#));
    assert_eq!(input.caller.phone, Known::Before);
    assert!(input.recalls);
    assert!(input.keep.is_empty());
    assert_eq!(call(stepped("end", "{}")).signal, Signal::Abort);
    assert_eq!(call(stepped("status", "")).signal, Signal::Status);
    assert_eq!(
        why(stepped("start", r#"{"shortCode":"*1#"}"#)),
        missing(&["json.msisdn"])
    );
}

#[test]
fn a_refusal_keeps_what_could_be_read() {
    for (step, body) in [
        ("response", "{"),
        ("response", "{}"),
        ("other", "{}"),
        ("end", "[["),
    ] {
        let refusal = stepped(step, body).unwrap_err();
        assert_eq!(refusal.said.get("session"), Some("a/b"), "{step} {body}");
    }
    assert_eq!(why(stepped("response", "{")), Refused::Malformed("JSON"));
    assert_eq!(
        why(stepped("response", r#"{"text":["1"]}"#)),
        Refused::NotPlain("json.text".into())
    );
    assert_eq!(
        why(stepped("response", r#"{"text":"1","text":"2"}"#)),
        Refused::Twice("json.text".into())
    );
    assert_eq!(
        why(stepped("response", r#"{"text":null}"#)),
        missing(&["json.text"])
    );
}

#[test]
fn a_request_that_may_be_both_tells_what_both_need() {
    let account = unsaid();
    let hear = |query: &str| account.hear(Channel::Ussd, &request("/", query, b""));
    let both = call(hear("s=1&p=255700000001&i=121&MSC=m&CHARGE=0"));
    assert_eq!(both.signal, Signal::BeginOrInput);
    assert_eq!(both.service_code, ServiceCode::parse("*121#").ok());
    assert_eq!(both.position, Position::Bare { text: "121".into() });
    assert_eq!(both.keep, [("msc".to_owned(), "m".to_owned())]);
    let typed = call(hear("s=1&p=255700000001&i=Asha&MSC=m&CHARGE=0"));
    assert_eq!(typed.service_code, None);
    let input = call(hear("s=1&p=255700000001&i=Asha&CHARGE=0"));
    assert_eq!((input.signal, input.service_code), (Signal::Input, None));
    assert_eq!(
        call(hear("s=1&p=255700000001&i=1&MSC=m")).signal,
        Signal::Begin
    );
    assert_eq!(
        why(hear("s=1&p=255700000001&i=1")),
        missing(&["query.MSC", "query.CHARGE"])
    );
    let refusal = hear("s=1&p=255700000001&i=1").unwrap_err();
    assert_eq!(refusal.said.get("code"), Some("1"));
    let refused = why(hear("p=255700000001"));
    assert_eq!(refused.missing(), ["s", "i", "MSC", "CHARGE"]);
}

#[test]
fn the_session_may_be_the_phone_or_several_names() {
    let reads = [
        ("phone", "query.p"),
        ("?session", "query.s"),
        ("?tid", "query.t"),
        ("text", "query.i"),
    ];
    let keyed = |key: &[&str]| {
        let input = route("/", BodyKind::Nothing, &reads).when(Event::Input, &[]);
        account(vec![input], |profile| {
            profile.session.key = key.iter().map(|&name| name.to_owned()).collect();
        })
    };
    let session = |key: &[&str], query: &str| {
        let query = format!("p=255700000001&i=1&{query}");
        let heard = keyed(key).hear(Channel::Ussd, &request("/", &query, b""));
        heard
            .map(|heard| call(Ok(heard)).caller.session)
            .map_err(|refusal| refusal.why)
    };
    assert_eq!(session(&["phone"], ""), Ok(String::new()));
    assert_eq!(session(&["phone", "session"], "s=5"), Ok("5".into()));
    assert_ne!(
        session(&["session", "tid"], "s=1%7C2&t=3"),
        session(&["session", "tid"], "s=1&t=2%7C3")
    );
    assert_eq!(
        session(&["session", "tid"], "s=1"),
        Err(missing(&["query.t"]))
    );
}

#[test]
fn an_id_may_stand_for_a_phone() {
    let reads = [
        ("session", "query.s"),
        ("phone", "query.p | e164, query.p | opaque"),
        ("text", "query.i"),
    ];
    let input = route("/", BodyKind::Nothing, &reads).when(Event::Input, &[]);
    let account = account(vec![input], |_| {});
    let told = |phone: &str| {
        let query = format!("s=1&i=1&p={phone}");
        call(account.hear(Channel::Ussd, &request("/", &query, b"")))
            .caller
            .phone
    };
    assert_eq!(told("0700000001"), Known::Told(phone()));
    assert_eq!(
        told("acr-9f"),
        Known::Told(Msisdn::opaque("acr-9f").unwrap())
    );
}

#[test]
fn a_signed_state_that_comes_back_says_on_which_page_an_input_was_typed() {
    let reads = [
        ("session", "query.s"),
        ("phone", "query.p"),
        ("request", "query.state | signed"),
        ("text", "query.i"),
    ];
    let input = route("/", BodyKind::Nothing, &reads).when(Event::Input, &[]);
    let account = account(vec![input], |profile| {
        profile.session.class = Class::Identified;
    });
    let state = state::write(&account, "1", 3, 77).unwrap();
    let hear = |session: &str, state: &str| {
        let query = format!("s={session}&p=255700000001&i=5&state={state}");
        account.hear(Channel::Ussd, &request("/", &query, b""))
    };
    let shown = Position::Shown {
        text: "5".into(),
        pages: 3,
        dialogue: DialogueId(77),
    };
    assert_eq!(call(hear("1", &state)).position, shown);
    assert_eq!(why(hear("2", &state)), Refused::NotSigned);
    assert_eq!(why(hear("1", "3")), Refused::NotSigned);
}
