//! Texts: no panic, and each claim's quote stands where it says.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tollwatch::config::Config;
use tollwatch::extract::{Document, Extractor};

static ENGINE: LazyLock<Extractor> = LazyLock::new(|| {
    let config = Config::embedded().unwrap();
    Extractor::new(&config.languages, &config.conflicts)
});

fuzz_target!(
    // Once, and not within the time that one input may take.
    init: {
        LazyLock::force(&ENGINE);
    },
    |text: &str| {
        let document = Document {
            text,
            title: "",
            published: Some("2024-03-15".parse().unwrap()),
            lang: None,
            conflicts: &[],
            publisher: None,
        };
        for claim in ENGINE.extract(&document).claims {
            assert_eq!(text.get(claim.quote.span.clone()), Some(claim.quote.text.as_str()));
        }
    }
);
