use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    model::{Amount, Currency, MemberNumber, gsm7},
    scheme::{
        Person,
        openimis::{Household, Policy, Status},
    },
};

/// How many rows are looked at, and how long a text is.
const ROWS: usize = 100;
const LONGEST: usize = 60;

/// What comes of an enquiry. The names of its parts begin with small letters or great ones, as the server is set up.
#[derive(Debug, Deserialize)]
pub(super) struct Enquiry {
    #[serde(default, alias = "CHFID", alias = "chfId")]
    chfid: Option<String>,
    #[serde(default, alias = "InsureeName", rename = "insureeName")]
    name: Option<String>,
    #[serde(default, alias = "Details")]
    details: Option<Vec<Detail>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    #[serde(default, alias = "ProductCode")]
    product_code: Option<String>,
    #[serde(default, alias = "Status")]
    status: Option<String>,
    #[serde(default, alias = "EffectiveDate")]
    effective_date: Option<String>,
    #[serde(default, alias = "ExpiryDate")]
    expiry_date: Option<String>,
    #[serde(default, alias = "PolicyValue")]
    policy_value: Option<Box<RawValue>>,
    #[serde(default, alias = "Ceiling1")]
    ceiling1: Option<Box<RawValue>>,
}

impl Enquiry {
    /// The member and her policies; `Ok(None)` where nobody has the number, `Err` for what cannot be read.
    pub(super) fn read(
        self,
        asked: MemberNumber,
        currency: Currency,
    ) -> Result<Option<Household>, Unreadable> {
        let Some(number) = self.chfid.filter(|number| !number.trim().is_empty()) else {
            return Ok(None);
        };
        if MemberNumber::parse(number.trim()).ok() != Some(asked) {
            return Err(Unreadable("the member that was asked for"));
        }
        let name = text(self.name.as_deref());
        let (first, last) = name.rsplit_once(' ').unwrap_or((name.as_str(), ""));
        let details = self
            .details
            .unwrap_or_default()
            .into_iter()
            .take(ROWS)
            .enumerate();
        // A member without a policy has one row without a product.
        let details = details.filter(|(_, detail)| {
            detail
                .product_code
                .as_deref()
                .is_some_and(|code| !code.is_empty())
        });
        let policies = details.map(|(number, detail)| detail.read(number, currency));
        let mut policies = policies.collect::<Result<Vec<Policy>, Unreadable>>()?;
        policies.sort_by_key(|policy| policy.to);
        let person = Person {
            member: asked,
            first_name: first.to_owned(),
            last_name: last.to_owned(),
        };
        Ok(Some(Household {
            person,
            family: None,
            policies,
        }))
    }
}

/// A part that is missing or of another shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it answered without {0} that can be read")]
pub(super) struct Unreadable(pub(super) &'static str);

impl Detail {
    fn read(self, number: usize, currency: Currency) -> Result<Policy, Unreadable> {
        let to = date(self.expiry_date.as_deref()).ok_or(Unreadable("a last day"))?;
        let value = self
            .policy_value
            .as_deref()
            .map(|value| amount(value, currency))
            .transpose()?;
        let ceiling = self
            .ceiling1
            .as_deref()
            .map(|ceiling| amount(ceiling, currency))
            .transpose()?;
        let letter = self.status.as_deref().map_or("", str::trim);
        Ok(Policy {
            uuid: number.to_string(),
            product: text(self.product_code.as_deref()),
            status: status(letter),
            // Where it does not say since when, the last day is the one that is sure.
            from: date(self.effective_date.as_deref()).unwrap_or(to),
            to,
            value: value.unwrap_or(Amount { minor: 0, currency }),
            ceiling,
            details: None,
        })
    }
}

fn status(letter: &str) -> Status {
    match letter {
        "I" => Status::Idle,
        "A" => Status::Active,
        "S" => Status::Suspended,
        "R" => Status::Ready,
        "E" => Status::Expired,
        _ => Status::Other,
    }
}

/// `2026-11-21`, with a time behind it or not, or `21/11/2026`.
fn date(text: Option<&str>) -> Option<NaiveDate> {
    let text = text?.trim();
    let day = text.get(..10)?;
    NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(day, "%d/%m/%Y"))
        .ok()
}

fn amount(exact: &RawValue, currency: Currency) -> Result<Amount, Unreadable> {
    Amount::parse_decimal(exact.get().trim_matches('"'), currency)
        .map_err(|_| Unreadable("an amount"))
}

fn text(text: Option<&str>) -> String {
    let head: String = text.unwrap_or_default().chars().take(LONGEST * 4).collect();
    gsm7::clean(&head)
        .chars()
        .take(LONGEST)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"chfid": "070707081", "insureeName": "Jane Mary Macintyre", "dob": "1952-05-07", "details": [
        {"productCode": "CHF", "expiryDate": "2027-02-28", "effectiveDate": "2026-03-01", "status": "A", "policyValue": 30000.0, "ceiling1": null},
        {"productCode": "CHF", "expiryDate": "28/02/2026", "effectiveDate": "", "status": "E", "policyValue": 30000}]}"#;

    fn read(body: &str) -> Result<Option<Household>, Unreadable> {
        let enquiry: Enquiry = serde_json::from_str(body).unwrap();
        enquiry.read(MemberNumber::parse("070707081").unwrap(), Currency::TZS)
    }

    #[test]
    fn an_enquiry_is_read_with_small_letters_and_great_ones() {
        let household = read(BODY).unwrap().unwrap();
        assert_eq!(
            (
                household.person.first_name.as_str(),
                household.person.last_name.as_str()
            ),
            ("Jane Mary", "Macintyre")
        );
        assert_eq!(household.policies.len(), 2);
        let policy = &household.policies[1];
        assert_eq!(
            (policy.status, policy.value),
            (Status::Active, Amount::from_major(30_000, Currency::TZS))
        );
        assert_eq!(policy.to.to_string(), "2027-02-28");
        let great = BODY
            .replace("chfid", "CHFID")
            .replace("productCode", "ProductCode")
            .replace("details", "Details");
        assert_eq!(read(&great).unwrap().unwrap().policies, household.policies);
    }

    #[test]
    fn nobody_is_told_from_one_without_a_policy_and_from_nonsense() {
        assert_eq!(read(r#"{"chfid": null, "details": []}"#), Ok(None));
        let without = read(
            r#"{"chfid": "070707081", "insureeName": "Jane", "details": [{"productCode": ""}]}"#,
        );
        assert!(without.unwrap().unwrap().policies.is_empty());
        assert!(read(r#"{"chfid": "070707066"}"#).is_err());
        assert!(read(&BODY.replace("2027-02-28", "soon")).is_err());
        assert!(read(&BODY.replace("30000.0", "3e9")).is_err());
    }
}
