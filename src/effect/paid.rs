//! What follows when money has come: the receipt, the premium in the scheme, the news of the cover.

use chrono::TimeDelta;

use super::{
    Effects, Failed, Ran,
    enquiry::{first_name, initial},
};
use crate::{
    model::{Amount, local_day},
    payment::{
        bill::{self, BillEvent},
        step::PaymentEvent,
    },
    scheme::{Cover, Premium},
    sms::{Named, Notice, Outgoing},
    store::{
        Bill, BillState, Payment, PaymentOutcome, PaymentState, Share, StoreError, Transaction,
    },
};

/// How long a receipt is worth sending.
const RECEIPT_USEFUL: TimeDelta = TimeDelta::days(3);

/// A bill that is paid, and by which payment: by none where its family's credit paid it.
struct Paid {
    bill: Bill,
    payment: Option<Payment>,
}

impl Paid {
    /// What SMS about it are known by: one of a kind for each payment.
    fn id(&self) -> &str {
        let payment = self.payment.as_ref();
        payment.map_or(&self.bill.made.id, |payment| &payment.recorded.id)
    }
}

impl Effects {
    /// A bill that is paid: the receipt to whoever was given it, the premium to the scheme, then the
    /// news of her cover.
    pub(super) async fn tell_scheme(&self, subject: &str) -> Result<Ran, Failed> {
        let paid = self.paid(subject).await?;
        if paid.bill.state == BillState::Activated {
            return Ok(Ran::Done);
        }
        if let Some(payment) = &paid.payment {
            self.send_receipt(payment, &paid.bill).await?;
        }
        let name = &paid.bill.made.key.scheme;
        let scheme = self.world.schemes.named(name).ok_or_else(|| {
            Failed::for_now(format!(
                "the settings have no scheme {name} any more, and this payment is for it"
            ))
        })?;
        let cover = scheme.record_payment(&premium(&paid)).await?;
        self.activate(&paid, &cover).await?;
        Ok(Ran::Done)
    }

    /// Money that did not settle its bill: what is missing of it, or that no cover follows from it.
    pub(super) async fn tell_payer(&self, payment: &str) -> Result<Ran, Failed> {
        let mut transaction = self.world.store.write().await?;
        let (payment, bill) = with_bill(&mut *transaction, payment).await?;
        let contributed = transaction.ledger().contributed(&bill.made.id).await?;
        if let Some(notice) = unsettled(&payment, &bill, contributed) {
            self.tell_all(&mut *transaction, &notice, &payment.recorded.id, &bill)
                .await?;
            self.tell_who_paid(&mut *transaction, &notice, &payment, &bill)
                .await?;
        }
        let credit = payment.recorded.outcome == PaymentOutcome::Credit;
        if credit && payment.state == PaymentState::Posted {
            self.happen(&mut *transaction, &payment, PaymentEvent::SmsSent)
                .await?;
        }
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        Ok(Ran::Done)
    }

    async fn paid(&self, subject: &str) -> Result<Paid, Failed> {
        let mut transaction = self.world.store.read().await?;
        if let Some(bill) = transaction.bills().get(subject).await? {
            let payment = None;
            return Ok(Paid { bill, payment });
        }
        let (payment, bill) = with_bill(&mut *transaction, subject).await?;
        if payment.recorded.outcome != PaymentOutcome::Settled {
            return Err(Failed::for_good("the payment settled no bill"));
        }
        let payment = Some(payment);
        Ok(Paid { bill, payment })
    }

    async fn send_receipt(&self, payment: &Payment, bill: &Bill) -> Result<(), Failed> {
        let Some(number) = payment.recorded.number.or(bill.number) else {
            return Err(Failed::for_good("a paid bill has no control number"));
        };
        let notice = Notice::PaymentReceived {
            amount: payment.recorded.paid,
            number,
            receipt: payment.recorded.receipt.clone(),
            date: local_day(payment.recorded.paid_at),
        };
        let mut transaction = self.world.store.write().await?;
        let id = &payment.recorded.id;
        self.tell_all(&mut *transaction, &notice, id, bill).await?;
        self.tell_who_paid(&mut *transaction, &notice, payment, bill)
            .await?;
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        Ok(())
    }

    async fn activate(&self, paid: &Paid, cover: &Cover) -> Result<(), Failed> {
        let bill = &paid.bill;
        let notice = Notice::CoverActive {
            who: Named {
                first_name: first_name(&cover.first_name),
                initial: initial(&cover.last_name),
            },
            // What was bought, where cover goes on without a gap.
            from: cover.from.max(bill.made.from),
            to: cover.to,
        };
        let now = self.world.clock.now();
        let mut transaction = self.world.store.write().await?;
        bill::advance(&mut *transaction, &bill.made.id, BillEvent::Told, now).await?;
        self.tell_all(&mut *transaction, &notice, paid.id(), bill)
            .await?;
        if let Some(payment) = &paid.payment {
            for event in [PaymentEvent::SchemeTold, PaymentEvent::SmsSent] {
                self.happen(&mut *transaction, payment, event).await?;
            }
        }
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        Ok(())
    }

