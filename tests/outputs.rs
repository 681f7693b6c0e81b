//! Outputs as a library: what each makes of the answers it gets, one turn at a time, with a clock that the test holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]
#![allow(clippy::format_collect, clippy::format_push_string, reason = "readable beats fast here")]

mod claims;
mod hook;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::date;
use tollwatch::config::{OutputConfig, OutputKind, Passes};
use tollwatch::fetch::{Fetcher, Settings};
use tollwatch::model::{OutputId, PartyId, Secret, SecretSource};
use tollwatch::output::{Output, Turn};
use tollwatch::store::Store;

use claims::{claim, reading};
use hook::{Hook, base64, hmac_sha256};

const KEY: &str = "a key that only the two of us know";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_710_504_000 + seconds).unwrap()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn fetcher(allow: &[&str]) -> Fetcher {
    Fetcher::new(Settings {
        contact: "https://example.org/bot".into(),
        timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(5),
        max_body: 1_000_000,
        concurrency: 1,
        per_host: 1,
        per_host_delay: Duration::from_secs(3_600),
        max_redirects: 5,
        robots: true,
        allow_networks: allow.iter().map(|network| network.parse().unwrap()).collect(),
        proxy: None,
    })
    .unwrap()
}

fn config(kind: OutputKind) -> OutputConfig {
    OutputConfig { id: OutputId::new("desk").unwrap(), kind, passes: Passes::default(), from_oldest: true }
}

fn output(config: &OutputConfig, allow: &[&str]) -> Output {
    let here = |source: &SecretSource| match source {
        SecretSource::Here(secret) => Ok(secret.clone()),
        SecretSource::Credential(name) => Err(format!("no credential {name}")),
    };
    Output::new(config, &fetcher(allow), here).unwrap()
}

fn webhook(url: &str, timeout: Duration) -> Output {
    let url = SecretSource::Here(Secret::new(url));
    let secret = SecretSource::Here(Secret::new(KEY));
    output(&config(OutputKind::Webhook { url, secret, timeout }), &["127.0.0.0/8"])
}

fn command(line: &[&str], timeout: Duration) -> Output {
    let command = line.iter().map(ToString::to_string).collect();
    output(&config(OutputKind::Command { command, timeout }), &[])
}

/// A ledger with so many changes, each a new claim.
async fn ledger(changes: usize) -> Store {
    let store = Store::open("sqlite::memory:").await.unwrap();
    add(&store, 0, changes).await;
    store
}

async fn add(store: &Store, from: usize, changes: usize) {
    for n in from..from + changes {
        let one = claim(400_000 + 1_000 * u64::try_from(n).unwrap(), date(2024, 3, 1));
        store.record_article(&reading(&format!("https://paper.example/{n}"), n, vec![one]), at(0)).await.unwrap();
    }
}

async fn why(store: &Store) -> String {
    store.outputs().await.unwrap()[0].last_error.clone().unwrap_or_default()
}

/// Turns until there is nothing more to do, and tells what came last.
async fn turned(output: &mut Output, store: &Store, seconds: i64) -> Turn {
    loop {
        match output.turn(store, at(seconds)).await.unwrap() {
            Turn::More => {}
            end @ (Turn::Idle | Turn::Wait(_)) => return end,
        }
    }
}

