//! No statement walks through a table that grows.

use std::{fs, path::Path};

use sqlx::{AssertSqlSafe, Row};
use syn::visit::Visit;

use super::fresh;

/// Walks that are short whatever the tables hold.
const SHORT: &[&str] = &[
    // The states that a statement was given.
    "SCAN json_each VIRTUAL TABLE INDEX 1:",
    // What was found, by an index, inside the same statement, or no table at all.
    "SCAN CONSTANT ROW",
    "SCAN (subquery-",
    // The routes, from one to the next.
    "SCAN known",
    // The newest rows only, or the few that there are.
    "SCAN decisions",
    "SCAN editions",
    // The newest rows only.
    "SCAN p",
    "SCAN complaints",
    // What people switched off and on by hand.
    "SCAN s",
];

/// Walks that are short where rows that wait for something are counted: by an index that holds no
/// others.
const SHORT_TO_COUNT: &[&str] = &[
    "SCAN jobs USING COVERING INDEX jobs_over",
    "SCAN jobs USING INDEX jobs_over",
    "SCAN jobs USING COVERING INDEX jobs_due",
    "SCAN jobs USING COVERING INDEX jobs_given_up",
    "SCAN payments USING COVERING INDEX payments_waiting",
];

/// Walks that end with the rows that were asked for.
const SHORT_TO_LIST: &[&str] = &["SCAN jobs USING INDEX jobs_over"];

/// Searches that find a good part of the table.
const COARSE: &[&str] = &["(provider=?)", "(scheme=?)", "(kind=?)", "(priority=?)"];

/// Tables that have one row for what is elsewhere coarse.
const ONE_FOR_EACH: &[&str] = &["SEARCH scheme_cursors "];

/// Whether the step walks through a table that grows.
fn walks(sql: &str, step: &str) -> bool {
    let is_any = |of: &[&str]| of.iter().any(|short| step.starts_with(short));
    let short = is_any(SHORT) || sql.starts_with("SELECT count") && is_any(SHORT_TO_COUNT);
    let short = short || sql.ends_with("LIMIT ?2") && is_any(SHORT_TO_LIST);
    let coarse = COARSE.iter().any(|columns| step.ends_with(columns));
    let coarse = coarse && !is_any(ONE_FOR_EACH);
    coarse || step.starts_with("SCAN") && !short
}

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

/// Every statement of the repositories; the schema's own are run once, at the start, and a backup
/// and an audit read everything.
fn statements() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sqlite");
    let mut statements = Statements::default();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let of_all = ["schema.rs", "copies.rs", "audit.rs"];
        let is_of_all = of_all.iter().any(|file| path.ends_with(file));
        if path.extension().is_some() && !is_of_all {
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            statements.visit_file(&file);
        }
    }
    statements.0
}

#[tokio::test]
async fn no_statement_walks_through_a_table_that_grows() {
    let store = fresh().await;
    let statements = statements();
    assert!(statements.len() > 50, "only {} found", statements.len());
    let mut walked = Vec::new();
    for sql in statements {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        for row in sqlx::query(explain).fetch_all(&store.writer).await.unwrap() {
            let step: String = row.get("detail");
            if walks(&sql, &step) {
                walked.push(format!("{step} in {sql}"));
            }
        }
    }
    assert!(walked.is_empty(), "{}", walked.join("\n"));
}
