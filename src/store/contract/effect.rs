use futures_util::future::join_all;

use super::world::{at, intent, key, phone};
use crate::store::{Intended, Promised, Store, StoreError, Transaction};

async fn intended<'s>(store: &'s dyn Store, turns: &[u32]) -> Box<dyn Transaction + 's> {
    let mut tx = store.write().await.unwrap();
    for turn in turns {
        tx.effects().intend(&intent(*turn)).await.unwrap();
    }
    tx
}

pub(crate) async fn of_two_intents_with_one_key_one_is_ours(store: &dyn Store) {
    let rivals = (0..8).map(|_| async {
        let mut tx = store.write().await.unwrap();
        let intended = tx.effects().intend(&intent(0)).await.unwrap();
        tx.commit().await.unwrap();
        intended
    });
    let ours = join_all(rivals)
        .await
        .into_iter()
        .filter(|intended| matches!(intended, Intended::Ours))
        .count();
    assert_eq!(ours, 1);
}

pub(crate) async fn an_effect_reads_as_it_was_intended(store: &dyn Store) {
    let mut tx = intended(store, &[0]).await;
    let mut nobody = intent(1);
    nobody.about = None;
    tx.effects().intend(&nobody).await.unwrap();
    let mut other = intent(0);
    other.effect = vec![9];
    let Intended::Theirs(theirs) = tx.effects().intend(&other).await.unwrap() else {
        panic!("one key was written twice");
    };
    let stored = tx.effects().get(key(0)).await.unwrap().unwrap();
    for stored in [*theirs, stored] {
        assert_eq!(format!("{:?}", stored.intent), format!("{:?}", intent(0)));
        assert_eq!(stored.intent.phone, phone(1));
        assert_eq!((stored.promised, stored.outcome), (false, None));
    }
    let nobody = tx.effects().get(key(1)).await.unwrap().unwrap();
    assert_eq!(nobody.intent.about, None);
    assert!(tx.effects().get(key(2)).await.unwrap().is_none());
}

pub(crate) async fn of_two_outcomes_the_first_stands(store: &dyn Store) {
    let mut tx = intended(store, &[0]).await;
    for outcome in [b"first".as_slice(), b"second"] {
        let stands = tx.effects().finish(key(0), outcome, at(5)).await.unwrap();
        assert_eq!(
            stands.unwrap().outcome.as_deref(),
            Some(b"first".as_slice())
        );
    }
    let nowhere = tx.effects().finish(key(1), b"x", at(5)).await.unwrap();
    assert!(nowhere.is_none());
}

pub(crate) async fn a_promise_after_the_end_gives_the_outcome(store: &dyn Store) {
    let mut tx = intended(store, &[0]).await;
    tx.effects().finish(key(0), b"found", at(5)).await.unwrap();
    let promised = tx.effects().promise(key(0), at(6)).await.unwrap();
    assert!(matches!(promised, Promised::Ended(outcome) if outcome == b"found"));
    let stored = tx.effects().get(key(0)).await.unwrap().unwrap();
    assert!(!stored.promised);
}

pub(crate) async fn a_promise_before_the_end_is_seen_by_who_ends_it(store: &dyn Store) {
    let mut tx = intended(store, &[0]).await;
    for _ in 0..2 {
        let promised = tx.effects().promise(key(0), at(4)).await.unwrap();
        assert!(matches!(promised, Promised::Yes));
    }
    let ended = tx.effects().finish(key(0), b"found", at(5)).await.unwrap();
    assert!(ended.unwrap().promised);
}

pub(crate) async fn an_effect_that_is_not_there_is_not_changed(store: &dyn Store) {
    let mut tx = intended(store, &[]).await;
    let mut effects = tx.effects();
    let errors = [
        effects.promise(key(0), at(0)).await.err(),
        effects.keep_answer(key(0), b"state", at(0)).await.err(),
        effects.wrong_try(key(0)).await.err(),
    ];
    for error in errors {
        assert!(
            matches!(error, Some(StoreError::Unreadable { .. })),
            "{error:?}"
        );
    }
}

pub(crate) async fn the_newest_answer_that_is_kept_and_unopened_waits(store: &dyn Store) {
    let mut tx = intended(store, &[0, 1, 2]).await;
    let mut effects = tx.effects();
    assert!(
        effects
            .waiting(&phone(1), "chf", at(0))
            .await
            .unwrap()
            .is_none()
    );
    // Kept in another order than asked.
    for (turn, state) in [(1, b"state 1"), (0, b"state 0")] {
        effects
            .keep_answer(key(turn), state, at(100))
            .await
            .unwrap();
    }
    let answer = effects
        .waiting(&phone(1), "chf", at(50))
        .await
        .unwrap()
        .unwrap();
    assert_eq!((answer.key, answer.state), (key(1), b"state 1".to_vec()));
    assert_eq!(
        (answer.about, answer.menus),
        (intent(1).about, intent(1).menus)
    );
    effects.open(key(1), at(51)).await.unwrap();
    let answer = effects
        .waiting(&phone(1), "chf", at(52))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(answer.key, key(0));
    // The answer belongs to the set that it was asked in.
    let elsewhere = effects.waiting(&phone(1), "staff", at(52)).await;
    assert!(elsewhere.unwrap().is_none());
    assert!(
        effects
            .waiting(&phone(2), "chf", at(52))
            .await
            .unwrap()
            .is_none()
    );
}

pub(crate) async fn an_answer_waits_until_its_time_or_until_it_is_opened(store: &dyn Store) {
    let mut tx = intended(store, &[0]).await;
    let mut effects = tx.effects();
    effects.keep_answer(key(0), b"s", at(100)).await.unwrap();
    assert!(
        effects
            .waiting(&phone(1), "chf", at(99))
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        effects
            .waiting(&phone(1), "chf", at(100))
            .await
            .unwrap()
            .is_none()
    );
    effects.open(key(0), at(10)).await.unwrap();
    assert!(
        effects
            .waiting(&phone(1), "chf", at(99))
            .await
            .unwrap()
            .is_none()
    );
}

pub(crate) async fn wrong_tries_are_counted(store: &dyn Store) {
    let mut tx = intended(store, &[0, 1]).await;
    let mut effects = tx.effects();
    effects.keep_answer(key(0), b"s", at(100)).await.unwrap();
    assert_eq!(effects.wrong_try(key(0)).await.unwrap(), 1);
    assert_eq!(effects.wrong_try(key(0)).await.unwrap(), 2);
    assert_eq!(effects.wrong_try(key(1)).await.unwrap(), 1);
    let answer = effects
        .waiting(&phone(1), "chf", at(0))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(answer.wrong_tries, 2);
}
