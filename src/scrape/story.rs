//! From what a reader keeps to the story: what is not of it goes, what was lost between its paragraphs comes back.

use std::collections::{HashMap, HashSet};

use dom_query::NodeId;

use crate::scrape::blocks::Block;
use crate::scrape::place::{APART, OTHERS, Place, STRANGE};
use crate::scrape::shape::Kind;

/// Letters from which on a block is a paragraph, not a line.
pub(super) const LONG: usize = 80;
/// Fewest letters of a line that is brought back.
const SHORTEST: usize = 40;

/// What a block is to the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Of it.
    Story,
    /// What stands between the headline and the text to say what it is about.
    StandFirst,
    /// Links to somewhere else.
    Links,
    /// Something else.
    Apart,
}

/// The story while it is being found.
#[derive(Debug)]
pub(super) struct Story<'b> {
    pub(super) blocks: &'b [Block],
    /// What each block is.
    pub(super) parts: Vec<Part>,
    /// What the headline may say, folded.
    pub(super) titles: &'b [String],
    /// The elements that hold much of the story's paragraphs directly.
    main: HashSet<NodeId>,
}

/// What each block is to the story. `titles` and `description` are what the page says of itself, folded.
pub(super) fn story(blocks: &[Block], titles: &[String], description: &str) -> Vec<Part> {
    let parts = blocks.iter().map(|block| if block.is_kept() { Part::Story } else { Part::Apart }).collect();
    let mut story = Story { blocks, parts, titles, main: main(blocks) };
    story.bring_back();
    story.find_stand_first(description);
    story.drop_other_articles();
    story.drop_cards();
    story.drop_places();
    story.drop_headlines();
    story.drop_links();
    story.drop_lines();
    story.drop_orphans();
    story.parts
}

fn main(blocks: &[Block]) -> HashSet<NodeId> {
    let mut held: HashMap<NodeId, usize> = HashMap::new();
    let mut all = 0;
    for block in blocks.iter().filter(|block| is_paragraph(block)) {
        all += block.letters;
        let holder = Some(block.holder).filter(|_| block.kind == Kind::Loose);
        for id in block.around.into_iter().chain(holder) {
            *held.entry(id).or_default() += block.letters;
        }
    }
    held.into_iter().filter(|(_, letters)| letters * 4 >= all).map(|(id, _)| id).collect()
}

/// Whether the reader keeps a block that is surely of the story.
fn is_paragraph(block: &Block) -> bool {
    block.is_kept() && block.letters >= LONG && block.places.is_empty()
}

impl Story<'_> {
    /// Whether a block stands where the story stands.
    pub(super) fn is_in_main(&self, block: &Block) -> bool {
        let is_beside = block.kind != Kind::Loose && block.around.is_some_and(|around| self.main.contains(&around));
        is_beside || self.main.contains(&block.holder)
    }

    pub(super) fn drop_at(&mut self, index: usize, part: Part) {
        if let Some(known) = self.parts.get_mut(index).filter(|known| **known == Part::Story) {
            *known = part;
        }
    }

    pub(super) fn drop_if(&mut self, mut is_apart: impl FnMut(&Block) -> bool) {
        for (block, part) in self.blocks.iter().zip(&mut self.parts) {
            if is_apart(block) && *part == Part::Story {
                *part = if block.linked_percent() >= 40 { Part::Links } else { Part::Apart };
            }
        }
    }

    /// Paragraphs that the reader lost: they stand beside those that it kept, or look like them.
    fn bring_back(&mut self) {
        let kept = |block: &Block| is_paragraph(block);
        let Some(first) = self.blocks.iter().position(kept) else { return };
        let last = self.blocks.iter().rposition(kept).unwrap_or(first);
        let mut looks: HashMap<(usize, usize), usize> = HashMap::new();
        let mut all = 0;
        for block in self.blocks.iter().filter(|block| is_paragraph(block)) {
            *looks.entry(block.look).or_default() += block.letters;
            all += block.letters;
        }
        for (index, block) in self.blocks.iter().enumerate() {
            let is_inside = index > first && index < last;
            let is_alike = || looks.get(&block.look).is_some_and(|letters| letters * 10 >= all * 3);
            let is_beside = || block.around.is_some_and(|around| self.main.contains(&around)) && index < last;
            let comes_back = match block.kind {
                Kind::Quote => {
                    let is_strange = block.named.has_any(APART) || block.places.has_any(OTHERS);
                    is_inside && !is_strange
                }
                Kind::Paragraph | Kind::Item | Kind::Heading => {
                    let is_text = block.letters >= SHORTEST && block.linked_percent() <= 40
                        || block.kind == Kind::Heading && block.linked == 0;
                    let is_here = is_beside() || is_alike() && (is_inside || block.letters >= LONG);
                    is_text && block.places.is_empty() && is_here
                }
                Kind::Title | Kind::Cell | Kind::Loose => false,
            };
            if let Some(part) = self.parts.get_mut(index).filter(|_| comes_back && !block.is_kept()) {
                *part = Part::Story;
            }
        }
    }

    /// What stands between the headline and the text and is not a part of the text.
    fn find_stand_first(&mut self, description: &str) {
        let parts = self.blocks.iter().zip(&self.parts);
        let is_text = |(block, part): (&Block, &Part)| {
            let is_long = block.letters >= LONG && matches!(block.kind, Kind::Paragraph | Kind::Loose);
            is_long && *part == Part::Story && !block.places.has(Place::Header)
        };
        let Some(first) = parts.clone().position(is_text) else { return };
        let is_headline = |block: &Block| block.kind == Kind::Title || self.titles.contains(&block.folded);
        let Some(headline) = self.blocks.iter().take(first).rposition(is_headline) else { return };
        for index in headline + 1..first {
            let (Some(block), Some(part)) = (self.blocks.get(index), self.parts.get(index)) else { continue };
            let is_text = matches!(block.kind, Kind::Paragraph | Kind::Heading | Kind::Loose)
                && block.letters >= SHORTEST
                && block.linked_percent() < 20
                && (block.ends() || block.kind == Kind::Heading);
            let is_strange = block.named.has_any(APART) || block.places.has_any(STRANGE);
            let is_own = block.places.has(Place::Header)
                || *part != Part::Story
                || block.folded == description
                || block.kind == Kind::Heading && !self.is_in_main(block);
            if let Some(part) = self.parts.get_mut(index).filter(|_| is_text && is_own && !is_strange) {
                *part = Part::StandFirst;
            }
        }
    }
}
