use tokio::sync::watch;

/// Tells that the process goes, in two steps.
#[derive(Debug)]
pub struct Ending {
    leaving: watch::Sender<bool>,
    closing: watch::Sender<bool>,
}

/// Hears of the end. Clones hear the same.
#[derive(Clone, Debug)]
pub struct Closing {
    leaving: watch::Receiver<bool>,
    closing: watch::Receiver<bool>,
}

impl Ending {
    /// From now on whoever routes calls here is told to send them elsewhere; all are still served.
    pub fn leave(&self) {
        self.leaving.send_replace(true);
    }

    /// It is time: nothing new is begun.
    pub fn close(&self) {
        self.leave();
        self.closing.send_replace(true);
    }

    /// Turns true when it is time.
    pub fn subscribe(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}

impl Closing {
    /// One that is told by hand.
    pub fn by_hand() -> (Ending, Self) {
        let (leaving, is_leaving) = watch::channel(false);
        let (closing, is_closing) = watch::channel(false);
        let told = Self {
            leaving: is_leaving,
            closing: is_closing,
        };
        (Ending { leaving, closing }, told)
    }

    /// Whether calls should go elsewhere.
    pub fn is_leaving(&self) -> bool {
        *self.leaving.borrow()
    }

    /// Comes back when it is time, at once where it was already. If nobody is left to tell, it is
    /// time too.
    pub async fn wait(&self) {
        _ = self.closing.clone().wait_for(|closing| *closing).await;
    }
}
