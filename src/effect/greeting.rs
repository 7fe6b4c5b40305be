use tokio::time::{Instant, timeout_at};

use super::Effects;
use crate::{
    dialogue::{Greeting, Waiting},
    model::{Language, MemberNumber, Msisdn},
    store::StoreError,
};

impl Effects {
    /// What is known of a caller when her dialogue in a set begins. Where the store is down it is nothing:
    /// she can still be served.
    pub async fn greeting(&self, phone: &Msisdn, set: &str, deadline: Instant) -> Greeting {
        match timeout_at(deadline, self.known(phone, set)).await {
            Ok(Ok(greeting)) => greeting,
            Ok(Err(error)) => {
                tracing::error!(%error, "a caller could not be looked up; she is greeted as new");
                Greeting::default()
            }
            Err(_) => Greeting::default(),
        }
    }

    /// The language that a caller chose before, as far as that can be learnt until `deadline`.
    pub async fn language(&self, phone: &Msisdn, deadline: Instant) -> Option<Language> {
        let chosen = async {
            let mut transaction = self.world.store.read().await?;
            transaction.callers().language(phone).await
        };
        match timeout_at(deadline, chosen).await {
            Ok(Ok(language)) => language,
            Ok(Err(error)) => {
                let cause: &dyn std::error::Error = &error;
                tracing::error!(cause, "a caller's language could not be looked up");
                None
            }
            Err(_) => None,
        }
    }

    async fn known(&self, phone: &Msisdn, set: &str) -> Result<Greeting, StoreError> {
        let (language, waiting) = {
            let mut transaction = self.world.store.read().await?;
            let language = transaction.callers().language(phone).await?;
            let now = self.world.clock.now();
            let waiting = transaction.effects().waiting(phone, set, now).await?;
            (language, waiting)
        };
        let waiting = match waiting {
            Some(answer) => Some(self.how_to_open((phone, set), answer.about).await),
            None => None,
        };
        Ok(Greeting { language, waiting })
    }

    pub(super) async fn how_to_open(
        &self,
        (phone, set): (&Msisdn, &str),
        about: Option<MemberNumber>,
    ) -> Waiting {
        let linked = self
            .world
            .schemes
            .member_of_phone(set, phone)
            .await
            .ok()
            .flatten();
        if about.is_none() || about == linked {
            Waiting::AtOnce
        } else {
            Waiting::WithLastFour
        }
    }
}
