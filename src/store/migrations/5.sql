-- What kind of trouble a source is in.
ALTER TABLE source_state ADD COLUMN trouble TEXT;
