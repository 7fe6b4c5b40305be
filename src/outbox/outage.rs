use std::sync::atomic::{AtomicBool, Ordering};

use crate::store::StoreError;

/// Whether the store fails, told once when it begins and once when it is over. What only reads may
/// go well while nothing can be written, so the two are apart.
#[derive(Debug, Default)]
pub(super) struct Outage {
    reading: AtomicBool,
    writing: AtomicBool,
}

impl Outage {
    /// The store could not be read.
    pub(super) fn cannot_read(&self, error: &StoreError) {
        tell_begin(&self.reading, error, "read");
    }

    /// The store could not be written.
    pub(super) fn cannot_write(&self, error: &StoreError) {
        tell_begin(&self.writing, error, "write");
    }

    /// The store was read.
    pub(super) fn reads(&self) {
        tell_end(&self.reading, "read");
    }

    /// The store was written.
    pub(super) fn writes(&self) {
        tell_end(&self.writing, "write");
    }
}

fn tell_begin(away: &AtomicBool, error: &StoreError, what: &'static str) {
    if !away.swap(true, Ordering::Relaxed) {
        tracing::error!(
            %error,
            what,
            "the outbox cannot {what} its store: its work waits, and it goes on by itself when it can"
        );
    }
}

fn tell_end(away: &AtomicBool, what: &'static str) {
    if away.swap(false, Ordering::Relaxed) {
        tracing::info!(what, "the outbox can {what} its store again and goes on");
    }
}
