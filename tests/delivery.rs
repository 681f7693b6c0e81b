//! The daemon with outputs: killed, reloaded, rotated under, held up. Nothing is lost, all is in order, nobody waits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test may fail loudly, and prints what it measured"
)]

mod hook;
mod support;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use hook::{Hook, Post};
use support::{Answer, Desk, Site, page, rss};
use tollwatch::store::Store;

const KEY: &str = "a key that only the two of us know";
/// How often the daemon is killed while it delivers.
const KILLS: u64 = 12;

/// A feed that has as many articles as it is told, each with an attack of its own.
fn site(count: &Arc<AtomicU64>) -> Site {
    let count = Arc::clone(count);
    Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        if seen.path == "/feed" {
            let links: Vec<String> =
                (0..count.load(Ordering::Relaxed)).map(|n| format!("http://{host}/a/{n}")).collect();
            return Answer::ok("application/rss+xml", rss(&links));
        }
        let Some(number) = seen.path.strip_prefix("/a/").and_then(|n| n.parse::<u64>().ok()) else {
            return Answer::status(404);
        };
        let (day, killed) = (10 + number % 18, 20 + number);
        let text = format!(
            "Shelling of Kherson on March {day} killed {killed} people, Governor Oleksandr Prokudin said, and the power was off in story {number}."
        );
        Answer::ok("text/html", page(&format!("Day {number}"), &format!("2024-03-{day}T20:00:00Z"), &text))
    })
}

struct Watch {
    count: Arc<AtomicU64>,
    _site: Site,
    desk: Desk,
    log: PathBuf,
}

impl Watch {
    /// A desk with these outputs and a feed of so many articles.
    fn new(articles: u64, outputs: &str) -> Self {
        let count = Arc::new(AtomicU64::new(articles));
        let site = site(&count);
        let desk = Desk::new(&[("wire", site.url("/feed"))]);
        let log = desk.path().join("log");
        let watch = Self { count, _site: site, desk, log };
        watch.configure(outputs);
        watch
    }

    fn configure(&self, outputs: &str) {
        let file = self.desk.path().join("tollwatch.toml");
        let config = std::fs::read_to_string(&file).unwrap();
        let (main, _) = config.split_once("\n[[outputs]]").unwrap_or((&config, ""));
        std::fs::write(&file, format!("{}\n{outputs}", main.trim_end())).unwrap();
    }

    fn start(&self) -> Child {
        let log = File::options().create(true).append(true).open(&self.log).unwrap();
        self.desk.command(&["run"]).stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    fn told(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The lines of the change log.
    fn changes(&self) -> Vec<String> {
        self.desk.run(&["log", "--json"]).stdout.lines().map(str::to_owned).collect()
    }

    /// Asks the ledger itself, which is quicker than the program.
    fn ask<T>(&self, ask: &impl AsyncFn(&Store) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(&format!("sqlite://{}", self.desk.ledger().display())).await.unwrap();
            let answer = ask(&store).await;
            store.close().await;
            answer
        })
    }

    /// Waits until the ledger has so many changes.
    fn filled(&self, changes: i64) {
        until("the ledger has it", || self.ask(&async |store: &Store| store.last_change().await.unwrap()) >= changes);
    }

    /// Lets the feed grow, and waits until all of it is in the ledger.
    fn publish(&self, articles: u32) {
        self.count.store(articles.into(), Ordering::Relaxed);
        self.filled(articles.into());
    }

    /// Waits until an output took all that there is.
    fn delivered(&self, output: &str) {
        let behind = async |store: &Store| {
            let (newest, states) = (store.last_change().await.unwrap(), store.outputs().await.unwrap());
            newest - states.iter().find(|state| state.output == output).map_or(0, |state| state.done)
        };
        until(&format!("{output} has all"), || self.ask(&behind) == 0);
    }

    /// Waits until an output fails.
    fn failing(&self, output: &str) {
        let failures = async |store: &Store| {
            let states = store.outputs().await.unwrap();
            states.iter().find(|state| state.output == output).map_or(0, |state| state.failures)
        };
        until(&format!("{output} fails"), || self.ask(&failures) > 0);
    }

    fn state(&self, output: &str) -> serde_json::Value {
        let listed = self.desk.run(&["outputs", "--json"]).stdout;
        let mut lines = listed.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        lines.find(|line| line["output"] == output).unwrap()
    }
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "never: {what}");
        sleep(Duration::from_millis(50));
    }
    begun.elapsed()
}

fn signal(daemon: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &daemon.id().to_string()]).status().unwrap().success());
}

fn killed(mut daemon: Child) {
    daemon.kill().unwrap();
    daemon.wait().unwrap();
}

