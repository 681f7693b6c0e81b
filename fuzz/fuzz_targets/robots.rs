//! robots.txt: no panic, no hang.
#![no_main]

use libfuzzer_sys::fuzz_target;
use robotxt::Robots;

fuzz_target!(|bytes: &[u8]| {
    let robots = Robots::parse(bytes, "tollwatch");
    let url = "https://post.example/2024/03/15/story?id=1".parse().unwrap();
    let _ = robots.is_url_allowed(&url);
});
