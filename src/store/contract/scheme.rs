use super::{
    retention::delete,
    world::{ASHA, NEEMA, at, key, member, phone},
};
use crate::{
    model::EffectKey,
    store::{ComplaintState, Done, Kept, KnownCover, NewComplaint, Store},
};

pub(crate) fn known(cover: &[u8], seen: i64) -> KnownCover {
    KnownCover {
        cover: cover.to_vec(),
        seen_at: at(seen),
    }
}

pub(crate) fn complaint(effect: EffectKey) -> NewComplaint {
    NewComplaint {
        effect,
        scheme: "dodoma".to_owned(),
        phone: phone(1),
        member: Some(member(ASHA)),
        text: "Dawa hakuna".to_owned(),
        made_at: at(0),
    }
}

pub(crate) async fn what_is_known_of_a_cover_is_what_its_scheme_said_last(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut said = tx.said();
    let asha = member(ASHA);
    for (scheme, cover) in [("dodoma", known(b"one", 1)), ("moshi", known(b"two", 2))] {
        said.know_cover(scheme, asha, &cover).await.unwrap();
    }
    said.know_cover("dodoma", asha, &known(b"three", 3))
        .await
        .unwrap();
    for (scheme, of, expected) in [
        ("dodoma", ASHA, Some(known(b"three", 3))),
        ("moshi", ASHA, Some(known(b"two", 2))),
        ("dodoma", NEEMA, None),
        ("mosh", ASHA, None),
    ] {
        let found = said.known_cover(scheme, member(of)).await.unwrap();
        assert_eq!(found, expected, "{scheme} {of}");
    }
}

pub(crate) async fn a_cursor_is_where_it_was_moved_to(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut said = tx.said();
    assert_eq!(said.cursor("dodoma").await.unwrap(), None);
    for position in ["1", "2"] {
        said.read_to("dodoma", position, at(0)).await.unwrap();
    }
    let position = said.cursor("dodoma").await.unwrap();
    assert_eq!(position.as_deref(), Some("2"));
    assert_eq!(said.cursor("moshi").await.unwrap(), None);
}

pub(crate) async fn what_has_changed_is_noted_once(store: &dyn Store) {
    let mut noted = Vec::new();
    for (scheme, event) in [("dodoma", "e1"), ("dodoma", "e1"), ("moshi", "e1")] {
        let mut tx = store.write().await.unwrap();
        noted.push(tx.said().note_event(scheme, event, at(0)).await.unwrap());
        tx.commit().await.unwrap();
    }
    assert_eq!(noted, [true, false, true]);
}

pub(crate) async fn a_complaint_is_kept_once_and_says_where_it_is(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut complaints = tx.complaints();
    let first = complaints.make(&complaint(key(1))).await.unwrap();
    assert_eq!(complaints.make(&complaint(key(1))).await.unwrap(), first);
    let mut other = complaint(key(2));
    other.member = None;
    let second = complaints.make(&other).await.unwrap();
    assert_ne!(first, second);
    let filed = ComplaintState::Filed("GRS12".to_owned());
    complaints.settle(first, &filed).await.unwrap();
    let newest = complaints.newest(9).await.unwrap();
    let numbers: Vec<i64> = newest.iter().map(|complaint| complaint.number).collect();
    assert_eq!(numbers, [second, first]);
    assert_eq!(newest[0].state, ComplaintState::New);
    let found = complaints.get(first).await.unwrap().unwrap();
    assert_eq!(found.state, filed);
    assert_eq!(
        format!("{:?}", found.made),
        format!("{:?}", complaint(key(1)))
    );
    assert!(complaints.get(second + 1).await.unwrap().is_none());
}

pub(crate) async fn a_mark_says_when_something_was_last_done(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let mut marks = tx.marks();
    assert_eq!(marks.last(Done::Backup).await.unwrap(), None);
    for second in [1, 2] {
        marks.mark(Done::Backup, at(second)).await.unwrap();
    }
    assert_eq!(marks.last(Done::Backup).await.unwrap(), Some(at(2)));
}

pub(crate) async fn what_schemes_said_goes_by_its_age(store: &dyn Store) {
    let mut tx = store.write().await.unwrap();
    let cover = known(b"one", 0);
    tx.said()
        .know_cover("dodoma", member(ASHA), &cover)
        .await
        .unwrap();
    tx.said().note_event("dodoma", "e1", at(0)).await.unwrap();
    tx.complaints().make(&complaint(key(1))).await.unwrap();
    tx.commit().await.unwrap();
    for kept in [Kept::KnownCovers, Kept::SchemeEvents, Kept::Complaints] {
        assert_eq!(delete(store, kept, 0).await, 0, "{kept:?}");
        assert_eq!(delete(store, kept, 1).await, 1, "{kept:?}");
    }
}
