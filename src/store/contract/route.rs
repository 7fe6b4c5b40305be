use futures_util::future::join_all;

use super::{
    job::subjects,
    world::{add, at, at_most, job},
};
use crate::store::{Claim, Job, JobKind, NewJob, Priority, Rate, Store};

/// Two a second, and three at once after a rest.
const RATE: Rate = Rate {
    per_second: 2,
    burst: 3,
};

fn of(route: &str, subject: &str) -> NewJob {
    NewJob {
        route: route.to_owned(),
        ..job(subject)
    }
}

fn with(subject: &str, priority: Priority) -> NewJob {
    NewJob {
        priority,
        ..job(subject)
    }
}

fn at_rate() -> Claim<'static> {
    Claim {
        rate: Some(RATE),
        ..at_most(9)
    }
}

async fn claim(store: &dyn Store, claim: Claim<'_>, seconds: i64) -> Vec<Job> {
    let mut tx = store.write().await.unwrap();
    let jobs = tx.jobs().claim(&claim, at(seconds)).await.unwrap();
    tx.commit().await.unwrap();
    jobs
}

async fn many(store: &dyn Store) {
    let jobs: Vec<_> = (0..20).map(|number| job(&number.to_string())).collect();
    add(store, &jobs).await;
}

pub(crate) async fn a_claim_takes_jobs_of_its_route_only(store: &dyn Store) {
    add(store, &[of("gepg", "b1"), of("sms:handset", "m1")]).await;
    let sms = Claim {
        route: "sms:handset",
        ..at_most(9)
    };
    let claimed = claim(store, sms, 1).await;
    assert_eq!(subjects(&claimed), ["m1"]);
    assert_eq!(claimed[0].route, "sms:handset");
    assert_eq!(subjects(&claim(store, at_most(9), 1).await), ["b1"]);
}

pub(crate) async fn urgent_jobs_have_room_beside_the_others(store: &dyn Store) {
    let mut jobs: Vec<_> = (0..6)
        .map(|number| with(&format!("n{number}"), Priority::Normal))
        .collect();
    jobs.extend((0..6).map(|number| with(&format!("l{number}"), Priority::Low)));
    jobs.extend((0..3).map(|number| with(&format!("u{number}"), Priority::Urgent)));
    add(store, &jobs).await;
    let room = |limit, not_urgent| Claim {
        limit,
        not_urgent,
        ..at_most(limit)
    };
    let claimed = claim(store, room(2, 0), 1).await;
    assert_eq!(subjects(&claimed), ["u0", "u1"]);
    let claimed = claim(store, room(5, 2), 1).await;
    assert_eq!(subjects(&claimed), ["u2", "n0", "n1"]);
    assert!(claim(store, room(5, 0), 1).await.is_empty());
    let claimed = claim(store, room(9, 6), 1).await;
    assert_eq!(subjects(&claimed), ["n2", "n3", "n4", "n5", "l0", "l1"]);
}

pub(crate) async fn a_route_at_its_rate_gives_no_more(store: &dyn Store) {
    many(store).await;
    assert_eq!(claim(store, at_rate(), 1).await.len(), 3);
    assert_eq!(claim(store, at_rate(), 1).await.len(), 0);
    assert_eq!(claim(store, at_rate(), 2).await.len(), 2);
    // After a rest as many as the burst, however long it was.
    assert_eq!(claim(store, at_rate(), 60).await.len(), 3);
}

pub(crate) async fn a_rate_holds_over_claims_at_once(store: &dyn Store) {
    many(store).await;
    let claims = (0..6).map(|_| claim(store, at_rate(), 1));
    let claimed: usize = join_all(claims).await.iter().map(Vec::len).sum();
    assert_eq!(claimed, 3);
}

pub(crate) async fn a_route_at_its_rate_keeps_no_other_waiting(store: &dyn Store) {
    many(store).await;
    add(store, &[of("scheme", "p1")]).await;
    claim(store, at_rate(), 1).await;
    assert!(claim(store, at_rate(), 1).await.is_empty());
    let scheme = Claim {
        route: "scheme",
        ..at_rate()
    };
    assert_eq!(subjects(&claim(store, scheme, 1).await), ["p1"]);
}

pub(crate) async fn open_routes_say_when_they_are_due(store: &dyn Store) {
    let routes = async || {
        let mut tx = store.read().await.unwrap();
        let routes = tx.jobs().open_routes().await.unwrap();
        let told = routes.into_iter();
        told.map(|open| (open.route, open.due_at, open.urgent_due_at, open.free_at))
            .collect::<Vec<_>>()
    };
    assert_eq!(routes().await, []);
    let timed = |route, subject, priority, seconds| NewJob {
        priority,
        run_at: at(seconds),
        ..of(route, subject)
    };
    add(
        store,
        &[
            timed("sms:b", "m1", Priority::Low, 7),
            timed("sms:b", "m2", Priority::Normal, 9),
            timed("gepg", "b1", Priority::Urgent, 5),
            timed("gepg", "b2", Priority::Normal, 2),
        ],
    )
    .await;
    let sms = ("sms:b".to_owned(), at(7), None, None);
    let gepg = |due_at, free_at| ("gepg".to_owned(), due_at, Some(at(5)), free_at);
    assert_eq!(routes().await, [gepg(at(2), None), sms.clone()]);
    // Claimed, it is due again when its lease is over.
    claim(store, at_rate(), 3).await;
    let free_at = RATE.after(at(3), at(3), 1);
    assert_eq!(routes().await, [gepg(at(5), Some(free_at)), sms.clone()]);
    let mut tx = store.write().await.unwrap();
    tx.jobs().give_up_overdue(at(4000)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(routes().await, []);
}

pub(crate) async fn overdue_jobs_are_seen_before_they_are_given_up(store: &dyn Store) {
    let overdue = async |seconds| {
        let mut tx = store.read().await.unwrap();
        tx.jobs().any_overdue(at(seconds)).await.unwrap()
    };
    let mut short = job("b1");
    short.not_after = at(10);
    add(store, &[short, job("b2")]).await;
    assert!(!overdue(10).await);
    assert!(overdue(11).await);
    let mut tx = store.write().await.unwrap();
    tx.jobs().give_up_overdue(at(11)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!overdue(11).await);
}

pub(crate) async fn jobs_are_counted_by_route_and_by_kind(store: &dyn Store) {
    let mut short = of("sms:b", "m1");
    short.kind = JobKind::SendMessage;
    short.not_after = at(10);
    add(store, &[job("b1"), job("b2"), of("sms:b", "m2"), short]).await;
    let mut tx = store.write().await.unwrap();
    tx.jobs().give_up_overdue(at(11)).await.unwrap();
    let open = tx.jobs().open_by_route().await.unwrap();
    assert_eq!(open, [("gepg".to_owned(), 2), ("sms:b".to_owned(), 1)]);
    let given_up = tx.jobs().given_up_by_kind().await.unwrap();
    assert_eq!(given_up, [(JobKind::SendMessage, 1)]);
}
