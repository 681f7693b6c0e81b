//! The Debian package: put in, put in again, taken out, purged.

use std::path::{Path, PathBuf};

use crate::machine::{self, Machine, sources_file};

/// Files that must be there after the installation, and their permissions.
const FILES: [(&str, &str); 12] = [
    ("/usr/bin/tollwatch", "755 root:root"),
    ("/etc/tollwatch/tollwatch.toml", "644 root:root"),
    ("/usr/lib/systemd/system/tollwatch.service", "644 root:root"),
    ("/usr/lib/systemd/system/tollwatch.socket", "644 root:root"),
    ("/usr/lib/systemd/system/tollwatch-backup.timer", "644 root:root"),
    ("/usr/lib/systemd/catalog/tollwatch.catalog", "644 root:root"),
    ("/usr/share/bash-completion/completions/tollwatch", "644 root:root"),
    ("/usr/share/zsh/vendor-completions/_tollwatch", "644 root:root"),
    ("/usr/share/fish/vendor_completions.d/tollwatch.fish", "644 root:root"),
    ("/usr/share/doc/tollwatch/copyright", "644 root:root"),
    ("/usr/share/doc/tollwatch/examples/name-servers.conf", "644 root:root"),
    ("/var/lib/tollwatch", "700 tollwatch:tollwatch"),
];

fn package() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/debian");
    let files = std::fs::read_dir(&folder).map(|files| files.map(|file| file.unwrap().path()).collect::<Vec<_>>());
    let packages = files.unwrap_or_default().into_iter().filter(|path| path.extension().is_some_and(|e| e == "deb"));
    packages.max().expect("no package in target/debian: packaging/build-deb.sh makes it")
}

/// `packaging/build-deb.sh && cargo test --test systemd -- --ignored --nocapture package`
#[test]
#[ignore = "needs the package, which takes minutes to build"]
fn the_package_is_put_in_and_taken_out_cleanly() {
    if let Some(why) = machine::impossible() {
        eprintln!("skipped: {why}");
        return;
    }
    let machine = Machine::bare(&package());
    is_put_in(&machine);
    works(&machine);
    is_put_in_again_without_a_request_lost(&machine);
    is_taken_out(&machine);
}

fn is_put_in(machine: &Machine) {
    // Images for containers forbid packages to start anything.
    machine.must("rm -f /usr/sbin/policy-rc.d");
    machine.must("echo 'nameserver 192.168.7.7' > /etc/resolv.conf; dpkg -i /root/tollwatch.deb 2>&1");
    assert_eq!(machine.must("dpkg-query -W -f '${Status}' tollwatch"), "install ok installed");
    assert_eq!(machine.must("systemctl is-enabled tollwatch.service tollwatch.socket"), "enabled\nenabled");
    assert_eq!(machine.show("ActiveState"), "inactive", "there is nothing to watch before it is configured");
    assert!(machine.must("getent passwd tollwatch").contains(":/var/lib/tollwatch:/usr/sbin/nologin"));
    assert!(machine.must("journalctl --list-catalog").contains("tollwatch: A new claim about"));
    assert_eq!(
        machine.must("dpkg-query -W -f '${Conffiles}' tollwatch | grep -o '/[^ ]*'"),
        "/etc/tollwatch/tollwatch.toml"
    );
    let allowed = machine.must("cat /etc/systemd/system/tollwatch.service.d/name-servers.conf");
    assert!(allowed.contains("IPAddressAllow=192.168.7.7"), "{allowed}");
    let wrong = machine.sh("systemd-analyze verify /usr/lib/systemd/system/tollwatch* 2>&1 | grep tollwatch").stdout;
    assert_eq!(wrong, "");
    for page in ["tollwatch", "tollwatch-run", "tollwatch-opml-import", "tollwatch.toml"] {
        machine.must(&format!("man -w {page}"));
    }
    let page = machine.must("MANWIDTH=100 man tollwatch.toml | cat");
    assert!(page.contains("min_free = \"64 MB\""), "{page}");
    machine.must("bash -n /usr/share/bash-completion/completions/tollwatch");
    assert_eq!(machine.must("tollwatch check --quiet 2>&1"), "", "the configuration that is shipped is right");
}

