-- Where the two chains end, so that what is cut off at the end is missed.
CREATE TABLE ends (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    article INTEGER NOT NULL,
    seal BLOB NOT NULL,
    change INTEGER NOT NULL,
    hash BLOB NOT NULL
);
INSERT INTO ends (only_row, article, seal, change, hash)
SELECT 1, a.article, coalesce((SELECT hash FROM seals WHERE article = a.article), zeroblob(32)),
    c.change, coalesce((SELECT hash FROM changes WHERE seq = c.change), zeroblob(32))
FROM (SELECT coalesce(max(id), 0) AS article FROM articles) a, (SELECT coalesce(max(seq), 0) AS change FROM changes) c;

-- What is kept of the text of each article that is no copy, to tell its copies: an index, which `verify` works out again.
CREATE TABLE sketches (article INTEGER PRIMARY KEY REFERENCES articles (id), sketch BLOB NOT NULL);
ALTER TABLE copies DROP COLUMN fingerprint;
