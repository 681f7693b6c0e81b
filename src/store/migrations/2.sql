-- How far the changes were written to the log of the daemon. What an older tollwatch recorded, it also logged.
CREATE TABLE announced (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), seq INTEGER NOT NULL);
INSERT INTO announced SELECT 1, coalesce(max(seq), 0) FROM changes;

-- Which version of tollwatch brought each format: what an older one must be replaced with.
CREATE TABLE formats (format INTEGER PRIMARY KEY, version TEXT NOT NULL);
