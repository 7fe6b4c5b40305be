use super::world::{at, incoming, phone};
use crate::store::{NewIncoming, Store, TheirId, Transaction};

async fn keep(tx: &mut dyn Transaction, came: &NewIncoming) -> Option<i64> {
    tx.incoming().keep(came).await.unwrap()
}

pub(crate) async fn an_sms_that_came_reads_as_it_was_kept(store: &dyn Store) {
    let whole = NewIncoming {
        text: "Habari \0 😀\n".to_owned(),
        sent_at: Some(at(-5)),
        ..incoming(Some("18446744073709551615"))
    };
    let bare = NewIncoming {
        text: String::new(),
        received_at: at(1),
        ..incoming(None)
    };
    let mut tx = store.write().await.unwrap();
    let ids = [
        keep(&mut *tx, &whole).await.unwrap(),
        keep(&mut *tx, &bare).await.unwrap(),
    ];
    tx.commit().await.unwrap();
    let mut tx = store.read().await.unwrap();
    let next = tx.incoming().next(9).await.unwrap();
    let read: Vec<_> = next.into_iter().map(|next| (next.id, next.came)).collect();
    assert_eq!(read, [(ids[0], whole), (ids[1], bare)]);
}

pub(crate) async fn an_sms_is_kept_once_for_its_account_and_id(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let first = incoming(Some("1"));
    let id = keep(&mut *tx, &first).await.unwrap();
    let again = NewIncoming {
        text: "other words".to_owned(),
        received_at: at(86_400),
        ..first.clone()
    };
    assert_eq!(keep(&mut *tx, &again).await, None);
    assert!(tx.incoming().done(id).await.unwrap());
    assert_eq!(keep(&mut *tx, &again).await, None);
    let elsewhere = NewIncoming {
        account: "ipx".to_owned(),
        ..first.clone()
    };
    assert!(keep(&mut *tx, &elsewhere).await.is_some());
    // The same words under another id were sent twice.
    assert!(keep(&mut *tx, &incoming(Some("2"))).await.is_some());
}

pub(crate) async fn an_sms_without_id_is_the_same_for_ten_minutes(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let first = incoming(None);
    keep(&mut *tx, &incoming(Some("1"))).await;
    let later = |seconds| NewIncoming {
        received_at: at(seconds),
        ..first.clone()
    };
    for (seconds, is_new) in [
        (0, true),
        (0, false),
        (599, false),
        (600, true),
        (601, false),
    ] {
        let kept = keep(&mut *tx, &later(seconds)).await;
        assert_eq!(kept.is_some(), is_new, "after {seconds} s");
    }
    let mut others = vec![first.clone(); 4];
    "ipx".clone_into(&mut others[0].account);
    others[1].from = phone(2);
    "15055".clone_into(&mut others[2].to);
    "3".clone_into(&mut others[3].text);
    for other in others {
        assert!(keep(&mut *tx, &other).await.is_some(), "{other:?}");
    }
}

pub(crate) async fn new_sms_come_oldest_first_and_each_is_done_once(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut ids = Vec::new();
    for (their_id, seconds) in [("1", 5), ("2", 3), ("3", 9)] {
        let came = NewIncoming {
            received_at: at(seconds),
            ..incoming(Some(their_id))
        };
        ids.push(keep(&mut *tx, &came).await.unwrap());
    }
    let next = tx.incoming().next(2).await.unwrap();
    let order: Vec<_> = next.iter().map(|next| next.id).collect();
    assert_eq!(order, [ids[1], ids[0]]);
    assert!(tx.incoming().done(ids[1]).await.unwrap());
    assert!(!tx.incoming().done(ids[1]).await.unwrap());
    assert!(!tx.incoming().done(9_999).await.unwrap());
    let next = tx.incoming().next(9).await.unwrap();
    let order: Vec<_> = next.into_iter().map(|next| next.came.their_id).collect();
    assert_eq!(order, ["1", "3"].map(TheirId::parse));
}
