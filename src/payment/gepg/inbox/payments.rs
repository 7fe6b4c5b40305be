//! Money: what a payment notice does to our payments, bills and ledger.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::{
    Record,
    judgement::{Reason, Values, objection, payload_hash},
};
use crate::{
    model::{Amount, Currency},
    payment::{
        bill::{BillEvent, advance},
        gepg::PROVIDER,
        told::{Paid, PaidEntry},
    },
    store::{
        Account, Bill, JobKind, NewJob, NewPayment, PaymentState, Posting, Priority, Recorded,
        StoreError, Transaction, Verdict,
    },
};

/// For how long the scheme is told of a payment before a person must.
const TELL_FOR: TimeDelta = TimeDelta::days(30);

/// Records every payment of a notice.
pub(super) async fn take(
    transaction: &mut dyn Transaction,
    paid: &Paid,
    sp_codes: &[String],
    now: DateTime<Utc>,
) -> Result<Record, StoreError> {
    let mut notes = Vec::new();
    let mut verdict = Verdict::Repeated;
    for payment in &paid.entries {
        let coming = Coming::judge(transaction, payment, sp_codes, now).await?;
        if let Some(new) = coming.record(transaction).await? {
            verdict = Verdict::Taken;
            post(transaction, &new, now).await?;
            notes.extend(new.objection.map(|why| new.note(&why.to_string())));
        }
    }
    if paid.miscounts() {
        verdict = Verdict::Taken;
        notes.push("it has another number of payments than it says".to_owned());
    }
    let note = notes.join("; ");
    Ok(Record { verdict, note })
}

/// A payment that comes, and what is to be thought of it.
struct Coming {
    payment: NewPayment,
    objection: Option<Reason>,
}

impl Coming {
    async fn judge(
        transaction: &mut dyn Transaction,
        said: &PaidEntry,
        sp_codes: &[String],
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let values = Values::of(said);
        let hash = payload_hash(said, values);
        let bill = transaction.bills().get(&said.bill).await?;
        let objection = objection(said, values, sp_codes, bill.as_ref());
        let key = provider_key(said, &hash);
        let payment = NewPayment {
            id: payment_id(&key),
            provider: PROVIDER.to_owned(),
            reference: reference(transaction, said, &key).await?,
            provider_key: key,
            payload_hash: hash,
            receipt: said.psp_receipt.clone(),
            bill: bill_paid(bill.as_ref(), values),
            number: values.number,
            paid: values.amount.unwrap_or(NOTHING),
            paid_at: values.paid_at.unwrap_or(now),
            received_at: now,
            state: match objection {
                None => PaymentState::Posted,
                Some(_) => PaymentState::Quarantined,
            },
            reason: objection.map(|why| why.to_string()).unwrap_or_default(),
        };
        Ok(Self { payment, objection })
    }

    /// Records it and gives it as it was recorded; `None` where it was before. The first that came
    /// with a `TrxId` stands; another with it is money of its own, for a person to look at.
    async fn record(self, transaction: &mut dyn Transaction) -> Result<Option<Self>, StoreError> {
        let coming = match transaction.payments().record(&self.payment).await? {
            Recorded::New => return Ok(Some(self)),
            Recorded::Again => return Ok(None),
            Recorded::Conflict => self.conflicting(),
        };
        let recorded = transaction.payments().record(&coming.payment).await?;
        Ok((recorded == Recorded::New).then_some(coming))
    }

    /// The same under a key of its own. Whether it is her bill's money at all is not known, so it is
    /// no bill's.
    fn conflicting(mut self) -> Self {
        let payment = &mut self.payment;
        let key = format!(
            "{} {}",
            payment.provider_key,
            quarter_as_hex(&payment.payload_hash)
        );
        payment.id = payment_id(&key);
        payment.provider_key = key;
        payment.bill = None;
        payment.state = PaymentState::Quarantined;
        payment.reason = Reason::OtherContent.to_string();
        self.objection = Some(Reason::OtherContent);
        self
    }

    fn note(&self, why: &str) -> String {
        format!("payment {}: {why}", self.payment.id)
    }
}

/// What is recorded as the amount where it cannot be read.
const NOTHING: Amount = Amount {
    minor: 0,
    currency: Currency::TZS,
};

/// The bill that a payment belongs to, if only by its control number: money on a bill that is paid
/// or expired is still that bill's.
fn bill_paid(bill: Option<&Bill>, values: Values) -> Option<String> {
    bill.filter(|bill| bill.number.is_some() && bill.number == values.number)
        .map(|bill| bill.made.id.clone())
}

/// Service provider and `TrxId`; without one there is no key but what was said itself.
fn provider_key(said: &PaidEntry, hash: &[u8; 32]) -> String {
    if said.trx_id.is_empty() {
        format!("{} without TrxId {}", said.sp_code, half_as_hex(hash))
    } else {
        format!("{} {}", said.sp_code, said.trx_id)
    }
}

/// Our id of a payment: made out of the provider's key, so the same payment has the same one.
fn payment_id(provider_key: &str) -> String {
    let hash = Sha256::digest(format!("{PROVIDER} {provider_key}"));
    half_as_hex(&hash.into())
}

/// The first half of a hash: 128 bits are enough to tell payments apart.
fn half_as_hex(hash: &[u8; 32]) -> String {
    let half = hash.first_chunk().copied().map(u128::from_be_bytes);
    format!("{:032x}", half.unwrap_or_default())
}

/// The first quarter of a hash: 64 bits tell apart the few contents that one `TrxId` can have.
fn quarter_as_hex(hash: &[u8; 32]) -> String {
    let quarter = hash.first_chunk().copied().map(u64::from_be_bytes);
    format!("{:016x}", quarter.unwrap_or_default())
}

/// The gateway's reference. A premium is written once for it, so where it is missing or another
/// payment's the `TrxId` stands for it.
async fn reference(
    transaction: &mut dyn Transaction,
    said: &PaidEntry,
    key: &str,
) -> Result<String, StoreError> {
    if said.pay_ref_id.is_empty() {
        return Ok(said.trx_id.clone());
    }
    let known = transaction
        .payments()
        .by_reference(PROVIDER, &said.pay_ref_id)
        .await?;
    let anothers = known.is_some_and(|payment| payment.recorded.provider_key != key);
    let own = if anothers {
        &said.trx_id
    } else {
        &said.pay_ref_id
    };
    Ok(own.clone())
}

/// Posts a new payment: to contributions with all that follows, or to suspense.
async fn post(
    transaction: &mut dyn Transaction,
    coming: &Coming,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let payment = &coming.payment;
    if coming.objection.is_some() {
        return post_to(transaction, payment, Account::Suspense, now).await;
    }
    post_to(transaction, payment, Account::Contributions, now).await?;
    if let Some(bill) = &payment.bill {
        advance(transaction, bill, BillEvent::Paid, now).await?;
    }
    transaction
        .jobs()
        .add(&NewJob {
            kind: JobKind::TellScheme,
            subject: payment.id.clone(),
            route: "scheme".to_owned(),
            run_at: now,
            not_after: now + TELL_FOR,
            priority: Priority::Urgent,
        })
        .await
}

/// An amount that is not above zero is no posting: it is only recorded.
async fn post_to(
    transaction: &mut dyn Transaction,
    payment: &NewPayment,
    credit: Account,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if payment.paid.minor <= 0 {
        return Ok(());
    }
    transaction
        .ledger()
        .post(&Posting {
            reference: payment.id.clone(),
            debit: Account::Collection,
            credit,
            amount: payment.paid,
            posted_at: now,
        })
        .await
        .map(drop)
}
