use nyota::scheme::{CoverStatus, Enrolment, QuoteStatus, Scheme as _, SchemeError};

use super::{
    JAMES, JOSEPH, RELEASES, client, client_with, day, hasty, member, options, premium, shillings,
    today,
};
use crate::support::openimis::{Fault, Release, StandIn};

/// What Joseph's family has of this year, and what was paid in all.
fn written(server: &StandIn) -> (usize, usize, f64) {
    server.state(|state| {
        let new = state
            .policies
            .iter()
            .filter(|policy| policy.family == 1 && policy.stage == 'R');
        let paid = state.premiums.iter().map(|premium| premium.amount).sum();
        (new.count(), state.premiums.len(), paid)
    })
}

#[tokio::test]
async fn a_payment_renews_and_is_written_once_for_its_receipt() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client(&server);
        openimis.cover(member(JAMES), today()).await.unwrap();
        server.anew();
        let cover = openimis
            .record_payment(&premium("991", 10_000))
            .await
            .unwrap();
        assert_eq!(
            (cover.status, cover.from, cover.to),
            (CoverStatus::Active, today(), day("2027-11-20"))
        );
        println!(
            "{release:?}: a renewal is {} requests: {:?}",
            server.asked().len(),
            server.asked()
        );
        server.state(|state| {
            let policy = state.policies.last().unwrap();
            // The officer of the policy before it.
            assert_eq!((policy.stage, policy.officer, policy.status), ('R', 1, 2));
            assert_eq!(
                state.logs.last().unwrap().client_id,
                "nyota-createPremium-991-1-0"
            );
        });
        server.anew();
        let again = openimis
            .record_payment(&premium("991", 10_000))
            .await
            .unwrap();
        assert_eq!(again, cover);
        assert_eq!(server.asked(), ["insurees", "premiumsByPolicies"]);
        assert_eq!(written(&server), (1, 1, 10_000.0));
    }
}

#[tokio::test]
async fn killed_at_any_request_and_begun_again_it_writes_one_policy_and_one_premium() {
    for release in RELEASES {
        let steps = {
            let server = StandIn::start(release).await;
            let openimis = client(&server);
            openimis
                .record_payment(&premium("991", 10_000))
                .await
                .unwrap();
            server.asked().len()
        };
        // The login writes nothing.
        for step in 2..steps {
            killed_at(release, step, true).await;
            if release == Release::V26_04 {
                killed_at(release, step, false).await;
            }
        }
    }
}

/// The request is done or not, its answer is lost in any case, and so is all that follows.
async fn killed_at(release: Release, step: usize, done: bool) {
    let server = StandIn::start(release).await;
    server.die_at(step, done);
    let broken = client(&server)
        .record_payment(&premium("991", 10_000))
        .await;
    assert!(
        matches!(broken, Err(SchemeError::Unavailable { .. })),
        "{broken:?}"
    );
    server.anew();
    let cover = client(&server)
        .record_payment(&premium("991", 10_000))
        .await
        .unwrap();
    assert_eq!(cover.status, CoverStatus::Active);
    assert_eq!(
        written(&server),
        (1, 1, 10_000.0),
        "{release:?}, killed at {step}, done: {done}"
    );
}

#[tokio::test]
async fn an_answer_that_is_lost_is_found_in_the_log() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client(&server);
        openimis.cover(member(JAMES), today()).await.unwrap();
        let renewal = [
            "insurees",
            "premiumsByPolicies",
            "policyValues",
            "mutationLogs",
        ]
        .len();
        server.fault(renewal, Fault::LostAnswer);
        let cover = openimis
            .record_payment(&premium("991", 10_000))
            .await
            .unwrap();
        assert_eq!(cover.status, CoverStatus::Active);
        assert_eq!(written(&server), (1, 1, 10_000.0));
    }
}

#[tokio::test]
async fn a_mutation_that_waits_for_a_worker_is_waited_for_and_never_sent_twice() {
    let server = StandIn::start(Release::V26_04).await;
    server.done_after(1);
    let openimis = client(&server);
    openimis
        .record_payment(&premium("991", 10_000))
        .await
        .unwrap();
    assert_eq!(written(&server), (1, 1, 10_000.0));
    let server = StandIn::start(Release::V24_10).await;
    server.never_done();
    let openimis = hasty(&server);
    for _ in 0..3 {
        let pending = openimis.record_payment(&premium("991", 10_000)).await;
        assert!(
            matches!(pending, Err(SchemeError::Unavailable { .. })),
            "{pending:?}"
        );
    }
    assert_eq!(server.state(|state| state.logs.len()), 1);
}

