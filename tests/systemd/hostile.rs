//! A hundred articles that try to break out of logs, tables and pages: all of them are told, and none acts anywhere.

use std::collections::BTreeSet;

use crate::journal;
use crate::machine::Machine;

const ARTICLES: usize = 100;
/// Articles that are added at once: the page shows the newest claims of no more.
const BATCH: usize = 25;

/// Whether a terminal, a log or a bidirectional reader would act on it.
fn acts(c: char) -> bool {
    let invisible = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    (c.is_control() && c != '\n') || invisible
}

/// The hostile articles whose address stands in a text.
fn told(text: &str) -> BTreeSet<usize> {
    let number = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    text.split("/a/hostile/").skip(1).filter_map(number).collect()
}

/// Some way in which articles leave the program.
struct Form {
    name: &'static str,
    text: String,
    /// Whether each article must be in it, by its address.
    whole: bool,
}

pub fn hostile_articles_act_nowhere(machine: &Machine) {
    let page = added_in_batches(machine);
    let lines = journal(machine, "");
    for line in &lines {
        for (key, value) in line.as_object().unwrap().iter().filter(|(key, _)| !key.starts_with('_')) {
            let text = value.as_str().unwrap_or_else(|| panic!("{key} is no text: {value}"));
            assert!(!text.chars().any(|c| acts(c) || c == '\n'), "{key}: {text:?}");
        }
    }
    let news = lines.iter().filter(|line| matches!(line["TOLLWATCH_EVENT"].as_str(), Some("claim.new" | "claim.step")));
    let urls: Vec<&str> = news.filter_map(|line| line["TOLLWATCH_URL"].as_str()).collect();
    assert_eq!(told(&urls.join("\n")).len(), ARTICLES, "each article is in the journal");

    let mut forms = vec![Form { name: "page", text: page, whole: true }];
    forms.extend(commands(machine));
    for Form { name, text, whole } in &forms {
        let text = if name.contains("csv") { text.replace("\r\n", "\n") } else { text.clone() };
        let found = text.chars().find(|c| acts(*c));
        let before = |c: char| text.split(c).next().map(|text| text.chars().rev().take(60).collect::<String>());
        assert_eq!(found, None, "{name}: …{:?} (backwards)", found.and_then(before));
        assert!(!whole || told(&text).len() == ARTICLES, "{name} has {} articles", told(&text).len());
    }
    let page = &forms[0].text;
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
    let tables = forms.iter().filter(|form| form.name.contains("csv"));
    let formulas: Vec<&str> =
        tables.flat_map(|form| form.text.split(['\n', ','])).filter(|cell| computes(cell)).collect();
    assert_eq!(formulas, Vec::<&str>::new());
    eprintln!(
        "{ARTICLES} hostile articles, each in the journal, the text and the JSON log, the tables and the page; {} forms: 0 control characters, 0 formulas, MESSAGE and every other field a text",
        forms.len() + 1
    );
}

/// Adds the articles, and gives what the page showed of each batch.
fn added_in_batches(machine: &Machine) -> String {
    let mut shown = String::new();
    let mut sources = vec![("calm".to_owned(), "/feed/calm/24".to_owned())];
    for first in (0..ARTICLES).step_by(BATCH) {
        sources.push((format!("hostile-{first}"), format!("/feed/hostile/{BATCH}/{first}")));
        let named: Vec<(&str, &str)> = sources.iter().map(|(id, path)| (id.as_str(), path.as_str())).collect();
        machine.watch(&named);
        machine.must("systemctl reload tollwatch");
        let all = first + BATCH;
        machine.until(&format!(
            "[ $(journalctl -u tollwatch -o cat -q | grep -E '^claim.(new|step)' | grep -o '/a/hostile/[0-9]*' | sort -u | wc -l) -ge {all} ]"
        ));
        shown += &machine.must("/usr/bin/python3 /test/ask.py http://127.0.0.1:8787/");
    }
    shown
}

/// What the commands print: of the ledger of the daemon, and of ledgers of their own.
fn commands(machine: &Machine) -> Vec<Form> {
    let mut forms = vec![Form {
        name: "journal, as text",
        text: machine.must("journalctl -u tollwatch -o cat --no-pager"),
        whole: true,
    }];
    for (name, whole) in [
        ("log", true),
        ("log --json", true),
        ("claims --limit 1000", false),
        ("claims --json", true),
        ("claims --csv", true),
        ("series --json", false),
        ("series --csv", false),
        ("sources", false),
    ] {
        let ended = machine.tollwatch(name);
        assert_eq!(ended.code, 0, "{name}: {}", ended.stderr);
        forms.push(Form { name, text: ended.stdout, whole });
    }
    for name in ["once --log-format text", "once --log-format json"] {
        let text = machine.must(&format!("cd /; STATE_DIRECTORY=$(mktemp -d) tollwatch {name} 2>&1"));
        forms.push(Form { name, text, whole: true });
    }
    let ids =
        "$(tollwatch claims --json | grep -E '/a/hostile/[0-9]*[05]\"' | grep -o '\"id\":\"[^\"]*' | cut -d'\"' -f4)";
    let shown =
        format!("cd /; export STATE_DIRECTORY=/var/lib/tollwatch; for id in {ids}; do tollwatch show $id; done");
    forms.push(Form { name: "show", text: machine.must(&shown), whole: false });
    forms
}

/// Whether a spreadsheet would take a cell for a formula.
fn computes(cell: &str) -> bool {
    let cell = cell.trim().trim_matches('"');
    cell.starts_with(['=', '@', '\t']) || (cell.starts_with(['+', '-']) && cell.parse::<f64>().is_err())
}
