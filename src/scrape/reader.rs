//! Generic readers: which text of a page belongs to the story. Each stands behind one small interface.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};
use dom_smoothie::{Config, Readability};
use html5ever::ns;

use crate::scrape::guarded;

/// Tells the story's text from the rest of a page.
pub(super) trait Reader {
    /// The text nodes of the page that belong to the story; none if it finds no story.
    fn story(&self, page: &Document) -> HashSet<NodeId>;
}

/// Most nodes of a page that is given to a reader, whose time grows faster than the page.
const MOST_NODES: usize = 60_000;

/// What writing the texts of a page down may cost: for each mark that is escaped, the rest of its text is looked through.
const MOST_ESCAPING: u64 = 1 << 30;

/// Mozilla's Readability in Rust. It loses almost nothing and keeps captions, bylines and teasers, which the filters
/// take out.
#[derive(Debug)]
pub(super) struct Smoothie;

impl Reader for Smoothie {
    fn story(&self, page: &Document) -> HashSet<NodeId> {
        if page.tree.len() > MOST_NODES || escaping(page) > MOST_ESCAPING {
            return HashSet::new();
        }
        // It works on a copy of the tree, in which nodes keep their numbers.
        let copy = page.clone();
        let config = Config { disable_json_ld: true, ..Config::default() };
        let story = guarded(move || {
            let mut reader = Readability::with_document(copy, None, Some(config)).ok()?;
            reader.parse().ok()?;
            let content = reader.doc.select_single("#readability-page-1");
            let story = content.nodes().first()?.descendants_it().filter(|node| node.is_text()).map(|node| node.id);
            Some(story.collect())
        });
        story.flatten().unwrap_or_default()
    }
}

/// For each text, its marks that html5ever escapes (`&`, `<`, `>`, and what may be a no-break space) times its bytes.
fn escaping(page: &Document) -> u64 {
    let root = page.root();
    // A script is written down as it is, and half the pages of the web carry a megabyte of them.
    let raw = |node: &NodeRef<'_>| node.parent().is_some_and(|parent| is_raw(&parent));
    let texts = root.descendants_it().filter(|node| node.is_text() && !raw(node));
    let cost = texts.map(|node| {
        let text = node.text();
        let marks = text.bytes().filter(|byte| matches!(byte, b'&' | b'<' | b'>' | 0xc2)).count();
        (marks as u64).saturating_mul(text.len() as u64)
    });
    cost.fold(0, u64::saturating_add)
}

/// Whether the text of an element is written down unescaped, as html5ever's serializer decides it; in `<svg><script>` it is
/// not.
fn is_raw(element: &NodeRef<'_>) -> bool {
    const RAW: [&str; 7] = ["script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"];
    element.qual_name_ref().is_some_and(|name| name.ns == ns!(html) && RAW.contains(&&*name.local))
}