#[tokio::test]
async fn part_payments_add_up_until_the_cover_begins() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        let openimis = client(&server);
        let part = openimis
            .record_payment(&premium("991", 4_000))
            .await
            .unwrap();
        assert_eq!(part.status, CoverStatus::Unpaid);
        let quote = openimis
            .quote(member(JOSEPH), today())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (quote.amount, quote.paid),
            (shillings(6_000), shillings(4_000))
        );
        // The period is the one that was quoted before anything was written.
        assert_eq!(
            (quote.status, quote.period.as_str()),
            (QuoteStatus::Lapsed, "after 2020-08-19")
        );
        let whole = openimis
            .record_payment(&premium("992", 6_000))
            .await
            .unwrap();
        assert_eq!(whole.status, CoverStatus::Active);
        assert_eq!(written(&server), (1, 2, 10_000.0));
    }
}

#[tokio::test]
async fn a_receipt_of_another_family_or_amount_is_refused() {
    let server = StandIn::start(Release::V26_04).await;
    let openimis = client(&server);
    openimis
        .record_payment(&premium("991", 10_000))
        .await
        .unwrap();
    let other_amount = openimis.record_payment(&premium("991", 9_000)).await;
    assert!(
        matches!(other_amount, Err(SchemeError::Refused { .. })),
        "{other_amount:?}"
    );
    let mut other_family = premium("991", 10_000);
    other_family.member = member(JAMES);
    let refused = openimis.record_payment(&other_family).await;
    assert!(
        matches!(refused, Err(SchemeError::Refused { .. })),
        "{refused:?}"
    );
    assert_eq!(server.state(|state| state.premiums.len()), 1);
}

#[tokio::test]
async fn where_the_server_lives_a_day_behind_the_day_before_is_taken() {
    let server = StandIn::start(Release::V24_10).await;
    server.state(|state| state.today = day("2026-11-20"));
    let openimis = client(&server);
    openimis
        .record_payment(&premium("991", 10_000))
        .await
        .unwrap();
    server.state(|state| {
        let policy = state.policies.last().unwrap();
        assert_eq!(
            (policy.enrolled, policy.start),
            (day("2026-11-20"), today())
        );
    });
    assert_eq!(written(&server), (1, 1, 10_000.0));
}

#[tokio::test]
async fn who_renews_before_the_end_loses_no_day() {
    let server = StandIn::start(Release::V26_04).await;
    server.state(|state| state.policies[0].expiry = day("2026-12-05"));
    let openimis = client(&server);
    let quote = openimis
        .quote(member(JOSEPH), today())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (quote.status, quote.from, quote.to),
        (QuoteStatus::Renewable, day("2026-12-06"), day("2027-12-05"))
    );
    let cover = openimis
        .record_payment(&premium("991", 10_000))
        .await
        .unwrap();
    assert_eq!(
        (cover.status, cover.to),
        (CoverStatus::Active, day("2027-12-05"))
    );
}

#[tokio::test]
async fn a_family_without_a_policy_is_enrolled_once() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        server.state(|state| state.policies.retain(|policy| policy.family != 1));
        let mut options = options(&server);
        options.products = vec!["BCUL0001".to_owned()];
        let openimis = client_with(options);
        let offered = openimis
            .quote(member(JOSEPH), today())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (offered.amount, offered.period.as_str()),
            (shillings(10_000), "first")
        );
        let enrolment = Enrolment {
            member: member(JOSEPH),
            product: "BCUL0001".to_owned(),
            today: today(),
            key: "e1".to_owned(),
        };
        let quote = openimis.enrol(&enrolment).await.unwrap();
        assert_eq!(
            (quote.status, quote.period.as_str()),
            (QuoteStatus::Unpaid, "first")
        );
        assert_eq!(openimis.enrol(&enrolment).await.unwrap(), quote);
        server.state(|state| {
            let policies: Vec<_> = state
                .policies
                .iter()
                .filter(|policy| policy.family == 1)
                .collect();
            // The officer of the settings.
            assert_eq!(
                (policies.len(), policies[0].stage, policies[0].officer),
                (1, 'N', 3)
            );
        });
        let cover = openimis
            .record_payment(&premium("991", 10_000))
            .await
            .unwrap();
        assert_eq!(cover.status, CoverStatus::Active);
    }
}
