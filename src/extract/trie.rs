//! Phrases as rows of symbols → what they mean. What a look-up touches is kept small: articles about different conflicts
//! come one after the other, and push each other's phrases out of the processor's caches.

use crate::extract::hash::Map;
use crate::extract::lexicon::{Meaning, Sense};
use crate::extract::spelling::Symbols;

/// Most words of a phrase.
const LONGEST_PHRASE: usize = 12;

/// The phrases of a lexicon.
#[derive(Debug, Default, Clone)]
pub(super) struct Trie {
    /// The node of each symbol as the first of a phrase, where most look-ups end.
    first: Vec<Node>,
    /// The nodes behind those.
    longer: Vec<Node>,
    /// From a node and a symbol to the node behind them.
    edges: Map<u64, NodeId>,
    /// What phrases mean, each once; the first is nothing.
    senses: Vec<Sense>,
}

/// A place in the trie.
#[derive(Debug, Default, Clone, Copy)]
struct Node {
    /// The symbols that longer phrases go on with, each as one of 64 bits; most that do not go on are seen here.
    next: u64,
    /// Its place among the senses.
    sense: u32,
}

/// A symbol, for the node of a first word; `LONGER` and a place among the longer nodes for any other.
type NodeId = u32;

const LONGER: NodeId = 1 << 31;

impl Trie {
    fn node(&self, id: NodeId) -> Option<&Node> {
        if id & LONGER == 0 { self.first.get(id as usize) } else { self.longer.get((id & !LONGER) as usize) }
    }

    /// The longest phrase that begins at a token: how many tokens it covers, and what it means.
    #[inline]
    pub(super) fn longest(&self, symbols: &Symbols, at: usize) -> Option<(usize, &Sense)> {
        let first = symbols.of(at);
        if first.is_empty() {
            // As for most words.
            return None;
        }
        let (mut next, mut sense) = (0, 0);
        for node in first.iter().filter_map(|symbol| self.first.get(*symbol as usize)) {
            next |= node.next;
            sense = if sense == 0 { node.sense } else { sense };
        }
        let goes_on = next != 0 && symbols.of(at + 1).iter().any(|symbol| next & bit(*symbol) != 0);
        let (len, sense) = if goes_on { self.longest_of(symbols, at, sense) } else { (1, sense) };
        self.senses.get(sense as usize).filter(|_| sense != 0).map(|sense| (len, sense))
    }

    /// The same for a word that something goes on with, which means this alone; most words are done before.
    #[inline(never)]
    fn longest_of(&self, symbols: &Symbols, at: usize, sense: u32) -> (usize, u32) {
        let mut best = (1, sense);
        for symbol in symbols.of(at) {
            self.go_on(*symbol, symbols, at, 1, &mut best);
        }
        best
    }

    /// Looks for phrases that go on from a node behind so many tokens, longer than the best so far.
    fn go_on(&self, from: NodeId, symbols: &Symbols, at: usize, len: usize, best: &mut (usize, u32)) {
        let Some(node) = self.node(from).filter(|_| len < LONGEST_PHRASE) else { return };
        for symbol in symbols.of(at + len).iter().filter(|symbol| node.next & bit(**symbol) != 0) {
            if let Some(to) = self.edges.get(&edge(from, *symbol)) {
                let sense = self.node(*to).map_or(0, |node| node.sense);
                if sense != 0 && len + 1 > best.0 {
                    *best = (len + 1, sense);
                }
                self.go_on(*to, symbols, at, len + 1, best);
            }
        }
    }
}

/// One of 64 bits for a symbol.
fn bit(symbol: u32) -> u64 {
    1 << (symbol & 63)
}

fn edge(node: NodeId, symbol: u32) -> u64 {
    u64::from(node) << 32 | u64::from(symbol)
}

/// A trie that grows.
#[derive(Debug, Default, Clone)]
pub(super) struct Builder {
    trie: Trie,
    /// The meanings of the phrases so far, each phrase for itself; a node's sense is a place in it, from 1.
    meanings: Vec<Vec<Meaning>>,
}

impl Builder {
    /// Takes in one phrase; none without a word.
    pub(super) fn add(&mut self, symbols: &[u32], meaning: Meaning) {
        let Some((first, rest)) = symbols.split_first() else { return };
        if self.trie.first.len() <= *first as usize {
            self.trie.first.resize(*first as usize + 1, Node::default());
        }
        let mut id = *first;
        for symbol in rest {
            id = self.step(id, *symbol);
        }
        let unknown = u32::try_from(self.meanings.len() + 1).unwrap_or(u32::MAX);
        let Some(node) = self.node(id) else { return };
        if node.sense == 0 {
            node.sense = unknown;
        }
        let sense = node.sense as usize;
        self.meanings.resize(self.meanings.len().max(sense), Vec::new());
        if let Some(known) = self.meanings.get_mut(sense - 1).filter(|known| !repeats(known, meaning)) {
            known.push(meaning);
        }
    }

    fn step(&mut self, from: NodeId, symbol: u32) -> NodeId {
        let grown = LONGER | u32::try_from(self.trie.longer.len()).unwrap_or(LONGER);
        let to = *self.trie.edges.entry(edge(from, symbol)).or_insert(grown);
        if to == grown {
            self.trie.longer.push(Node::default());
        }
        if let Some(node) = self.node(from) {
            node.next |= bit(symbol);
        }
        to
    }

    fn node(&mut self, id: NodeId) -> Option<&mut Node> {
        let (nodes, place) =
            if id & LONGER == 0 { (&mut self.trie.first, id) } else { (&mut self.trie.longer, id & !LONGER) };
        nodes.get_mut(place as usize)
    }

    /// The trie, in which phrases that mean the same share a sense.
    pub(super) fn finish(self) -> Trie {
        let Self { mut trie, meanings } = self;
        let mut places: Map<Vec<Meaning>, u32> = Map::default();
        trie.senses = vec![Sense::default()];
        let mut place_of = |meanings: Vec<Meaning>| {
            *places.entry(meanings).or_insert_with_key(|meanings| {
                trie.senses.push(Sense::of(meanings.clone()));
                u32::try_from(trie.senses.len() - 1).unwrap_or(0)
            })
        };
        let places: Vec<u32> = std::iter::once(0).chain(meanings.into_iter().map(&mut place_of)).collect();
        for node in trie.first.iter_mut().chain(&mut trie.longer) {
            node.sense = places.get(node.sense as usize).copied().unwrap_or(0);
        }
        trie
    }
}

/// A name that the world's list and a conflict's list share keeps the meaning that came first.
fn repeats(meanings: &[Meaning], meaning: Meaning) -> bool {
    meanings.iter().any(|known| match (*known, meaning) {
        (Meaning::Party(tag, _), Meaning::Party(other, _)) => tag == other,
        (Meaning::Place(_), Meaning::Place(_)) | (Meaning::Claimant(_), Meaning::Claimant(_)) => true,
        (known, meaning) => known == meaning,
    })
}
