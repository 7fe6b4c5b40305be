//! A database of an older version keeps what is in it.

use sqlx::{SqlitePool, migrate::Migrator};

use super::sealer;
use crate::store::{
    Claim, JobKind, Store,
    contract::world::{add, at, at_most, job},
    sqlite::{SqliteStore, schema::MIGRATIONS},
};

/// Makes the database as the first version did, with a job of each kind and one that was done.
async fn begin(path: &std::path::Path) {
    let first = Migrator {
        migrations: MIGRATIONS.iter().take(1).cloned().collect(),
        ..Migrator::DEFAULT
    };
    let url = format!("sqlite:{}?mode=rwc", path.display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    first.run(&pool).await.unwrap();
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
