use std::fmt;

use super::{Asker, Effects, Pending, bare};
use crate::{
    dialogue::{Input, Outcome, Scene, State},
    menu::{DeclaredCall, MenuSet, Operation, OutcomeName},
    model::Msisdn,
};

/// Who stands beside a transcript that is played: answers calls in the world's place where it has an
/// answer, and sees every step. A server that serves callers has none.
pub trait Prompter: fmt::Debug + Send + Sync {
    /// A call is asked for this phone; what it is answered with, `None` where the world is to say.
    /// `call` is its name in a menu, such as `scheme.cover`; `on_line` says whether she waits for it.
    fn asked(&self, phone: &Msisdn, call: &str, on_line: bool) -> Option<Prompt>;

    /// A dialogue went a step.
    fn stepped(&self, set: &MenuSet, step: &Stepped<'_>);
}

/// What a call is answered with in the world's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// This outcome.
    Outcome(Outcome),
    /// Nothing in the turn's time: then the call is asked again by the outbox.
    Slow,
    /// Something that is no answer, as a broken scheme gives.
    Nonsense,
    /// What the server of a declared call answers.
    Http {
        /// Its status.
        status: u16,
        /// Its body.
        body: String,
    },
}

/// One step of a dialogue.
#[derive(Clone, Copy, Debug)]
pub struct Stepped<'a> {
    /// Where it was, and what it took; `None` where a dialogue begins.
    pub before: Option<(&'a State, &'a Input)>,
    /// Where it then is; `None` for an answer that came late, since nobody looks at it yet.
    pub after: Option<&'a State>,
    /// What the world is like.
    pub scene: &'a Scene<'a>,
}

impl Effects {
    /// Who stands beside the transcript that is played, if one is.
    pub fn prompter(&self) -> Option<&dyn Prompter> {
        self.world.prompter.as_deref()
    }

    /// The prompted end of a call; `None` where the world is to be asked.
    pub(super) async fn prompted(
        &self,
        asker: Asker<'_>,
        operation: Operation,
    ) -> Option<Result<Outcome, Pending>> {
        // A declared call is prompted where its declaration is at hand.
        let call = &operation.signature()?.name;
        let prompt = self.prompter()?.asked(asker.phone, call, asker.on_line)?;
        Some(prompt.come(asker.on_line).await)
    }
}

impl Effects {
    /// The prompted end of a declared call; `None` where its server is to be asked.
    pub(super) async fn prompted_declared(
        &self,
        asker: Asker<'_>,
        call: &DeclaredCall,
    ) -> Option<Result<Outcome, Pending>> {
        let name = &call.signature.name;
        let prompt = self.prompter()?.asked(asker.phone, name, asker.on_line)?;
        Some(match prompt {
            Prompt::Http { status, ref body } => Ok(answered(call, status, body)),
            Prompt::Outcome(_) | Prompt::Slow | Prompt::Nonsense => {
                prompt.come(asker.on_line).await
            }
        })
    }
}

/// What a server's answer comes to: read as one that came over the network.
fn answered(call: &DeclaredCall, status: u16, body: &str) -> Outcome {
    let answer = serde_json::from_str(body).ok();
    match call.outcome(status, answer.as_ref()) {
        Ok(read) => Outcome::Call {
            name: read.name,
            value: read.value,
        },
        Err(_) => bare(OutcomeName::Down),
    }
}

impl Prompt {
    async fn come(self, on_line: bool) -> Result<Outcome, Pending> {
        match self {
            Self::Outcome(outcome) => Ok(outcome),
            // Whoever waits goes away at her turn's deadline.
            Self::Slow if on_line => std::future::pending().await,
            Self::Slow => Err(Pending::Awaited("the answer is slow")),
            Self::Nonsense | Self::Http { .. } => {
                Err(Pending::Failed("the answer was nonsense".to_owned()))
            }
        }
    }
}
