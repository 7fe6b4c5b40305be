use super::{Billing, Progress};
use crate::{
    payment::{
        Cancel, SubmitError,
        bill::{self, BillEvent},
        told::{CodeMeaning, Codes},
    },
    store::{Bill, BillState, StoreError},
};

/// Why the gateway is told that a bill is cancelled.
const WHY: &str = "The bill is not to be paid any more";

impl Billing {
    /// Has the gateway cancel a bill that is to be cancelled: what the outbox does for a job
    /// [`JobKind::CancelBill`].
    ///
    /// # Errors
    /// The store could not be read or written, and the job is to be tried again.
    ///
    /// [`JobKind::CancelBill`]: crate::store::JobKind::CancelBill
    pub async fn cancel(&self, id: &str) -> Result<Progress, StoreError> {
        let bill = self.store.read().await?.bills().get(id).await?;
        let asked = bill.filter(|bill| bill.state == BillState::CancelRequested);
        let Some(bill) = asked else {
            return Ok(Progress::Over);
        };
        let cancel = Cancel {
            bill: id.to_owned(),
            product: bill.made.key.product.clone(),
            reason: WHY.to_owned(),
        };
        match self.provider.cancel(&cancel).await {
            Ok(cancelled) => self.cancelled(&bill, &cancelled.codes).await,
            Err(error @ SubmitError::Unknown { .. }) => Ok(Progress::Unanswered(error.to_string())),
            Err(error @ SubmitError::Configuration { .. }) => {
                Ok(Progress::Halted(error.to_string()))
            }
        }
    }

    /// Only the code for it is success. What is paid there already is not cancelled: its notice is to
    /// come, or stands in the list of its day.
    async fn cancelled(&self, bill: &Bill, codes: &Codes) -> Result<Progress, StoreError> {
        let kept = if bill.number.is_some() {
            BillEvent::Kept
        } else {
            BillEvent::KeptUnnumbered
        };
        let event = match codes.meaning {
            CodeMeaning::Cancelled => BillEvent::Cancelled,
            CodeMeaning::Expired => BillEvent::Ended,
            CodeMeaning::BackOff => return Ok(Progress::Unanswered(codes.to_string())),
            CodeMeaning::Configuration => return Ok(Progress::Halted(codes.to_string())),
            CodeMeaning::Success
            | CodeMeaning::AlreadyOurs
            | CodeMeaning::Settled
            | CodeMeaning::Rejected
            | CodeMeaning::NotReady
            | CodeMeaning::BadDate
            | CodeMeaning::Information
            | CodeMeaning::Unknown => kept,
        };
        let now = self.clock.now();
        let id = &bill.made.id;
        let mut transaction = self.store.write().await?;
        if event == kept {
            bill::advance(&mut *transaction, id, event, now).await?;
            let flag = format!("the gateway did not cancel it: {codes}");
            transaction.bills().flag(id, &flag).await?;
        } else {
            bill::end(&mut *transaction, bill, event, now).await?;
        }
        transaction.commit().await?;
        self.wake.bills();
        Ok(Progress::Over)
    }
}
