//! A file of whole lines: opened again when it was moved away, mended when it ends in half a line.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// How every line of a change begins.
const BEGINNING: &[u8] = b"{\"ts\":";
/// Longest line that the end of a file is searched for.
const LONGEST: u64 = 4 << 20;
/// How often lines are written again because the file was moved away meanwhile.
const TRIES: u32 = 3;

/// A file that lines are added to.
#[derive(Debug)]
pub(super) struct Appended {
    path: PathBuf,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// Device and inode: what the file is, whatever it is called.
    identity: (u64, u64),
    /// The last line found in it, until something was added.
    last: Option<Vec<u8>>,
}

impl Appended {
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), open: None }
    }

    /// Adds lines at the end, and brings them to the disk. On an error none of them was added.
    pub(super) fn append(&mut self, lines: &[String]) -> io::Result<()> {
        for _ in 0..TRIES {
            let open = self.opened()?;
            let written = open.write(lines);
            if written.is_err() {
                // Whatever is left of it is mended when it is opened again.
                self.open = None;
                return written;
            }
            if self.is_in_place() {
                break;
            }
            // It was moved away just now, perhaps before these lines, and whoever did that may have read it already.
        }
        Ok(())
    }

    /// The file of this name, opened anew if it is another one than before.
    fn opened(&mut self) -> io::Result<&mut Open> {
        let here = found(&self.path)?;
        let open = match self.open.take() {
            Some(open) if here.as_ref().map(identity) == Some(open.identity) => open,
            _ => Open::at(&self.path, here.as_ref())?,
        };
        Ok(self.open.insert(open))
    }

    fn is_in_place(&self) -> bool {
        let here = found(&self.path).ok().flatten();
        here.as_ref().map(identity) == self.open.as_ref().map(|open| open.identity)
    }
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

fn found(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

impl Open {
    fn at(path: &Path, here: Option<&Metadata>) -> io::Result<Self> {
        // A pipe or a device would be waited for, or acted upon.
        if here.is_some_and(|here| !here.is_file()) {
            return Err(invalid("it is no file; name another one"));
        }
        let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o640).open(path)?;
        let last = mended(&mut file)?;
        Ok(Self { identity: identity(&file.metadata()?), file, last })
    }

    fn write(&mut self, lines: &[String]) -> io::Result<()> {
        // What a process wrote that was killed before it could say so is not written again.
        let last = self.last.take();
        let known = lines.iter().rposition(|line| last.as_deref() == Some(line.as_bytes())).map_or(0, |at| at + 1);
        let mut bytes = lines.get(known..).unwrap_or_default().join("\n").into_bytes();
        if !bytes.is_empty() {
            bytes.push(b'\n');
        }
        let before = self.file.metadata()?.len();
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if written.is_err() {
            // Half of it is worse than nothing; if that fails too, the next opening sees to it.
            drop(self.file.set_len(before));
        }
        written
    }
}

/// Ends the last line of a file if it lacks its end, cuts it if it lacks more, and gives the last whole line.
fn mended(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    loop {
        let length = file.metadata()?.len();
        let tail = tail(file, length)?;
        let Some(end) = tail.last() else { return Ok(None) };
        let whole = tail.strip_suffix(b"\n");
        let start = whole.unwrap_or(&tail).iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = tail.get(start..).unwrap_or_default();
        if *end == b'\n' {
            return Ok(Some(line.strip_suffix(b"\n").unwrap_or(line).to_vec()));
        }
        if start == 0 && (tail.len() as u64) < length {
            return Err(invalid("its last line has no beginning; name another file"));
        }
        if is_change(line) {
            file.write_all(b"\n")?;
        } else if is_part_of_one(line) {
            file.set_len(length - line.len() as u64)?;
        } else {
            return Err(invalid("its last line has no end and is none of tollwatch's; end it, or name another file"));
        }
    }
}

fn tail(file: &mut File, length: u64) -> io::Result<Vec<u8>> {
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
    file.take(LONGEST).read_to_end(&mut tail)?;
    Ok(tail)
}

fn is_change(line: &[u8]) -> bool {
    line.starts_with(BEGINNING) && serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).is_ok()
}

/// The beginning of a change, or the zeros that a loss of power leaves.
fn is_part_of_one(line: &[u8]) -> bool {
    line.starts_with(BEGINNING) || BEGINNING.starts_with(line) || line.iter().all(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(numbers: std::ops::RangeInclusive<u32>) -> Vec<String> {
        numbers.map(|n| format!("{{\"ts\":\"2024\",\"seq\":{n}}}")).collect()
    }

    fn text(numbers: std::ops::RangeInclusive<u32>) -> String {
        lines(numbers).join("\n") + "\n"
    }

    #[test]
    fn a_file_that_was_moved_away_or_emptied_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("changes.jsonl");
        let mut file = Appended::new(&path);
        file.append(&lines(1..=2)).unwrap();
        fs::rename(&path, folder.path().join("old")).unwrap();
        file.append(&lines(3..=3)).unwrap();
        fs::rename(&path, folder.path().join("older")).unwrap();
        File::create(&path).unwrap();
        file.append(&lines(4..=4)).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("old")).unwrap(), text(1..=2));
        assert_eq!(fs::read_to_string(folder.path().join("older")).unwrap(), text(3..=3));
        assert_eq!(fs::read_to_string(&path).unwrap(), text(4..=4));
        // copytruncate
        OpenOptions::new().write(true).open(&path).unwrap().set_len(0).unwrap();
        file.append(&lines(5..=6)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text(5..=6));
    }

    #[test]
    fn half_a_line_is_cut_and_a_whole_one_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("changes.jsonl");
        let whole = text(1..=2);
        for cut in 0..=whole.len() {
            fs::write(&path, &whole.as_bytes()[..cut]).unwrap();
            // Whoever wrote these does not know how far it came, and writes all of them again.
            Appended::new(&path).append(&lines(1..=3)).unwrap();
            let written = fs::read_to_string(&path).unwrap();
            assert_eq!(written, text(1..=3), "cut at {cut}");
        }
        fs::write(&path, format!("{whole}\0\0\0")).unwrap();
        Appended::new(&path).append(&lines(3..=3)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text(1..=3));
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for foreign in ["no end", "{\"a\": 1}", "one\ntwo"] {
            fs::write(&path, foreign).unwrap();
            assert!(Appended::new(&path).append(&lines(1..=1)).is_err(), "{foreign}");
            assert_eq!(fs::read_to_string(&path).unwrap(), foreign);
        }
        assert!(Appended::new(folder.path()).append(&lines(1..=1)).is_err());
        assert!(Appended::new(Path::new("/dev/null")).append(&lines(1..=1)).is_err());
        assert!(Appended::new(&folder.path().join("no/folder")).append(&lines(1..=1)).is_err());
    }
}
