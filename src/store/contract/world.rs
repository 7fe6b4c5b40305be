//! The people, days and rows that the behaviours are told with.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::{
    model::{
        Amount, ControlNumber, Currency, DialogueId, EffectKey, Language, MemberNumber, MenusName,
        Msisdn,
    },
    store::{
        Account, BillKey, Claim, Handover, Intent, JobKind, Keys, MessageState, NewBill,
        NewIncoming, NewJob, NewMessage, NewPayment, NewReceipt, PaymentOutcome, PaymentSource,
        PaymentState, Posting, Priority, Sealer, Store, TheirId, Told,
    },
};

pub(crate) const ASHA: &str = "070707081";
pub(crate) const LEASE: TimeDelta = TimeDelta::seconds(30);
pub(crate) const NEEMA: &str = "400000042";

/// The keys that every store here is opened with.
pub(crate) fn keys() -> Keys {
    Keys::one(1, [1; 32], [1; 32])
}

/// The sealer of every store here.
pub(crate) fn sealer() -> Sealer {
    Sealer::new(&keys())
}

pub(crate) fn phone(last: u8) -> Msisdn {
    Msisdn::parse(&format!("+2557000000{last:02}")).unwrap()
}

pub(crate) fn member(number: &str) -> MemberNumber {
    MemberNumber::parse(number).unwrap()
}

pub(crate) fn control_number(text: &str) -> ControlNumber {
    ControlNumber::parse(text).unwrap()
}

pub(crate) fn tzs(major: i64) -> Amount {
    Amount::from_major(major, Currency::TZS)
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// So many seconds after a moment that is not a whole second, to the microsecond.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_772_441_417_123_456).unwrap() + TimeDelta::seconds(seconds)
}

pub(crate) fn key(turn: u32) -> EffectKey {
    EffectKey {
        dialogue: DialogueId(u128::MAX - 7),
        turn,
        ask: 1,
    }
}

/// The effect of a turn, asked as many seconds after the beginning.
pub(crate) fn intent(turn: u32) -> Intent {
    Intent {
        key: key(turn),
        phone: phone(1),
        gateway: "africastalking".to_owned(),
        menus: MenusName {
            edition: "e1".to_owned(),
            set: "chf".to_owned(),
        },
        about: Some(member(ASHA)),
        effect: vec![0, 1, 255],
        state: vec![7; 3],
        asked_at: at(turn.into()),
        not_after: at(600),
    }
}

pub(crate) fn job(subject: &str) -> NewJob {
    NewJob {
        kind: JobKind::SubmitBill,
        subject: subject.to_owned(),
        route: "gepg".to_owned(),
        run_at: at(0),
        not_after: at(3600),
        priority: Priority::Normal,
    }
}

pub(crate) fn bill(id: &str, generation: u32) -> NewBill {
    NewBill {
        id: id.to_owned(),
        key: BillKey {
            scheme: "sandbox".to_owned(),
            family: ASHA.to_owned(),
            product: "CHF".to_owned(),
            period: "first".to_owned(),
            generation,
        },
        member: member(ASHA),
        phone: phone(1),
        language: Language::SWAHILI,
        set: "chf".to_owned(),
        payer: "Asha Juma".to_owned(),
        persons: 4,
        amount: tzs(30_000),
        credit: 0,
        from: day("2026-03-02"),
        to: day("2027-03-01"),
        pay_by: day("2026-03-09"),
        made_at: at(generation.into()),
    }
}

pub(crate) fn payment(id: &str) -> NewPayment {
    NewPayment {
        id: id.to_owned(),
        provider: "gepg".to_owned(),
        provider_key: format!("SP1/{id}"),
        payload_hash: [3; 32],
        reference: format!("ref {id}"),
        sp_code: "SP1".to_owned(),
        gateway_reference: format!("ref {id}"),
        operator: "Operator".to_owned(),
        receipt: format!("receipt {id}"),
        channel: "MOB".to_owned(),
        told_bill: format!("bill of {id}"),
        told_time: "2026-03-02T08:50:27".to_owned(),
        source: PaymentSource::Notice,
        payer: Some(phone(9)),
        bill: None,
        number: Some(control_number("991000000001")),
        paid: tzs(30_000),
        paid_at: at(10),
        received_at: at(11),
        state: PaymentState::Posted,
        outcome: PaymentOutcome::Settled,
        reason: String::new(),
    }
}

pub(crate) fn message(key: &str, to: &Msisdn) -> NewMessage {
    NewMessage {
        key: key.to_owned(),
        to: to.clone(),
        text: format!("Text of {key}"),
        queued_at: at(0),
        not_after: at(3600),
    }
}

/// The first route has taken the message and calls it so.
pub(crate) fn handover(id: i64, their_id: &str) -> Handover {
    Handover {
        id,
        route: "beem".to_owned(),
        their_id: TheirId::parse(their_id),
        state: MessageState::Sent,
        error_code: None,
        at: at(9),
    }
}

/// What the first route tells of the message that it calls so.
pub(crate) fn told(their_id: &str, state: MessageState) -> Told {
    Told {
        route: "beem".to_owned(),
        their_id: TheirId::parse(their_id),
        own_id: None,
        state,
        error_code: (state == MessageState::Failed).then(|| "E13".to_owned()),
        at: at(9),
    }
}

pub(crate) fn receipt(told: Told) -> NewReceipt {
    NewReceipt {
        told,
        raw_status: Some("the raw word".to_owned()),
    }
}

/// An SMS to us from the first phone.
pub(crate) fn incoming(their_id: Option<&str>) -> NewIncoming {
    NewIncoming {
        account: "beem".to_owned(),
        their_id: their_id.and_then(TheirId::parse),
        from: phone(1),
        to: "15054".to_owned(),
        text: "BIMA 2".to_owned(),
        sent_at: None,
        received_at: at(0),
    }
}

/// A claim of the jobs that [`job`] makes, of any priority.
pub(crate) fn at_most(limit: u32) -> Claim<'static> {
    Claim {
        route: "gepg",
        rate: None,
        limit,
        not_urgent: limit,
        lease: LEASE,
    }
}

/// An entry of so many shillings, from gateway clearing to contributions due.
pub(crate) fn posting(reference: &str, amount: Amount) -> Posting {
    Posting {
        reference: reference.to_owned(),
        debit: Account::GatewayClearing,
        credit: Account::ContributionsDue,
        amount,
        posted_at: at(12),
        bill: Some("b1".to_owned()),
        payment: Some(reference.to_owned()),
        party: None,
    }
}

/// Makes a bill in a transaction of its own.
pub(crate) async fn make(store: &dyn Store, bill: &NewBill) {
    let mut tx = store.write().await.unwrap();
    tx.bills().make(bill).await.unwrap();
    tx.commit().await.unwrap();
}

/// Adds jobs in a transaction of their own.
pub(crate) async fn add(store: &dyn Store, jobs: &[NewJob]) {
    let mut tx = store.write().await.unwrap();
    for job in jobs {
        tx.jobs().add(job).await.unwrap();
    }
    tx.commit().await.unwrap();
}
