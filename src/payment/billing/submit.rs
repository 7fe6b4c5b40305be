use std::time::Duration;

use super::{Billing, Progress, is_over};
use crate::{
    payment::{
        SubmitError, Submitted,
        bill::{self, BillEvent},
        books,
        told::Numbered,
    },
    store::{Bill, BillState, StoreError, Transaction},
};

impl Billing {
    /// Submits a bill and moves it on: what the outbox does for a job [`JobKind::SubmitBill`].
    ///
    /// # Errors
    /// The store could not be read or written, and the job is to be tried again.
    ///
    /// [`JobKind::SubmitBill`]: crate::store::JobKind::SubmitBill
    pub async fn submit(&self, id: &str) -> Result<Progress, StoreError> {
        let Some(bill) = self.awaiting(id).await? else {
            return Ok(Progress::Over);
        };
        let mut numbers = Vec::new();
        let (event, progress) = match self.provider.submit(&bill).await {
            Ok(Submitted::Accepted) => (BillEvent::Taken, self.awaited()),
            Ok(Submitted::Numbered(told)) => {
                numbers = told;
                (BillEvent::Taken, self.awaited())
            }
            Ok(Submitted::Rejected(codes)) => {
                tracing::warn!(
                    bill = id,
                    codes,
                    "the payment gateway refused bill {id}: {codes}"
                );
                (BillEvent::Refused, Progress::Over)
            }
            Err(error @ SubmitError::Unknown { .. }) => (
                BillEvent::Unanswered,
                Progress::Unanswered(error.to_string()),
            ),
            Err(error @ SubmitError::Configuration { .. }) => {
                (withheld(&bill), Progress::Halted(error.to_string()))
            }
        };
        self.record(&bill, event, &numbers, progress).await
    }

    /// The bill if it still wants a number, noted as sent; one whose time is over is ended.
    async fn awaiting(&self, id: &str) -> Result<Option<Bill>, StoreError> {
        let now = self.clock.now();
        let bill = self.store.read().await?.bills().get(id).await?;
        let Some(bill) = bill.filter(|bill| bill::wants_number(bill.state)) else {
            return Ok(None);
        };
        let over = is_over(&bill, now);
        let mut transaction = self.store.write().await?;
        if over {
            bill::end(&mut *transaction, &bill, BillEvent::Ended, now).await?;
        } else {
            bill::advance(&mut *transaction, id, BillEvent::Sent, now).await?;
        }
        transaction.commit().await?;
        if over {
            self.wake.bills();
        }
        Ok((!over).then_some(bill))
    }

    /// Moves the bill. Its number may have overtaken the answer, so what is left to do is decided by
    /// where it then is.
    async fn record(
        &self,
        bill: &Bill,
        event: BillEvent,
        numbers: &[Numbered],
        progress: Progress,
    ) -> Result<Progress, StoreError> {
        let (id, now) = (&bill.made.id, self.clock.now());
        let mut transaction = self.store.write().await?;
        if event == BillEvent::Refused {
            bill::end(&mut *transaction, bill, event, now).await?;
        } else {
            bill::advance(&mut *transaction, id, event, now).await?;
        }
        let rules = self.rules();
        for told in numbers {
            let attached = books::number(&mut *transaction, told, &rules, now).await?;
            if let books::Attached::Noted(note) = attached {
                tracing::error!(
                    bill = id,
                    note,
                    "a control number is to be looked at: {note}"
                );
            }
        }
        let left = wants_number(&mut *transaction, id).await?;
        transaction.commit().await?;
        self.wake.bills();
        Ok(if left { progress } else { Progress::Over })
    }

    fn awaited(&self) -> Progress {
        Progress::Awaited(Duration::from_secs(self.options.ask_again_seconds))
    }
}

/// Our settings were refused. A bill that may be there from before stays so.
fn withheld(bill: &Bill) -> BillEvent {
    if bill.state == BillState::SubmitUnknown {
        BillEvent::Unanswered
    } else {
        BillEvent::Withheld
    }
}

async fn wants_number(transaction: &mut dyn Transaction, id: &str) -> Result<bool, StoreError> {
    let bill = transaction.bills().get(id).await?;
    Ok(bill.is_some_and(|bill| bill::wants_number(bill.state)))
}
