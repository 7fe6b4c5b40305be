use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep};

use super::{
    Failure,
    asking::Asking,
    documents,
    read::{Log, LogAnswer},
};

/// The first pause between two looks at a log; each is twice the last.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// How often one step is tried anew after openIMIS refused it, over all runs.
const ATTEMPTS: u32 = 12;

/// Something to be written once, whoever begins it how often.
#[derive(Debug)]
pub(super) struct Step<'a> {
    /// The mutation: `renewPolicy`.
    pub(super) mutation: &'static str,
    /// What it is for, the same each time: a receipt.
    pub(super) key: &'a str,
    /// Its input, without the ids of the mutation.
    pub(super) input: Map<String, Value>,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is written.
    Written,
    /// openIMIS refused it, for this reason.
    Declined(String),
}

impl Asking {
    /// Writes a step once. openIMIS runs a mutation as often as it is sent, whatever its id; so its log is
    /// asked for the id, and only what it never saw is sent.
    pub(super) async fn write(
        &self,
        step: &Step<'_>,
        patience: Duration,
    ) -> Result<Outcome, Failure> {
        let deadline = Instant::now() + patience;
        let mut declined = String::new();
        for attempt in 0..ATTEMPTS {
            let id = step.id(attempt);
            match self.log(&id).await? {
                Log::Done => return Ok(Outcome::Written),
                Log::Failed(reason) => declined = reason,
                Log::Pending => return self.settled(&id, deadline).await,
                Log::Absent => {
                    self.send(step, &id).await?;
                    return self.settled(&id, deadline).await;
                }
            }
        }
        Ok(Outcome::Declined(format!(
            "{declined} (tried {ATTEMPTS} times)"
        )))
    }

    /// Sends it. An answer that is lost says nothing of whether it arrived: the log does.
    async fn send(&self, step: &Step<'_>, id: &str) -> Result<(), Failure> {
        let mut input = step.input.clone();
        input.insert("clientMutationId".to_owned(), json!(id));
        input.insert(
            "clientMutationLabel".to_owned(),
            json!(format!("nyota: {}", step.mutation)),
        );
        let document = documents::mutation(step.mutation);
        let sent: Result<Value, Failure> = self.ask(&document, json!({"input": input})).await;
        let Err(failure) = sent else {
            return Ok(());
        };
        match self.log(id).await {
            Ok(Log::Pending | Log::Done | Log::Failed(_)) => Ok(()),
            Ok(Log::Absent) | Err(_) => Err(failure),
        }
    }

    /// Waits for what becomes of it.
    async fn settled(&self, id: &str, deadline: Instant) -> Result<Outcome, Failure> {
        let mut pause = PAUSE;
        loop {
            match self.log(id).await? {
                Log::Done => return Ok(Outcome::Written),
                Log::Failed(reason) => return Ok(Outcome::Declined(reason)),
                Log::Pending | Log::Absent => {}
            }
            if Instant::now() + pause > deadline {
                return Err(Failure::Pending);
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn log(&self, id: &str) -> Result<Log, Failure> {
        let answer: LogAnswer = self.ask(documents::LOG, json!({"id": id})).await?;
        Ok(answer.read())
    }
}

impl Step<'_> {
    /// The id of one attempt, the same whoever makes it. Operators find it in openIMIS's own log.
    fn id(&self, attempt: u32) -> String {
        format!("nyota-{}-{}-{attempt}", self.mutation, self.key)
    }
}
