//! Calls of ours to the aggregator, and what they are filled from: a screen shown later, an SMS sent, a receipt asked for.

use chrono::{DateTime, Utc};

use super::{
    Account, Exchange, Outbound, Outgoing, Refused, Said, Screen, Source,
    answer::{Written, of_account},
    screen,
    value::{Datum, Sources},
};
use crate::model::{Msisdn, gsm7};

impl Account {
    /// The call that shows a screen, where the answer to the request does not. `None` where the profile has none, or
    /// where it needs a [`token`](Self::token_call) and there is none.
    pub fn deliver(
        &self,
        said: &Said,
        screen: &Screen<'_>,
        token: Option<&str>,
    ) -> Option<Outbound> {
        let later = self.profile.later.as_ref()?;
        later
            .request
            .write(&Written::screen(self, said, screen), token)
    }

    /// The call that sends an SMS. `None` where the profile sends none, where it needs a [`token`](Self::token_call)
    /// and there is none, where the account lacks [what that needs](Self::sends), and for an id that stands for a phone
    /// and is no number.
    pub fn send(&self, message: &Outgoing<'_>, token: Option<&str>) -> Option<Outbound> {
        if message.to.as_opaque().is_some() || !self.sends() {
            return None;
        }
        let sending = Sending::of(self, message);
        self.sending(&sending)?.request.write(&sending, token)
    }

    /// Whether the aggregator knows our id of this message, so that it takes it once however often it is sent.
    pub fn knows_our_id(&self, message: &Outgoing<'_>) -> bool {
        let exchange = self.sending(&Sending::of(self, message));
        exchange.is_some_and(|exchange| exchange.request.knows_our_id)
    }

    /// Whether its aggregator refuses SMS without a sender, where any go out through it.
    pub fn needs_sender(&self) -> bool {
        let Ok(to) = Msisdn::parse("255700000000") else {
            return false;
        };
        let needs = |text| {
            let message = Outgoing {
                to: &to,
                from: None,
                text,
                own_id: "",
                message_id: None,
                now: DateTime::UNIX_EPOCH,
            };
            let call = self.sending(&Sending::of(self, &message));
            call.is_some_and(|call| call.request.needs_sender)
        };
        // Which call is made may depend on the text's alphabet.
        self.sends() && ["a", "я"].into_iter().any(needs)
    }

    /// The call that asks how far an SMS is; `None` as of [`send`](Self::send).
    pub fn poll(&self, message: &Outgoing<'_>, token: Option<&str>) -> Option<Outbound> {
        let poll = self.profile.poll.as_ref().filter(|_| self.sends())?;
        poll.request.write(&Sending::of(self, message), token)
    }

    /// How this message is sent: the first whose conditions hold.
    pub(super) fn sending(&self, sending: &Sending<'_>) -> Option<&Exchange> {
        let holds = |exchange: &&Exchange| {
            let mut tests = exchange.when.iter();
            tests.all(|test| test.passes(sending).unwrap_or(false))
        };
        self.profile.send.iter().find(holds)
    }
}

/// What a call about an SMS is filled from; without a message, that which gets a token.
pub(super) struct Sending<'a> {
    account: &'a Account,
    message: Option<&'a Outgoing<'a>>,
    now: Option<DateTime<Utc>>,
}

impl<'a> Sending<'a> {
    pub(super) fn of(account: &'a Account, message: &'a Outgoing<'a>) -> Self {
        Self {
            account,
            message: Some(message),
            now: Some(message.now),
        }
    }

    pub(super) fn none(account: &'a Account, now: Option<DateTime<Utc>>) -> Self {
        Self {
            account,
            message: None,
            now,
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what other sides are filled from has no value here"
    )]
    fn of_message(&self, source: &Source) -> Option<Datum> {
        let message = self.message?;
        match source {
            Source::To => Some(Datum::Text(message.to.e164())),
            Source::From => message.from.map(Datum::from),
            Source::Text => Some(Datum::from(message.text)),
            Source::TextAlphabet => Some(Datum::from(screen::alphabet(message.text))),
            Source::Segments => Some(Datum::Text(gsm7::parts(message.text).to_string())),
            Source::Ref => Some(Datum::from(message.own_id)),
            Source::MessageId => message.message_id.map(Datum::from),
            _ => None,
        }
    }
}

impl Sources for Sending<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what other sides are filled from has no value here"
    )]
    fn find(&self, source: &Source) -> Result<Option<Datum>, Refused> {
        Ok(match source {
            Source::Now => self.now.map(Datum::Time),
            shared => match of_account(self.account, shared) {
                Some(found) => Some(found),
                None => self.of_message(shared),
            },
        })
    }

    fn account(&self) -> &Account {
        self.account
    }
}
