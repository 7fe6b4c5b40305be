//! The migrations of the two engines make the same tables.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
};

use sqlx::{Connection, PgConnection, Row, SqliteConnection};

use super::{Address, Keys, Options, Sealer, Store, open, postgres_server::PostgresServer};

/// What one engine has and the other does not, as `table.column`.
const OWN: &[&str] = &[
    // Postgres keeps a balance in parts, because payments are posted side by side there.
    "ledger_balances.part",
];

/// Of a column: whether it may be empty.
type Columns = BTreeMap<String, bool>;
/// Sets of columns that are there once.
type Uniques = BTreeSet<BTreeSet<String>>;

#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    columns: Columns,
    uniques: Uniques,
}

type Schema = BTreeMap<String, Table>;

fn add_unique(schema: &mut Schema, table: &str, columns: &str) {
    let own = |column: &&str| !OWN.contains(&format!("{table}.{column}").as_str());
    let columns = columns.split(',').filter(own).map(str::to_owned).collect();
    let table = schema.entry(table.to_owned()).or_default();
    table.uniques.insert(columns);
}

fn add_column(schema: &mut Schema, table: &str, column: String, empty: bool) {
    if !OWN.contains(&format!("{table}.{column}").as_str()) {
        let table = schema.entry(table.to_owned()).or_default();
        table.columns.insert(column, empty);
    }
}

async fn of_sqlite(path: &Path) -> Schema {
    let mut connection = SqliteConnection::connect(path.to_str().unwrap())
        .await
        .unwrap();
    let mut schema = Schema::new();
    // Hidden ones are generated and stored; a row's own number is never empty, whatever it says.
    let columns = "SELECT t.name AS of_table, c.name, c.\"notnull\" = 0 AND c.pk = 0 AS empty
        FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c
        WHERE t.type = 'table' AND t.name NOT GLOB '*sqlite*' AND t.name <> '_sqlx_migrations'";
    for row in sqlx::query(columns)
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let table: String = row.get("of_table");
        add_column(&mut schema, &table, row.get("name"), row.get("empty"));
    }
    let uniques = "SELECT t.name AS of_table, group_concat(c.name) AS columns
        FROM sqlite_schema AS t JOIN pragma_index_list(t.name) AS i
            JOIN pragma_index_info(i.name) AS c
        WHERE t.type = 'table' AND i.\"unique\" AND t.name <> '_sqlx_migrations'
        GROUP BY t.name, i.name
        UNION ALL
        SELECT t.name, group_concat(c.name) FROM sqlite_schema AS t
            JOIN pragma_table_info(t.name) AS c
        WHERE t.type = 'table' AND c.pk > 0 AND t.name NOT GLOB '*sqlite*'
            AND t.name <> '_sqlx_migrations' GROUP BY t.name";
    for row in sqlx::query(uniques)
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let table: String = row.get("of_table");
        add_unique(&mut schema, &table, row.get("columns"));
    }
    schema
}

async fn of_postgres(url: &str) -> Schema {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let mut schema = Schema::new();
    let columns = "SELECT table_name::TEXT AS of_table, column_name::TEXT AS name,
            is_nullable = 'YES' AS empty
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";
    for row in sqlx::query(columns)
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let table: String = row.get("of_table");
        add_column(&mut schema, &table, row.get("name"), row.get("empty"));
    }
    let uniques = "SELECT c.relname::TEXT AS of_table, string_agg(a.attname, ',') AS columns
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
            JOIN pg_namespace AS n ON n.oid = c.relnamespace
            JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
        WHERE n.nspname = 'public' AND i.indisunique AND c.relname <> '_sqlx_migrations'
        GROUP BY c.relname, i.indexrelid";
    for row in sqlx::query(uniques)
        .fetch_all(&mut connection)
        .await
        .unwrap()
    {
        let table: String = row.get("of_table");
        add_unique(&mut schema, &table, row.get("columns"));
    }
    schema
}

fn names(engine: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations")
        .join(engine);
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

async fn open_at(url: &str) -> Arc<dyn Store> {
    let keys = Keys::one(1, [1; 32], [1; 32]);
    let address = Address::parse(url).unwrap();
    let options = Options {
        connect_millis: 30_000,
        ..Options::default()
    };
    let sealer = Arc::new(Sealer::new(&keys));
    open(&address, &options, sealer).await.unwrap()
}

#[test]
fn the_migrations_of_both_engines_have_the_same_names() {
    assert_eq!(names("sqlite"), names("postgres"));
}

#[tokio::test]
async fn both_engines_have_the_same_tables_with_the_same_columns_and_uniques() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nyota.db");
    let url = PostgresServer::shared().database().await;
    open_at(&format!("sqlite:{}", path.display())).await;
    open_at(&url).await;
    let (sqlite, postgres) = (of_sqlite(&path).await, of_postgres(&url).await);
    assert!(sqlite.len() > 15 && sqlite.contains_key("bills"));
    for (table, of_sqlite) in &sqlite {
        assert_eq!(Some(of_sqlite), postgres.get(table), "{table}");
    }
    assert_eq!(sqlite.len(), postgres.len(), "{:?}", postgres.keys());
}
