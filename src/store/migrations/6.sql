-- Raw bodies that were dropped because of their age: when, and a digest that ties the row to its article. A body that is
-- neither there nor here is missing.
CREATE TABLE pruned (
    article INTEGER PRIMARY KEY REFERENCES articles (id),
    at TEXT NOT NULL,
    digest BLOB NOT NULL
);
CREATE TRIGGER pruned_stay BEFORE UPDATE ON pruned BEGIN SELECT RAISE(ABORT, 'what was pruned is only ever added to'); END;
CREATE TRIGGER pruned_remain BEFORE DELETE ON pruned BEGIN SELECT RAISE(ABORT, 'what was pruned is only ever added to'); END;
