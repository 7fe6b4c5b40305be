use tokio::sync::watch;

/// Whether a run is over, for all who talk in it.
#[derive(Clone, Debug)]
pub(crate) struct Stop(watch::Receiver<bool>);

/// Says so.
#[derive(Debug)]
pub(crate) struct Stopper(watch::Sender<bool>);

impl Stopper {
    /// Of a run that begins.
    pub(crate) fn new() -> (Self, Stop) {
        let (stopper, stop) = watch::channel(false);
        (Self(stopper), Stop(stop))
    }

    /// It is over.
    pub(crate) fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// Whether it is over.
    pub(crate) fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is; whoever could say so being gone says it too.
    pub(crate) async fn wait(&self) {
        let mut stop = self.0.clone();
        _ = stop.wait_for(|over| *over).await;
    }
}
