//! A database of an older version keeps what is in it.

use sqlx::{SqlitePool, migrate::Migrator};

use super::sealer;
use crate::store::{
    Claim, JobKind, PaymentState, Store,
    contract::world::{add, at, at_most, job},
    sqlite::{SqliteStore, schema::MIGRATIONS},
};

/// Makes the database as this version did.
async fn made_by(version: usize, path: &std::path::Path) -> SqlitePool {
    let migrator = Migrator {
        migrations: MIGRATIONS.iter().take(version).cloned().collect(),
        ..Migrator::DEFAULT
    };
    let url = format!("sqlite:{}?mode=rwc", path.display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    migrator.run(&pool).await.unwrap();
    pool
}

/// As the first version did, with a job of each kind and one that was done.
async fn begin(path: &std::path::Path) {
    let pool = made_by(1, path).await;
    let kinds = [
        "finish_effect",
        "submit_bill",
        "tell_scheme",
        "send_message",
    ];
    for kind in kinds.into_iter().chain(["submit_bill"]) {
        let sql = "INSERT INTO jobs (kind, subject, priority, run_at, not_after, attempts)
                   VALUES (?, 's' || (SELECT count(*) FROM jobs), 1, ?, ?, 3)";
        let add = sqlx::query(sql).bind(kind);
        let times = [at(0), at(3600)].map(|time| time.timestamp_micros());
        let add = add.bind(times[0]).bind(times[1]);
        add.execute(&pool).await.unwrap();
    }
    let done = sqlx::query("DELETE FROM jobs WHERE id = 5");
    done.execute(&pool).await.unwrap();
    pool.close().await;
}

#[tokio::test]
async fn jobs_of_the_first_version_have_a_route_and_no_id_is_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    begin(&path).await;
    let store = SqliteStore::open(&path, sealer(1)).await.unwrap();
    add(&store, &[job("new")]).await;
    let mut tx = store.write().await.unwrap();
    let mut claimed = Vec::new();
    for route in ["finish_effect", "gepg", "scheme", "sms:handset"] {
        let claim = Claim {
            route,
            ..at_most(9)
        };
        let jobs = tx.jobs().claim(&claim, at(1)).await.unwrap();
        claimed.extend(jobs.into_iter().map(|job| (job.id, job.kind, job.attempts)));
    }
    let expected = [
        (1, JobKind::FinishEffect, 4),
        (2, JobKind::SubmitBill, 4),
        (6, JobKind::SubmitBill, 1),
        (3, JobKind::TellScheme, 4),
        (4, JobKind::SendMessage, 4),
    ];
    assert_eq!(claimed, expected);
}

#[tokio::test]
async fn money_of_the_fifth_version_keeps_its_amounts_and_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let pool = made_by(5, &path).await;
    let sealed = |domain, clear: &str| sealer(1).seal(domain, clear.as_bytes()).unwrap();
    let bill = "INSERT INTO bills (id, scheme, member, product, period, generation, phone_index, phone,
            language, menu_set, payer, persons, minor, currency, from_day, to_day, pay_by, made_at, state,
            moved_at, number)
         VALUES ('b1', 's', '070707081', 'p', 'q', 1, x'00', ?1, 'sw', 'chf', ?2, 1, 300, 'TZS',
            '2026-01-01', '2026-02-01', '2026-02-01', 1, 'activated', 1, '991000000001')";
    let phone = sealed("bills.phone", "255700000001");
    let payer = sealed("bills.payer", "Asha");
    let bill = sqlx::query(bill).bind(phone).bind(payer);
    bill.execute(&pool).await.unwrap();
    let share =
        "INSERT INTO bill_phones (bill, phone_index, phone, language, menu_set, from_day, to_day)
         VALUES ('b1', x'00', ?, 'sw', 'chf', '2026-01-01', '2026-02-01')";
    let share = sqlx::query(share).bind(sealed("bill_phones.phone", "255700000001"));
    share.execute(&pool).await.unwrap();
    for (id, bill, state, credit) in [
        ("p1", Some("b1"), "activated", "contributions"),
        ("p2", None, "quarantined", "suspense"),
    ] {
        let payment = "INSERT INTO payments (id, provider, provider_key, payload_hash, reference, receipt,
                bill, minor, currency, paid_at, received_at, recorded_state, state, reason)
             VALUES (?1, 'gepg', ?1, zeroblob(32), ?1, 'c', ?2, 300, 'TZS', 1, 1, 'posted', ?3, '')";
        let payment = sqlx::query(payment).bind(id).bind(bill).bind(state);
        payment.execute(&pool).await.unwrap();
        let entry = "INSERT INTO ledger (reference, debit, credit, minor, currency, posted_at)
             VALUES (?, 'collection', ?, 300, 'TZS', 1)";
        let entry = sqlx::query(entry).bind(id).bind(credit);
        entry.execute(&pool).await.unwrap();
    }
    pool.close().await;
    let store = SqliteStore::open(&path, sealer(1)).await.unwrap();
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.ledger().contributed("b1").await.unwrap(), 300);
    assert_eq!(tx.ledger().held("p2").await.unwrap(), 300);
    for sum in tx.audit().sums().await.unwrap() {
        assert_eq!(sum.rows, sum.kept, "{}", sum.account);
    }
    let bill = tx.bills().get("b1").await.unwrap().unwrap();
    assert_eq!(
        (bill.made.key.family.as_str(), bill.made.total().minor),
        ("070707081", 300)
    );
    let shares = tx.bills().shares("b1").await.unwrap();
    assert_eq!(shares[0].member, bill.made.member);
    let told = tx.payments().get("p1").await.unwrap().unwrap();
    assert_eq!(told.state, PaymentState::SmsSent);
}
