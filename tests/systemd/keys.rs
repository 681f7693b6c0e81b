//! What an operator plants in a machine: keys that must show nowhere, and a name server that the unit shuts out.

use crate::CONFIG;
use crate::machine::{self, Machine, PUBLIC};

/// User and password of the proxy, the key and the address of a webhook, and what stands in wrong configurations.
const PLANTED: [&str; 6] = [
    "agent-p1antedA",
    "passw-p1antedB",
    "signing-key-p1antedC",
    "address-p1antedD",
    "wrong-p1antedE",
    "feeds-p1antedF",
];
/// `USER:PASSWORD` of the proxy as it goes over the wire.
const OVER_THE_WIRE: &str = "YWdlbnQtcDFhbnRlZEE6cGFzc3ctcDFhbnRlZEI=";
/// A name server in the neighbourhood.
const NAME_SERVER: &str = "192.168.7.7";

#[test]
fn keys_show_nowhere_and_a_name_server_that_is_shut_out_is_named() {
    if let Some(why) = machine::impossible() {
        eprintln!("skipped: {why}");
        return;
    }
    let drop_in = "[Service]\nLoadCredential=proxy:/etc/keys/proxy\nLoadCredential=key:/etc/keys/key\nLoadCredential=hook:/etc/keys/hook\n";
    let machine = Machine::boot(CONFIG, &[("calm", "/feed/calm/24")], drop_in);
    keys_show_nowhere(&machine);
    the_doctor_names_a_name_server_that_is_shut_out(&machine);
}

fn keys_show_nowhere(machine: &Machine) {
    let [user, password, key, hook, wrong, feeds] = PLANTED;
    machine.must(&format!("systemd-run -q /usr/bin/python3 /test/site.py {PUBLIC} 3128"));
    let proxy = |port: u16| format!("printf 'http://{user}:{password}@{PUBLIC}:{port}\\n' > /etc/keys/proxy");
    machine.must(&format!(
        "umask 077; mkdir /etc/keys; echo {key} > /etc/keys/key; echo http://{PUBLIC}/{hook} > /etc/keys/hook; {}",
        proxy(3128)
    ));
    machine.must("printf '[[outputs]]\\nid = \"desk\"\\nkind = \"webhook\"\\nurl = \"credential:hook\"\\nsecret = \"credential:key\"\\nbegin = \"oldest\"\\n' >> /etc/tollwatch/tollwatch.toml");
    machine.must("cd /etc/tollwatch; sed -i 's/\\[http\\]/[http]\\nproxy = \"credential:proxy\"/' tollwatch.toml; cp -r . /root/good");
    machine.must("systemctl start tollwatch.socket tollwatch.service");
    machine.until("[ $(journalctl -u tollwatch TOLLWATCH_EVENT=claim.new -o cat -q | wc -l) -ge 24 ]");
    assert_eq!(machine.must("cat /run/proxy-authorization"), format!("Basic {OVER_THE_WIRE}"), "the proxy is in use");
    machine.until("journalctl -u tollwatch TOLLWATCH_EVENT=output.failing -o cat -q | grep -q desk");
    let posted = machine.must("cat /run/posted");
    assert!(posted.contains(&format!("{hook} v1,")), "the webhook is in use: {posted}");

    let mut told = outputs(machine);
    // Mistakes are told with what is wrong, and not with what is secret: to who checks, and by the daemon itself.
    for mistake in [
        format!("sed -i 's#^proxy.*#proxy = \"http://me:{wrong}@:99999\"#' tollwatch.toml"),
        format!("sed -i 's#^proxy.*#proxy = \"ftp://me:{wrong}@proxy\"#' tollwatch.toml"),
        format!("sed -i 's#^proxy.*#proxy = \"http://me:{wrong}@proxy:1#' tollwatch.toml"),
        format!("sed -i 's#^url.*#url = \"ftp://desk/{wrong}\"#' tollwatch.toml"),
        format!("sed -i 's#^url.*#url = \"https://me:{wrong}@desk/\"#' tollwatch.toml"),
        "sed -i 's#^secret.*#secret = \"wrong-p1antedE\"#' tollwatch.toml".to_owned(),
        format!("sed -i 's#http://news#https://me:{feeds}@news#' sources/all.toml"),
        format!("sed -i 's#http://news.*/#gopher://me:{feeds}@news#' sources/all.toml"),
    ] {
        let before = rejected(machine);
        let checked = machine.sh(&format!("cd /etc/tollwatch; {mistake}; tollwatch check --config . 2>&1"));
        assert_eq!(checked.code, 78, "{mistake}: {}", checked.stdout);
        told += &checked.stdout;
        machine.must("systemctl kill -s HUP --kill-who=main tollwatch");
        machine.until(&format!(
            "[ $(journalctl -u tollwatch TOLLWATCH_EVENT=config.rejected -o cat -q | wc -l) -gt {before} ]"
        ));
        machine.must("cp -r /root/good/. /etc/tollwatch/");
    }
    // A proxy that nobody can reach: the reasons of failures name no key.
    machine.must(&format!("{}; systemctl restart tollwatch", proxy(3129)));
    machine.until("journalctl -u tollwatch TOLLWATCH_EVENT=source.failing -o cat -q | grep -q 'cannot reach'");
    told += &outputs(machine);
    let shown: Vec<&str> = PLANTED.into_iter().chain([OVER_THE_WIRE]).filter(|key| told.contains(key)).collect();
    let place = shown.first().map(|key| told.split(key).next().unwrap().chars().rev().take(300).collect::<String>());
    assert_eq!(shown, Vec::<&str>::new(), "{:?}", place.map(|text| text.chars().rev().collect::<String>()));
    eprintln!("{} keys planted, 0 found in {} bytes that the program gave", PLANTED.len(), told.len());
}

