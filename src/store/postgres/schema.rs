use sqlx::{PgConnection, migrate::Migrator};

use crate::store::{Result, Sealer, StoreError, error::Tried, mark};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Runs the migrations that the database has not had.
pub(super) async fn bring_up_to_date(connection: &mut PgConnection) -> Result<()> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max();
    let known = known.unwrap_or_default();
    let found = newest_applied(connection).await?.unwrap_or_default();
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    // One node after the other: sqlx takes a lock.
    let run = MIGRATIONS.run_direct(None, connection, false);
    run.await.tried("be brought up to date")
}

async fn newest_applied(connection: &mut PgConnection) -> Result<Option<i64>> {
    let kept = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
    let kept: bool = sqlx::query_scalar(kept)
        .fetch_one(&mut *connection)
        .await
        .tried("read its schema")?;
    if !kept {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await
        .tried("read its migrations")
}

/// Writes what is there already: in Postgres that is a write.
pub(super) async fn touch(connection: &mut PgConnection) -> Result<()> {
    let touched = sqlx::query("UPDATE keys_mark SET mark = mark");
    touched.execute(connection).await.tried("write").map(drop)
}

/// Refuses keys that the database was not made with, before anything is written with them.
pub(super) async fn check_keys(connection: &mut PgConnection, sealer: &Sealer) -> Result<()> {
    let mark = mark::make(sealer).tried("seal a value")?;
    sqlx::query("INSERT INTO keys_mark (id, mark) VALUES (1, $1) ON CONFLICT DO NOTHING")
        .bind(mark)
        .execute(&mut *connection)
        .await
        .tried("mark its keys")?;
    let kept: Vec<u8> = sqlx::query_scalar("SELECT mark FROM keys_mark")
        .fetch_one(&mut *connection)
        .await
        .tried("read the mark of its keys")?;
    if mark::fits(sealer, &kept) {
        return Ok(());
    }
    Err(StoreError::Unreadable {
        noun: "database",
        why: "it was made with other keys than those in the key file",
    })
}
