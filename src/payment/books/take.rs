use chrono::{DateTime, Utc};

use super::{
    identity::Identity,
    meeting::{Bills, before},
    write::Entries,
};
use crate::{
    model::{Amount, Currency},
    payment::{
        judgement::{Before, Reason, Rules, Verdict},
        step::{self, PaymentEvent},
        told::PaidEntry,
    },
    store::{
        Finding, NewPayment, PaymentOutcome, PaymentSource, PaymentState, Recorded, StoreError,
        Transaction,
    },
};

/// What taking a payment came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Our id of the payment: the one that is recorded now, or that was before.
    pub payment: String,
    /// What a list of a day would say of it.
    pub finding: Finding,
    /// Why a person is to look, for the operator; none where all is plain.
    pub note: Option<String>,
}

/// Records a payment that is told, once, and does what follows from it.
pub async fn take(
    transaction: &mut dyn Transaction,
    provider: &str,
    (told, source): (&PaidEntry, PaymentSource),
    rules: &Rules,
    now: DateTime<Utc>,
) -> Result<Taken, StoreError> {
    let mut identity = Identity::of(told, source);
    let (before, known) = before(transaction, provider, told, &identity, source).await?;
    if let Some(known) = known {
        let differs = before == Before::Otherwise;
        // A list is not a second payment: what it says otherwise is reported.
        if !differs || source == PaymentSource::Reconciliation {
            return Ok(taken_before(&known.recorded.id, differs));
        }
        identity = identity.of_its_own();
    }
    let bills = Bills::of(transaction, told).await?;
    let verdict = bills.judge(told, before, identity.keyed, rules);
    let mut coming = Coming {
        provider,
        told,
        source,
        identity,
        now,
    };
    let mut payment = coming.payment(transaction, &verdict, &bills).await?;
    let mut verdict = verdict;
    let recorded = transaction.payments().record(&payment).await?;
    match recorded {
        Recorded::New => {}
        Recorded::Again => return Ok(taken_before(&payment.id, false)),
        // Another notice of this id came in at the same moment, with other content.
        Recorded::Conflict => {
            verdict = Verdict::Hold(Reason::OtherContent);
            coming.identity = coming.identity.of_its_own();
            payment = coming.payment(transaction, &verdict, &bills).await?;
            if transaction.payments().record(&payment).await? != Recorded::New {
                return Ok(taken_before(&payment.id, false));
            }
        }
    }
    let entries = Entries::of_new(&payment, now);
    entries.write(transaction, &verdict, &bills).await?;
    Ok(Taken {
        note: note(&payment, &verdict),
        payment: payment.id,
        finding: Finding::Rebuilt,
    })
}

fn taken_before(payment: &str, differs: bool) -> Taken {
    let note = format!("payment {payment}: the gateway's list of the day has it otherwise");
    Taken {
        payment: payment.to_owned(),
        finding: if differs {
            Finding::Differs
        } else {
            Finding::Known
        },
        note: differs.then_some(note),
    }
}

fn note(payment: &NewPayment, verdict: &Verdict) -> Option<String> {
    let id = &payment.id;
    match verdict {
        Verdict::Hold(_) | Verdict::Wait(_) | Verdict::Credit { .. } => {
            Some(format!("payment {id}: {}", payment.reason))
        }
        Verdict::Part { bill, short } => Some(format!(
            "payment {id}: bill {bill} is short by {}",
            minor(payment, *short)
        )),
        Verdict::Settle { bill, over, .. } if *over > 0 => Some(format!(
            "payment {id}: {} more than bill {bill}",
            minor(payment, *over)
        )),
        Verdict::Settle { .. } | Verdict::Repeat => None,
    }
}

fn minor(payment: &NewPayment, minor: i64) -> String {
    let currency = payment.paid.currency;
    format!("{currency} {}", Amount { minor, currency }.to_decimal())
}

/// A payment that comes, and is new.
struct Coming<'a> {
    provider: &'a str,
    told: &'a PaidEntry,
    source: PaymentSource,
    identity: Identity,
    now: DateTime<Utc>,
}

