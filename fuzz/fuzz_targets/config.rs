//! Configuration files: read or refused with a place, never a panic.
#![no_main]

mod short;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(short::folder);

fuzz_target!(
    // Once, and not within the time that one input may take.
    init: {
        LazyLock::force(&FOLDER);
    },
    |text: &str| {
        if let Err(errors) = short::load(FOLDER.path(), text) {
            assert!(!errors.to_string().is_empty());
        }
    }
);
