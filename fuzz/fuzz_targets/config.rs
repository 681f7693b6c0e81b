//! Configuration files: read or refused with a place, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollwatch::config::Config;

fuzz_target!(|text: &str| {
    let folder = tempfile::tempdir().unwrap();
    let (main, other) = text.split_once('\u{c}').unwrap_or((text, ""));
    std::fs::write(folder.path().join("tollwatch.toml"), main).unwrap();
    std::fs::create_dir(folder.path().join("sources")).unwrap();
    std::fs::write(folder.path().join("sources/all.toml"), other).unwrap();
    if let Err(errors) = Config::load(Some(folder.path()), None) {
        assert!(!errors.to_string().is_empty());
    }
});
