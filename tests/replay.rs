//! The official daily totals of one side as five outlets print them over the years: one series, one point a day.
//! `TOLLWATCH_DAYS=1600 cargo test --release --test replay -- --nocapture` runs the full length and prints what it took.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test may fail loudly"
)]
#![allow(clippy::disallowed_methods, reason = "the length is for the person who runs the tests")]
#![allow(clippy::print_stderr, reason = "figures for the person who runs the tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use tollwatch::config::Config;
use tollwatch::extract::{Document, Extractor};
use tollwatch::model::{Article, ConflictId, LangCode, Outcome, Scope, SourceId, Status};
use tollwatch::store::{ChangeFilter, Filter, Reading, Store};

/// Figures that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

struct Day {
    date: Date,
    total: u64,
    increment: u64,
}

/// An article, and the days whose totals it prints exactly.
struct Story {
    url: String,
    source: String,
    published: Date,
    text: String,
    prints: Vec<usize>,
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn official(days: usize, dice: &mut Dice) -> Vec<Day> {
    let mut total = 5_000;
    (0..days)
        .map(|at| {
            let increment = 400 + dice.roll(1_500);
            total += increment;
            let date = jiff::civil::date(2022, 3, 1).checked_add(i64::try_from(at).unwrap().days()).unwrap();
            Day { date, total, increment }
        })
        .collect()
}

/// The total of a day as an outlet words it. The wire is exact and dated, the others drift.
fn worded(outlet: u64, day: &Day, total: u64) -> String {
    let (date, exact, more) = (day.date.strftime("%B %-d, %Y"), grouped(total), grouped(day.increment));
    match outlet {
        0 => format!(
            "Russia has lost {exact} (+{more}) troops in Ukraine since Feb. 24, 2022, the General Staff of Ukraine's Armed Forces reported on {date}.\n\n\
             Over the past day Russia lost {more} troops, Ukraine's General Staff said on {date}."
        ),
        1 => format!(
            "Russian forces have lost around {exact} troops since the beginning of the full-scale invasion, Ukraine's General Staff reported."
        ),
        2 => format!(
            "As of {date}, Russia had lost {exact} soldiers since the start of the war, according to the General Staff of Ukraine."
        ),
        3 => format!(
            "Russia has lost {exact} troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said on {date}."
        ),
        _ => format!(
            "Total Russian combat losses since the start of the full-scale invasion have reached more than {} personnel as of {date}, \
             the General Staff of the Armed Forces of Ukraine said.",
            grouped(total / 100 * 100)
        ),
    }
}

/// A paragraph that repeats an older total.
fn recalled(old: &Day, published: Date, dice: &mut Dice) -> String {
    let exact = grouped(old.total);
    let last_month = published.first_of_month().yesterday().unwrap().first_of_month() == old.date.first_of_month();
    if last_month && (23..=25).contains(&old.date.day()) {
        return format!(
            "Late last month Ukraine's General Staff said that Russia had lost {exact} troops since the beginning of the full-scale invasion."
        );
    }
    if dice.roll(2) == 0 {
        return format!(
            "Earlier, Ukraine's General Staff said that Russia had lost {exact} troops since the beginning of the full-scale invasion."
        );
    }
    format!(
        "Ukraine's General Staff said on {} that Russia had lost {exact} troops since the start of the full-scale invasion.",
        old.date.strftime("%B %-d, %Y")
    )
}

/// What five outlets print: delays of up to three days, a tenth with an older total, a twentieth corrected later.
fn stories(days: &[Day], dice: &mut Dice) -> Vec<Story> {
    let totals: BTreeSet<u64> = days.iter().map(|day| day.total).collect();
    let mut out = Vec::new();
    for (at, day) in days.iter().enumerate() {
        for outlet in 0..5 {
            let delay = if outlet == 0 { 0 } else { dice.roll(4) };
            let published = day.date.checked_add(i64::try_from(delay).unwrap().days()).unwrap();
            let (url, source) = (format!("https://outlet-{outlet}.example/{}", day.date), format!("outlet-{outlet}"));
            let mut prints = if outlet < 4 || day.total.is_multiple_of(100) { vec![at] } else { vec![] };
            let mut recall = String::new();
            if at > 0 && dice.roll(10) == 0 {
                let old = at - 1 - usize::try_from(dice.roll(90)).unwrap().min(at - 1);
                recall = format!("\n\n{}", recalled(&days[old], published, dice));
                prints.push(old);
            }
            let story = |text: String, prints: Vec<usize>| Story {
                url: url.clone(),
                source: source.clone(),
                published,
                text: format!("{text}{recall}"),
                prints,
            };
            let wrong = day.total + 50_000 + dice.roll(900);
            if outlet > 0 && outlet < 4 && dice.roll(12) == 0 && !totals.contains(&wrong) {
                out.push(story(worded(outlet, day, wrong), vec![]));
            }
            out.push(story(worded(outlet, day, day.total), prints));
        }
    }
    out
}

fn reading(engine: &Extractor, story: &Story) -> Reading {
    let conflict = ConflictId::new("russia-ukraine").unwrap();
    let published: Timestamp = format!("{}T18:00:00Z", story.published).parse().unwrap();
    let article = Article {
        url: Some(story.url.parse().unwrap()),
        title: "The war today".into(),
        description: None,
        published: Some(published),
        modified: None,
        byline: None,
        lang: Some(LangCode::new("en").unwrap()),
        publisher: Some(story.source.clone()),
        text: story.text.clone(),
    };
    let document = article.document();
    let extraction = engine.extract(&Document {
        text: &document,
        title: &article.title,
        published: Some(story.published),
        lang: article.lang.as_ref(),
        conflicts: std::slice::from_ref(&conflict),
        publisher: None,
    });
    Reading {
        source: SourceId::new(&story.source).unwrap(),
        entry: Some(tollwatch::model::EntryKey(story.url.clone())),
        raw: document.into_bytes(),
        article,
        conflict: Some(conflict),
        claims: extraction.claims,
        reread: None,
        original: None,
        etag: None,
        last_modified: None,
    }
}

#[test]
fn the_totals_of_years_are_one_series_with_one_point_a_day() {
    let length: usize = std::env::var("TOLLWATCH_DAYS").ok().and_then(|days| days.parse().ok()).unwrap_or(100);
    let mut dice = Dice(7);
    let days = official(length, &mut dice);
    let stories = stories(&days, &mut dice);
    let config = Config::embedded().unwrap();
    let engine = Extractor::new(&config.languages, &config.conflicts);
    let begun = Instant::now();
    let readings: Vec<Reading> = stories.iter().map(|story| reading(&engine, story)).collect();
    eprintln!(
        "{} articles extracted at {:.0}/s",
        readings.len(),
        readings.len() as f64 / begun.elapsed().as_secs_f64()
    );

    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("ledger.db").display());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&url).await.unwrap();
        let (begun, cpu) = (Instant::now(), cpu_s());
        for (at, batch) in readings.chunks(100).enumerate() {
            let now = Timestamp::from_second(1_700_000_000 + i64::try_from(at).unwrap()).unwrap();
            store.record_articles(batch, now).await.unwrap();
        }
        let took = begun.elapsed().as_secs_f64();
        let (count, worked) = (readings.len() as f64, cpu_s() - cpu);
        eprintln!("{count} articles recorded at {:.0}/s, {:.0} µs of the processor each", count / took, worked * 1e6 / count);
        expect_one_series(&store, &days, &stories).await;
        let (plain, plain_worked) = plainly(&store, &folder.path().join("plain.db")).await;
        eprintln!(
            "the same rows plainly inserted in {plain:.2} s, recorded in {took:.2} s: {:.2} times; by the processor's time {:.2} times",
            took / plain,
            worked / plain_worked
        );
        one_by_one(&readings, &folder.path().join("single.db")).await;
        let verified = store.verify().await.unwrap();
        assert_eq!(verified.findings, []);
        store.close().await;
    });
}

