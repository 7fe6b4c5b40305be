//! The demo's money on the real road: signed both ways, over sockets, into a real store.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Bytes, http::StatusCode, response::IntoResponse, routing::post};
use chrono::NaiveDate;
use tokio::{net::TcpListener, time::timeout};

use super::{Gateway, Keys, Options, PayError};
use crate::{
    model::{Amount, Clock, ControlNumber, Currency, FixedClock, Language, MemberNumber, Msisdn},
    payment::{
        Billing, Progress, Wake, Wanted,
        gepg::{self, GepgClient, Inbox},
    },
    store::{self, Account, Bill, BillState, Sealer, Store, sqlite::SqliteStore},
};

struct World {
    store: Arc<SqliteStore>,
    wake: Wake,
    billing: Billing,
    gateway: Gateway,
    /// How many calls our webhooks have answered.
    calls: Arc<AtomicU32>,
    _folder: tempfile::TempDir,
}

async fn webhooks(inbox: Arc<Inbox>, calls: Arc<AtomicU32>, fail_first: u32) -> String {
    let take = move |body: Bytes| {
        let (inbox, calls) = (Arc::clone(&inbox), Arc::clone(&calls));
        async move {
            if calls.load(Ordering::SeqCst) < fail_first {
                calls.fetch_add(1, Ordering::SeqCst);
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            let answer = inbox.receive(&body).await;
            calls.fetch_add(1, Ordering::SeqCst);
            (StatusCode::from_u16(answer.status).unwrap(), answer.body).into_response()
        }
    };
    let router = Router::new()
        .route("/payments/gepg/bill", post(take.clone()))
        .route("/payments/gepg/payment", post(take));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/payments/gepg")
}

async fn sqlite() -> Arc<SqliteStore> {
    let keys = store::Keys::one(1, [7; 32], [9; 32]);
    let sealer = Arc::new(Sealer::new(&keys));
    Arc::new(SqliteStore::temporary(sealer).await.unwrap())
}

impl World {
    /// The first `fail_first` calls of our webhooks fail.
    async fn new(fail_first: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::load_or_make(folder.path()).await.unwrap();
        let ours = Arc::new(keys.of_provider().unwrap());
        let theirs = Arc::new(keys.of_gateway().unwrap());
        let sqlite = sqlite().await;
        let store: Arc<dyn Store> = Arc::<SqliteStore>::clone(&sqlite);
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(FixedClock::new(now));
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(5))
            .build()
            .unwrap();
        let wake = Wake::default();
        let calls = Arc::default();
        let inbox = Inbox::new(
            Arc::clone(&store),
            Arc::clone(&clock),
            Arc::clone(&ours),
            gepg::Options::default().sp_code,
            wake.clone(),
        );
        let webhooks = webhooks(Arc::new(inbox.unwrap()), Arc::clone(&calls), fail_first).await;
        let options = Options {
            answer_after_millis: 10,
            ..Options::default()
        };
        let world = (Arc::clone(&store), Arc::clone(&clock));
        let gateway = Gateway::start(options, &webhooks, theirs, world, http.clone())
            .await
            .unwrap();
        let client = gepg::Options {
            address: gateway.address(),
            ..gepg::Options::default()
        };
        let provider = Arc::new(GepgClient::new(client, ours, http));
        let billing = Billing::new(
            store,
            clock,
            provider,
            wake.clone(),
            crate::payment::Options::default(),
        );
        Self {
            store: sqlite,
            wake,
            billing,
            gateway,
            calls,
            _folder: folder,
        }
    }

    /// The bill once it is in this state; it has twenty seconds.
    async fn until(&self, id: &str, state: BillState) -> Bill {
        let wait = async {
            loop {
                let news = self.wake.bills.notified();
                let bill = self
                    .store
                    .read()
                    .await
                    .unwrap()
                    .bills()
                    .get(id)
                    .await
                    .unwrap();
                if let Some(bill) = bill.filter(|bill| bill.state == state) {
                    return bill;
                }
                drop(timeout(Duration::from_millis(200), news).await);
            }
        };
        timeout(Duration::from_secs(20), wait)
            .await
            .expect("the bill moves on")
    }

    async fn payable_bill(&self) -> Bill {
        let made = self.billing.bill_for(&wanted(), 1).await.unwrap();
        self.billing.submit(&made.made.id).await.unwrap();
        self.until(&made.made.id, BillState::Payable).await
    }

    async fn until_calls(&self, number: u32) {
        let wait = async {
            while self.calls.load(Ordering::SeqCst) < number {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(20), wait)
            .await
            .expect("our webhooks are called");
    }

    async fn books(&self) -> [i64; 3] {
        let mut transaction = self.store.read().await.unwrap();
        let mut books = [0; 3];
        for (balance, account) in books.iter_mut().zip(Account::ALL) {
            *balance = transaction
                .ledger()
                .balance(account, Currency::TZS)
                .await
                .unwrap()
                / 100;
        }
        books
    }
}

fn phone() -> Msisdn {
    Msisdn::parse("+255700000002").unwrap()
}

fn wanted() -> Wanted {
    Wanted {
        scheme: "sandbox".to_owned(),
        member: MemberNumber::parse("400000042").unwrap(),
        product: "CHF".to_owned(),
        family: "400000042".to_owned(),
        period: "baseline".to_owned(),
        phone: phone(),
        language: Language::SWAHILI,
        set: "chf".to_owned(),
        payer: "Neema O'Mushi & Family".to_owned(),
        persons: 3,
        amount: Amount::from_major(30_000, Currency::TZS),
        from: NaiveDate::from_ymd_opt(2026, 3, 13).unwrap(),
        to: NaiveDate::from_ymd_opt(2027, 3, 12).unwrap(),
    }
}

fn number(text: &str) -> ControlNumber {
    ControlNumber::parse(text).unwrap()
}

#[tokio::test]
async fn a_bill_gets_its_number_is_paid_and_the_books_balance() {
    let world = World::new(0).await;
    let bill = world.payable_bill().await;
    assert_eq!(bill.number, Some(number("991000000001")));
    let paid = world
        .gateway
        .pay(number("991000000001"), &phone())
        .await
        .unwrap();
    assert_eq!(paid, wanted().amount);
    world.until(&bill.made.id, BillState::Settled).await;
    assert_eq!(world.books().await, [30_000, -30_000, 0]);
    let mut transaction = world.store.read().await.unwrap();
    let payment = transaction
        .payments()
        .last(&phone(), None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(payment.recorded.receipt, "DEMO000001");
    assert_eq!(
        payment.recorded.paid_at.to_rfc3339(),
        "2026-03-02T08:00:00+00:00"
    );
}

#[tokio::test]
async fn what_our_webhook_does_not_acknowledge_is_posted_again() {
    let world = World::new(2).await;
    world.payable_bill().await;
    world.until_calls(3).await;
}

#[tokio::test]
async fn a_bill_that_is_submitted_again_keeps_its_number() {
    let world = World::new(0).await;
    let made = world.billing.bill_for(&wanted(), 1).await.unwrap();
    for _ in 0..3 {
        let progress = world.billing.submit(&made.made.id).await.unwrap();
        assert!(
            matches!(progress, Progress::Awaited(_) | Progress::Over),
            "{progress:?}"
        );
    }
    let bill = world.until(&made.made.id, BillState::Payable).await;
    assert_eq!(bill.number, Some(number("991000000001")));
}

#[tokio::test]
async fn a_number_is_paid_once_and_its_news_posted_again_without_a_second_posting() {
    let world = World::new(0).await;
    let bill = world.payable_bill().await;
    let number = bill.number.unwrap();
    world.gateway.pay(number, &phone()).await.unwrap();
    world.until(&bill.made.id, BillState::Settled).await;
    world.until_calls(2).await;
    let again = world.gateway.pay(number, &phone()).await;
    assert!(matches!(again, Err(PayError::Paid(_))), "{again:?}");
    world.until_calls(3).await;
    assert_eq!(world.books().await, [30_000, -30_000, 0]);
    let mut transaction = world.store.read().await.unwrap();
    assert_eq!(transaction.payments().quarantined().await.unwrap(), 0);
}

#[tokio::test]
async fn a_number_that_was_never_allotted_cannot_be_paid() {
    let world = World::new(0).await;
    let unknown = world.gateway.pay(number("991000000077"), &phone()).await;
    assert!(matches!(unknown, Err(PayError::Unknown(_))), "{unknown:?}");
}

#[tokio::test]
async fn the_gateway_takes_no_bill_that_we_did_not_sign() {
    let world = World::new(0).await;
    let strangers = tempfile::tempdir().unwrap();
    let stranger = Keys::load_or_make(strangers.path()).await.unwrap();
    let sealed = stranger
        .of_provider()
        .unwrap()
        .seal("<gepgBillSubReq></gepgBillSubReq>");
    let address = format!("{}{}", world.gateway.address(), gepg::SUBMIT_PATH);
    let http = reqwest::Client::builder().build().unwrap();
    let answer = gepg::post(
        &http,
        &address,
        &[("Gepg-Code", "SP99999")],
        sealed.unwrap(),
    )
    .await;
    let answer = String::from_utf8(answer.unwrap()).unwrap();
    assert!(answer.contains("<TrxStsCode>7303</TrxStsCode>"), "{answer}");
}
