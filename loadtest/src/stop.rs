//! The end of a run: its own, or one that a person or a service manager wants.

use tokio::{
    signal::{
        ctrl_c,
        unix::{SignalKind, signal},
    },
    sync::watch,
};

/// Waits until the program is told to end, by Ctrl-C or SIGTERM.
pub(crate) async fn told_to_end() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => {
                signals.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = ctrl_c() => {}
        () = terminated => {}
    }
}

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
