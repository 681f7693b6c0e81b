//! Names of months and time zones. A date is read before its language is known, so that these are not in a language's
//! file.

/// The months by all their names, in the cases in which dates use them. Three letters of a name are enough.
const MONTHS: [&[&str]; 12] = [
    &["january", "января", "январь", "січня", "січень", "januar", "janvier", "stycznia"],
    &["february", "февраля", "февраль", "лютого", "лютий", "februar", "février", "fevrier", "lutego"],
    &["march", "марта", "березня", "березень", "märz", "mars", "marca"],
    &["april", "апреля", "апрель", "квітня", "квітень", "avril", "kwietnia"],
    &["may", "мая", "май", "травня", "травень", "mai", "maja"],
    &["june", "июня", "июнь", "червня", "червень", "juni", "juin", "czerwca"],
    &["july", "июля", "июль", "липня", "липень", "juli", "juillet", "lipca"],
    &["august", "августа", "серпня", "серпень", "août", "sierpnia"],
    &["september", "сентября", "сентябрь", "вересня", "вересень", "septembre", "września"],
    &["october", "октября", "октябрь", "жовтня", "жовтень", "oktober", "octobre", "października"],
    &["november", "ноября", "ноябрь", "листопада", "листопад", "novembre", "listopada"],
    &["december", "декабря", "декабрь", "грудня", "грудень", "dezember", "décembre", "grudnia"],
];

/// Time zones with their offset in minutes. Where two share a name, it is the one whose news is read more.
const ZONES: [(&str, i32); 54] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 60),
    ("bst", 60),
    ("cet", 60),
    ("mez", 60),
    ("met", 60),
    ("cest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("sast", 120),
    ("cat", 120),
    ("eest", 180),
    ("idt", 180),
    ("msk", 180),
    ("мск", 180),
    ("trt", 180),
    ("eat", 180),
    ("fet", 180),
    ("msd", 240),
    ("gst", 240),
    ("samt", 240),
    ("irst", 210),
    ("aft", 270),
    ("pkt", 300),
    ("yekt", 300),
    ("ist", 330),
    ("npt", 345),
    ("mmt", 390),
    ("ict", 420),
    ("novt", 420),
    ("wib", 420),
    ("hkt", 480),
    ("sgt", 480),
    ("pht", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nst", -210),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
];

/// The month that a word in lower case names, in full or by three letters or more.
pub(super) fn month(word: &str) -> Option<i8> {
    if word.chars().count() < 3 {
        return None;
    }
    let at = MONTHS.iter().position(|names| names.iter().any(|name| name.starts_with(word)))?;
    i8::try_from(at + 1).ok()
}

/// The offset in minutes of a zone in lower case.
pub(super) fn zone(word: &str) -> Option<i32> {
    ZONES.iter().find(|(name, _)| *name == word).map(|(_, minutes)| *minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_month_is_taken_for_another_and_no_word_for_a_month() {
        for (at, names) in MONTHS.iter().enumerate() {
            for name in *names {
                assert_eq!(month(name), i8::try_from(at + 1).ok(), "{name}");
            }
        }
        for word in ["mayor", "mon", "середа", "сре", "чет", "marked", "de", ""] {
            assert_eq!(month(word), None, "{word}");
        }
    }
}
