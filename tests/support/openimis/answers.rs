//! What the stand-in answers: the fields that are asked for, of what it holds. A field that openIMIS does
//! not have is refused as openIMIS refuses it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::{
    query::Field,
    state::{Family, Insuree, OFFICERS, PRODUCT, Policy, State, year_from},
};

/// A field that a type does not have.
pub(crate) struct Unknown {
    pub(crate) field: String,
    pub(crate) of: &'static str,
}

type Found<T> = Result<T, Unknown>;

/// An id of relay's.
fn relay(kind: &str, id: impl std::fmt::Display) -> Value {
    json!(STANDARD.encode(format!("{kind}GQLType:{id}")))
}

/// The rows of a connection.
fn connection<T>(
    field: &Field,
    rows: &[T],
    of: impl Fn(&T, &Field) -> Found<Value>,
) -> Found<Value> {
    let first = field.arguments.get("first").and_then(Value::as_u64);
    let after = field.arguments.get("after").and_then(Value::as_str);
    let after = after.map_or(0, |after| {
        after.rsplit(':').next().unwrap().parse::<usize>().unwrap() + 1
    });
    let size = usize::try_from(first.unwrap_or(100)).unwrap();
    let page = rows.iter().skip(after).take(size);
    let mut out = Map::new();
    for part in &field.fields {
        let value = match part.name.as_str() {
            "totalCount" => json!(rows.len()),
            "pageInfo" => {
                json!({"hasNextPage": after + size < rows.len(), "endCursor": format!("arrayconnection:{}", after + size - 1)})
            }
            "edges" => {
                let node = &part.fields[0];
                let nodes = page.clone().map(|row| {
                    let mut out = Map::new();
                    for field in &node.fields {
                        out.insert(field.alias.clone(), of(row, field)?);
                    }
                    Ok(json!({"node": out}))
                });
                Value::Array(nodes.collect::<Found<Vec<Value>>>()?)
            }
            other => return Err(unknown(other, "InsureeGQLTypeConnection")),
        };
        out.insert(part.alias.clone(), value);
    }
    Ok(Value::Object(out))
}

fn object(field: &Field, of: impl Fn(&Field) -> Found<Value>) -> Found<Value> {
    let mut out = Map::new();
    for part in &field.fields {
        out.insert(part.alias.clone(), of(part)?);
    }
    Ok(Value::Object(out))
}

fn unknown(field: &str, of: &'static str) -> Unknown {
    Unknown {
        field: field.to_owned(),
        of,
    }
}

fn text<'a>(field: &'a Field, name: &str) -> Option<&'a str> {
    field.arguments.get(name).and_then(Value::as_str)
}

fn decimal(value: f64) -> Value {
    json!(format!("{value:.2}"))
}

