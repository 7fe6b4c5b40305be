use std::sync::Arc;

use async_trait::async_trait;
use reqwest::{Client, redirect};

use super::{
    Dialect, Keys, Notary, Options, PROVIDER, codes,
    message::{
        Acknowledgement, Acknowledges, BillResponse, BillSubmission, Cancellation,
        CancellationResponse, Payer, Purpose, PushRequest, ReconciliationRequest, SubmittedBill,
    },
    options::{Account, Paths, Wire},
    post::post,
    xml::XmlError,
};
use crate::{
    model::Clock,
    payment::{
        Cancel, Change, Charge, Provider, PushToPay, ReconcileDay, SubmitError, Submitted, Takes,
        told::{Cancelled, CodeMeaning, Codes, Pushed},
    },
    store::Bill,
};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What a bill that has a number again says of why, in v5.
const REUSE_REASON: &str = "Bill expired unpaid";

/// How many connections to the gateway are kept open while nothing is sent.
const IDLE_CONNECTIONS: usize = 8;

/// Speaks to GePG: bills, changes, cancellations, reconciliation, push to pay.
///
/// Every request has the same ids when it is sent again: they are made out of the bill's own.
#[derive(Debug)]
pub struct GepgClient {
    options: Options,
    notary: Notary,
    clock: Arc<dyn Clock>,
    http: Client,
}

/// A client for HTTP as GePG is spoken to: few connections, kept open; no redirects; a time limit.
pub fn http_client(wire: &Wire) -> reqwest::Result<Client> {
    Client::builder()
        .timeout(wire.patience())
        .connect_timeout(wire.patience() / 3)
        .pool_max_idle_per_host(IDLE_CONNECTIONS)
        .redirect(redirect::Policy::none())
        .build()
}

/// One message on its way.
struct Outgoing<'a> {
    account: &'a Account,
    path: &'a str,
    command: &'a str,
    message: String,
}

/// What may come back, whatever was sent: the message's name says which it is.
enum Answer {
    Acknowledged(Acknowledgement),
    Numbered(BillResponse),
    Cancelled(CancellationResponse),
}

impl Answer {
    fn read(text: &str) -> Result<Self, XmlError> {
        if let Ok(numbered) = BillResponse::read(text) {
            return Ok(Self::Numbered(numbered));
        }
        if let Ok(cancelled) = CancellationResponse::read(text) {
            return Ok(Self::Cancelled(cancelled));
        }
        Acknowledgement::read(text).map(Self::Acknowledged)
    }
}

impl GepgClient {
    /// `http` brings the time limits and follows no redirects, as [`http_client`] makes it; `clock` says
    /// which of the gateway's certificates are right.
    pub fn new(options: Options, keys: Arc<Keys>, clock: Arc<dyn Clock>, http: Client) -> Self {
        Self {
            options,
            notary: Notary::new(keys),
            clock,
            http,
        }
    }

    fn paths(&self, account: &Account) -> &Paths {
        self.options.wire.paths(account.dialect)
    }

    async fn exchange(&self, outgoing: Outgoing<'_>) -> Result<Answer, Cause> {
        let sealed = self.notary.seal(outgoing.message).await?;
        let account = outgoing.account;
        let base = self.options.address.trim_end_matches('/');
        let address = format!("{base}{}", outgoing.path);
        let mut headers = vec![("Gepg-Com", outgoing.command)];
        match account.dialect {
            Dialect::V4 => headers.push(("Gepg-Code", &account.party.sp_code)),
            Dialect::V5 => {
                headers.push(("Gepg-Code", &account.party.group_code));
                headers.push(("Gepg-Alg", &self.options.wire.algorithm));
            }
        }
        let answer = post(&self.http, &address, &headers, sealed).await?;
        self.notary
            .open(answer, self.clock.now(), Answer::read)
            .await
    }

