//! What is asked, as GraphQL. Only fields and arguments that both releases have.

use serde_json::{Map, Value, json};

/// Log in.
pub(super) const LOGIN: &str = "mutation($username:String!,$password:String!){tokenAuth(username:$username,password:$password){token refreshExpiresIn payload}}";

/// A new token for one that still holds.
pub(super) const REFRESH: &str =
    "mutation($token:String!){refreshToken(token:$token){token payload refreshExpiresIn}}";

/// The token against forged requests, which only 26.04 has.
pub(super) const CSRF: &str = "mutation{getCsrfToken{csrfToken}}";

/// Who has a number, her family, and her policies: all of an enquiry. What of a policy is unpaid is in
/// `sumPremiums` alone; `balance` is something else.
pub(super) const HOUSEHOLD: &str = "query($number:String!){\
insurees(chfId:$number,ignoreLocation:true,first:2){edges{node{chfId otherNames lastName \
family{id uuid headInsuree{chfId} members{edges{node{chfId otherNames lastName head validityTo}}}}}}}\
policiesByInsuree(chfId:$number,orderBy:\"expiryDate\"){edges{node{policyUuid productCode status startDate effectiveDate expiryDate policyValue ceiling}}}\
insureePolicy(insuree_ChfId:$number,first:100){edges{node{policy{uuid stage sumPremiums product{id code} officer{id code}}}}}}";

/// Who has a phone in one of its forms; to be asked with the others.
pub(super) const PHONE: &str =
    "insurees(phone:$each,ignoreLocation:true,first:5){edges{node{chfId head}}}";

/// What a family holds; to be asked with others.
pub(super) const HELD: &str = "policiesByFamily(familyUuid:$each){edges{node{status expiryDate}}}";

/// What a policy would cost, and its days.
pub(super) const VALUES: &str = "query($stage:String!,$previous:String,$day:DateTime!,$product:Int!,$family:Int!){\
policyValues(stage:$stage,prevUuid:$previous,enrollDate:$day,productId:$product,familyId:$family){policy{startDate expiryDate value} warnings}}";

/// The same where there was none before: an absent previous policy must not be named at all.
pub(super) const FIRST_VALUES: &str = "query($stage:String!,$day:DateTime!,$product:Int!,$family:Int!){\
policyValues(stage:$stage,enrollDate:$day,productId:$product,familyId:$family){policy{startDate expiryDate value} warnings}}";

/// The products.
pub(super) const PRODUCTS: &str = "{products(first:100){edges{node{id code}}}}";

/// The enrolment officers that a code may be one of.
pub(super) const OFFICERS: &str =
    "query($code:String!){policyOfficers(search:$code,first:20){edges{node{id code}}}}";

/// The premiums of some policies.
pub(super) const PREMIUMS: &str = "query($policies:[String]!){premiumsByPolicies(policyUuids:$policies){edges{node{amount receipt payDate policy{uuid}}}}}";

/// What became of a mutation.
pub(super) const LOG: &str =
    "query($id:String!){mutationLogs(clientMutationId:$id){edges{node{status error}}}}";

/// What a ticket can say, where there are tickets at all.
pub(super) const TICKETS: &str = "{__type(name:\"CreateTicketMutationInput\"){inputFields{name}}}";

/// The ticket that we gave a key.
pub(super) const TICKET: &str = "query($key:String!){tickets(key:$key){edges{node{code}}}}";

/// One question of many: a part is asked for each value, under the aliases `v0`, `v1`, … The values are its variables.
pub(super) fn for_each<'a>(part: &str, values: impl Iterator<Item = &'a str>) -> (String, Value) {
    let (mut takes, mut asks, mut variables) = (Vec::new(), Vec::new(), Map::new());
    for (number, value) in values.enumerate() {
        let name = format!("v{number}");
        takes.push(format!("${name}:String!"));
        asks.push(format!(
            "{name}:{}",
            part.replace("$each", &format!("${name}"))
        ));
        variables.insert(name, json!(value));
    }
    let document = format!("query({}){{{}}}", takes.join(","), asks.join(" "));
    (document, Value::Object(variables))
}

/// A mutation by its name and its input's type.
pub(super) fn mutation(name: &str) -> String {
    let mut input = name.to_owned();
    if let Some(first) = input.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    format!(
        "mutation($input:{input}MutationInput!){{{name}(input:$input){{internalId clientMutationId}}}}"
    )
}
