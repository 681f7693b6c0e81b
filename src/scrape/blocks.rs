//! A page as the runs of text that stand on lines of their own, each with what is known of its place.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, Element, Matcher, NodeData, NodeId, NodeRef, local_name};

use crate::scrape::head::folded;
use crate::scrape::place::{self, Place, Places};
use crate::scrape::shape::{Kind, Shape, shape};

/// Largest element that is taken for what its class says, in letters.
const LARGEST_PLACE: usize = 800;
/// Longest text that is folded for comparisons, in letters.
const LONGEST_FOLDED: usize = 400;

/// A run of text that stands on lines of its own.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Its text on one line, and the same folded for comparisons if it is short.
    pub(super) text: String,
    pub(super) folded: String,
    pub(super) kind: Kind,
    /// The element that holds it, the one around that, and the outermost `article` it is in.
    pub(super) holder: NodeId,
    pub(super) around: Option<NodeId>,
    pub(super) article: Option<NodeId>,
    /// How the holder and what is around it look: numbers for their names and classes.
    pub(super) look: (usize, usize),
    /// Its characters without white space: all, those in links, those that the reader keeps.
    pub(super) letters: usize,
    pub(super) linked: usize,
    pub(super) kept: usize,
    /// What it stands in by the names of elements, and what by these or the words in their classes; without places that
    /// hold the story as well.
    pub(super) named: Places,
    pub(super) places: Places,
    marks: Vec<usize>,
}

impl Block {
    /// Whether the reader takes it for a part of the story.
    pub(super) fn is_kept(&self) -> bool {
        self.kept * 2 > self.letters
    }

    /// How much of it is link, in percent.
    pub(super) fn linked_percent(&self) -> usize {
        self.linked * 100 / self.letters.max(1)
    }

    /// Whether it ends as a sentence does.
    pub(super) fn ends(&self) -> bool {
        let text = self.text.trim_end_matches(['"', '”', '’', '»', ')', '\'', '“', '」', ']', '«']);
        text.ends_with(['.', '!', '?', '…', ':', ';', '。', '！', '？', '؟', '۔'])
    }
}

/// Reads the blocks of a page's body in their order. `kept` holds the text that a reader takes for the story.
pub(super) fn blocks(document: &Document, kept: &HashSet<NodeId>, removed: &[Matcher]) -> Vec<Block> {
    let Some(body) = document.body() else { return Vec::new() };
    let mut walk = Walk {
        kept,
        removed,
        out: Vec::new(),
        marks: Vec::new(),
        inside: Vec::new(),
        holders: vec![Holder { id: body.id, kind: Kind::Loose, look: 0 }],
        looks: HashMap::new(),
        article: None,
        links: 0,
        open: None,
    };
    walk.children(body);
    walk.close();
    placed(walk.out, &walk.marks)
}

/// Gives every block the places that it stands in.
fn placed(mut blocks: Vec<Block>, marks: &[Mark]) -> Vec<Block> {
    let all: usize = blocks.iter().map(|block| block.kept).sum();
    let mut alike: HashMap<usize, usize> = HashMap::new();
    for mark in marks {
        *alike.entry(mark.look).or_default() += mark.kept;
    }
    for block in &mut blocks {
        for mark in block.marks.iter().filter_map(|mark| marks.get(*mark)) {
            // What holds much of the story is the story, whatever it is called, and so is what looks like it.
            let is_small = alike.get(&mark.look).is_none_or(|kept| kept * 10 < all * 3) || all == 0;
            if let Some(place) = mark.named.filter(|place| is_small || *place == Place::Figure) {
                block.named.add(place);
                block.places.add(place);
            }
            if is_small && mark.letters <= LARGEST_PLACE {
                block.places.add_all(mark.guessed);
            }
        }
    }
    blocks
}

/// A place that was entered, how it looks and how much text it holds.
struct Mark {
    named: Option<Place>,
    guessed: Places,
    look: usize,
    kept: usize,
    letters: usize,
}

#[derive(Clone, Copy)]
struct Holder {
    id: NodeId,
    kind: Kind,
    look: usize,
}

