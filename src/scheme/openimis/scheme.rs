use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use serde_json::json;
use tokio::sync::OnceCell;

use super::{
    AddressError, Budget, Failure, LocalBudget, Options,
    asking::Asking,
    documents, phones,
    read::{Household, HouseholdAnswer, PhoneAnswer},
    standing,
};
use crate::{
    model::{Clock, MemberNumber, Msisdn},
    scheme::{
        Changes, Complaint, Cover, Cursor, Enrolment, Filed, Finding, Premium, Quote, Scheme,
        SchemeError,
    },
};

/// An openIMIS.
#[derive(Debug)]
pub struct OpenImis {
    options: Options,
    asking: Asking,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) pages: LocalBudget,
    pub(super) tickets: OnceCell<Option<Vec<String>>>,
}

impl OpenImis {
    /// The one at the address of the options, asked as often as the budget lets. Nothing is sent yet.
    pub fn new(
        options: Options,
        clock: Arc<dyn Clock>,
        budget: Arc<dyn Budget>,
    ) -> Result<Self, AddressError> {
        Ok(Self {
            asking: Asking::new(&options, budget)?,
            pages: LocalBudget::a_minute(options.pages_a_minute),
            tickets: OnceCell::new(),
            options,
            clock,
        })
    }

    /// How many requests went out since it was made, logins among them.
    pub fn requests(&self) -> u64 {
        self.asking.sent()
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    pub(super) fn asking(&self) -> &Asking {
        &self.asking
    }

    /// All about a member, in one request.
    pub(super) async fn household(
        &self,
        member: MemberNumber,
    ) -> Result<Option<Household>, Failure> {
        let variables = json!({"number": member.to_string()});
        let answer: HouseholdAnswer = self.asking.ask(documents::HOUSEHOLD, variables).await?;
        answer.read(member, self.options.currency)
    }

    /// Whose phone it is: all its forms in one request.
    async fn holder(&self, phone: &Msisdn) -> Result<Option<MemberNumber>, Failure> {
        let forms = phones::forms(phone, &self.options.calling_code);
        if forms.is_empty() {
            return Ok(None);
        }
        let (document, variables) =
            documents::for_each(documents::PHONE, forms.iter().map(String::as_str));
        let answer: PhoneAnswer = self.asking.ask(&document, variables).await?;
        Ok(answer.read())
    }

    async fn quote_on(
        &self,
        household: Option<Household>,
        today: NaiveDate,
    ) -> Result<Option<Quote>, Failure> {
        match household {
            Some(household) => self.quoted(&household, today).await,
            None => Ok(None),
        }
    }
}

#[async_trait]
impl Scheme for OpenImis {
    fn name(&self) -> &str {
        &self.options.name
    }

    async fn member_of_phone(&self, phone: &Msisdn) -> Result<Option<MemberNumber>, SchemeError> {
        let asked = |failure: Failure| failure.into_error("the member of a phone");
        self.holder(phone).await.map_err(asked)
    }

    async fn cover(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Cover>, SchemeError> {
        let asked = |failure: Failure| failure.into_error("the cover");
        let household = self.household(member).await.map_err(asked)?;
        Ok(household.map(|household| standing::cover(household, today)))
    }

    async fn quote(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Quote>, SchemeError> {
        let asked = |failure: Failure| failure.into_error("a quote");
        let household = self.household(member).await.map_err(asked)?;
        self.quote_on(household, today).await.map_err(asked)
    }

    async fn enrol(&self, enrolment: &Enrolment) -> Result<Quote, SchemeError> {
        let asked = |failure: Failure| failure.into_error("an enrolment");
        let household = self.enrolled(enrolment).await.map_err(asked)?;
        let quote = self
            .quote_on(Some(household), enrolment.today)
            .await
            .map_err(asked)?;
        quote.ok_or_else(|| {
            SchemeError::refused("an enrolment", "the product is none that is sold by phone")
        })
    }

    async fn record_payment(&self, premium: &Premium) -> Result<Cover, SchemeError> {
        let asked = |failure: Failure| failure.into_error("the premium");
        let household = self.paid(premium).await.map_err(asked)?;
        Ok(standing::cover(household, premium.paid_on))
    }

    async fn changes_since(
        &self,
        cursor: Option<&Cursor>,
        today: NaiveDate,
    ) -> Result<Changes, SchemeError> {
        let asked = |failure: Failure| failure.into_error("what has changed");
        self.changes(cursor, today).await.map_err(asked)
    }

    async fn complain(&self, complaint: &Complaint) -> Result<Filed, SchemeError> {
        let asked = |failure: Failure| failure.into_error("a ticket");
        self.filed(complaint).await.map_err(asked)
    }

    async fn look(&self, _today: NaiveDate) -> Vec<Finding> {
        self.findings().await
    }
}
