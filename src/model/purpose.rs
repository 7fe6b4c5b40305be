use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an SMS is for: how soon it must go, when it may not, and whether its phone may refuse it.
///
/// From the rules of the trade (`quiet hours defer reminders and campaigns, never a code or a receipt; who
/// opts out still gets receipts`), which Tanzania's and Kenya's regulators ask for in these words or near.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A code to type: someone looks at the phone now, and it is of no use in a few minutes.
    Code,
    /// What was done or asked for: money that came, a control number, cover, an answer.
    Receipt,
    /// What is to be done soon: a bill or a cover that ends.
    Reminder,
    /// What a scheme tells many.
    Campaign,
}

impl Purpose {
    /// Every purpose, the one that goes first first.
    pub const ALL: [Self; 4] = [Self::Code, Self::Receipt, Self::Reminder, Self::Campaign];

    /// As it is written and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Receipt => "receipt",
            Self::Reminder => "reminder",
            Self::Campaign => "campaign",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
    }

    /// Whether it waits for the morning, and whether its phone may stop it.
    pub fn may_wait(self) -> bool {
        match self {
            Self::Code | Self::Receipt => false,
            Self::Reminder | Self::Campaign => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_as_the_same() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(purpose));
            let json = serde_json::to_string(&purpose).unwrap();
            assert_eq!(json, format!("\"{}\"", purpose.as_str()));
        }
        assert_eq!(Purpose::parse("advert"), None);
    }
}
