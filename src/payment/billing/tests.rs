use std::{collections::VecDeque, sync::Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;

use super::*;
use crate::{
    model::{ControlNumber, Currency, FixedClock},
    store::{Keys, Sealer, sqlite::SqliteStore},
};

/// A payment gateway that gives the answers it was told to, in order.
#[derive(Debug, Default)]
struct Scripted(Mutex<VecDeque<Result<Submitted, SubmitError>>>);

#[async_trait]
impl Provider for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    async fn submit(&self, _bill: &Bill) -> Result<Submitted, SubmitError> {
        self.0
            .lock()
            .unwrap()
            .pop_front()
            .expect("an answer for every submission")
    }
}

struct World {
    store: Arc<SqliteStore>,
    clock: Arc<FixedClock>,
    provider: Arc<Scripted>,
    billing: Billing,
}

impl World {
    async fn new() -> Self {
        let keys = Keys::one(1, [7; 32], [9; 32]);
        let sealer = Arc::new(Sealer::new(&keys));
        let store = Arc::new(SqliteStore::temporary(sealer).await.unwrap());
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(now));
        let provider = Arc::new(Scripted::default());
        let billing = Billing::new(
            Arc::<SqliteStore>::clone(&store),
            Arc::<FixedClock>::clone(&clock),
            Arc::<Scripted>::clone(&provider),
            Wake::default(),
            Options::default(),
        );
        Self {
            store,
            clock,
            provider,
            billing,
        }
    }

    /// A world with a bill, to whose submissions the gateway will give these answers.
    async fn with_bill(
        answers: impl IntoIterator<Item = Result<Submitted, SubmitError>>,
    ) -> (Self, String) {
        let world = Self::new().await;
        world.provider.0.lock().unwrap().extend(answers);
        let bill = world.billing.bill_for(&wanted(30_000), 1).await.unwrap();
        (world, bill.made.id)
    }

    async fn bill_for(&self, shillings: i64, random: u128) -> (String, u32) {
        let bill = self
            .billing
            .bill_for(&wanted(shillings), random)
            .await
            .unwrap();
        (bill.made.id, bill.made.key.generation)
    }

    async fn happen(&self, id: &str, event: BillEvent) {
        let mut transaction = self.store.write().await.unwrap();
        let now = self.clock.now();
        assert!(
            bill::advance(&mut *transaction, id, event, now)
                .await
                .unwrap()
        );
        transaction.commit().await.unwrap();
    }

    async fn state(&self, id: &str) -> BillState {
        let mut transaction = self.store.read().await.unwrap();
        transaction.bills().get(id).await.unwrap().unwrap().state
    }

    async fn jobs(&self) -> u64 {
        self.store
            .read()
            .await
            .unwrap()
            .jobs()
            .open()
            .await
            .unwrap()
    }
}

fn wanted(shillings: i64) -> Wanted {
    Wanted {
        scheme: "sandbox".to_owned(),
        member: MemberNumber::parse("400000042").unwrap(),
        family: "400000042".to_owned(),
        product: "CHF".to_owned(),
        period: "baseline".to_owned(),
        phone: Msisdn::parse("+255700000002").unwrap(),
        language: Language::SWAHILI,
        set: "chf".to_owned(),
        payer: "Neema Mushi".to_owned(),
        persons: 3,
        amount: Amount::from_major(shillings, Currency::TZS),
        from: NaiveDate::from_ymd_opt(2026, 3, 13).unwrap(),
        to: NaiveDate::from_ymd_opt(2027, 3, 12).unwrap(),
    }
}

fn unanswered() -> Result<Submitted, SubmitError> {
    Err(SubmitError::Unknown {
        bill: "NY".to_owned(),
        why: "no answer".to_owned(),
        source: None,
    })
}

#[tokio::test]
async fn the_same_wish_gives_the_same_bill_and_one_submission() {
    let world = World::new().await;
    let first = world.bill_for(30_000, 1).await;
    assert_eq!(world.bill_for(30_000, 2).await, first);
    assert_eq!((first.1, world.jobs().await), (1, 1));
}

#[tokio::test]
async fn the_same_wish_at_the_same_time_gives_one_bill() {
    let world = World::new().await;
    let all = (0..8).map(|random| world.bill_for(30_000, random));
    let bills = futures_util::future::join_all(all).await;
    assert!(bills.iter().all(|bill| *bill == bills[0]), "{bills:?}");
    assert_eq!(world.jobs().await, 1);
}

#[tokio::test]
async fn another_amount_ends_the_open_bill_and_makes_the_next() {
    let world = World::new().await;
    let (old, _) = world.bill_for(30_000, 1).await;
    let (new, generation) = world.bill_for(35_000, 2).await;
    assert_eq!(
        (world.state(&old).await, generation),
        (BillState::Expired, 2)
    );
    assert_eq!(world.state(&new).await, BillState::Queued);
    assert_eq!(world.bill_for(35_000, 3).await, (new, 2));
}

#[tokio::test]
async fn a_bill_whose_last_day_is_over_is_ended_and_followed_by_another() {
    let world = World::new().await;
    let (old, _) = world.bill_for(30_000, 1).await;
    world.clock.advance(TimeDelta::days(30));
    assert_eq!(world.bill_for(30_000, 2).await.0, old);
    world.clock.advance(TimeDelta::days(1));
    let (new, generation) = world.bill_for(30_000, 3).await;
    assert_ne!(new, old);
    assert_eq!(
        (world.state(&old).await, generation),
        (BillState::Expired, 2)
    );
}

