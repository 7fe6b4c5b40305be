//! Receipts and messages.

use crate::gateway::profile::{
    Account, BodyKind, Channel, Event, Heard, ReceiptState, Refused,
    sketch::{account, missing, phone, post, route, why},
};

/// A batch of receipts.
fn receipts() -> Account {
    let reads = [
        ("?message_id", "item.id"),
        ("?own_id", "item.ref"),
        ("state", "item.status | state"),
        ("raw_status", "item.status"),
        ("?to", "item.to"),
    ];
    let batch = route("/", BodyKind::Json, &reads)
        .items("json.results", true)
        .when(Event::Ignored, &["item.status is ping"])
        .when(Event::Receipt, &[]);
    account(vec![batch], |_| {})
}

#[test]
fn each_receipt_of_a_batch_is_heard() {
    let body = r#"{"results":[{"id":"a","status":1,"to":"0700000001"},{"status":"ping"},
        {"ref":"b","status":4},{"id":"c","status":2,"to":"JIRANI"},{"id":"d","status":"new"}]}"#;
    let Ok(Heard::Receipts(all, said)) = post(&receipts(), Channel::Sms, body) else {
        panic!("no receipts");
    };
    assert_eq!(said.event, Event::Receipt);
    let [Some(first), None, Some(third)] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(
        (first.message_id.as_deref(), first.state),
        (Some("a"), ReceiptState::Delivered)
    );
    assert_eq!(first.raw_status.as_deref(), Some("1"));
    assert_eq!(first.to, Some(phone()));
    assert_eq!((third.state, &third.to), (ReceiptState::Failed, &None));
}

#[test]
fn an_empty_batch_of_xml_is_nothing_and_another_document_is_refused() {
    let reads = [("message_id", "item.id"), ("state", "item.status | state")];
    let batch = route("/", BodyKind::Xml, &reads)
        .items("xml.reports.report", true)
        .when(Event::Receipt, &[]);
    let account = account(vec![batch], |_| {});
    let of = |body| post(&account, Channel::Sms, body);
    assert!(matches!(of("<reports/>"), Ok(Heard::Ignored(_))));
    assert!(matches!(of("<reports>\n</reports>"), Ok(Heard::Ignored(_))));
    assert_eq!(why(of("<report/>")), missing(&["xml.reports.report"]));
}

#[test]
fn a_batch_of_which_nothing_can_be_read_is_refused_and_an_empty_one_is_nothing() {
    let of = |body| post(&receipts(), Channel::Sms, body);
    assert!(matches!(of(r#"{"results":[]}"#), Ok(Heard::Ignored(_))));
    assert_eq!(why(of("{}")), missing(&["json.results"]));
    assert_eq!(
        why(of(r#"{"results":[{"id":"d"}]}"#)),
        missing(&["item.status", "item.status"])
    );
    assert_eq!(
        why(of(r#"{"results":[{"id":"d","status":3}]}"#)),
        Refused::Unmapped("item.status".into())
    );
    assert_eq!(
        why(of(r#"{"results":[{"status":1}]}"#)),
        missing(&["item.id"])
    );
    assert_eq!(
        why(of(r#"{"results":[{"id":"d","status":8}]}"#)),
        Refused::Unmapped("item.status".into())
    );
}

#[test]
fn a_message_is_heard_with_its_time() {
    let reads = [
        ("from", "form.from"),
        ("to", "form.to"),
        ("text", "form.text"),
        ("?message_id", "form.id"),
        ("?received_at", "form.date | sent"),
    ];
    let inbound = route("/", BodyKind::Form, &reads).when(Event::Message, &[]);
    let account = account(vec![inbound], |_| {});
    let body = "from=0700000001&to=15001&text=&id=7&date=2023-11-15+01:13:20";
    let Ok(Heard::Messages(all, _)) = post(&account, Channel::Sms, body) else {
        panic!("no message");
    };
    assert_eq!(all[0].from, phone());
    assert_eq!((all[0].to.as_str(), all[0].text.as_str()), ("15001", ""));
    let at = all[0].received_at.map(|time| time.to_rfc3339());
    assert_eq!(at.as_deref(), Some("2023-11-14T22:13:20+00:00"));
}
