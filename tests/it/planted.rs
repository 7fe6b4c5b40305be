//! A secret in everything that comes in from outside: what is typed, what an aggregator adds, what a
//! payment provider and a called system say. Afterwards none is in a log, in Redis or on its way
//! there, in a file, in a backup or in a figure.

use std::{fs, net::SocketAddr};

use axum::{Json, Router, routing::post};
use nyota::{model::Msisdn, sandbox::Keys};
use serde_json::json;
use sqlx::Connection;
use tokio::net::TcpListener;

use crate::support::{
    demo::{Demo, Home},
    gepg,
    phone::{Phone, client, control_number},
    postgres_server::PostgresServer,
    search::{
        assert_files_hold_none, assert_folder_holds_none, assert_holds_none, holds, written_forms,
    },
    watched_redis::WatchedRedis,
};

const PHONE: &str = "+255713345678";
const MEMBER: &str = "400000042";
/// Whose phone a payer gives at the bank's counter.
const PAYERS_PHONE: &str = "+255762918273";

/// Typed: a PIN, a wrong one, and a secret in letters.
const PIN: &str = "471147";
const WRONG_PIN: &str = "918264";
const WORD: &str = "mwembetayari";
/// The installation's, for the called system, and what that answers.
const TOKEN: &str = "kilimanjaro-hutunzwa";
const ANSWER: &str = "Tandahimba";
/// What an aggregator adds to its requests.
const FIELD: &str = "Bahati Ngonyani";
const HEADER: &str = "mkwavinyika-imani";
/// What a payment provider tells of a payer.
const PAYER: &str = "Zuhura Mwinyimvua";
const EMAIL: &str = "zuhura@barua.example";
const UNPROVED: &str = "Selemani Kipanga";

/// A set beside the demo's own, which hands both secrets to another system.
const BANK: &str = r#"menu: bank
service: "*152*77#"
languages: {sw: Kiswahili}
keys: {back: "0", home: "00", more: "98"}
words: {yes: Ndiyo, no: Hapana, back: Rudi, home: Mwanzo, more: Endelea, choose_again: Tena., busy: Subiri., unavailable: Hakuna., wrong_number: Haipo.}
late: {ask: Weka tarakimu 4, wrong: Si sahihi.}
messages: {payment_received: "{amount}", cover_active: "{from}"}
first_dial: main
start: main
screens:
  main:
    menu: Benki
    options: {"1": {text: Salio, go: pin}}
  pin:
    ask: Namba ya siri?
    type: {pin: {min: 4, max: 6}}
    as: pin
    wrong: Tarakimu 4 hadi 6.
    go: word
  word:
    ask: Neno la siri?
    type: {text: {min: 4, max: 16, sensitive: true}}
    as: word
    wrong: Herufi nne.
    go: agree
  agree:
    confirm: Sahihi?
    key: "9"
    yes: enter
    no: pin
  enter:
    call: bank.enter
    with: [pin, word]
    as: desk
    on: {right: inside, wrong: pin, down: sorry}
  inside: {show: "Umeingia {desk.name}."}
  sorry: {show: Samahani.}
"#;

fn calls(address: SocketAddr) -> String {
    format!(
        r#"calls:
  bank.enter:
    takes: {{pin: pin, word: {{text: 16, secret: true}}}}
    post: "http://{address}/enter"
    headers: {{Authorization: "Bearer {{secret.bank}}"}}
    json: {{pin: "{{pin}}", word: "{{word}}"}}
    timeout: 3s
    idempotency_key: true
    outcomes:
      right: {{status: 200, when: right == true, gives: true}}
      wrong: {{status: 200}}
    gives: {{desk: {{name: {{text: 12}}}}}}
"#
    )
}

