//! Effects on a store in the process, on a time that runs as fast as it can.

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::NaiveDate;
use tokio::time::Instant;

use super::*;
use crate::{
    catalogue::{Limits, compile, read_files},
    menu::Operation,
    model::{DialogueId, FixedClock, MemberNumber, SystemChance},
    payment::{self, Provider, SubmitError, Submitted},
    scheme::{Cover, Finding, Premium, Quote, Scheme, SchemeError},
    sms::{HandsetRoute, Routes},
    store::{Bill, JobKind, NewJob, Priority, memory::MemoryStore},
};

/// A scheme and a payment gateway that never answer.
#[derive(Debug)]
struct Silent;

#[async_trait]
impl Scheme for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    async fn member_of_phone(&self, _: &Msisdn) -> Result<Option<MemberNumber>, SchemeError> {
        std::future::pending().await
    }

    async fn cover(&self, _: MemberNumber, _: NaiveDate) -> Result<Option<Cover>, SchemeError> {
        std::future::pending().await
    }

    async fn quote(&self, _: MemberNumber, _: NaiveDate) -> Result<Option<Quote>, SchemeError> {
        std::future::pending().await
    }

    async fn record_payment(&self, _: &Premium) -> Result<Cover, SchemeError> {
        std::future::pending().await
    }

    async fn look(&self, _: NaiveDate) -> Vec<Finding> {
        std::future::pending().await
    }
}

#[async_trait]
impl Provider for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    async fn submit(&self, _: &Bill) -> Result<Submitted, SubmitError> {
        std::future::pending().await
    }
}

/// Effects whose world never answers, and their menus.
pub(crate) fn effects() -> (Effects, Arc<Catalogue>) {
    let (effects, catalogue, _) = effects_of(Schemes::one(Arc::new(Silent)));
    (effects, catalogue)
}

/// Effects of these schemes on a morning that can be moved on.
pub(super) fn effects_of(schemes: Schemes) -> (Effects, Arc<Catalogue>, Arc<FixedClock>) {
    let menus = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/simulation/menus");
    let compiled = compile(&read_files(&menus).unwrap(), &Limits::default());
    let edition = Arc::new(compiled.edition.unwrap());
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let morning = Arc::new(FixedClock::new("2026-03-02T09:00:00Z".parse().unwrap()));
    let clock: Arc<dyn Clock> = Arc::<FixedClock>::clone(&morning);
    let wake = Wake::default();
    let billing = Billing::new(
        Arc::clone(&store),
        Arc::clone(&clock),
        Arc::new(Silent),
        wake.clone(),
        payment::Options::default(),
    );
    let route = Arc::new(HandsetRoute::default());
    let catalogue = Arc::new(Catalogue::of(Arc::clone(&store), &edition));
    let world = World {
        schemes,
        billing: Arc::new(billing),
        catalogue: Arc::clone(&catalogue),
        calls: DeclaredCalls::new(declared::Options::default()),
        sms: Sms::new(
            Arc::clone(&store),
            Routes::one(route),
            Arc::clone(&clock),
            "",
        ),
        chance: Arc::new(SystemChance),
        store,
        clock,
        wake,
        prompter: None,
    };
    let effects = Effects::new(world, Options::default());
    (effects, catalogue, morning)
}

/// Asha's question about her cover, in her first turn.
fn question() -> Effect {
    let member = MemberNumber::parse("070707081").unwrap();
    Effect::Call {
        operation: Operation::SchemeCover,
        late: true,
        arguments: vec![Value::Member(member)],
    }
}

fn asked<'a>(
    menus: &'a MenusName,
    phone: &'a Msisdn,
    effect: &'a Effect,
    state: &'a State,
) -> Asked<'a> {
    Asked {
        key: EffectKey {
            dialogue: DialogueId(7),
            turn: 1,
            ask: 0,
        },
        phone,
        gateway: "africastalking",
        menus,
        effect,
        state,
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_at_the_deadline_is_told_that_the_call_runs_already() {
    let (effects, catalogue) = effects();
    let edition = catalogue.current();
    let menus = edition.name_of(edition.first());
    let phone = Msisdn::parse("+255700000001").unwrap();
    let (effect, state) = (question(), State::new(Language::SWAHILI));
    let asked = asked(&menus, &phone, &effect, &state);
    let first = effects.ask(&asked, Instant::now() + Duration::from_secs(3));
    let twin = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        effects.ask(&asked, Instant::now()).await
    };
    let (first, twin) = tokio::join!(first, twin);
    assert_eq!(first, bare(OutcomeName::Slow));
    assert_eq!(twin, bare(OutcomeName::Slow));
}

#[tokio::test]
async fn an_effect_that_ended_otherwise_than_was_shown_is_still_owed() {
    let (effects, catalogue) = effects();
    let edition = catalogue.current();
    let menus = edition.name_of(edition.first());
    let phone = Msisdn::parse("+255700000001").unwrap();
    let (effect, state) = (question(), State::new(Language::SWAHILI));
    let asked = asked(&menus, &phone, &effect, &state);
    let now = effects.world.clock.now();
    let store = &effects.world.store;
    let ended = bare(OutcomeName::Nobody);
    let mut transaction = store.write().await.unwrap();
    let intent = asked.intent(now, now + TimeDelta::hours(1));
    transaction.effects().intend(&intent).await.unwrap();
    let job = NewJob {
        kind: JobKind::FinishEffect,
        subject: asked.key.to_string(),
        route: "scheme".to_owned(),
        run_at: now,
        not_after: now + TimeDelta::hours(1),
        priority: Priority::Urgent,
    };
    transaction.jobs().add(&job).await.unwrap();
    let outcome = codec::encode(&ended);
    transaction
        .effects()
        .finish(asked.key, &outcome, now)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    for (shown, owed) in [(bare(OutcomeName::Down), 1), (ended, 0)] {
        effects.told(&[(asked.key, Some(shown))]).await;
        let open = store.read().await.unwrap().jobs().open().await.unwrap();
        assert_eq!(open, owed);
    }
}
