//! What a reader keeps although it is not of the story: captions, bylines, teasers, prompts. Each filter is one kind of it.

use std::collections::HashMap;

use dom_query::NodeId;

use crate::scrape::blocks::Block;
use crate::scrape::place::{APART, BESIDE, ELSEWHERE, LEADING_ON, Places};
use crate::scrape::prompt::is_prompt;
use crate::scrape::shape::Kind;
use crate::scrape::story::{LONG, Part, Story};

impl Story<'_> {
    /// Captions, asides, forms and whatever else has a place of its own.
    pub(super) fn drop_places(&mut self) {
        self.drop_if(|block| {
            let (named, guessed) = (block.named.has_any(APART), |places: Places| block.places.has_any(places));
            let is_beside = || guessed(BESIDE) && block.letters < LONG * 2;
            match block.kind {
                Kind::Cell | Kind::Quote => false,
                Kind::Heading => named || guessed(ELSEWHERE),
                Kind::Item => named || guessed(ELSEWHERE) || is_beside(),
                Kind::Paragraph | Kind::Title | Kind::Loose => {
                    named && block.letters < 600 || guessed(APART) && block.letters < 400 || is_beside()
                }
            }
        });
    }

    /// The headline, which is in the title already.
    pub(super) fn drop_headlines(&mut self) {
        let is_paragraph = |block: &Block| block.is_kept() && block.letters >= LONG && block.kind == Kind::Paragraph;
        let mut is_before = self.blocks.iter().any(is_paragraph);
        let titles = self.titles;
        self.drop_if(|block| {
            is_before &= !is_paragraph(block);
            block.kind == Kind::Title && is_before || titles.contains(&block.folded)
        });
    }

    /// Lines and lists that are mostly links.
    pub(super) fn drop_links(&mut self) {
        self.drop_if(|block| block.linked_percent() >= 80 && !(block.kind == Kind::Paragraph && block.letters > 300));
        self.drop_if(|block| is_prompt(&block.folded, block.letters, block.linked > 0));
        let mut lists: HashMap<NodeId, (usize, usize, usize)> = HashMap::new();
        for block in self.blocks.iter().filter(|block| block.kind == Kind::Item) {
            let (letters, linked, sentences) = lists.entry(block.around.unwrap_or(block.holder)).or_default();
            *letters += block.letters;
            *linked += block.linked;
            *sentences += usize::from(block.ends());
        }
        self.drop_if(|block| {
            let list = lists.get(&block.around.unwrap_or(block.holder)).filter(|_| block.kind == Kind::Item);
            list.is_some_and(|(letters, linked, sentences)| linked * 100 >= letters * 40 && *sentences < 3)
        });
    }

    /// Cards: a link and a line or two about what it leads to, several that look alike.
    pub(super) fn drop_cards(&mut self) {
        let mut alike: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        for (index, pair) in self.blocks.windows(2).enumerate() {
            let [link, line] = pair else { continue };
            let is_outside = line.around.is_some() && !self.is_in_main(line);
            let is_card = link.linked_percent() >= 80 && link.letters >= 8 && line.linked_percent() < 80;
            let is_line = matches!(line.kind, Kind::Loose | Kind::Paragraph) && line.letters < 400;
            if is_card && is_outside && is_line {
                alike.entry(line.look).or_default().push(index + 1);
            }
        }
        for index in alike.into_values().filter(|cards| cards.len() >= 3).flatten() {
            self.drop_at(index, Part::Links);
        }
    }

    /// Other articles on the page, if the one that has the headline is long enough, or one of them is most of the page.
    pub(super) fn drop_other_articles(&mut self) {
        let mut held: HashMap<NodeId, usize> = HashMap::new();
        let (mut titled, mut all) = (None, 0);
        for (block, part) in self.blocks.iter().zip(&self.parts) {
            let Some(article) = block.article else { continue };
            if *part == Part::Story {
                *held.entry(article).or_default() += block.letters;
            }
            if titled.is_none() && self.titles.contains(&block.folded) {
                titled = Some(article);
            }
        }
        for (block, part) in self.blocks.iter().zip(&self.parts) {
            all += if *part == Part::Story { block.letters } else { 0 };
        }
        let titled = titled.filter(|article| held.get(article).copied().unwrap_or_default() * 10 >= all * 3);
        let most = || held.iter().find(|(_, letters)| **letters * 10 >= all * 6).map(|(id, _)| *id);
        if let Some(own) = titled.or_else(most) {
            self.drop_if(|block| block.article.is_some_and(|article| article != own));
        }
    }

    /// Short lines without an end of sentence before the first paragraph, after the last and, where the story stands in
    /// paragraphs, between them.
    pub(super) fn drop_lines(&mut self) {
        let is_long = |block: &Block| block.letters >= LONG && block.ends();
        let story = |index: &usize| self.parts.get(*index) == Some(&Part::Story);
        let kept: Vec<usize> = (0..self.blocks.len()).filter(story).collect();
        let long = |index: &usize| self.blocks.get(*index).is_some_and(is_long);
        let Some(first) = kept.iter().copied().find(long) else { return };
        let last = kept.iter().copied().rfind(long).unwrap_or(first);
        let paragraphs = kept.iter().filter_map(|index| self.blocks.get(*index));
        let is_prose = paragraphs.filter(|block| block.kind == Kind::Paragraph && block.letters >= LONG).count() > 2;
        for index in kept {
            let Some(block) = self.blocks.get(index) else { continue };
            let is_loose = is_prose && block.kind == Kind::Loose;
            let is_outside = index < first || index > last || is_loose;
            let is_line = block.letters < LONG && !block.ends() && !matches!(block.kind, Kind::Item | Kind::Cell);
            if is_outside && is_line && !self.is_in_main(block) {
                self.drop_at(index, Part::Apart);
            }
        }
    }

    /// Lines that announce links which are gone, and headings that have nothing under them any more.
    pub(super) fn drop_orphans(&mut self) {
        let (mut next_is_links, mut has_text) = (false, false);
        for (block, part) in self.blocks.iter().zip(&mut self.parts).rev() {
            let announces = block.kind == Kind::Heading || block.text.ends_with(':') || !block.ends();
            let is_orphan =
                next_is_links && announces && block.letters < LONG || block.kind == Kind::Heading && !has_text;
            if *part == Part::Story && is_orphan {
                *part = Part::Apart;
            }
            next_is_links =
                *part == Part::Links || *part == Part::Apart && block.is_kept() && block.places.has_any(LEADING_ON);
            has_text |= *part == Part::Story && block.kind != Kind::Heading;
        }
    }
}
