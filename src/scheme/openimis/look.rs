use chrono::{DateTime, Utc};
use serde::de::IgnoredAny;
use serde_json::json;

use super::{
    Failure, OpenImis, documents,
    session::Release,
    wire::{Question, header},
};
use crate::scheme::Finding;

/// How far two clocks may be apart.
const APART_SECONDS: i64 = 120;

/// What a user has to be allowed to read, the right that allows it, and the smallest question for it. The
/// renewals are the one sign that she may renew: nothing is written to find out.
const RIGHTS: [(&str, &str, &str); 7] = [
    (
        "insured persons",
        "101101",
        "{insurees(first:1){edges{node{uuid}}}}",
    ),
    (
        "families",
        "101001",
        "{families(first:1){edges{node{uuid}}}}",
    ),
    (
        "policies",
        "101201",
        "{policies(first:1){edges{node{uuid}}}}",
    ),
    (
        "renewals",
        "101205",
        "{policyRenewals(first:1){edges{node{uuid}}}}",
    ),
    (
        "premiums",
        "101301",
        "{premiums(first:1){edges{node{uuid}}}}",
    ),
    (
        "products",
        "the one for products",
        "{products(first:1){edges{node{uuid}}}}",
    ),
    (
        "what became of mutations",
        "the one of its own mutations",
        "{mutationLogs(first:1){edges{node{id}}}}",
    ),
];

impl OpenImis {
    /// Tries what an installation needs, one thing after the other.
    pub(super) async fn findings(&self) -> Vec<Finding> {
        let release = match self.asking().session().await {
            Ok(session) => session.release,
            Err(failure) => return vec![self.no_login(&failure)],
        };
        let mut findings = vec![self.login(release)];
        findings.extend(self.clocks().await);
        for (what, right, document) in RIGHTS {
            findings.push(self.right(what, right, document).await);
        }
        findings.push(self.somebody().await);
        findings.push(self.officer().await);
        findings.extend(self.products().await);
        findings.push(self.tickets_found().await);
        findings
    }

    fn no_login(&self, failure: &Failure) -> Finding {
        let (address, user) = (&self.options().address, &self.options().account.user);
        let to_do = match failure {
            Failure::Refused(_) => "check the account in the settings, and whether it is locked",
            Failure::Unreached(_) | Failure::Late(_) => {
                "check the address, the network and whether openIMIS runs"
            }
            Failure::Busy(_) => "raise RATELIMIT_RATE there, or ask again later",
            Failure::NotJson | Failure::Status(_) => {
                "the address must end where `/graphql` is below it, as …/api"
            }
            Failure::Stale(_) | Failure::Failed(_) | Failure::Unreadable(_) | Failure::Pending => {
                "look into openIMIS's own log"
            }
        };
        Finding::bad(format!(
            "{address} does not let {user} in: {failure}; {to_do}"
        ))
    }

    fn login(&self, release: Release) -> Finding {
        let (address, user) = (&self.options().address, &self.options().account.user);
        Finding::good(format!(
            "{address} lets {user} in; it speaks as openIMIS {}",
            release.name()
        ))
    }

    /// Dates decide about a cover, and tokens end by them.
    async fn clocks(&self) -> Option<Finding> {
        let question = Question {
            document: documents::PRODUCTS,
            variables: json!({}),
        };
        let answer = self.asking().answer(&question).await.ok()?;
        let theirs = DateTime::parse_from_rfc2822(header(&answer, "date")?).ok()?;
        let apart = (self.clock.now() - theirs.with_timezone(&Utc)).num_seconds();
        Some(if apart.abs() <= APART_SECONDS {
            Finding::good(format!("its clock and ours are {} s apart", apart.abs()))
        } else {
            let which = if apart > 0 { "ahead of" } else { "behind" };
            Finding::bad(format!(
                "our clock is {} s {which} openIMIS's: set both by a time server",
                apart.abs()
            ))
        })
    }

    async fn right(&self, what: &str, right: &str, document: &str) -> Finding {
        let user = &self.options().account.user;
        match self.asking().ask::<IgnoredAny>(document, json!({})).await {
            Ok(_) => Finding::good(format!("{user} may read {what}")),
            Err(Failure::Refused(_)) => Finding::bad(format!(
                "{user} may not read {what}: give her role the right {right}"
            )),
            Err(failure) => Finding::bad(format!("{what} could not be read: {failure}")),
        }
    }

    /// Row-level security shows an account without districts nobody.
    async fn somebody(&self) -> Finding {
        let question = "{policies(first:1){edges{node{uuid family{uuid}}}}}";
        let user = &self.options().account.user;
        let answer: Result<serde_json::Value, Failure> =
            self.asking().ask(question, json!({})).await;
        match answer {
            Ok(found)
                if found["policies"]["edges"]
                    .as_array()
                    .is_some_and(|edges| !edges.is_empty()) =>
            {
                Finding::good(format!("{user} sees policies"))
            }
            Ok(_) => Finding::bad(format!(
                "{user} sees no policy at all: give her the districts of the scheme"
            )),
            Err(failure) => Finding::bad(format!("no policy could be read: {failure}")),
        }
    }

    async fn officer(&self) -> Finding {
        let Some(code) = &self.options().officer else {
            return Finding::good(
                "no enrolment officer is set: families that had a policy keep theirs, others cannot enrol by phone",
            );
        };
        match self.officer_id().await {
            Ok(_) => Finding::good(format!("the enrolment officer {code} is there")),
            Err(failure) => Finding::bad(format!("{failure}: correct `officer` in the settings")),
        }
    }

    async fn products(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for code in &self.options().products {
            findings.push(match self.product_id(code).await {
                Ok(_) => Finding::good(format!("the product {code} is there")),
                Err(failure) => {
                    Finding::bad(format!("{failure}: correct `products` in the settings"))
                }
            });
        }
        findings
    }

    async fn tickets_found(&self) -> Finding {
        match self.ticket_fields().await {
            Ok(Some(_)) => Finding::good("it takes complaints as tickets"),
            Ok(None) => Finding::good("it has no grievance module: complaints stay with us"),
            Err(failure) => Finding::bad(format!(
                "whether it takes complaints could not be asked: {failure}"
            )),
        }
    }
}
