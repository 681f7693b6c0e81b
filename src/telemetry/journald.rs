//! journald's native protocol: one datagram an entry, each field with its length, so that no text can forge another.

use std::io;
use std::os::unix::net::UnixDatagram;

use crate::model::Level;
use crate::telemetry::message_id::message_id;
use crate::view::{LogEntry, sanitised, shortened};

const SOCKET: &str = "/run/systemd/journal/socket";

/// Longest message in characters; a longer one is cut, because the ledger and `check` have it whole.
const LONGEST_MESSAGE: usize = 8_000;

/// Fields of an entry that become fields of the journal.
const FIELDS: [(&str, &str); 11] = [
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
    ("output", "TOLLWATCH_OUTPUT"),
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
        let mut last = io::Error::from(io::ErrorKind::NotConnected);
        // A journald that was restarted has a new socket behind the old name.
        for _ in 0..2 {
            let socket = self.socket.take().map_or_else(connected, Ok)?;
            match socket.send(&datagram) {
                Ok(_) => {
                    self.socket = Some(socket);
                    return Ok(());
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

fn connected() -> io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    socket.connect(SOCKET)?;
    Ok(socket)
}

/// Whether somebody listens where journald should.
pub fn journal_answers() -> bool {
    connected().is_ok()
}

/// The bytes of an entry.
fn datagram(entry: &LogEntry) -> Vec<u8> {
    let mut out = Vec::with_capacity(1024);
    let message: String = sanitised(&entry.line()).chars().take(LONGEST_MESSAGE).collect();
    field(&mut out, "MESSAGE", &message);
    field(&mut out, "PRIORITY", priority(entry));
    field(&mut out, "SYSLOG_IDENTIFIER", "tollwatch");
    field(&mut out, "TOLLWATCH_EVENT", &entry.event);
    if let Some(id) = message_id(&entry.event) {
        field(&mut out, "MESSAGE_ID", id);
    }
    if entry.seq > 0 {
        field(&mut out, "TOLLWATCH_SEQ", &entry.seq.to_string());
    }
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
        assert!(text.contains("MESSAGE_ID\n"));
    }
}