fn stopped(mut daemon: Child) -> Duration {
    let begun = Instant::now();
    signal(&daemon, "-TERM");
    assert!(daemon.wait().unwrap().success());
    begun.elapsed()
}

fn webhook(id: &str, hook: &Hook) -> String {
    format!(
        "[[outputs]]\nid = \"{id}\"\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"{KEY}\"\nbegin = \"oldest\"\n\n",
        hook.url("/hook")
    )
}

fn jsonl(id: &str, path: &Path) -> String {
    let path = path.display();
    format!("[[outputs]]\nid = \"{id}\"\nkind = \"jsonl\"\npath = \"{path}\"\nbegin = \"oldest\"\n\n")
}

/// Checks that what a server got is the change log: all of it, in order, as it is printed, each change under one key.
fn is_the_log(posts: &[Post], changes: &[String]) {
    let mut keys: BTreeMap<i64, String> = BTreeMap::new();
    let mut newest = 0;
    for post in posts {
        assert!(post.is_signed_with(KEY.as_bytes()));
        let (seq, key) = (post.seq(), post.key());
        assert_eq!(*keys.entry(seq).or_insert_with(|| key.clone()), key, "change {seq}");
        assert!(seq == newest || seq == newest + 1, "{seq} after {newest}");
        newest = seq;
        assert_eq!(&post.body, &changes[usize::try_from(seq).unwrap() - 1]);
    }
    assert_eq!(keys.len(), changes.len());
    let mut unique: Vec<&String> = keys.values().collect();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), changes.len(), "each change has a key of its own");
}

#[test]
fn a_webhook_that_was_down_over_a_kill_gets_everything_in_order() {
    let hook = Hook::answering(500);
    let watch = Watch::new(12, &webhook("desk", &hook));
    let daemon = watch.start();
    until("it is asked three times", || hook.posts().len() >= 3);
    watch.filled(12);
    let state = watch.state("desk");
    assert_eq!((&state["state"], &state["done"]), (&"failing".into(), &0.into()), "{state}");
    assert!(state["last_error"].as_str().unwrap().contains("answered 500"), "{state}");
    killed(daemon);
    let daemon = watch.start();
    until("it is asked after the restart", || hook.posts().len() >= 4);
    hook.answer(200);
    watch.delivered("desk");
    assert!(stopped(daemon) < Duration::from_secs(10));
    is_the_log(&hook.posts(), &watch.changes());
    let taken = hook.taken();
    assert_eq!(taken.len(), watch.changes().len(), "nothing twice where nobody was killed while it was taken");
    let told = watch.told();
    assert_eq!((told.matches("output.failing").count(), told.matches("output.recovered").count()), (1, 1), "{told}");
}

