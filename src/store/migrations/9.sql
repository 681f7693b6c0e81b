-- Which address gave the validators, and what the last good answer and its feed said about when to come back.
ALTER TABLE source_state ADD COLUMN validators_of TEXT;
ALTER TABLE source_state ADD COLUMN fresh_s INTEGER;
ALTER TABLE source_state ADD COLUMN ttl_s INTEGER;
ALTER TABLE source_state ADD COLUMN quiet_hours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_state ADD COLUMN quiet_days INTEGER NOT NULL DEFAULT 0;

-- Entries whose articles could not be read yet: how often that was tried, and before when it is not tried again.
CREATE TABLE unread (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    failures INTEGER NOT NULL,
    due TEXT NOT NULL,
    PRIMARY KEY (source, key)
) WITHOUT ROWID;
