//! What the aggregator's engineer is helped with: the last requests, the sheet, a vector of a request.

use std::{fs, process::Output};

use crate::support::{
    demo::{Demo, Home},
    phone::client,
};

const PHONE: &str = "712345678";

async fn sent(demo: &Demo, path: &str, form: &str) -> u16 {
    let request = client().post(format!("{}{path}", demo.address));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request
        .body(form.to_owned())
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

async fn asked(demo: &Demo, path: &str) -> (u16, String) {
    let answer = client()
        .get(format!("{}{path}", demo.address))
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn printed(output: &Output) -> String {
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(complained.is_empty(), "{complained}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A begin, an input with a member's number, and a request without its session.
async fn called() -> Demo {
    let demo = Demo::start().await;
    let form = |text: &str| {
        format!(
            "sessionId=s-255{PHONE}&phoneNumber=%2B255{PHONE}&serviceCode=*152*00%23&text={text}"
        )
    };
    assert_eq!(sent(&demo, "/ussd/africastalking", &form("")).await, 200);
    assert_eq!(
        sent(&demo, "/ussd/africastalking", &form("070707081")).await,
        200
    );
    assert_eq!(
        sent(&demo, "/ussd/africastalking", "phoneNumber=0712345678").await,
        400
    );
    demo
}

async fn run(demo: &Demo, arguments: &[&str]) -> Output {
    let listen = demo.address.trim_start_matches("http://").to_owned();
    let arguments = [arguments, &["--listen", &listen]].concat();
    demo.run(&arguments).await
}

#[tokio::test]
async fn the_last_requests_are_shown_with_their_outcome_and_without_the_caller() {
    let demo = called().await;
    let (status, list) = asked(&demo, "/api/v1/gateways/africastalking/requests").await;
    assert_eq!(status, 200, "{list}");
    for private in [PHONE, "070707081"] {
        assert!(!list.contains(private), "{list}");
    }
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let events: Vec<_> = (0..3)
        .map(|place| list[place]["event"].as_str().unwrap())
        .collect();
    assert_eq!(events[1..], ["input", "begin"]);
    let refused = list[0]["refused"].as_str().unwrap();
    assert!(refused.contains("form.sessionId"), "{refused}");
    assert_eq!(list[1]["status"], 200);
    let body = list[1]["request"]["body"].as_str().unwrap();
    assert!(
        body.contains("phoneNumber=%2B255700000000") && body.contains("text=111111111"),
        "{body}"
    );
    let id = list[1]["id"].as_u64().unwrap();
    let (status, one) = asked(
        &demo,
        &format!("/api/v1/gateways/africastalking/requests/{id}"),
    )
    .await;
    let one: serde_json::Value = serde_json::from_str(&one).unwrap();
    assert_eq!((status, &one), (200, &list[1]));
    for path in ["africastalking/requests/999", "nobody/requests"] {
        assert_eq!(
            asked(&demo, &format!("/api/v1/gateways/{path}")).await.0,
            404
        );
    }
    let table = printed(&run(&demo, &["gateway", "requests", "africastalking"]).await);
    assert!(
        table.contains("POST /ussd/africastalking") && table.contains("refused: "),
        "{table}"
    );
    assert!(!table.contains(PHONE), "{table}");
}

#[tokio::test]
async fn a_request_becomes_a_vector_that_passes() {
    let demo = called().await;
    let (_, list) = asked(&demo, "/api/v1/gateways/africastalking/requests").await;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let file = demo.data().join("recorded.json");
    let output = file.to_str().unwrap();
    for taken in list.as_array().unwrap() {
        let id = taken["id"].to_string();
        let arguments = [
            "gateway",
            "record",
            "africastalking",
            &id,
            "--output",
            output,
        ];
        let recorded = run(&demo, &arguments).await;
        assert_eq!(recorded.status.code(), Some(0), "{}", printed(&recorded));
    }
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        !text.contains(PHONE) && !text.contains("070707081"),
        "{text}"
    );
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let types: Vec<_> = (0..3)
        .map(|place| vectors[place]["expect"]["event"]["type"].clone())
        .collect();
    assert_eq!(types, ["protocol_error", "input", "begin"]);
    let arguments = [
        "test",
        "--profile",
        "gateways/africastalking.yaml",
        "--vectors",
        output,
    ];
    let tested = printed(&run(&demo, &arguments).await);
    assert!(tested.contains("3 passed, 0 failed"), "{tested}");
}

#[tokio::test]
async fn the_sheet_and_the_list_tell_no_secret() {
    let home = Home::new();
    let settings = "gateways:\n  airtel:\n    profile: airtel_flares\n    secret: s3cret-part-of-it\n    \
                    settings: {username: s3cret-user, password: s3cret-word}\n";
    fs::write(home.path().join("nyota.yaml"), settings).unwrap();
    let sheet = printed(&home.run(&["gateway", "sheet", "airtel"], &[]).await);
    assert!(!sheet.contains("s3cret"), "{sheet}");
    for part in [
        "/ussd/airtel/SECRET",
        "password=PASSWORD",
        "userid=USERNAME",
        "curl -i",
    ] {
        assert!(sheet.contains(part), "{part}: {sheet}");
    }
    let list = printed(&home.run(&["gateway", "list"], &[]).await);
    assert!(!list.contains("s3cret"), "{list}");
    let row = list
        .lines()
        .find(|line| line.starts_with("airtel "))
        .unwrap();
    assert!(
        row.contains("airtel_flares") && row.contains("yes") && row.contains("/ussd/airtel/SECRET"),
        "{row}"
    );
    let output = home.path().join("sheet.md");
    let written = home
        .run(
            &[
                "gateway",
                "sheet",
                "airtel",
                "--output",
                output.to_str().unwrap(),
            ],
            &[],
        )
        .await;
    assert_eq!(printed(&written), "");
    assert_eq!(fs::read_to_string(&output).unwrap(), sheet);
    let unknown = home.run(&["gateway", "sheet", "nobody"], &[]).await;
    assert_eq!(unknown.status.code(), Some(2));
}
