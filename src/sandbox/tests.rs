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

use super::{Gateway, Keys, Misbehaviour, Options, PayError};
use crate::{
    model::{Amount, Clock, ControlNumber, Currency, FixedClock, Language, MemberNumber, Msisdn},
    payment::{
        Billing, Cancel, Change, Charge, Progress, Provider, PushToPay, ReconcileDay, Submitted,
        Wake, Wanted,
        gepg::{self, Dialect, GepgClient, Inbox},
        told::CodeMeaning,
    },
    store::{self, Account, Bill, BillState, Sealer, Store, sqlite::SqliteStore},
};

struct World {
    store: Arc<SqliteStore>,
    wake: Wake,
    billing: Billing,
    provider: Arc<GepgClient>,
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
        .route("/payments/gepg/payment", post(take.clone()))
        .route("/payments/gepg/reconciliation", post(take));
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
        Self::with(fail_first, Dialect::V4, &[]).await
    }

    /// In which the gateway is spoken to in `dialect` and does these things wrong.
    async fn with(fail_first: u32, dialect: Dialect, wrong: &[Misbehaviour]) -> Self {
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
            &gepg::Options::default(),
            wake.clone(),
        );
        let webhooks = webhooks(Arc::new(inbox.unwrap()), Arc::clone(&calls), fail_first).await;
        let options = Options {
            answer_after_millis: 10,
            misbehave: wrong.to_vec(),
            ..Options::default()
        };
        let world = (Arc::clone(&store), Arc::clone(&clock));
        let gateway = Gateway::start(options, &webhooks, theirs, world, http.clone())
            .await
            .unwrap();
        let client = gepg::Options {
            address: gateway.address(),
            dialect,
            ..gepg::Options::default()
        };
        let provider = Arc::new(GepgClient::new(client, ours, Arc::clone(&clock), http));
        let billing = Billing::new(
            store,
            clock,
            Arc::clone(&provider) as Arc<dyn Provider>,
            wake.clone(),
            crate::payment::Options::default(),
        );
        Self {
            store: sqlite,
            wake,
            billing,
            provider,
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
    let address = format!("{}{}", world.gateway.address(), gepg::Paths::v4().submit);
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

/// The last raw notice that our webhook was brought.
async fn last_notice(world: &World) -> String {
    let mut transaction = world.store.read().await.unwrap();
    let mut last = None;
    for row in 1..20 {
        match transaction.notices().raw(row).await.unwrap() {
            Some(raw) => last = Some(raw),
            None => break,
        }
    }
    String::from_utf8(last.unwrap()).unwrap()
}

fn cancel(bill: &Bill) -> Cancel {
    Cancel {
        bill: bill.made.id.clone(),
        product: "CHF".to_owned(),
        reason: "Member chose another product".to_owned(),
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

fn reconcile(request: &str) -> ReconcileDay {
    ReconcileDay {
        request: request.to_owned(),
        sp_code: "SP99999".to_owned(),
        day: today(),
    }
}

#[tokio::test]
async fn in_version_five_a_bill_gets_its_number_is_pushed_paid_and_reconciled() {
    let world = World::with(0, Dialect::V5, &[]).await;
    let bill = world.payable_bill().await;
    let push = PushToPay {
        request: "SP99999P1".to_owned(),
        bill: bill.made.id.clone(),
        product: "CHF".to_owned(),
        number: bill.number.unwrap(),
        amount: bill.made.amount,
        phone: phone(),
    };
    let pushed = world.provider.push(&push).await.unwrap();
    assert_eq!(pushed.codes.meaning, CodeMeaning::Success);
    world.until(&bill.made.id, BillState::Settled).await;
    assert_eq!(world.books().await, [30_000, -30_000, 0]);
    let twice = world.provider.push(&push).await.unwrap();
    assert_eq!(twice.codes.meaning, CodeMeaning::Settled);
    world.until_calls(3).await;
    let asked = world.provider.reconcile(&reconcile("1")).await.unwrap();
    assert_eq!(asked.meaning, CodeMeaning::Success);
    world.until_calls(4).await;
    let told = last_notice(&world).await;
    assert!(told.contains("<sucSpPmtRes>"), "{told}");
    assert!(told.contains("<TrxId>SBX991000000001</TrxId>"), "{told}");
}

#[tokio::test]
async fn a_cancelled_bill_is_not_paid_and_a_paid_one_not_cancelled() {
    for dialect in Dialect::ALL {
        let world = World::with(0, dialect, &[]).await;
        let bill = world.payable_bill().await;
        let answer = world.provider.cancel(&cancel(&bill)).await.unwrap();
        assert_eq!(answer.codes.meaning, CodeMeaning::Cancelled);
        let paid = world.gateway.pay(bill.number.unwrap(), &phone()).await;
        assert!(matches!(paid, Err(PayError::Closed(_))), "{paid:?}");
    }
    let world = World::new(0).await;
    let bill = world.payable_bill().await;
    world
        .gateway
        .pay(bill.number.unwrap(), &phone())
        .await
        .unwrap();
    let answer = world.provider.cancel(&cancel(&bill)).await.unwrap();
    assert_eq!(answer.codes.meaning, CodeMeaning::Settled);
}

#[tokio::test]
async fn a_bill_whose_last_moment_is_moved_is_paid_or_not_by_the_new_one() {
    let world = World::new(0).await;
    let bill = world.payable_bill().await;
    let change = Change {
        bill: bill.made.id.clone(),
        product: "CHF".to_owned(),
        expires_at: "2026-03-02T07:59:59Z".parse().unwrap(),
        reason: "Bill expiry extension".to_owned(),
    };
    let changed = world.provider.change(&change).await.unwrap();
    assert_eq!(changed, Submitted::Accepted);
    let number = bill.number.unwrap();
    let late = world.gateway.pay(number, &phone()).await;
    assert!(matches!(late, Err(PayError::Closed(_))), "{late:?}");
    let later = Change {
        expires_at: "2026-04-02T07:59:59Z".parse().unwrap(),
        ..change
    };
    world.provider.change(&later).await.unwrap();
    world.gateway.pay(number, &phone()).await.unwrap();
}

#[tokio::test]
async fn a_number_that_is_given_again_is_paid_for_its_newer_bill() {
    let world = World::new(0).await;
    let bill = world.payable_bill().await;
    let number = bill.number.unwrap();
    let charge = Charge {
        bill: "NYNEWER".to_owned(),
        reuse: Some(number),
        ..Charge::of(&bill)
    };
    let taken = world.provider.submit_many(&[charge]).await.unwrap();
    assert_eq!(taken, Submitted::Accepted);
    world.until_calls(2).await;
    world.gateway.pay(number, &phone()).await.unwrap();
    world.until_calls(3).await;
    let told = last_notice(&world).await;
    assert!(told.contains("<BillId>NYNEWER</BillId>"), "{told}");
    assert!(told.contains(&format!("<PayCtrNum>{number}")), "{told}");
}

#[tokio::test]
async fn a_lost_notice_is_in_the_reconciliation_alone() {
    let world = World::with(0, Dialect::V4, &[Misbehaviour::LostNotice]).await;
    let bill = world.payable_bill().await;
    world
        .gateway
        .pay(bill.number.unwrap(), &phone())
        .await
        .unwrap();
    world.gateway.misbehave([Misbehaviour::NotReady]);
    let early = world.provider.reconcile(&reconcile("1")).await.unwrap();
    assert_eq!(early.meaning, CodeMeaning::NotReady);
    world.gateway.misbehave([]);
    world.provider.reconcile(&reconcile("2")).await.unwrap();
    world.until_calls(2).await;
    let told = last_notice(&world).await;
    assert!(told.contains("<gepgSpReconcResp>"), "{told}");
    assert!(told.contains("<PaidAmt>30000.00"), "{told}");
}

#[tokio::test]
async fn every_way_to_pay_wrongly_leaves_the_bill_open_and_the_money_with_a_person() {
    for (wrong, said) in [
        (Misbehaviour::OtherAmount, "31000.00"),
        (Misbehaviour::Partial, "15000.00"),
        (Misbehaviour::OtherCurrency, "<CCy>USD"),
        (Misbehaviour::UnknownBill, "<BillId>XNY"),
    ] {
        let world = World::with(0, Dialect::V4, &[wrong]).await;
        let bill = world.payable_bill().await;
        world
            .gateway
            .pay(bill.number.unwrap(), &phone())
            .await
            .unwrap();
        world.until_calls(2).await;
        let told = last_notice(&world).await;
        assert!(told.contains(said), "{wrong}: {told}");
    }
}

#[tokio::test]
async fn what_is_posted_twice_or_signed_wrongly_first_is_taken_once() {
    let wrong = [Misbehaviour::Twice, Misbehaviour::WrongSignature];
    let world = World::with(0, Dialect::V5, &wrong).await;
    let bill = world.payable_bill().await;
    world.until_calls(4).await;
    world
        .gateway
        .pay(bill.number.unwrap(), &phone())
        .await
        .unwrap();
    world.until(&bill.made.id, BillState::Settled).await;
    world.until_calls(8).await;
    assert_eq!(world.books().await, [30_000, -30_000, 0]);
}

#[tokio::test]
async fn a_number_that_comes_at_once_is_taken_and_refusals_are_what_they_say() {
    let world = World::with(0, Dialect::V5, &[Misbehaviour::AtOnce]).await;
    let made = world.billing.bill_for(&wanted(), 1).await.unwrap();
    let progress = world.billing.submit(&made.made.id).await.unwrap();
    assert_eq!(progress, Progress::Over);
    world.until(&made.made.id, BillState::Payable).await;
    let another = World::with(0, Dialect::V4, &[Misbehaviour::TooMany]).await;
    let made = another.billing.bill_for(&wanted(), 1).await.unwrap();
    let busy = another.billing.submit(&made.made.id).await.unwrap();
    assert!(matches!(busy, Progress::Unanswered(_)), "{busy:?}");
    another.gateway.misbehave([Misbehaviour::Configuration]);
    let halted = another.billing.submit(&made.made.id).await.unwrap();
    assert!(matches!(halted, Progress::Halted(_)), "{halted:?}");
    another.gateway.misbehave([Misbehaviour::Refuse]);
    let refused = another.billing.submit(&made.made.id).await.unwrap();
    assert_eq!(refused, Progress::Over);
}

#[tokio::test]
async fn an_integrator_pays_and_has_things_go_wrong_at_the_counter() {
    let world = World::new(0).await;
    let bill = world.payable_bill().await;
    let address = world.gateway.address();
    let http = reqwest::Client::builder().build().unwrap();
    let say = async |path: &str, form: &[(&str, &str)]| {
        let request = http.post(format!("{address}/sandbox/{path}")).form(form);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, said) = say("misbehave", &[("as", "rude")]).await;
    assert_eq!(status, 400, "{said}");
    assert_eq!(say("misbehave", &[("as", "lost-notice")]).await.0, 200);
    let number = bill.number.unwrap().to_string();
    let phone = ("phone", "255700000002");
    assert_eq!(say("pay", &[("number", "1"), phone]).await.0, 400);
    assert_eq!(
        say("pay", &[("number", "991000000099"), phone]).await.0,
        404
    );
    let part = [("number", number.as_str()), phone, ("amount", "12000")];
    assert_eq!(say("pay", &part).await.0, 202);
    assert_eq!(say("misbehave", &[("as", "")]).await.0, 200);
    assert_eq!(say("pay", &part).await.0, 202);
    world.until_calls(2).await;
    let told = last_notice(&world).await;
    assert!(told.contains("<TrxId>SBX991000000001N2</TrxId>"), "{told}");
    assert!(told.contains("<PaidAmt>12000.00"), "{told}");
}
