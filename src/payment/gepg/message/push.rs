use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    model::{Amount, ControlNumber, Msisdn},
    payment::gepg::xml::{Element, Tree, XmlError},
};

/// `billPushToPayReq`: has the payer's phone ask for the money of a bill; v5 alone.
///
/// Its fields are in no public source, so which there are and in which order is a setting.
#[derive(Clone, PartialEq, Eq)]
pub struct PushRequest {
    /// Our id of it.
    pub request: String,
    /// The service provider's group.
    pub group_code: String,
    /// The name under which the gateway knows our system.
    pub system_id: String,
    /// Our id of the bill.
    pub bill: String,
    /// What is to be paid.
    pub number: ControlNumber,
    /// How much.
    pub amount: Amount,
    /// Whose phone asks.
    pub phone: Msisdn,
}

impl fmt::Debug for PushRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PushRequest({}, bill {})", self.request, self.bill)
    }
}

/// A field of the request: `ReqId=request`, or `PayTyp=1` for a text that is always the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The element's name.
    pub name: String,
    /// What is in it: `request`, `group_code`, `system_id`, `bill`, `number`, `amount`, `currency`,
    /// `phone`, or any other text, which is written as it is.
    pub value: String,
}

impl Field {
    /// The fields that we believe in until someone has asked.
    pub fn guessed() -> Vec<Self> {
        [
            ("ReqId", "request"),
            ("SpGrpCode", "group_code"),
            ("SysCode", "system_id"),
            ("CustCntrNum", "number"),
            ("PayAmt", "amount"),
            ("Ccy", "currency"),
            ("PyrCellNum", "phone"),
        ]
        .map(|(name, value)| Self {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .to_vec()
    }
}

impl PushRequest {
    /// The message's name.
    pub const NAME: &'static str = "billPushToPayReq";

    /// Writes it with the fields of the settings.
    pub fn write(&self, fields: &[Field]) -> String {
        Tree::write(Self::NAME, |message| {
            for field in fields {
                message.value(&field.name, &self.value(&field.value));
            }
        })
    }

    fn value(&self, wanted: &str) -> String {
        match wanted {
            "request" => self.request.clone(),
            "group_code" => self.group_code.clone(),
            "system_id" => self.system_id.clone(),
            "bill" => self.bill.clone(),
            "number" => self.number.to_string(),
            "amount" => self.amount.to_decimal(),
            "currency" => self.amount.currency.to_string(),
            "phone" => self.phone.number().unwrap_or_default().to_owned(),
            text => text.to_owned(),
        }
    }

    /// Reads request and control number, by the guessed names.
    pub fn read(text: &str) -> Result<(String, String), XmlError> {
        let message = Element::read(text)?;
        if message.name() != Self::NAME {
            return Err(XmlError::Missing(Self::NAME));
        }
        Ok((message.value("ReqId")?, message.value("CustCntrNum")?))
    }
}
