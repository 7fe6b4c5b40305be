use super::{Masked, Masking, Part};
use crate::gateway::profile::{
    Account, BodyKind, Channel, Event, Request, Route, fixture,
    sketch::{self, route},
};

fn masked(account: &Account, request: &Request<'_>) -> Masked {
    let heard = account.hear(Channel::Ussd, request);
    let said = match &heard {
        Ok(heard) => heard.said(),
        Err(refusal) => &refusal.said,
    };
    let masking = Masking {
        said,
        codes: &[],
        secrets_only: false,
    };
    account.masked(Channel::Ussd, request, &masking)
}

fn one(route: Route) -> Account {
    sketch::account(vec![route.when(Event::Input, &[])], |_| {})
}

fn body(account: &Account, body: &str) -> String {
    match masked(account, &sketch::request("/", "", body.as_bytes())).body {
        Part::Read(text) => text,
        Part::Unread { bytes } => format!("{bytes} bytes"),
    }
}

fn reading(kind: BodyKind, root: &str) -> Account {
    let place = |name: &str| format!("{root}.{name}");
    let (session, phone, text) = (place("s"), place("p"), place("t"));
    one(route(
        "/",
        kind,
        &[("session", &session), ("phone", &phone), ("text", &text)],
    ))
}

#[test]
fn a_form_keeps_its_names_its_session_and_shapes() {
    let account = reading(BodyKind::Form, "form");
    assert_eq!(
        body(
            &account,
            "s=a-255712345678&p=%2B255712345678&t=1*PIN+4321%23&name=Asha+7&s2="
        ),
        "s=a-255700000000&p=%2B255700000000&t=1%2Axxx%201111%23&name=xxxx%201&s2="
    );
    assert_eq!(body(&account, "s=%zz&p=255712345678"), "20 bytes");
}

#[test]
fn json_keeps_its_types() {
    let account = reading(BodyKind::Json, "json.a");
    assert_eq!(
        body(
            &account,
            r#"{"a": {"s": 77, "p": 255712345678, "t": "x*9", "on": true, "no": null}, "l": [1.5, "é", {"255712345678": 1}]}"#
        ),
        r#"{"a":{"s":77,"p":255700000000,"t":"x*1","on":true,"no":null},"l":[1.1,"x",{"255700000000":1}]}"#
    );
    assert_eq!(body(&account, "{\"a\""), "4 bytes");
}

#[test]
fn xml_keeps_its_names_and_namespaces() {
    let account = reading(BodyKind::Xml, "xml.r");
    assert_eq!(
        body(
            &account,
            "<?xml version='1.0'?><n:r xmlns:n='urn:x' a='7'>\n <n:s>q&amp;1</n:s><n:p>0712345678</n:p><t>Asha</t><u/></n:r>"
        ),
        "<r xmlns=\"urn:x\" a=\"1\"><s>q&amp;1</s><p>0700000000</p><t xmlns=\"\">xxxx</t><u xmlns=\"\"/></r>"
    );
    assert_eq!(body(&account, "<r>"), "3 bytes");
}

#[test]
fn a_call_of_xml_rpc_stays_one() {
    let account = reading(BodyKind::Rpc, "rpc");
    let member = |name: &str, value: &str| {
        format!("<member><name>{name}</name><value><string>{value}</string></value></member>")
    };
    let call = |session: &str, phone: &str, text: &str| {
        let members = [member("s", session), member("p", phone), member("t", text)].concat();
        format!(
            "<?xml version=\"1.0\"?><methodCall><methodName>xx</methodName><params><param><value><struct>{members}</struct></value></param></params></methodCall>"
        )
    };
    let sent = call("7", "+255712345678", "42").replace("xx<", "go<");
    assert_eq!(body(&account, &sent), call("7", "+255700000000", "11"));
}

#[test]
fn a_secret_is_nowhere() {
    let reads = [
        ("session", "query.s"),
        ("phone", "query.p"),
        ("text", "query.t"),
    ];
    let taken = route("/{secret}", BodyKind::Nothing, &reads).when(Event::Input, &[]);
    let password = || fixture::template("{setting.password}");
    let account = sketch::account(vec![taken], |profile| {
        profile.caller.fields = vec![
            (sketch::chain("path.secret"), password()),
            (sketch::chain("query.key"), password()),
            (sketch::chain("header.X-Key"), password()),
        ];
    });
    let headers: [(&str, &[u8]); 4] = [
        ("X-Key", b"s3cret"),
        ("Authorization", b"Basic s3cret"),
        ("Cookie", b"s3cret"),
        ("User-Agent", b"s3cret"),
    ];
    for key in ["s3cret", "nearly-s3cret"] {
        let (path, query) = (
            format!("/{key}"),
            format!("s=1&p=255712345678&t=1&key={key}"),
        );
        let request = Request {
            headers: &headers,
            ..sketch::request(&path, &query, b"")
        };
        let masked = masked(&account, &request);
        assert!(!format!("{masked:?}").contains("s3cret"), "{masked:?}");
        assert_eq!(masked.path, "/***");
        assert_eq!(masked.headers.len(), 3);
    }
}

#[test]
fn of_an_address_that_is_not_ours_words_are_kept() {
    let account = reading(BodyKind::Form, "form");
    let request = sketch::request(
        "/reciept/255712345678",
        "to=255712345678",
        b"p=255712345678",
    );
    let masked = masked(&account, &request);
    assert_eq!(masked.path, "/reciept/111111111111");
    assert_eq!(
        masked.query,
        Part::Read(vec![("to".into(), "111111111111".into())])
    );
    assert_eq!(masked.body, Part::Unread { bytes: 14 });
}
