use std::{fs, path::Path};

use super::sealer;
use crate::{
    model::{DialogueId, Language, Msisdn},
    store::{
        JournalEntry, NewNotice, Store, Transaction, Verdict,
        contract::world::{at, bill, day, intent, key, message, tzs},
        sqlite::SqliteStore,
    },
};

const PHONE: &str = "255712345678";
const NAME: &str = "Zuhura Mwinyimvua";
const TEXT: &str = "Bima yako imelipwa na Zuhura";
const SUBJECT: &str = "999999991";

async fn plant(tx: &mut dyn Transaction) {
    let phone = Msisdn::parse(PHONE).unwrap();
    plant_dialogue(tx, &phone).await;
    plant_money(tx, &phone).await;
    let mut sms = message("k", &phone);
    TEXT.clone_into(&mut sms.text);
    tx.messages().queue(&sms).await.unwrap();
}

async fn plant_dialogue(tx: &mut dyn Transaction, phone: &Msisdn) {
    let told = format!("{PHONE} {NAME} {TEXT}").into_bytes();
    tx.callers()
        .remember_language(phone, Language::SWAHILI, at(0))
        .await
        .unwrap();
    let mut asked = intent(0);
    asked.phone = phone.clone();
    asked.effect = told.clone();
    asked.state = told.clone();
    tx.effects().intend(&asked).await.unwrap();
    tx.effects().finish(key(0), &told, at(1)).await.unwrap();
    tx.effects()
        .keep_answer(key(0), &told, at(99))
        .await
        .unwrap();
    let today = day("2026-03-02");
    tx.enquiries().ask(phone, today, SUBJECT, 10).await.unwrap();
    tx.journal().append(&[turn(phone)]).await.unwrap();
}

async fn plant_money(tx: &mut dyn Transaction, phone: &Msisdn) {
    let mut billed = bill("b1", 1);
    billed.phone = phone.clone();
    NAME.clone_into(&mut billed.payer);
    tx.bills().make(&billed).await.unwrap();
    tx.sandbox()
        .take_bill("b1", tzs(30_000), NAME, phone)
        .await
        .unwrap();
    let notice = NewNotice {
        provider: "gepg".to_owned(),
        message: "gepgPmtSpInfo".to_owned(),
        raw: format!("<PyrName>{NAME}</PyrName><PyrCellNum>{PHONE}</PyrCellNum>").into_bytes(),
        hash: [3; 32],
        received_at: at(0),
        verdict: Verdict::Taken,
        note: String::new(),
    };
    tx.notices().keep(&notice).await.unwrap();
}

fn turn(phone: &Msisdn) -> JournalEntry {
    JournalEntry {
        at: at(0),
        gateway: "africastalking".to_owned(),
        phone: phone.clone(),
        dialogue: DialogueId(5),
        turn: 0,
        event: "begin",
        input: Some(NAME.to_owned()),
        set: "chf".to_owned(),
        screen: "chf.home".to_owned(),
        language: Language::SWAHILI,
        units: 120,
        asks: 0,
        last: false,
        took_micros: 1,
    }
}

/// All that lies in the folder: the database, its log, its index.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).unwrap();
    files
        .flat_map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn no_phone_name_or_text_can_be_read_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let store = SqliteStore::open(&path, sealer(1)).await.unwrap();
    let mut tx = store.write().await.unwrap();
    plant(&mut *tx).await;
    tx.commit().await.unwrap();
    let open = bytes_in(folder.path());
    store.close().await;
    let closed = bytes_in(folder.path());
    for bytes in [open, closed] {
        for clear in ["gepgPmtSpInfo", "chf.home", "africastalking"] {
            assert!(holds(&bytes, clear), "{clear} should be in clear");
        }
        for secret in [PHONE, "712345678", NAME, "Zuhura", "Bima yako", SUBJECT] {
            assert!(!holds(&bytes, secret), "{secret} is in clear");
        }
    }
}
