//! The payment gateway's own calls: control numbers and payments, told again until a node has
//! acknowledged them.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use super::{node::Node, stage::Stage};
use crate::{
    model::ControlNumber,
    payment::{
        gepg::{self, proved},
        told::{Numbered, Paid, PaidEntry},
    },
    store::{Bill, StoreError},
};

/// How long the gateway waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A bill was submitted. The first time it gets its number, and is told of it.
pub(super) fn take(stage: &Arc<Stage>, bill: &Bill) {
    let known = stage.judge().submitted(&bill.made.id);
    let Some(number) = known else {
        return;
    };
    let number = format!("99{number:010}");
    stage.say(|| {
        format!(
            "the gateway gives bill {} the number {number}",
            bill.made.id
        )
    });
    stage.couriers.fetch_add(1, Ordering::Relaxed);
    let (stage, bill) = (Arc::clone(stage), bill.clone());
    tokio::spawn(async move {
        tell(&stage, &bill, number).await;
        stage.couriers.fetch_sub(1, Ordering::Relaxed);
    });
}

async fn tell(stage: &Arc<Stage>, bill: &Bill, number: String) {
    let dice = Arc::clone(&stage.dice);
    tokio::time::sleep(dice.millis(10, 6000)).await;
    let number = ControlNumber::parse(&number).ok();
    let answer = Numbered {
        bill: bill.made.id.clone(),
        number,
        group_number: None,
        succeeded: true,
        codes: proved::success(),
    };
    until_taken(stage, &News::Number(vec![answer])).await;
    if !dice.happens(7000) {
        return;
    }
    tokio::time::sleep(dice.millis(1000, 90_000)).await;
    let notice = Paid {
        entries: vec![paid(stage, bill, number)],
        count: None,
    };
    stage.judge().paid(&bill.made.id);
    until_taken(stage, &News::Payment(notice)).await;
}

/// What the gateway tells.
enum News {
    Number(Vec<Numbered>),
    Payment(Paid),
}

impl News {
    fn name(&self) -> &'static str {
        match self {
            Self::Number(_) => "a control number came",
            Self::Payment(_) => "a payment came",
        }
    }

    /// One node takes it as its webhook does: in one transaction, and only then it is acknowledged.
    async fn reach(&self, node: &Node) -> Result<(), StoreError> {
        let mut transaction = node.store.write().await?;
        match self {
            Self::Number(response) => {
                proved::numbers(&mut *transaction, response, node.now()).await?;
            }
            Self::Payment(notice) => {
                let sp_code = gepg::Options::default().sp_code;
                proved::payments(&mut *transaction, notice, &[sp_code], node.now()).await?;
            }
        }
        transaction.commit().await?;
        node.wake.bills_and_outbox();
        Ok(())
    }
}

fn paid(stage: &Stage, bill: &Bill, number: Option<ControlNumber>) -> PaidEntry {
    let amount = bill.made.amount;
    let printed = number.map(|number| number.to_string()).unwrap_or_default();
    let now = stage.now();
    PaidEntry {
        trx_id: format!("T{printed}"),
        sp_code: gepg::Options::default().sp_code,
        pay_ref_id: format!("R{printed}"),
        bill: bill.made.id.clone(),
        number,
        group_number: None,
        bill_amount: Some(amount),
        paid: Some(amount),
        original_paid: amount.to_decimal(),
        currency: amount.currency.to_string(),
        pay_option: "3".to_owned(),
        paid_at: Some(now),
        original_time: gepg::write_time(now),
        channel: "1".to_owned(),
        payer_phone: None,
        payer_name: String::new(),
        psp: "simulated".to_owned(),
        psp_receipt: format!("C{printed}"),
        account: String::new(),
    }
}

/// Tells some node until one has taken it, and sometimes again after that.
async fn until_taken(stage: &Arc<Stage>, news: &News) {
    let dice = &stage.dice;
    loop {
        if let Some(node) = stage.any_node() {
            let taken = tokio::select! {
                biased;
                () = node.life.until_gone() => false,
                taken = tokio::time::timeout(PATIENCE, news.reach(&node)) => {
                    matches!(taken, Ok(Ok(())))
                }
            };
            stage.happened(news.name(), || {
                format!("to node {}, taken: {taken}", node.life.node)
            });
            if taken && !dice.happens(stage.world().twice) {
                return;
            }
        }
        tokio::time::sleep(dice.millis(500, 8000)).await;
    }
}
