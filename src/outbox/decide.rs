use crate::store::{Decision, JobKind, JobRow, JobVerdict, Store, StoreError, Transaction};

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum Undecided {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No job with these ids was given up.
    #[error("{}", unknown(.0))]
    Unknown(Vec<i64>),
    /// A message that cannot be sent again.
    #[error(
        "job {0} cannot be tried again: the text of its message was deleted, as its time was over, or it was sent; `nyota outbox drop` ends it"
    )]
    Gone(i64),
}

fn unknown(ids: &[i64]) -> String {
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    let (noun, ids) = (if ids.len() == 1 { "job" } else { "jobs" }, ids.join(", "));
    format!("no {noun} {ids} was given up; `nyota outbox list` shows those that were")
}

/// Does what a person decided about jobs that were given up: about all of them, or where one of them
/// is none, about none. Gives them as they were.
pub async fn decide(
    store: &dyn Store,
    jobs: &[i64],
    decision: &Decision,
) -> Result<Vec<JobRow>, Undecided> {
    let mut transaction = store.write().await?;
    let (mut decided, mut unknown) = (Vec::new(), Vec::new());
    for id in jobs {
        match transaction.decisions().decide(*id, decision).await? {
            Some(job) => decided.push(job),
            None => unknown.push(*id),
        }
    }
    if !unknown.is_empty() {
        return Err(Undecided::Unknown(unknown));
    }
    for job in &decided {
        begin_anew(&mut *transaction, job, decision).await?;
    }
    transaction.commit().await?;
    Ok(decided)
}

/// What a job is about stands where giving it up has left it; a message is to be sent again.
async fn begin_anew(
    transaction: &mut dyn Transaction,
    job: &JobRow,
    decision: &Decision,
) -> Result<(), Undecided> {
    let JobVerdict::Retry { not_after } = decision.verdict else {
        return Ok(());
    };
    match (job.kind, job.subject.parse()) {
        (JobKind::SendMessage, Ok(id)) => {
            let mut messages = transaction.messages();
            let queued = messages.requeue(id, not_after, decision.at).await?;
            if queued {
                Ok(())
            } else {
                Err(Undecided::Gone(job.id))
            }
        }
        (
            JobKind::SendMessage
            | JobKind::FinishEffect
            | JobKind::SubmitBill
            | JobKind::TellScheme
            | JobKind::Retention
            | JobKind::FollowScheme
            | JobKind::FileComplaint
            | JobKind::TellPayer
            | JobKind::CancelBill
            | JobKind::Reconcile,
            _,
        ) => Ok(()),
    }
}
