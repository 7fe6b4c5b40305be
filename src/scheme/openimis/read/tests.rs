//! What two running releases answered, read by the client (`tests/openimis/`).

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Household, HouseholdAnswer, Log, LogAnswer, OfficerAnswer, PhoneAnswer, PremiumAnswer,
    ProductAnswer, Standing, Status, TicketFields, ValuesAnswer,
};
use crate::{
    model::{Amount, Currency, MemberNumber},
    scheme::openimis::{Failure, wire::given},
};

const RELEASES: [&str; 2] = ["24.10", "26.04"];

fn recording(release: &str, name: &str) -> Value {
    let path = format!(
        "{}/tests/openimis/{release}/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn read<T: DeserializeOwned>(release: &str, name: &str) -> Result<T, Failure> {
    let response = &recording(release, name)["response"];
    let status = response["status"].as_u64().unwrap();
    given(
        u16::try_from(status).unwrap(),
        response["body"].to_string().as_bytes(),
    )
}

fn failed(release: &str, name: &str) -> Failure {
    read::<Value>(release, name).unwrap_err()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn member(text: &str) -> MemberNumber {
    MemberNumber::parse(text).unwrap()
}

fn shillings(major: i64) -> Amount {
    Amount::from_major(major, Currency::TZS)
}

#[test]
fn what_is_refused_is_a_failure_whatever_its_status() {
    for release in RELEASES {
        for name in ["graphql_no_token", "graphql_bad_token"] {
            assert!(
                matches!(failed(release, name), Failure::Stale(_)),
                "{release} {name}"
            );
        }
        let refused = failed(release, "graphql_login_03_bad_password");
        assert!(matches!(refused, Failure::Refused(_)), "{refused}");
        let unknown = failed(release, "graphql_syntax_error");
        assert!(matches!(unknown, Failure::Refused(_)), "{unknown}");
    }
    assert!(
        matches!(failed("24.10", "graphql_login_01_no_csrf"), Failure::Stale(said) if said.contains("CSRF"))
    );
    assert!(matches!(
        failed("26.04", "graphql_query_without_csrf"),
        Failure::Stale(_)
    ));
    for name in ["tz_insuree_bad_checksum", "tz_insuree_bad_length"] {
        assert!(
            matches!(failed("24.10", name), Failure::Refused(_)),
            "{name}"
        );
    }
}

#[test]
fn logins_and_tokens_are_read() {
    for release in RELEASES {
        for (name, field) in [
            ("graphql_login_02_with_csrf", "tokenAuth"),
            ("graphql_refresh_token", "refreshToken"),
        ] {
            let given: Value = read(release, name).unwrap();
            assert_eq!(given[field]["token"], "<jwt>", "{release} {name}");
        }
    }
    let guard: Value = read("26.04", "graphql_get_csrf_token").unwrap();
    assert!(guard["getCsrfToken"]["csrfToken"].is_string());
}

#[test]
fn nobody_is_nobody() {
    for release in RELEASES {
        let answer: HouseholdAnswer = read(release, "graphql_insuree_not_found").unwrap();
        assert_eq!(answer.read(member("999999999"), Currency::TZS), Ok(None));
    }
}

/// An enquiry is one question; its parts were recorded one by one.
fn household(release: &str) -> Household {
    let part = |name: &str, field: &str| -> Value {
        let mut given: Value = read(release, name).unwrap();
        given[field].take()
    };
    let mut insurees = part("graphql_insuree_by_chfid", "insurees");
    let mut family = part("graphql_family2", "families");
    let members = part("graphql_family_members", "familyMembers");
    let mut family = family["edges"][0]["node"].take();
    family["members"] = members;
    insurees["edges"][0]["node"]["family"] = family;
    let policies = part("graphql_policies_by_insuree", "policiesByInsuree");
    let all = serde_json::json!({"insurees": insurees, "policiesByInsuree": policies});
    let answer: HouseholdAnswer = serde_json::from_value(all).unwrap();
    answer
        .read(member("070707070"), Currency::TZS)
        .unwrap()
        .unwrap()
}

#[test]
fn a_member_her_family_and_its_policies_are_read() {
    for release in RELEASES {
        let household = household(release);
        assert_eq!(household.person.first_name, "Joseph");
        let family = household.family.unwrap();
        assert_eq!((family.id, family.count), (1, 5));
        assert_eq!(family.persons[0].member, member("070707070"));
        assert_eq!(family.persons[1].first_name, "Jane");
        let [policy] = household.policies.as_slice() else {
            panic!("{:?}", household.policies);
        };
        assert_eq!(
            (policy.product.as_str(), policy.value),
            ("BCUL0001", shillings(10_000))
        );
        // It says that it is active, and has been over for years.
        assert_eq!(
            (policy.status, policy.to),
            (Status::Active, day("2020-08-19"))
        );
        assert_eq!(policy.on(day("2026-11-21")), Standing::Ended);
        assert_eq!((policy.ceiling, &policy.details), (None, &None));
    }
}

#[test]
fn a_family_with_its_history_has_each_person_once() {
    for release in RELEASES {
        let mut given: Value = read(release, "graphql_family_of_insuree").unwrap();
        let family = given["families"]["edges"][0]["node"].take();
        let node = serde_json::json!({"chfId": "100000001", "otherNames": "James", "lastName": "Yellow", "family": family});
        let all = serde_json::json!({"insurees": {"edges": [{"node": node}]}});
        let answer: HouseholdAnswer = serde_json::from_value(all).unwrap();
        let household = answer
            .read(member("100000001"), Currency::TZS)
            .unwrap()
            .unwrap();
        let family = household.family.unwrap();
        assert_eq!((family.id, family.count), (4, 3));
        assert_eq!(family.persons[0].first_name, "James");
    }
}

#[test]
fn a_phone_gives_its_member() {
    let mut given: Value = read("26.04", "graphql_insuree_by_phone").unwrap();
    let found = serde_json::json!({"v0": given["insurees"].take(), "v1": {"edges": []}});
    let answer: PhoneAnswer = serde_json::from_value(found).unwrap();
    assert_eq!(answer.read(), Some(member("100000001")));
}

#[test]
fn a_phone_of_several_gives_the_head_and_of_two_families_nobody() {
    let of = |nodes: &[(&str, bool)]| {
        let nodes: Vec<Value> = nodes
            .iter()
            .map(|(number, head)| serde_json::json!({"node": {"chfId": number, "head": head}}))
            .collect();
        let answer: PhoneAnswer =
            serde_json::from_value(serde_json::json!({"v0": {"edges": nodes}})).unwrap();
        answer.read()
    };
    assert_eq!(of(&[]), None);
    assert_eq!(
        of(&[("100000001", true), ("100000001", true)]),
        Some(member("100000001"))
    );
    assert_eq!(
        of(&[("100000001", true), ("100000002", false)]),
        Some(member("100000001"))
    );
    assert_eq!(of(&[("100000001", true), ("100000002", true)]), None);
    assert_eq!(of(&[("100000001", false), ("100000002", false)]), None);
}

#[test]
fn logs_of_mutations_are_read() {
    for release in RELEASES {
        let log = |name: &str| read::<LogAnswer>(release, name).unwrap().read();
        for done in ["", "_premium", "_partial", "_renew_ok", "_payment"] {
            assert_eq!(
                log(&format!("graphql_mutation_log{done}")),
                Log::Done,
                "{release} {done}"
            );
        }
        let Log::Failed(reason) = log("graphql_mutation_log_dup_receipt") else {
            panic!("{release}");
        };
        assert!(reason.contains("mutation.code_already_taken"), "{reason}");
        let Log::Failed(reason) = log("graphql_mutation_log_renew") else {
            panic!("{release}");
        };
        assert_eq!(
            reason,
            "policy.mutation.failed_to_update_policy: policy.mutation.policy_not_idle"
        );
        for failed in ["_error", "_same_client_id"] {
            let found = log(&format!("graphql_mutation_log{failed}"));
            assert!(matches!(found, Log::Failed(_)), "{release} {failed}");
        }
    }
    let pending: LogAnswer = read("24.10", "async_mutation_log_pending").unwrap();
    assert_eq!(pending.read(), Log::Pending);
    let future: LogAnswer = read("24.10", "graphql_mutation_log_future").unwrap();
    assert!(
        matches!(future.read(), Log::Failed(reason) if reason.contains("enroll_date_in_the_future"))
    );
    let update: LogAnswer = read("26.04", "graphql_mutation_log_update_insuree").unwrap();
    assert_eq!(update.read(), Log::Done);
}

#[test]
fn prices_premiums_products_and_officers_are_read() {
    for release in RELEASES {
        for name in ["graphql_policy_values_new", "graphql_policy_values_renew"] {
            let answer: ValuesAnswer = read(release, name).unwrap();
            let values = answer.read(Currency::TZS).unwrap();
            assert_eq!(
                (values.from, values.to),
                (day("2026-11-21"), day("2027-11-20"))
            );
            assert_eq!(values.value, shillings(10_000));
        }
        let premiums: PremiumAnswer = read(release, "graphql_premiums_by_policy").unwrap();
        let found = premiums
            .with_receipt("RCPT-991000012345", Currency::TZS)
            .unwrap();
        assert_eq!(found, Some(shillings(10_000)));
        assert_eq!(premiums.with_receipt("RCPT", Currency::TZS), Ok(None));
        let products: ProductAnswer = read(release, "graphql_products").unwrap();
        assert_eq!(products.with_code("BCTA0001"), Ok(Some(6)));
        assert_eq!(products.with_code("NONE"), Ok(None));
        let officers: OfficerAnswer = read(release, "graphql_policy_officers").unwrap();
        assert_eq!(officers.with_code("E00001"), Ok(Some(3)));
    }
}

#[test]
fn the_form_of_a_ticket_is_read() {
    let fields: TicketFields = read("24.10", "graphql_tickets_schema").unwrap();
    let fields = fields.read().unwrap();
    for name in ["key", "title", "description", "category", "channel"] {
        assert!(fields.iter().any(|field| field == name), "{name}");
    }
    let absent: TicketFields = serde_json::from_str(r#"{"__type": null}"#).unwrap();
    assert_eq!(absent.read(), None);
}

#[test]
fn an_amount_is_read_digit_by_digit() {
    for (text, minor) in [
        ("4000.0", 400_000),
        ("\"10000.00\"", 1_000_000),
        ("0.07", 7),
        ("8000.3", 800_030),
    ] {
        let exact: super::value::Exact = serde_json::from_str(text).unwrap();
        assert_eq!(
            super::value::amount(&exact, Currency::TZS, "x")
                .unwrap()
                .minor,
            minor,
            "{text}"
        );
    }
    for text in [
        "1e9",
        "\"NaN\"",
        "0.001",
        "\"\"",
        "{}",
        "99999999999999999999",
    ] {
        let exact: super::value::Exact = serde_json::from_str(text).unwrap();
        assert!(
            super::value::amount(&exact, Currency::TZS, "x").is_err(),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_answer_of_openimis_is_a_failure() {
    let of = |status, body: &str| given::<LogAnswer>(status, body.as_bytes()).unwrap_err();
    assert_eq!(of(200, "<html>"), Failure::NotJson);
    assert_eq!(of(502, "<html>"), Failure::Status(502));
    assert_eq!(of(200, "[]"), Failure::NotJson);
    assert_eq!(of(200, "{}"), Failure::Unreadable("anything"));
    assert_eq!(of(200, "{\"data\": null}"), Failure::Unreadable("anything"));
    assert_eq!(
        of(200, "{\"data\": {\"mutationLogs\": 5}}"),
        Failure::Unreadable("the parts")
    );
    assert_eq!(
        of(500, "{\"data\": {\"mutationLogs\": {\"edges\": []}}}"),
        Failure::Status(500)
    );
    let both = r#"{"data": {"mutationLogs": {"edges": []}}, "errors": [{"message": "x"}]}"#;
    assert_eq!(of(200, both), Failure::Failed("x".to_owned()));
}

/// `cargo test --release --lib own_time -- --nocapture` prints it: what of an enquiry is ours, with a large family and
/// many policies.
#[test]
#[expect(clippy::print_stdout, reason = "the figures are for people to read")]
fn own_time_of_reading_an_enquiry_is_printed() {
    let rows = |count: usize, row: &str| {
        let rows: Vec<String> = (0..count)
            .map(|number| {
                format!(
                    "{{\"node\":{}}}",
                    row.replace("NN", &format!("{number:02}"))
                )
            })
            .collect();
        format!("{{\"edges\":[{}]}}", rows.join(","))
    };
    let members = rows(
        40,
        r#"{"chfId":"1000000NN","otherNames":"Jane NN","lastName":"Macintyre","head":false,"validityTo":null}"#,
    );
    let policies = rows(
        40,
        r#"{"policyUuid":"a3df066b-3e23-429a-92ad-cd1ef46daaNN","productCode":"BCUL0001","status":2,"startDate":"2019-08-20","effectiveDate":"2019-08-20","expiryDate":"2020-08-19","policyValue":10000.0,"ceiling":null}"#,
    );
    let details = rows(
        40,
        r#"{"policy":{"uuid":"a3df066b-3e23-429a-92ad-cd1ef46daaNN","stage":"N","sumPremiums":10000.0,"product":{"id":"UHJvZHVjdEdRTFR5cGU6NA==","code":"BCUL0001"},"officer":{"id":"T2ZmaWNlckdRTFR5cGU6MQ==","code":"E00005"}}}"#,
    );
    let body = format!(
        r#"{{"data":{{"insurees":{{"edges":[{{"node":{{"chfId":"070707070","otherNames":"Joseph","lastName":"Macintyre","family":{{"id":"RmFtaWx5R1FMVHlwZTox","uuid":"822a8e55","members":{members}}}}}}}]}},"policiesByInsuree":{policies},"insureePolicy":{details}}}}}"#
    );
    let mut times: Vec<std::time::Duration> = Vec::new();
    let times_read = if cfg!(debug_assertions) { 10 } else { 5_000 };
    for _ in 0..times_read {
        let begun = std::time::Instant::now();
        let answer: HouseholdAnswer = given(200, body.as_bytes()).unwrap();
        let household = answer
            .read(member("070707070"), Currency::TZS)
            .unwrap()
            .unwrap();
        assert_eq!(household.policies.len(), 40);
        let cover = crate::scheme::openimis::standing::cover(household, day("2026-11-21"));
        assert_eq!(cover.family.len(), 20);
        times.push(begun.elapsed());
    }
    times.sort();
    let p99 = times[times.len() * 99 / 100];
    println!(
        "reading {} bytes: median {:?}, p99 {p99:?}",
        body.len(),
        times[times.len() / 2]
    );
}
