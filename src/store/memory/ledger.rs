use async_trait::async_trait;

use super::transaction::{Tables, refused};
use crate::{
    model::Currency,
    store::{Account, Ledger, Posting, Result},
};

#[async_trait]
impl Ledger for Tables<'_, '_> {
    async fn post(&mut self, posting: &Posting) -> Result<bool> {
        const TRIED: &str = "post to the ledger";
        let ledger = &mut self.change(TRIED).await?.ledger;
        if posting.amount.minor <= 0 || posting.debit == posting.credit {
            return Err(refused(TRIED, "it is no entry"));
        }
        if ledger.get(&posting.reference).is_some() {
            return Ok(false);
        }
        ledger.insert(posting.reference.clone(), posting.clone());
        Ok(true)
    }

    async fn balance(&mut self, account: Account, currency: Currency) -> Result<i64> {
        let ledger = &self.read("read a balance").await?.ledger;
        let moved = ledger
            .values()
            .filter(|posting| posting.amount.currency == currency)
            .map(|posting| {
                let side = |own: Account| {
                    if own == account {
                        posting.amount.minor
                    } else {
                        0
                    }
                };
                side(posting.debit) - side(posting.credit)
            });
        Ok(moved.sum())
    }

    async fn contributed(&mut self, bill: &str) -> Result<i64> {
        let ledger = &self.read("read the ledger").await?.ledger;
        let of_bill = ledger
            .values()
            .filter(|posting| posting.bill.as_deref() == Some(bill));
        Ok(credited(of_bill, Account::ContributionsDue))
    }

    async fn credit_of(&mut self, party: &str, currency: Currency) -> Result<i64> {
        let ledger = &self.read("read the ledger").await?.ledger;
        let of_party = ledger.values().filter(|posting| {
            posting.party.as_deref() == Some(party) && posting.amount.currency == currency
        });
        Ok(credited(of_party, Account::MemberCredit))
    }

    async fn held(&mut self, payment: &str) -> Result<i64> {
        let ledger = &self.read("read the ledger").await?.ledger;
        let of_payment = ledger
            .values()
            .filter(|posting| posting.payment.as_deref() == Some(payment));
        Ok(credited(of_payment, Account::Suspense))
    }
}

/// What entries leave on the credit side of an account.
fn credited<'a>(postings: impl Iterator<Item = &'a Posting>, account: Account) -> i64 {
    let side = |own: Account, minor: i64| if own == account { minor } else { 0 };
    let moved = postings.map(|posting| {
        let minor = posting.amount.minor;
        side(posting.credit, minor) - side(posting.debit, minor)
    });
    moved.sum()
}
