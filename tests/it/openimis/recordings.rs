//! The stand-in answers what was recorded as it was recorded, so that what is shown with it is shown of openIMIS.

use serde_json::{Value, json};

use super::RELEASES;
use crate::support::openimis::{Release, StandIn};

/// Those that touch our calls, in the order in which they were made: what is asked later sees what was done before.
const IN_ORDER: [&str; 41] = [
    "graphql_login_01_no_csrf",
    "graphql_login_02_with_csrf",
    "graphql_login_03_bad_password",
    "graphql_get_csrf_token",
    "graphql_no_token",
    "graphql_bad_token",
    "graphql_query_without_csrf",
    "graphql_insuree_by_chfid",
    "graphql_insuree_not_found",
    "graphql_policies_by_insuree",
    "graphql_policies_expired",
    "graphql_family_of_insuree",
    "graphql_policy_officers",
    "graphql_policy_values_new",
    "graphql_mutation_create_policy_future",
    "graphql_mutation_log_future",
    "graphql_create_policy",
    "graphql_mutation_log",
    "graphql_policies_by_family_after_create",
    "graphql_policy_detail",
    "graphql_create_premium",
    "graphql_mutation_log_premium",
    "graphql_policies_by_family_after_premium",
    "graphql_policies_by_insuree_active",
    "graphql_premiums_by_policy",
    "graphql_family2",
    "graphql_family_members",
    "graphql_policy_values_renew",
    "graphql_renew_policy",
    "graphql_mutation_log_renew",
    "graphql_mutation_error",
    "graphql_mutation_log_error",
    "graphql_mutation_same_client_id",
    "graphql_mutation_log_same_client_id",
    "graphql_renew_policy_ok",
    "graphql_mutation_log_renew_ok",
    "graphql_policy_stage_after_renew",
    "graphql_partial_premium",
    "graphql_mutation_log_partial",
    "graphql_policy_after_partial",
    "graphql_dup_receipt",
];

/// These follow, where they were recorded.
const AFTER: [&str; 7] = [
    "graphql_mutation_log_dup_receipt",
    "graphql_premium_code_validity",
    "graphql_policies_after_renew",
    "graphql_policies_filter_expiring",
    "graphql_update_insuree_phone",
    "graphql_mutation_log_update_insuree",
    "graphql_insuree_by_phone",
];

fn recording(release: Release, name: &str) -> Option<Value> {
    let folder = match release {
        Release::V24_10 => "24.10",
        Release::V26_04 => "26.04",
    };
    let path = format!(
        "{}/tests/openimis/{folder}/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).ok()?;
    Some(serde_json::from_str(&text).unwrap())
}

/// Without what every server makes up anew.
fn plain(mut value: Value) -> Value {
    const MADE_UP: [&str; 7] = [
        "internalId",
        "token",
        "csrfToken",
        "payload",
        "refreshExpiresIn",
        "requestDateTime",
        "jsonContent",
    ];
    match &mut value {
        Value::Object(object) => {
            let log = object.contains_key("error") || object.contains_key("receipt");
            for (name, part) in object.iter_mut() {
                let made_up =
                    MADE_UP.contains(&name.as_str()) || (log && (name == "id" || name == "uuid"));
                *part = if made_up {
                    json!("-")
                } else {
                    plain(part.take())
                };
            }
            object.remove("path");
            object.remove("locations");
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| *part = plain(part.take())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    value
}

#[tokio::test]
async fn every_recorded_answer_to_our_calls_is_given() {
    for release in RELEASES {
        let server = StandIn::start(release).await;
        server.new_policies_are(release);
        let mut compared = 0;
        for name in IN_ORDER.into_iter().chain(AFTER) {
            let Some(recording) = recording(release, name) else {
                continue;
            };
            let (status, body) = server.replay(&recording["request"]).await;
            let expected = &recording["response"];
            assert_eq!(
                json!(status),
                expected["status"],
                "{release:?} {name}: {body}"
            );
            assert_eq!(
                plain(body),
                plain(expected["body"].clone()),
                "{release:?} {name}"
            );
            compared += 1;
        }
        println!("{release:?}: {compared} recordings");
        assert!(compared > 40, "{compared}");
    }
}
