//! G: bodies.

use std::io::Write as _;
use std::thread::sleep;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use tollwatch::fetch::Settings;

use crate::bench::{Bench, Raw, empty_feed, failure, settings};

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
