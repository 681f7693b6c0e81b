//! `extract`: texts, pages or a stream of articles → claims.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use jiff::civil::Date;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::cli::arguments::{Arguments, ExtractOptions, TextOptions};
use crate::cli::output::{Failure, TROUBLE, out};
use crate::cli::setup;
use crate::extract::{Document, Extraction, Extractor};
use crate::model::{Article, ConflictId, LangCode};
use crate::scrape;
use crate::view::{ClaimView, claim_line};

/// Longest line of `--jsonl`, and longest file.
const LONGEST: u64 = 64 << 20;

pub(super) fn run(arguments: &Arguments, options: &ExtractOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let extractor = setup::extractor(&config);
    if options.jsonl {
        return stream(&extractor, std::io::stdin().lock(), &mut out());
    }
    let mut out = out();
    let stdin = [Path::new("-").to_path_buf()];
    let files = if options.files.is_empty() { stdin.as_slice() } else { options.files.as_slice() };
    for file in files {
        let article = read(file, &options.text)?;
        let document = article.document();
        let extraction = extracted(&extractor, &article, &document, &options.text)?;
        if options.json {
            let answer = Answer {
                id: &file.display().to_string(),
                claims: extraction.claims.iter().map(ClaimView::from).collect(),
            };
            write!(out, "{}", crate::view::safe_json(&answer))?;
            writeln!(out)?;
            continue;
        }
        if files.len() > 1 {
            writeln!(out, "{}:", file.display())?;
        }
        for claim in &extraction.claims {
            writeln!(out, "{}", claim_line(claim))?;
        }
        if extraction.claims.is_empty() {
            crate::cli::output::told(&none_found(&extraction));
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// What to say when nothing was found.
fn none_found(extraction: &Extraction) -> String {
    if extraction.lang.is_none() {
        return "no claims: there are no rules for the language of this text; give --lang if it was detected wrongly"
            .to_owned();
    }
    format!("no claims; {} numbers were turned down: `tollwatch explain` says why", extraction.rejected.len())
}

/// One line of an answer.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    claims: Vec<ClaimView<'a>>,
}

/// One line of a stream.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    text: std::borrow::Cow<'a, str>,
    #[serde(default, borrow)]
    publisher: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    published: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    lang: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    conflict: Option<std::borrow::Cow<'a, str>>,
    #[serde(default, borrow)]
    title: Option<std::borrow::Cow<'a, str>>,
}

/// Most lines that are read side by side: so many articles that the code of a step is worth fetching, and not so many that
/// they push each other out of the processor's caches.
const TOGETHER: usize = 256;

/// Bytes of input that are taken at once, if so many have come.
const INPUT_BYTES: usize = 512 << 10;

/// Answers each line as it comes; lines that have come together are read side by side.
fn stream(extractor: &Extractor, input: impl Read, out: &mut impl Write) -> Result<ExitCode, Failure> {
    let mut input = BufReader::with_capacity(INPUT_BYTES, input);
    let mut trouble = false;
    let (mut lines, mut answered) = (Lines::default(), Vec::new());
    loop {
        lines.take(&mut input).map_err(|error| Failure::new("cannot read standard input", &error))?;
        if lines.ends.is_empty() {
            break;
        }
        trouble |= answer(extractor, &lines, &mut answered)?;
        out.write_all(&answered)?;
        // Whoever sent no more may be waiting.
        if !has_line(&input) {
            out.flush()?;
        }
    }
    out.flush()?;
    Ok(if trouble { ExitCode::from(TROUBLE) } else { ExitCode::SUCCESS })
}

/// Lines that have come together.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Lines {
    /// Takes the next line, and those behind it that have come, for those that are there; none at the end of the input.
    fn take(&mut self, input: &mut BufReader<impl Read>) -> std::io::Result<()> {
        self.bytes.clear();
        self.ends.clear();
        while self.ends.len() < TOGETHER && (self.ends.is_empty() || has_line(input)) {
            if input.by_ref().take(LONGEST).read_until(b'\n', &mut self.bytes)? == 0 {
                break;
            }
            self.ends.push(self.bytes.len());
        }
        Ok(())
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).filter_map(|(start, end)| self.bytes.get(*start..*end))
    }
}

/// Whether a whole line has come.
fn has_line(input: &BufReader<impl Read>) -> bool {
    input.buffer().contains(&b'\n')
}

