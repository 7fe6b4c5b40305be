use sqlx::{SqlitePool, migrate::Migrator};

use crate::store::{Result, Sealer, StoreError, error::Tried, mark};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Runs the migrations that the database has not had.
pub(super) async fn bring_up_to_date(pool: &SqlitePool) -> Result<()> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max();
    let known = known.unwrap_or_default();
    let found = newest_applied(pool).await?.unwrap_or_default();
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    MIGRATIONS.run(pool).await.tried("be brought up to date")
}

async fn newest_applied(pool: &SqlitePool) -> Result<Option<i64>> {
    let kept = "SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    let kept: i64 = sqlx::query_scalar(kept)
        .fetch_one(pool)
        .await
        .tried("read its schema")?;
    if kept == 0 {
        return Ok(None);
    }
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(pool)
        .await
        .tried("read its migrations")
}

/// Writes a page of the file. A row that is set to what it is would not be written; this number, of
/// which nothing is read, is.
pub(super) async fn touch(pool: &SqlitePool) -> Result<()> {
    let touched = sqlx::query("PRAGMA user_version = 1");
    touched.execute(pool).await.tried("write").map(drop)
}

/// Refuses keys that the database was not made with, before anything is written with them.
pub(super) async fn check_keys(pool: &SqlitePool, sealer: &Sealer) -> Result<()> {
    let mark = mark::make(sealer).tried("seal a value")?;
    sqlx::query("INSERT INTO keys_mark (id, mark) VALUES (1, ?) ON CONFLICT DO NOTHING")
        .bind(mark)
        .execute(pool)
        .await
        .tried("mark its keys")?;
    let kept: Vec<u8> = sqlx::query_scalar("SELECT mark FROM keys_mark")
        .fetch_one(pool)
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
