//! journald's native protocol: one datagram an entry, each field with its length, so that no text can forge another.

use std::io;
use std::os::unix::net::UnixDatagram;

use crate::model::Level;
use crate::view::{LogEntry, shortened};

const SOCKET: &str = "/run/systemd/journal/socket";

/// Fields of an entry that become fields of the journal.
const FIELDS: [(&str, &str); 10] = [
    ("claim", "TOLLWATCH_CLAIM"),
    ("series", "TOLLWATCH_SERIES"),
    ("conflict", "TOLLWATCH_CONFLICT"),
    ("claimant", "TOLLWATCH_CLAIMANT"),
    ("party", "TOLLWATCH_PARTY"),
    ("outcomes", "TOLLWATCH_OUTCOMES"),
    ("min", "TOLLWATCH_MIN"),
    ("max", "TOLLWATCH_MAX"),
    ("source", "TOLLWATCH_SOURCE"),
    ("url", "TOLLWATCH_URL"),
];

/// A connection to journald, opened when it is first needed and again when it broke.
#[derive(Debug, Default)]
pub(super) struct Journal {
    socket: Option<UnixDatagram>,
}

impl Journal {
    /// Sends an entry; waits while journald does.
    pub(super) fn send(&mut self, entry: &LogEntry) -> io::Result<()> {
        let datagram = datagram(entry);
        for _ in 0..2 {
            let socket = self.socket.take().map_or_else(connected, Ok)?;
            if socket.send(&datagram).is_ok() {
                self.socket = Some(socket);
                return Ok(());
            }
        }
        Err(io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

fn connected() -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    socket.connect(SOCKET)?;
    Ok(socket)
}

/// The bytes of an entry.
fn datagram(entry: &LogEntry) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    field(&mut out, "MESSAGE", &entry.line());
    field(&mut out, "PRIORITY", priority(entry));
    field(&mut out, "SYSLOG_IDENTIFIER", "tollwatch");
    field(&mut out, "TOLLWATCH_EVENT", &entry.event);
    for (key, name) in FIELDS {
        if let Some(value) = entry.field(key) {
            field(&mut out, name, &shortened(&value));
        }
    }
    out
}

/// Name, line break, length as 64 bits little-endian, value, line break.
fn field(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(name.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(&(value.len() as u64).to_le_bytes());
    out.extend_from_slice(value.as_bytes());
    out.push(b'\n');
}

/// News of the ledger stand out from the routine: notice, not info.
fn priority(entry: &LogEntry) -> &'static str {
    match entry.level {
        Level::Error => "3",
        Level::Warn => "4",
        Level::Info if entry.seq > 0 => "5",
        Level::Info => "6",
        Level::Debug => "7",
    }
}

/// Whether `$JOURNAL_STREAM` ("device:inode") is this process's standard error, and not that of a parent.
pub(super) fn is_our_stderr(stream: &str) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let Some((device, inode)) = stream.split_once(':') else { return false };
    let Ok(metadata) = std::fs::metadata("/dev/stderr") else { return false };
    device.parse() == Ok(metadata.dev()) && inode.parse() == Ok(metadata.ino())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_break_in_a_value_forges_no_field() {
        let mut fields = serde_json::Map::new();
        fields.insert("party".to_owned(), serde_json::json!("russia"));
        fields.insert("outcomes".to_owned(), serde_json::json!(["killed", "wounded"]));
        fields.insert("url".to_owned(), serde_json::json!("http://x/\nPRIORITY=0"));
        let at = jiff::Timestamp::UNIX_EPOCH;
        let entry =
            LogEntry { seq: 1, at, level: Level::Info, event: "claim.new".to_owned(), message: "a".to_owned(), fields };
        let bytes = datagram(&entry);
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains("TOLLWATCH_PARTY\n\u{6}\0\0\0\0\0\0\0russia\n"));
        assert!(text.contains("killed+wounded"));
        assert!(text.contains("http://x/ PRIORITY=0"));
        assert!(text.starts_with("MESSAGE\n"));
    }
}
