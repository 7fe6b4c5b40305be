//! Aggregators of every kind call the real server, and it calls them.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri},
};
use nyota::{
    catalogue::{AddressSecret, Contract},
    cli::Contracts,
    config::SmsRoute,
    gateway::profile::SettingValue,
    model::{ServiceCode, source::Span},
    store::MessageState,
};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::support::{phone::client, stage::Stage, until};

const PHONE: &str = "255700000077";
const WELCOME: &str = "Choose language";

/// A contract with settings that are texts.
fn contract(profile: &str, settings: &[(&str, &str)]) -> Contract {
    let text = |value: &str| SettingValue::Text(value.to_owned());
    Contract {
        name: profile.to_owned(),
        profile: profile.to_owned(),
        settings: settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), text(value)))
            .collect(),
        code: Some(ServiceCode::parse("*152*00#").unwrap()),
        ..Contract::default()
    }
}

async fn with(contracts: Vec<Contract>) -> Stage {
    Stage::with_contracts(Contracts {
        contracts,
        ..Contracts::default()
    })
    .await
}

/// An answer's status, one of its headers, and its body.
async fn get(stage: &Stage, path: &str, header: &str) -> (u16, String, String) {
    let url = format!("{}{path}", stage.address);
    let answer = client().get(url).send().await.unwrap();
    let status = answer.status().as_u16();
    let value = answer
        .headers()
        .get(header)
        .map(|value| value.to_str().unwrap().to_owned());
    (
        status,
        value.unwrap_or_default(),
        answer.text().await.unwrap(),
    )
}

