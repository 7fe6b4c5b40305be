use chrono::{Days, NaiveDate};
use serde_json::{Map, Value, json};

use super::{
    Failure, OpenImis, documents,
    pricing::{Priced, alone, hidden},
    read::{Household, OfficerAnswer, PremiumAnswer},
    standing,
    writing::{Outcome, Step},
};
use crate::{
    model::MemberNumber,
    scheme::{Enrolment, Premium},
};

/// openIMIS's word for a receipt that the product knows.
const TAKEN: &str = "code_already_taken";
/// And for a day that has not begun where it stands.
const FUTURE: &str = "enroll_date_in_the_future";

/// A policy to be written.
struct Wanted<'a> {
    product: &'a str,
    /// On which day.
    day: NaiveDate,
    /// What makes it the same however often it is begun.
    key: &'a str,
}

impl OpenImis {
    /// Writes a premium once for its receipt. Every run begins with what is true, so one that was broken off
    /// anywhere goes on where it was.
    pub(super) async fn paid(&self, premium: &Premium) -> Result<Household, Failure> {
        let household = self.known(premium.member).await?;
        if self.has_premium(&household, premium).await? {
            return Ok(household);
        }
        let waiting = standing::waiting(&household, &premium.product, premium.paid_on);
        let policy = match waiting {
            Some(policy) => policy.uuid.clone(),
            None => self.policy_for(&household, premium).await?,
        };
        self.write_premium(&household, &policy, premium).await?;
        self.known(premium.member).await
    }

    /// The policy of an enrolment: the one that waits already, else a new one.
    pub(super) async fn enrolled(&self, enrolment: &Enrolment) -> Result<Household, Failure> {
        let household = self.known(enrolment.member).await?;
        if standing::waiting(&household, &enrolment.product, enrolment.today).is_some() {
            return Ok(household);
        }
        let wanted = Wanted {
            product: &enrolment.product,
            day: enrolment.today,
            key: &enrolment.key,
        };
        self.write_policy(&household, &wanted).await?;
        self.known(enrolment.member).await
    }

    /// Makes the policy that a premium pays, and reads it back.
    async fn policy_for(
        &self,
        household: &Household,
        premium: &Premium,
    ) -> Result<String, Failure> {
        let wanted = Wanted {
            product: &premium.product,
            day: premium.paid_on,
            key: &key(household, premium),
        };
        self.write_policy(household, &wanted).await?;
        let household = self.known(premium.member).await?;
        let policy = standing::waiting(&household, &premium.product, premium.paid_on);
        policy
            .map(|policy| policy.uuid.clone())
            .ok_or(Failure::Unreadable("the policy that it wrote"))
    }

    /// Renews the last paid policy of a product; where there has been none, writes the first.
    async fn write_policy(
        &self,
        household: &Household,
        wanted: &Wanted<'_>,
    ) -> Result<(), Failure> {
        let family = household.family.as_ref().ok_or_else(alone)?;
        let previous = standing::last_paid(household, wanted.product);
        let details = previous
            .map(|policy| policy.details.as_ref().ok_or_else(hidden))
            .transpose()?;
        let priced = Priced {
            family: family.id,
            product: match details {
                Some(details) => details.product_id,
                None => self.product_id(wanted.product).await?,
            },
            previous,
        };
        let officer = match details.and_then(|details| details.officer_id) {
            Some(officer) => officer,
            None => self.officer_id().await?,
        };
        let values = self.values(priced, wanted.day).await?;
        let (from, to) = standing::period(values, previous);
        let mutation = previous.map_or("createPolicy", |_| "renewPolicy");
        let yesterday = wanted
            .day
            .checked_sub_days(Days::new(1))
            .unwrap_or(wanted.day);
        let mut declined = String::new();
        // Where the server is behind our day, as with one that lives in UTC after our midnight, the day
        // before is the day it takes.
        for enrolled in [wanted.day, yesterday] {
            let input = object(json!({
                "enrollDate": enrolled,
                "startDate": from,
                "expiryDate": to,
                "value": values.value.to_decimal(),
                "productId": priced.product,
                "familyId": priced.family,
                "officerId": officer,
            }));
            let step = Step {
                mutation,
                key: wanted.key,
                input,
            };
            match self.asking().write(&step, self.options().patience).await? {
                Outcome::Written => return Ok(()),
                Outcome::Declined(reason) => declined = reason,
            }
            if !declined.contains(FUTURE) {
                break;
            }
        }
        Err(Failure::Refused(format!(
            "openIMIS did not write the policy: {declined}"
        )))
    }

    async fn write_premium(
        &self,
        household: &Household,
        policy: &str,
        premium: &Premium,
    ) -> Result<(), Failure> {
        let input = object(json!({
            "policyUuid": policy,
            "amount": premium.amount.to_decimal(),
            "receipt": premium.receipt,
            "payDate": premium.paid_on,
            "payType": "M",
            "isPhotoFee": false,
            "isOffline": false,
        }));
        let step = Step {
            mutation: "createPremium",
            key: &key(household, premium),
            input,
        };
        match self.asking().write(&step, self.options().patience).await? {
            Outcome::Written => Ok(()),
            // A run before this one may have written it, with its answer and its log lost.
            Outcome::Declined(reason) if reason.contains(TAKEN) => {
                let household = self.known(premium.member).await?;
                if self.has_premium(&household, premium).await? {
                    return Ok(());
                }
                Err(Failure::Refused(
                    "openIMIS has this receipt already, for another family".to_owned(),
                ))
            }
            Outcome::Declined(reason) => Err(Failure::Refused(format!(
                "openIMIS did not write the premium: {reason}"
            ))),
        }
    }

    /// Whether the receipt stands at one of the family's policies. With another amount it is another payment.
    async fn has_premium(&self, household: &Household, premium: &Premium) -> Result<bool, Failure> {
        let policies = household
            .policies
            .iter()
            .filter(|policy| policy.product == premium.product);
        let policies: Vec<&str> = policies.map(|policy| policy.uuid.as_str()).collect();
        if policies.is_empty() {
            return Ok(false);
        }
        let answer: PremiumAnswer = self
            .asking()
            .ask(documents::PREMIUMS, json!({"policies": policies}))
            .await?;
        let found = answer.with_receipt(&premium.receipt, self.options().currency)?;
        match found {
            Some(found) if found != premium.amount => Err(Failure::Refused(
                "openIMIS has this receipt with another amount".to_owned(),
            )),
            Some(_) => Ok(true),
            None => Ok(false),
        }
    }

    async fn known(&self, member: MemberNumber) -> Result<Household, Failure> {
        let household = self.household(member).await?;
        household.ok_or_else(|| Failure::Refused("openIMIS does not know this member".to_owned()))
    }

    /// The officer of the settings.
    pub(super) async fn officer_id(&self) -> Result<i64, Failure> {
        let Some(code) = &self.options().officer else {
            return Err(Failure::Refused(
                "the settings name no enrolment officer".to_owned(),
            ));
        };
        let answer: OfficerAnswer = self
            .asking()
            .ask(documents::OFFICERS, json!({"code": code}))
            .await?;
        let found = answer.with_code(code)?;
        found.ok_or_else(|| Failure::Refused(format!("openIMIS has no enrolment officer {code}")))
    }
}

/// What a payment's steps are called by. Of a receipt that came to two families each has its own steps, so
/// that what was done for one is not taken for the other's.
fn key(household: &Household, premium: &Premium) -> String {
    let family = household.family.as_ref().map_or(0, |family| family.id);
    format!("{}-{family}", premium.receipt)
}

/// The parts of an object.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}
