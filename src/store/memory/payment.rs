use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::transaction::{Tables, refused};
use crate::{
    model::{MemberNumber, Msisdn},
    store::{NewPayment, Payment, PaymentState, Payments, Recorded, Result},
};

#[async_trait]
impl Payments for Tables<'_, '_> {
    async fn record(&mut self, payment: &NewPayment) -> Result<Recorded> {
        const TRIED: &str = "record a payment";
        let rows = self.change(TRIED).await?;
        let same_key = |known: &&Payment| {
            let known = &known.recorded;
            (&known.provider, &known.provider_key) == (&payment.provider, &payment.provider_key)
        };
        if let Some(known) = rows.payments.values().find(same_key) {
            let again = known.recorded.payload_hash == payment.payload_hash;
            return Ok(if again {
                Recorded::Again
            } else {
                Recorded::Conflict
            });
        }
        let bill_there = |id: &String| rows.bills.values().any(|bill| bill.made.id == *id);
        if !payment.bill.as_ref().is_none_or(bill_there) {
            return Err(refused(TRIED, "its bill is not there"));
        }
        rows.payments.append(|_| Payment {
            recorded: payment.clone(),
            state: payment.state,
        });
        Ok(Recorded::New)
    }

    async fn get(&mut self, id: &str) -> Result<Option<Payment>> {
        let payments = &self.read("read a payment").await?.payments;
        let found = payments.values().find(|payment| payment.recorded.id == id);
        Ok(found.cloned())
    }

    async fn by_reference(&mut self, provider: &str, reference: &str) -> Result<Option<Payment>> {
        let payments = &self.read("read a payment").await?.payments;
        let found = payments.values().find(|payment| {
            let recorded = &payment.recorded;
            (recorded.provider.as_str(), recorded.reference.as_str()) == (provider, reference)
        });
        Ok(found.cloned())
    }

    async fn last(
        &mut self,
        phone: &Msisdn,
        member: Option<MemberNumber>,
    ) -> Result<Option<Payment>> {
        let rows = self.read("read a payment").await?;
        let theirs = |bill: &String| {
            let given = rows.shares_with(bill, phone).next().is_some();
            let mut bills = rows.bills.values();
            let members = |known: &crate::store::Bill| {
                known.made.id == *bill && Some(known.made.key.member) == member
            };
            given || bills.any(members)
        };
        let theirs = rows
            .payments
            .iter()
            .filter(|(_, payment)| payment.recorded.bill.as_ref().is_some_and(theirs));
        let last = theirs.max_by_key(|(row, payment)| (payment.recorded.paid_at, **row));
        Ok(last.map(|(_, payment)| payment.clone()))
    }

    async fn activate(&mut self, id: &str, _: DateTime<Utc>) -> Result<bool> {
        let payments = &mut self.change("activate a payment").await?.payments;
        let posted =
            |payment: &Payment| payment.recorded.id == id && payment.state == PaymentState::Posted;
        let Some(row) = payments.last_key(posted) else {
            return Ok(false);
        };
        let moved = payments.change(&row);
        Ok(moved
            .map(|payment| payment.state = PaymentState::Activated)
            .is_some())
    }

    async fn quarantined(&mut self) -> Result<u64> {
        let payments = &self.read("count payments").await?.payments;
        let quarantined = |payment: &&Payment| payment.state == PaymentState::Quarantined;
        Ok(payments.values().filter(quarantined).count() as u64)
    }
}
