//! The sandbox's GePG as a command of its own, as one who builds against GePG runs it.

use std::{fs, process::Stdio, sync::Arc};

use axum::{Router, body::Bytes, routing::post};
use nyota::{
    model::SystemClock,
    payment::{
        Provider, ReconcileDay,
        gepg::{
            Dialect, GepgClient, Keys, Options, codes, http_client,
            message::{Acknowledgement, Acknowledges, Ids},
        },
        told::CodeMeaning,
    },
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::Command,
    sync::mpsc::unbounded_channel,
    time::timeout,
};

use crate::support::{PATIENCE, demo::Home, phone::client};

fn key(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payments/keys");
    fs::read_to_string(format!("{folder}/{name}.pem")).unwrap()
}

fn ours() -> Arc<Keys> {
    let gateway = key("gepg_public");
    Arc::new(Keys::from_pem(&key("sp_private"), [gateway.as_str()]).unwrap())
}

/// A webhook that acknowledges a day's payments and tells what it was sent.
async fn webhook() -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let (tell, told) = unbounded_channel();
    let take = move |body: Bytes| async move {
        tell.send(String::from_utf8(body.to_vec()).unwrap())
            .unwrap();
        let acknowledgement = Acknowledgement {
            of: Acknowledges::ReconciliationResponse,
            dialect: Dialect::V5,
            ids: Ids::default(),
            codes: codes::one(codes::SUCCESS),
        };
        ours().seal(&acknowledgement.write()).unwrap()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, told)
}

#[tokio::test]
async fn an_integrator_has_a_gateway_that_answers_signed_and_calls_back() {
    let home = Home::new();
    let folder = home.path().join("gateway");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("demo-provider.pem"), key("sp_private")).unwrap();
    fs::write(folder.join("demo-gateway.pem"), key("gepg_private")).unwrap();
    let (callback, mut told) = webhook().await;
    let mut process = Command::new(env!("CARGO_BIN_EXE_nyota"))
        .args(["sandbox", "gepg", "--listen", "127.0.0.1:0"])
        .args(["--callback", &callback, "--folder", "gateway"])
        .args(["--answer-after", "1", "--misbehave", "twice,late"])
        .args(["--late-by", "1"])
        .current_dir(home.path())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let address = timeout(PATIENCE, async {
        loop {
            let line = lines.next_line().await.unwrap().unwrap();
            if let Some(rest) = line.trim().strip_prefix("Submit bills to") {
                return rest.trim().split_once("/api").unwrap().0.to_owned();
            }
        }
    });
    let address = address.await.unwrap();
    assert!(folder.join("gateway-public.pem").is_file());
    let options = Options {
        address: address.clone(),
        dialect: Dialect::V5,
        ..Options::default()
    };
    let http = http_client(&options.wire).unwrap();
    let gateway = GepgClient::new(options, ours(), Arc::new(SystemClock), http);
    let day = ReconcileDay {
        request: "2026112101".to_owned(),
        sp_code: "SP99999".to_owned(),
        day: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
    };
    let asked = gateway.reconcile(&day).await.unwrap();
    assert_eq!(asked.meaning, CodeMeaning::Success);
    for _ in 0..2 {
        let said = timeout(PATIENCE, told.recv()).await.unwrap().unwrap();
        assert!(said.contains("<ReqId>2026112101</ReqId>"), "{said}");
    }
    let form = [("number", "991000000001"), ("phone", "255700000001")];
    let paid = client().post(format!("{address}/sandbox/pay")).form(&form);
    assert_eq!(paid.send().await.unwrap().status(), 404);
    process.kill().await.unwrap();
}

#[tokio::test]
async fn a_misbehaviour_that_there_is_not_is_refused_with_those_that_there_are() {
    let arguments = ["sandbox", "gepg", "--misbehave", "rude"];
    let output = Home::new().run(&arguments, &[]).await;
    let complained = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{complained}");
    assert!(complained.contains("lost-notice"), "{complained}");
}
