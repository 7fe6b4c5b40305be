/// Where a bill is. Who may go where is in `payment::bill`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BillState {
    /// Written down, and not yet to be submitted.
    Draft,
    /// To be submitted to the payment gateway.
    Queued,
    /// On its way: it may be there or not until an answer is read.
    Submitted,
    /// Sent, and no answer read: the same bill id is sent again.
    SubmitUnknown,
    /// The gateway has taken it; its control number is to come.
    AwaitingNumber,
    /// It has a control number that was asked for ahead, and nobody's yet.
    Pooled,
    /// It has a control number and can be paid.
    Payable,
    /// Some of it was paid, and posted.
    PartPaid,
    /// Paid in full, and posted.
    Settled,
    /// The scheme has the money's news and cover is active.
    Activated,
    /// The gateway refused it.
    Rejected,
    /// Its day to pay is over, or another bill took its place.
    Expired,
    /// The gateway was asked to cancel it, and has not answered.
    CancelRequested,
    /// The gateway has cancelled it.
    Cancelled,
    /// Money came after it had expired or was cancelled: a person or a rule resolves it.
    ClosedWithMoney,
}

impl BillState {
    /// Every state.
    pub const ALL: [Self; 15] = [
        Self::Draft,
        Self::Queued,
        Self::Submitted,
        Self::SubmitUnknown,
        Self::AwaitingNumber,
        Self::Pooled,
        Self::Payable,
        Self::PartPaid,
        Self::Settled,
        Self::Activated,
        Self::Rejected,
        Self::Expired,
        Self::CancelRequested,
        Self::Cancelled,
        Self::ClosedWithMoney,
    ];

    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Submitted => "submitted",
            Self::SubmitUnknown => "submit_unknown",
            Self::AwaitingNumber => "awaiting_number",
            Self::Pooled => "pooled",
            Self::Payable => "payable",
            Self::PartPaid => "part_paid",
            Self::Settled => "settled",
            Self::Activated => "activated",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::CancelRequested => "cancel_requested",
            Self::Cancelled => "cancelled",
            Self::ClosedWithMoney => "closed_with_money",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}
