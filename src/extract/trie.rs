//! Phrases as rows of symbols → what they mean. What a look-up touches is kept small: articles about different conflicts
//! come one after the other, and push each other's phrases out of the processor's caches.

use crate::extract::hash::Map;
use crate::extract::lexicon::Senses;
use crate::extract::meaning::Meaning;
use crate::extract::spelling::Symbols;

/// Most words of a phrase.
const LONGEST_PHRASE: usize = 12;

/// The phrases of a lexicon.
#[derive(Debug, Default)]
pub(super) struct Trie {
    /// The node of each symbol as the first of a phrase, where most look-ups end, and one more that bounds the last.
    first: Vec<Node>,
    /// The nodes behind those, and one more. Those that a node goes on to stand side by side, in the order of their symbols.
    longer: Vec<Node>,
    /// The symbols that lead to those, which are searched without the nodes.
    symbols: Vec<u32>,
}

/// A place in the trie.
#[derive(Debug, Default, Clone, Copy)]
struct Node {
    /// The symbols that longer phrases go on with, each as one of 64 bits; most that do not go on are seen here.
    next: u64,
    /// Its place among the senses.
    sense: u32,
    /// Where the nodes that it goes on to begin among the longer ones; they end where those of the node behind it begin.
    start: u32,
}

impl Trie {
    /// The longest phrase that begins at a token: how many tokens it covers, and its place among the senses; place 0 if
    /// none begins there.
    #[inline]
    pub(super) fn longest(&self, symbols: &Symbols, at: usize) -> (usize, u32) {
        let first = symbols.of(at);
        if first.is_empty() {
            // As for most words.
            return (0, 0);
        }
        let (mut next, mut sense) = (0, 0);
        for node in first.iter().filter_map(|symbol| self.first.get(*symbol as usize)) {
            next |= node.next;
            sense = if sense == 0 { node.sense } else { sense };
        }
        let goes_on = next != 0 && symbols.of(at + 1).iter().any(|symbol| next & bit(*symbol) != 0);
        if goes_on { self.longest_of(symbols, at, sense) } else { (1, sense) }
    }

    /// The same for a word that something goes on with, which means this alone; most words are done before.
    #[inline(never)]
    fn longest_of(&self, symbols: &Symbols, at: usize, sense: u32) -> (usize, u32) {
        let mut best = (1, sense);
        for symbol in symbols.of(at) {
            let from = self.first.get(*symbol as usize..).unwrap_or_default();
            self.go_on(from, symbols, (at, 1), &mut best);
        }
        best
    }

    /// Looks for phrases that go on from the first of some nodes, behind so many tokens, longer than the best so far.
    fn go_on(&self, from: &[Node], symbols: &Symbols, (at, len): (usize, usize), best: &mut (usize, u32)) {
        let Some([node, behind]) = from.first_chunk().filter(|_| len < LONGEST_PHRASE) else { return };
        let start = node.start as usize;
        let known = self.symbols.get(start..behind.start as usize).unwrap_or_default();
        for symbol in symbols.of(at + len).iter().filter(|symbol| node.next & bit(**symbol) != 0) {
            let Ok(place) = known.binary_search(symbol) else { continue };
            let to = self.longer.get(start + place..).unwrap_or_default();
            let Some(Node { next, sense, .. }) = to.first() else { continue };
            if *sense != 0 && len + 1 > best.0 {
                *best = (len + 1, *sense);
            }
            // Most phrases end here.
            if *next != 0 {
                self.go_on(to, symbols, (at, len + 1), best);
            }
        }
    }
}

/// One of 64 bits for a symbol.
fn bit(symbol: u32) -> u64 {
    1 << (symbol & 63)
}

/// A symbol, for the node of a first word; `LONGER` and a place among the longer nodes for any other.
type NodeId = u32;

const LONGER: NodeId = 1 << 31;

fn edge(node: NodeId, symbol: u32) -> u64 {
    u64::from(node) << 32 | u64::from(symbol)
}

/// A trie that grows.
#[derive(Debug, Default, Clone)]
pub(super) struct Builder {
    first: Vec<Sprout>,
    longer: Vec<Sprout>,
    /// From a node and a symbol to the node behind them.
    edges: Map<u64, NodeId>,
    /// The meanings of the phrases so far, each phrase for itself; a node's sense is a place in it, from 1.
    meanings: Vec<Vec<Meaning>>,
}

/// A place in a trie that grows.
#[derive(Debug, Default, Clone, Copy)]
struct Sprout {
    symbol: u32,
    sense: u32,
    /// The node that it went on to last, and that which the node before it went on to before; 0 for none.
    child: NodeId,
    sibling: NodeId,
}

impl Builder {
    /// Takes in one phrase; none without a word.
    pub(super) fn add(&mut self, symbols: &[u32], meaning: Meaning) {
        let Some((first, rest)) = symbols.split_first() else { return };
        if self.first.len() <= *first as usize {
            self.first.resize(*first as usize + 1, Sprout::default());
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
        let grown = LONGER | u32::try_from(self.longer.len()).unwrap_or(LONGER);
        let to = *self.edges.entry(edge(from, symbol)).or_insert(grown);
        if to == grown {
            let sibling = self.node(from).map_or(0, |node| std::mem::replace(&mut node.child, grown));
            self.longer.push(Sprout { symbol, sense: 0, child: 0, sibling });
        }
        to
    }

    fn node(&mut self, id: NodeId) -> Option<&mut Sprout> {
        let (nodes, place) = if id & LONGER == 0 { (&mut self.first, id) } else { (&mut self.longer, id & !LONGER) };
        nodes.get_mut(place as usize)
    }

    /// The trie, in which phrases that mean the same share a sense.
    pub(super) fn finish(mut self, senses: &mut Senses) -> Trie {
        let meanings = std::mem::take(&mut self.meanings);
        let known = meanings.into_iter().map(|meanings| senses.place_of(meanings));
        let places: Vec<u32> = std::iter::once(0).chain(known).collect();
        for node in self.first.iter_mut().chain(&mut self.longer) {
            node.sense = places.get(node.sense as usize).copied().unwrap_or(0);
        }
        // The nodes behind those in front of them, the children of each side by side.
        let mut row: Vec<Sprout> = Vec::with_capacity(self.longer.len());
        let first =
            self.first.iter().chain(&[Sprout::default()]).map(|sprout| self.planted(*sprout, &mut row)).collect();
        let mut longer = Vec::with_capacity(self.longer.len() + 1);
        while let Some(sprout) = row.get(longer.len()).copied() {
            longer.push(self.planted(sprout, &mut row));
        }
        longer.push(self.planted(Sprout::default(), &mut row));
        Trie { first, longer, symbols: row.iter().map(|sprout| sprout.symbol).collect() }
    }

    /// A node whose children are put at the end of a row, in the order of their symbols.
    fn planted(&self, sprout: Sprout, row: &mut Vec<Sprout>) -> Node {
        let start = row.len();
        let mut child = sprout.child;
        while let Some(next) = self.longer.get((child ^ LONGER) as usize) {
            row.push(*next);
            child = next.sibling;
        }
        let children = row.get_mut(start..).unwrap_or_default();
        children.sort_unstable_by_key(|child| child.symbol);
        Node {
            next: children.iter().fold(0, |next, child| next | bit(child.symbol)),
            sense: sprout.sense,
            start: u32::try_from(start).unwrap_or(u32::MAX),
        }
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
