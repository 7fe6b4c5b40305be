use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use chrono::{NaiveDate, TimeDelta};
use tokio::sync::Notify;

use super::*;
use crate::{
    catalogue::{Catalogue, Limits, read_files},
    effect::{
        Options, World,
        declared::{self, DeclaredCalls},
    },
    model::{
        Amount, Clock, Currency, DialogueId, EffectKey, FixedClock, Language, Msisdn, SystemChance,
    },
    payment::{
        self, Billing, Provider, SubmitError, Submitted, Wake,
        bill::{BillEvent, advance},
    },
    scheme::{Cover, Finding, Premium, Scheme, SchemeError, Schemes},
    sms::{HandsetRoute, Routes, Sms},
    store::{Keys, Sealer, Store, sqlite::SqliteStore},
};

/// A payment gateway that takes every bill and gives no number by itself.
#[derive(Debug)]
struct Silent;

#[async_trait]
impl Provider for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    async fn submit(&self, _: &Bill) -> Result<Submitted, SubmitError> {
        Ok(Submitted::Accepted)
    }
}

/// A scheme with one member, whose cover lapsed unless a test says otherwise.
#[derive(Debug)]
struct OneMember {
    quotes: AtomicU32,
    shillings: Mutex<i64>,
    renewable_from: Mutex<Option<NaiveDate>>,
}

#[async_trait]
impl Scheme for OneMember {
    fn name(&self) -> &'static str {
        "one"
    }

    async fn member_of_phone(&self, _: &Msisdn) -> Result<Option<MemberNumber>, SchemeError> {
        Ok(None)
    }

    async fn cover(&self, _: MemberNumber, _: NaiveDate) -> Result<Option<Cover>, SchemeError> {
        Ok(None)
    }

    async fn quote(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Quote>, SchemeError> {
        self.quotes.fetch_add(1, Ordering::SeqCst);
        let renewable_from = *self.renewable_from.lock().unwrap();
        let from = renewable_from.unwrap_or(today);
        Ok(Some(Quote {
            member,
            family: member.to_string(),
            name: "Juma Bakari".to_owned(),
            product: "CHF".to_owned(),
            persons: 5,
            amount: Amount::from_major(*self.shillings.lock().unwrap(), Currency::TZS),
            paid: Amount::from_major(0, Currency::TZS),
            from,
            to: from + TimeDelta::days(364),
            period: "baseline".to_owned(),
            status: renewable_from.map_or(QuoteStatus::Lapsed, |_| QuoteStatus::Renewable),
        }))
    }

    async fn record_payment(&self, _: &Premium) -> Result<Cover, SchemeError> {
        Err(SchemeError::Unavailable {
            asked: "the premium",
            source: None,
        })
    }

    async fn look(&self, _: NaiveDate) -> Vec<Finding> {
        Vec::new()
    }
}

/// Effects a minute before midnight in East Africa, and the two phones that ask.
struct Night {
    effects: Effects,
    scheme: Arc<OneMember>,
    store: Arc<SqliteStore>,
    clock: Arc<FixedClock>,
}

impl Night {
    async fn begin() -> Self {
        let keys = Keys::one(1, [7; 32], [9; 32]);
        let sealer = Arc::new(Sealer::new(&keys));
        let store = Arc::new(SqliteStore::temporary(sealer).await.unwrap());
        let clock = Arc::new(FixedClock::new("2026-03-02T20:59:00Z".parse().unwrap()));
        let scheme = Arc::new(OneMember {
            quotes: AtomicU32::new(0),
            shillings: Mutex::new(30_000),
            renewable_from: Mutex::new(None),
        });
        let world = world(&store, &clock, &scheme).await;
        Self {
            effects: Effects::new(world, Options::default()),
            scheme,
            store,
            clock,
        }
    }

