use chrono::NaiveDate;
use serde::Deserialize;

use super::value::{Edges, Exact, amount, id, is_plain};
use crate::{
    model::{Amount, Currency},
    scheme::openimis::Failure,
};

/// What a policy would cost, and its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::scheme::openimis) struct Values {
    pub(in crate::scheme::openimis) from: NaiveDate,
    pub(in crate::scheme::openimis) to: NaiveDate,
    pub(in crate::scheme::openimis) value: Amount,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::scheme::openimis) struct ValuesAnswer {
    policy_values: Option<Valued>,
}

#[derive(Debug, Deserialize)]
struct Valued {
    policy: Option<ValuedPolicy>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ValuedPolicy {
    start_date: Option<NaiveDate>,
    expiry_date: Option<NaiveDate>,
    value: Option<Exact>,
}

impl ValuesAnswer {
    pub(in crate::scheme::openimis) fn read(self, currency: Currency) -> Result<Values, Failure> {
        let lacks = || Failure::Unreadable("a policy's values");
        let policy = self
            .policy_values
            .and_then(|valued| valued.policy)
            .ok_or_else(lacks)?;
        Ok(Values {
            from: policy.start_date.ok_or_else(lacks)?,
            to: policy.expiry_date.ok_or_else(lacks)?,
            value: amount(
                &policy.value.ok_or_else(lacks)?,
                currency,
                "a policy's values",
            )?,
        })
    }
}

/// The premiums of some policies.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::scheme::openimis) struct PremiumAnswer {
    premiums_by_policies: Edges<PremiumNode>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PremiumNode {
    amount: Option<Exact>,
    receipt: Option<String>,
}

impl PremiumAnswer {
    /// The amount of the one with a receipt.
    pub(in crate::scheme::openimis) fn with_receipt(
        &self,
        receipt: &str,
        currency: Currency,
    ) -> Result<Option<Amount>, Failure> {
        let nodes = self.premiums_by_policies.0.iter();
        let found = nodes
            .into_iter()
            .find(|node| node.receipt.as_deref() == Some(receipt));
        let Some(node) = found else {
            return Ok(None);
        };
        let lacks = Failure::Unreadable("a premium's amount");
        let exact = node.amount.as_ref().ok_or(lacks)?;
        Ok(Some(amount(exact, currency, "a premium's amount")?))
    }
}

#[derive(Debug, Deserialize)]
pub(in crate::scheme::openimis) struct ProductAnswer {
    products: Edges<Coded>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::scheme::openimis) struct OfficerAnswer {
    policy_officers: Edges<Coded>,
}

#[derive(Debug, Deserialize)]
struct Coded {
    id: String,
    code: Option<String>,
}

impl ProductAnswer {
    /// The id of the product with this code.
    pub(in crate::scheme::openimis) fn with_code(
        &self,
        code: &str,
    ) -> Result<Option<i64>, Failure> {
        with_code(&self.products, code, "a product's id")
    }
}

impl OfficerAnswer {
    /// The id of the officer with exactly this code: the search finds parts of it too.
    pub(in crate::scheme::openimis) fn with_code(
        &self,
        code: &str,
    ) -> Result<Option<i64>, Failure> {
        with_code(&self.policy_officers, code, "an officer's id")
    }
}

fn with_code(rows: &Edges<Coded>, code: &str, what: &'static str) -> Result<Option<i64>, Failure> {
    let found = rows.0.iter().find(|row| row.code.as_deref() == Some(code));
    found.map(|row| id(&row.id, what)).transpose()
}

/// What a ticket can say, where there are tickets.
#[derive(Debug, Deserialize)]
pub(in crate::scheme::openimis) struct TicketFields {
    #[serde(rename = "__type")]
    of_input: Option<Fields>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    input_fields: Option<Vec<Field>>,
}

#[derive(Debug, Deserialize)]
struct Field {
    name: String,
}

impl TicketFields {
    /// Their names; `None` where there is no grievance module.
    pub(in crate::scheme::openimis) fn read(self) -> Option<Vec<String>> {
        let fields = self.of_input?.input_fields?;
        Some(
            fields
                .into_iter()
                .map(|field| field.name)
                .take(100)
                .collect(),
        )
    }
}

#[derive(Debug, Deserialize)]
pub(in crate::scheme::openimis) struct TicketAnswer {
    tickets: Edges<TicketNode>,
}

#[derive(Debug, Deserialize)]
struct TicketNode {
    code: Option<String>,
}

impl TicketAnswer {
    /// The code by which the scheme's people know it.
    pub(in crate::scheme::openimis) fn read(self) -> Option<String> {
        let codes = self.tickets.0.into_iter().filter_map(|ticket| ticket.code);
        codes.into_iter().find(|code| is_plain(code))
    }
}