    async fn happen(
        &self,
        transaction: &mut dyn Transaction,
        payment: &Payment,
        event: PaymentEvent,
    ) -> Result<(), StoreError> {
        let now = self.world.clock.now();
        let id = &payment.recorded.id;
        transaction
            .payments()
            .advance(id, &event.leaves(), event.leads_to(), now)
            .await
            .map(drop)
    }

    /// Queues the news for every phone that was given the bill. One event, one message a phone: the
    /// key is the payment, or the bill, and the kind.
    async fn tell_all(
        &self,
        transaction: &mut dyn Transaction,
        notice: &Notice,
        about: &str,
        bill: &Bill,
    ) -> Result<(), StoreError> {
        let shares = transaction.bills().shares(&bill.made.id).await?;
        for share in shares {
            self.tell_phone(transaction, (notice, about), bill, share)
                .await?;
        }
        Ok(())
    }

    /// Queues it for the phone that paid, where that was not given the bill: in the words of who was.
    async fn tell_who_paid(
        &self,
        transaction: &mut dyn Transaction,
        notice: &Notice,
        payment: &Payment,
        bill: &Bill,
    ) -> Result<(), StoreError> {
        let Some(payer) = &payment.recorded.payer else {
            return Ok(());
        };
        let shares = transaction.bills().shares(&bill.made.id).await?;
        if shares.iter().any(|share| share.phone == *payer) {
            return Ok(());
        }
        let share = Share {
            phone: payer.clone(),
            ..bill.made.first_share()
        };
        let about = (notice, payment.recorded.id.as_str());
        self.tell_phone(transaction, about, bill, share).await
    }

    async fn tell_phone(
        &self,
        transaction: &mut dyn Transaction,
        (notice, about): (&Notice, &str),
        bill: &Bill,
        share: Share,
    ) -> Result<(), StoreError> {
        let edition = self.world.catalogue.current();
        let menus = edition.set(&share.set);
        let text = menus.and_then(|menus| notice.text(menus, share.language));
        let Some(text) = text else {
            if notice.kind().is_needed() {
                tracing::error!(
                    bill = bill.made.id,
                    set = share.set,
                    "a payment is not told by SMS: the menu set that it was asked in has no text for it any more"
                );
            }
            return Ok(());
        };
        let outgoing = Outgoing {
            key: format!("{} {about}", notice.kind().name()),
            to: share.phone,
            text,
            useful: RECEIPT_USEFUL,
        };
        self.world.sms.queue(transaction, &outgoing).await.map(drop)
    }
}

async fn with_bill(
    transaction: &mut dyn Transaction,
    payment: &str,
) -> Result<(Payment, Bill), Failed> {
    let payment = transaction.payments().get(payment).await?;
    let payment = payment.ok_or_else(|| Failed::for_good("there is no such payment"))?;
    let bill = payment.recorded.bill.clone().unwrap_or_default();
    let bill = transaction.bills().get(&bill).await?;
    let bill = bill.ok_or_else(|| Failed::for_good("the payment has no bill"))?;
    Ok((payment, bill))
}

/// What the scheme is told: what the bill costs, whatever it was paid with.
fn premium(paid: &Paid) -> Premium {
    let made = &paid.bill.made;
    let payment = paid.payment.as_ref().map(|payment| &payment.recorded);
    Premium {
        member: made.member,
        product: made.key.product.clone(),
        amount: made.total(),
        receipt: payment.map_or_else(|| made.id.clone(), |it| it.reference.clone()),
        paid_on: payment.map_or_else(|| local_day(made.made_at), |it| local_day(it.paid_at)),
        from: made.from,
        to: made.to,
    }
}

/// What is told of money that did not settle its bill; nothing where the bill was settled meanwhile,
/// which is told by itself, or where it stands in no control number's name.
fn unsettled(payment: &Payment, bill: &Bill, contributed: i64) -> Option<Notice> {
    let recorded = &payment.recorded;
    let number = recorded.number.or(bill.number)?;
    let total = bill.made.total();
    match recorded.outcome {
        PaymentOutcome::Part if bill.state == BillState::PartPaid => Some(Notice::PaymentShort {
            amount: recorded.paid,
            number,
            missing: Amount {
                minor: total.minor.saturating_sub(contributed),
                currency: total.currency,
            },
            pay_by: bill.made.pay_by,
        }),
        PaymentOutcome::Credit => Some(Notice::PaymentLate {
            amount: recorded.paid,
            number,
            date: local_day(recorded.paid_at),
        }),
        PaymentOutcome::Part | PaymentOutcome::Nothing | PaymentOutcome::Settled => None,
    }
}
