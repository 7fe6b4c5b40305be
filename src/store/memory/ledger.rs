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
}