fn works(machine: &Machine) {
    let sources = sources_file(&[("calm", "/feed/calm/24")]);
    machine
        .must(&format!("mkdir /etc/tollwatch/sources; cat > /etc/tollwatch/sources/all.toml <<'END'\n{sources}\nEND"));
    machine.must("systemctl start tollwatch");
    machine.until("[ $(journalctl -u tollwatch TOLLWATCH_EVENT=claim.new -o cat -q | wc -l) -ge 24 ]");
    for (path, expected) in FILES {
        assert_eq!(machine.must(&format!("stat -c '%a %U:%G' {path}")), expected, "{path}");
    }
    // Commands find the ledger of the service, and leave it to its user.
    for user in ["root", "tollwatch"] {
        let claims = format!("setpriv --reuid {user} --regid {user} --clear-groups tollwatch claims --json | wc -l");
        assert_eq!(machine.must(&format!("cd /; {claims}")), "24", "{user}");
    }
    let doctor = machine.sh("tollwatch doctor").stdout;
    assert!(doctor.contains("ok  ledger         /var/lib/tollwatch/ledger.db can be written"), "{doctor}");
    assert_eq!(machine.must("find /var/lib/tollwatch ! -user tollwatch"), "");
    machine.must("systemctl start tollwatch-backup.service");
    let copies = machine.must("ls /var/lib/tollwatch/backups");
    assert!(copies.starts_with("ledger-") && copies.lines().count() == 1, "{copies}");
}

fn is_put_in_again_without_a_request_lost(machine: &Machine) {
    let pid = machine.show("MainPID");
    machine.must("systemd-run -q --unit=asking sh -c 'while :; do /usr/bin/python3 /test/ask.py http://127.0.0.1:8787/healthz | head -1; done'");
    machine.must("dpkg -i /root/tollwatch.deb 2>&1");
    machine.until(&format!("p=$(systemctl show tollwatch -p MainPID --value); [ $p != 0 ] && [ $p != {pid} ] && systemctl -q is-active tollwatch"));
    machine.must("sleep 2; systemctl stop asking; journalctl --sync");
    let answers = machine.must("journalctl -u asking _COMM=head -o cat | sort | uniq -c");
    assert!(answers.lines().count() == 1 && answers.trim().ends_with(" 200"), "{answers}");
    let times = |property: &str| machine.show(property).parse::<u64>().unwrap();
    let down_ms = (times("ActiveEnterTimestampMonotonic") - times("ActiveExitTimestampMonotonic")) / 1_000;
    eprintln!("put in again: down for {down_ms} ms, {} requests answered, none lost", answers.trim());
}

fn is_taken_out(machine: &Machine) {
    machine.must("dpkg -r tollwatch 2>&1");
    assert_eq!(machine.must("pgrep -u tollwatch || true"), "");
    assert_eq!(
        machine.must("ls /var/lib/tollwatch/ledger.db /etc/tollwatch/tollwatch.toml | wc -l"),
        "2",
        "what is the operator's stays"
    );
    machine.must("rm -r /etc/tollwatch/sources; dpkg -P tollwatch 2>&1");
    let left = machine.must("find / -xdev -name '*tollwatch*' -not -path '/root/*' -not -path '/work/*' -not -path '/tmp/*' -not -path '/sys/*' -not -path '/proc/*' -not -path '/run/log/*' -not -path '/var/cache/man/*'");
    assert_eq!(left, "", "files after the purge");
    assert_eq!(machine.sh("systemctl cat tollwatch").code, 1);
    eprintln!("taken out: stopped, ledger and configuration kept; purged: nothing left");
}
