//! What comes in at the front door costs little and ends in time, whoever sends it and whatever it is.
//!
//! The tests come from an address that no gateway has, where they do not say otherwise.

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use crate::support::{
    demo::{Demo, Home},
    phone::{Phone, client},
    until,
    wire::{KNOWN, ONLY_KNOWN, STRANGER, Wire, dial, form},
};

const HOOK: &str = "/ussd/africastalking";
/// Within this something that has five seconds has ended, also on a busy machine.
const SOON: Duration = Duration::from_secs(30);
/// Nothing that is cut off after five seconds is cut off before this.
const NOT_YET: Duration = Duration::from_secs(4);

async fn demo() -> Demo {
    Home::new().start(&[ONLY_KNOWN]).await
}

async fn stranger(demo: &Demo) -> Wire {
    Wire::open(STRANGER, &demo.address).await.unwrap()
}

async fn answer_to(demo: &Demo, request: &[u8]) -> String {
    let mut wire = stranger(demo).await;
    // The other side may have answered and closed before all was sent.
    wire.send(request).await.ok();
    wire.rest_within(SOON).await.expect("it ends in time")
}

async fn counted(demo: &Demo, line: &str) -> u64 {
    let page = client().get(format!("{}/metrics", demo.address)).send();
    let metrics = page.await.unwrap().text().await.unwrap();
    let number = metrics.lines().find_map(|found| found.strip_prefix(line));
    number.map_or(0, |number| number.trim().parse().unwrap())
}

async fn is_served(demo: &Demo, number: &str) {
    let page = Phone::new(&demo.address, number).dial().await;
    assert!(page.text.starts_with("DEMO "), "{page:?}");
}

