use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    rows::{Rows, ShareRow},
    transaction::{Tables, refused},
};
use crate::{
    model::{ControlNumber, MemberNumber, Msisdn},
    store::{Agreed, Bill, BillKey, BillState, Bills, NewBill, Result, Share},
};

#[async_trait]
impl Bills for Tables<'_, '_> {
    async fn make(&mut self, bill: &NewBill) -> Result<Bill> {
        let rows = self.change("make a bill").await?;
        if let Some(known) = rows.bills.values().find(|known| known.made.key == bill.key) {
            return Ok(known.clone());
        }
        if rows.bill_of(&bill.id).is_some() {
            return Err(refused("make a bill", "its id is another bill's"));
        }
        let made = Bill {
            made: bill.clone(),
            state: BillState::Queued,
            number: None,
            flag: String::new(),
        };
        rows.bills.append(|_| made.clone());
        rows.put_share(&bill.id, &bill.first_share());
        Ok(made)
    }

    async fn share(&mut self, id: &str, share: &Share) -> Result<()> {
        let rows = self.change("share a bill").await?;
        rows.put_share(id, share);
        Ok(())
    }

    async fn shares(&mut self, id: &str) -> Result<Vec<Share>> {
        let rows = self.read("read the phones of a bill").await?;
        let of_bill = || rows.shares.iter().filter(|(_, row)| row.bill == id);
        let newest = of_bill().filter(|(number, row)| {
            let later = |(other, it): (&i64, &ShareRow)| {
                it.share.phone == row.share.phone && other > *number
            };
            !of_bill().any(later)
        });
        Ok(newest.map(|(_, row)| row.share.clone()).collect())
    }

    async fn given(&mut self, phone: &Msisdn, agreed: &Agreed) -> Result<Option<Bill>> {
        let rows = self.read("read a bill").await?;
        let given = |bill: &&Bill| {
            let made = &bill.made;
            let same = (made.persons, made.total()) == (agreed.persons, agreed.amount);
            let days = |share: &Share| {
                (share.member, share.from, share.to) == (agreed.member, agreed.from, agreed.to)
            };
            same && rows.shares_with(&made.id, phone).any(days)
        };
        Ok(rows.bills.values().rev().find(given).cloned())
    }

    async fn newest(&mut self, key: &BillKey) -> Result<Option<Bill>> {
        let rows = self.read("read a bill").await?;
        let same = rows.bills.values().filter(|bill| {
            let mut own = bill.made.key.clone();
            own.generation = key.generation;
            own == *key
        });
        Ok(same.max_by_key(|bill| bill.made.key.generation).cloned())
    }

    async fn get(&mut self, id: &str) -> Result<Option<Bill>> {
        let rows = self.read("read a bill").await?;
        Ok(rows.bills.values().find(|bill| bill.made.id == id).cloned())
    }

    async fn by_number(&mut self, number: ControlNumber) -> Result<Option<Bill>> {
        let rows = self.read("read a bill").await?;
        let alias = rows.aliases.get(&number.to_string());
        let found = rows.bills.values().find(|bill| {
            bill.number == Some(number) || alias.is_some_and(|of| *of == bill.made.id)
        });
        Ok(found.cloned())
    }

    async fn payable(&mut self, phone: &Msisdn, member: Option<MemberNumber>) -> Result<Vec<Bill>> {
        let rows = self.read("read bills").await?;
        let theirs = rows.bills.iter().filter(|(_, bill)| {
            let members = Some(bill.made.member) == member;
            let given = rows.shares_with(&bill.made.id, phone).next().is_some();
            let payable = matches!(bill.state, BillState::Payable | BillState::PartPaid);
            payable && (members || given)
        });
        let mut bills: Vec<_> = theirs.collect();
        bills.sort_by_key(|(row, bill)| std::cmp::Reverse((bill.made.made_at, **row)));
        let first = bills.into_iter().take(20);
        Ok(first.map(|(_, bill)| bill.clone()).collect())
    }

    async fn advance(
        &mut self,
        id: &str,
        from: &[BillState],
        to: BillState,
        _: DateTime<Utc>,
    ) -> Result<bool> {
        let rows = self.change("advance a bill").await?;
        let Some(row) = rows.bill_of(id) else {
            return Ok(false);
        };
        let bill = rows.bills.change(&row);
        let moved = bill.filter(|bill| from.contains(&bill.state));
        Ok(moved.map(|bill| bill.state = to).is_some())
    }

    async fn assign_number(&mut self, id: &str, number: ControlNumber) -> Result<bool> {
        let rows = self.change("give a bill its control number").await?;
        let anothers = |bill: &Bill| bill.number == Some(number) && bill.made.id != id;
        let alias = rows.aliases.get(&number.to_string()).is_some();
        if alias || rows.bills.values().any(anothers) {
            return Ok(false);
        }
        let Some(row) = rows.bill_of(id) else {
            return Ok(false);
        };
        let bill = rows.bills.change(&row);
        let free = bill.filter(|bill| bill.number.is_none_or(|own| own == number));
        Ok(free.map(|bill| bill.number = Some(number)).is_some())
    }

    async fn keep_alias(
        &mut self,
        id: &str,
        number: ControlNumber,
        _: DateTime<Utc>,
    ) -> Result<bool> {
        let rows = self.change("keep another control number of a bill").await?;
        let key = number.to_string();
        let mut bills = rows.bills.values();
        let taken = rows.aliases.get(&key).is_some();
        if taken || bills.any(|bill| bill.number == Some(number)) {
            return Ok(false);
        }
        rows.aliases.insert(key, id.to_owned());
        Ok(true)
    }

    async fn flag(&mut self, id: &str, why: &str) -> Result<()> {
        let rows = self.change("flag a bill").await?;
        let Some(row) = rows.bill_of(id) else {
            return Ok(());
        };
        if let Some(bill) = rows.bills.change(&row) {
            why.clone_into(&mut bill.flag);
        }
        Ok(())
    }
}

impl Rows {
    fn bill_of(&self, id: &str) -> Option<i64> {
        self.bills.last_key(|bill| bill.made.id == id)
    }

    pub(super) fn shares_with<'a>(
        &'a self,
        bill: &'a str,
        phone: &'a Msisdn,
    ) -> impl Iterator<Item = &'a Share> {
        let of_bill = self.shares.values().filter(move |row| row.bill == bill);
        of_bill
            .map(|row| &row.share)
            .filter(move |share| share.phone == *phone)
    }

    fn put_share(&mut self, bill: &str, share: &Share) {
        let same = |row: &ShareRow| {
            let known = &row.share;
            let days = (known.from, known.to) == (share.from, share.to);
            let same = (&known.phone, known.member) == (&share.phone, share.member);
            row.bill == bill && same && days
        };
        let row = ShareRow {
            bill: bill.to_owned(),
            share: share.clone(),
        };
        match self.shares.last_key(same) {
            Some(known) => drop(self.shares.insert(known, row)),
            None => drop(self.shares.append(|_| row)),
        }
    }
}
