-- Before when the feed itself is not asked, though articles may be read again; why the next poll is when it is; in how
-- many polls in a row the feed has said that it moved.
ALTER TABLE source_state ADD COLUMN feed_due TEXT;
ALTER TABLE source_state ADD COLUMN due_reason TEXT;
ALTER TABLE source_state ADD COLUMN moved_polls INTEGER NOT NULL DEFAULT 0;

-- Hosts that asked to be left alone: until when, and how often in a row.
CREATE TABLE hosts (host TEXT PRIMARY KEY, held_until TEXT NOT NULL, refusals INTEGER NOT NULL) WITHOUT ROWID;

-- The robots.txt of hosts: the file, or that all or nothing is allowed, and until when that is believed.
CREATE TABLE robots (place TEXT PRIMARY KEY, verdict TEXT NOT NULL, file BLOB, until TEXT NOT NULL) WITHOUT ROWID;

-- What was asked for, kept for some days.
CREATE TABLE requests (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    reason TEXT NOT NULL,
    status INTEGER,
    bytes INTEGER NOT NULL,
    outcome TEXT,
    wait_s INTEGER
);
CREATE INDEX requests_by_source ON requests (source, id);