/// What is recorded as the amount where it cannot be read.
const NOTHING: Amount = Amount {
    minor: 0,
    currency: Currency::TZS,
};

impl Coming<'_> {
    async fn payment(
        &self,
        transaction: &mut dyn Transaction,
        verdict: &Verdict,
        bills: &Bills,
    ) -> Result<NewPayment, StoreError> {
        let told = self.told;
        let result = Row::of(verdict, bills);
        Ok(NewPayment {
            id: self.identity.id(self.provider),
            provider: self.provider.to_owned(),
            provider_key: self.identity.key.clone(),
            payload_hash: self.identity.hash,
            reference: self.reference(transaction).await?,
            sp_code: told.sp_code.clone(),
            gateway_reference: told.pay_ref_id.clone(),
            operator: told.psp.clone(),
            receipt: told.psp_receipt.clone(),
            channel: told.channel.clone(),
            told_bill: told.bill.clone(),
            told_time: told.original_time.clone(),
            source: self.source,
            payer: told.payer_phone.clone(),
            bill: result.bill,
            number: told.number,
            paid: told.paid.unwrap_or(NOTHING),
            paid_at: told.paid_at.unwrap_or(self.now),
            received_at: self.now,
            state: result.state,
            outcome: result.outcome,
            reason: result.reason,
        })
    }

    /// The gateway's reference. A premium is written once for it, so where it is missing or another
    /// payment's the `TrxId` stands for it.
    async fn reference(&self, transaction: &mut dyn Transaction) -> Result<String, StoreError> {
        let told = self.told;
        if told.pay_ref_id.is_empty() {
            return Ok(told.trx_id.clone());
        }
        let known = transaction
            .payments()
            .by_reference(self.provider, &told.pay_ref_id)
            .await?;
        let anothers = known.is_some_and(|it| it.recorded.provider_key != self.identity.key);
        Ok(match (anothers, told.trx_id.is_empty()) {
            (false, _) => told.pay_ref_id.clone(),
            (true, false) => told.trx_id.clone(),
            (true, true) => self.identity.id(self.provider),
        })
    }
}

/// What a verdict makes of a payment's row.
struct Row {
    state: PaymentState,
    outcome: PaymentOutcome,
    bill: Option<String>,
    reason: String,
}

impl Row {
    fn of(verdict: &Verdict, bills: &Bills) -> Self {
        let (last, outcome, bill, reason) = match verdict {
            Verdict::Hold(why) => {
                let own = bills.of_both().filter(|_| *why != Reason::OtherContent);
                let own = own.map(|bill| bill.made.id.clone());
                (
                    PaymentEvent::Held,
                    PaymentOutcome::Nothing,
                    own,
                    why.to_string(),
                )
            }
            Verdict::Wait(why) => {
                let reason = why.to_string();
                (
                    PaymentEvent::NotMatched,
                    PaymentOutcome::Nothing,
                    None,
                    reason,
                )
            }
            Verdict::Settle { bill, .. } => {
                let bill = Some(bill.clone());
                (
                    PaymentEvent::Matched,
                    PaymentOutcome::Settled,
                    bill,
                    String::new(),
                )
            }
            Verdict::Part { bill, .. } => {
                let bill = Some(bill.clone());
                (
                    PaymentEvent::Matched,
                    PaymentOutcome::Part,
                    bill,
                    String::new(),
                )
            }
            Verdict::Credit { bill, why } => {
                let bill = Some(bill.clone());
                (
                    PaymentEvent::Matched,
                    PaymentOutcome::Credit,
                    bill,
                    why.to_string(),
                )
            }
            // A repeat is not recorded.
            Verdict::Repeat => (
                PaymentEvent::Held,
                PaymentOutcome::Nothing,
                None,
                String::new(),
            ),
        };
        let proved = [PaymentEvent::Verified, PaymentEvent::Recorded, last];
        let recorded = step::course(&proved).unwrap_or(PaymentState::Recorded);
        Self {
            // What is matched is posted in the same transaction.
            state: step::next(recorded, PaymentEvent::Posted).unwrap_or(recorded),
            outcome,
            bill,
            reason,
        }
    }
}