struct Walk<'w> {
    kept: &'w HashSet<NodeId>,
    removed: &'w [Matcher],
    out: Vec<Block>,
    marks: Vec<Mark>,
    /// The marks that the walk is inside of.
    inside: Vec<usize>,
    holders: Vec<Holder>,
    looks: HashMap<String, usize>,
    article: Option<NodeId>,
    /// How many links the walk is inside of.
    links: usize,
    open: Option<Block>,
}

impl Walk<'_> {
    fn children(&mut self, node: NodeRef<'_>) {
        for child in node.children_it(false) {
            self.node(child);
        }
    }

    fn node(&mut self, node: NodeRef<'_>) {
        let is_text = node.query_or(false, |inner| {
            let NodeData::Text { contents } = &inner.data else { return false };
            self.text(node.id, contents);
            true
        });
        if is_text {
            return;
        }
        let Some(shape) = node.element_ref().map(|element| shape(&element.name.local)) else { return };
        match shape {
            Shape::Silent => {}
            Shape::Break => self.close(),
            Shape::Block(_) | Shape::Link | Shape::Inline => {
                if !self.removed.iter().any(|matcher| node.is_match(matcher)) {
                    self.element(node, shape);
                }
            }
        }
    }

    fn element(&mut self, node: NodeRef<'_>, shape: Shape) {
        let Some((look, (named, guessed))) =
            node.element_ref().map(|element| (self.look(&element), place::of(&element)))
        else {
            return;
        };
        let is_outermost = self.article.is_none() && node.has_name("article");
        if is_outermost {
            self.article = Some(node.id);
        }
        if let Shape::Block(kind) = shape {
            self.close();
            // What stands in a quotation is quoted, whatever holds it.
            let is_quoted =
                kind == Kind::Paragraph && self.holders.last().is_some_and(|around| around.kind == Kind::Quote);
            self.holders.push(Holder { id: node.id, kind: if is_quoted { Kind::Quote } else { kind }, look });
        }
        let is_marked = named.is_some() || !guessed.is_empty();
        if is_marked {
            self.inside.push(self.marks.len());
            self.marks.push(Mark { named, guessed, look, kept: 0, letters: 0 });
        }
        self.links += usize::from(shape == Shape::Link);
        self.children(node);
        self.links -= usize::from(shape == Shape::Link);
        if matches!(shape, Shape::Block(_)) {
            self.close();
            self.holders.pop();
        }
        if is_marked {
            self.inside.pop();
        }
        if is_outermost {
            self.article = None;
        }
    }

    fn look(&mut self, element: &Element) -> usize {
        let class = element.attr_ref(local_name!("class")).unwrap_or_default();
        let next = self.looks.len() + 1;
        *self.looks.entry(format!("{} {class}", &*element.name.local)).or_insert(next)
    }

    fn text(&mut self, id: NodeId, text: &str) {
        let letters = text.chars().filter(|c| !c.is_whitespace()).count();
        if letters == 0 {
            if let Some(open) = &mut self.open {
                open.text.push(' ');
            }
            return;
        }
        let kept = if self.kept.contains(&id) { letters } else { 0 };
        for mark in &self.inside {
            if let Some(mark) = self.marks.get_mut(*mark) {
                mark.letters += letters;
                mark.kept += kept;
            }
        }
        let Some(holder) = self.holders.last().copied() else { return };
        let around = self.holders.iter().rev().nth(1).copied();
        let open = self.open.get_or_insert_with(|| Block {
            text: String::new(),
            folded: String::new(),
            kind: holder.kind,
            holder: holder.id,
            around: around.map(|around| around.id),
            article: self.article,
            look: (holder.look, around.map_or(0, |around| around.look)),
            letters: 0,
            linked: 0,
            kept: 0,
            named: Places::default(),
            places: Places::default(),
            marks: self.inside.clone(),
        });
        // A line is in a place only if all of it is.
        open.marks.retain(|mark| self.inside.contains(mark));
        open.text.push_str(text);
        open.letters += letters;
        open.linked += if self.links > 0 { letters } else { 0 };
        open.kept += kept;
    }

    fn close(&mut self) {
        if let Some(mut block) = self.open.take() {
            block.text = block.text.split_whitespace().collect::<Vec<_>>().join(" ");
            if block.letters <= LONGEST_FOLDED {
                block.folded = folded(&block.text);
            }
            self.out.push(block);
        }
    }
}
