//! A machine with a real systemd, booted in a second or two and thrown away, with tollwatch installed as its package does.
#![allow(dead_code, unreachable_pub, missing_debug_implementations, missing_docs, reason = "each test uses some of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Outcome, outcome, tollwatch};

/// The address of the news site: a public one, on the loopback of the machine.
pub const PUBLIC: &str = "198.51.99.7";
/// Addresses where nobody may come: loopback, the neighbourhood, the cloud's metadata.
pub const PRIVATE: [&str; 8] =
    ["127.0.0.1", "127.9.9.9", "::1", "10.1.2.3", "172.20.0.1", "192.168.7.7", "169.254.169.254", "fd00::7"];

pub struct Machine {
    run: PathBuf,
    _stage: tempfile::TempDir,
}

/// Why there can be no such machine here. Where tests are run by machines, that is a failure.
pub fn impossible() -> Option<String> {
    let mut missing: Vec<&str> = ["/lib/systemd/systemd", "/usr/bin/python3", "/usr/bin/man"]
        .into_iter()
        .filter(|path| !Path::new(path).exists())
        .collect();
    let found = |tool: &str| {
        Command::new("sh")
            .args(["-c", &format!("command -v {tool}")])
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    missing.extend(
        ["unshare", "nsenter", "setpriv", "ip", "pgrep", "systemd-analyze"].into_iter().filter(|tool| !found(tool)),
    );
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let why = match (cfg!(target_os = "linux"), root, missing.is_empty()) {
        (true, true, true) => return None,
        (true, true, false) => format!("missing: {}", missing.join(", ")),
        _ => "it takes root on Linux".to_owned(),
    };
    assert!(std::env::var_os("CI").is_none(), "cannot boot a systemd: {why}");
    Some(why)
}

impl Machine {
    /// Boots with the units as they are shipped, `config` as the main file, and these sources by id and path on the site.
    pub fn boot(config: &str, sources: &[(&str, &str)], drop_in: &str) -> Self {
        let stage = tempfile::tempdir().unwrap();
        let root = stage.path().join("root");
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let put = |from: PathBuf, to: &str| {
            let to = root.join(to);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(&from, &to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
        };
        put(env!("CARGO_BIN_EXE_tollwatch").into(), "usr/bin/tollwatch");
        for unit in ["tollwatch.service", "tollwatch.socket", "tollwatch-backup.service", "tollwatch-backup.timer"] {
            put(own.join("systemd").join(unit), &format!("usr/lib/systemd/system/{unit}"));
        }
        put(own.join("systemd/tollwatch.sysusers"), "usr/lib/sysusers.d/tollwatch.conf");
        put(own.join("systemd/tollwatch.catalog"), "usr/lib/systemd/catalog/tollwatch.catalog");
        put_scripts(&root);
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("usr/share/man/man1/tollwatch.1", &outcome(&mut tollwatch(&["man"])).stdout);
        write("etc/tollwatch/tollwatch.toml", config);
        write("etc/tollwatch/sources/all.toml", &sources_file(sources));
        if !drop_in.is_empty() {
            write("etc/systemd/system/tollwatch.service.d/test.conf", drop_in);
        }
        let probe = probe_unit(&std::fs::read_to_string(own.join("systemd/tollwatch.service")).unwrap());
        write("etc/systemd/system/tollwatch-probe.service", &probe);
        let machine = Self::up(stage);
        machine.must("systemd-sysusers; journalctl --update-catalog");
        machine
    }

    /// Boots without tollwatch, but with its package in /root/tollwatch.deb.
    pub fn bare(package: &Path) -> Self {
        let stage = tempfile::tempdir().unwrap();
        let root = stage.path().join("root");
        std::fs::create_dir_all(root.join("root")).unwrap();
        std::fs::copy(package, root.join("root/tollwatch.deb")).unwrap();
        put_scripts(&root);
        Self::up(stage)
    }

    /// Boots with the files of `stage` over those of this machine, and starts the news site.
    fn up(stage: tempfile::TempDir) -> Self {
        let root = stage.path().join("root");
        let masks: Vec<String> = std::iter::once(PUBLIC)
            .chain(PRIVATE)
            .filter(|address| !address.starts_with("127.") && *address != "::1")
            .map(|address| format!("{address}/{}", if address.contains(':') { 128 } else { 32 }))
            .collect();
        std::fs::write(stage.path().join("root.addresses"), masks.join("\n")).unwrap();
        std::fs::write(stage.path().join("root.hosts"), format!("{PUBLIC} news.example.org\n")).unwrap();
        let output = boot(&["up", root.to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let run = PathBuf::from(String::from_utf8(output.stdout).unwrap().trim());
        let machine = Self { run, _stage: stage };
        machine.must(&format!("systemd-run -q /usr/bin/python3 /test/site.py {PUBLIC} 80"));
        machine
    }

    /// Puts these sources, by id and path on the site, in place of those that there were; a reload takes them over.
    pub fn watch(&self, sources: &[(&str, &str)]) {
        let text = sources_file(sources);
        self.must(&format!("cat > /etc/tollwatch/sources/all.toml <<'END'\n{text}\nEND"));
    }

    /// Runs a line of shell inside.
    pub fn sh(&self, line: &str) -> Outcome {
        let output = boot(&["exec", self.run.to_str().unwrap(), "sh", "-c", line]);
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Runs a line of shell inside that must do well.
    pub fn must(&self, line: &str) -> String {
        let outcome = self.sh(line);
        assert_eq!(outcome.code, 0, "{line}\n{}{}\n{}", outcome.stdout, outcome.stderr, self.journal());
        outcome.stdout.trim().to_owned()
    }

    /// A property of the service.
    pub fn show(&self, property: &str) -> String {
        self.must(&format!("systemctl show tollwatch.service -p {property} --value"))
    }

    /// Runs tollwatch as its user does.
    pub fn tollwatch(&self, arguments: &str) -> Outcome {
        self.sh(&format!("cd /; STATE_DIRECTORY=/var/lib/tollwatch setpriv --reuid tollwatch --regid tollwatch --clear-groups tollwatch {arguments}"))
    }

    /// Waits until a line of shell does well, and tells for how long that took.
    pub fn until(&self, line: &str) -> Duration {
        let begun = Instant::now();
        while self.sh(line).code != 0 {
            assert!(begun.elapsed() < Duration::from_secs(60), "never: {line}\n{}", self.journal());
            std::thread::sleep(Duration::from_millis(30));
        }
        begun.elapsed()
    }

    /// What the service and systemd said of it.
    pub fn journal(&self) -> String {
        self.sh("journalctl -u tollwatch -u tollwatch.socket --no-pager -n 60").stdout
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        boot(&["down", self.run.to_str().unwrap()]);
    }
}

/// Sources by id and path on the site, or address.
pub fn sources_file(sources: &[(&str, &str)]) -> String {
    let source = |(id, path): &(&str, &str)| {
        let host = if path.starts_with('/') { "http://news.example.org" } else { "" };
        format!(
            "[[source]]\nid = \"{id}\"\nname = \"The {id}\"\nfeed = \"{host}{path}\"\nlang = \"en\"\nconflicts = [\"russia-ukraine\"]\n"
        )
    };
    sources.iter().map(source).collect::<Vec<_>>().join("\n")
}

/// What the tests run inside, into /test.
fn put_scripts(root: &Path) {
    let folder = root.join("test");
    std::fs::create_dir_all(&folder).unwrap();
    for script in ["probe.py", "site.py", "canary.py", "ask.py", "dns.py"] {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/systemd").join(script);
        std::fs::copy(own, folder.join(script)).unwrap();
    }
}

/// The unit with a program in it that tries to get out.
fn probe_unit(unit: &str) -> String {
    let python = std::fs::canonicalize("/usr/bin/python3").unwrap();
    let kept = |line: &&str| {
        !["NotifyAccess", "ExecReload", "Restart", "WatchdogSec", "Wants"].iter().any(|key| line.starts_with(key))
    };
    let addresses = PRIVATE.join(" ");
    let unit: Vec<String> = unit
        .lines()
        .filter(kept)
        .map(|line| match line.split_once('=') {
            Some(("Type", _)) => "Type=oneshot".to_owned(),
            Some(("ExecStart", _)) => {
                format!("ExecStart={} /test/probe.py {PUBLIC} {addresses} ::ffff:127.0.0.1", python.display())
            }
            Some(("ExecPaths", paths)) => format!("ExecPaths={paths} {}", python.display()),
            _ => line.to_owned(),
        })
        .collect();
    unit.join("\n")
}

fn boot(arguments: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/systemd/boot.sh");
    Command::new("bash").arg(script).args(arguments).stdin(Stdio::null()).output().unwrap()
}
