//! What a page says about its article: title, dates, byline, language, address, outlet, stand-first.

use dom_query::{Document, Matcher};
use jiff::Timestamp;
use url::Url;

use crate::dates::date;
use crate::model::{Article, LangCode, Selectors};
use crate::scrape::head::{Head, flat, folded};
use crate::scrape::structured::Structured;

/// Meta elements that name the day of publication, best first.
const PUBLISHED: [&str; 12] = [
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "publishdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "publication_date",
];

/// Meta elements that name the time of the last change.
const MODIFIED: [&str; 2] = ["article:modified_time", "og:updated_time"];

pub(super) fn read(
    document: &Document,
    head: &Head,
    structured: &Structured,
    url: Option<&Url>,
    rules: Option<&Selectors>,
) -> Article {
    let canonical = head.canonical.as_deref().and_then(|href| match url {
        Some(base) => base.join(href).ok(),
        None => Url::parse(href).ok(),
    });
    // A front page as canonical address is a mistake of the site.
    let canonical =
        canonical.filter(|canonical| matches!(canonical.scheme(), "http" | "https") && canonical.path().len() > 1);
    let ruled = |pick: fn(&Selectors) -> &Option<String>| {
        rules.and_then(|rules| pick(rules).as_deref()).and_then(|selector| first(document, selector))
    };
    let published = ruled(|rules| &rules.published).as_deref().and_then(date);
    let said = |text: &Option<String>| text.as_deref().and_then(date);
    let modified = said(&structured.modified).or_else(|| said(&head.meta(&MODIFIED))).or_else(|| said(&head.modified));
    let lang = structured.language.clone().or_else(|| head.lang.clone()).or_else(|| head.meta(&["og:locale"]));
    Article {
        url: canonical.or_else(|| url.cloned()),
        title: ruled(|rules| &rules.title).unwrap_or_else(|| title(head, structured)),
        description: description(head, structured),
        published: published.or_else(|| self::published(head, structured, url)),
        modified,
        byline: ruled(|rules| &rules.byline).or_else(|| byline(head, structured)),
        lang: lang.and_then(|lang| {
            LangCode::new(&lang.to_lowercase().chars().take_while(char::is_ascii_alphabetic).collect::<String>()).ok()
        }),
        publisher: head.meta(&["og:site_name", "application-name"]).or_else(|| structured.publisher.clone()),
        text: String::new(),
    }
}

/// What a selector of the source finds: a stated time if there is one, else the text.
fn first(document: &Document, selector: &str) -> Option<String> {
    let found = document.select_single_matcher(&Matcher::new(selector).ok()?);
    let node = *found.nodes().first()?;
    let stated = node.attr("datetime").or_else(|| node.attr("content")).map(|value| value.trim().to_owned());
    stated.or_else(|| Some(flat(node))).filter(|text| !text.is_empty())
}

fn description(head: &Head, structured: &Structured) -> Option<String> {
    let stated = head.meta(&["og:description", "description", "twitter:description"]);
    stated.or_else(|| structured.description.clone()).map(|text| crate::feed::plain(&text))
}

fn published(head: &Head, structured: &Structured, url: Option<&Url>) -> Option<Timestamp> {
    let said = |text: &Option<String>| text.as_deref().and_then(date);
    let first = |texts: &[String]| texts.iter().find_map(|text| date(text));
    said(&structured.published)
        .or_else(|| PUBLISHED.iter().find_map(|name| said(&head.meta(&[name]))))
        .or_else(|| said(&head.published))
        .or_else(|| first(&head.times))
        .or_else(|| first(&head.other_times))
        .or_else(|| url.and_then(dated_path))
}

/// The headline as the page prints it, unless the page says it shorter elsewhere, without a kicker, or says it otherwise
/// twice.
fn title(head: &Head, structured: &Structured) -> String {
    let social = head.meta(&["og:title", "twitter:title"]);
    let printed = printed_title(head, structured, social.as_deref());
    let heading = folded(&printed);
    let stated = [social.as_deref(), structured.headline.as_deref()];
    let shorter = stated.into_iter().flatten().find(|stated| {
        let stated = folded(stated);
        stated.chars().count() > 20 && stated != heading && heading.contains(&stated)
    });
    let twice = social.as_deref().filter(|social| {
        let social = folded(social);
        structured.headline.as_deref().is_some_and(|headline| folded(headline) == social)
            && !social.starts_with(&heading)
    });
    let found = shorter.or(twice).unwrap_or(&printed);
    crate::feed::plain(found)
}

/// The heading that agrees with what the page says elsewhere, else what it says elsewhere, else a lone heading.
fn printed_title(head: &Head, structured: &Structured, social: Option<&str>) -> String {
    let claims = [structured.headline.as_deref(), social, head.window.as_deref()];
    let claims: Vec<String> = claims.into_iter().flatten().map(folded).collect();
    let agrees = |heading: &&String| {
        let folded = folded(heading);
        let says = |claim: &String| claim.contains(&folded) || (claim.len() > 12 && folded.contains(claim.as_str()));
        folded.len() >= 8 && claims.iter().any(says)
    };
    let agreeing = head.headings.iter().find(agrees).cloned();
    let lone = match head.headings.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    };
    let found = agreeing.or_else(|| structured.headline.clone()).or_else(|| social.map(str::to_owned)).or(lone);
    found.or_else(|| head.window.as_deref().map(without_outlet)).unwrap_or_default()
}

/// Everything that may be the headline as it stands on the page, folded.
pub(super) fn titles(head: &Head, structured: &Structured, title: &str) -> Vec<String> {
    let window = head.window.as_deref().map(without_outlet);
    let social = head.meta(&["og:title"]);
    let all = [
        Some(title.to_owned()),
        Some(without_outlet(title)),
        window,
        social.as_deref().map(without_outlet),
        social,
        structured.headline.clone(),
    ];
    let folded = all.into_iter().flatten().map(|title| folded(&crate::feed::plain(&title)));
    folded.filter(|title| title.len() > 8).collect()
}

fn byline(head: &Head, structured: &Structured) -> Option<String> {
    let named: Vec<String> = structured.authors.iter().filter(|author| !author.starts_with("http")).cloned().collect();
    let structured = (!named.is_empty()).then(|| named.join(", "));
    let meta =
        || head.meta(&["author", "article:author", "parsely-author"]).filter(|author| !author.starts_with("http"));
    structured.or_else(meta).or_else(|| head.authors.first().cloned()).filter(|byline| byline.chars().count() < 200)
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
