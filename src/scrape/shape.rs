//! What an element does to the text in it, by its name.

/// What a block is, by the element that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paragraph,
    Quote,
    /// A heading of the first rank.
    Title,
    Heading,
    Item,
    Cell,
    /// Text that stands in no element made for text.
    Loose,
}

/// What an element does to the text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// It stands on lines of its own.
    Block(Kind),
    /// It ends a line.
    Break,
    Link,
    /// It leaves the line as it is.
    Inline,
    /// Its text is not read.
    Silent,
}

pub(super) fn shape(name: &str) -> Shape {
    match name {
        "p" | "pre" => Shape::Block(Kind::Paragraph),
        "blockquote" => Shape::Block(Kind::Quote),
        "h1" => Shape::Block(Kind::Title),
        "h2" | "h3" | "h4" | "h5" | "h6" => Shape::Block(Kind::Heading),
        "li" | "dt" | "dd" => Shape::Block(Kind::Item),
        "td" | "th" => Shape::Block(Kind::Cell),
        "address" | "article" | "aside" | "body" | "caption" | "center" | "details" | "dialog" | "div" | "dl"
        | "fieldset" | "figcaption" | "figure" | "footer" | "form" | "header" | "hgroup" | "html" | "legend"
        | "main" | "menu" | "nav" | "ol" | "section" | "summary" | "table" | "tbody" | "tfoot" | "thead" | "tr"
        | "ul" => Shape::Block(Kind::Loose),
        "br" | "hr" => Shape::Break,
        "a" => Shape::Link,
        "audio" | "button" | "canvas" | "embed" | "iframe" | "input" | "math" | "noscript" | "object" | "option"
        | "script" | "select" | "style" | "svg" | "template" | "textarea" | "title" | "video" => Shape::Silent,
        _ => Shape::Inline,
    }
}
