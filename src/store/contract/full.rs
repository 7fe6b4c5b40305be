//! A database with something in every table.

use super::{
    scheme::{complaint, known},
    world::{
        ASHA, NEEMA, at, at_most, bill, control_number, day, incoming, intent, job, key, member,
        message, payment, posting, receipt, told, tzs,
    },
};
use crate::{
    model::{DialogueId, Language, Msisdn, source::Source},
    store::{
        Claim, Decision, Done, Edition, Finding, JobVerdict, JournalEntry, MessageState, MoneyDeed,
        NewNotice, NewPublication, NewReconciliation, NewSwitch, Rate, Refund,
        SandboxPolicy, Share, Store, SwitchedTo, Transaction, Verdict, Way,
    },
};

const PHONE: &str = "255712345678";
const NAME: &str = "Zuhura Mwinyimvua";
const TEXT: &str = "Bima yako imelipwa na Zuhura";
const SUBJECT: &str = "999999991";

/// Everything that must not be readable where rows lie.
pub(crate) const SECRETS: [&str; 6] = [PHONE, "712345678", NAME, "Zuhura", "Bima yako", SUBJECT];

/// Writes a value into every sealed column, as one dialogue with its bill and SMS would.
pub(crate) async fn plant(tx: &mut dyn Transaction) {
    let phone = Msisdn::parse(PHONE).unwrap();
    plant_dialogue(tx, &phone).await;
    plant_money(tx, &phone).await;
    let mut sms = message("k", &phone);
    TEXT.clone_into(&mut sms.text);
    tx.messages().queue(&sms).await.unwrap();
    let mut came = incoming(Some("1"));
    came.from = phone;
    TEXT.clone_into(&mut came.text);
    tx.incoming().keep(&came).await.unwrap();
    let cover = known(NAME.as_bytes(), 0);
    let asked_about = member(SUBJECT);
    tx.said()
        .know_cover("dodoma", asked_about, &cover)
        .await
        .unwrap();
    let mut complains = complaint(key(0));
    complains.phone = Msisdn::parse(PHONE).unwrap();
    complains.member = Some(asked_about);
    TEXT.clone_into(&mut complains.text);
    tx.complaints().make(&complains).await.unwrap();
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
    tx.bills().share("b1", &share(phone)).await.unwrap();
    tx.sandbox()
        .take_bill("b1", tzs(30_000), NAME, phone)
        .await
        .unwrap();
    let mut paid = payment("p1");
    paid.bill = Some("b1".to_owned());
    paid.payer = Some(phone.clone());
    tx.payments().record(&paid).await.unwrap();
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

fn share(phone: &Msisdn) -> Share {
    Share {
        phone: phone.clone(),
        member: member(NEEMA),
        language: Language::SWAHILI,
        set: "chf".to_owned(),
        from: day("2026-03-02"),
        to: day("2027-03-01"),
    }
}

/// Fills every table; some numbers were given and are not there any more.
pub(crate) async fn fill(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    plant(&mut *tx).await;
    fill_books(&mut *tx).await;
    let edition = Edition {
        hash: "e1".to_owned(),
        sources: vec![Source {
            name: "a.yaml".to_owned(),
            text: "menu: a\n".to_owned(),
        }],
        kept_at: at(0),
    };
    tx.editions().keep(&edition).await.unwrap();
    fill_log(&mut *tx).await;
    tx.said().read_to("dodoma", "7", at(0)).await.unwrap();
    tx.said().note_event("dodoma", "e1", at(0)).await.unwrap();
    tx.marks().mark(Done::Backup, at(0)).await.unwrap();
    for subject in ["b1", "b2"] {
        tx.jobs().add(&job(subject)).await.unwrap();
    }
    let claim = Claim {
        rate: Some(Rate {
            per_second: 9,
            burst: 9,
        }),
        ..at_most(9)
    };
    let claimed = tx.jobs().claim(&claim, at(1)).await.unwrap();
    let newest = claimed.iter().max_by_key(|job| job.id).unwrap();
    tx.jobs().done(newest).await.unwrap();
    tx.commit().await.unwrap();
}

/// What people did by command, and what was begun by the day.
async fn fill_log(tx: &mut dyn Transaction) {
    let publication = NewPublication {
        edition: "e1".to_owned(),
        way: Way::Published,
        at: at(0),
        who: "asha".to_owned(),
        why: "the first".to_owned(),
    };
    tx.publications().publish(&publication).await.unwrap();
    let switch = NewSwitch {
        set: "chf".to_owned(),
        to: SwitchedTo::Off {
            texts: vec![(Language::SWAHILI, "Imefungwa".to_owned())],
            until: Some(at(9)),
        },
        at: at(0),
        who: "asha".to_owned(),
        why: "the flood".to_owned(),
    };
    tx.switches().switch(&switch).await.unwrap();
    let delivered = told("1", MessageState::Delivered);
    tx.receipts().keep(&receipt(delivered)).await.unwrap();
    let begun = tx.schedules().begin("retention", "2026-03-02", at(0)).await;
    assert!(begun.unwrap());
    tx.jobs().add(&job("dropped")).await.unwrap();
    let claimed = tx.jobs().claim(&at_most(1), at(1)).await.unwrap();
    let given_up = claimed.first().unwrap();
    tx.jobs().give_up(given_up, "refused", at(1)).await.unwrap();
    let decision = Decision {
        verdict: JobVerdict::Drop,
        by: "asha".to_owned(),
        why: "paid in cash".to_owned(),
        at: at(2),
    };
    let decided = tx.decisions().decide(given_up.id, &decision).await;
    assert!(decided.unwrap().is_some());
}

async fn fill_books(tx: &mut dyn Transaction) {
    let alias = control_number("991000000077");
    tx.bills().keep_alias("b1", alias, at(1)).await.unwrap();
    fill_audit(tx).await;
    let posting = posting("p1", tzs(30_000));
    tx.ledger().post(&posting).await.unwrap();
    let today = day("2026-03-02");
    tx.notices()
        .count_unproved("gepg", today, Verdict::Refused)
        .await
        .unwrap();
    let policy = SandboxPolicy {
        member: member(ASHA),
        from: today,
        to: day("2027-03-01"),
        paid: tzs(30_000),
        receipt: "r1".to_owned(),
    };
    tx.sandbox().add_policy(&policy).await.unwrap();
}

/// What persons did with money, and what the gateway said of a day.
async fn fill_audit(tx: &mut dyn Transaction) {
    let deed = MoneyDeed {
        subject: "p1".to_owned(),
        deed: "refund asked for".to_owned(),
        who: "asha".to_owned(),
        why: "paid twice".to_owned(),
        at: at(13),
    };
    tx.audit().note(&deed).await.unwrap();
    let refund = Refund {
        payment: "p1".to_owned(),
        amount: tzs(1_000),
        why: "paid twice".to_owned(),
        asked_by: "asha".to_owned(),
        asked_at: at(13),
        approved_by: None,
    };
    assert!(tx.audit().ask_refund(&refund).await.unwrap());
    let asked = NewReconciliation {
        provider: "gepg".to_owned(),
        sp_code: "SP1".to_owned(),
        day: day("2026-03-02"),
        request: "1".to_owned(),
        asked_at: at(14),
    };
    let mut days = tx.reconciliations();
    assert!(days.ask(&asked).await.unwrap());
    let kept = days.by_request("1").await.unwrap().unwrap();
    days.find(kept.id, 0, "p1", Finding::Known).await.unwrap();
}
