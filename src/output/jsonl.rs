//! `jsonl`: a file with one change a line, only ever added to, that may be rotated away at any time.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::oneshot;

use crate::output::refusal::Refusal;
use crate::output::{appended::Appended, line};
use crate::store::KeyedChange;

/// Changes written at once, and then brought to the disk.
pub(super) const AT_ONCE: usize = 500;

/// A file. A thread of its own writes it, so that a disk that hangs holds up nobody else.
#[derive(Debug)]
pub(super) struct Jsonl {
    path: PathBuf,
    writer: Option<Sender<Order>>,
}

/// Lines to be written, and who wants to know how that went.
#[derive(Debug)]
struct Order {
    lines: Vec<String>,
    done: oneshot::Sender<std::io::Result<()>>,
}

impl Jsonl {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), writer: None }
    }

    /// Adds all lines and waits until they are on the disk, or adds none of them.
    pub(super) async fn deliver(&mut self, changes: &[KeyedChange]) -> Result<(), Refusal> {
        let failed = |error: &dyn std::fmt::Display| Refusal::passing(format!("{}: {error}", self.path.display()));
        let (done, written) = oneshot::channel();
        let order = Order { lines: changes.iter().map(line).collect(), done };
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => begun(&self.path).map_err(|error| failed(&error))?,
        };
        let ended = "the thread that writes it has ended";
        writer.send(order).map_err(|_| failed(&ended))?;
        let written = written.await.map_err(|_| failed(&ended))?;
        written.map_err(|error| failed(&error))?;
        self.writer = Some(writer);
        Ok(())
    }
}

/// Starts a thread that ends when nobody can order anything of it any more.
fn begun(path: &Path) -> std::io::Result<Sender<Order>> {
    let (orders, taken) = channel();
    let file = Appended::new(path);
    std::thread::Builder::new().name("output".to_owned()).spawn(move || write_all(file, &taken))?;
    Ok(orders)
}

fn write_all(mut file: Appended, orders: &Receiver<Order>) {
    while let Ok(order) = orders.recv() {
        let written = file.append(&order.lines);
        // Who does not wait any more does not want to know.
        drop(order.done.send(written));
    }
}