/// A value of the process in /proc, such as `VmRSS`, in KiB.
fn kibibytes(demo: &Demo, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", demo.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The processor's time that the process has had.
fn worked(demo: &Demo) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", demo.id())).unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks: u64 = ticks.map(|ticks| ticks.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// Sends a byte again and again until the other side closes; gives what it answered, and when.
async fn drip(wire: &mut Wire, byte: &[u8]) -> (String, Duration) {
    let began = Instant::now();
    loop {
        let broken = wire.send(byte).await.is_err();
        let rest = wire.rest_within(Duration::from_millis(300)).await;
        if let Some(rest) = rest {
            return (rest, began.elapsed());
        }
        assert!(!broken && began.elapsed() < SOON, "it goes on for ever");
    }
}

#[tokio::test]
async fn headers_that_come_a_byte_at_a_time_are_given_up() {
    let demo = demo().await;
    let mut wire = stranger(&demo).await;
    wire.send(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nx-slow: ")
        .await
        .unwrap();
    let (_, took) = drip(&mut wire, b"a").await;
    assert!(took > NOT_YET && took < SOON, "{took:?}");
}

#[tokio::test]
async fn a_body_that_comes_a_byte_at_a_time_is_given_up() {
    let demo = demo().await;
    let mut wire = stranger(&demo).await;
    let head = form(HOOK, &"a".repeat(1000));
    let (head, _) = head.split_once("\r\n\r\n").unwrap();
    wire.send(format!("{head}\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let (answer, took) = drip(&mut wire, b"a").await;
    assert!(answer.contains("408"), "{answer}");
    assert!(took > NOT_YET && took < SOON, "{took:?}");
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let demo = demo().await;
    let mut wire = stranger(&demo).await;
    assert_eq!(wire.rest_within(SOON).await.as_deref(), Some(""));
    // Nor is one kept that has had its answer and says nothing more.
    let mut wire = stranger(&demo).await;
    wire.send(dial("+255700000077", "s").as_bytes())
        .await
        .unwrap();
    let answer = wire.rest_within(SOON).await.expect("it is closed");
    assert!(answer.contains("CON DEMO"), "{answer}");
}

#[tokio::test]
async fn a_huge_body_is_refused_before_much_of_it_has_come() {
    let demo = demo().await;
    for head in ["content-length: 1000000000", "transfer-encoding: chunked"] {
        let mut wire = stranger(&demo).await;
        let head = format!("POST {HOOK} HTTP/1.1\r\nhost: localhost\r\n{head}\r\n\r\n");
        wire.send(head.as_bytes()).await.unwrap();
        let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x1_0000));
        let mut sent = 0;
        while sent < 1000 && wire.send(chunk.as_bytes()).await.is_ok() {
            sent += 1;
        }
        assert!(
            sent < 1000,
            "{sent} chunks were taken of a body with {head}"
        );
    }
    assert!(kibibytes(&demo, "VmHWM") < 300 * 1024);
}

#[tokio::test]
async fn huge_headers_and_too_many_are_refused() {
    let demo = demo().await;
    let long = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n",
        "a".repeat(200_000)
    );
    let many = "x: a\r\n".repeat(1_000);
    let many = format!("GET / HTTP/1.1\r\nhost: localhost\r\n{many}\r\n");
    let path = format!(
        "GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "a".repeat(200_000)
    );
    for request in [long, many, path] {
        let answer = answer_to(&demo, request.as_bytes()).await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }
    is_served(&demo, "+255700000077").await;
}

#[tokio::test]
async fn ten_thousand_form_fields_cost_little() {
    let demo = demo().await;
    is_served(&demo, "+255700000077").await;
    let before = worked(&demo);
    let mut wire = Wire::open(KNOWN, &demo.address).await.unwrap();
    for fields in [
        "a&".repeat(8_000),
        "a=b&".repeat(4_000),
        "%41=&".repeat(3_000),
    ] {
        for _ in 0..30 {
            wire.send(form(HOOK, &fields).as_bytes()).await.unwrap();
            let answer = wire.answer().await.unwrap();
            assert!(answer.head.starts_with("http/1.1 400"), "{answer:?}");
        }
    }
    let longer = answer_to(&demo, form(HOOK, &"a=b&".repeat(10_000)).as_bytes()).await;
    assert!(longer.contains(" 400 "), "{longer}");
    // Ninety of them; a program that is not optimised takes some milliseconds for each.
    let worked = worked(&demo).saturating_sub(before);
    assert!(worked < Duration::from_secs(10), "{worked:?}");
}

#[tokio::test]
async fn what_is_no_http_or_no_text_is_ended_and_tells_nobody_anything() {
    let demo = demo().await;
    let get = "GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let phone = "sessionId=s&phoneNumber=%2B255700000077&serviceCode=*152*00%23";
    let requests: [Vec<u8>; 9] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(40),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        vec![0; 20_000],
        vec![0xff; 20_000],
        b"GET /\0 HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec(),
        b"GET / HTTP/1.1\r\nhost: local\0host\r\n\r\n".to_vec(),
        b"POST /ussd/africastalking HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n"
            .to_vec(),
        form(HOOK, &format!("{phone}&text=%ff%fe")).into_bytes(),
        form(HOOK, &format!("{phone}&text=\u{0}&sessionId=%00")).into_bytes(),
    ];
    for request in requests {
        let answer = answer_to(&demo, &request).await;
        let shown = String::from_utf8_lossy(&request[..request.len().min(60)]).into_owned();
        assert!(
            !answer.contains("CON ") && !answer.contains("200 OK"),
            "{shown}: {answer}"
        );
    }
    // What follows a good request is answered or ended, and not taken for a part of it.
    let garbled = answer_to(
        &demo,
        format!("{get}\0\0\0 nonsense\r\n\r\n{get}").as_bytes(),
    )
    .await;
    assert_eq!(garbled.matches("200 OK").count(), 1, "{garbled}");
    let both = format!(
        "POST {HOOK} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n{get}"
    );
    let both = answer_to(&demo, both.as_bytes()).await;
    assert!(
        !both.contains("live"),
        "one request is not taken for two: {both}"
    );
    is_served(&demo, "+255700000077").await;
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_a_gateways_has_more() {
    let demo = demo().await;
    let mut held = Vec::new();
    for _ in 0..64 {
        held.push(stranger(&demo).await);
    }
    until("a connection that is closed at once", async || {
        let rest = stranger(&demo)
            .await
            .rest_within(Duration::from_secs(1))
            .await;
        rest.filter(String::is_empty)
    })
    .await;
    let other = Wire::open(Ipv4Addr::new(127, 0, 0, 3), &demo.address).await;
    let mut other = other.unwrap();
    other
        .send(dial("+255700000077", "s1").as_bytes())
        .await
        .unwrap();
    assert!(other.answer().await.unwrap().body.starts_with("CON "));
    let mut known = Vec::new();
    for number in 0..200 {
        let mut wire = Wire::open(KNOWN, &demo.address).await.unwrap();
        let phone = format!("+2557000{number:05}");
        wire.send(dial(&phone, "s").as_bytes()).await.unwrap();
        known.push(wire);
    }
    for wire in &mut known {
        let answer = wire
            .answer()
            .await
            .expect("a gateway's connection is served");
        assert!(answer.body.starts_with("CON "), "{answer:?}");
    }
    assert!(counted(&demo, r#"nyota_connections_refused_total{why="many"} "#).await > 0);
    assert!(demo.said().contains("NYOTA_GATEWAY_ADDRESSES"));
}

#[tokio::test]
async fn thousands_of_idle_connections_keep_no_caller_waiting_and_go() {
    rlimit::increase_nofile_limit(6_000).unwrap();
    let demo = demo().await;
    is_served(&demo, "+255700000077").await;
    let before = kibibytes(&demo, "VmRSS");
    let mut idle = Vec::new();
    for network in 2..52 {
        for _ in 0..60 {
            let from = Ipv4Addr::new(127, 0, 1, network);
            idle.push(Wire::open(from, &demo.address).await.unwrap());
        }
    }
    let began = Instant::now();
    for number in 0..10 {
        is_served(&demo, &format!("+25570000008{number}")).await;
    }
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    let grown = kibibytes(&demo, "VmRSS").saturating_sub(before);
    assert!(grown < 150 * 1024, "3000 connections took {grown} KiB");
    until("the end of the idle connections", async || {
        (counted(&demo, "nyota_connections ").await < 20).then_some(())
    })
    .await;
    drop(idle);
}

#[tokio::test]
async fn who_asks_and_never_reads_the_answers_is_cut_off() {
    let demo = demo().await;
    let mut wire = stranger(&demo).await;
    let ask = "GET /simulator HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(50);
    let began = Instant::now();
    loop {
        match tokio::time::timeout(Duration::from_secs(1), wire.send(ask.as_bytes())).await {
            Ok(Ok(())) | Err(_) => {}
            Ok(Err(_)) => break,
        }
        assert!(
            began.elapsed() < Duration::from_secs(80),
            "its place is held for ever"
        );
    }
    drop(wire);
    is_served(&demo, "+255700000077").await;
}
