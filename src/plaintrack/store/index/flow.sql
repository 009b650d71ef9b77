-- The flow: a cache of what became of every item along the first-parent line of a branch. Never migrated: on any doubt it is
-- deleted and folded again from the history.

-- The line, the oldest commit first; `time` is when it was reached: the commit's date, or that of the one before it if that is later.
CREATE TABLE line (position INTEGER PRIMARY KEY, hash TEXT, time INTEGER);
CREATE INDEX line_hash ON line (hash);

-- What the settings said of statuses from a position on: JSON of status → category.
CREATE TABLE workflow (position INTEGER PRIMARY KEY, time INTEGER, statuses TEXT);

-- One item: JSON of its steps (see flow.series.Step), the oldest first; `last` is the position of the latest.
CREATE TABLE life (item TEXT PRIMARY KEY, last INTEGER, steps TEXT) WITHOUT ROWID;
CREATE INDEX life_last ON life (last);