fn rejected(machine: &Machine) -> String {
    machine.must("journalctl -u tollwatch TOLLWATCH_EVENT=config.rejected -o cat -q | wc -l")
}

/// Everything that the program and the unit give to others.
fn outputs(machine: &Machine) -> String {
    machine.must("journalctl --sync");
    let mut told = String::new();
    for line in [
        "journalctl -u tollwatch -o export",
        "systemctl show tollwatch; systemctl status tollwatch",
        "cat /var/lib/tollwatch/*",
        "tr '\\0' '\\n' < /proc/$(systemctl show tollwatch -p MainPID --value)/environ",
        "tr '\\0' '\\n' < /proc/$(systemctl show tollwatch -p MainPID --value)/cmdline",
        "for path in / /readyz /healthz /metrics /style.css; do /usr/bin/python3 /test/ask.py http://127.0.0.1:8787$path; done",
        "export STATE_DIRECTORY=/var/lib/tollwatch CREDENTIALS_DIRECTORY=/etc/keys; cd /; for it in check 'check --online' doctor \
         sources outputs 'outputs --json' 'sources --json' 'sources --requests calm' 'log --json' 'claims --json' series verify man; do tollwatch $it 2>&1; done",
        "for it in '' run once check doctor sources export backup restore; do tollwatch $it --help 2>&1; done",
        "export CREDENTIALS_DIRECTORY=/etc/keys; for form in text json; do STATE_DIRECTORY=$(mktemp -d) tollwatch once --log-level debug --log-format $form 2>&1; done",
    ] {
        let ended = machine.sh(line);
        assert!(!ended.stdout.is_empty(), "{line}: {}", ended.stderr);
        told = told + "\n" + line + "\n" + &ended.stdout + &ended.stderr;
    }
    told
}

fn the_doctor_names_a_name_server_that_is_shut_out(machine: &Machine) {
    machine.must(&format!("systemd-run -q /usr/bin/python3 /test/dns.py {NAME_SERVER} {PUBLIC}"));
    machine.must(&format!(
        "echo 'nameserver {NAME_SERVER}' > /etc/resolv.conf; printf '127.0.0.1 localhost\\n' > /etc/hosts"
    ));
    machine.must("sed -i '/^proxy/d' /etc/tollwatch/tollwatch.toml");
    machine.watch(&[("one", "http://one.example.org/feed/calm/2"), ("two", "http://two.example.org/feed/calm/2")]);
    machine.until("getent hosts one.example.org");
    machine.must("systemctl restart tollwatch");
    machine.until("journalctl -u tollwatch TOLLWATCH_EVENT=network.down -o cat -q | grep -q .");
    let doctor = "STATE_DIRECTORY=/var/lib/tollwatch tollwatch doctor";
    let ill = machine.sh(doctor);
    let advice = format!("!!  name servers   the unit cannot reach {NAME_SERVER}: run `tollwatch doctor --write`");
    assert!(ill.code == 4 && ill.stdout.contains(&advice), "{}", ill.stdout);
    machine.must("tollwatch doctor --write && systemctl daemon-reload && systemctl restart tollwatch");
    let well = machine.sh(doctor);
    assert!(
        well.stdout.contains(&format!("ok  name servers   {NAME_SERVER} can be reached by the unit")),
        "{}",
        well.stdout
    );
    let back = machine.until("systemctl show tollwatch -p StatusText --value | grep -q '2 sources, 0 failing'");
    eprintln!(
        "a name server that IPAddressDeny= shuts out: the doctor names it; after `doctor --write` both sources work within {:.1} s",
        back.as_secs_f64()
    );
}
