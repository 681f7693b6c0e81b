//! What becomes of a story on its way from site to site.

use crate::Story;

/// Words and what those who spin texts put in their place.
const SPUN: &[(&str, &str)] = &[
    ("killed", "murdered"),
    ("killing", "leaving dead"),
    ("at least", "no fewer than"),
    ("people", "individuals"),
    ("said", "stated"),
    ("says", "states"),
    ("strike", "hit"),
    ("attack", "assault"),
    ("city", "town"),
    ("crowded", "busy"),
    ("children", "kids"),
    ("women", "females"),
    ("more than", "over"),
    ("about", "around"),
    ("believe", "think"),
    ("building", "structure"),
    ("hospital", "clinic"),
    ("reported", "informed"),
    ("wounded", "hurt"),
    ("wounding", "hurting"),
    ("soldiers", "troopers"),
    ("forces", "units"),
    ("region", "area"),
    ("figure", "number"),
    ("shells", "projectiles"),
    ("died", "perished"),
    ("dead", "deceased"),
    ("war", "conflict"),
    ("large", "big"),
    ("huge", "enormous"),
    ("since", "from"),
    ("before", "prior to"),
    ("after", "following"),
    ("because", "since"),
    ("officials", "authorities"),
    ("condemned", "denounced"),
    ("condemns", "denounces"),
    ("військових", "вояків"),
    ("ворога", "противника"),
    ("повідомляє", "інформує"),
    ("знищили", "ліквідували"),
    ("минулу", "попередню"),
    ("втрати", "збитки"),
];

const BOILERPLATE: &str = "Sign up for our morning newsletter and get the most important stories of the day in your inbox, free of charge. \
By signing up you agree to our terms of use and to our privacy policy; you can leave the list at any time with one click.\n\n\
Our journalists work around the clock to bring you independent reporting from the ground. If you value what we do, consider becoming a \
member: even a small monthly sum helps us to keep this site open to everybody. © 2024 All rights reserved. Reproduction without written \
permission of the publisher is prohibited.";

/// Copies of a story with what was done to them.
pub(crate) fn of(story: &Story) -> Vec<(&'static str, Story)> {
    let with = |title: &str, text: String| Story { event: story.event.clone(), title: title.to_owned(), text };
    let same = |text: String| with(&story.title, text);
    let paragraphs: Vec<&str> = story.text.split("\n\n").collect();
    let credited = format!(
        "KYIV, Ukraine (Agency) — {}\n\nReporting by our correspondents in Kyiv; Editing by the world desk",
        story.text
    );
    let mut out = vec![
        (
            "another headline",
            with("LIVE: What we know so far about the latest developments in the war", story.text.clone()),
        ),
        ("dateline and credits", same(credited)),
        ("AMP page", same(amp(&paragraphs))),
        ("another figure", same(corrected(&story.text))),
        ("boilerplate behind it", same(format!("{}\n\n{BOILERPLATE}", story.text))),
        ("cut after two fifths", same(format!("{}… Continue reading with a subscription", words(&story.text, 2, 5)))),
        ("cut after one fifth", with("", format!("{} […]", words(&story.text, 1, 5)))),
        ("paragraphs in another order", same(turned(&paragraphs))),
        ("spun lightly", same(spun(&story.text))),
        ("spun heavily", with(&spun(&story.title), spun_heavily(&story.text))),
    ];
    if story.text.split_whitespace().count() < 100 {
        // A fifth of a short text is a sentence.
        out.retain(|(kind, _)| *kind != "cut after one fifth");
    }
    out
}

fn amp(paragraphs: &[&str]) -> String {
    let kept = &paragraphs[..paragraphs.len().max(2) - 1];
    let kept: Vec<String> = kept.iter().map(|text| text.replace(['"', '“', '”'], "''").replace('\'', "’")).collect();
    kept.join("\n\nAdvertisement\n\nRead more: Everything that happened overnight\n\n")
}

/// The largest number becomes another one.
fn corrected(text: &str) -> String {
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != ',').map(|number| number.trim_matches(','));
    let largest = numbers.filter(|number| !number.is_empty()).max_by_key(|number| number.len()).unwrap_or("0");
    text.replace(largest, "31,415")
}

fn words(text: &str, share: usize, of: usize) -> String {
    let all: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    all[..all.len() * share / of].concat().trim_end().to_owned()
}

fn turned(paragraphs: &[&str]) -> String {
    let middle = paragraphs.len() / 2;
    [&paragraphs[middle..], &paragraphs[..middle]].concat().join("\n\n")
}

fn spun(text: &str) -> String {
    SPUN.iter().fold(text.to_owned(), |text, (from, to)| text.replace(&format!(" {from} "), &format!(" {to} ")))
}

/// Other words, each fifteenth word left out, and each two sentences in the other order.
fn spun_heavily(text: &str) -> String {
    let text = spun(text);
    let sentences: Vec<&str> = text.split_inclusive(". ").collect();
    let swapped: Vec<&str> = sentences.chunks(2).flat_map(|two| two.iter().rev().copied()).collect();
    let kept = swapped.concat();
    let kept = kept.split_inclusive(' ').enumerate().filter(|(at, _)| at % 15 != 7).map(|(_, word)| word);
    kept.collect()
}
