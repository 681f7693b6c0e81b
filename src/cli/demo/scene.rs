//! What happens in the demo, scene by scene. Outlets, people and figures are invented, offices are real.

/// An outlet with its feed.
pub(super) struct Outlet {
    /// Its id as a source.
    pub(super) id: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// The form of its feed.
    pub(super) form: Form,
}

/// The form of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Rss,
    Atom,
    Rdf,
    Json,
}

/// The outlets; articles name theirs by its place here.
pub(super) const OUTLETS: [Outlet; 4] = [
    Outlet { id: "northern-wire", name: "Northern Wire", form: Form::Rss },
    Outlet { id: "morning-ledger", name: "The Morning Ledger", form: Form::Atom },
    Outlet { id: "harbour-gazette", name: "Harbour Gazette", form: Form::Json },
    Outlet { id: "valley-post", name: "Valley Post", form: Form::Rdf },
];

/// A scene.
pub(super) struct Scene {
    /// What the narrator says.
    pub(super) told: &'static str,
}

/// The scenes in their order.
pub(super) const SCENES: [Scene; 7] = [
    Scene {
        told: "The Northern Wire reports an attack, the Morning Ledger an estimate. Feeds are polled, articles read, claims found.",
    },
    Scene {
        told: "Two papers print the wire's story word for word: the same claim, seen again, but from one independent source.",
    },
    Scene { told: "The General Staff gives its daily total …" },
    Scene { told: "… and a new one the next day: a step in the series." },
    Scene {
        told: "The Northern Wire corrects an article: what it no longer says is withdrawn, what it says now is new.",
    },
    Scene { told: "The Valley Post's server fails: one warning, and the others are polled on." },
    Scene { told: "It comes back." },
];

/// The scene in which the Valley Post's feed fails.
pub(super) const FAILING: usize = 5;
/// The outlet that fails.
pub(super) const FAILS: usize = 3;

/// An article of the demo.
pub(super) struct Article {
    pub(super) outlet: usize,
    /// The scene in which it appears.
    pub(super) from: usize,
    pub(super) slug: &'static str,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    /// The scene from which on it reads otherwise, and how.
    pub(super) corrected: Option<(usize, &'static str)>,
}

const STATION: &str = "A missile struck the railway station of Kramatorsk on {today}, killing at least 12 people and wounding 40, the regional \
governor, Vadym Filashkin, said on Telegram.

The platforms were crowded with families who were waiting for an evening train, he said, and two of the carriages burned out \
completely. Firefighters from three towns worked until midnight.

Three of the dead were children, Filashkin added.

The city council opened a school for those who could not go home and asked the residents for blood, water and blankets.";

/// Every article.
pub(super) const ARTICLES: [Article; 7] = [
    Article { outlet: 0, from: 0, slug: "station", title: "Missile hits railway station in Kramatorsk", text: STATION, corrected: None },
    Article {
        outlet: 1,
        from: 0,
        slug: "estimate",
        title: "London publishes its estimate",
        text: "Between 175,000 and 200,000 Russian soldiers have been killed or wounded since the start of the full-scale invasion, the UK \
Ministry of Defence said on {today}.

It did not say how it had arrived at the figure, which is a good deal lower than the one that Kyiv gives.",
        corrected: None,
    },
    Article { outlet: 2, from: 1, slug: "kramatorsk", title: "Missile hits railway station in Kramatorsk", text: STATION, corrected: None },
    Article { outlet: 3, from: 1, slug: "news-17", title: "UPDATE: Missile hits railway station in Kramatorsk", text: STATION, corrected: None },
    Article {
        outlet: 1,
        from: 2,
        slug: "losses-1",
        title: "The General Staff on Russia's losses",
        text: "Russia has lost 1,000,340 troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said on \
{yesterday}.

The figure cannot be verified; Moscow has not spoken of its losses for a long time.",
        corrected: None,
    },
    Article {
        outlet: 2,
        from: 3,
        slug: "losses-2",
        title: "Another day, another thousand",
        text: "Russia has lost 1,001,500 troops in Ukraine since the beginning of its full-scale invasion, Ukraine's General Staff said on \
{today}.

Analysts read the number as one of dead and wounded together, although the General Staff does not say so.",
        corrected: None,
    },
    Article {
        outlet: 0,
        from: 0,
        slug: "market",
        title: "Shelling of a market in Kherson",
        text: "Five people were killed in the shelling of a market in Kherson on {yesterday}, Governor Oleksandr Prokudin said.

Stalls burned down to the ground, and the tram line along the river was closed for the day.",
        corrected: Some((
            4,
            "Four people were killed in the shelling of a market in Kherson on {yesterday}, Governor Oleksandr Prokudin said.

Stalls burned down to the ground, and the tram line along the river was closed for the day. An earlier version of this article gave \
another figure.",
        )),
    },
];

impl Article {
    /// Its text in a scene.
    pub(super) fn text_in(&self, scene: usize) -> &'static str {
        match self.corrected {
            Some((from, text)) if scene >= from => text,
            Some(_) | None => self.text,
        }
    }
}
