//! A secret that a caller types is nowhere afterwards: not in the log, not in a file.

use std::fs;

use crate::support::{
    demo::{Demo, Home},
    phone::{Phone, client},
    search::{assert_files_hold_none, assert_holds_none},
};

/// What she types; nothing else has these digits.
const PIN: &str = "471147";
/// A secret in letters.
const WORD: &str = "mwembetayari";

/// A menu set that asks for both, hands them on and goes on without them.
const ROOT: &str = r#"menu: bank
service: "*152*00#"
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
    options: {"1": {text: Salio, go: pin}, "2": {text: Wanachama, go: look}}
  pin:
    ask: Namba ya siri?
    type: {pin: {min: 4, max: 6}}
    as: pin
    wrong: Tarakimu 4 hadi 6.
    go: word
  word:
    ask: Neno la siri?
    type: {text: {min: 4, sensitive: true}}
    as: word
    wrong: Herufi nne.
    go: agree
  agree:
    confirm: Sahihi?
    key: "9"
    yes: {open: balance, with: [pin, word]}
    no: pin
  look:
    call: caller.member
    as: me
    on: {linked: seen, unlinked: seen, down: seen}
  seen: {show: Asante.}
"#;

const BALANCE: &str = r#"menu: balance
takes: {pin: secret, word: secret}
start: agree
screens:
  agree:
    confirm: "Salio?"
    key: "7"
    yes: {open: inside, with: [pin, word]}
    no: back
"#;

const INSIDE: &str = r"menu: inside
takes: {pin: secret, word: secret}
start: done
screens:
  done: {show: Umeingia., sms: Umeingia.}
";

fn home() -> Home {
    let home = Home::new();
    let menus = home.path().join("menus");
    fs::remove_file(&menus).unwrap();
    let set = menus.join("bank");
    fs::create_dir_all(&set).unwrap();
    for (name, text) in [("bank", ROOT), ("balance", BALANCE), ("inside", INSIDE)] {
        fs::write(set.join(format!("{name}.yaml")), text).unwrap();
    }
    home
}

/// A request that is refused, with what she typed so far in it, as aggregators repeat it.
async fn refused(demo: &Demo) {
    let url = format!("{}/ussd/africastalking", demo.address);
    let text = format!("1*{PIN}*{WORD}");
    let form = [("phoneNumber", "+255713345678"), ("text", &text)];
    let answer = client().post(url).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_secret_is_in_no_log_and_in_no_file() {
    let demo = home().start(&[("RUST_LOG", "trace")]).await;
    let mut caller = Phone::new(&demo.address, "+255713345678");
    caller.dial().await;
    let asked = caller.press_all(&["1", PIN, WORD]).await;
    assert!(asked.text.contains("Sahihi?"), "{}", asked.text);
    // Handed on, and handed on again.
    let inside = caller.press_all(&["9", "7"]).await;
    assert!(inside.text.contains("Umeingia."), "{}", inside.text);
    refused(&demo).await;
    let records = demo.records().await;
    records.sms("+255713345678", "Umeingia").await;
    records.settled().await;
    drop(records);
    let (home, said) = demo.end_and_tell().await;
    assert!(said.contains("that was refused"));
    let secrets = [PIN, WORD].map(str::to_owned);
    assert_holds_none("the log", said.as_bytes(), &secrets);
    assert_files_hold_none(&home, &secrets);
}
