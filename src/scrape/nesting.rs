//! A cap on what a page can cost, before anything is made of it: the time of parsers grows with the square of nesting, and
//! a few bytes can make them repeat many elements.
//!
//! Only a parser knows how deep a page nests, so one reads it here, in small pieces and without keeping a tree, and stops
//! where a page goes beyond all reason.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use html5ever::ParseOpts;
use html5ever::driver::parse_document;
use html5ever::interface::ElementFlags;
use html5ever::interface::ExpandedName;
use html5ever::interface::NodeOrText;
use html5ever::interface::QuirksMode;
use html5ever::interface::TreeSink;
use html5ever::tendril::StrTendril;
use html5ever::tendril::TendrilSink as _;
use html5ever::{Attribute, LocalName, QualName, ns};

/// Deepest nesting that is kept; browsers stop at 512, newsrooms at a few dozen.
const DEEPEST: u32 = 256;
/// Elements that a page may make beyond those it writes down: parsers repeat what was left open.
const UNWRITTEN: (usize, usize) = (2_000, 8);
/// Elements of a page; newsrooms make some thousands.
const MOST: usize = 100_000;
/// Gaps between attributes in one stretch without any token; parsers compare each attribute with all before it.
const GAPS: usize = 12_000;
/// Bytes of text, each as often as elements are around it: readers go through the text of every element. Newsrooms stay
/// below a tenth of it.
const HEAVIEST: usize = 24 << 20;
/// Bytes that are read between two looks: what a page can do before it is noticed.
const PIECE: usize = 512;

/// The page as it is, or the part of it before it goes beyond all reason and the bare text of the rest; nothing but its
/// text if that is too much for the elements around it.
pub(super) fn flattened(html: &str, warnings: &mut Vec<String>) -> String {
    let Some(limit) = limit(html) else { return html.to_owned() };
    warnings.push(format!("elements nested deeper than {DEEPEST} or repeated without end were flattened"));
    let (kept, rest) = html.split_at_checked(limit.at).unwrap_or((html, ""));
    let rest = without_tags(rest);
    let weight = limit.weight.saturating_add(rest.len().saturating_mul(limit.depth));
    if weight > HEAVIEST { without_tags(html) } else { format!("{kept}{rest}") }
}

/// Where a page goes beyond all reason, and what it has come to by then.
struct Limit {
    at: usize,
    depth: usize,
    weight: usize,
}

/// Where a page goes beyond all reason, if it does.
fn limit(html: &str) -> Option<Limit> {
    let mut parser = parse_document(Gauge::new(), ParseOpts::default());
    let (mut at, mut tags, mut gaps, mut events) = (0, 0_usize, 0_usize, 0_u64);
    while let Some(piece) = piece(html, at) {
        parser.process(StrTendril::from(piece));
        at += piece.len();
        let gauge = &parser.tokenizer.sink.sink;
        tags += piece.bytes().filter(|b| *b == b'<').count();
        let new_gaps = piece.bytes().filter(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'"' | b'\'')).count();
        gaps = if gauge.events.get() == events { gaps + new_gaps } else { new_gaps };
        events = gauge.events.get();
        let repeated = gauge.made.get() > (UNWRITTEN.0 + UNWRITTEN.1 * tags).min(MOST);
        let (depth, weight) = (gauge.deepest.get(), gauge.weight.get());
        if depth > DEEPEST || repeated || gaps > GAPS || weight > HEAVIEST {
            return Some(Limit { at, depth: usize::try_from(depth).unwrap_or(usize::MAX), weight });
        }
    }
    None
}

/// The next piece of a text, cut between characters.
fn piece(html: &str, at: usize) -> Option<&str> {
    let rest = html.get(at..).filter(|rest| !rest.is_empty())?;
    let mut end = PIECE.min(rest.len());
    while !rest.is_char_boundary(end) {
        end += 1;
    }
    rest.get(..end)
}

/// What stands between tags.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((text, from)) = rest.split_once('<') {
        out.push_str(text);
        if !out.ends_with(' ') {
            out.push(' ');
        }
        rest = if from.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            from.split_once('>').map_or("", |(_, after)| after)
        } else {
            from
        };
    }
    out.push_str(rest);
    out
}

/// Takes what a parser makes and keeps only how much and how deep it is.
struct Gauge {
    root: Rc<Node>,
    made: Cell<usize>,
    deepest: Cell<u32>,
    /// Bytes of text, each as often as there are elements around it.
    weight: Cell<usize>,
    /// Whatever the parser had to say since the beginning.
    events: Cell<u64>,
}