    /// What is read back to a caller now.
    async fn read_back(&self) -> Value {
        let juma = MemberNumber::parse("100000014").unwrap();
        let phone = phone(9);
        let outcome = self.effects.quote(asker(&phone, true), juma).await;
        match outcome {
            Ok(Outcome::Call { value, .. }) => value.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// What the outbox hears when it asks for a phone; `None` while the number is to come.
    async fn ask_late(&self, phone: &Msisdn, quote: &Value) -> Option<OutcomeName> {
        match self.effects.bill(asker(phone, false), quote).await {
            Ok(outcome) => Some(name(&outcome)),
            Err(Pending::Awaited(_)) => None,
            Err(other) => panic!("{other}"),
        }
    }

    async fn ask(&self, phone: &Msisdn, quote: &Value) -> OutcomeName {
        let outcome = self.effects.bill(asker(phone, true), quote).await;
        name(&outcome.unwrap())
    }

    async fn bill(&self, phone: &Msisdn, quote: &Value) -> Bill {
        let agreed = agreed(quote).unwrap();
        let given = self.effects.world.billing.given(phone, &agreed).await;
        given.unwrap().unwrap()
    }

    async fn happen(&self, bill: &Bill, events: &[BillEvent]) {
        let mut transaction = self.store.write().await.unwrap();
        let number = ControlNumber::parse("991000000001").unwrap();
        let id = &bill.made.id;
        assert!(transaction.bills().assign_number(id, number).await.unwrap());
        for event in events {
            let now = self.clock.now();
            assert!(advance(&mut *transaction, id, *event, now).await.unwrap());
        }
        transaction.commit().await.unwrap();
    }

    fn quotes(&self) -> u32 {
        self.scheme.quotes.load(Ordering::SeqCst)
    }
}

async fn world(
    store: &Arc<SqliteStore>,
    clock: &Arc<FixedClock>,
    scheme: &Arc<OneMember>,
) -> World {
    let (store, clock) = (
        Arc::<SqliteStore>::clone(store) as Arc<dyn Store>,
        Arc::<FixedClock>::clone(clock) as Arc<dyn Clock>,
    );
    let wake = Wake::default();
    let billing = Billing::new(
        Arc::clone(&store),
        Arc::clone(&clock),
        Arc::new(Silent),
        wake.clone(),
        payment::Options::default(),
    );
    let menus = Path::new(env!("CARGO_MANIFEST_DIR")).join("menus");
    let sources = read_files(&menus).unwrap();
    let catalogue = Catalogue::open(Arc::clone(&store), &*clock, sources, Limits::default());
    let route = Arc::new(HandsetRoute {
        delivered: Arc::new(Notify::new()),
    });
    World {
        schemes: Schemes::one(Arc::<OneMember>::clone(scheme)),
        billing: Arc::new(billing),
        catalogue: Arc::new(catalogue.await.unwrap()),
        calls: DeclaredCalls::new(declared::Options::default()),
        sms: Sms::new(
            Arc::clone(&store),
            Routes::one(route),
            Arc::clone(&clock),
            "",
        ),
        store,
        clock,
        chance: Arc::new(SystemChance),
        wake,
        prompter: None,
    }
}

fn phone(last: u8) -> Msisdn {
    Msisdn::parse(&format!("+25570000000{last}")).unwrap()
}

fn asker(phone: &Msisdn, on_line: bool) -> Asker<'_> {
    Asker {
        phone,
        language: Language::SWAHILI,
        set: "chf",
        edition: "",
        key: EffectKey {
            dialogue: DialogueId(1),
            turn: 0,
            ask: 0,
        },
        on_line,
    }
}

fn name(outcome: &Outcome) -> OutcomeName {
    let Outcome::Call { name, .. } = outcome else {
        panic!("{outcome:?}");
    };
    *name
}

#[tokio::test]
async fn what_was_read_before_midnight_is_billed_after_it_as_it_was_read() {
    let night = Night::begin().await;
    let quote = night.read_back().await;
    night.clock.advance(TimeDelta::minutes(2));
    let hers = phone(1);
    assert_eq!(night.ask_late(&hers, &quote).await, None);
    let bill = night.bill(&hers, &quote).await;
    assert_eq!(bill.made.from.to_string(), "2026-03-02");
    night.happen(&bill, &[BillEvent::Numbered]).await;
    assert_eq!(night.ask_late(&hers, &quote).await, Some(OutcomeName::Made));
}

#[tokio::test]
async fn a_bill_that_was_made_is_waited_for_without_asking_the_scheme_again() {
    let night = Night::begin().await;
    let quote = night.read_back().await;
    let (hers, his) = (phone(1), phone(2));
    for phone in [&hers, &his] {
        assert_eq!(night.ask_late(phone, &quote).await, None);
    }
    let asked = night.quotes();
    night.clock.advance(TimeDelta::days(1));
    *night.scheme.shillings.lock().unwrap() = 35_000;
    for phone in [&hers, &his] {
        assert_eq!(night.ask_late(phone, &quote).await, None);
    }
    let bill = night.bill(&hers, &quote).await;
    assert_eq!(night.bill(&his, &quote).await.made.id, bill.made.id);
    night.happen(&bill, &[BillEvent::Numbered]).await;
    for phone in [&hers, &his] {
        assert_eq!(night.ask(phone, &quote).await, OutcomeName::Made);
    }
    assert_eq!(night.quotes(), asked);
}

#[tokio::test]
async fn who_agreed_to_another_amount_or_other_days_is_to_read_them_again() {
    let night = Night::begin().await;
    let lapsed = night.read_back().await;
    *night.scheme.shillings.lock().unwrap() = 35_000;
    assert_eq!(night.ask(&phone(1), &lapsed).await, OutcomeName::Changed);
    let day = |text: &str| Some(text.parse().unwrap());
    *night.scheme.renewable_from.lock().unwrap() = day("2026-03-13");
    let renewable = night.read_back().await;
    *night.scheme.renewable_from.lock().unwrap() = day("2026-03-14");
    assert_eq!(night.ask(&phone(1), &renewable).await, OutcomeName::Changed);
}

#[tokio::test]
async fn a_bill_that_is_paid_is_not_offered_again_to_anyone() {
    let night = Night::begin().await;
    let quote = night.read_back().await;
    let (hers, his) = (phone(1), phone(2));
    night.ask_late(&hers, &quote).await;
    let bill = night.bill(&hers, &quote).await;
    night
        .happen(&bill, &[BillEvent::Numbered, BillEvent::Paid])
        .await;
    for phone in [&hers, &his] {
        assert_eq!(night.ask(phone, &quote).await, OutcomeName::Paid);
    }
    let mut transaction = night.store.read().await.unwrap();
    let shares = transaction.bills().shares(&bill.made.id).await.unwrap();
    let told: Vec<_> = shares.into_iter().map(|share| share.phone).collect();
    assert_eq!(told, [hers, his], "who reads that an SMS comes gets it");
}

#[tokio::test]
async fn who_waits_is_told_of_a_refusal_and_who_asks_anew_gets_another_bill() {
    let night = Night::begin().await;
    let quote = night.read_back().await;
    let hers = phone(1);
    night.ask_late(&hers, &quote).await;
    let refused = night.bill(&hers, &quote).await;
    night.happen(&refused, &[BillEvent::Refused]).await;
    let told = night.ask_late(&hers, &quote).await;
    assert_eq!(told, Some(OutcomeName::Refused));
    let patience = std::time::Duration::from_millis(50);
    let asked = tokio::time::timeout(patience, night.ask(&hers, &quote)).await;
    assert!(asked.is_err(), "its number is to come: {asked:?}");
    let next = night.bill(&hers, &quote).await;
    assert_eq!(next.made.key.generation, 2);
}
