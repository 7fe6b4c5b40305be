//! What every implementation of [`Sessions`] must do. Each function is one behaviour.

use std::{sync::Arc, time::Duration};

use super::{Committed, LineKey, Sessions, Versioned};

const TTL: Duration = Duration::from_mins(1);
const KEY: LineKey = LineKey(*b"0123456789abcdef");

fn won(committed: Committed) -> u64 {
    match committed {
        Committed::Won(version) => version,
        Committed::Lost(stands) => panic!("lost to {stands:?}"),
    }
}

/// A commit replaces the version it names and no other, and the loser gets the line as it stands.
pub(crate) async fn commits_form_one_chain(sessions: &dyn Sessions) {
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
pub(crate) async fn one_of_many_wins(sessions: Arc<dyn Sessions>) {
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
pub(crate) async fn a_line_lives_for_its_ttl(sessions: &dyn Sessions) {
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
