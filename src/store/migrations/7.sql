-- The figures of all series from the newest day on: the first of a series that is met is its latest.
CREATE INDEX standing_newest ON standing (as_of DESC, series, telling) WHERE rewords IS NULL AND rounds IS NULL AND current > 0;
-- Changes since a time, and those of a kind.
CREATE INDEX changes_at ON changes (at);
CREATE INDEX changes_event ON changes (event);
