//! `demo`: the daemon against a small news site that the binary itself serves on loopback.

mod scene;
mod site;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Receiver;

use crate::cli::arguments::{Arguments, DemoOptions};
use crate::cli::output::{Failure, out};
use crate::cli::setup;
use crate::config::Config;
use crate::daemon::{Daemon, Notifier, Signal, signal_channel, signals};
use crate::model::Level;
use crate::store::{Filter, Store};
use crate::telemetry::{Form, Log, Vitals};

use scene::{OUTLETS, Outlet, SCENES};
use site::Site;

pub(super) fn run(_: &Arguments, options: &DemoOptions) -> Result<ExitCode, Failure> {
    let log = setup::started(Form::Text, Level::Debug, Level::Warn);
    let result = setup::runtime()?.block_on(play(options, &log));
    log.flush();
    result
}

async fn play(options: &DemoOptions, log: &Log) -> Result<ExitCode, Failure> {
    let begun = setup::clock();
    let folder = folder(options)?;
    let site =
        Site::open(begun).await.map_err(|error| Failure::new("cannot serve the demo's site on loopback", &error))?;
    write_config(&folder, &site, options.fast)?;
    let config = Config::load(Some(&folder), None).map_err(|errors| Failure::plain(errors.to_string(), 1))?;
    let store = setup::store(&config).await?;
    let world = setup::world(&config, store.clone(), log)?;
    let (stop, stopped) = signal_channel();
    let daemon = Daemon {
        world,
        sources: config.sources.clone(),
        slots: 8,
        min_free: 0,
        keep_bodies: None,
        clock: setup::clock,
        notifier: Notifier::default(),
        vitals: Vitals::default(),
        log: None,
        outputs: Vec::new(),
        pages: None,
        reload: Arc::new(|| Err("the demo has nothing to read again".to_owned())),
    };
    let mut interrupts = signals().map_err(|error| Failure::new("cannot listen to signals", &error))?;
    let watching = daemon.run(stopped);
    let telling = async {
        let told_all = tell(&site, options.fast, &mut interrupts).await;
        // A daemon that has ended already needs no telling.
        let _told = stop.send(Signal::Stop).await;
        told_all
    };
    let serving = site.serve();
    let (watched, told_all) = tokio::select! {
        both = async { tokio::join!(watching, telling) } => both,
        () = serving => return Err(Failure::plain("the demo's site stopped", 1)),
    };
    watched?;
    log.flush();
    if told_all? {
        summarise(&store, &folder).await?;
    }
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Plays the scenes one after the other; false if somebody pressed Ctrl-C.
async fn tell(site: &Site, fast: bool, interrupts: &mut Receiver<Signal>) -> Result<bool, Failure> {
    let pace = Duration::from_millis(if fast { 3_500 } else { 10_000 });
    narrate("tollwatch demo: four invented outlets, each with a feed of its own, served by this program on loopback.")?;
    for (number, scene) in SCENES.iter().enumerate() {
        site.turn_to(number);
        narrate(scene.told)?;
        tokio::select! {
            () = tokio::time::sleep(pace) => {}
            _ = interrupts.recv() => return Ok(false),
        }
    }
    Ok(true)
}

fn narrate(line: &str) -> Result<(), Failure> {
    let mut out = out();
    writeln!(out, "\n── {line}")?;
    out.flush()?;
    Ok(())
}

fn folder(options: &DemoOptions) -> Result<PathBuf, Failure> {
    let unique = format!("tollwatch-demo-{}-{}", std::process::id(), setup::clock().as_second());
    let folder = options.dir.clone().unwrap_or_else(|| std::env::temp_dir().join(unique));
    std::fs::create_dir_all(folder.join("sources"))
        .map_err(|error| Failure::new(&format!("cannot make the folder {}", folder.display()), &error))?;
    Ok(folder)
}

/// A configuration that stays, so that the ledger of the demo can be asked afterwards.
fn write_config(folder: &Path, site: &Site, fast: bool) -> Result<(), Failure> {
    let ledger = folder.join("ledger.db");
    let interval = if fast { "1s" } else { "2s" };
    let ages: Vec<String> = (1..=50).map(|n| format!("\"{}s\"", n * 2)).collect();
    let main = format!(
        "# The configuration of `tollwatch demo`; its site is gone when the demo has ended.\n\
         [store]\nurl = \"sqlite://{}\"\n[http]\nallow_networks = [\"127.0.0.0/8\"]\nper_host_delay = \"0s\"\n\
         [schedule]\ninterval = \"{interval}\"\nmax_interval = \"{interval}\"\nreread = [{}]\n[web]\nlisten = \"\"\n",
        ledger.display(),
        ages.join(", ")
    );
    let source = |(outlet, feed): (&Outlet, String)| {
        format!(
            "[[source]]\nid = \"{}\"\nname = \"{}\"\nfeed = \"{feed}\"\nlang = \"en\"\nconflicts = [\"russia-ukraine\"]\nkind = \"newspaper\"\n",
            outlet.id, outlet.name
        )
    };
    let sources = OUTLETS.iter().zip(site.feeds()).map(source).collect::<Vec<_>>().join("\n");
    for (file, text) in [(folder.join("tollwatch.toml"), main), (folder.join("sources").join("demo.toml"), sources)] {
        std::fs::write(&file, text)
            .map_err(|error| Failure::new(&format!("cannot write {}", file.display()), &error))?;
    }
    Ok(())
}

async fn summarise(store: &Store, folder: &Path) -> Result<(), Failure> {
    let claims = store.claims(&Filter::default()).await?;
    let series = store.series(&Filter::default()).await?;
    let changes = store.last_change().await?;
    let checked = store.verify().await?;
    let folder = folder.display();
    let mut out = out();
    writeln!(
        out,
        "\n── That was it: {} claims in {} series, {changes} changes on record; {} quotes checked, {} findings.",
        claims.len(),
        series.len(),
        checked.quotes,
        checked.findings.len()
    )?;
    writeln!(out, "\nThe ledger of the demo stays in {folder}. Ask it:\n")?;
    writeln!(out, "  tollwatch claims --config {folder}")?;
    writeln!(out, "  tollwatch series --config {folder}")?;
    if let Some(claim) = claims.iter().max_by_key(|claim| claim.sighting_count) {
        writeln!(out, "  tollwatch show {} --config {folder}", claim.id)?;
    }
    writeln!(out, "  tollwatch log --config {folder}")?;
    writeln!(out, "\nThen watch real feeds: tollwatch run")?;
    out.flush()?;
    Ok(())
}
