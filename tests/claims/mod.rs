//! Claims and articles made by hand, for tests of the ledger.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use jiff::civil::Date;
use tollwatch::model::{
    Article, Bounds, Claim, Claimant, ClaimantId, ConflictId, Figure, Outcome, Outcomes, PartyId, Quote, Scope,
    SourceId, Victims, Wording,
};
use tollwatch::store::{Reading, Store};

/// A total of Russian losses that the General Staff gives for a day that the text names.
pub fn claim(n: u64, as_of: Date) -> Claim {
    Claim {
        outcomes: Outcomes::only(Outcome::Casualties),
        figure: Figure { bounds: Bounds::Exact(n), approx: false, vague: false },
        party: Some(PartyId::new("russia").unwrap()),
        victims: Victims::Military,
        group: None,
        claimant: Some(Claimant {
            name: "Ukraine's General Staff".into(),
            id: Some(ClaimantId::new("ua-general-staff").unwrap()),
        }),
        attribution: Vec::new(),
        scope: Scope::Cumulative,
        since: Some(jiff::civil::date(2022, 2, 24)),
        as_of: Some(as_of),
        as_of_days: 0,
        as_of_stated: true,
        place: None,
        quote: Quote { text: String::new(), span: 0..0 },
        wording: Wording { figure: n.to_string(), outcome: "lost".into() },
        rule: "by-hand".into(),
        confidence: 1.0,
    }
}

/// An article that prints claims; `story` decides its wording, and articles of one story are copies.
pub fn reading(url: &str, story: usize, claims: Vec<Claim>) -> Reading {
    let words: Vec<String> = (0..60).map(|at| word(story * 1_000 + at)).collect();
    let mut text = words.join(" ");
    let mut claims = claims;
    for claim in &mut claims {
        let quote = format!("They lost {}.", claim.wording.figure);
        let start = text.len() + 1;
        text = format!("{text} {quote}");
        claim.quote = Quote { span: start..start + quote.len(), text: quote };
    }
    let article = Article {
        url: Some(url.parse().unwrap()),
        title: String::new(),
        description: None,
        published: Some("2024-03-25T12:00:00Z".parse().unwrap()),
        modified: None,
        byline: None,
        lang: None,
        publisher: Some("A paper".into()),
        text,
    };
    Reading {
        source: SourceId::new("paper").unwrap(),
        entry: None,
        raw: article.document().into_bytes(),
        article,
        conflict: Some(ConflictId::new("russia-ukraine").unwrap()),
        claims,
        reread: None,
        original: None,
        etag: None,
        last_modified: None,
    }
}

fn incident(n: u64, day: Date) -> Claim {
    let mut claim = claim(n, day);
    claim.outcomes = Outcomes::only(Outcome::Killed);
    (claim.scope, claim.since, claim.place) = (Scope::Incident, Some(day), Some("Kherson".into()));
    claim
}

/// A ledger with something in every column: a claim reworded and one rounded, an edited article, a pruned body.
pub async fn small_ledger(file: &std::path::Path) {
    let store = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
    let now = || -> jiff::Timestamp { "2024-03-25T12:00:00Z".parse().unwrap() };
    let march = |day| jiff::civil::date(2024, 3, day);
    let (mut rounded, mut killed, mut undated) =
        (claim(428_000, march(15)), claim(427_840, march(14)), incident(14, march(15)));
    rounded.figure.approx = true;
    killed.outcomes = Outcomes::only(Outcome::Killed);
    undated.as_of_stated = false;
    undated.attribution = vec!["a spokesman".into()];
    let mut grouped = claim(300, march(2));
    (grouped.group, grouped.rule) = (Some("marines".into()), "other".into());
    let mut first = reading("https://paper.example/a", 1, vec![claim(427_840, march(14))]);
    first.article.title = "A day of war".into();
    first.article.byline = Some("A. Reporter".into());
    first.article.lang = Some(tollwatch::model::LangCode::new("en").unwrap());
    first.article.modified = Some(now());
    let shift = "A day of war\n\n".len();
    first.claims[0].quote.span = first.claims[0].quote.span.start + shift..first.claims[0].quote.span.end + shift;
    first.raw = first.article.document().into_bytes();
    let readings = [
        first,
        reading("https://paper.example/b", 2, vec![incident(12, march(14))]),
        reading("https://copy.example/b", 2, vec![incident(12, march(14))]),
        reading("https://paper.example/c", 3, vec![rounded]),
        reading("https://paper.example/d", 4, vec![killed, grouped]),
        reading("https://paper.example/b", 5, vec![undated]),
    ];
    for reading in &readings {
        store.record_article(reading, now()).await.unwrap();
    }
    let later = now().checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
    assert_eq!(store.prune_bodies(later, 1, later).await.unwrap(), 1);
    assert_eq!(store.verify().await.unwrap().findings, []);
    store.close().await;
}

/// A word of letters that a number decides.
fn word(seed: usize) -> String {
    let mut n = seed.wrapping_mul(2_654_435_761) % 11_881_376;
    let mut out = String::new();
    for _ in 0..5 {
        out.push(char::from(b'a' + u8::try_from(n % 26).unwrap()));
        n /= 26;
    }
    out
}
