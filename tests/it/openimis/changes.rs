use std::collections::BTreeMap;

use nyota::scheme::{
    Change, ChangeKind, Cursor, Scheme as _,
    openimis::{OpenImis, Options},
};

use super::{JOSEPH, RELEASES, client_with, day, member, options, phone, premium, today};
use crate::support::openimis::{Release, StandIn, state::Policy};

/// A whole sweep, page by page.
async fn sweep(openimis: &OpenImis, cursor: &mut Option<Cursor>, on: &str) -> Vec<Change> {
    let mut events = Vec::new();
    loop {
        let changes = openimis
            .changes_since(cursor.as_ref(), day(on))
            .await
            .unwrap();
        events.extend(changes.events);
        *cursor = changes.next;
        if !changes.more {
            return events;
        }
    }
}

fn follower(server: &StandIn) -> OpenImis {
    client_with(Options {
        pages_a_minute: 10_000,
        ..options(server)
    })
}

fn keys(events: &[Change]) -> Vec<ChangeKind> {
    events.iter().map(|event| event.kind).collect()
}

#[tokio::test]
async fn a_renewal_is_an_event_with_one_key_however_often_it_is_read() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        server.state(|state| state.insurees[0].phone = "0712 345 678".to_owned());
        let openimis = follower(&server);
        let mut cursor = None;
        // What an old scheme holds is no news.
        assert_eq!(sweep(&openimis, &mut cursor, "2026-11-21").await, []);
        openimis
            .record_payment(&premium("991", 10_000))
            .await
            .unwrap();
        let events = sweep(&openimis, &mut cursor, "2026-11-21").await;
        let [event] = events.as_slice() else {
            panic!("{events:?}");
        };
        assert_eq!(
            (event.kind, event.member, &event.phone),
            (
                ChangeKind::Renewed,
                member(JOSEPH),
                &Some(phone("+255712345678"))
            )
        );
        assert_eq!(
            (event.from, event.to, event.product.as_str()),
            (today(), day("2027-11-20"), "BCUL0001")
        );
        let again = sweep(&openimis, &mut cursor, "2026-11-22").await;
        assert_eq!(again, events);
        // Some days are read again, so that what is entered late is seen; not for ever.
        sweep(&openimis, &mut cursor, "2026-12-24").await;
        assert_eq!(sweep(&openimis, &mut cursor, "2026-12-25").await, []);
    }
}

#[tokio::test]
async fn a_cover_that_ends_is_told_before_and_after_unless_it_was_renewed() {
    let server = StandIn::start(Release::V26_04).await;
    server.state(|state| {
        state.policies[0].expiry = day("2026-12-01");
        state.policies[1].expiry = day("2026-12-01");
    });
    let openimis = follower(&server);
    let mut cursor = None;
    let before = sweep(&openimis, &mut cursor, "2026-11-21").await;
    assert_eq!(keys(&before), [ChangeKind::Expiring; 2]);
    openimis
        .record_payment(&premium("991", 10_000))
        .await
        .unwrap();
    let now = sweep(&openimis, &mut cursor, "2026-11-21").await;
    // Joseph's family has renewed; its new policy begins later.
    assert_eq!(keys(&now), [ChangeKind::Expiring]);
    let after = sweep(&openimis, &mut cursor, "2026-12-02").await;
    assert_eq!(keys(&after), [ChangeKind::Renewed, ChangeKind::Expired]);
    assert_eq!(after[1].member, member("100000001"));
}

#[tokio::test]
async fn many_are_read_page_by_page_each_once_also_by_one_who_begins_again_in_the_middle() {
    let server = StandIn::start(Release::V24_10).await;
    server.state(|state| {
        let model = state.policies[0].clone();
        state.policies.extend((0..250).map(|number| Policy {
            id: 1_000 + number,
            uuid: format!("20000000-0000-0000-0000-{number:012}"),
            status: 1,
            enrolled: today(),
            start: today(),
            effective: None,
            expiry: day("2027-11-20"),
            ..model.clone()
        }));
    });
    let openimis = follower(&server);
    let (mut cursor, mut pages) = (None, 0);
    let mut seen = BTreeMap::new();
    loop {
        // Each page by another client: nothing is kept in one.
        let changes = follower(&server)
            .changes_since(cursor.as_ref(), today())
            .await
            .unwrap();
        for event in changes.events {
            *seen.entry(event.key).or_insert(0) += 1;
        }
        (cursor, pages) = (changes.next, pages + 1);
        assert!(cursor.as_ref().unwrap().0.len() < 1_000);
        if !changes.more {
            break;
        }
    }
    assert_eq!((seen.len(), pages), (250, 6));
    assert!(seen.values().all(|times| *times == 1));
    assert_eq!(sweep(&openimis, &mut cursor, "2026-11-21").await.len(), 250);
}