/// Writes the answers to some lines into a list that served others, and tells whether one of them is no article.
fn answer(extractor: &Extractor, lines: &Lines, out: &mut Vec<u8>) -> Result<bool, Failure> {
    let lines = lines.iter().filter(|line| !line.iter().all(u8::is_ascii_whitespace));
    let articles: Vec<(&[u8], Result<Told<'_>, serde_json::Error>)> =
        lines.map(|line| (line, serde_json::from_slice(line).map(Told::of))).collect();
    let told = articles.iter().filter_map(|(_, article)| article.as_ref().ok());
    let documents: Vec<Document<'_>> = told.map(Told::document).collect();
    let mut extractions = extractor.extract_each(&documents).into_iter();
    let mut trouble = false;
    out.clear();
    for (line, article) in &articles {
        match article {
            Ok(article) => {
                let claims = extractions.next().unwrap_or_default().claims;
                let answer = Answer { id: &article.line.id, claims: claims.iter().map(ClaimView::from).collect() };
                serde_json::to_writer(&mut *out, &answer).map_err(std::io::Error::from)?;
                out.push(b'\n');
            }
            Err(error) => {
                trouble = true;
                let value: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
                let id = value.get("id").cloned().unwrap_or_default();
                let complaint = serde_json::json!({ "id": id, "error": error.to_string(), "claims": [] });
                writeln!(out, "{complaint}")?;
            }
        }
    }
    Ok(trouble)
}

/// An article of a stream, as it is read.
struct Told<'a> {
    line: Line<'a>,
    text: String,
    published: Option<Date>,
    lang: Option<LangCode>,
    conflict: Option<ConflictId>,
}

impl<'a> Told<'a> {
    fn of(line: Line<'a>) -> Self {
        let (title, text) = (line.title(), line.text.trim());
        // A text that begins with its headline has it already.
        let text =
            if title.is_empty() || text.starts_with(title) { text.to_owned() } else { [title, "\n\n", text].concat() };
        let published = line.published.as_deref().and_then(crate::dates::date);
        Self {
            text,
            published: published.map(|published| Offset::UTC.to_datetime(published).date()),
            lang: line.lang.as_deref().and_then(|lang| LangCode::new(lang).ok()),
            conflict: line.conflict.as_deref().and_then(|id| ConflictId::new(id).ok()),
            line,
        }
    }

    fn document(&self) -> Document<'_> {
        Document {
            text: &self.text,
            title: self.line.title(),
            published: self.published,
            lang: self.lang.as_ref(),
            conflicts: self.conflict.as_slice(),
            publisher: self.line.publisher.as_deref(),
        }
    }
}

impl Line<'_> {
    fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default().trim()
    }
}

/// Reads a file, or standard input, as an article: HTML by its ending or by the option, else text whose first line is
/// the headline.
pub(super) fn read(file: &Path, options: &TextOptions) -> Result<Article, Failure> {
    let is_stdin = file.as_os_str() == "-";
    let failed = |error: std::io::Error| Failure::new(&format!("cannot read {}", file.display()), &error);
    let mut bytes = Vec::new();
    if is_stdin {
        std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(LONGEST).read_to_end(&mut bytes)).map_err(failed)?;
    }
    let by_ending = file
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm"));
    let text = scrape::decode(&bytes, None);
    let mut article = if options.html || by_ending {
        on_a_deep_stack(|| scrape::read(&text, None, None).article)?
    } else {
        plain(&text)
    };
    if let Some(title) = &options.title {
        article.title.clone_from(title);
    }
    Ok(article)
}

/// Pages may be nested deeper than the main thread's stack bears.
pub(super) fn on_a_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let failed = || Failure::plain("this page cannot be read", 1);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(16 << 20).spawn_scoped(scope, work);
        thread.map_err(|error| Failure::new("cannot start a thread", &error))?.join().map_err(|_| failed())
    })
}

fn plain(text: &str) -> Article {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    // A first line that is a paragraph is no headline.
    let has_title = first.chars().count() <= 200 && !first.trim_end().ends_with('.') && !rest.trim().is_empty();
    let (title, body) = if has_title { (first.trim(), rest.trim()) } else { ("", text) };
    Article {
        url: None::<Url>,
        title: title.to_owned(),
        description: None,
        published: None,
        modified: None,
        byline: None,
        lang: None,
        publisher: None,
        text: body.to_owned(),
    }
}

/// Extracts with what the options and the article say.
pub(super) fn extracted(
    extractor: &Extractor,
    article: &Article,
    document: &str,
    options: &TextOptions,
) -> Result<Extraction, Failure> {
    let wrong = |error: crate::model::InvalidId| Failure::plain(error.to_string(), 2);
    let lang = options.lang.as_deref().map(LangCode::new).transpose().map_err(wrong)?;
    let conflicts: Vec<ConflictId> =
        options.conflict.as_deref().map(ConflictId::new).transpose().map_err(wrong)?.into_iter().collect();
    let own = article.published.map(|published| Offset::UTC.to_datetime(published).date());
    let today = Offset::UTC.to_datetime(setup::clock()).date();
    Ok(extractor.extract(&Document {
        text: document,
        title: article.title.trim(),
        published: options.published.or(own).or(Some(today)),
        lang: lang.as_ref(),
        conflicts: &conflicts,
        publisher: article.publisher.as_deref(),
    }))
}
