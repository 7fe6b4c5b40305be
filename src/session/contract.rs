//! What every implementation of [`Sessions`] must do. Each function is one behaviour.

use std::{sync::Arc, time::Duration};

use super::{AliasKey, Committed, LimitKey, LineKey, Sessions, Versioned};
use crate::model::Rate;

const TTL: Duration = Duration::from_mins(1);
const KEY: LineKey = LineKey(*b"0123456789abcdef");
const ALIAS: AliasKey = AliasKey(*b"0123456789abcdef");

/// The whole suite, each behaviour on sessions that are empty.
pub(crate) async fn every_behaviour(empty: &dyn Fn() -> Arc<dyn Sessions>) {
    commits_form_one_chain(&*empty()).await;
    one_of_many_wins(empty()).await;
    a_line_lives_for_its_ttl(&*empty()).await;
    an_alias_lives_for_its_ttl_from_its_last_use(&*empty()).await;
    an_alias_is_replaced_by_the_next(&*empty()).await;
    a_rate_lets_so_many_through(&*empty()).await;
    one_comes_back_after_its_share_of_the_time(&*empty()).await;
    of_many_at_once_as_many_as_may_are_let_through(empty()).await;
}

fn won(committed: Committed) -> u64 {
    match committed {
        Committed::Won(version) => version,
        Committed::Lost(stands) => panic!("lost to {stands:?}"),
    }
}

/// A commit replaces the version it names and no other, and the loser gets the line as it stands.
async fn commits_form_one_chain(sessions: &dyn Sessions) {
    assert_eq!(sessions.load(KEY).await.unwrap(), None);
    let nowhere = sessions
        .commit(KEY, Some(7), b"x".to_vec(), TTL)
        .await
        .unwrap();
    assert_eq!(nowhere, Committed::Lost(None));
    let first = won(sessions
        .commit(KEY, None, b"one".to_vec(), TTL)
        .await
        .unwrap());
    let second = won(sessions
        .commit(KEY, Some(first), b"two".to_vec(), TTL)
        .await
        .unwrap());
    assert_ne!(first, second);
    let stands = Some(Versioned {
        version: second,
        bytes: b"two".to_vec(),
    });
    for stale in [None, Some(first)] {
        let late = sessions
            .commit(KEY, stale, b"late".to_vec(), TTL)
            .await
            .unwrap();
        assert_eq!(late, Committed::Lost(stands.clone()));
    }
    assert_eq!(sessions.load(KEY).await.unwrap(), stands);
}

/// Of many commits from one version at once, exactly one wins.
async fn one_of_many_wins(sessions: Arc<dyn Sessions>) {
    let first = won(sessions.commit(KEY, None, vec![0], TTL).await.unwrap());
    let rivals: Vec<_> = (1..=16_u8)
        .map(|rival| {
            let sessions = Arc::clone(&sessions);
            tokio::spawn(async move {
                sessions
                    .commit(KEY, Some(first), vec![rival], TTL)
                    .await
                    .unwrap()
            })
        })
        .collect();
    let mut winners = 0;
    for rival in rivals {
        winners += usize::from(matches!(rival.await.unwrap(), Committed::Won(_)));
    }
    assert_eq!(winners, 1);
}

/// A line is there for its time to live after its last commit, and then gone.
async fn a_line_lives_for_its_ttl(sessions: &dyn Sessions) {
    let ttl = Duration::from_millis(300);
    let first = won(sessions.commit(KEY, None, vec![1], ttl).await.unwrap());
    tokio::time::sleep(ttl / 2).await;
    won(sessions
        .commit(KEY, Some(first), vec![2], ttl * 4)
        .await
        .unwrap());
    tokio::time::sleep(ttl).await;
    assert!(sessions.load(KEY).await.unwrap().is_some());
    tokio::time::sleep(ttl * 4).await;
    assert_eq!(sessions.load(KEY).await.unwrap(), None);
}

/// An alias is there for its time to live after it was written or read, and then gone.
async fn an_alias_lives_for_its_ttl_from_its_last_use(sessions: &dyn Sessions) {
    let ttl = Duration::from_millis(600);
    assert_eq!(sessions.remembered(ALIAS, ttl).await.unwrap(), None);
    sessions.remember(ALIAS, vec![1], ttl).await.unwrap();
    for _ in 0..3 {
        tokio::time::sleep(ttl / 2).await;
        let stands = sessions.remembered(ALIAS, ttl).await.unwrap();
        assert_eq!(stands, Some(vec![1]));
    }
    tokio::time::sleep(ttl * 2).await;
    assert_eq!(sessions.remembered(ALIAS, ttl).await.unwrap(), None);
}

/// A session id that is used again means its newest caller. It is no line, though its key may have
/// the bytes of one.
async fn an_alias_is_replaced_by_the_next(sessions: &dyn Sessions) {
    for caller in [1, 2] {
        sessions.remember(ALIAS, vec![caller], TTL).await.unwrap();
    }
    let stands = sessions.remembered(ALIAS, TTL).await.unwrap();
    assert_eq!(stands, Some(vec![2]));
    assert_eq!(sessions.load(KEY).await.unwrap(), None);
}

const LIMIT: LimitKey = LimitKey(*b"fedcba9876543210");

/// As many as the rate says are let through, then none; another key is counted apart.
async fn a_rate_lets_so_many_through(sessions: &dyn Sessions) {
    let rate = Rate::of(3, 3600);
    for number in 0..6 {
        assert_eq!(sessions.allow(LIMIT, rate).await.unwrap(), number < 3);
    }
    assert!(sessions.allow(LimitKey([9; 16]), rate).await.unwrap());
}

/// One that was used comes back after its share of the time, and one that was refused used none.
async fn one_comes_back_after_its_share_of_the_time(sessions: &dyn Sessions) {
    let rate = Rate::of(2, 4);
    while sessions.allow(LIMIT, rate).await.unwrap() {}
    for _ in 0..20 {
        sessions.allow(LIMIT, rate).await.unwrap();
    }
    tokio::time::sleep(rate.each() + Duration::from_millis(100)).await;
    assert!(sessions.allow(LIMIT, rate).await.unwrap());
}

/// However many ask at once, no more are let through than may.
async fn of_many_at_once_as_many_as_may_are_let_through(sessions: Arc<dyn Sessions>) {
    let asked: Vec<_> = (0..40)
        .map(|_| {
            let sessions = Arc::clone(&sessions);
            tokio::spawn(async move { sessions.allow(LIMIT, Rate::of(10, 3600)).await.unwrap() })
        })
        .collect();
    let mut through = 0;
    for asked in asked {
        through += usize::from(asked.await.unwrap());
    }
    assert_eq!(through, 10);
}
