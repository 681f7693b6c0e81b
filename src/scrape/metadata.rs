//! What a page says about its article: title, dates, byline, language, address, outlet, stand-first.

use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::dates::date;
use crate::model::{Article, LangCode, Selectors};
use crate::scrape::structured::Structured;

/// Meta elements that name the day of publication, best first.
const PUBLISHED: [&str; 12] = [
    "article:published_time",
    "og:published_time",
    "datePublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "publishdate",
    "parsely-pub-date",
    "sailthru.date",
    "cXenseParse:recs:publishtime",
    "publication_date",
];

pub(super) fn read(document: &Html, structured: &Structured, url: Option<&Url>, rules: Option<&Selectors>) -> Article {
    let page = Page { document };
    let canonical = page.attribute("link[rel='canonical']", "href").and_then(|href| match url {
        Some(base) => base.join(&href).ok(),
        None => Url::parse(&href).ok(),
    });
    // A front page as canonical address is a mistake of the site.
    let canonical =
        canonical.filter(|canonical| matches!(canonical.scheme(), "http" | "https") && canonical.path().len() > 1);
    let ruled = |pick: fn(&Selectors) -> &Option<String>| {
        rules.and_then(|rules| pick(rules).as_deref()).and_then(|selector| page.text(selector))
    };
    let published =
        ruled(|rules| &rules.published).as_deref().and_then(date).or_else(|| page.published(structured, url));
    let modified = structured
        .modified
        .as_deref()
        .and_then(date)
        .or_else(|| page.meta(&["article:modified_time", "og:updated_time"]).as_deref().and_then(date));
    let byline = ruled(|rules| &rules.byline).or_else(|| page.byline(structured));
    let lang =
        structured.language.clone().or_else(|| page.attribute("html", "lang")).or_else(|| page.meta(&["og:locale"]));
    Article {
        url: canonical.or_else(|| url.cloned()),
        title: ruled(|rules| &rules.title).unwrap_or_else(|| page.title(structured)),
        description: page
            .meta(&["og:description", "description", "twitter:description"])
            .or_else(|| structured.description.clone()),
        published,
        modified,
        byline,
        lang: lang.and_then(|lang| {
            LangCode::new(&lang.to_lowercase().chars().take_while(char::is_ascii_alphabetic).collect::<String>()).ok()
        }),
        publisher: page.meta(&["og:site_name", "application-name"]).or_else(|| structured.publisher.clone()),
        text: String::new(),
    }
}

struct Page<'d> {
    document: &'d Html,
}

impl Page<'_> {
    fn first(&self, selector: &str) -> Option<ElementRef<'_>> {
        self.document.select(&Selector::parse(selector).ok()?).next()
    }

    fn text(&self, selector: &str) -> Option<String> {
        self.first(selector).map(|element| flat(element)).filter(|text| !text.is_empty())
    }

    fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        self.first(selector)?.value().attr(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The first of these meta elements that has something to say.
    fn meta(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            let by = |key: &str| self.attribute(&format!("meta[{key}='{name}' i]"), "content");
            by("property").or_else(|| by("name")).or_else(|| by("itemprop"))
        })
    }

    fn published(&self, structured: &Structured, url: Option<&Url>) -> Option<jiff::Timestamp> {
        let stated = structured.published.as_deref().and_then(date);
        let meta = || PUBLISHED.iter().find_map(|name| self.meta(&[name]).as_deref().and_then(date));
        let property = || {
            self.attribute("[itemprop='datePublished']", "datetime")
                .or_else(|| self.attribute("[itemprop='datePublished']", "content"))
                .as_deref()
                .and_then(date)
        };
        let inside = || {
            self.attribute("article time[datetime], main time[datetime], header time[datetime]", "datetime")
                .as_deref()
                .and_then(date)
        };
        let anywhere = || self.attribute("time[datetime]", "datetime").as_deref().and_then(date);
        stated.or_else(meta).or_else(property).or_else(inside).or_else(anywhere).or_else(|| url.and_then(dated_path))
    }

    /// The heading that agrees with what the page says elsewhere, else what it says elsewhere, else a lone heading.
    fn title(&self, structured: &Structured) -> String {
        let social = self.meta(&["og:title", "twitter:title"]);
        let window = self.text("title");
        let claims: Vec<String> =
            [&structured.headline, &social, &window].into_iter().flatten().map(|text| folded(text)).collect();
        let headings: Vec<String> = Selector::parse("h1")
            .ok()
            .map(|h1| self.document.select(&h1).take(10).map(flat).collect())
            .unwrap_or_default();
        let agrees = |heading: &&String| {
            let folded = folded(heading);
            folded.len() >= 8
                && claims
                    .iter()
                    .any(|claim| claim.contains(&folded) || (claim.len() > 12 && folded.contains(claim.as_str())))
        };
        let agreeing = headings.iter().find(agrees).cloned();
        let lone = match headings.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        let found = agreeing
            .or_else(|| structured.headline.clone())
            .or(social)
            .or(lone)
            .or_else(|| window.map(|window| without_outlet(&window)));
        crate::feed::plain(&found.unwrap_or_default())
    }

    fn byline(&self, structured: &Structured) -> Option<String> {
        let named: Vec<String> =
            structured.authors.iter().filter(|author| !author.starts_with("http")).cloned().collect();
        let structured = (!named.is_empty()).then(|| named.join(", "));
        let meta =
            || self.meta(&["author", "article:author", "parsely-author"]).filter(|author| !author.starts_with("http"));
        structured
            .or_else(meta)
            .or_else(|| self.text("[rel='author'], [itemprop='author'], .byline, .author"))
            .filter(|byline| byline.chars().count() < 200)
    }
}

/// The text of an element on one line.
pub(super) fn flat(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and digits only, in lower case, for comparing titles.
pub(super) fn folded(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// "Headline - Outlet" without the outlet.
fn without_outlet(window: &str) -> String {
    let cut = [" | ", " – ", " — ", " - "].into_iter().filter_map(|mark| window.rfind(mark)).max();
    match cut {
        Some(at) if at > 20 => window.get(..at).unwrap_or(window).to_owned(),
        Some(_) | None => window.to_owned(),
    }
}

/// "/2024/03/15/" in an address.
fn dated_path(url: &Url) -> Option<jiff::Timestamp> {
    let parts: Vec<&str> = url.path_segments()?.collect();
    parts.windows(3).find_map(|window| match window {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            date(&format!("{year}-{month:0>2}-{day:0>2}"))
        }
        _ => None,
    })
}
