use std::{sync::Arc, time::Duration};

use nyota::{
    model::SystemClock,
    scheme::{
        Scheme as _, SchemeError,
        openimis::{LocalBudget, OpenImis, Options},
    },
};

use super::{JOSEPH, RELEASES, client, client_with, member, options, today};
use crate::support::openimis::{Fault, Release, StandIn};

#[tokio::test]
async fn whatever_comes_instead_of_an_answer_is_an_outage_and_no_cover() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client(&server);
        openimis.cover(member(JOSEPH), today()).await.unwrap();
        for fault in [
            Fault::Status(500),
            Fault::Status(502),
            Fault::Html,
            Fault::Garbage(""),
            Fault::Garbage("null"),
            Fault::Garbage("{\"data\":{\"insurees\":null}}"),
            Fault::Garbage(
                "{\"data\":{\"insurees\":{\"edges\":[{\"node\":{\"chfId\":\"100000001\"}}]}}}",
            ),
            Fault::Garbage(
                "{\"data\":{\"insurees\":{\"edges\":[{\"node\":{\"chfId\":70707070}}]}}}",
            ),
            Fault::Huge,
            Fault::LostAnswer,
        ] {
            server.fault(0, fault.clone());
            let failed = openimis.cover(member(JOSEPH), today()).await;
            assert!(
                matches!(failed, Err(SchemeError::Unavailable { .. })),
                "{fault:?}: {failed:?}"
            );
        }
        assert!(
            openimis
                .cover(member(JOSEPH), today())
                .await
                .unwrap()
                .is_some()
        );
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_an_outage_after_a_while() {
    let server = StandIn::start(Release::V26_04).await;
    server.always(Fault::Hang);
    let openimis = client_with(Options {
        timeout: Duration::from_millis(50),
        ..options(&server)
    });
    let failed = openimis.cover(member(JOSEPH), today()).await;
    assert!(
        matches!(failed, Err(SchemeError::Unavailable { .. })),
        "{failed:?}"
    );
}

#[tokio::test]
async fn who_is_told_that_it_asks_too_often_asks_no_more_for_as_long_as_it_is_told() {
    let server = StandIn::start(Release::V24_10).await;
    let openimis = client(&server);
    openimis.cover(member(JOSEPH), today()).await.unwrap();
    server.fault(0, Fault::TooMany(Some(40)));
    let before = server.asked().len();
    for _ in 0..5 {
        let busy = openimis.cover(member(JOSEPH), today()).await.unwrap_err();
        let SchemeError::Busy { after, .. } = busy else {
            panic!("{busy}");
        };
        assert!(after <= Duration::from_secs(40) && after > Duration::from_secs(20));
    }
    assert_eq!(server.asked().len() - before, 1);
}

#[tokio::test]
async fn a_budget_that_is_used_up_is_no_outage() {
    let server = StandIn::start(Release::V24_10).await;
    let budget = Arc::new(LocalBudget::a_minute(20));
    let openimis = OpenImis::new(options(&server), Arc::new(SystemClock), budget).unwrap();
    // The login is three of them.
    for _ in 0..2 {
        openimis.cover(member(JOSEPH), today()).await.unwrap();
    }
    let busy = openimis.cover(member(JOSEPH), today()).await;
    assert!(matches!(busy, Err(SchemeError::Busy { .. })), "{busy:?}");
    assert_eq!(server.asked().len(), 5);
    assert_eq!(openimis.requests(), 5);
}

#[tokio::test]
async fn where_nobody_listens_it_says_so() {
    let server = StandIn::start(Release::V24_10).await;
    let options = Options {
        address: "http://127.0.0.1:1/api".to_owned(),
        ..options(&server)
    };
    let openimis = client_with(options.clone());
    let failed = openimis.cover(member(JOSEPH), today()).await;
    assert!(
        matches!(failed, Err(SchemeError::Unavailable { .. })),
        "{failed:?}"
    );
    for address in [
        "",
        "imis.example.org",
        "ftp://imis.example.org/api",
        "http://",
    ] {
        let wrong = Options {
            address: address.to_owned(),
            ..options.clone()
        };
        let budget = Arc::new(LocalBudget::a_minute(5));
        assert!(
            OpenImis::new(wrong, Arc::new(SystemClock), budget).is_err(),
            "{address}"
        );
    }
}
