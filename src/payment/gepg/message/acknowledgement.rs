use super::{Ids, read_codes};
use crate::payment::{
    gepg::{
        Dialect, codes,
        xml::{Element, Tree, XmlError},
    },
    told::Codes,
};

/// Which message an acknowledgement answers: all hold codes and, in v5, ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acknowledges {
    /// Of bills that were submitted.
    BillSubmission,
    /// Of a gateway's answer to bills.
    BillResponse,
    /// Of a payment notice.
    PaymentNotice,
    /// Of a request for a day's payments.
    ReconciliationRequest,
    /// Of a day's payments.
    ReconciliationResponse,
    /// Of a push to pay, in v5 alone.
    Push,
}

/// An acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Of what.
    pub of: Acknowledges,
    /// In which dialect.
    pub dialect: Dialect,
    /// Its own id and that of what it acknowledges.
    pub ids: Ids,
    /// Its codes.
    pub codes: Codes,
}

/// Where an acknowledgement's values stand.
struct Shape {
    name: &'static str,
    codes: &'static str,
    /// In v5: the element with the id of what is acknowledged.
    answered: Option<&'static str>,
    /// In v5: the element with the code in words, where there is one.
    words: Option<&'static str>,
}

impl Acknowledges {
    /// All.
    pub const ALL: [Self; 6] = [
        Self::BillSubmission,
        Self::BillResponse,
        Self::PaymentNotice,
        Self::ReconciliationRequest,
        Self::ReconciliationResponse,
        Self::Push,
    ];

    /// The acknowledgement's name in a dialect.
    pub fn name(self, dialect: Dialect) -> &'static str {
        self.shape(dialect).name
    }

    /// Reads the codes of an acknowledgement of this kind, in either dialect.
    pub fn read(self, text: &str) -> Result<Codes, XmlError> {
        let acknowledgement = Acknowledgement::read(text)?;
        if acknowledgement.of == self {
            Ok(acknowledgement.codes)
        } else {
            Err(XmlError::Missing(self.name(Dialect::V4)))
        }
    }

    /// Writes a v4 acknowledgement of this kind.
    pub fn write(self, codes: &Codes) -> String {
        let acknowledgement = Acknowledgement {
            of: self,
            dialect: Dialect::V4,
            ids: Ids::default(),
            codes: codes.clone(),
        };
        acknowledgement.write()
    }

    fn shape(self, dialect: Dialect) -> Shape {
        match dialect {
            Dialect::V4 => self.shape_v4(),
            Dialect::V5 => self.shape_v5(),
        }
    }

    fn shape_v4(self) -> Shape {
        let (name, codes) = match self {
            Self::BillSubmission => ("gepgBillSubReqAck", "TrxStsCode"),
            Self::BillResponse => ("gepgBillSubRespAck", "TrxStsCode"),
            Self::PaymentNotice => ("gepgPmtSpInfoAck", "TrxStsCode"),
            Self::ReconciliationRequest => ("gepgSpReconcReqAck", "ReconcStsCode"),
            Self::ReconciliationResponse => ("gepgSpReconcRespAck", "ReconcStsCode"),
            Self::Push => ("gepgBillPushToPayReqAck", "TrxStsCode"),
        };
        Shape {
            name,
            codes,
            answered: None,
            words: None,
        }
    }

    fn shape_v5(self) -> Shape {
        let (name, answered) = match self {
            Self::BillSubmission => ("billSubReqAck", "ReqId"),
            Self::BillResponse => ("billSubResAck", "ResId"),
            Self::PaymentNotice => ("pmtSpNtfReqAck", "ReqId"),
            Self::ReconciliationRequest => ("sucSpPmtReqAck", "ReqId"),
            Self::ReconciliationResponse => ("sucSpPmtResAck", "ResId"),
            Self::Push => ("billPushToPayReqAck", "ReqId"),
        };
        // The gateway's own say their code in words, ours do not.
        let (codes, words) = match self {
            Self::BillSubmission | Self::ReconciliationRequest => {
                ("AckStsCode", Some("AckStsDesc"))
            }
            Self::BillResponse | Self::PaymentNotice | Self::ReconciliationResponse => {
                ("AckStsCode", None)
            }
            Self::Push => ("StsCode", Some("StsDesc")),
        };
        Shape {
            name,
            codes,
            answered: Some(answered),
            words,
        }
    }
}

impl Acknowledgement {
    /// Reads an acknowledgement of whatever kind.
    pub fn read(text: &str) -> Result<Self, XmlError> {
        let message = Element::read(text)?;
        let name = message.name();
        let dialect = Dialect::of_message(name);
        let of = Acknowledges::ALL
            .into_iter()
            .find(|of| of.name(dialect) == name)
            .ok_or(XmlError::Missing("an acknowledgement"))?;
        let shape = of.shape(dialect);
        let answered = shape.answered.map(|name| message.value_or_empty(name));
        Ok(Self {
            of,
            dialect,
            ids: Ids {
                own: message.value_or_empty("AckId")?,
                answered: answered.transpose()?.unwrap_or_default(),
            },
            codes: read_codes(&message, shape.codes)?,
        })
    }

    /// Writes it.
    pub fn write(&self) -> String {
        let shape = self.of.shape(self.dialect);
        Tree::write(shape.name, |message| {
            if let Some(answered) = shape.answered {
                message.value("AckId", &self.ids.own);
                message.value(answered, &self.ids.answered);
            }
            message.value(shape.codes, &self.codes.text);
            if let Some(words) = shape.words {
                message.value(words, codes::words_of(&self.codes));
            }
        })
    }
}