#[derive(Debug)]
struct Node {
    name: QualName,
    depth: Cell<u32>,
}

impl Gauge {
    fn new() -> Self {
        let name = QualName::new(None, ns!(), LocalName::from(""));
        let root = Rc::new(Node { name, depth: Cell::new(0) });
        Self { root, made: Cell::new(0), deepest: Cell::new(0), weight: Cell::new(0), events: Cell::new(0) }
    }

    fn note(&self) {
        self.events.set(self.events.get() + 1);
    }

    fn make(&self, name: QualName) -> Rc<Node> {
        self.note();
        self.made.set(self.made.get() + 1);
        Rc::new(Node { name, depth: Cell::new(0) })
    }

    fn put(&self, child: &NodeOrText<Rc<Node>>, depth: u32) {
        self.note();
        match child {
            NodeOrText::AppendNode(node) => {
                node.depth.set(depth);
                self.deepest.set(self.deepest.get().max(depth));
            }
            NodeOrText::AppendText(text) => {
                let around = usize::try_from(depth).unwrap_or(usize::MAX);
                self.weight.set(self.weight.get().saturating_add(text.len().saturating_mul(around)));
            }
        }
    }
}

impl TreeSink for Gauge {
    type Handle = Rc<Node>;
    type Output = ();
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, _: Cow<'static, str>) {
        self.note();
    }

    fn get_document(&self) -> Rc<Node> {
        self.root.clone()
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, _: Vec<Attribute>, _: ElementFlags) -> Rc<Node> {
        self.make(name)
    }

    fn create_comment(&self, _: StrTendril) -> Rc<Node> {
        self.make(self.root.name.clone())
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Rc<Node> {
        self.make(self.root.name.clone())
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        // No reader goes through what is not for people.
        let is_text = matches!(child, NodeOrText::AppendText(_));
        if is_text && matches!(&*parent.name.local, "script" | "style" | "noscript" | "textarea") {
            return self.note();
        }
        self.put(&child, parent.depth.get() + 1);
    }

    fn append_based_on_parent_node(&self, element: &Rc<Node>, _: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.put(&child, element.depth.get());
    }

    fn append_before_sibling(&self, sibling: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        self.put(&child, sibling.depth.get());
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {
        self.note();
    }

    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        target.clone()
    }

    fn same_node(&self, one: &Rc<Node>, other: &Rc<Node>) -> bool {
        Rc::ptr_eq(one, other)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, _: &Rc<Node>, _: Vec<Attribute>) {
        self.note();
    }

    fn remove_from_parent(&self, _: &Rc<Node>) {
        self.note();
    }

    fn reparent_children(&self, _: &Rc<Node>, _: &Rc<Node>) {
        self.note();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages that cost parsers more than they are long: each a beginning, a piece that is repeated, and an end.
    const COSTLY: [(&str, &str, &str); 14] = [
        ("", "<div>", "deep"),
        ("", "<ul><li>", "deep"),
        ("", "<div></span>", "deep"),
        ("", "<span><div></span>", "deep"),
        ("", "<div><table></div>", "deep"),
        ("<!--a--!>", "<div>", "deep"),
        ("<svg><style>", "<g>", "deep"),
        ("", "<svg><style></svg>", "deep"),
        ("<table>", "<tr><td><table>", "deep"),
        ("", "<a><div>", "deep"),
        ("", "<blockquote><p><em>", "deep"),
        ("", "<font><p>", "deep"),
        ("", "<dl><dt><dd>", "deep"),
        ("<select>", "<optgroup><option><div>", "deep"),
    ];

    fn deepest(html: &str) -> (u32, usize) {
        let mut parser = parse_document(Gauge::new(), ParseOpts::default());
        parser.process(StrTendril::from(html));
        let gauge = &parser.tokenizer.sink.sink;
        (gauge.deepest.get(), gauge.made.get())
    }

    #[test]
    fn whatever_way_a_page_nests_it_is_flattened_and_its_text_stays() {
        for (begin, repeated, end) in COSTLY {
            let html = format!("{begin}{}{end}", repeated.repeat(200_000 / repeated.len()));
            let flat = flattened(&html, &mut Vec::new());
            let (depth, made) = deepest(&flat);
            assert!(depth <= DEEPEST + 200, "{begin}{repeated}: {depth}");
            assert!(made <= MOST + 10_000, "{begin}{repeated}: {made}");
            assert!(flat.ends_with(end), "{begin}{repeated}");
        }
    }

    #[test]
    fn what_was_left_open_is_not_repeated_without_end() {
        // Each paragraph opens every <b> again that was left open.
        let open: String = (0..120).map(|n| format!("<b id={n}>")).collect::<Vec<_>>().concat();
        let html = format!("{open}{}end", "<p>x".repeat(50_000));
        let (_, made) = deepest(&flattened(&html, &mut Vec::new()));
        assert!(made <= MOST + 10_000, "{made}");
    }

    #[test]
    fn much_text_deep_within_is_taken_out() {
        for text in [" ".repeat(900_000), "word and ".repeat(100_000)] {
            let html = format!("<p>first{}{text}deep", "<div>".repeat(200));
            let mut warnings = Vec::new();
            let flat = flattened(&html, &mut warnings);
            assert!(!flat.contains('<') && flat.starts_with(" first") && flat.ends_with("deep"));
            assert_eq!(warnings.len(), 1);
        }
        let data = format!("{}<script>{}</script>", "<div>".repeat(40), "x = 1; ".repeat(200_000));
        assert_eq!(flattened(&data, &mut Vec::new()), data);
    }

    #[test]
    fn a_tag_of_countless_attributes_ends_the_markup() {
        let attributes: String = (0..200_000).map(|n| format!(" a{n}")).collect::<Vec<_>>().concat();
        let html = format!("<p>before</p><p{attributes}>after</p>");
        let mut warnings = Vec::new();
        let flat = flattened(&html, &mut warnings);
        assert!(flat.starts_with("<p>before</p>") && warnings.len() == 1);
    }

    #[test]
    fn an_ordinary_page_is_left_as_it_is() {
        let story =
            "<p>One said <b>two</b> and <i>three.<p>Four <a href=\"/x?a=1&b=2\" title='long one'>five</a>.".repeat(400);
        let comment = format!("<!--{}-->", " x".repeat(4_000));
        let script = format!("<script>{}</script>", "if (a < b) { document.write(\"<div><div>\"); } ".repeat(2_000));
        let image = format!("<img src=\"data:image/png;base64,{}\">", "A".repeat(300_000));
        let html = format!(
            "<!DOCTYPE html><html><head>{script}{comment}</head><body><p>a < b<br/>{image}{story}</body></html>"
        );
        let mut warnings = Vec::new();
        assert_eq!(flattened(&html, &mut warnings), html);
        assert_eq!(warnings, Vec::<String>::new());
    }

    #[test]
    #[allow(clippy::print_stderr, reason = "figures are what it is for")]
    #[ignore = "prints figures; run it with --release --nocapture"]
    fn what_costly_pages_cost() {
        let filled = |begin: &str, repeated: &str, end: &str| {
            format!("{begin}{}{end}", repeated.repeat((1 << 20) / repeated.len()))
        };
        let mut pages: Vec<(String, String)> = COSTLY
            .iter()
            .map(|(begin, repeated, end)| (format!("{begin}{repeated}…"), filled(begin, repeated, end)))
            .collect();
        let deep = "<div>".repeat(250);
        pages.push(("250 <div>, 1 MiB of spaces".to_owned(), filled(&deep, " ", "deep")));
        pages.push(("250 <div>, 1 MiB of words".to_owned(), filled(&deep, "word and ", "deep")));
        pages.push(("20 <div>, 1 MiB of spaces".to_owned(), filled(&"<div>".repeat(20), " ", "deep")));
        pages.push(("20 <div>, 1 MiB of words".to_owned(), filled(&"<div>".repeat(20), "word and ", "deep")));
        for (name, html) in pages {
            let begun = std::time::Instant::now();
            let flat = flattened(&html, &mut Vec::new());
            let capped_ms = begun.elapsed().as_secs_f64() * 1e3;
            deepest(&flat);
            let parsed_ms = begun.elapsed().as_secs_f64() * 1e3 - capped_ms;
            let begun = std::time::Instant::now();
            let page = crate::scrape::read(&html, None, None);
            let read_ms = begun.elapsed().as_secs_f64() * 1e3;
            let text = page.article.text.len();
            eprintln!(
                "{capped_ms:>6.1} ms to cap, {parsed_ms:>6.1} ms to parse, {read_ms:>6.1} ms in all, {text:>7} bytes of text: {name}"
            );
        }
    }
}
