use std::sync::Arc;

use tokio::sync::Notify;

/// Who is woken after a commit. Waking saves a wait and nothing else: each also looks by itself.
#[derive(Clone, Debug, Default)]
pub struct Wake {
    /// The outbox: one waits on it, and a wake that comes while it works is kept.
    pub outbox: Arc<Notify>,
    /// Everyone who waits for news of a bill, at that moment.
    pub bills: Arc<Notify>,
}

impl Wake {
    /// There is news of a bill.
    pub fn bills(&self) {
        self.bills.notify_waiters();
    }

    /// There is news of a bill, and work.
    pub fn bills_and_outbox(&self) {
        self.bills();
        self.outbox.notify_one();
    }
}
