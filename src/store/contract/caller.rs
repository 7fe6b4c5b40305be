use super::world::{at, phone};
use crate::{model::Language, store::Store};

pub(crate) async fn a_language_is_remembered_and_changed(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.callers().language(&phone(1)).await.unwrap(), None);
    let nepali = Language::parse("ne-Latn").unwrap();
    for language in [Language::SWAHILI, nepali] {
        tx.callers()
            .remember_language(&phone(1), language, at(0))
            .await
            .unwrap();
        let kept = tx.callers().language(&phone(1)).await.unwrap();
        assert_eq!(kept, Some(language));
    }
    assert_eq!(tx.callers().language(&phone(2)).await.unwrap(), None);
}