    fn submitted(&self, charge: &Charge, account: &Account) -> SubmittedBill {
        SubmittedBill {
            id: charge.bill.clone(),
            amount: Some(charge.amount),
            takes: charge.takes,
            expires_at: charge.expires_at,
            payer_id: charge.payer_id.clone(),
            payer: Payer {
                name: charge.payer_name.clone(),
                phone: charge.payer_phone.clone(),
                email: self.options.email.clone(),
            },
            description: account.description.clone(),
            made_at: Some(charge.made_at),
            made_by: self.options.made_by.clone(),
            reuse: charge.reuse,
        }
    }

    /// Submits bills in one message.
    async fn submit_together(&self, charges: &[Charge]) -> Result<Submitted, SubmitError> {
        let Some(first) = charges.first() else {
            return Ok(Submitted::Numbered(Vec::new()));
        };
        let account = self.options.account(&first.product);
        let (wire, paths) = (&self.options.wire, self.paths(&account));
        let (purpose, path, command) = if first.reuse.is_some() {
            let purpose = Purpose::Reuse(REUSE_REASON.to_owned());
            (purpose, &paths.reuse, &wire.reuse_command)
        } else {
            (Purpose::New, &paths.submit, &wire.submit_command)
        };
        let bills = charges.iter();
        let request = request_id(&account, &first.bill, "");
        let submission = BillSubmission {
            request: request.clone(),
            party: account.party.clone(),
            purpose,
            bills: bills
                .map(|charge| self.submitted(charge, &account))
                .collect(),
        };
        let outgoing = Outgoing {
            account: &account,
            path,
            command,
            message: submission.write(account.dialect),
        };
        let answer = self.exchange(outgoing).await;
        match answer.map_err(|cause| unanswered(&first.bill, cause))? {
            Answer::Acknowledged(acknowledgement) => {
                let codes = codes_of(acknowledgement, Acknowledges::BillSubmission, &request);
                judged(&first.bill, &codes?, codes::is_success)
            }
            Answer::Numbered(response) => numbered(&first.bill, response),
            Answer::Cancelled(_) => Err(unexpected(&first.bill)),
        }
    }
}

/// An id of ours for what is asked about a bill: the same when it is asked again.
fn request_id(account: &Account, bill: &str, what: &str) -> String {
    format!("{}{bill}{what}", account.party.sp_code)
}

fn unanswered(bill: &str, cause: Cause) -> SubmitError {
    SubmitError::Unknown {
        bill: bill.to_owned(),
        why: cause.to_string(),
        source: Some(cause),
    }
}

fn later(bill: &str, codes: &Codes) -> SubmitError {
    SubmitError::Unknown {
        bill: bill.to_owned(),
        why: format!("the gateway answered {codes}"),
        source: None,
    }
}

fn unexpected(bill: &str) -> SubmitError {
    SubmitError::Unknown {
        bill: bill.to_owned(),
        why: "the gateway answered something else than was asked".to_owned(),
        source: None,
    }
}

/// Refuses codes that say that our settings are wrong: nothing may go on before a person has acted.
fn settings_are_right(codes: &Codes) -> Result<(), SubmitError> {
    if codes.meaning == CodeMeaning::Configuration {
        return Err(SubmitError::Configuration {
            codes: codes.text.clone(),
        });
    }
    Ok(())
}

/// What an acknowledgement of a bill, or of its change, comes to.
fn judged(
    bill: &str,
    codes: &Codes,
    is_done: fn(&Codes) -> bool,
) -> Result<Submitted, SubmitError> {
    settings_are_right(codes)?;
    if is_done(codes) {
        return Ok(Submitted::Accepted);
    }
    match codes.meaning {
        CodeMeaning::Success | CodeMeaning::AlreadyOurs => Ok(Submitted::Accepted),
        CodeMeaning::Rejected
        | CodeMeaning::Expired
        | CodeMeaning::Cancelled
        | CodeMeaning::BadDate
        | CodeMeaning::Unknown => Ok(Submitted::Rejected(codes.text.clone())),
        CodeMeaning::BackOff
        | CodeMeaning::NotReady
        | CodeMeaning::Settled
        | CodeMeaning::Information
        | CodeMeaning::Configuration => Err(later(bill, codes)),
    }
}