#[test]
fn kills_lose_nothing_and_double_nothing_but_under_the_same_key() {
    let hook = Hook::serve(|_, _| {
        // Slow enough that a kill finds deliveries in the middle of things.
        sleep(Duration::from_millis(25));
        (200, Vec::new())
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changes.jsonl");
    let watch = Watch::new(60, &(webhook("desk", &hook) + &jsonl("file", &path)));
    for round in 0..KILLS {
        let before = hook.posts().len();
        let daemon = watch.start();
        until("deliveries are under way", || hook.posts().len() > before + 2);
        // Moments that differ from round to round without a source of chance.
        sleep(Duration::from_millis((round * 7) % 30));
        killed(daemon);
    }
    let daemon = watch.start();
    watch.filled(60);
    watch.delivered("desk");
    watch.delivered("file");
    stopped(daemon);
    let (posts, changes) = (hook.posts(), watch.changes());
    is_the_log(&posts, &changes);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{}\n", changes.join("\n")));
    eprintln!(
        "{KILLS} × kill -9: {} changes, 0 lost by the webhook, {} posted again under the same key; the file has each once",
        changes.len(),
        posts.len() - changes.len()
    );
}

#[test]
fn a_file_that_is_rotated_under_the_daemon_loses_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changes.jsonl");
    let watch = Watch::new(4, &jsonl("file", &path));
    let daemon = watch.start();
    let mut parts: Vec<String> = Vec::new();
    let mut published = 4;
    for round in 0..6 {
        watch.publish(published);
        watch.delivered("file");
        let part = std::fs::read_to_string(&path).unwrap();
        assert!(part.is_empty() || part.ends_with('\n'));
        match round % 3 {
            // create
            0 => {
                std::fs::rename(&path, folder.path().join(format!("old.{round}"))).unwrap();
                File::create(&path).unwrap();
            }
            // nocreate
            1 => std::fs::remove_file(&path).unwrap(),
            // copytruncate
            _ => File::options().write(true).open(&path).unwrap().set_len(0).unwrap(),
        }
        parts.push(part);
        published += 3;
    }
    watch.publish(published);
    watch.delivered("file");
    stopped(daemon);
    parts.push(std::fs::read_to_string(&path).unwrap());
    assert!(parts.iter().all(|part| !part.is_empty()), "{parts:?}");
    assert_eq!(parts.concat(), format!("{}\n", watch.changes().join("\n")));
}

#[test]
fn a_slow_or_dead_output_holds_up_neither_polls_nor_another_output_nor_the_end() {
    let slow = Hook::serve(|_, _| {
        sleep(Duration::from_secs(30));
        (200, Vec::new())
    });
    let dead = Hook::answering(500);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("changes.jsonl");
    let (out, program) = (folder.path().join("out"), folder.path().join("hangs"));
    std::fs::write(&program, "#!/bin/sh\nsleep 300\nexit 0\n").unwrap();
    assert!(Command::new("chmod").arg("755").arg(&program).status().unwrap().success());
    let hangs = format!(
        "[[outputs]]\nid = \"hangs\"\nkind = \"command\"\ncommand = [\"{}\"]\nbegin = \"oldest\"\n\n",
        program.display()
    );
    let appends = format!(
        "[[outputs]]\nid = \"program\"\nkind = \"command\"\ncommand = [\"/usr/bin/tee\", \"-a\", \"{}\"]\nbegin = \"oldest\"\n",
        out.display()
    );
    let outputs = webhook("slow", &slow) + &webhook("dead", &dead) + &hangs + &appends + &jsonl("file", &path);
    let watch = Watch::new(30, &outputs);
    let alone = Watch::new(30, "");
    let timed = |watch: &Watch| {
        let begun = Instant::now();
        let daemon = watch.start();
        watch.filled(30);
        (daemon, begun.elapsed())
    };
    let (calm, undisturbed) = timed(&alone);
    stopped(calm);
    let (daemon, disturbed) = timed(&watch);
    watch.delivered("file");
    watch.delivered("program");
    let changes = watch.changes();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{}\n", changes.join("\n")));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), format!("{}\n", changes.join("\n")));
    watch.publish(33);
    let running = || Command::new("pgrep").args(["-f", program.to_str().unwrap()]).output().unwrap().stdout;
    until("it hangs", || !running().is_empty());
    let stop = stopped(daemon);
    assert!(stop < Duration::from_secs(10), "{stop:?}");
    assert!(disturbed < undisturbed * 3 + Duration::from_secs(3), "{disturbed:?}, {undisturbed:?} without outputs");
    assert!(running().is_empty(), "the program that hung was left behind");
    eprintln!(
        "30 articles in {} ms without outputs, {} ms with two of five that hang and one that fails; stopped in {} ms",
        undisturbed.as_millis(),
        disturbed.as_millis(),
        stop.as_millis()
    );
}

#[test]
fn a_reload_swaps_the_outputs_and_tries_at_once_what_waited() {
    let hook = Hook::answering(401);
    let watch = Watch::new(3, &webhook("desk", &hook));
    let daemon = watch.start();
    watch.failing("desk");
    watch.publish(5);
    hook.answer(200);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.jsonl");
    let newest = jsonl("new", &path).replace("oldest", "newest");
    watch.configure(&(webhook("desk", &hook) + &newest));
    signal(&daemon, "-HUP");
    watch.delivered("desk");
    assert!(watch.told().contains("output added: new"), "{}", watch.told());
    watch.publish(8);
    watch.delivered("desk");
    watch.delivered("new");
    let changes = watch.changes();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{}\n", changes[5..].join("\n")));
    watch.configure(&newest.replace(path.to_str().unwrap(), "relative"));
    signal(&daemon, "-HUP");
    until("a wrong one is refused", || watch.told().contains("config.rejected"));
    watch.configure(&newest);
    signal(&daemon, "-HUP");
    until("one is gone", || watch.told().contains("output removed: desk"));
    watch.publish(9);
    watch.delivered("new");
    stopped(daemon);
    let posts = hook.taken();
    assert_eq!(posts.iter().map(Post::seq).collect::<Vec<_>>(), (1..=8).collect::<Vec<_>>());
    assert_eq!(watch.state("desk")["state"], "not configured");
}

#[test]
fn a_person_can_let_an_output_try_again_go_on_and_begin_anew() {
    let hook = Hook::serve(|_, post| if post.seq() == 2 { (422, Vec::new()) } else { (200, Vec::new()) });
    let watch = Watch::new(4, &webhook("desk", &hook));
    let daemon = watch.start();
    watch.failing("desk");
    watch.filled(4);
    let tried = hook.posts().len();
    assert_eq!(watch.desk.run(&["outputs", "--retry", "desk"]).code, 0);
    until("it is tried again", || hook.posts().len() > tried);
    let looked = watch.desk.run(&["doctor"]);
    assert_eq!(looked.code, 4, "{}", looked.stdout);
    assert!(looked.stdout.contains("!!  outputs") && looked.stdout.contains("answered 422"), "{}", looked.stdout);
    let table = watch.desk.run(&["outputs"]).stdout;
    assert!(table.contains("failing") && table.contains(&format!("http://{}", hook.address)), "{table}");
    let skipped = watch.desk.run(&["outputs", "--skip", "desk"]);
    assert!(skipped.stderr.contains("desk goes on after change 2"), "{}", skipped.stderr);
    watch.delivered("desk");
    assert_eq!(hook.taken().iter().map(Post::seq).collect::<Vec<_>>(), [1, 3, 4]);
    stopped(daemon);
    assert_eq!(watch.desk.run(&["outputs", "--forget", "desk"]).code, 0);
    assert_eq!(watch.state("desk")["state"], "not begun");
    assert_eq!(watch.desk.run(&["outputs", "--retry", "nobody"]).code, 2);
    assert_eq!(watch.desk.run(&["outputs", "--retry", "desk", "--skip", "desk"]).code, 2);
}

#[test]
fn secrets_come_from_credentials_and_one_that_is_missing_is_named() {
    let hook = Hook::answering(200);
    let outputs = "[[outputs]]\nid = \"desk\"\nkind = \"webhook\"\nurl = \"credential:address\"\nsecret = \"credential:key\"\nbegin = \"oldest\"\n";
    let watch = Watch::new(3, outputs);
    assert_eq!(watch.desk.run(&["check"]).code, 0, "whoever checks need not know the secrets");
    let unknown = watch.desk.run(&["run"]);
    assert_eq!(unknown.code, 78, "{}", unknown.stderr);
    assert!(unknown.stderr.contains("output desk: credential address"), "{}", unknown.stderr);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("address"), format!("{}\n", hook.url("/hook"))).unwrap();
    std::fs::write(folder.path().join("key"), format!("{KEY}\n")).unwrap();
    let log = File::options().create(true).append(true).open(&watch.log).unwrap();
    let mut command = watch.desk.command(&["run"]);
    let daemon = command.env("CREDENTIALS_DIRECTORY", folder.path()).stderr(log).spawn().unwrap();
    watch.filled(3);
    watch.delivered("desk");
    stopped(daemon);
    is_the_log(&hook.posts(), &watch.changes());
}

