use std::time::Duration;

use nyota::scheme::{
    Scheme as _, SchemeError,
    openimis::{Account, Options},
};

use super::{JOSEPH, RELEASES, client, client_with, member, options, today};
use crate::support::openimis::{Fault, Release, StandIn};

#[tokio::test]
async fn both_releases_let_it_in_and_are_told_apart() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client(&server);
        assert!(
            openimis
                .cover(member(JOSEPH), today())
                .await
                .unwrap()
                .is_some()
        );
        let login: &[&str] = match release {
            Release::V24_10 => &["tokenAuth", "tokenAuth", "getCsrfToken", "insurees"],
            Release::V26_04 => &["tokenAuth", "getCsrfToken", "insurees"],
        };
        assert_eq!(server.asked(), login, "{release:?}");
    }
}

#[tokio::test]
async fn however_many_ask_at_once_one_login_is_made() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client(&server);
        let asks = (0..20).map(|_| openimis.cover(member(JOSEPH), today()));
        for cover in futures_util::future::join_all(asks).await {
            assert!(cover.unwrap().is_some());
        }
        let logins = server
            .asked()
            .iter()
            .filter(|asked| *asked == "getCsrfToken")
            .count();
        assert_eq!(logins, 1, "{release:?}");
    }
}

#[tokio::test]
async fn a_session_that_is_not_accepted_any_more_is_made_anew_once() {
    for release in RELEASES {
        for (fault, requests) in [(Fault::BadToken, 2), (Fault::Unauthorized, 1)] {
            let server = StandIn::start(release).await;
            let openimis = client(&server);
            openimis.cover(member(JOSEPH), today()).await.unwrap();
            server.forget_sessions();
            let cover = openimis.cover(member(JOSEPH), today()).await.unwrap();
            assert!(cover.is_some());
            server.always(fault);
            let before = server.asked().len();
            assert!(openimis.cover(member(JOSEPH), today()).await.is_err());
            // The question, and one login that is refused as well; but a new session that is told
            // `unauthorized` lacks a right, which no login gives.
            assert_eq!(server.asked().len() - before, requests, "{release:?}");
        }
    }
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_while_the_old_one_still_serves() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        server.token_life(1);
        let openimis = client(&server);
        openimis.cover(member(JOSEPH), today()).await.unwrap();
        let renewed = async || {
            loop {
                openimis.cover(member(JOSEPH), today()).await.unwrap();
                if server.asked().iter().any(|asked| asked == "refreshToken") {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), renewed())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_so_that_the_account_is_not_locked() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let account = Account {
            user: "Admin".to_owned(),
            password: "wrong".to_owned(),
        };
        let openimis = client_with(Options {
            account,
            ..options(&server)
        });
        for _ in 0..5 {
            let refused = openimis.cover(member(JOSEPH), today()).await.unwrap_err();
            assert!(matches!(refused, SchemeError::Refused { .. }), "{refused}");
        }
        let tries = server.asked().len();
        assert_eq!(tries, if release == Release::V24_10 { 2 } else { 1 });
    }
}

#[tokio::test]
async fn a_caller_who_leaves_during_the_login_does_not_stop_it() {
    let server = StandIn::start(Release::V26_04).await;
    let openimis = client(&server);
    server.fault(0, Fault::Slow(Duration::from_millis(100)));
    let impatient = openimis.cover(member(JOSEPH), today());
    assert!(
        tokio::time::timeout(Duration::from_millis(20), impatient)
            .await
            .is_err()
    );
    assert!(
        openimis
            .cover(member(JOSEPH), today())
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(server.asked(), ["tokenAuth", "getCsrfToken", "insurees"]);
}
