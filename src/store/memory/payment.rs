use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::transaction::{Tables, refused};
use crate::{
    model::{ControlNumber, MemberNumber, Msisdn},
    store::{Booking, NewPayment, Payment, PaymentState, Payments, Recorded, Result},
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
                known.made.id == *bill && Some(known.made.member) == member
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

    async fn by_key(&mut self, provider: &str, key: &str) -> Result<Option<Payment>> {
        let payments = &self.read("read a payment").await?.payments;
        let found = payments.values().find(|payment| {
            let recorded = &payment.recorded;
            (recorded.provider.as_str(), recorded.provider_key.as_str()) == (provider, key)
        });
        Ok(found.cloned())
    }

    async fn by_gateway_reference(
        &mut self,
        provider: &str,
        reference: &str,
    ) -> Result<Vec<Payment>> {
        let payments = &self.read("read payments").await?.payments;
        let found = payments.values().filter(|payment| {
            let told = &payment.recorded;
            (told.provider.as_str(), told.gateway_reference.as_str()) == (provider, reference)
        });
        Ok(found.take(20).cloned().collect())
    }

    async fn by_receipt(&mut self, receipt: &str) -> Result<Vec<Payment>> {
        let payments = &self.read("read payments").await?.payments;
        let found = payments
            .values()
            .filter(|payment| payment.recorded.receipt == receipt);
        Ok(found.take(20).cloned().collect())
    }

    async fn unmatched(
        &mut self,
        bill: &str,
        number: Option<ControlNumber>,
    ) -> Result<Vec<Payment>> {
        let payments = &self.read("read payments").await?.payments;
        let found = payments.values().filter(|payment| {
            let told = &payment.recorded;
            let same = told.told_bill == bill || number.is_some() && told.number == number;
            payment.state == PaymentState::Unmatched && same
        });
        Ok(found.take(20).cloned().collect())
    }

    async fn advance(
        &mut self,
        id: &str,
        from: &[PaymentState],
        to: PaymentState,
        _: DateTime<Utc>,
    ) -> Result<bool> {
        let payments = &mut self.change("advance a payment").await?.payments;
        let there = |payment: &Payment| payment.recorded.id == id && from.contains(&payment.state);
        let Some(row) = payments.last_key(there) else {
            return Ok(false);
        };
        let moved = payments.change(&row);
        Ok(moved.map(|payment| payment.state = to).is_some())
    }

    async fn book(&mut self, id: &str, booking: &Booking) -> Result<()> {
        let payments = &mut self.change("book a payment").await?.payments;
        let row = payments.last_key(|payment| payment.recorded.id == id);
        if let Some(payment) = row.and_then(|row| payments.change(&row)) {
            let recorded = &mut payment.recorded;
            recorded.bill.clone_from(&booking.bill);
            recorded.outcome = booking.outcome;
            recorded.reason.clone_from(&booking.reason);
        }
        Ok(())
    }

    async fn quarantined(&mut self) -> Result<u64> {
        let payments = &self.read("count payments").await?.payments;
        let waits = |payment: &&Payment| {
            matches!(
                payment.state,
                PaymentState::Quarantined | PaymentState::Unmatched
            )
        };
        Ok(payments.values().filter(waits).count() as u64)
    }
}
