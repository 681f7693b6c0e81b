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
use tollwatch::store::Reading;

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
