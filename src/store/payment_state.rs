/// Where a payment is. Who may go where is in `payment::step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaymentState {
    /// Somebody tells of it: nothing is proved.
    Received,
    /// The gateway's signature over it is right.
    Verified,
    /// It is written down, under its key.
    Recorded,
    /// Its bill is found.
    Matched,
    /// No bill of ours is known for it yet: it is matched again when a control number comes late.
    Unmatched,
    /// It contradicts what is known: a person looks at it.
    Quarantined,
    /// In the ledger, on the account of its bill or of its family's credit.
    Posted,
    /// The scheme has written the premium.
    SchemeTold,
    /// The SMS about it are queued: nothing is left to do.
    SmsSent,
    /// Undone by a correcting entry.
    Reversed,
}

impl PaymentState {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::Verified,
        Self::Recorded,
        Self::Matched,
        Self::Unmatched,
        Self::Quarantined,
        Self::Posted,
        Self::SchemeTold,
        Self::SmsSent,
        Self::Reversed,
    ];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Verified => "verified",
            Self::Recorded => "recorded",
            Self::Matched => "matched",
            Self::Unmatched => "unmatched",
            Self::Quarantined => "quarantined",
            Self::Posted => "posted",
            Self::SchemeTold => "scheme_told",
            Self::SmsSent => "sms_sent",
            Self::Reversed => "reversed",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
