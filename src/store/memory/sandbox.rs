use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::transaction::{Tables, refused};
use crate::{
    model::{Amount, ControlNumber, MemberNumber, Msisdn},
    store::{Result, Sandbox, SandboxBill, SandboxPolicy},
};

const PREFIX: &str = "991";

#[async_trait]
impl Sandbox for Tables<'_, '_> {
    async fn add_policy(&mut self, policy: &SandboxPolicy) -> Result<bool> {
        let policies = &mut self.change("write cover").await?.policies;
        if policies.get(&policy.receipt).is_some() {
            return Ok(false);
        }
        policies.insert(policy.receipt.clone(), policy.clone());
        Ok(true)
    }

    async fn last_policy(&mut self, member: MemberNumber) -> Result<Option<SandboxPolicy>> {
        let policies = &self.read("read cover").await?.policies;
        let theirs = policies.values().filter(|policy| policy.member == member);
        Ok(theirs.max_by_key(|policy| policy.to).cloned())
    }

    async fn take_bill(
        &mut self,
        bill: &str,
        amount: Amount,
        payer: &str,
        phone: &Msisdn,
    ) -> Result<SandboxBill> {
        const TRIED: &str = "take a bill";
        let bills = &mut self.change(TRIED).await?.sandbox_bills;
        if let Some(known) = bills.values().find(|known| known.bill == bill) {
            return Ok(known.clone());
        }
        let number = bills.len() + 1;
        let number = ControlNumber::parse(&format!("{PREFIX}{number:09}"));
        let taken = SandboxBill {
            bill: bill.to_owned(),
            number: number.map_err(|_| refused(TRIED, "there are too many"))?,
            amount,
            phone: phone.clone(),
            payer: payer.to_owned(),
            paid_at: None,
        };
        bills.append(|_| taken.clone());
        Ok(taken)
    }

    async fn bill(&mut self, number: ControlNumber) -> Result<Option<SandboxBill>> {
        let bills = &self.read("read a bill of the sandbox").await?.sandbox_bills;
        Ok(bills.values().find(|bill| bill.number == number).cloned())
    }

    async fn pay_bill(&mut self, number: ControlNumber, now: DateTime<Utc>) -> Result<bool> {
        let bills = &mut self.change("pay a bill").await?.sandbox_bills;
        let open = |bill: &SandboxBill| bill.number == number && bill.paid_at.is_none();
        let Some(row) = bills.last_key(open) else {
            return Ok(false);
        };
        let paid = bills.change(&row);
        Ok(paid.map(|bill| bill.paid_at = Some(now)).is_some())
    }
}
