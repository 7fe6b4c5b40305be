use super::Action;

/// Where a phone is, as far as a transcript says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// No dialogue is open.
    Closed,
    /// The last page was looked at: nothing is open, and what led to it may still come again.
    Over,
    /// A page has come that no step has looked at.
    Unseen,
    /// The page was looked at and waits for a key.
    Seen,
}

impl Line {
    /// Where the phone is after a step; what is wrong where it cannot happen.
    pub(super) fn after(self, action: &Action) -> Result<Self, &'static str> {
        match (action, self) {
            (Action::Dial(_), _) | (Action::Press(_), Self::Unseen | Self::Seen) => {
                Ok(Self::Unseen)
            }
            (Action::See(_), Self::Unseen) => Ok(Self::Seen),
            (Action::End(_), Self::Unseen) => Ok(Self::Over),
            (Action::HangUp, Self::Unseen | Self::Seen) => Ok(Self::Closed),
            (
                Action::Sms(_)
                | Action::Pay(_)
                | Action::Phone(_)
                | Action::Answer(_)
                | Action::Wait(_),
                line,
            )
            | (Action::Again(_), line @ (Self::Unseen | Self::Seen | Self::Over)) => Ok(line),
            (Action::Again(_), Self::Closed) => Err("nothing was sent that could come again"),
            (Action::Press(_), Self::Closed | Self::Over) => {
                Err("nothing is open to press a key on")
            }
            (Action::HangUp, Self::Closed | Self::Over) => Err("nothing is open to hang up"),
            (Action::See(_) | Action::End(_), Self::Closed | Self::Over) => {
                Err("no page has come to look at")
            }
            (Action::See(_) | Action::End(_), Self::Seen) => Err("this page was looked at already"),
        }
    }
}
