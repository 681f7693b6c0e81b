//! A hash for the short words of a lexicon.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Spreads numbers over all bits of another, the upper ones most.
const SPREAD: u64 = 0x517c_c1b7_2722_0a95;

/// A fast hash for short words; its inputs are not chosen by an attacker who gains by collisions, since the table is
/// filled from the configuration alone.
#[derive(Default, Clone, Copy)]
pub(super) struct WordHasher(u64);

impl std::hash::Hasher for WordHasher {
    #[inline]
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (chunks, rest) = bytes.as_chunks::<8>();
        for chunk in chunks {
            self.write_u64(u64::from_le_bytes(*chunk));
        }
        if !rest.is_empty() {
            self.write_u64(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    #[inline]
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(SPREAD);
    }
}

/// A table with that hash.
pub(super) type Map<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// Words that each are one number, with what is known of them. A look-up touches one place of the memory, where that in a
/// general table touches two.
#[derive(Debug)]
pub(super) struct Slots<V> {
    /// Each word stands at the place that its hash says or, if that is taken, in the next free one behind it.
    slots: Vec<(u64, V)>,
    /// How far down a hash is shifted to be a place.
    shift: u32,
}

impl<V: Copy + Default> Slots<V> {
    /// Takes over words, none of which is 0.
    pub(super) fn of(words: impl ExactSizeIterator<Item = (u64, V)>) -> Self {
        let places = (words.len() * 2).next_power_of_two().max(2);
        let mut made = Self { slots: vec![(0, V::default()); places], shift: 64 - places.ilog2() };
        for slot in words {
            let mut place = made.place(slot.0);
            while made.slots.get(place).is_some_and(|(word, _)| *word != 0) {
                place += 1;
            }
            match made.slots.get_mut(place) {
                Some(free) => *free = slot,
                None => made.slots.push(slot),
            }
        }
        made
    }

    /// What is known of a word.
    #[inline]
    pub(super) fn get(&self, word: u64) -> Option<&V> {
        for (known, value) in self.slots.get(self.place(word)..)? {
            if *known == word {
                return Some(value);
            }
            if *known == 0 {
                return None;
            }
        }
        None
    }

    #[inline]
    fn place(&self, word: u64) -> usize {
        usize::try_from(word.wrapping_mul(SPREAD) >> self.shift).unwrap_or(usize::MAX)
    }
}

impl<V: Copy + Default> Default for Slots<V> {
    fn default() -> Self {
        Self::of(std::iter::empty())
    }
}
