-- Versions of articles, as they were read. Only ever inserted into.
CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    source TEXT NOT NULL,
    publisher TEXT,
    title TEXT NOT NULL,
    byline TEXT,
    lang TEXT,
    conflict TEXT,
    published TEXT,
    modified TEXT,
    fetched TEXT NOT NULL,
    raw_sha256 BLOB NOT NULL,
    text_sha256 BLOB NOT NULL,
    text TEXT NOT NULL,
    fingerprint INTEGER NOT NULL,
    -- The version of which this one is a copy, or itself: what counts as one independent source.
    cluster INTEGER NOT NULL
);
CREATE INDEX articles_url ON articles (url, id);
CREATE INDEX articles_source ON articles (source);

-- Raw bodies, deflated; they may be pruned, texts and quotes stay.
CREATE TABLE bodies (
    article INTEGER PRIMARY KEY REFERENCES articles (id),
    body BLOB NOT NULL
);

CREATE TABLE claims (
    id TEXT PRIMARY KEY,
    series TEXT NOT NULL,
    thread TEXT NOT NULL,
    conflict TEXT NOT NULL,
    claimant TEXT,
    claimant_id TEXT,
    attribution TEXT NOT NULL,
    party TEXT,
    victims TEXT NOT NULL,
    grp TEXT,
    outcomes TEXT NOT NULL,
    min INTEGER,
    max INTEGER,
    approx INTEGER NOT NULL,
    vague INTEGER NOT NULL,
    scope TEXT NOT NULL,
    since TEXT,
    as_of TEXT,
    as_of_days INTEGER NOT NULL,
    as_of_stated INTEGER NOT NULL,
    place TEXT,
    rule TEXT NOT NULL,
    confidence REAL NOT NULL,
    first_seen TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX claims_thread ON claims (thread);
CREATE INDEX claims_series ON claims (series, as_of);
CREATE INDEX claims_first_seen ON claims (first_seen);

-- One version of an article prints one claim.
CREATE TABLE sightings (
    id INTEGER PRIMARY KEY,
    claim TEXT NOT NULL REFERENCES claims (id),
    article INTEGER NOT NULL REFERENCES articles (id),
    quote_start INTEGER NOT NULL,
    quote_end INTEGER NOT NULL,
    quote TEXT NOT NULL,
    figure_wording TEXT NOT NULL,
    outcome_wording TEXT NOT NULL,
    seen TEXT NOT NULL,
    UNIQUE (claim, article)
);
CREATE INDEX sightings_article ON sightings (article);

-- The change log: each row's hash covers its content and the hash of the row before.
CREATE TABLE changes (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    claim TEXT,
    payload TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX changes_claim ON changes (claim);

-- The newest version of each article, and when it is read again.
CREATE TABLE rereads (
    url TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    newest INTEGER NOT NULL REFERENCES articles (id),
    due TEXT
) WITHOUT ROWID;
CREATE INDEX rereads_due ON rereads (source, due);
CREATE INDEX rereads_newest ON rereads (newest);

-- Entries of feeds that were read.
CREATE TABLE entries (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    seen TEXT NOT NULL,
    PRIMARY KEY (source, key)
) WITHOUT ROWID;

CREATE TABLE source_state (
    source TEXT PRIMARY KEY,
    health TEXT NOT NULL,
    feed TEXT,
    etag BLOB,
    last_modified BLOB,
    last_poll TEXT,
    last_success TEXT,
    next_due TEXT,
    failures INTEGER NOT NULL,
    last_error TEXT,
    moved_to TEXT,
    moved_since TEXT
) WITHOUT ROWID;

CREATE TRIGGER articles_stay BEFORE UPDATE ON articles BEGIN SELECT RAISE(ABORT, 'articles are only ever added'); END;
CREATE TRIGGER articles_remain BEFORE DELETE ON articles BEGIN SELECT RAISE(ABORT, 'articles are only ever added'); END;
CREATE TRIGGER claims_stay BEFORE UPDATE ON claims BEGIN SELECT RAISE(ABORT, 'claims are only ever added'); END;
CREATE TRIGGER claims_remain BEFORE DELETE ON claims BEGIN SELECT RAISE(ABORT, 'claims are only ever added'); END;
CREATE TRIGGER sightings_stay BEFORE UPDATE ON sightings BEGIN SELECT RAISE(ABORT, 'sightings are only ever added'); END;
CREATE TRIGGER sightings_remain BEFORE DELETE ON sightings BEGIN SELECT RAISE(ABORT, 'sightings are only ever added'); END;
CREATE TRIGGER changes_stay BEFORE UPDATE ON changes BEGIN SELECT RAISE(ABORT, 'changes are only ever added'); END;
CREATE TRIGGER changes_remain BEFORE DELETE ON changes BEGIN SELECT RAISE(ABORT, 'changes are only ever added'); END;
