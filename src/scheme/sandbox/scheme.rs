use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::NaiveDate;

use super::{
    cover::{Renewal, Standing, bought_days},
    people::{Person, Temper},
};
use crate::{
    model::{Amount, Currency, MemberNumber, Msisdn},
    scheme::{Cover, Enrolment, Finding, Person as Covered, Premium, Quote, Scheme, SchemeError},
    store::{SandboxPolicy, Store, StoreError},
};

const NAME: &str = "sandbox";
const PRODUCT: &str = "CHF";
/// What a household pays for a year, in shillings.
const PRICE: i64 = 30_000;

/// How the demo scheme behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long it takes for the number that it is slow for.
    pub slow: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            slow: Duration::from_secs(10),
        }
    }
}

/// The demo scheme.
#[derive(Debug)]
pub struct SandboxScheme {
    name: String,
    store: Arc<dyn Store>,
    options: Options,
}

impl SandboxScheme {
    /// A scheme whose bought cover is in `store`.
    pub fn new(store: Arc<dyn Store>, options: Options) -> Self {
        Self {
            name: NAME.to_owned(),
            store,
            options,
        }
    }

    /// The same under another name.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        let name = name.to_owned();
        Self { name, ..self }
    }

    /// Who has the number, as soon as the scheme would answer about it.
    async fn person(
        &self,
        member: MemberNumber,
        asked: &'static str,
    ) -> Result<Option<&'static Person>, SchemeError> {
        let Some(person) = Person::with_number(member) else {
            return Ok(None);
        };
        match person.temper {
            Temper::Prompt => {}
            Temper::Slow => tokio::time::sleep(self.options.slow).await,
            Temper::Failing => {
                return Err(SchemeError::Unavailable {
                    asked,
                    source: None,
                });
            }
        }
        Ok(Some(person))
    }

    async fn standing(
        &self,
        person: &Person,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Standing, StoreError> {
        let mut tx = self.store.read().await?;
        let bought = tx.sandbox().last_policy(member).await?;
        Ok(Standing::on(today, person.baseline, bought.as_ref()))
    }

    async fn write(&self, policy: &SandboxPolicy) -> Result<(), StoreError> {
        let mut tx = self.store.write().await?;
        // A receipt that is there is the same premium told again.
        tx.sandbox().add_policy(policy).await?;
        tx.commit().await
    }
}

#[async_trait]
impl Scheme for SandboxScheme {
    fn name(&self) -> &str {
        &self.name
    }

    async fn member_of_phone(&self, phone: &Msisdn) -> Result<Option<MemberNumber>, SchemeError> {
        Ok(Person::with_phone(phone))
    }

    async fn cover(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Cover>, SchemeError> {
        let asked = "the cover";
        let Some(person) = self.person(member, asked).await? else {
            return Ok(None);
        };
        let standing = self.standing(person, member, today).await;
        let standing = standing.map_err(|error| SchemeError::unavailable(asked, error))?;
        Ok(Some(cover(member, person, standing)))
    }

    async fn quote(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Quote>, SchemeError> {
        let asked = "the price of renewing";
        let Some(person) = self.person(member, asked).await? else {
            return Ok(None);
        };
        let standing = self.standing(person, member, today).await;
        let standing = standing.map_err(|error| SchemeError::unavailable(asked, error))?;
        Ok(Some(quote(member, person, standing.renewal(today))))
    }

    async fn enrol(&self, enrolment: &Enrolment) -> Result<Quote, SchemeError> {
        let asked = "an enrolment";
        if enrolment.product != PRODUCT {
            return Err(SchemeError::refused(asked, "there is no such product"));
        }
        let quote = self.quote(enrolment.member, enrolment.today).await?;
        quote.ok_or_else(|| SchemeError::refused(asked, "nobody has this number"))
    }

    async fn record_payment(&self, premium: &Premium) -> Result<Cover, SchemeError> {
        let asked = "the premium";
        let member = premium.member;
        let person = self.person(member, asked).await?;
        let person = person.ok_or_else(|| SchemeError::refused(asked, "nobody has this number"))?;
        if premium.product != PRODUCT {
            return Err(SchemeError::refused(asked, "there is no such product"));
        }
        let written = self.write(&policy(premium)).await;
        written.map_err(|error| SchemeError::unavailable(asked, error))?;
        let standing = self.standing(person, member, premium.paid_on).await;
        let standing = standing.map_err(|error| SchemeError::unavailable(asked, error))?;
        Ok(cover(member, person, standing))
    }

    async fn look(&self, _: NaiveDate) -> Vec<Finding> {
        let read = self.store.read().await;
        vec![match read {
            Ok(_) => Finding::good("It is the demo's own, and answers."),
            Err(error) => Finding::bad(format!("Its store cannot be read: {error}.")),
        }]
    }
}

fn policy(premium: &Premium) -> SandboxPolicy {
    let (from, to) = bought_days((premium.from, premium.to), premium.paid_on);
    SandboxPolicy {
        member: premium.member,
        from,
        to,
        paid: premium.amount,
        receipt: premium.receipt.clone(),
    }
}

fn quote(member: MemberNumber, person: &Person, renewal: Renewal) -> Quote {
    Quote {
        member,
        // Only heads have numbers in the demo.
        family: member.to_string(),
        name: person.name(),
        product: PRODUCT.to_owned(),
        persons: person.persons,
        amount: Amount::from_major(PRICE, Currency::TZS),
        paid: Amount::from_major(0, Currency::TZS),
        from: renewal.from,
        to: renewal.to,
        period: renewal.period,
        status: renewal.status,
    }
}

fn cover(member: MemberNumber, person: &Person, standing: Standing) -> Cover {
    Cover {
        member,
        first_name: person.first_name.to_owned(),
        last_name: person.last_name.to_owned(),
        status: standing.status,
        from: standing.from,
        to: standing.to,
        product: Some(PRODUCT.to_owned()),
        ceiling: None,
        family: vec![Covered {
            member,
            first_name: person.first_name.to_owned(),
            last_name: person.last_name.to_owned(),
        }],
    }
}
