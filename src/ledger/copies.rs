//! Which articles are copies of each other: how much of the shorter text stands in the longer one, estimated from the
//! smallest hashes of their shingles (Broder 1997, "On the resemblance and containment of documents").

/// Words in a shingle.
const SHINGLE: usize = 3;
/// Most hashes of shingles that are kept of a text.
const MOST: usize = 64;
/// Most hashes of numbers.
const MOST_NUMBERS: usize = 16;
/// Shingles, in hundredths, that the shorter of two copies shares with the longer one.
const SHARED: usize = 50;
/// Numbers, in hundredths, that it must share: stories on one template differ in their figures.
const SHARED_NUMBERS: usize = 60;
/// Fewer numbers than that tell nothing.
const FEW_NUMBERS: usize = 4;

/// What is kept of a text to tell its copies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    /// The smallest hashes of its shingles in order; all of them if they are fewer than `MOST`.
    shingles: Vec<u32>,
    /// The smallest hashes of its numbers in order.
    numbers: Vec<u32>,
}

impl Sketch {
    /// The sketch of a text. Neither case nor punctuation matters.
    pub fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let words: Vec<u64> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(hashed).collect();
        let shingles =
            words.windows(SHINGLE).map(|shingle| mixed(shingle.iter().fold(0, |all, word| mixed(all ^ word))));
        let numbers = lower
            .split(|c: char| !c.is_alphanumeric() && c != ',')
            .filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        let numbers = numbers.map(|number| hashed(number.trim_end_matches(',')));
        Self { shingles: smallest(shingles, MOST), numbers: smallest(numbers, MOST_NUMBERS) }
    }

    /// Whether two texts are copies.
    pub fn is_copy(&self, other: &Self) -> bool {
        let (shared, of) = contained(&self.shingles, &other.shingles, MOST);
        let (same, numbers) = contained(&self.numbers, &other.numbers, MOST_NUMBERS);
        of > 0 && shared * 100 >= of * SHARED && (numbers < FEW_NUMBERS || same * 100 >= numbers * SHARED_NUMBERS)
    }

    /// As stored: the number of shingles in one byte, then all hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let count = u8::try_from(self.shingles.len()).unwrap_or(u8::MAX);
        let hashes = self.shingles.iter().chain(&self.numbers);
        std::iter::once(count).chain(hashes.flat_map(|hash| hash.to_be_bytes())).collect()
    }

    /// As it was stored; anything else is a sketch of nothing.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let Some((count, rest)) = bytes.split_first() else { return Self::default() };
        let (hashes, _) = rest.as_chunks::<4>();
        let mut shingles: Vec<u32> = hashes.iter().map(|bytes| u32::from_be_bytes(*bytes)).collect();
        let numbers = shingles.split_off(usize::from(*count).min(shingles.len()));
        Self { shingles, numbers }
    }
}

/// How many of the hashes of the shorter list stand in the other one, and out of how many, as far as both lists reach.
fn contained(one: &[u32], other: &[u32], most: usize) -> (usize, usize) {
    let end = |list: &[u32]| list.last().filter(|_| list.len() >= most).copied().unwrap_or(u32::MAX);
    let reach = end(one).min(end(other));
    let within = |list: &[u32]| list.partition_point(|hash| *hash <= reach);
    let (one, other) = (one.iter().take(within(one)), other.get(..within(other)).unwrap_or(other));
    let of = one.len().min(other.len());
    (one.filter(|hash| other.binary_search(hash).is_ok()).count(), of)
}

fn smallest(hashes: impl Iterator<Item = u64>, most: usize) -> Vec<u32> {
    let mut all: Vec<u32> = hashes.map(|hash| (hash >> 32) as u32).collect();
    all.sort_unstable();
    all.dedup();
    all.truncate(most);
    all
}

/// FNV-1a, and a finalizer that spreads it: sketches are stored, so that it must be the same for ever.
fn hashed(word: &str) -> u64 {
    let fnv = word
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    mixed(fnv)
}

fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ hash >> 33
}
