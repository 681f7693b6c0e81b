-- A row of claims is one telling: one way in which articles tell a claim. Which tellings are the same claim follows from
-- all of them, whatever the order in which they were read.
DROP TRIGGER claims_stay;
ALTER TABLE claims ADD COLUMN number TEXT NOT NULL DEFAULT '';
-- SHA-256 over the other columns.
ALTER TABLE claims ADD COLUMN digest BLOB;
UPDATE claims SET number = CASE WHEN vague THEN '~' ELSE '' END ||
    CASE WHEN min IS NULL THEN max WHEN max IS NULL OR max = min THEN min ELSE min || '-' || max END;
DROP INDEX claims_thread;
DROP INDEX claims_series;
DROP INDEX claims_first_seen;
CREATE INDEX claims_strand ON claims (thread, number);
-- What an older format lacked is filled in once.
CREATE TRIGGER claims_stay BEFORE UPDATE ON claims WHEN OLD.digest IS NOT NULL BEGIN SELECT RAISE(ABORT, 'claims are only ever added'); END;

-- The seal of an article version: a hash over it, its sightings, and the seal before it.
CREATE TABLE seals (
    article INTEGER PRIMARY KEY REFERENCES articles (id),
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL
);
CREATE TRIGGER seals_stay BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'seals are only ever added'); END;
CREATE TRIGGER seals_remain BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seals are only ever added'); END;

-- What follows is no record but an index of it, which `verify` works out again: the claim that each telling is of, …
CREATE TABLE heads (
    telling TEXT PRIMARY KEY REFERENCES claims (id),
    -- The id of the claim if nothing else told it; it goes on to lead to the claim.
    own TEXT NOT NULL,
    claim TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX heads_claim ON heads (claim);
CREATE INDEX heads_own ON heads (own);

-- … each claim with its counts, …
CREATE TABLE standing (
    claim TEXT PRIMARY KEY,
    telling TEXT NOT NULL,
    series TEXT NOT NULL,
    thread TEXT NOT NULL,
    day TEXT,
    as_of TEXT,
    firm INTEGER NOT NULL,
    -- The claim whose outcome this one tells otherwise, and the one that it merely rounds: then it is no figure of its own.
    rewords TEXT,
    rounds TEXT,
    first_seen TEXT NOT NULL,
    first INTEGER NOT NULL,
    sightings INTEGER NOT NULL,
    independent INTEGER NOT NULL,
    -- How many articles print it now.
    current INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX standing_thread ON standing (thread, day);
CREATE INDEX standing_series ON standing (series, as_of, first_seen) WHERE rewords IS NULL AND rounds IS NULL AND current > 0;
CREATE INDEX standing_first_seen ON standing (first_seen);

-- … and the independent sources of each claim.
CREATE TABLE copies (
    claim TEXT NOT NULL,
    cluster INTEGER NOT NULL,
    fingerprint INTEGER NOT NULL,
    PRIMARY KEY (claim, cluster)
) WITHOUT ROWID;

INSERT INTO heads (telling, own, claim) SELECT id, id, id FROM claims;
INSERT INTO standing (claim, telling, series, thread, day, as_of, firm, first_seen, first, sightings, independent, current)
SELECT c.id, c.id, c.series, c.thread, CASE WHEN c.scope = 'incident' THEN coalesce(c.since, c.as_of) ELSE c.as_of END, c.as_of,
    c.as_of_stated AND c.as_of_days <= 1, c.first_seen, min(s.id), count(DISTINCT a.url), count(DISTINCT a.cluster),
    count(DISTINCT CASE WHEN EXISTS (SELECT 1 FROM rereads r WHERE r.newest = a.id) THEN a.url END)
FROM claims c JOIN sightings s ON s.claim = c.id JOIN articles a ON a.id = s.article GROUP BY c.id;
INSERT INTO copies (claim, cluster, fingerprint)
SELECT s.claim, a.cluster, min(a.fingerprint) FROM sightings s JOIN articles a ON a.id = s.article GROUP BY s.claim, a.cluster;

-- A deleted article withdraws nothing; that it is gone is noted. What an article is read again with.
ALTER TABLE rereads ADD COLUMN gone TEXT;
ALTER TABLE rereads ADD COLUMN etag BLOB;
ALTER TABLE rereads ADD COLUMN last_modified BLOB;
-- How often its claims changed from one version to the next.
ALTER TABLE rereads ADD COLUMN flips INTEGER NOT NULL DEFAULT 0;

-- Changes that an output has not taken yet begin after this one.
CREATE TABLE outputs (
    output TEXT PRIMARY KEY,
    done INTEGER NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    next_try TEXT,
    last_error TEXT
) WITHOUT ROWID;