#[test]
fn the_check_of_signatures_agrees_with_the_published_examples() {
    let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // RFC 4231, test cases 2 and 6.
    assert_eq!(
        hex(hmac_sha256(b"Jefe", b"what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    let long = hmac_sha256(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
    assert_eq!(hex(long), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_eq!([base64(b"a"), base64(b"ab"), base64(b"abc")], ["YQ==", "YWI=", "YWJj"]);
}

#[test]
fn each_change_is_posted_signed_and_with_the_key_that_the_ledger_gives_it() {
    block_on(async {
        let (store, hook) = (ledger(3).await, Hook::answering(200));
        let mut output = webhook(&hook.url("/in?a=b"), Duration::from_secs(5));
        assert_eq!(turned(&mut output, &store, 7).await, Turn::Idle);
        let posts = hook.posts();
        let changes = store.changes_after(0, 10).await.unwrap();
        assert_eq!(posts.len(), 3);
        for (post, change) in posts.iter().zip(&changes) {
            assert_eq!(post.line, "POST /in?a=b HTTP/1.1");
            assert_eq!(post.header("content-type"), "application/json");
            assert!(post.header("user-agent").starts_with("tollwatch/"));
            assert_eq!(post.json(), change.json());
            assert_eq!(post.header("webhook-timestamp"), at(7).as_second().to_string());
            assert!(post.is_signed_with(KEY.as_bytes()));
            assert!(!post.is_signed_with(b"another key of any length"));
            let replayed = hook::Post {
                headers: [("webhook-timestamp".to_owned(), at(8).as_second().to_string())].into_iter().fold(
                    post.headers.clone(),
                    |mut headers, (name, value)| {
                        headers.insert(name, value);
                        headers
                    },
                ),
                ..post.clone()
            };
            assert!(!replayed.is_signed_with(KEY.as_bytes()), "the time is signed");
        }
        let keys: Vec<String> =
            store.keyed_changes_after(0, 10).await.unwrap().iter().map(|change| change.key.to_string()).collect();
        assert_eq!(posts.iter().map(hook::Post::key).collect::<Vec<_>>(), keys);
        assert!(keys.iter().all(|key| key.len() == 64));
    });
}

#[test]
fn a_refusal_is_waited_out_as_it_asks_and_no_change_is_passed_over() {
    block_on(async {
        let store = ledger(2).await;
        let answers: [(u16, Option<&str>, u64); 9] = [
            (500, None, 1),
            (503, Some("120"), 120),
            (429, Some("7"), 7),
            (429, None, 8),
            (408, None, 16),
            (503, Some("999999999"), 86_400),
            (422, None, 3_600),
            (410, None, 3_600),
            (401, Some("7200"), 7_200),
        ];
        let hook = Hook::serve(move |count, _| match answers.get(count) {
            Some((status, wait, _)) => {
                (*status, wait.map(|wait| ("Retry-After", wait.to_owned())).into_iter().collect())
            }
            None => (200, Vec::new()),
        });
        let mut output = webhook(&hook.url("/"), Duration::from_secs(5));
        output.begin(&store).await.unwrap();
        let mut seconds = 0;
        for (status, _, expected) in answers {
            let turn = output.turn(&store, at(seconds)).await.unwrap();
            assert_eq!(turn, Turn::Wait(Duration::from_secs(expected)), "{status}");
            assert!(why(&store).await.contains(&format!("answered {status}")), "{}", why(&store).await);
            // Before its time nothing is asked; what is left is told, also to the next process.
            let asked = hook.posts().len();
            let mut fresh = webhook(&hook.url("/"), Duration::from_secs(5));
            let Turn::Wait(left) = fresh.turn(&store, at(seconds)).await.unwrap() else { panic!("{status}") };
            // The answer took its time, too.
            assert!(left < Duration::from_secs(expected + 1), "{left:?}");
            assert_eq!(hook.posts().len(), asked, "{status}");
            seconds += i64::try_from(expected).unwrap() + 1;
        }
        assert_eq!(store.outputs().await.unwrap()[0].failures, 9);
        assert_eq!(turned(&mut output, &store, seconds).await, Turn::Idle);
        let posts = hook.posts();
        assert!(posts[..10].iter().all(|post| post.key() == posts[0].key() && post.body == posts[0].body));
        assert_eq!(hook.taken().iter().map(hook::Post::seq).collect::<Vec<_>>(), [1, 2]);
        let state = store.outputs().await.unwrap().remove(0);
        assert_eq!((state.done, state.failures, state.next_try, state.last_error), (2, 0, None, None));
    });
}

#[test]
fn a_webhook_goes_to_its_address_alone_and_only_where_the_guard_lets_it() {
    block_on(async {
        let store = ledger(1).await;
        let elsewhere = Hook::answering(200);
        let to = elsewhere.url("/secret-token");
        let hook = Hook::serve(move |_, _| (307, vec![("Location", to.clone())]));
        let mut output = webhook(&hook.url("/hook/T0KEN"), Duration::from_secs(5));
        output.begin(&store).await.unwrap();
        assert_eq!(output.turn(&store, at(0)).await.unwrap(), Turn::Wait(Duration::from_secs(3_600)));
        assert_eq!((hook.posts().len(), elsewhere.posts().len()), (1, 0));
        let told = why(&store).await;
        assert!(told.contains("redirects") && !told.contains("T0KEN") && !told.contains("secret-token"), "{told}");
        store.retry_output(&OutputId::new("desk").unwrap()).await.unwrap();

        let spellings = ["127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"];
        for host in spellings {
            let url = SecretSource::Here(Secret::new(format!("http://{host}:{}/T0KEN", hook.address.port())));
            let secret = SecretSource::Here(Secret::new(KEY));
            let kind = OutputKind::Webhook { url, secret, timeout: Duration::from_secs(5) };
            let mut guarded = self::output(&config(kind), &[]);
            store.retry_output(guarded.id()).await.unwrap();
            assert_eq!(guarded.turn(&store, at(0)).await.unwrap(), Turn::Wait(Duration::from_secs(3_600)), "{host}");
            let told = why(&store).await;
            assert!(told.contains("not on the public internet") && !told.contains("T0KEN"), "{host}: {told}");
        }
        assert_eq!(hook.posts().len(), 1);
    });
}

#[test]
fn a_server_that_does_not_answer_is_a_failure_in_time() {
    block_on(async {
        let store = ledger(1).await;
        let slow = Hook::serve(|_, _| {
            std::thread::sleep(Duration::from_secs(3));
            (200, Vec::new())
        });
        let mut output = webhook(&slow.url("/"), Duration::from_secs(1));
        output.begin(&store).await.unwrap();
        let begun = Instant::now();
        assert_eq!(output.turn(&store, at(0)).await.unwrap(), Turn::Wait(Duration::from_secs(1)));
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        assert!(why(&store).await.contains("no answer"), "{}", why(&store).await);
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut output = webhook(&format!("http://{nobody}/"), Duration::from_secs(1));
        store.retry_output(output.id()).await.unwrap();
        assert_eq!(output.turn(&store, at(60)).await.unwrap(), Turn::Wait(Duration::from_secs(2)));
        assert!(why(&store).await.contains("cannot reach"), "{}", why(&store).await);
    });
}

#[test]
fn a_new_output_begins_at_the_newest_change_and_filters_pass_the_rest_over() {
    block_on(async {
        let (store, folder) = (ledger(3).await, tempfile::tempdir().unwrap());
        let path = folder.path().join("changes.jsonl");
        let file = || std::fs::read_to_string(&path).unwrap_or_default();
        let new = OutputConfig { from_oldest: false, ..config(OutputKind::Jsonl { path: path.clone() }) };
        let mut newest = output(&new, &[]);
        newest.begin(&store).await.unwrap();
        assert_eq!(turned(&mut newest, &store, 0).await, Turn::Idle);
        assert_eq!(file(), "");
        add(&store, 3, 2).await;
        assert_eq!(turned(&mut newest, &store, 0).await, Turn::Idle);
        let lines = |after: i64, changes: &[tollwatch::view::LogEntry]| -> String {
            changes.iter().filter(|change| change.seq > after).map(|change| format!("{}\n", change.json())).collect()
        };
        let changes = store.changes_after(0, 10).await.unwrap();
        assert_eq!(file(), lines(3, &changes));

        let passes = Passes {
            events: vec!["claim.step".into()],
            parties: vec![PartyId::new("russia").unwrap()],
            conflicts: Vec::new(),
        };
        let other = folder.path().join("steps.jsonl");
        let id = OutputId::new("steps").unwrap();
        let steps = OutputConfig { id, passes, from_oldest: true, kind: OutputKind::Jsonl { path: other.clone() } };
        let mut steps = output(&steps, &[]);
        assert_eq!(turned(&mut steps, &store, 0).await, Turn::Idle);
        let expected: String = changes
            .iter()
            .filter(|change| change.event == "claim.step")
            .map(|change| format!("{}\n", change.json()))
            .collect();
        assert!(expected.lines().count() >= 2, "{expected}");
        assert_eq!(std::fs::read_to_string(&other).unwrap_or_default(), expected);
        let done: Vec<i64> = store.outputs().await.unwrap().iter().map(|state| state.done).collect();
        assert_eq!(done, [5, 5], "what is not for an output does not keep it behind");
    });
}

/// A program in a folder, for a shell that the tests, not tollwatch, use.
fn script(folder: &Path, text: &str) -> PathBuf {
    let path = folder.join("on-change");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[test]
fn a_program_gets_each_change_once_as_a_line_and_no_shell_reads_its_arguments() {
    block_on(async {
        let (store, folder) = (ledger(3).await, tempfile::tempdir().unwrap());
        let out = folder.path().join("out");
        let program = script(
            folder.path(),
            "cat >> \"$1\"; echo \"$2|$TOLLWATCH_EVENT|$TOLLWATCH_KEY|$NOTIFY_SOCKET\" >> \"$1\"",
        );
        let odd = "a b;$(touch /tmp/never)`id`|'\"";
        let mut output = command(&[program.to_str().unwrap(), out.to_str().unwrap(), odd], Duration::from_secs(10));
        assert_eq!(turned(&mut output, &store, 0).await, Turn::Idle);
        let mut expected = String::new();
        for change in store.keyed_changes_after(0, 10).await.unwrap() {
            expected.push_str(&format!("{}\n{odd}|{}|{}|\n", change.entry.json(), change.entry.event, change.key));
        }
        assert_eq!(std::fs::read_to_string(&out).unwrap(), expected);
        assert!(!Path::new("/tmp/never").exists());
    });
}

#[test]
fn a_program_that_fails_is_run_again_with_the_same_change() {
    block_on(async {
        let (store, folder) = (ledger(2).await, tempfile::tempdir().unwrap());
        let program = script(
            folder.path(),
            "cd \"$1\"; cat >> all; echo x >> runs; [ $(wc -l < runs) -ge 3 ] || { echo 'no room \u{1b}[31m in the mailbox' >&2; exit 7; }",
        );
        let mut output =
            command(&[program.to_str().unwrap(), folder.path().to_str().unwrap()], Duration::from_secs(10));
        output.begin(&store).await.unwrap();
        assert_eq!(output.turn(&store, at(0)).await.unwrap(), Turn::Wait(Duration::from_secs(1)));
        let told = why(&store).await;
        assert!(told.ends_with("on-change ended with exit status: 7: no room [31m in the mailbox"), "{told}");
        assert_eq!(output.turn(&store, at(2)).await.unwrap(), Turn::Wait(Duration::from_secs(2)));
        assert_eq!(turned(&mut output, &store, 6).await, Turn::Idle);
        let all = std::fs::read_to_string(folder.path().join("all")).unwrap();
        let seqs: Vec<i64> = all
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["seq"].as_i64().unwrap())
            .collect();
        assert_eq!(seqs, [1, 1, 1, 2]);

        let mut missing = command(&["/no/such/program"], Duration::from_secs(1));
        add(&store, 2, 1).await;
        assert!(matches!(missing.turn(&store, at(20)).await.unwrap(), Turn::Wait(_)));
        assert!(why(&store).await.contains("cannot be run"), "{}", why(&store).await);
    });
}

#[test]
fn a_program_that_hangs_is_killed_with_all_that_it_started() {
    block_on(async {
        let (store, folder) = (ledger(1).await, tempfile::tempdir().unwrap());
        let program =
            script(folder.path(), "trap '' TERM; sleep 300 & echo $! > \"$1/child\"; echo $$ > \"$1/self\"; wait");
        let mut output = command(&[program.to_str().unwrap(), folder.path().to_str().unwrap()], Duration::from_secs(1));
        output.begin(&store).await.unwrap();
        let begun = Instant::now();
        assert!(matches!(output.turn(&store, at(0)).await.unwrap(), Turn::Wait(_)));
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        assert!(why(&store).await.contains("took longer than 1 s and was killed"), "{}", why(&store).await);
        for file in ["child", "self"] {
            let pid = std::fs::read_to_string(folder.path().join(file)).unwrap();
            let is_alive = || {
                std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).is_ok_and(|stat| !stat.contains(") Z"))
            };
            let patience = Instant::now();
            while is_alive() && patience.elapsed() < Duration::from_secs(2) {
                std::thread::sleep(Duration::from_millis(20));
            }
            assert!(!is_alive(), "{file} lives");
        }
    });
}

#[test]
fn a_program_may_print_as_much_as_it_likes_and_leave_something_running() {
    block_on(async {
        let (store, folder) = (ledger(2).await, tempfile::tempdir().unwrap());
        let program =
            script(folder.path(), "head -c 50000000 /dev/zero; head -c 50000000 /dev/zero >&2; sleep 30 & exit 0");
        let mut output = command(&[program.to_str().unwrap()], Duration::from_secs(20));
        let begun = Instant::now();
        assert_eq!(turned(&mut output, &store, 0).await, Turn::Idle);
        assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
        assert_eq!(store.outputs().await.unwrap()[0].done, 2);
        // One that reads nothing of what it is given may still say that all is well.
        add(&store, 2, 1).await;
        let mut deaf = command(&["/bin/true"], Duration::from_secs(5));
        assert_eq!(turned(&mut deaf, &store, 0).await, Turn::Idle);
        assert_eq!(store.outputs().await.unwrap()[0].done, 3);
    });
}

#[test]
fn what_was_written_before_a_kill_is_not_written_again() {
    block_on(async {
        let (store, folder) = (ledger(4).await, tempfile::tempdir().unwrap());
        let path = folder.path().join("changes.jsonl");
        let lines: Vec<String> =
            store.changes_after(0, 10).await.unwrap().iter().map(|change| change.json().to_string()).collect();
        // Two lines and a half were written, and the ledger does not know it.
        std::fs::write(&path, format!("{}\n{}\n{}", lines[0], lines[1], &lines[2][..20])).unwrap();
        let mut output = output(&config(OutputKind::Jsonl { path: path.clone() }), &[]);
        assert_eq!(turned(&mut output, &store, 0).await, Turn::Idle);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{}\n", lines.join("\n")));
    });
}

/// A small disk of its own; it goes when it is let go of.
struct Disk(PathBuf);

impl Drop for Disk {
    fn drop(&mut self) {
        drop(std::process::Command::new("umount").arg(&self.0).status());
    }
}

#[test]
fn a_file_on_a_full_disk_gets_whole_lines_and_all_of_them_when_there_is_room() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk(folder.path().to_owned());
        let mount =
            std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&disk.0).status();
        if !mount.is_ok_and(|status| status.success()) {
            return;
        }
        let store = ledger(40).await;
        let path = disk.0.join("changes.jsonl");
        std::fs::write(disk.0.join("ballast"), vec![1; 48_000]).unwrap();
        let mut output = output(&config(OutputKind::Jsonl { path: path.clone() }), &[]);
        output.begin(&store).await.unwrap();
        for seconds in [0, 2, 5] {
            assert!(matches!(output.turn(&store, at(seconds)).await.unwrap(), Turn::Wait(_)));
            assert!(why(&store).await.contains("No space left"), "{}", why(&store).await);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), "", "no half of it");
        }
        std::fs::remove_file(disk.0.join("ballast")).unwrap();
        assert_eq!(turned(&mut output, &store, 10).await, Turn::Idle);
        let changes = store.changes_after(0, 100).await.unwrap();
        let lines: String = changes.iter().map(|change| format!("{}\n", change.json())).collect();
        assert!(lines.len() > 20_000);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), lines);
    });
}
