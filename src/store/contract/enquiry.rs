use futures_util::future::join_all;

use super::world::{day, phone};
use crate::store::{Store, Transaction};

async fn ask(tx: &mut dyn Transaction, on: &str, subject: &str, limit: u32) -> bool {
    tx.enquiries()
        .ask(&phone(1), day(on), subject, limit)
        .await
        .unwrap()
}

pub(crate) async fn the_limit_of_enquiries_is_exact(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for number in 0..12 {
        let may = ask(&mut *tx, "2026-03-02", &number.to_string(), 10).await;
        assert_eq!(may, number < 10, "{number}");
    }
    assert!(!ask(&mut *tx, "2026-03-02", "other", 0).await);
}

pub(crate) async fn asking_again_on_the_day_is_free(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for subject in ["a", "a", "b", "a"] {
        assert!(ask(&mut *tx, "2026-03-02", subject, 2).await, "{subject}");
    }
    assert!(!ask(&mut *tx, "2026-03-02", "c", 2).await);
    assert!(ask(&mut *tx, "2026-03-02", "b", 2).await);
}

pub(crate) async fn a_refusal_notes_nothing(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    assert!(ask(&mut *tx, "2026-03-02", "a", 1).await);
    assert!(!ask(&mut *tx, "2026-03-02", "b", 1).await);
    assert!(!ask(&mut *tx, "2026-03-02", "b", 1).await);
    assert!(ask(&mut *tx, "2026-03-02", "c", 2).await);
}

pub(crate) async fn another_day_and_another_phone_begin_anew(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    assert!(ask(&mut *tx, "2026-03-02", "a", 1).await);
    assert!(!ask(&mut *tx, "2026-03-02", "b", 1).await);
    let other_phone = tx
        .enquiries()
        .ask(&phone(2), day("2026-03-02"), "b", 1)
        .await;
    assert!(other_phone.unwrap());
    assert!(ask(&mut *tx, "2026-03-03", "b", 1).await);
    assert!(!ask(&mut *tx, "2026-03-03", "a", 1).await);
}

pub(crate) async fn the_limit_holds_when_all_ask_at_once(store: &dyn Store) {
    let askers = (0..15).map(|number: i32| async move {
        let mut tx = store.write().await.unwrap();
        let may = ask(&mut *tx, "2026-03-02", &number.to_string(), 10).await;
        tx.commit().await.unwrap();
        may
    });
    let allowed = join_all(askers)
        .await
        .into_iter()
        .filter(|may| *may)
        .count();
    assert_eq!(allowed, 10);
}