async fn expect_one_series(store: &Store, days: &[Day], stories: &[Story]) {
    let all = store.series(&Filter::default()).await.unwrap();
    let shapes: Vec<_> = all.iter().map(|series| (series.scope, series.outcomes.to_string(), series.count)).collect();
    let count = u32::try_from(days.len()).unwrap();
    assert_eq!(all.len(), 2, "the totals and the increments: {shapes:?}");
    for series in &all {
        let series = store.one_series(&series.id).await.unwrap().unwrap();
        let found: Vec<(Date, u64)> =
            series.points.iter().map(|point| (point.as_of.unwrap(), point.figure.bounds.midpoint())).collect();
        let totals = series.scope == Scope::Cumulative;
        let expected: Vec<(Date, u64)> =
            days.iter().map(|day| (day.date, if totals { day.total } else { day.increment })).collect();
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected);
        }
        assert_eq!((found.len(), series.count), (expected.len(), count));
        assert_eq!(series.outcomes.iter().collect::<Vec<_>>(), [Outcome::Casualties]);
    }
    let mut expected: BTreeMap<u64, u32> = BTreeMap::new();
    for day in stories.iter().flat_map(|story| &story.prints) {
        *expected.entry(days[*day].total).or_default() += 1;
    }
    let mut found = BTreeMap::new();
    for claim in store.claims(&Filter::default()).await.unwrap() {
        let is_point = claim.known_as.is_none() && claim.status == Status::Current;
        if claim.claim.scope == Scope::Cumulative && is_point {
            let double = found.insert(claim.claim.figure.bounds.midpoint(), claim.sighting_count);
            assert_eq!(double, None, "{}", claim.claim.figure);
        }
    }
    assert_eq!(found, expected);
    let filter = ChangeFilter { event: Some("claim.step".to_owned()), since: None };
    let steps = store.changes(0, u32::MAX, &filter).await.unwrap();
    assert!(steps.len() >= days.len() - 1, "{}", steps.len());
    for step in steps {
        assert!(!step.message.contains("the article prints"), "{}", step.message);
    }
}

