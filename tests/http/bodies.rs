//! G: bodies.

use std::io::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use tollwatch::fetch::Settings;

use crate::bench::{Bench, Raw, empty_feed, failure, settings};
use crate::street::rude::zstd_bomb;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn answer(coding: &str, body: &[u8]) -> Vec<u8> {
    let coding = if coding.is_empty() { String::new() } else { format!("Content-Encoding: {coding}\r\n") };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n{coding}Content-Length: {}\r\n\r\n", body.len());
    [head.into_bytes(), body.to_vec()].concat()
}

async fn works(answer: Vec<u8>) -> Result<(), String> {
    let raw = Raw::bytes(answer);
    let report = Bench::new(&raw.url("/feed")).await.once(0).await;
    if report.is_failure() { Err(failure(&report)) } else { Ok(()) }
}

#[tokio::test]
async fn g1_a_bomb_is_stopped_at_the_limit() {
    let bomb = gzip(&vec![b' '; 20_000_000]);
    for coding in ["gzip", ""] {
        assert!(works(answer(coding, &bomb)).await.unwrap_err().contains("sent more than 1000000 bytes"));
    }
    let twice = gzip(&bomb);
    assert!(works(answer("gzip, gzip", &twice)).await.unwrap_err().contains("sent more than"));
    let endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let raw = Raw::serve(move |_, _, stream| {
        drop(stream.write_all(&endless));
        let chunk = [b"10000\r\n".to_vec(), vec![b' '; 65_536], b"\r\n".to_vec()].concat();
        while stream.write_all(&chunk).is_ok() {}
    });
    assert!(failure(&Bench::new(&raw.url("/feed")).await.once(0).await).contains("sent more than"));
}

#[tokio::test]
async fn g2_g3_g4_codings_are_undone_however_they_are_called() {
    let feed = empty_feed();
    let feed = feed.as_bytes();
    for coding in ["gzip", "GZIP", "x-gzip", ""] {
        works(answer(coding, &gzip(feed))).await.unwrap();
    }
    works(answer("gzip, gzip", &gzip(&gzip(feed)))).await.unwrap();
    let (first, second) = feed.split_at(40);
    works(answer("gzip", &[gzip(first), gzip(second)].concat())).await.unwrap();
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::best());
    raw.write_all(feed).unwrap();
    works(answer("deflate", &raw.finish().unwrap())).await.unwrap();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(feed).unwrap();
    works(answer("deflate", &zlib.finish().unwrap())).await.unwrap();
    works(answer("gzip", feed)).await.unwrap_err();
    works(answer("lzma", feed)).await.unwrap_err();
}

#[tokio::test]
async fn g5_a_body_that_is_cut_is_an_error() {
    let feed = empty_feed();
    let short = format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{feed}");
    works(short.into_bytes()).await.unwrap_err();
    let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{feed}\r\n", feed.len());
    works(chunked.into_bytes()).await.unwrap_err();
    let whole = gzip(feed.as_bytes());
    works(answer("gzip", &whole[..whole.len() - 9])).await.unwrap_err();
}

#[tokio::test]
async fn g6_a_trickle_ends_with_the_total_time() {
    let raw = Raw::serve(|_, _, stream| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"));
        while stream.write_all(b" ").is_ok() {
            sleep(Duration::from_millis(100));
        }
    });
    let bench = Bench::with(&raw.url("/feed"), Settings { timeout: Duration::from_secs(1), ..settings() }).await;
    let begun = Instant::now();
    failure(&bench.once(0).await);
    assert!(begun.elapsed() < Duration::from_secs(30));
}

/// A feed as brotli and as zstd send it.
const BROTLI: [u8; 65] = [
    0x1b, 0x53, 0x00, 0xe0, 0x9c, 0x07, 0x76, 0xc3, 0xc7, 0x15, 0x87, 0x58, 0xaf, 0xf6, 0x45, 0x42, 0xb3, 0x92, 0x47,
    0xa6, 0x2c, 0x7d, 0x7e, 0xe6, 0xea, 0x45, 0xae, 0x8c, 0xc8, 0x9c, 0x72, 0x1c, 0xa8, 0xb6, 0x05, 0xb5, 0xb5, 0xd3,
    0xdd, 0x0f, 0x78, 0x8f, 0xb1, 0x35, 0x88, 0x52, 0x4c, 0xd5, 0x5e, 0x4d, 0x94, 0x21, 0x9f, 0xf8, 0x00, 0x5a, 0x1c,
    0x4b, 0x79, 0xfc, 0x53, 0xc1, 0x60, 0x4c, 0x16,
];
const ZSTD: [u8; 79] = [
    0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x68, 0x15, 0x02, 0x00, 0x82, 0xc3, 0x0c, 0x11, 0xb0, 0x3d, 0x9c, 0xcd, 0x15, 0xc1,
    0x1c, 0x34, 0x03, 0x5e, 0xd3, 0x0f, 0x6d, 0xb2, 0x23, 0x29, 0x27, 0xfd, 0x2f, 0x77, 0x79, 0x79, 0xb9, 0xa3, 0x76,
    0x37, 0xdb, 0xe4, 0x76, 0x0e, 0x61, 0x62, 0x8a, 0xbb, 0xfc, 0x4b, 0xee, 0x13, 0x86, 0x20, 0xc1, 0xc0, 0xd8, 0x5e,
    0x3a, 0x05, 0xee, 0xd5, 0xc3, 0x01, 0x04, 0x00, 0x40, 0x15, 0xfc, 0x65, 0x68, 0x00, 0x6e, 0xb7, 0xcd, 0x31, 0xe0,
    0x17, 0x74, 0x94,
];
/// 64 MiB of blanks.
const BROTLI_BOMB: [u8; 54] = [
    0xcf, 0xff, 0xff, 0x7f, 0xf8, 0x25, 0x40, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x9f, 0xff, 0xff, 0xff, 0xf0, 0x4b,
    0x00, 0xc4, 0x61, 0x01, 0x80, 0xee, 0xfd, 0x3f, 0xff, 0xff, 0xff, 0xe1, 0x97, 0x00, 0x88, 0xc3, 0x22, 0x00, 0xdd,
    0xfb, 0x7f, 0xfe, 0xff, 0xff, 0xc3, 0x2f, 0x01, 0x10, 0x87, 0x05, 0x00, 0xba, 0xf7, 0xff, 0x03,
];

#[tokio::test]
async fn a7_brotli_and_zstd_are_decoded_whole_or_not_at_all() {
    for (coding, body) in [("br", &BROTLI[..]), ("zstd", &ZSTD[..]), ("BR", &BROTLI[..])] {
        works(answer(coding, body)).await.unwrap();
        works(answer(coding, &body[..body.len() - 20])).await.unwrap_err();
        works(answer(coding, &empty_feed().into_bytes())).await.unwrap_err();
    }
    works(answer("br, gzip", &gzip(&BROTLI))).await.unwrap();
}

#[tokio::test]
async fn g1_bombs_of_brotli_and_zstd_are_stopped_at_the_limit() {
    for (coding, body) in [("br", BROTLI_BOMB.to_vec()), ("zstd", zstd_bomb())] {
        assert!(works(answer(coding, &body)).await.unwrap_err().contains("sent more than 1000000 bytes"), "{coding}");
    }
}
