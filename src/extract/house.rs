//! The publisher of an article as a claimant.

use crate::extract::Edition;
use crate::extract::meaning::Meaning;
use crate::extract::scan::Scan;
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::spelling::folded;
use crate::extract::subject::Reader;
use crate::extract::tag::Tag;
use std::rc::Rc;

/// What conflict files call a newspaper or a broadcaster.
const MEDIA: &str = "media";

impl Edition {
    /// The publisher as a claimant of its own figures: an office or list that the conflict file knows, or one that is
    /// called an organisation, but no newspaper.
    pub(super) fn house(&self, publisher: &str) -> Option<Rc<Speaker>> {
        self.known_house(publisher).or_else(|| self.unknown_house(publisher)).map(Rc::new)
    }

    /// "Doctors for Open Corridors", "Centre for Land Warfare": an organisation by its name.
    fn unknown_house(&self, publisher: &str) -> Option<Speaker> {
        let words = &self.language.file.text.organisations;
        let name = publisher.split('(').next().unwrap_or_default().trim();
        let outlets = &self.language.file.text.outlets;
        let called = name.split(' ').any(|word| words.iter().any(|known| known == word))
            && !name.split(' ').any(|word| outlets.iter().any(|known| known == word));
        let key = folded(name.rsplit(' ').next().unwrap_or_default());
        called.then(|| Speaker {
            name: name.to_owned(),
            id: None,
            row: None,
            side: None,
            counts: None,
            sort: Sort::Body,
            key,
        })
    }

    fn known_house(&self, publisher: &str) -> Option<Speaker> {
        let scan = Scan::new(publisher, &self.language, &self.lexicon);
        let (paragraph, range) = scan.sentences().into_iter().next()?;
        let sentence = scan.sentence(paragraph, &range, Vec::new());
        let reader = Reader { scan: &scan, names: &self.names, items: &sentence.items };
        let known = sentence.items.iter().position(|item| item.has(Tag::Claimant))?;
        let row =
            sentence.items.get(known)?.meaning(|m| if let Meaning::Claimant(row) = m { Some(row) } else { None })?;
        let is_office = self.names.claimant(row).is_some_and(|claimant| claimant.kind != MEDIA);
        reader.speaker(&(known..known + 1)).filter(|_| is_office)
    }
}
