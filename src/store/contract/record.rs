use super::world::{at, day, phone};
use crate::{
    model::{DialogueId, Language},
    store::{JournalEntry, NewNotice, Store, Verdict},
};

pub(crate) async fn a_notice_is_kept_byte_for_byte(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for (number, verdict) in [
        Verdict::Taken,
        Verdict::Repeated,
        Verdict::Refused,
        Verdict::Unreadable,
    ]
    .into_iter()
    .enumerate()
    {
        let raw = vec![u8::try_from(number).unwrap(), 0, 255, b'\r', b'\n'];
        let notice = NewNotice {
            provider: "gepg".to_owned(),
            message: String::new(),
            raw: raw.clone(),
            hash: [3; 32],
            received_at: at(0),
            verdict,
            note: "why".to_owned(),
        };
        let id = tx.notices().keep(&notice).await.unwrap();
        assert_eq!(tx.notices().raw(id).await.unwrap(), Some(raw));
        assert_eq!(tx.notices().raw(id + 1).await.unwrap(), None);
    }
}

pub(crate) async fn notices_without_proof_are_counted_by_the_day(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    for (provider, on, verdict, number) in [
        ("gepg", "2026-03-02", Verdict::Refused, 1),
        ("gepg", "2026-03-02", Verdict::Unreadable, 2),
        ("gepg", "2026-03-02", Verdict::Refused, 3),
        ("gepg", "2026-03-03", Verdict::Refused, 1),
        ("other", "2026-03-02", Verdict::Refused, 1),
    ] {
        let counted = tx
            .notices()
            .count_unproved(provider, day(on), verdict)
            .await
            .unwrap();
        assert_eq!(counted, number, "{provider} {on} {verdict:?}");
    }
}

pub(crate) async fn the_journal_counts_its_turns(store: &dyn Store) {
    let entry = |turn| JournalEntry {
        at: at(0),
        gateway: "africastalking".to_owned(),
        phone: phone(1),
        dialogue: DialogueId(5),
        turn,
        event: "input",
        screen: "chf.cover".to_owned(),
        language: Language::SWAHILI,
        units: 120,
        asks: 1,
        last: turn == 2,
        took_micros: u64::MAX,
    };
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.journal().turns().await.unwrap(), 0);
    let entries: Vec<_> = (0..3).map(entry).collect();
    tx.journal().append(&entries).await.unwrap();
    tx.journal().append(&[]).await.unwrap();
    assert_eq!(tx.journal().turns().await.unwrap(), 3);
}
