//! Outputs under the unit as it is shipped, on a real systemd: what it keeps them from, who says so, and what the drop-in
//! of `systemd/examples/outputs.conf` opens.

use crate::machine;
use crate::machine::Machine;

const CONFIG: &str = r#"
[http]
per_host = 4
per_host_delay = "0s"
[schedule]
interval = "2s"
max_interval = "2s"
reread = []
[[outputs]]
id = "archive"
kind = "jsonl"
path = "/var/lib/tollwatch/changes.jsonl"
begin = "oldest"
[[outputs]]
id = "far"
kind = "jsonl"
path = "/srv/tollwatch/changes.jsonl"
begin = "oldest"
[[outputs]]
id = "mail"
kind = "command"
command = ["/usr/local/bin/on-change"]
begin = "oldest"
"#;

/// The example with its lines for a program and a folder switched on.
fn drop_in() -> String {
    let example = include_str!("../../systemd/examples/outputs.conf");
    let opened = example.replace("#ExecPaths=", "ExecPaths=").replace("#ReadWritePaths=", "ReadWritePaths=");
    assert!(
        opened.contains("\nExecPaths=/usr/local/bin/on-change") && opened.contains("\nReadWritePaths=/srv/tollwatch")
    );
    opened
}

/// How an output is doing.
fn state(machine: &Machine, id: &str) -> serde_json::Value {
    let listed = machine.tollwatch("outputs --json").stdout;
    let mut lines = listed.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    lines.find(|line| line["output"] == id).unwrap()
}

fn has_all(id: &str) -> String {
    format!(
        "cd /; STATE_DIRECTORY=/var/lib/tollwatch tollwatch outputs --json | grep '\"output\":\"{id}\"' | grep -q '\"behind\":0,\"failures\":0'"
    )
}

#[test]
fn the_unit_lets_outputs_do_what_a_drop_in_names_and_the_doctor_says_what_is_missing() {
    if let Some(why) = machine::impossible() {
        eprintln!("skipped: {why}");
        return;
    }
    let machine = Machine::boot(CONFIG, &[("calm", "/feed/calm/6")], "");
    let script = |text: &str| {
        let path = "/usr/local/bin/on-change";
        machine.must(&format!("cat > {path} <<'END'\n#!/bin/sh\n{text}\nEND\nchmod 755 {path}"));
    };
    script("while read -r line; do printf '%s\\n' \"$line\" >> /var/lib/tollwatch/told; done");
    let checked = machine.tollwatch("check");
    assert!(checked.stderr.contains("ExecPaths=/usr/local/bin/on-change"), "{}", checked.stderr);
    assert!(checked.stderr.contains("there is no folder /srv/tollwatch"), "{}", checked.stderr);

    machine.must("systemctl start tollwatch.socket tollwatch.service");
    machine.until(
        "journalctl -u tollwatch TOLLWATCH_OUTPUT=mail TOLLWATCH_EVENT=output.failing -o cat -q | grep -q ExecPaths",
    );
    machine.until("journalctl -u tollwatch TOLLWATCH_OUTPUT=far TOLLWATCH_EVENT=output.failing -o cat -q | grep -q .");
    machine.until(&has_all("archive"));
    assert_eq!(state(&machine, "mail")["state"], "failing");
    let doctor = || machine.sh("cd /; STATE_DIRECTORY=/var/lib/tollwatch tollwatch doctor").stdout;
    let looked = doctor();
    for missing in [
        "the unit keeps mail from running /usr/local/bin/on-change: add ExecPaths=",
        "the unit keeps far from writing /srv/tollwatch/changes.jsonl: add ReadWritePaths=/srv/tollwatch",
    ] {
        assert!(looked.contains(missing), "{looked}");
    }
    assert!(!looked.contains("keeps archive"), "{looked}");

    machine.must(
        "mkdir -p /srv/tollwatch; chown tollwatch: /srv/tollwatch; mkdir -p /etc/systemd/system/tollwatch.service.d",
    );
    machine.must(&format!(
        "cat > /etc/systemd/system/tollwatch.service.d/outputs.conf <<'END'\n{}\nEND\nsystemctl daemon-reload; systemctl restart tollwatch",
        drop_in()
    ));
    for id in ["mail", "far"] {
        assert_eq!(machine.tollwatch(&format!("outputs --retry {id}")).code, 0);
        machine.until(&has_all(id));
    }
    let told = machine.must("cat /var/lib/tollwatch/told");
    let log = machine.tollwatch("log --json").stdout;
    assert_eq!(told, log.trim_end());
    machine.must("cmp /var/lib/tollwatch/told /srv/tollwatch/changes.jsonl; cmp /var/lib/tollwatch/told /var/lib/tollwatch/changes.jsonl");
    let looked = doctor();
    assert!(!looked.contains("the unit keeps"), "{looked}");
    let recovered = machine.must("journalctl -u tollwatch TOLLWATCH_EVENT=output.recovered -o cat -q --no-pager");
    assert_eq!(recovered.lines().count(), 2, "{recovered}");
    let explained = machine.must("journalctl -u tollwatch TOLLWATCH_EVENT=output.failing -x -n 1 --no-pager");
    assert!(explained.contains("Subject: An output began to fail"), "{explained}");
    // Other programs stay forbidden, and the shell that may run starts none of them.
    script("/usr/bin/id > /var/lib/tollwatch/escaped");
    machine.watch(&[("more", "/feed/calm/9")]);
    machine.must("systemctl reload tollwatch");
    machine.until(
        "[ $(journalctl -u tollwatch TOLLWATCH_OUTPUT=mail TOLLWATCH_EVENT=output.failing -o cat -q | wc -l) -ge 2 ]",
    );
    assert_eq!(machine.must("cat /var/lib/tollwatch/escaped"), "");
    eprintln!(
        "{} changes through a program, a file of the state folder and one elsewhere, under the unit",
        log.lines().count()
    );
}
