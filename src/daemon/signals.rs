//! Signals of the operating system as events of the loop.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::Receiver;

use crate::daemon::signal_channel;

/// What the operator wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Read the configuration again (SIGHUP).
    Reload,
    /// Stop (SIGTERM, Ctrl-C).
    Stop,
}

/// Listens to the signals of this process. The listener ends with the runtime.
///
/// # Errors
///
/// If the operating system refuses.
pub fn signals() -> std::io::Result<Receiver<Signal>> {
    let (sender, receiver) = signal_channel();
    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    #[allow(clippy::disallowed_methods, reason = "it only waits for signals, and ends with the runtime")]
    tokio::spawn(async move {
        loop {
            let signal = tokio::select! {
                _ = hangup.recv() => Signal::Reload,
                _ = terminate.recv() => Signal::Stop,
                _ = interrupt.recv() => Signal::Stop,
            };
            if sender.send(signal).await.is_err() {
                break;
            }
        }
    });
    Ok(receiver)
}
