use std::time::Duration;

use chrono::TimeDelta;

use super::{Asker, Effects, Failed, Pending, Ran, bare, giving};
use crate::{
    dialogue::Outcome,
    menu::{OutcomeName, Value},
    scheme::{self, Filed, SchemeError, route_to},
    store::{ComplaintState, JobKind, NewComplaint, NewJob, Priority},
};

/// How long a scheme may take to say whose phone it is; a complaint without that is one too.
const WHOSE: Duration = Duration::from_secs(1);
/// How long it is tried to file a complaint at the scheme.
const TRIED: TimeDelta = TimeDelta::days(30);

impl Effects {
    /// Keeps a complaint, once, with a job that files it at the scheme, and gives its number.
    pub(super) async fn complain(&self, asker: Asker<'_>, text: &str) -> Result<Outcome, Pending> {
        let schemes = &self.world.schemes;
        let whose = schemes.member_of_phone(asker.set, asker.phone);
        let member = tokio::time::timeout(WHOSE, whose).await;
        let member = member.ok().and_then(Result::ok).flatten();
        let Some(scheme) = schemes.of_caller(asker.set, member) else {
            return Ok(bare(OutcomeName::Down));
        };
        let now = self.world.clock.now();
        let complaint = NewComplaint {
            effect: asker.key,
            scheme: scheme.name().to_owned(),
            phone: asker.phone.clone(),
            member,
            text: text.to_owned(),
            made_at: now,
        };
        let mut transaction = self.world.store.write().await?;
        let number = transaction.complaints().make(&complaint).await?;
        let job = NewJob {
            kind: JobKind::FileComplaint,
            subject: number.to_string(),
            route: route_to(scheme.name()),
            run_at: now,
            not_after: now + TRIED,
            priority: Priority::Normal,
        };
        transaction.jobs().add(&job).await?;
        transaction.commit().await?;
        self.world.wake.outbox.notify_one();
        let number = Value::Record(vec![Value::Number(number)]);
        Ok(giving(OutcomeName::Filed, number))
    }

    /// Files a complaint at its scheme; where that takes none it stays with us.
    pub(super) async fn file_complaint(&self, number: i64) -> Result<Ran, Failed> {
        let complaint = {
            let mut transaction = self.world.store.read().await?;
            transaction.complaints().get(number).await?
        };
        let Some(complaint) = complaint.filter(|it| it.state == ComplaintState::New) else {
            return Ok(Ran::Done);
        };
        let made = complaint.made;
        let filed = match self.world.schemes.named(&made.scheme) {
            Some(scheme) => {
                let told = scheme::Complaint {
                    member: made.member,
                    phone: made.phone,
                    text: made.text,
                    at: made.made_at,
                    key: made.effect.to_string(),
                };
                scheme.complain(&told).await
            }
            None => Ok(Filed::Unsupported),
        };
        let state = match filed {
            Ok(Filed::Ticket(code)) => ComplaintState::Filed(code),
            Ok(Filed::Unsupported) => ComplaintState::Ours,
            Err(SchemeError::Refused { asked, why }) => {
                tracing::warn!(
                    number,
                    asked,
                    why,
                    "the scheme took a complaint not: it stays with us"
                );
                ComplaintState::Ours
            }
            Err(error) => return Err(error.into()),
        };
        let mut transaction = self.world.store.write().await?;
        transaction.complaints().settle(number, &state).await?;
        transaction.commit().await?;
        Ok(Ran::Done)
    }
}
