use super::*;
use crate::{
    model::FixedClock,
    store::{Keys, Sealer, sqlite::SqliteStore},
};

struct World {
    store: Arc<SqliteStore>,
    clock: Arc<FixedClock>,
    sms: Sms,
}

impl World {
    /// Where a phone gets at most three SMS in a day.
    async fn new() -> Self {
        let keys = Keys::one(1, [7; 32], [9; 32]);
        let sealer = Arc::new(Sealer::new(&keys));
        let store = Arc::new(SqliteStore::temporary(sealer).await.unwrap());
        let clock = Arc::new(FixedClock::new("2026-03-02T20:00:00Z".parse().unwrap()));
        let sms = Sms::new(
            Arc::<SqliteStore>::clone(&store),
            Routes::one(Arc::new(HandsetRoute::default())),
            Arc::<FixedClock>::clone(&clock),
            "",
        );
        let a_day = NonZeroU32::new(3).unwrap();
        Self {
            store,
            clock,
            sms: sms.with(Options { a_day }),
        }
    }

    async fn queue(&self, key: &str, phone: &str) {
        let outgoing = Outgoing {
            key: key.to_owned(),
            to: Msisdn::parse(phone).unwrap(),
            text: "Habari".to_owned(),
            useful: TimeDelta::hours(1),
        };
        let mut transaction = self.store.write().await.unwrap();
        self.sms.queue(&mut *transaction, &outgoing).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// How many wait to be sent, and how many were refused.
    async fn waiting_and_refused(&self) -> (u64, u64) {
        let mut transaction = self.store.read().await.unwrap();
        let waiting = transaction.jobs().open().await.unwrap();
        let refused = transaction.messages().refused().await.unwrap();
        (waiting, refused)
    }
}

const ASHA: &str = "+255700000001";

#[tokio::test]
async fn what_a_phone_gets_beyond_its_day_is_kept_as_failed_with_its_reason() {
    let world = World::new().await;
    for key in ["one", "two", "three", "four", "five"] {
        world.queue(key, ASHA).await;
    }
    world.queue("one", "+255700000002").await;
    assert_eq!(world.waiting_and_refused().await, (4, 2));
    let mut transaction = world.store.read().await.unwrap();
    let fourth = transaction.messages().get(4).await.unwrap().unwrap();
    assert_eq!(fourth.state, MessageState::Failed);
    assert_eq!(fourth.why, "its phone gets more than 3 SMS in a day");
}

#[tokio::test]
async fn a_message_that_is_queued_again_takes_no_room() {
    let world = World::new().await;
    for key in ["one", "one", "one", "two", "one", "three"] {
        world.queue(key, ASHA).await;
    }
    assert_eq!(world.waiting_and_refused().await, (3, 0));
}

#[tokio::test]
async fn a_day_after_the_first_there_is_room_again() {
    let world = World::new().await;
    for key in ["one", "two", "three", "four"] {
        world.queue(key, ASHA).await;
    }
    world.clock.advance(TimeDelta::days(1));
    world.queue("five", ASHA).await;
    assert_eq!(world.waiting_and_refused().await, (4, 1));
}

#[tokio::test]
async fn a_message_to_an_id_that_is_no_number_is_kept_as_failed() {
    let world = World::new().await;
    let outgoing = Outgoing {
        key: "one".to_owned(),
        to: Msisdn::opaque("tel9-QUJD").unwrap(),
        text: "Habari".to_owned(),
        useful: TimeDelta::hours(1),
    };
    let mut transaction = world.store.write().await.unwrap();
    world.sms.queue(&mut *transaction, &outgoing).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.waiting_and_refused().await, (0, 1));
    let mut transaction = world.store.read().await.unwrap();
    let kept = transaction.messages().get(1).await.unwrap().unwrap();
    assert_eq!(kept.to, outgoing.to);
}