#[tokio::test]
async fn a_rejected_bill_is_followed_by_another() {
    let world = World::new().await;
    let (old, _) = world.bill_for(30_000, 1).await;
    world.happen(&old, BillEvent::Refused).await;
    assert_eq!(world.bill_for(30_000, 2).await.1, 2);
    assert_eq!(world.state(&old).await, BillState::Rejected);
}

#[tokio::test]
async fn a_bill_that_is_paid_is_given_as_it_is_and_never_made_again() {
    let world = World::new().await;
    let (paid, _) = world.bill_for(30_000, 1).await;
    world.happen(&paid, BillEvent::Numbered).await;
    world.happen(&paid, BillEvent::Paid).await;
    assert_eq!(world.bill_for(35_000, 2).await, (paid, 1));
}

#[tokio::test]
async fn a_bill_whose_cover_is_over_is_followed_by_another() {
    let world = World::new().await;
    let (old, _) = world.bill_for(30_000, 1).await;
    for event in [BillEvent::Numbered, BillEvent::Paid, BillEvent::Told] {
        world.happen(&old, event).await;
    }
    world.clock.advance(TimeDelta::days(375)); // its last day
    assert_eq!(world.bill_for(30_000, 2).await, (old.clone(), 1));
    world.clock.advance(TimeDelta::days(1));
    assert_eq!(world.bill_for(30_000, 3).await.1, 2);
    assert_eq!(world.state(&old).await, BillState::Activated);
}

#[tokio::test]
async fn a_taken_bill_waits_for_its_number_and_is_submitted_again_meanwhile() {
    let taken = || Ok(Submitted::Accepted);
    let (world, id) = World::with_bill([taken(), taken()]).await;
    let awaited = Progress::Awaited(Duration::from_mins(2));
    assert_eq!(world.billing.submit(&id).await.unwrap(), awaited);
    assert_eq!(world.state(&id).await, BillState::AwaitingNumber);
    assert_eq!(world.billing.submit(&id).await.unwrap(), awaited);
    world.happen(&id, BillEvent::Numbered).await;
    assert_eq!(world.billing.submit(&id).await.unwrap(), Progress::Over);
}

#[tokio::test]
async fn a_bill_without_an_answer_may_be_there_or_not_and_is_sent_again() {
    let (world, id) = World::with_bill([unanswered(), unanswered(), Ok(Submitted::Accepted)]).await;
    for _ in 0..2 {
        let progress = world.billing.submit(&id).await.unwrap();
        assert!(matches!(progress, Progress::Unanswered(_)), "{progress:?}");
        assert_eq!(world.state(&id).await, BillState::SubmitUnknown);
    }
    world.billing.submit(&id).await.unwrap();
    assert_eq!(world.state(&id).await, BillState::AwaitingNumber);
}

#[tokio::test]
async fn a_refused_bill_is_rejected_and_its_submission_over() {
    let (world, id) = World::with_bill([Ok(Submitted::Rejected("7242".to_owned()))]).await;
    assert_eq!(world.billing.submit(&id).await.unwrap(), Progress::Over);
    assert_eq!(world.state(&id).await, BillState::Rejected);
    assert_eq!(world.billing.submit(&id).await.unwrap(), Progress::Over);
}

#[tokio::test]
async fn settings_that_the_gateway_refuses_leave_the_bill_waiting() {
    let refused = Err(SubmitError::Configuration {
        codes: "7203".to_owned(),
    });
    let (world, id) = World::with_bill([refused]).await;
    let progress = world.billing.submit(&id).await.unwrap();
    assert!(matches!(progress, Progress::Halted(_)), "{progress:?}");
    assert_eq!(world.state(&id).await, BillState::Queued);
}

#[tokio::test]
async fn a_bill_whose_time_is_over_is_not_submitted_any_more() {
    let (world, id) = World::with_bill([]).await;
    world.clock.advance(TimeDelta::days(31));
    assert_eq!(world.billing.submit(&id).await.unwrap(), Progress::Over);
    assert_eq!(world.state(&id).await, BillState::Expired);
    assert_eq!(
        world.billing.submit("NOBODYS").await.unwrap(),
        Progress::Over
    );
}

/// The gateway's number overtakes its own answer to the submission.
#[derive(Debug)]
struct Overtaking(Arc<SqliteStore>);

#[async_trait]
impl Provider for Overtaking {
    fn name(&self) -> &'static str {
        "overtaking"
    }

    async fn submit(&self, bill: &Bill) -> Result<Submitted, SubmitError> {
        let mut transaction = self.0.write().await.unwrap();
        let number = ControlNumber::parse("991000000001").unwrap();
        let (id, now) = (&bill.made.id, bill.made.made_at);
        transaction.bills().assign_number(id, number).await.unwrap();
        bill::advance(&mut *transaction, id, BillEvent::Numbered, now)
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        Ok(Submitted::Accepted)
    }
}

#[tokio::test]
async fn a_number_that_overtakes_the_answer_stays() {
    let (mut world, id) = World::with_bill([]).await;
    world.billing.provider = Arc::new(Overtaking(Arc::clone(&world.store)));
    assert_eq!(world.billing.submit(&id).await.unwrap(), Progress::Over);
    assert_eq!(world.state(&id).await, BillState::Payable);
}
