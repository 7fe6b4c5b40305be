//! No statement walks through a table that grows: with an index at hand none would rather walk.

use std::{fs, path::Path};

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use syn::visit::Visit;

use super::{open_at, patient};
use crate::store::postgres_server::PostgresServer;

/// Statements that walk through all of a table, and may: what they are for is named.
const WHOLE: &[&str] = &[
    // For tests and the operator's count.
    "SELECT count(*) AS number FROM journal",
    // The demo's.
    "INSERT INTO sandbox_bills",
];

/// The statements that a file's code holds.
#[derive(Default)]
struct Statements(Vec<String>);

impl<'ast> Visit<'ast> for Statements {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        let text = literal.value();
        let verb = text.split_whitespace().next().unwrap_or_default();
        if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb) {
            self.0.push(text);
        }
    }
}

/// Every statement of the repositories; the schema's own are run once, at the start, and an audit
/// reads everything.
fn statements() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/postgres");
    let mut statements = Statements::default();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_of_all = path.ends_with("schema.rs") || path.ends_with("audit.rs");
        if path.extension().is_some() && !is_of_all {
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            statements.visit_file(&file);
        }
    }
    statements.0
}

fn parameters(sql: &str) -> usize {
    let numbers = sql.split('$').skip(1).map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    });
    numbers.max().unwrap_or(0)
}

#[tokio::test]
async fn no_statement_walks_through_a_table_that_grows() {
    let url = PostgresServer::shared().database().await;
    open_at(&url, &patient(), 1).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let settings = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off";
    sqlx::raw_sql(settings)
        .execute(&mut connection)
        .await
        .unwrap();
    let statements = statements();
    assert!(statements.len() > 50, "only {} found", statements.len());
    let mut walked = Vec::new();
    for (number, sql) in statements.iter().enumerate() {
        if WHOLE.iter().any(|whole| sql.starts_with(whole)) {
            continue;
        }
        let prepare = AssertSqlSafe(format!("PREPARE s{number} AS {sql}"));
        sqlx::raw_sql(prepare)
            .execute(&mut connection)
            .await
            .unwrap();
        let values = vec!["NULL"; parameters(sql)].join(", ");
        let values = if values.is_empty() {
            values
        } else {
            format!("({values})")
        };
        let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE s{number}{values}"));
        for row in sqlx::raw_sql(explain)
            .fetch_all(&mut connection)
            .await
            .unwrap()
        {
            let step: String = row.get(0);
            if step.contains("Seq Scan on") {
                walked.push(format!("{} in {sql}", step.trim()));
            }
        }
    }
    assert!(walked.is_empty(), "{}", walked.join("\n"));
}
