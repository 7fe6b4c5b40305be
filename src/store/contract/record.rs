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

pub(crate) async fn the_journal_says_when_each_gateway_was_heard_last(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut turns = Vec::new();
    for (gateway, second) in [("beem", 1), ("beem", 7), ("africastalking", 3)] {
        turns.push(JournalEntry {
            at: at(second),
            gateway: gateway.to_owned(),
            phone: phone(1),
            dialogue: DialogueId(5),
            turn: 0,
            event: "input",
            input: None,
            set: "chf".to_owned(),
            screen: "chf.cover".to_owned(),
            language: Language::SWAHILI,
            units: 120,
            asks: 1,
            last: false,
            took_micros: 0,
        });
    }
    tx.journal().append(&turns).await.unwrap();
    let heard = tx.journal().last_heard().await.unwrap();
    let expected = [("africastalking", 3), ("beem", 7)];
    assert_eq!(
        heard,
        expected.map(|(name, second)| (name.to_owned(), at(second)))
    );
}

pub(crate) async fn the_journal_counts_its_turns(store: &dyn Store) {
    let entry = |turn| JournalEntry {
        at: at(0),
        gateway: "africastalking".to_owned(),
        phone: phone(1),
        dialogue: DialogueId(5),
        turn,
        event: "input",
        input: (turn != 1).then(|| turn.to_string()),
        set: "chf".to_owned(),
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

pub(crate) async fn the_journal_gives_a_dialogue_back_in_its_order(store: &dyn Store) {
    let entry = |dialogue, input: Option<&str>| JournalEntry {
        at: at(0),
        gateway: "africastalking".to_owned(),
        phone: phone(1),
        dialogue: DialogueId(dialogue),
        turn: 0,
        event: "input",
        input: input.map(str::to_owned),
        set: "chf".to_owned(),
        screen: "chf.cover".to_owned(),
        language: Language::SWAHILI,
        units: 120,
        asks: 1,
        last: false,
        took_micros: 0,
    };
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.journal().newest().await.unwrap(), None);
    let entries = [
        entry(5, Some("*152*00#")),
        entry(6, Some("9")),
        entry(5, None),
    ];
    tx.journal().append(&entries).await.unwrap();
    let turns = tx.journal().dialogue(DialogueId(5)).await.unwrap();
    let inputs: Vec<_> = turns.into_iter().map(|turn| turn.input).collect();
    assert_eq!(inputs, [Some("*152*00#".to_owned()), None]);
    assert_eq!(tx.journal().newest().await.unwrap(), Some(DialogueId(5)));
}

pub(crate) async fn the_journal_tells_who_is_on_which_screen(store: &dyn Store) {
    let turn = |from: u8, seconds: i64, screen: &str, last: bool| JournalEntry {
        at: at(seconds),
        gateway: "africastalking".to_owned(),
        phone: phone(from),
        dialogue: DialogueId(from.into()),
        turn: 0,
        event: "input",
        input: None,
        set: "chf".to_owned(),
        screen: screen.to_owned(),
        language: Language::SWAHILI,
        units: 120,
        asks: 0,
        last,
        took_micros: 0,
    };
    let entries = [
        turn(1, 1, "chf.main", false),
        turn(2, 1, "chf.main", false),
        turn(3, 2, "chf.main", false),
        // Over, gone on, too long ago, and told only that it is busy.
        turn(1, 3, "cover.active", true),
        turn(2, 4, "renewal.agree", false),
        turn(4, -1, "renewal.agree", false),
        turn(5, 5, "renewal.agree", false),
        turn(5, 6, "busy", true),
    ];
    let mut tx = store.write().await.unwrap();
    tx.journal().append(&entries).await.unwrap();
    let live = tx.journal().live(at(0)).await.unwrap();
    let live: Vec<_> = live
        .iter()
        .map(|live| (live.set.as_str(), live.screen.as_str(), live.lines))
        .collect();
    let expected = [("chf", "chf.main", 1), ("chf", "renewal.agree", 2)];
    assert_eq!(live, expected);
}
