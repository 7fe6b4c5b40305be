use chrono::NaiveDate;
use serde_json::json;

use super::{
    Failure, OpenImis, documents,
    read::{Household, Policy, ProductAnswer, Values, ValuesAnswer},
    standing::{self, Basis},
};
use crate::{
    model::Amount,
    scheme::{Quote, QuoteStatus},
};

/// What is asked a price for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Priced<'a> {
    pub(super) family: i64,
    pub(super) product: i64,
    /// The policy that is renewed; none for the first of a product.
    pub(super) previous: Option<&'a Policy>,
}

impl OpenImis {
    /// What there is to pay for a household.
    pub(super) async fn quoted(
        &self,
        household: &Household,
        today: NaiveDate,
    ) -> Result<Option<Quote>, Failure> {
        match standing::basis(household, self.options(), today) {
            Basis::Waiting(policy, last) => {
                Ok(Some(self.of_waiting(household, policy, last, today)?))
            }
            Basis::Suspended(policy) => Ok(Some(self.suspended(household, policy))),
            Basis::Renewal(previous) => {
                let Some(details) = &previous.details else {
                    return Err(hidden());
                };
                let family = household.family.as_ref().ok_or_else(alone)?;
                let priced = Priced {
                    family: family.id,
                    product: details.product_id,
                    previous: Some(previous),
                };
                let values = self.values(priced, today).await?;
                let status = standing::renewable(previous, self.options(), today);
                let last = standing::last_paid(household, &previous.product);
                let quote = self.quote_of(household, &previous.product, last);
                Ok(Some(priced_at(quote, values, priced, status)))
            }
            Basis::First => self.first(household, today).await,
        }
    }

    /// A family that has had no policy is offered the first product of the settings, if any.
    async fn first(
        &self,
        household: &Household,
        today: NaiveDate,
    ) -> Result<Option<Quote>, Failure> {
        let Some((product, family)) = self
            .options()
            .products
            .first()
            .zip(household.family.as_ref())
        else {
            return Ok(None);
        };
        let priced = Priced {
            family: family.id,
            product: self.product_id(product).await?,
            previous: None,
        };
        let values = self.values(priced, today).await?;
        let quote = self.quote_of(household, product, None);
        Ok(Some(priced_at(quote, values, priced, QuoteStatus::Unpaid)))
    }

    /// A price of openIMIS's own reckoning.
    pub(super) async fn values(
        &self,
        priced: Priced<'_>,
        day: NaiveDate,
    ) -> Result<Values, Failure> {
        let mut variables = json!({
            "stage": priced.previous.map_or("N", |_| "R"),
            "day": format!("{day}T00:00:00"),
            "product": priced.product,
            "family": priced.family,
        });
        let document = match priced.previous {
            Some(previous) => {
                variables["previous"] = json!(previous.uuid);
                documents::VALUES
            }
            None => documents::FIRST_VALUES,
        };
        let answer: ValuesAnswer = self.asking().ask(document, variables).await?;
        answer.read(self.options().currency)
    }

    /// The id of a product.
    pub(super) async fn product_id(&self, code: &str) -> Result<i64, Failure> {
        let answer: ProductAnswer = self.asking().ask(documents::PRODUCTS, json!({})).await?;
        let found = answer.with_code(code)?;
        found.ok_or_else(|| Failure::Refused(format!("openIMIS has no product {code}")))
    }

    fn of_waiting(
        &self,
        household: &Household,
        policy: &Policy,
        last: Option<&Policy>,
        today: NaiveDate,
    ) -> Result<Quote, Failure> {
        let paid = policy.details.as_ref().ok_or_else(hidden)?.paid;
        let status = last.map_or(QuoteStatus::Unpaid, |last| {
            match standing::renewable(last, self.options(), today) {
                // It is written already, so it can be paid.
                QuoteStatus::Early(_) | QuoteStatus::Renewable => QuoteStatus::Renewable,
                other @ (QuoteStatus::Lapsed | QuoteStatus::Unpaid | QuoteStatus::Suspended) => {
                    other
                }
            }
        });
        let amount = Amount {
            minor: policy.value.minor.saturating_sub(paid.minor),
            ..policy.value
        };
        if amount.minor <= 0 {
            let why = "the policy is paid and openIMIS has not begun it: its people have to";
            return Err(Failure::Refused(why.to_owned()));
        }
        let quote = self.quote_of(household, &policy.product, last);
        Ok(Quote {
            amount,
            paid,
            from: policy.from.max(today),
            to: policy.to,
            status,
            ..quote
        })
    }

    fn suspended(&self, household: &Household, policy: &Policy) -> Quote {
        Quote {
            amount: policy.value,
            from: policy.from,
            to: policy.to,
            status: QuoteStatus::Suspended,
            ..self.quote_of(household, &policy.product, Some(policy))
        }
    }

    /// What is the same of every quote of a household and product; price and days are still to come.
    fn quote_of(&self, household: &Household, product: &str, last_paid: Option<&Policy>) -> Quote {
        let person = &household.person;
        let family = household.family.as_ref();
        let nothing = Amount {
            minor: 0,
            currency: self.options().currency,
        };
        Quote {
            member: person.member,
            family: family.map_or_else(|| person.member.to_string(), |family| family.uuid.clone()),
            name: format!("{} {}", person.first_name, person.last_name)
                .trim()
                .to_owned(),
            product: product.to_owned(),
            persons: family.map_or(1, |family| family.count),
            amount: nothing,
            paid: nothing,
            from: NaiveDate::MIN,
            to: NaiveDate::MIN,
            period: standing::period_key(last_paid),
            status: QuoteStatus::Unpaid,
        }
    }
}

fn priced_at(quote: Quote, values: Values, priced: Priced<'_>, status: QuoteStatus) -> Quote {
    let (from, to) = standing::period(values, priced.previous);
    Quote {
        amount: values.value,
        from,
        to,
        status,
        ..quote
    }
}

/// A policy whose parts the account may not see.
pub(super) fn hidden() -> Failure {
    Failure::Refused("openIMIS does not show this family's policies whole: it lies outside the districts of this user".to_owned())
}

/// A member without a family has nothing that can be renewed.
pub(super) fn alone() -> Failure {
    Failure::Refused("this member belongs to no family in openIMIS".to_owned())
}