/// A system that lets in whoever has the PIN.
async fn bank() -> SocketAddr {
    let enter = async |Json(asked): Json<serde_json::Value>| {
        Json(json!({"right": asked["pin"] == PIN, "name": ANSWER}))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().route("/enter", post(enter));
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A home with the demo's menus and the bank's beside them, and a folder for temporary files.
fn home(bank: SocketAddr) -> Home {
    let home = Home::new();
    let menus = home.path().join("menus");
    let ours = fs::read_link(&menus).unwrap();
    fs::remove_file(&menus).unwrap();
    fs::create_dir_all(menus.join("bank")).unwrap();
    fs::create_dir(home.path().join("tmp")).unwrap();
    for set in ["chf", "kituo", "ombi"] {
        std::os::unix::fs::symlink(ours.join(set), menus.join(set)).unwrap();
    }
    fs::write(menus.join("bank/bank.yaml"), BANK).unwrap();
    fs::write(menus.join("bank/calls.yaml"), calls(bank)).unwrap();
    home
}

async fn start(redis: &WatchedRedis, database: Option<&str>) -> Demo {
    let bank = bank().await;
    let home = match database {
        Some(url) => home(bank).on(url),
        None => home(bank),
    };
    let (redis, host) = (redis.url(), bank.to_string());
    let temporary = home.path().join("tmp").to_str().unwrap().to_owned();
    home.start(&[
        ("RUST_LOG", "trace"),
        ("REDIS_URL", &redis),
        ("TMPDIR", &temporary),
        ("NYOTA_CALL_PRIVATE_HOSTS", &host),
        ("NYOTA_SECRET_BANK", TOKEN),
    ])
    .await
}

/// Secrets are typed, right and wrong, and handed on.
async fn enter_the_bank(demo: &Demo) {
    let mut caller = Phone::new(&demo.address, PHONE);
    caller.session = "bank-1".to_owned();
    let mut text = String::new();
    let mut page = String::new();
    for typed in ["", "1", WRONG_PIN, WORD, "9", PIN, WORD, "9"] {
        if !typed.is_empty() {
            text = format!("{text}*{typed}").trim_start_matches('*').to_owned();
        }
        page = caller.post("*152*77#", &text).await;
    }
    assert!(page.contains(&format!("Umeingia {ANSWER}")), "{page}");
}

/// A renewal, paid; gives the SMS.
async fn renew(demo: &Demo) -> Vec<String> {
    let records = demo.records().await;
    let mut caller = Phone::new(&demo.address, PHONE);
    caller.dial().await;
    caller.press_all(&["1", "2", MEMBER, "1"]).await;
    let number = control_number(&records.sms(PHONE, "namba ya malipo").await);
    caller.pay(&number).await;
    records.sms(PHONE, "uanachama HAI").await;
    records.settled().await;
    notices(demo, &number).await;
    records.settled().await;
    records.inbox(PHONE).await
}

/// Notices that name a payer: one more payment of that bill, one with a signature that is not the
/// gateway's, one that is no XML.
async fn notices(demo: &Demo, number: &str) {
    let bill = demo.records().await.bill(number).await.unwrap();
    let keys = Keys::load_or_make(&demo.data()).await.unwrap();
    let mut paid = gepg::payment_of(&bill);
    paid.trx_id = "TRXAGAIN".to_owned();
    paid.payer_name = PAYER.to_owned();
    paid.payer_phone = Msisdn::parse(PAYERS_PHONE).ok();
    let email = format!("<PyrEmail>{EMAIL}</PyrEmail>");
    let notice = gepg::written(paid).replace("<PyrEmail></PyrEmail>", &email);
    assert!(notice.contains(EMAIL));
    let gateway = keys.of_gateway().unwrap();
    let sealed = gateway.seal(&notice).unwrap();
    gepg::post(&demo.address, &gateway, sealed.clone()).await;
    let mut changed = sealed;
    let at = changed
        .windows(6)
        .position(|part| part == b"Zuhura")
        .unwrap();
    changed.splice(at..at + PAYER.len(), UNPROVED.bytes());
    let garbage = format!("no XML of {UNPROVED}, {PAYERS_PHONE}").into_bytes();
    for body in [changed, garbage] {
        let url = format!("{}/payments/gepg/payment", demo.address);
        client().post(url).body(body).send().await.unwrap();
    }
}

/// Requests with more in them than was agreed on: one that is answered, one that is refused, one at
/// an address that there is not.
async fn chatter(demo: &Demo) {
    let typed = format!("1*{PIN}*{WORD}");
    for (path, session) in [
        ("/ussd/africastalking", "chat"),
        ("/ussd/africastalking", ""),
        ("/ussd/nobody", "chat"),
    ] {
        let form = [
            ("sessionId", session),
            ("serviceCode", "*152*77#"),
            ("phoneNumber", PHONE),
            ("text", &typed),
            ("customerName", FIELD),
        ];
        let url = format!("{}{path}?token={HEADER}", demo.address);
        let request = client().post(url).form(&form);
        let request = request
            .header("X-Customer", HEADER)
            .header("Cookie", HEADER);
        request.send().await.unwrap();
    }
}

fn secrets(sms: &[String]) -> Vec<String> {
    let words = [
        PIN,
        WRONG_PIN,
        WORD,
        TOKEN,
        ANSWER,
        FIELD,
        HEADER,
        PAYER,
        EMAIL,
        UNPROVED,
        "Zuhura",
        "Neema Mushi",
    ];
    let words = words.map(str::to_owned).into_iter();
    let phones = [PHONE, PAYERS_PHONE].into_iter().flat_map(written_forms);
    let sms = sms.iter().map(|text| {
        let plain = text.trim_start_matches("DEMO ");
        plain.chars().take(40).collect()
    });
    words.chain(phones).chain(sms).collect()
}

async fn metrics(demo: &Demo) -> String {
    let url = format!("{}/metrics", demo.address);
    let answer = client().get(url).send().await.unwrap();
    answer.text().await.unwrap()
}

#[tokio::test]
async fn what_is_planted_in_every_input_is_found_nowhere() {
    let (home, secrets) = plant_and_look(None).await;
    // What may be read there is found there, so it was looked for rightly; in the file, or in the
    // log beside it.
    let files = ["nyota.db", "nyota.db-wal"].map(|name| home.data().join(name));
    let files = files.map(|file| fs::read(file).unwrap_or_default());
    for plain in [MEMBER, "renewal.agree"] {
        assert!(files.iter().any(|bytes| holds(bytes, plain)), "{plain}");
    }
    assert_files_hold_none(&home, &secrets);
}

#[tokio::test]
async fn what_is_planted_in_every_input_is_found_nowhere_in_postgres() {
    let url = PostgresServer::shared().database().await;
    let (_, secrets) = plant_and_look(Some(&url)).await;
    let rows = rows_as_text(&url).await;
    assert!(rows.contains(MEMBER) && rows.contains("renewal.agree"));
    assert_holds_none("Postgres", rows.as_bytes(), &secrets);
}

/// Every row of every table. Bytes that are text are written as text.
async fn rows_as_text(url: &str) -> String {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let escaped = "SET bytea_output = 'escape'";
    sqlx::query(escaped).execute(&mut connection).await.unwrap();
    let tables = "SELECT relname::text FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace";
    let tables: Vec<String> = sqlx::query_scalar(tables)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert!(tables.len() > 15, "{tables:?}");
    let mut rows = Vec::new();
    for table in tables {
        let sql = sqlx::AssertSqlSafe(format!("SELECT t::text FROM {table} AS t"));
        let of_table: Vec<String> = sqlx::query_scalar(sql)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        rows.extend(of_table);
    }
    rows.join("\n")
}

/// Plants all secrets, and looks everywhere but in the database; gives the home, and what must not be
/// in there either.
async fn plant_and_look(database: Option<&str>) -> (Home, Vec<String>) {
    let redis = WatchedRedis::start().await;
    let demo = start(&redis, database).await;
    enter_the_bank(&demo).await;
    let sms = renew(&demo).await;
    chatter(&demo).await;
    let backup = demo.run(&["backup", "data/all.nyota"]).await;
    assert!(backup.status.success());
    redis.caught_up().await;
    let secrets = secrets(&sms);
    assert_holds_none("/metrics", metrics(&demo).await.as_bytes(), &secrets);
    let told = redis.told();
    assert!(holds(&told, "EVALSHA"), "Redis was told of lines");
    assert_holds_none("what Redis was told", &told, &secrets);
    let lines = redis.contents().await;
    assert!(!lines.is_empty(), "a line is in Redis");
    for (key, value) in lines {
        assert_holds_none("a key in Redis", &key, &secrets);
        assert_holds_none("a value in Redis", &value, &secrets);
    }
    let (home, said) = demo.end_and_tell().await;
    assert!(said.contains("TRACE") && said.contains("that was refused"));
    assert_holds_none("the log", said.as_bytes(), &secrets);
    let backup = fs::read(home.data().join("all.nyota")).unwrap();
    assert!(holds(&backup, MEMBER) && holds(&backup, "renewal.agree"));
    assert_holds_none("the backup", &backup, &secrets);
    assert_folder_holds_none(&home.path().join("tmp"), &secrets);
    (home, secrets)
}
