use std::{sync::Arc, thread::available_parallelism};

use chrono::{DateTime, Utc};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{Keys, SignError};

/// Signs and verifies away from the threads that answer calls: a signature takes milliseconds. At most
/// as many at once as there are cores; the others wait their turn.
#[derive(Clone, Debug)]
pub struct Notary {
    keys: Arc<Keys>,
    room: Arc<Semaphore>,
}

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The private key is damaged.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The program is ending.
    #[error("the program is ending, so nothing is signed any more")]
    Ending,
}

impl Notary {
    /// Works with these keys.
    pub fn new(keys: Arc<Keys>) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self {
            keys,
            room: Arc::new(Semaphore::new(cores)),
        }
    }

    /// Signs a message and puts it into its envelope.
    pub async fn seal(&self, message: String) -> Result<Vec<u8>, SealError> {
        let sealed = self.work(move |keys| keys.seal(&message)).await;
        Ok(sealed.ok_or(SealError::Ending)??)
    }

    /// Does with the keys what takes long; `None` where the program is ending.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Keys) -> T + Send + 'static,
    ) -> Option<T> {
        let room = Arc::clone(&self.room).acquire_owned().await.ok()?;
        let keys = Arc::clone(&self.keys);
        let done = spawn_blocking(move || {
            let done = work(&keys);
            drop(room);
            done
        });
        done.await.ok()
    }

    /// Opens a body that was answered to us, and reads its message.
    pub(super) async fn open<T, E>(
        &self,
        body: Vec<u8>,
        now: DateTime<Utc>,
        read: impl FnOnce(&str) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Cause>
    where
        T: Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        let opened = self.work(move |keys| -> Result<T, Cause> {
            let envelope = keys.open(&body, now)?;
            Ok(read(envelope.message)?)
        });
        opened.await.ok_or(SealError::Ending)?
    }
}

type Cause = Box<dyn std::error::Error + Send + Sync>;
