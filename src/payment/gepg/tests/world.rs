use std::{
    fs,
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use chrono::{DateTime, NaiveDate, Utc};

use super::super::{
    Answer, Inbox, Keys, Options,
    message::{Acknowledgement, Acknowledges},
};
use crate::{
    model::{Amount, Clock, ControlNumber, Currency, FixedClock, Language, MemberNumber, Msisdn},
    payment::{Wake, bill::BillEvent, bill::advance, books::check},
    store::{self, Account, Bill, BillKey, BillState, NewBill, Sealer, Store, sqlite::SqliteStore},
};

pub(super) const BILL: &str = "TCH2026112100017";
pub(super) const NUMBER: &str = "999990000017";

pub(super) fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/payments")
        .join(file)
}

pub(super) fn recorded(file: &str) -> Vec<u8> {
    fs::read(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

pub(super) fn pem(file: &str) -> String {
    fs::read_to_string(path(&format!("keys/{file}.pem"))).unwrap()
}

/// Our keys, and the gateway's as a certificate, which is how GePG gives it.
pub(super) fn our_keys() -> Arc<Keys> {
    static KEYS: LazyLock<Arc<Keys>> = LazyLock::new(|| read("sp_private", "gepg_cert"));
    Arc::clone(&KEYS)
}

pub(super) fn gateway_keys() -> Arc<Keys> {
    static KEYS: LazyLock<Arc<Keys>> = LazyLock::new(|| read("gepg_private", "sp_public"));
    Arc::clone(&KEYS)
}

/// Reading an RSA key takes longer than using it.
fn read(own: &str, partner: &str) -> Arc<Keys> {
    let partner = pem(partner);
    Arc::new(Keys::from_pem(&pem(own), [partner.as_str()]).unwrap())
}

pub(super) fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn new_bill(id: &str, period: &str) -> NewBill {
    NewBill {
        id: id.to_owned(),
        key: BillKey {
            scheme: "sandbox".to_owned(),
            family: "070707081".to_owned(),
            product: "CHF".to_owned(),
            period: period.to_owned(),
            generation: 1,
        },
        member: MemberNumber::parse("070707081").unwrap(),
        phone: Msisdn::parse("+255700000001").unwrap(),
        language: Language::SWAHILI,
        set: "chf".to_owned(),
        payer: "Asha O'Neil & Family".to_owned(),
        persons: 4,
        amount: Amount::from_major(30_000, Currency::TZS),
        credit: 0,
        from: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
        to: NaiveDate::from_ymd_opt(2027, 11, 30).unwrap(),
        pay_by: NaiveDate::from_ymd_opt(2026, 12, 21).unwrap(),
        made_at: time("2026-11-21T06:00:00Z"),
    }
}

/// An inbox on a store of its own, at half past eleven in East Africa on 21 November 2026.
pub(super) struct World {
    pub(super) store: Arc<SqliteStore>,
    pub(super) clock: Arc<FixedClock>,
    pub(super) inbox: Inbox,
}

impl World {
    pub(super) async fn new() -> Self {
        let keys = store::Keys::one(1, [7; 32], [9; 32]);
        let sealer = Arc::new(Sealer::new(&keys));
        let store = Arc::new(SqliteStore::temporary(sealer).await.unwrap());
        let clock = Arc::new(FixedClock::new(time("2026-11-21T08:30:00Z")));
        let inbox = Inbox::new(
            Arc::<SqliteStore>::clone(&store),
            Arc::<FixedClock>::clone(&clock),
            our_keys(),
            &Options::default(),
            Wake::default(),
        );
        let inbox = inbox.unwrap();
        Self {
            store,
            clock,
            inbox,
        }
    }

    /// A world with the bill that the recorded messages are about, payable.
    pub(super) async fn with_payable_bill() -> Self {
        let world = Self::new().await;
        world.add_payable(BILL, "first", NUMBER).await;
        world
    }

    pub(super) async fn add(&self, id: &str, period: &str) {
        let mut transaction = self.store.write().await.unwrap();
        transaction
            .bills()
            .make(&new_bill(id, period))
            .await
            .unwrap();
        transaction.commit().await.unwrap();
    }

    pub(super) async fn add_payable(&self, id: &str, period: &str, number: &str) {
        self.add(id, period).await;
        let number = ControlNumber::parse(number).unwrap();
        let mut transaction = self.store.write().await.unwrap();
        assert!(transaction.bills().assign_number(id, number).await.unwrap());
        transaction.commit().await.unwrap();
        self.happen(id, BillEvent::Numbered).await;
    }

    pub(super) async fn happen(&self, id: &str, event: BillEvent) {
        let mut transaction = self.store.write().await.unwrap();
        let now = self.clock.now();
        assert!(advance(&mut *transaction, id, event, now).await.unwrap());
        transaction.commit().await.unwrap();
    }

    /// Gives the inbox a recorded message and answers the HTTP status and the codes that it signed.
    pub(super) async fn receive_recorded(&self, file: &str) -> (u16, String) {
        opened(&self.inbox.receive(&recorded(file)).await)
    }

    /// The same with a message that the gateway signs now.
    pub(super) async fn receive(&self, message: &str) -> (u16, String) {
        let raw = gateway_keys().seal(message).unwrap();
        opened(&self.inbox.receive(&raw).await)
    }

    pub(super) async fn bill(&self, id: &str) -> Bill {
        let mut transaction = self.store.read().await.unwrap();
        transaction.bills().get(id).await.unwrap().unwrap()
    }

    pub(super) async fn state(&self) -> BillState {
        self.bill(BILL).await.state
    }

    pub(super) async fn quarantined(&self) -> u64 {
        let mut transaction = self.store.read().await.unwrap();
        transaction.payments().quarantined().await.unwrap()
    }

    pub(super) async fn jobs(&self) -> u64 {
        let mut transaction = self.store.read().await.unwrap();
        transaction.jobs().open().await.unwrap()
    }

    /// Gateway clearing, contributions due, suspense and member credit, in whole shillings. They agree
    /// with bills and payments.
    pub(super) async fn books(&self) -> [i64; 4] {
        let found = check(&*self.store).await.unwrap();
        assert!(found.is_empty(), "{found:?}");
        let mut transaction = self.store.read().await.unwrap();
        let mut books = [0; 4];
        for (balance, account) in books.iter_mut().zip(Account::ALL) {
            let minor = transaction.ledger().balance(account, Currency::TZS).await;
            *balance = minor.unwrap() / 100;
        }
        books
    }

    /// The raw notice in this row.
    pub(super) async fn raw(&self, row: i64) -> Option<Vec<u8>> {
        let mut transaction = self.store.read().await.unwrap();
        transaction.notices().raw(row).await.unwrap()
    }
}

/// When the recorded messages are read.
pub(super) fn noon() -> DateTime<Utc> {
    time("2026-11-21T09:00:00Z")
}

/// The status and the codes of an acknowledgement, whose signature must be ours.
pub(super) fn opened(answer: &Answer) -> (u16, String) {
    let acknowledgement = acknowledgement(answer);
    (answer.status, acknowledgement.codes.text)
}

/// The acknowledgement in an answer, whose signature must be ours.
pub(super) fn acknowledgement(answer: &Answer) -> Acknowledgement {
    let keys = gateway_keys();
    let envelope = keys.open(&answer.body, noon()).unwrap();
    let acknowledgement = Acknowledgement::read(envelope.message).unwrap();
    let ours = [
        Acknowledges::BillResponse,
        Acknowledges::PaymentNotice,
        Acknowledges::ReconciliationResponse,
    ];
    assert!(ours.contains(&acknowledgement.of));
    acknowledgement
}
