use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;

use super::{
    Options,
    enquiry::{Enquiry, Unreadable},
    link::Link,
};
use crate::{
    model::{MemberNumber, Msisdn},
    scheme::{
        Cover, Finding, Premium, Quote, Scheme, SchemeError,
        openimis::{AddressError, Budget, Household, cover_on},
    },
};

/// Why nothing is renewed here.
const ELSEWHERE: &str = "this older openIMIS takes renewals over control numbers of its own";

/// An older openIMIS.
#[derive(Debug)]
pub struct ImisRest {
    link: Link,
}

impl ImisRest {
    /// The one at the address of the options. Nothing is sent yet.
    pub fn new(options: Options, budget: Arc<dyn Budget>) -> Result<Self, AddressError> {
        let link = Link::new(options, budget)?;
        Ok(Self { link })
    }

    async fn household(
        &self,
        member: MemberNumber,
        asked: &'static str,
    ) -> Result<Option<Household>, SchemeError> {
        let answer = self
            .link
            .get(&format!("/insuree/{member}/enquire"), asked)
            .await?;
        let Some(answer) = answer else {
            return Ok(None);
        };
        let unreadable = |what| SchemeError::unavailable(asked, what);
        let enquiry: Enquiry = serde_json::from_slice(&answer.body)
            .map_err(|_| unreadable(Unreadable("an enquiry")))?;
        enquiry
            .read(member, self.link.options().currency)
            .map_err(unreadable)
    }
}

#[async_trait]
impl Scheme for ImisRest {
    fn name(&self) -> &str {
        &self.link.options().name
    }

    /// It cannot be asked by phone.
    async fn member_of_phone(&self, _phone: &Msisdn) -> Result<Option<MemberNumber>, SchemeError> {
        Ok(None)
    }

    async fn cover(
        &self,
        member: MemberNumber,
        today: NaiveDate,
    ) -> Result<Option<Cover>, SchemeError> {
        let household = self.household(member, "the cover").await?;
        Ok(household.map(|household| cover_on(household, today)))
    }

    async fn quote(
        &self,
        _member: MemberNumber,
        _today: NaiveDate,
    ) -> Result<Option<Quote>, SchemeError> {
        Err(SchemeError::refused("a quote", ELSEWHERE))
    }

    async fn record_payment(&self, _premium: &Premium) -> Result<Cover, SchemeError> {
        Err(SchemeError::refused("the premium", ELSEWHERE))
    }

    async fn look(&self, _today: NaiveDate) -> Vec<Finding> {
        let options = self.link.options();
        let (address, user) = (&options.address, &options.account.user);
        match self.link.token(None, "a login").await {
            Ok(_) => vec![
                Finding::good(format!(
                    "{address} lets {user} in; it is an older openIMIS with its REST interface"
                )),
                Finding::good("it answers enquiries; renewals go over control numbers of its own"),
            ],
            Err(error) => vec![Finding::bad(format!(
                "{address} does not let {user} in: {error}; check address and account in the settings"
            ))],
        }
    }
}