#[test]
fn no_secret_of_an_output_is_shown_anywhere() {
    const SECRETS: [&str; 3] = ["S3CRET-KEY-0123456789", "T0KEN-IN-THE-PATH", "PASSW0RD-ARGUMENT"];
    let hook = Hook::answering(500);
    let outputs = format!(
        "[[outputs]]\nid = \"desk\"\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"{}\"\nbegin = \"oldest\"\n\
         [[outputs]]\nid = \"mail\"\nkind = \"command\"\ncommand = [\"/bin/false\", \"{}\"]\nbegin = \"oldest\"\n",
        hook.url(&format!("/{}?{}", SECRETS[1], SECRETS[1])),
        SECRETS[0],
        SECRETS[2]
    );
    let watch = Watch::new(3, &outputs);
    let log = File::options().create(true).append(true).open(&watch.log).unwrap();
    let daemon = watch.desk.command(&["run", "--log-level", "debug"]).stderr(log).spawn().unwrap();
    watch.failing("desk");
    watch.failing("mail");
    stopped(daemon);
    let mut shown = vec![watch.told()];
    for arguments in
        [&["check"][..], &["outputs"], &["outputs", "--json"], &["doctor"], &["outputs", "--help"], &["man"], &["log"]]
    {
        let ended = watch.desk.run(arguments);
        shown.push(ended.stdout + &ended.stderr);
    }
    // A mistake beside a secret does not show it either.
    watch.configure(&outputs.replace("http://", "gopher://").replace(SECRETS[0], "S3CRET"));
    let wrong = watch.desk.run(&["check"]);
    assert_eq!(wrong.code, 78);
    shown.push(wrong.stderr);
    let ledger = std::fs::read(watch.desk.ledger()).unwrap();
    shown.push(String::from_utf8_lossy(&ledger).into_owned());
    for (at, text) in shown.iter().enumerate() {
        for secret in SECRETS.into_iter().chain(["S3CRET"]) {
            assert!(!text.contains(secret), "{secret} is shown in {at}: {text}");
        }
    }
    assert!(shown[1].contains("webhook") && shown[1].contains("/bin/false"), "{}", shown[1]);
}