/// Seconds of the processor that this process used so far; 0 where the system does not say.
fn cpu_s() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks = after.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

/// As polls do it: each article in a transaction of its own, which waits for the disk.
async fn one_by_one(readings: &[Reading], file: &std::path::Path) {
    let store = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
    let some = &readings[..readings.len().min(1_000)];
    let begun = Instant::now();
    for reading in some {
        store.record_article(reading, Timestamp::UNIX_EPOCH).await.unwrap();
    }
    eprintln!(
        "{} articles recorded one by one at {:.0}/s",
        some.len(),
        some.len() as f64 / begun.elapsed().as_secs_f64()
    );
    store.close().await;
}

/// How long it takes to insert the rows of a ledger with nothing else done, in as many transactions: by the clock, and by
/// the processor.
async fn plainly(store: &Store, file: &std::path::Path) -> (f64, f64) {
    use sqlx::Row as _;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
    let target = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
    target.close().await;
    let open = |path: &std::path::Path| {
        let options = SqliteConnectOptions::new().filename(path).journal_mode(SqliteJournalMode::Wal);
        let options = options.synchronous(SqliteSynchronous::Full).foreign_keys(true);
        SqlitePoolOptions::new().max_connections(1).connect_with(options)
    };
    let source = open(std::path::Path::new(store.path())).await.unwrap();
    let target = open(file).await.unwrap();
    let (articles,): (i64,) = sqlx::query_as("SELECT max(id) FROM articles").fetch_one(&source).await.unwrap();
    let mut rows = Vec::new();
    for (table, article) in [
        ("articles", "id"),
        ("bodies", "article"),
        ("claims", "(SELECT min(s.article) FROM sightings s WHERE s.claim = t.id)"),
        ("sightings", "article"),
        ("seals", "article"),
        ("rereads", "newest"),
        ("entries", "(SELECT r.newest FROM rereads r WHERE r.url = t.key)"),
        ("changes", "(t.seq * (SELECT max(id) FROM articles) / (SELECT max(seq) FROM changes))"),
    ] {
        let sql = format!("SELECT coalesce({article}, 1) AS of_article, t.* FROM {table} t");
        for row in sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&source).await.unwrap() {
            let columns = row.columns().len();
            let marks = vec!["?"; columns - 1].join(", ");
            let insert = format!("INSERT INTO {table} VALUES ({marks})");
            rows.push((row.get::<i64, _>("of_article"), insert, row, columns));
        }
    }
    rows.sort_by_key(|(article, _, _, _)| *article);
    let (begun, cpu) = (Instant::now(), cpu_s());
    let mut rows = rows.into_iter().peekable();
    for batch in 0..=articles / 100 {
        let mut work = target.begin_with("BEGIN IMMEDIATE").await.unwrap();
        while let Some((_, insert, row, columns)) = rows.next_if(|(article, _, _, _)| (*article - 1) / 100 <= batch) {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(insert));
            for column in 1..columns {
                query = bind(query, &row, column);
            }
            query.execute(&mut *work).await.unwrap();
        }
        work.commit().await.unwrap();
    }
    (begun.elapsed().as_secs_f64(), cpu_s() - cpu)
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

fn bind<'q>(query: Query<'q>, row: &sqlx::sqlite::SqliteRow, column: usize) -> Query<'q> {
    use sqlx::{Row as _, TypeInfo as _, ValueRef as _};
    let value = row.try_get_raw(column).unwrap();
    match (value.is_null(), value.type_info().name()) {
        (true, _) => query.bind(None::<i64>),
        (_, "INTEGER" | "BOOLEAN") => query.bind(row.get::<i64, _>(column)),
        (_, "REAL") => query.bind(row.get::<f64, _>(column)),
        (_, "BLOB") => query.bind(row.get::<Vec<u8>, _>(column)),
        _ => query.bind(row.get::<String, _>(column)),
    }
}