/// The response in place of the acknowledgement. One about our settings is no bill's fault.
fn numbered(bill: &str, response: BillResponse) -> Result<Submitted, SubmitError> {
    for answer in &response.answers {
        settings_are_right(&answer.codes)?;
    }
    if response.answers.iter().any(|answer| answer.bill == bill) {
        Ok(Submitted::Numbered(response.answers))
    } else {
        Err(unexpected(bill))
    }
}

#[async_trait]
impl Provider for GepgClient {
    fn name(&self) -> &str {
        PROVIDER
    }

    async fn submit(&self, bill: &Bill) -> Result<Submitted, SubmitError> {
        self.submit_together(&[Charge::of(bill)]).await
    }

    /// v5 has no batch of bills that have nothing to do with each other: each goes by itself.
    async fn submit_many(&self, charges: &[Charge]) -> Result<Submitted, SubmitError> {
        let product = charges.first().map(|charge| charge.product.as_str());
        let account = self.options.account(product.unwrap_or_default());
        if account.dialect == Dialect::V4 || charges.len() == 1 {
            return self.submit_together(charges).await;
        }
        let mut answers = Vec::new();
        let mut accepted = false;
        for charge in charges {
            match self.submit_together(std::slice::from_ref(charge)).await? {
                Submitted::Accepted => accepted = true,
                Submitted::Numbered(more) => answers.extend(more),
                Submitted::Rejected(codes) => return Ok(Submitted::Rejected(codes)),
            }
        }
        if accepted && answers.is_empty() {
            Ok(Submitted::Accepted)
        } else {
            Ok(Submitted::Numbered(answers))
        }
    }

    async fn change(&self, change: &Change) -> Result<Submitted, SubmitError> {
        let account = self.options.account(&change.product);
        let until = change.expires_at.format("C%Y%m%d").to_string();
        let request = request_id(&account, &change.bill, &until);
        let submission = BillSubmission {
            request: request.clone(),
            party: account.party.clone(),
            purpose: Purpose::Change(change.reason.clone()),
            bills: vec![SubmittedBill {
                id: change.bill.clone(),
                amount: None,
                takes: Takes::Exact,
                expires_at: change.expires_at,
                payer_id: String::new(),
                payer: Payer::default(),
                description: String::new(),
                made_at: None,
                made_by: self.options.made_by.clone(),
                reuse: None,
            }],
        };
        let outgoing = Outgoing {
            account: &account,
            path: &self.paths(&account).change,
            command: &self.options.wire.change_command,
            message: submission.write(account.dialect),
        };
        let answer = self.exchange(outgoing).await;
        match answer.map_err(|cause| unanswered(&change.bill, cause))? {
            Answer::Acknowledged(acknowledgement) => {
                let codes = codes_of(acknowledgement, Acknowledges::BillSubmission, &request);
                judged(&change.bill, &codes?, codes::is_changed)
            }
            Answer::Numbered(response) => match response.answers.first() {
                Some(answer) => judged(&change.bill, &answer.codes, codes::is_changed),
                None => Err(unexpected(&change.bill)),
            },
            Answer::Cancelled(_) => Err(unexpected(&change.bill)),
        }
    }

    async fn cancel(&self, cancel: &Cancel) -> Result<Cancelled, SubmitError> {
        let account = self.options.account(&cancel.product);
        let cancellation = Cancellation {
            request: request_id(&account, &cancel.bill, "X"),
            sp_code: match account.dialect {
                Dialect::V4 => account.party.sp_code.clone(),
                Dialect::V5 => account.party.group_code.clone(),
            },
            system_id: account.party.system_id.clone(),
            bills: vec![cancel.bill.clone()],
            reason: cancel.reason.clone(),
            made_by: self.options.made_by.clone(),
        };
        let outgoing = Outgoing {
            account: &account,
            path: &self.paths(&account).cancel,
            command: &self.options.wire.cancel_command,
            message: cancellation.write(account.dialect),
        };
        let answer = self.exchange(outgoing).await;
        let answer = answer.map_err(|cause| unanswered(&cancel.bill, cause))?;
        let cancelled = cancelled(answer, &cancel.bill)?;
        settings_are_right(&cancelled.codes)?;
        Ok(cancelled)
    }

