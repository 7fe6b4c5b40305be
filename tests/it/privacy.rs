//! Nobody's phone, name or message can be read from the disk or from the log.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use crate::support::{
    demo::{Demo, Home},
    phone::{Phone, client, control_number},
    search::{assert_files_hold_none, assert_holds_none, written_forms},
};

/// Callers, and whose cover each renews: the first is that member herself.
const CALLERS: [(&str, &str); 3] = [
    ("+255700000002", "400000042"),
    ("+255713345678", "100000014"),
    ("+255754987654", "200000021"),
];
/// Of the members that they asked about.
const NAMES: [&str; 6] = [
    "Neema Mushi",
    "Juma Bakari",
    "Rehema Ally",
    "Mushi",
    "Bakari",
    "Rehema",
];

/// Everything that a caller does: she dials, asks, renews, pays and looks at her payment; then she
/// dials a code that nobody serves. Gives her SMS.
async fn journey(demo: &Demo, phone: &str, member: &str) -> Vec<String> {
    let records = demo.records().await;
    let mut caller = Phone::new(&demo.address, phone);
    let is_member = phone == CALLERS[0].0;
    caller.dial().await;
    let keys: &[&str] = if is_member {
        &["1", "1"]
    } else {
        &["1", "1", member]
    };
    caller.press_all(keys).await;
    caller.dial().await;
    let whose = if is_member { "2" } else { member };
    caller.press_all(&["2", whose, "1"]).await;
    let number = control_number(&records.sms(phone, "namba ya malipo").await);
    caller.pay(&number).await;
    records.sms(phone, "uanachama HAI").await;
    caller.dial().await;
    caller.press_all(&["3", "2"]).await;
    caller.post("*999#", "").await;
    records.settled().await;
    records.inbox(phone).await
}

/// A request with a phone in it that is refused.
async fn refused(demo: &Demo) {
    let url = format!("{}/ussd/africastalking", demo.address);
    let form = [("phoneNumber", CALLERS[1].0), ("text", "070707081")];
    let answer = client().post(url).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}

/// What must not be found: phones as they are written here and there, names, and SMS, also where
/// only their beginning is left.
fn secrets(sms: &[String]) -> Vec<String> {
    let phones = CALLERS.iter().flat_map(|(phone, _)| written_forms(phone));
    let names = NAMES.iter().map(|name| (*name).to_owned());
    let sms = sms.iter().flat_map(|text| {
        let plain = text.trim_start_matches("DEMO ");
        [plain.to_owned(), plain.chars().take(40).collect()]
    });
    phones.chain(names).chain(sms).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn nothing_of_a_caller_can_be_read_from_the_disk_or_the_log() {
    let demo = Home::new().start(&[("RUST_LOG", "trace")]).await;
    let mut sms = Vec::new();
    for (phone, member) in CALLERS {
        sms.extend(journey(&demo, phone, member).await);
    }
    refused(&demo).await;
    let secrets = secrets(&sms);
    let (home, said) = demo.end_and_tell().await;
    assert_eq!(sms.len(), 3 * CALLERS.len());
    assert!(said.contains("TRACE") && said.contains("that was refused"));
    assert_holds_none("the log", said.as_bytes(), &secrets);
    assert_files_hold_none(&home, &secrets);
}

#[tokio::test]
async fn nothing_of_a_caller_can_be_read_from_the_files_of_a_crash() {
    let demo = Demo::start().await;
    let (phone, member) = CALLERS[0];
    let secrets = secrets(&journey(&demo, phone, member).await);
    // The last to close a database tidies up beside it.
    let records = demo.records().await;
    let home = demo.kill().await;
    let written_ahead = fs::metadata(home.data().join("nyota.db-wal")).unwrap();
    assert!(written_ahead.len() > 0);
    assert_files_hold_none(&home, &secrets);
    drop(records);
}

#[tokio::test]
async fn the_data_is_its_owners_alone() {
    let home = Demo::start().await.kill().await;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.data()), 0o700);
    let files = files(&home.data());
    for needed in [
        "nyota.db",
        "nyota.keys",
        "demo-gateway.pem",
        "demo-provider.pem",
    ] {
        assert!(files.contains(&home.data().join(needed)), "{needed}");
    }
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}
