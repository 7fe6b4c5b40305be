use rand::{SeedableRng, rngs::StdRng};

use super::{
    full::fill,
    world::{keys, sealer},
};
use crate::store::{
    RowKey, SealedColumn, SealedValue, Sealer, Store, count_keys, reseal, sealed::count_keys_in,
};

/// The keys that the store was opened with, and one more that is current.
fn ring() -> Sealer {
    let mut keys = keys();
    let id = keys.add(&mut StdRng::seed_from_u64(1)).unwrap();
    keys.choose(id).unwrap();
    Sealer::new(&keys)
}

fn column(table: &str, column: &str) -> SealedColumn {
    let mut all = SealedColumn::ALL.into_iter();
    all.find(|known| known.table == table && known.column == column)
        .unwrap()
}

async fn values(store: &dyn Store, column: SealedColumn) -> Vec<SealedValue> {
    let mut tx = store.read().await.unwrap();
    tx.sealed().values(column, None, 100).await.unwrap()
}

async fn replace(store: &dyn Store, column: SealedColumn, value: &SealedValue, with: &[u8]) {
    let mut tx = store.write().await.unwrap();
    let replaced = tx.sealed().replace(column, value, with).await.unwrap();
    assert!(replaced);
    tx.commit().await.unwrap();
}

pub(crate) async fn every_sealed_column_is_full_here(store: &dyn Store) {
    fill(store).await;
    let ours = sealer();
    for column in SealedColumn::ALL {
        let counts = count_keys(store, column).await.unwrap();
        let values = values(store, column).await;
        let all = u64::try_from(values.len()).unwrap();
        assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(1, all)]);
        for value in values {
            assert!(
                ours.open(&column.domain(), &value.sealed).is_ok(),
                "{column:?}"
            );
        }
    }
}

pub(crate) async fn what_another_key_sealed_is_sealed_again(store: &dyn Store) {
    fill(store).await;
    let ring = ring();
    for column in SealedColumn::ALL {
        let before = values(store, column).await;
        let done = reseal(store, &ring, column, |_| {}).await.unwrap();
        assert_eq!(done.changed, u64::try_from(before.len()).unwrap());
        assert_eq!(done.unreadable, []);
        let counts = count_keys(store, column).await.unwrap();
        assert_eq!(counts.into_keys().collect::<Vec<_>>(), [2]);
        let domain = column.domain();
        for (old, new) in before.iter().zip(values(store, column).await) {
            assert_eq!(
                ring.open(&domain, &old.sealed),
                ring.open(&domain, &new.sealed)
            );
        }
        let again = reseal(store, &ring, column, |_| {}).await.unwrap();
        assert_eq!(again.changed, 0);
    }
}

pub(crate) async fn a_value_that_does_not_open_stops_no_other(store: &dyn Store) {
    fill(store).await;
    let text = column("messages", "text");
    let mut tx = store.write().await.unwrap();
    for key in ["k2", "k3"] {
        let message = super::world::message(key, &super::world::phone(1));
        tx.messages().queue(&message).await.unwrap();
    }
    tx.commit().await.unwrap();
    let [_, damaged, _] = &values(store, text).await[..] else {
        panic!("three messages");
    };
    replace(store, text, damaged, &[1; 40]).await;
    let done = reseal(store, &ring(), text, |_| {}).await.unwrap();
    assert_eq!(
        (done.changed, done.unreadable),
        (2, vec![damaged.row.clone()])
    );
    assert_eq!(values(store, text).await[1].sealed, [1; 40]);
    let counts = count_keys(store, text).await.unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(1, 1), (2, 2)]);
}

/// As many callers as make several batches, by a key that is bytes.
pub(crate) async fn a_reseal_goes_on_where_it_was_stopped(store: &dyn Store) {
    let phones = column("callers", "phone");
    let mut tx = store.write().await.unwrap();
    for number in 0..230 {
        let phone = format!("+255700001{number:03}");
        let phone = crate::model::Msisdn::parse(&phone).unwrap();
        let swahili = crate::model::Language::SWAHILI;
        let mut callers = tx.callers();
        let at = super::world::at(0);
        callers
            .remember_language(&phone, swahili, at)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let ring = ring();
    let mut stopped = Box::pin(reseal(store, &ring, phones, |_| {}));
    // Polled until it has done one batch.
    loop {
        _ = futures_util::poll!(&mut stopped);
        let counts = count_keys(store, phones).await.unwrap();
        if counts.contains_key(&2) {
            break;
        }
    }
    drop(stopped);
    let done = reseal(store, &ring, phones, |_| {}).await.unwrap();
    let mut tx = store.read().await.unwrap();
    let counts = count_keys_in(&mut *tx, phones).await.unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(2, 230)]);
    assert!(done.changed < 230, "the first batch was not done again");
}

pub(crate) async fn a_value_that_was_replaced_meanwhile_is_left_alone(store: &dyn Store) {
    fill(store).await;
    let text = column("messages", "text");
    let read = values(store, text).await.remove(0);
    let newer = sealer().seal("messages.text", b"newer").unwrap();
    replace(store, text, &read, &newer).await;
    let mut tx = store.write().await.unwrap();
    let late = tx.sealed().replace(text, &read, &[2; 40]).await.unwrap();
    let nobody = SealedValue {
        row: RowKey::Number(i64::MAX),
        sealed: newer.clone(),
    };
    let nowhere = tx.sealed().replace(text, &nobody, &[2; 40]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!late && !nowhere);
    assert_eq!(values(store, text).await[0].sealed, newer);
}