    async fn reconcile(&self, day: &ReconcileDay) -> Result<Codes, SubmitError> {
        let account = self.options.account_of(&day.sp_code);
        let request = ReconciliationRequest {
            request: day.request.clone(),
            sp_code: match account.dialect {
                Dialect::V4 => day.sp_code.clone(),
                Dialect::V5 => account.party.group_code.clone(),
            },
            system_id: account.party.system_id.clone(),
            day: day.day,
        };
        let outgoing = Outgoing {
            account: &account,
            path: &self.paths(&account).reconcile,
            command: &self.options.wire.submit_command,
            message: request.write(account.dialect),
        };
        let answer = self.exchange(outgoing).await;
        acknowledged(answer, Acknowledges::ReconciliationRequest, &day.request)
    }

    async fn push(&self, push: &PushToPay) -> Result<Pushed, SubmitError> {
        let account = self.options.account(&push.product);
        let path = &self.paths(&account).push;
        if path.is_empty() {
            return Err(SubmitError::Configuration {
                codes: format!("there is no push to pay in {}", account.dialect),
            });
        }
        let request = PushRequest {
            request: push.request.clone(),
            group_code: account.party.group_code.clone(),
            system_id: account.party.system_id.clone(),
            bill: push.bill.clone(),
            number: push.number,
            amount: push.amount,
            phone: push.phone.clone(),
        };
        let outgoing = Outgoing {
            account: &account,
            path,
            command: &self.options.wire.push_command,
            message: request.write(&self.options.wire.push_fields),
        };
        let answer = self.exchange(outgoing).await;
        let codes = acknowledged(answer, Acknowledges::Push, &push.request)?;
        Ok(Pushed {
            request: push.request.clone(),
            codes,
        })
    }

    fn sp_codes(&self) -> Vec<String> {
        self.options.sp_codes()
    }
}

/// What became of the one bill that was to be cancelled.
fn cancelled(answer: Answer, bill: &str) -> Result<Cancelled, SubmitError> {
    match answer {
        Answer::Cancelled(response) => {
            let mut answers = response.answers.into_iter();
            let ours = answers.find(|answer| answer.bill == bill);
            ours.ok_or_else(|| unexpected(bill))
        }
        Answer::Acknowledged(acknowledgement) => Ok(Cancelled {
            bill: bill.to_owned(),
            codes: acknowledgement.codes,
        }),
        Answer::Numbered(_) => Err(unexpected(bill)),
    }
}

fn acknowledged(
    answer: Result<Answer, Cause>,
    of: Acknowledges,
    request: &str,
) -> Result<Codes, SubmitError> {
    match answer.map_err(|cause| unanswered(request, cause))? {
        Answer::Acknowledged(acknowledgement) => {
            let codes = codes_of(acknowledgement, of, request)?;
            settings_are_right(&codes)?;
            Ok(codes)
        }
        Answer::Numbered(_) | Answer::Cancelled(_) => Err(unexpected(request)),
    }
}

/// The codes, if it is our request that is acknowledged: another one's may be sent to us again.
fn codes_of(
    acknowledgement: Acknowledgement,
    of: Acknowledges,
    request: &str,
) -> Result<Codes, SubmitError> {
    let answered = &acknowledgement.ids.answered;
    let is_ours = answered.is_empty() || answered == request;
    if acknowledgement.of == of && is_ours {
        Ok(acknowledgement.codes)
    } else {
        Err(unexpected(request))
    }
}
