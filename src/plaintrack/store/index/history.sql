-- The history: a cache of what git's commits did to items. Never migrated: on any doubt it is deleted and read again from git.

-- The texts that stand in many rows: ids, paths, names of fields, authors. 0 is the empty text.
CREATE TABLE name (number INTEGER PRIMARY KEY, text TEXT COLLATE NOCASE);
CREATE INDEX name_text ON name (text);
INSERT INTO name VALUES (0, '');

-- One commit. `stamp` is its corrected commit date: its own, or one second after the latest of its parents if that is later,
-- so that the order by (stamp, hash) never puts a parent after its child and is the same in every clone.
CREATE TABLE revision (
  number INTEGER PRIMARY KEY, hash BLOB, stamp INTEGER, time INTEGER, date TEXT, author INTEGER, email INTEGER, message TEXT
);
CREATE TABLE parent (revision INTEGER, place INTEGER, parent INTEGER, PRIMARY KEY (revision, place)) WITHOUT ROWID;

-- A commit that was asked for, and the numbers of all it reaches, as the bits of a little-endian integer; `used` orders the rows.
CREATE TABLE tip (hash TEXT PRIMARY KEY, reach BLOB, used INTEGER);

-- The last commits of a reading that has not come to its end: all that they reach has been read.
CREATE TABLE head (hash TEXT PRIMARY KEY);

-- What a commit did to an item; the fields that a new one had are in `initial`.
CREATE TABLE change (
  revision INTEGER, place INTEGER, item INTEGER, path INTEGER, kind TEXT, field INTEGER, old TEXT, new TEXT,
  PRIMARY KEY (revision, place)
) WITHOUT ROWID;

-- The file of an item in a commit that touched it: path and blob before and after (0 and NULL: it was not there).
CREATE TABLE touch (
  revision INTEGER, place INTEGER, item INTEGER, old_path INTEGER, old_blob BLOB, path INTEGER, blob BLOB,
  PRIMARY KEY (revision, place)
) WITHOUT ROWID;

-- The fields of an item that came with the change (revision, place). They are as many as all else, so they are read only when
-- they are asked for: of the changes of revisions up to `until`; those of merges at once.
CREATE TABLE initial (
  field INTEGER, revision INTEGER, place INTEGER, sub INTEGER, item INTEGER, path INTEGER, new TEXT,
  PRIMARY KEY (field, revision, place, sub)
) WITHOUT ROWID;
CREATE TABLE derived (until INTEGER);
INSERT INTO derived VALUES (0);