async fn post(stage: &Stage, path: &str, media_type: &str, body: &str) -> (u16, String) {
    let url = format!("{}{path}", stage.address);
    let request = client().post(url).header("content-type", media_type);
    let answer = request.body(body.to_owned()).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

/// Imimobile, which knows a dialogue by its phone alone and never says that one begins.
async fn imimobile(stage: &Stage, text: &str) -> (String, String) {
    let path = format!("/ussd/imimobile/chf?msisdn={PHONE}&msg={text}&code=x&tid=1&dcs=0");
    let (status, session, body) = get(stage, &path, "x-ussd-session").await;
    assert_eq!(status, 200, "{body}");
    (session, body)
}

async fn with_imimobile() -> Stage {
    let suffixes = vec![("chf".to_owned(), "*152*00#".to_owned())];
    let mut contract = contract("imimobile", &[]);
    contract.settings = vec![(
        "suffix_to_service_code".to_owned(),
        SettingValue::Map(suffixes),
    )];
    with(vec![contract]).await
}

#[tokio::test]
async fn where_a_gateway_never_says_that_a_dialogue_begins_the_line_does() {
    let stage = with_imimobile().await;
    assert!(imimobile(&stage, "hello").await.1.contains(WELCOME));
    assert!(imimobile(&stage, "2").await.1.contains("Welcome to CHF"));
    let (session, page) = imimobile(&stage, "9").await;
    assert!(session == "1" && page.contains("Welcome to CHF"), "{page}");
    stage.stop().await;
}

#[tokio::test]
async fn a_caller_who_hung_up_begins_anew_on_a_gateway_that_knows_her_by_her_phone() {
    let stage = with_imimobile().await;
    imimobile(&stage, "hello").await;
    imimobile(&stage, "2").await;
    imimobile(&stage, "1").await;
    let hung_up = "Map%20Dialog%20User%20Abort%20User%20Reason:%20x";
    assert_eq!(
        imimobile(&stage, hung_up).await,
        ("0".into(), "Session Ended".into())
    );
    // What was dropped is offered, as after any dial; it is no input of the page that stood.
    let (_, page) = imimobile(&stage, "hello").await;
    assert!(
        page.contains("Go on") || page.contains("Welcome to CHF"),
        "{page}"
    );
    stage.stop().await;
}

#[tokio::test]
async fn a_gateway_that_wants_to_know_is_told_of_sessions_that_nobody_knows() {
    let stage = with(vec![contract("infobip", &[])]).await;
    let json = "application/json";
    let said = r#"{"msisdn": "255700000077", "shortCode": "*152*00#", "text": "1"}"#;
    let path = |step: &str| format!("/ussd/infobip/session/7/{step}");
    let lost = post(&stage, &path("response"), json, said).await;
    assert!(
        lost.0 == 200 && lost.1.contains("Invalid USSD session '7'"),
        "{}",
        lost.1
    );
    let status = |body: String| body.contains("\"sessionActive\":true");
    assert!(!status(get(&stage, &path("status"), "x").await.2));
    let (_, page) = post(&stage, &path("start"), json, said).await;
    assert!(
        page.contains(WELCOME) && page.contains("\"shouldClose\":false"),
        "{page}"
    );
    assert!(status(get(&stage, &path("status"), "x").await.2));
    let (_, page) = post(
        &stage,
        &path("response"),
        json,
        &said.replace("\"1\"", "\"2\""),
    )
    .await;
    assert!(page.contains("Welcome to CHF"), "{page}");
    // The end tells no phone.
    let url = format!("{}{}", stage.address, path("end"));
    let ended = client().put(url).header("content-type", json);
    let ended = ended
        .body(r#"{"reason": "ok", "exitCode": 0}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(ended.status(), 200);
    stage.stop().await;
}

#[tokio::test]
async fn what_a_begin_told_stands_in_the_last_answer() {
    let stage = with(vec![]).await;
    let begin = r#"<dialog type="Begin" localId="12"><processUnstructuredSSRequest_Request invokeId="41" dataCodingScheme="15" string="*152*00#"><msisdn number="255700000077"/></processUnstructuredSSRequest_Request></dialog>"#;
    let type_in = |text: &str| {
        format!(
            r#"<dialog type="Continue" localId="12"><unstructuredSSRequest_Response invokeId="1" dataCodingScheme="15" string="{text}"/></dialog>"#
        )
    };
    let say = async |body: String| post(&stage, "/ussd/restcomm", "text/xml", &body).await.1;
    let first = say(begin.to_owned()).await;
    assert!(
        first.contains("unstructuredSSRequest_Request") && first.contains("&#10;"),
        "{first}"
    );
    say(type_in("2")).await;
    say(type_in("1")).await;
    let last = say(type_in("999999991")).await;
    assert!(
        last.contains("invokeId=\"41\"") || last.contains("unstructuredSSRequest_Request"),
        "{last}"
    );
    let mut last = last;
    for _ in 0..4 {
        if last.contains("prearrangedEnd") {
            break;
        }
        last = say(type_in("0")).await;
    }
    assert!(
        !last.contains("invokeId") || last.contains("invokeId=\"41\""),
        "{last}"
    );
    stage.stop().await;
}

#[tokio::test]
async fn a_request_without_the_contracts_secret_is_nobodys() {
    let mut secret = contract("truroute", &[]);
    secret.secret = Some(AddressSecret::new("abcdefghijklmnop"));
    let stage = with(vec![secret]).await;
    let body = "<ussd><msisdn>255700000077</msisdn><sessionid>1</sessionid><type>1</type><msg>*152*00#</msg></ussd>";
    for path in [
        "/ussd/truroute",
        "/ussd/truroute/abcdefghijklmnoq",
        "/ussd/truroute/a/abcdefghijklmnop",
    ] {
        assert_eq!(post(&stage, path, "text/xml", body).await.0, 403, "{path}");
    }
    let (status, page) = post(&stage, "/ussd/truroute/abcdefghijklmnop", "text/xml", body).await;
    assert!(status == 200 && page.contains(WELCOME), "{page}");
    stage.stop().await;
}

/// A page of Orange's: its status, what it says, and the address that the next input goes to.
async fn orange(address: &str) -> (u16, String, String) {
    let request = client().get(address).header("User-MSISDN", PHONE);
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap();
    let Ok(page) = serde_json::from_str::<serde_json::Value>(&body) else {
        return (status, body, String::new());
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    (status, text(&page["message"]), text(&page["form"]["url"]))
}

#[tokio::test]
async fn an_address_that_is_brought_back_says_on_which_page_an_input_was_typed() {
    let mut contract = contract("orange_json", &[("service_code", "*152*00#")]);
    contract.secret = Some(AddressSecret::new("abcdefghijklmnop"));
    let stage = with(vec![contract]).await;
    let dialled = format!("{}/ussd/orange_json/abcdefghijklmnop", stage.address);
    let (_, page, first) = orange(&dialled).await;
    assert!(page.contains(WELCOME), "{page}");
    // The contract's secret is in it, else the next input would be nobody's.
    assert!(first.starts_with(&dialled), "{first}");
    // The same key twice at once is two inputs: it was typed on two pages.
    let (_, _, second) = orange(&format!("{first}9")).await;
    let (_, _, third) = orange(&format!("{second}9")).await;
    assert!(second != first && third != second);
    let fourth = orange(&format!("{third}2")).await;
    assert!(fourth.1.contains("Welcome to CHF"), "{fourth:?}");
    // A repeat, another key on the same page, and a page that was gone back to.
    for late in [
        format!("{third}2"),
        format!("{third}1"),
        format!("{first}9"),
    ] {
        assert_eq!(orange(&late).await, fourth, "{late}");
    }
    let forged = fourth.2.replace("state=4.", "state=5.");
    let (status, why, _) = orange(&format!("{forged}1")).await;
    assert!(
        status == 400 && why.contains("not written by this server"),
        "{why}"
    );
    // Dialled anew: what is typed on a page of the dialogue before is not stepped.
    let again = orange(&dialled).await;
    assert_ne!(again.2, fourth.2);
    assert_eq!(orange(&format!("{}1", fourth.2)).await, again);
    stage.stop().await;
}

#[tokio::test]
async fn a_request_from_elsewhere_is_nobodys() {
    let mut far = contract("truroute", &[]);
    far.addresses = vec!["198.51.100.0/24".parse().unwrap()];
    let mut near = contract("truroute", &[]);
    near.name = "near".to_owned();
    near.addresses = vec!["127.0.0.0/8".parse().unwrap()];
    let stage = with(vec![far, near]).await;
    let body = "<ussd><msisdn>255700000077</msisdn><sessionid>1</sessionid><type>1</type><msg>*152*00#</msg></ussd>";
    assert_eq!(
        post(&stage, "/ussd/truroute", "text/xml", body).await.0,
        403
    );
    assert_eq!(post(&stage, "/ussd/near", "text/xml", body).await.0, 200);
    stage.stop().await;
}

/// An aggregator that writes down what it is called with, and answers what it is told to.
struct Aggregator {
    address: String,
    heard: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

type Answering = (Arc<Mutex<Vec<String>>>, u16, &'static str, Duration);

impl Aggregator {
    async fn answering(status: u16, body: &'static str, after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let state: Answering = (Arc::clone(&heard), status, body, after);
        let router = Router::new().fallback(hear).with_state(state);
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            address,
            heard,
            task,
        }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Aggregator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn hear(
    State((heard, status, body, after)): State<Answering>,
    uri: Uri,
    said: String,
) -> (StatusCode, &'static str) {
    heard.lock().unwrap().push(format!("{uri} {said}"));
    tokio::time::sleep(after).await;
    (StatusCode::from_u16(status).unwrap(), body)
}

#[tokio::test]
async fn a_screen_goes_out_by_a_call_where_the_answer_is_not_read() {
    let reply = r#"<Message><Response status_code="0"/></Message>"#;
    let aggregator = Aggregator::answering(200, reply, Duration::ZERO).await;
    let settings = [
        ("url", &*aggregator.address),
        ("username", "u"),
        ("password", "p"),
    ];
    let stage = with(vec![contract("integrat_higate", &settings)]).await;
    let open = r#"<Message><Version Version="1.0"/><Response Type="OnUSSEvent"><OnUSSEvent Type="Open"><USSContext SessionID="s1" MSISDN="255700000077" ConnStr="*152*00#"/><USSText Type="TEXT"></USSText></OnUSSEvent></Response></Message>"#;
    let acknowledged = post(&stage, "/ussd/integrat_higate", "text/xml", open).await;
    assert_eq!(acknowledged, (200, String::new()));
    let call = until("the call that shows the page", async || {
        aggregator.heard().pop()
    })
    .await;
    assert!(
        call.contains("SessionID=\"s1\"") && call.contains(WELCOME),
        "{call}"
    );
    stage.stop().await;
}

/// A server whose SMS go by Vonage, at this address.
async fn sending_by_kannel(aggregator: &Aggregator) -> Stage {
    let base = format!("{}/cgi-bin/sendsms", aggregator.address);
    let settings = [("base_url", &*base), ("username", "u"), ("password", "p")];
    let mut contract = contract("kannel", &settings);
    contract.sender = Some("CHF".to_owned());
    Stage::with_contracts(Contracts {
        contracts: vec![contract],
        routes: vec![SmsRoute {
            prefixes: vec!["2557".to_owned()],
            gateway: "kannel".to_owned(),
            span: Span::default(),
        }],
        public: None,
    })
    .await
}

/// Has an SMS be sent: the control number of a renewal.
async fn renew(stage: &Stage) {
    let mut phone = stage.phone("+255700000077");
    phone.dial_in_english().await;
    phone.press_all(&["2", "100000014", "1"]).await;
}

/// The address that the aggregator was to tell how far the message is.
fn receipts_to(call: &str) -> String {
    let query = call.split_once('?').unwrap().1.split(' ').next().unwrap();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, url) = pairs
        .into_iter()
        .find(|(name, _)| *name == "dlr-url")
        .unwrap();
    let url = percent_encoding::percent_decode_str(url)
        .decode_utf8()
        .unwrap();
    url.replace('+', " ")
}

#[tokio::test]
async fn an_sms_goes_by_its_route_once_and_its_receipts_move_it_on_and_never_back() {
    let aggregator = Aggregator::answering(202, "0: Accepted for delivery", Duration::ZERO).await;
    let stage = sending_by_kannel(&aggregator).await;
    renew(&stage).await;
    let call = until("the call that sends the SMS", async || {
        aggregator.heard().pop()
    })
    .await;
    for part in ["from=CHF", "to=%2B255700000077", "text=DEMO", "username=u"] {
        assert!(call.contains(part), "{part} is not in {call}");
    }
    until("the message as sent", async || {
        (stage.records.message(1).await.state == MessageState::Sent).then_some(())
    })
    .await;
    assert_eq!(aggregator.heard().len(), 1);
    let url = receipts_to(&call);
    for (status, state) in [
        ("8", MessageState::Sent),
        ("1", MessageState::Delivered),
        ("8", MessageState::Delivered),
        ("2", MessageState::Delivered),
    ] {
        let answer = client()
            .get(url.replace("%d", status))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(
            stage.records.message(1).await.state,
            state,
            "after {status}"
        );
    }
    let words = async || -> Vec<String> {
        let receipts = stage.records.receipts(1).await.into_iter();
        receipts.map(|(word, _)| word).collect()
    };
    assert_eq!(words().await, ["8", "1", "8", "2"]);
    // Whoever guesses an id of ours tells us nothing.
    let guessed = format!("{}/sms/kannel/receipt?uuid=m1&status=2", stage.address);
    assert_eq!(client().get(guessed).send().await.unwrap().status(), 200);
    assert_eq!(words().await.len(), 4);
    stage.stop().await;
}

#[tokio::test]
async fn an_sms_whose_sending_broke_off_is_not_sent_twice_and_a_person_sees_why() {
    let hangs = Aggregator::answering(202, "", Duration::from_mins(2)).await;
    let stage = sending_by_kannel(&hangs).await;
    renew(&stage).await;
    let patience = Duration::from_mins(1);
    let failed = tokio::time::timeout(patience, async {
        while stage.records.message(1).await.state != MessageState::Failed {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    failed.await.unwrap();
    assert_eq!(hangs.heard().len(), 1);
    stage.stop().await;
}

#[tokio::test]
async fn an_sms_that_comes_is_kept_once() {
    let aggregator = Aggregator::answering(202, "", Duration::ZERO).await;
    let stage = sending_by_kannel(&aggregator).await;
    let path = "/sms/kannel/inbound?sender=%2B255700000001&to=15200&message=BIMA+070707081&ts=1493735509&id=k1";
    for _ in 0..2 {
        assert_eq!(get(&stage, path, "x").await.0, 200);
    }
    let came = stage.records.incoming().await;
    assert_eq!(came.len(), 1);
    assert_eq!(came[0].from.e164(), "+255700000001");
    assert_eq!(
        (came[0].to.as_str(), came[0].text.as_str()),
        ("15200", "BIMA 070707081")
    );
    stage.stop().await;
}