impl State {
    /// A field of a query.
    pub(crate) fn query(&mut self, field: &Field) -> Found<Value> {
        if field.name == "mutationLogs" {
            return self.logs(field);
        }
        let state = &*self;
        match field.name.as_str() {
            "insurees" => {
                let fits = |insuree: &&Insuree| {
                    let same = |name: &str, value: &str| {
                        text(field, name).is_none_or(|asked| asked == value)
                    };
                    !insuree.old && same("chfId", &insuree.number) && same("phone", &insuree.phone)
                };
                let rows: Vec<&Insuree> = state.insurees.iter().filter(fits).collect();
                connection(field, &rows, |insuree, field| state.insuree(insuree, field))
            }
            "families" => {
                let head = text(field, "headInsuree_ChfId");
                let fits = |family: &&Family| {
                    head.is_none_or(|number| state.head(family.id).number == number)
                };
                let rows: Vec<&Family> = state.families.iter().filter(fits).collect();
                connection(field, &rows, |family, field| state.family(family, field))
            }
            "familyMembers" => {
                let wanted = text(field, "familyUuid");
                let family = state
                    .families
                    .iter()
                    .find(|family| Some(family.uuid.as_str()) == wanted)
                    .unwrap();
                let rows: Vec<&Insuree> = state
                    .insurees
                    .iter()
                    .filter(|insuree| insuree.family == family.id && !insuree.old)
                    .collect();
                connection(field, &rows, |insuree, field| state.insuree(insuree, field))
            }
            "policiesByInsuree" => {
                let number = text(field, "chfId").unwrap_or_default();
                let family = state
                    .insurees
                    .iter()
                    .find(|insuree| insuree.number == number)
                    .map(|insuree| insuree.family);
                state.policies_of(field, family)
            }
            "policiesByFamily" => {
                let uuid = text(field, "familyUuid").unwrap_or_default();
                let family = state
                    .families
                    .iter()
                    .find(|family| family.uuid == uuid)
                    .map(|family| family.id);
                state.policies_of(field, family)
            }
            "insureePolicy" => {
                let number = text(field, "insuree_ChfId").unwrap_or_default();
                let family = state
                    .insurees
                    .iter()
                    .find(|insuree| insuree.number == number)
                    .map(|insuree| insuree.family);
                let rows: Vec<&Policy> = state
                    .policies
                    .iter()
                    .filter(|policy| Some(policy.family) == family)
                    .collect();
                connection(field, &rows, |policy, field| match field.name.as_str() {
                    "policy" => object(field, |field| state.policy(policy, field)),
                    "startDate" | "effectiveDate" | "expiryDate" => state.policy(policy, field),
                    other => Err(unknown(other, "InsureePolicyGQLType")),
                })
            }
            "policies" => {
                let rows: Vec<&Policy> = state
                    .policies
                    .iter()
                    .filter(|policy| fits(policy, field))
                    .collect();
                connection(field, &rows, |policy, field| state.policy(policy, field))
            }
            "policyValues" => policy_values(field),
            "products" => connection(field, &[()], |(), field| match field.name.as_str() {
                "uuid" => Ok(json!("c0000000-0000-0000-0000-000000000004")),
                _ => product(field),
            }),
            "policyOfficers" => {
                let search = text(field, "search").unwrap_or_default();
                let rows: Vec<_> = OFFICERS
                    .iter()
                    .filter(|officer| officer.code.contains(search))
                    .collect();
                connection(field, &rows, |officer, field| match field.name.as_str() {
                    "id" => Ok(relay("Officer", officer.id)),
                    "uuid" => Ok(json!(officer.uuid)),
                    "code" => Ok(json!(officer.code)),
                    "otherNames" => Ok(json!(officer.names.0)),
                    "lastName" => Ok(json!(officer.names.1)),
                    "phone" => Ok(json!("")),
                    other => Err(unknown(other, "OfficerGQLType")),
                })
            }
            "premiums" | "premiumsByPolicies" => state.premiums_of(field),
            "policyRenewals" => connection(field, &Vec::<()>::new(), |(), _| Ok(Value::Null)),
            "validatePremiumCode" => {
                let code = text(field, "code").unwrap_or_default();
                Ok(json!(
                    state.premiums.iter().all(|premium| premium.receipt != code)
                ))
            }
            "tickets" => {
                let key = text(field, "key");
                let rows: Vec<_> = state
                    .tickets
                    .iter()
                    .filter(|ticket| Some(ticket.key.as_str()) == key)
                    .collect();
                connection(field, &rows, |ticket, _| Ok(json!(ticket.code)))
            }
            other => Err(unknown(other, "Query")),
        }
    }

    fn head(&self, family: i64) -> &Insuree {
        let current = self
            .insurees
            .iter()
            .find(|insuree| insuree.family == family && insuree.head && !insuree.old);
        current.unwrap()
    }

    fn insuree(&self, insuree: &Insuree, field: &Field) -> Found<Value> {
        Ok(match field.name.as_str() {
            "id" => relay("Insuree", insuree.id),
            "uuid" => json!(insuree.uuid),
            "chfId" => json!(insuree.number),
            "otherNames" => json!(insuree.other_names),
            "lastName" => json!(insuree.last_name),
            "dob" => json!(insuree.born),
            "phone" => json!(insuree.phone),
            "email" => json!(""),
            "head" => json!(insuree.head),
            "status" => json!("AC"),
            "gender" => json!({"code": "M", "gender": "Male"}),
            "cardIssued" => json!(false),
            "healthFacility" => Value::Null,
            "validityTo" if insuree.old => json!("2020-01-01T00:00:00"),
            "validityTo" => Value::Null,
            "relationship" => insuree.relation.map_or(
                Value::Null,
                |(id, relation)| json!({"id": id, "relation": relation}),
            ),
            "family" => {
                let family = self
                    .families
                    .iter()
                    .find(|family| family.id == insuree.family)
                    .unwrap();
                object(field, |field| self.family(family, field))?
            }
            other => return Err(unknown(other, "InsureeGQLType")),
        })
    }

