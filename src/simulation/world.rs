use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;

use super::{
    courier,
    life::{Hit, Life},
    plan::Bug,
    register::Person,
};
use crate::{
    dialogue::{Input, Outcome},
    effect::{Prompt, Prompter, Stepped},
    menu::{MenuSet, OutcomeName},
    model::{MemberNumber, Msisdn},
    payment::{Provider, SubmitError, Submitted},
    scheme::{Cover, Finding, Premium, Quote, Scheme, SchemeError},
    sms::{Handed, Route, SendError},
    store::{Bill, Message, MessageState},
};

/// The scheme, the payment gateway and the SMS route, as one node reaches them.
#[derive(Clone, Debug)]
pub(super) struct Outside(pub(super) Arc<Life>);

impl Outside {
    /// Asks something that may be slow, fail, or never be answered.
    async fn ask(&self, what: &'static str) -> Hit {
        let life = &self.0;
        let (dice, world) = (&life.stage.dice, life.stage.world());
        let hit = life.before(what).await;
        if hit != Hit::Goes {
            return hit;
        }
        if dice.happens(world.never) {
            life.stage.happened("never answered", || what.to_owned());
            return Hit::Gone;
        }
        if dice.happens(world.fails) {
            life.stage.happened("refused for now", || what.to_owned());
            return Hit::Fails;
        }
        if dice.happens(world.slow) {
            let time = dice.millis(500, 12_000);
            life.stage.happened("answered late", || {
                format!("{what}, {} ms", time.as_millis())
            });
            tokio::time::sleep(time).await;
        }
        if life.is_gone() { Hit::Gone } else { Hit::Goes }
    }

    async fn ask_scheme(&self, what: &'static str) -> Result<(), SchemeError> {
        match self.ask(what).await {
            Hit::Goes => Ok(()),
            Hit::Fails => Err(SchemeError::Unavailable {
                asked: what,
                source: None,
            }),
            Hit::Gone => std::future::pending().await,
        }
    }

    fn person(&self, member: MemberNumber) -> Option<&Person> {
        let register = &self.0.stage.register;
        if self.0.stage.shows(Bug::OtherMembersAnswer, 2000) {
            return register.people().first();
        }
        register.by_member(member)
    }

    /// Whether what was done is told otherwise.
    fn answer_lost(&self, what: &'static str) -> bool {
        let stage = &self.0.stage;
        let lost = stage.dice.happens(stage.world().twice);
        if lost {
            stage.happened("done, its answer lost", || what.to_owned());
            stage.judge().fault(self.0.node);
        }
        lost
    }
}

#[async_trait]
impl Scheme for Outside {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn member_of_phone(&self, phone: &Msisdn) -> Result<Option<MemberNumber>, SchemeError> {
        self.ask_scheme("whose phone it is").await?;
        let person = self.0.stage.register.by_phone(phone);
        let linked = person.filter(|person| person.linked);
        Ok(linked.map(|person| person.member))
    }

    async fn cover(
        &self,
        member: MemberNumber,
        _: NaiveDate,
    ) -> Result<Option<Cover>, SchemeError> {
        self.ask_scheme("the cover").await?;
        Ok(self.person(member).map(Person::cover))
    }

    async fn quote(
        &self,
        member: MemberNumber,
        _: NaiveDate,
    ) -> Result<Option<Quote>, SchemeError> {
        self.ask_scheme("the quote").await?;
        Ok(self.person(member).map(Person::quote))
    }

    async fn record_payment(&self, premium: &Premium) -> Result<Cover, SchemeError> {
        const WHAT: &str = "the premium";
        self.ask_scheme(WHAT).await?;
        self.0.stage.judge().premium(premium);
        let person = self.0.stage.register.by_member(premium.member);
        if self.answer_lost(WHAT) {
            return Err(SchemeError::Unavailable {
                asked: WHAT,
                source: None,
            });
        }
        person.map(Person::cover).ok_or(SchemeError::Refused {
            asked: WHAT,
            why: "nobody has this number".to_owned(),
        })
    }

    async fn look(&self, _: NaiveDate) -> Vec<Finding> {
        Vec::new()
    }
}

#[async_trait]
impl Provider for Outside {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn submit(&self, bill: &Bill) -> Result<Submitted, SubmitError> {
        const WHAT: &str = "a bill";
        let unknown = || SubmitError::Unknown {
            bill: bill.made.id.clone(),
            why: "simulated".to_owned(),
            source: None,
        };
        match self.ask(WHAT).await {
            Hit::Goes => {}
            Hit::Fails => return Err(unknown()),
            Hit::Gone => return std::future::pending().await,
        }
        courier::take(&self.0.stage, bill);
        if self.answer_lost(WHAT) {
            return Err(unknown());
        }
        Ok(Submitted::Accepted)
    }
}

#[async_trait]
impl Route for Outside {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn send(&self, message: &Message) -> Result<Handed, SendError> {
        const WHAT: &str = "an SMS";
        let failed = || SendError {
            id: message.id,
            why: "simulated".to_owned(),
            retry: true,
            code: None,
            wait: None,
        };
        match self.ask(WHAT).await {
            Hit::Goes => {}
            Hit::Fails => return Err(failed()),
            Hit::Gone => return std::future::pending().await,
        }
        let stage = &self.0.stage;
        stage.say(|| format!("node {} sends SMS {}", self.0.node, message.id));
        stage.judge().sent(message, self.0.node);
        if self.answer_lost(WHAT) {
            return Err(failed());
        }
        Ok(Handed {
            state: MessageState::Delivered,
            their_id: None,
        })
    }
}

/// Answers the desk's call, and lets the judge see what was told to dialogues.
impl Prompter for Outside {
    fn asked(&self, phone: &Msisdn, call: &str, _: bool) -> Option<Prompt> {
        if call != "desk.enter" {
            return None;
        }
        let stage = &self.0.stage;
        let name = if stage.register.by_phone(phone).is_some() && !stage.dice.happens(2000) {
            OutcomeName::Declared(0)
        } else {
            OutcomeName::Down
        };
        Some(Prompt::Outcome(Outcome::Call { name, value: None }))
    }

    fn stepped(&self, _: &MenuSet, step: &Stepped<'_>) {
        if let Some((state, Input::Outcome(outcome))) = step.before {
            self.0.stage.judge().told(state, outcome);
        }
    }
}
