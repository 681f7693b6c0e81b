//! The engine's vocabulary: what a word can be, whatever the language.

use serde::Deserialize;

macro_rules! tags {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a word or phrase is. A language file lists its words under these names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub(in crate::extract) enum Tag { $($(#[$doc])* $name,)* }

        impl Tag {
            /// Every tag with the name it has in language files.
            pub(in crate::extract) const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $text),)*];
        }
    };
}

tags! {
    /// Joins equals: "and".
    And = "and",
    /// Joins alternatives: "or".
    Or = "or",
    /// Opens a clause that does not belong to the one before: "but", "while".
    Barrier = "barrier",
    /// Forms of "be", "have" and the like.
    Auxiliary = "auxiliary",
    /// "for every": a share without a count.
    Ratio = "ratio",
    /// What is done to enemies alone: "neutralised".
    Hostile = "hostile",
    /// "number" as a verb.
    Numbers = "numbers",
    /// "has", "have" before a participle: what has happened up to now.
    Perfect = "perfect",
    /// Forms of "have", by which a list or an office may have a figure.
    Have = "have",
    /// "fell", of soldiers: died.
    Fall = "fall",
    /// "the worst": what it compares with dates nothing.
    Superlative = "superlative",
    /// Forms of "be", which turn a verb of saying around: "was confirmed".
    Be = "be",
    /// "its", which stands for no person.
    Its = "its",
    /// What is not said to have happened: "could", "would", "if".
    Modal = "modal",
    /// "no", "not".
    Negation = "negation",
    /// Articles and demonstratives.
    Article = "article",
    /// Prepositions.
    Preposition = "preposition",
    /// "of".
    Of = "of",
    /// "to".
    To = "to",
    /// "from".
    From = "from",
    /// "by".
    By = "by",
    /// "in", "at", "near": before a place.
    In = "in",
    /// "on", before a day or a place.
    On = "on",
    /// "between", before two ends of a range.
    Between = "between",
    /// Joins two ends of a range.
    RangeTo = "range-to",
    /// "since".
    Since = "since",
    /// "ago".
    Ago = "ago",
    /// "last", "past", before a stretch of time.
    Last = "last",
    /// "past", before a stretch that ends today: "the past week" is not "last week".
    Running = "running",
    /// "this", before a stretch of time.
    This = "this",
    /// "late" in a stretch of time.
    Late = "late",
    /// "the end of" a stretch of time.
    End = "end",
    /// "the first half of" a stretch of time.
    FirstHalf = "first-half",
    /// "the second half of" a stretch of time.
    SecondHalf = "second-half",
    /// "mid", "the middle of" a stretch of time.
    Mid = "mid",
    /// "early" in a stretch of time.
    Early = "early",
    /// "up 1,120", "an increase of": what the last day added.
    Increase = "increase",
    /// "a day", "per month": what makes a number a rate.
    Per = "per",
    /// "as of", "by", "until": what dates a total.
    AsOf = "as-of",
    /// "among", before the people of a loss.
    Among = "among",
    /// "as opposed to", "against": the same outcome for the other side.
    Versus = "versus",
    /// A verb of saying that names its hearer: "told".
    Told = "told",
    /// "alone", behind a day: the toll of that day.
    Alone = "alone",
    /// "so far".
    SoFar = "so-far",
    /// "start", "began", of a war.
    Start = "start",
    /// The war itself: "war", "invasion".
    War = "war",
    /// "weeks of fighting", "years of war".
    Stretch = "stretch",
    /// "ceasefire", "truce": since it, a figure is no total of the war.
    Truce = "truce",
    /// "he".
    He = "he",
    /// "she".
    She = "she",
    /// "it".
    It = "it",
    /// "they".
    They = "they",
    /// "we", "our".
    We = "we",
    /// "its", "his", "their".
    Own = "own",
    /// A verb of saying.
    Said = "said",
    /// A verb of saying that needs a speaker right before it ("put", "count", "name").
    Names = "names",
    /// "according to".
    According = "according",
    /// A noun that carries a saying: "estimate", "report", "count".
    Report = "report",
    /// What a person is called by: "governor", "spokesman", "General".
    Title = "title",
    /// Who speaks for many: "officials", "authorities".
    Officials = "officials",
    /// What speaks as a body: "ministry", "army", "council".
    Body = "body",
    /// A word that belongs into the name of a speaker: "senior", "regional", "health".
    Qualifier = "qualifier",
    /// Names a publication as its own claimant: "media", "outlet".
    Outlet = "outlet",
    /// "including", "among them".
    Including = "including",
    /// "include", as a verb whose subject are the dead.
    Include = "include",
    /// "of them", "of whom".
    OfThem = "of-them",
    /// "the dead", "those killed", as a reference back.
    TheDead = "those",
    /// "another", "more", "further".
    Another = "another",
    /// "others", standing for people.
    Others = "others",
    /// A word that may stand between a number and its noun.
    Modifier = "modifier",
    /// Not people: equipment, money, measures.
    Thing = "thing",
    /// A currency sign or word.
    Money = "money",
    /// "percent".
    Percent = "percent",
    /// How badly somebody is wounded.
    Severity = "severity",
    /// "years old", "aged".
    Age = "age",
    /// "number of", "total of", before people.
    NumberOf = "number-of",
    /// Says where a figure stands: "rose to", "stands at", "reached".
    Reach = "reach",
    /// Loses people or ground: "lost".
    Lose = "lose",
    /// Takes lives: "claimed", "took", "cost".
    Take = "take",
    /// "hostages": people who are held by being called so.
    Hostages = "hostages",
    /// "holds", "remain": says of hostages that they are not free.
    Hold = "hold",
    /// "on both sides": of neither side alone.
    BothSides = "both-sides",
    /// "lives", counted instead of people.
    Lives = "lives",
    /// Puts somebody into a state: "left".
    Leave = "leave",
    /// "the enemy".
    Enemy = "enemy",
    /// An attack: "strike", "shelling".
    Attack = "attack",
    /// A longer event: "siege", "battle", "operation".
    Battle = "battle",
    /// Another war or time.
    OtherWar = "other-war",
    /// Another cause of death.
    OtherCause = "other-cause",
    /// Hunger, of which people die in wars too, so that it makes no article one about something else.
    Hunger = "hunger",
    /// Prisoners coming home, people moved away.
    Exchange = "exchange",
    /// Bodies found or returned.
    Bodies = "bodies",
    /// Explains a word: "refers to", "meaning".
    Define = "define",
    /// "from 63 to 89": what a figure was before.
    Raised = "raised",
    /// A verb by which somebody owns to losses: "acknowledged".
    Admits = "admits",
    /// "at first", "an earlier toll": a figure that a newer one of the article replaces.
    Superseded = "superseded",
    /// "who", "that", "which".
    Relative = "relative",
    /// "a", standing for one before a person.
    One = "one",
    /// A word for a kind of place: "region", "district".
    Region = "region",
    /// A word for a settlement: "town", "village".
    Settlement = "settlement",
    /// "northern", "southern", before a place.
    Direction = "direction",
    /// Page furniture: "read also", "subscribe".
    Furniture = "furniture",
    /// Words that arrests of suspects and protesters carry.
    Arrest = "arrest",
    /// What befalls people, or what somebody does, that harms nobody: they stay, flee, gather; power is seized.
    Present = "present",
    /// An outcome word, as a finite verb that takes the people as object.
    Verb = "outcome-verb",
    /// … as what was done to the people before it.
    Done = "outcome-done",
    /// … as a noun for the event: "deaths".
    Noun = "outcome-noun",
    /// … as a noun for a sum: "death toll".
    Toll = "outcome-toll",
    /// A number that may count people.
    Count = "count",
    /// A word for people.
    People = "people",
    /// A date or a stretch of time.
    Time = "time",
    /// A side as a country.
    Country = "country",
    /// A side as an adjective.
    Side = "side",
    /// The soldiers of a side.
    Forces = "forces",
    /// The people of a side.
    Nation = "nation",
    /// The government of a side.
    Government = "government",
    /// A known claimant.
    Claimant = "claimant",
    /// A known place.
    Place = "place",
    /// A capitalised word that no list knows.
    Name = "name",
    /// A comma.
    Comma = "comma",
    /// A semicolon.
    Semicolon = "semicolon",
    /// A colon.
    Colon = "colon",
    /// A dash.
    Dash = "dash",
    /// A bracket.
    Bracket = "bracket",
    /// A quotation mark.
    QuoteMark = "quote",
    /// A plus sign.
    Plus = "plus-sign",
    /// The possessive ending.
    Possessive = "possessive",
    /// Any other word.
    Word = "word",
}

impl Tag {
    /// Reads a name of a language file.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, text)| *text == name).map(|(tag, _)| *tag)
    }

    /// The set of just this tag.
    #[inline]
    pub(super) const fn set(self) -> TagSet {
        TagSet(1 << self as u8)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("there is no tag “{name}”")))
    }
}

const _: () = assert!(Tag::ALL.len() <= 128, "a set of tags has as many bits");

/// A set of tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TagSet(u128);

impl TagSet {
    pub(super) const EMPTY: Self = Self(0);
    pub(super) const ALL: Self = Self(u128::MAX);

    #[inline]
    pub(super) const fn of(tags: &[Tag]) -> Self {
        let mut bits = 0;
        let mut rest = tags;
        while let [tag, more @ ..] = rest {
            bits |= 1 << *tag as u8;
            rest = more;
        }
        Self(bits)
    }

    #[inline]
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(super) const fn has(self, tag: Tag) -> bool {
        self.0 & (1 << tag as u8) != 0
    }

    #[inline]
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn is_single(self) -> bool {
        self.0.is_power_of_two()
    }

    #[inline]
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