    fn family(&self, family: &Family, field: &Field) -> Found<Value> {
        Ok(match field.name.as_str() {
            "id" => relay("Family", family.id),
            "uuid" => json!(family.uuid),
            "headInsuree" => object(field, |field| self.insuree(self.head(family.id), field))?,
            "location" => object(field, |field| {
                Ok(match field.name.as_str() {
                    "code" => json!(family.village.0),
                    "name" => json!(family.village.1),
                    "type" => json!("V"),
                    "id" => relay("Location", 60),
                    "parent" => json!({"code": "R1D2M1", "name": "Actoloby"}),
                    other => return Err(unknown(other, "LocationGQLType")),
                })
            })?,
            // With all of their history, as the real one.
            "members" => {
                let rows: Vec<&Insuree> = self
                    .insurees
                    .iter()
                    .filter(|insuree| insuree.family == family.id)
                    .collect();
                connection(field, &rows, |insuree, field| self.insuree(insuree, field))?
            }
            other => return Err(unknown(other, "FamilyGQLType")),
        })
    }

    fn policy(&self, policy: &Policy, field: &Field) -> Found<Value> {
        Ok(match field.name.as_str() {
            "id" => relay("Policy", policy.id),
            "uuid" => json!(policy.uuid),
            "stage" => json!(policy.stage.to_string()),
            "status" => json!(policy.status),
            "value" => decimal(policy.value),
            "startDate" => json!(policy.start),
            "enrollDate" => json!(policy.enrolled),
            "effectiveDate" => json!(policy.effective),
            "expiryDate" => json!(policy.expiry),
            "sumPremiums" => json!(self.paid(&policy.uuid)),
            "product" => object(field, product)?,
            "officer" => object(field, |field| {
                Ok(match field.name.as_str() {
                    "id" => relay("Officer", policy.officer),
                    "code" => json!(officer(policy.officer)),
                    other => return Err(unknown(other, "OfficerGQLType")),
                })
            })?,
            "family" => {
                let family = self
                    .families
                    .iter()
                    .find(|family| family.id == policy.family)
                    .unwrap();
                object(field, |field| self.family(family, field))?
            }
            other => return Err(unknown(other, "PolicyGQLType")),
        })
    }

    /// Another type, with other names for the same.
    fn policies_of(&self, field: &Field, family: Option<i64>) -> Found<Value> {
        let mut rows: Vec<&Policy> = self
            .policies
            .iter()
            .filter(|policy| Some(policy.family) == family)
            .collect();
        if field.arguments.get("activeOrLastExpiredOnly") == Some(&json!(true)) {
            let today = self.today;
            rows.retain(|policy| policy.status == 2 && policy.expiry >= today);
        }
        connection(field, &rows, |policy, field| {
            Ok(match field.name.as_str() {
                "policyId" => json!(policy.id),
                "policyUuid" => json!(policy.uuid),
                "productCode" => json!(PRODUCT.1),
                "productName" => json!(PRODUCT.2),
                "policyValue" | "balance" => json!(policy.value),
                "officerCode" => json!(officer(policy.officer)),
                "ded" | "dedInPatient" | "dedOutPatient" | "ceiling" => Value::Null,
                "ceilingInPatient" | "ceilingOutPatient" => json!(0.0),
                "status" | "startDate" | "enrollDate" | "effectiveDate" | "expiryDate" => {
                    self.policy(policy, field)?
                }
                other => return Err(unknown(other, "PolicyByFamilyOrInsureeGQLType")),
            })
        })
    }

    fn premiums_of(&self, field: &Field) -> Found<Value> {
        let wanted = field.arguments.get("policyUuids").and_then(Value::as_array);
        let fits = |policy: &str| wanted.is_none_or(|wanted| wanted.contains(&json!(policy)));
        let rows: Vec<_> = self
            .premiums
            .iter()
            .filter(|premium| fits(&premium.policy))
            .collect();
        connection(field, &rows, |premium, field| {
            Ok(match field.name.as_str() {
                "uuid" => json!("40000000-0000-0000-0000-000000000001"),
                "amount" => decimal(premium.amount),
                "receipt" => json!(premium.receipt),
                "payDate" => json!(premium.paid_on),
                "payType" => json!("M"),
                "policy" => {
                    let policy = self
                        .policies
                        .iter()
                        .find(|policy| policy.uuid == premium.policy)
                        .unwrap();
                    object(field, |field| self.policy(policy, field))?
                }
                other => return Err(unknown(other, "PremiumGQLType")),
            })
        })
    }

