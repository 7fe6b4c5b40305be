use std::{
    fs::File,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

/// A process of ours. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// What ends it so that it leaves nothing behind; left out, it is killed.
    signal: Option<&'static str>,
}

impl Process {
    /// Starts it; what it says goes to a file.
    pub(crate) fn start(mut command: Command, log: &Path) -> anyhow::Result<Self> {
        let file = File::create(log)?;
        let said = file.try_clone()?;
        let program = command.get_program().to_owned();
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(said)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        Ok(Self {
            child,
            signal: None,
        })
    }

    /// It is ended by this signal, not killed.
    pub(crate) fn ended_by(mut self, signal: &'static str) -> Self {
        self.signal = Some(signal);
        self
    }

    /// Its id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `look` finds what says that it serves.
    pub(crate) async fn until<T>(
        &mut self,
        (what, log): (&str, &Path),
        mut look: impl AsyncFnMut() -> Option<T>,
    ) -> anyhow::Result<T> {
        let began = Instant::now();
        loop {
            if let Some(found) = look().await {
                return Ok(found);
            }
            let said = || std::fs::read_to_string(log).unwrap_or_default();
            if let Some(status) = self.child.try_wait()? {
                bail!("{what} ended by itself, {status}:\n{}", said());
            }
            if began.elapsed() > super::PATIENCE {
                bail!("{what} does not serve:\n{}", said());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(signal) = self.signal {
            let id = self.id().to_string();
            _ = Command::new("kill").args([signal, &id]).status();
        } else {
            _ = self.child.kill();
        }
        _ = self.child.wait();
    }
}