    /// A log that waits is done after so many looks at it.
    fn logs(&mut self, field: &Field) -> Found<Value> {
        let wanted = text(field, "clientMutationId").map(str::to_owned);
        let is_wanted = |id: &str| wanted.as_deref().is_none_or(|wanted| wanted == id);
        for index in 0..self.logs.len() {
            if !is_wanted(&self.logs[index].client_id) {
                continue;
            }
            match self.logs[index].waits.take() {
                Some((0, mutation, input)) => {
                    let ended = self.run(&mutation, &input);
                    self.logs[index].end(ended);
                }
                Some((looks, mutation, input)) => {
                    self.logs[index].waits = Some((looks - 1, mutation, input))
                }
                None => {}
            }
        }
        let rows: Vec<_> = self
            .logs
            .iter()
            .filter(|log| is_wanted(&log.client_id))
            .collect();
        connection(field, &rows, |log, field| {
            Ok(match field.name.as_str() {
                "status" => json!(log.status),
                "error" => json!(log.error),
                "clientMutationId" => json!(log.client_id),
                "clientMutationLabel" => json!(log.label),
                "id" | "requestDateTime" | "jsonContent" => json!("-"),
                other => return Err(unknown(other, "MutationLogGQLType")),
            })
        })
    }
}

impl super::state::Log {
    pub(crate) fn end(&mut self, ended: Result<(), (String, String)>) {
        self.status = if ended.is_ok() { 2 } else { 1 };
        self.error = ended.err().map(|(message, detail)| {
            format!("[{{\"message\": \"{message}\", \"detail\": \"{detail}\"}}]")
        });
    }
}

fn officer(id: i64) -> &'static str {
    OFFICERS
        .iter()
        .find(|officer| officer.id == id)
        .unwrap()
        .code
}

fn product(field: &Field) -> Found<Value> {
    Ok(match field.name.as_str() {
        "id" => relay("Product", PRODUCT.0),
        "code" => json!(PRODUCT.1),
        "name" => json!(PRODUCT.2),
        other => return Err(unknown(other, "ProductGQLType")),
    })
}

fn policy_values(field: &Field) -> Found<Value> {
    let day: NaiveDate = text(field, "enrollDate").unwrap()[..10].parse().unwrap();
    let stage = text(field, "stage");
    object(field, |field| match field.name.as_str() {
        "warnings" => Ok(json!([])),
        _ => object(field, |field| {
            Ok(match field.name.as_str() {
                "startDate" | "enrollDate" => json!(day),
                "expiryDate" => json!(year_from(day)),
                "value" => json!("10000.00"),
                "stage" => json!(stage),
                "status" => Value::Null,
                other => return Err(unknown(other, "PolicyGQLType")),
            })
        }),
    })
}

/// The filters of the poll.
fn fits(policy: &Policy, field: &Field) -> bool {
    field.arguments.iter().all(|(name, value)| {
        let date = |held: Option<NaiveDate>| held.map(|held| held.to_string()).zip(value.as_str());
        let at_least = |held| date(held).is_some_and(|(held, asked)| held.as_str() >= asked);
        let at_most = |held| date(held).is_some_and(|(held, asked)| held.as_str() <= asked);
        match name.as_str() {
            "uuid" => value.as_str() == Some(policy.uuid.as_str()),
            "stage" => value.as_str() == Some(policy.stage.to_string().as_str()),
            "status" => value.as_i64() == Some(policy.status),
            "status_Gte" => value.as_i64().is_some_and(|least| policy.status >= least),
            "enrollDate_Gte" => at_least(Some(policy.enrolled)),
            "enrollDate_Lte" => at_most(Some(policy.enrolled)),
            "effectiveDate_Gte" => at_least(policy.effective),
            "effectiveDate_Lte" => at_most(policy.effective),
            "expiryDate_Gte" => at_least(Some(policy.expiry)),
            "expiryDate_Lte" => at_most(Some(policy.expiry)),
            _ => true,
        }
    })
}
