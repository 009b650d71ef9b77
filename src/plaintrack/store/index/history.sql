-- The history: a cache of what git's commits did to items. Never migrated: on any doubt it is deleted and read again from git.

-- One commit. `stamp` is its corrected commit date: its own, or one second after the latest of its parents if that is later,
-- so that the order by (stamp, hash) never puts a parent after its child and is the same in every clone.
CREATE TABLE revision (
  number INTEGER PRIMARY KEY, hash TEXT UNIQUE, stamp INTEGER, time INTEGER,
  date TEXT, author TEXT, email TEXT, message TEXT
);
CREATE INDEX revision_stamp ON revision (stamp, hash);
CREATE TABLE parent (revision INTEGER, place INTEGER, parent INTEGER, PRIMARY KEY (revision, place)) WITHOUT ROWID;

-- A commit that was asked for, and the numbers of all it reaches, as the bits of a little-endian integer; `used` orders the rows.
CREATE TABLE tip (hash TEXT PRIMARY KEY, reach BLOB, used INTEGER);

-- One content at one path, parsed; `data` is the JSON of all fields (NULL: it cannot be read, `problem` says why).
CREATE TABLE version (number INTEGER PRIMARY KEY, blob TEXT, path TEXT, item TEXT, data TEXT, body TEXT, problem TEXT);
CREATE UNIQUE INDEX version_blob ON version (blob, path);

-- What a commit did to an item; kind `initial` holds the fields of a new item.
CREATE TABLE change (
  number INTEGER PRIMARY KEY, revision INTEGER, item TEXT COLLATE NOCASE, path TEXT, kind TEXT, field TEXT, old TEXT, new TEXT
);
CREATE INDEX change_item ON change (item);
CREATE INDEX change_field ON change (field, kind);
CREATE INDEX change_revision ON change (revision);

-- The file of an item in a commit that touched it: path and blob before and after (NULL: it was not there).
CREATE TABLE touch (revision INTEGER, item TEXT COLLATE NOCASE, old_path TEXT, old_blob TEXT, path TEXT, blob TEXT);
CREATE INDEX touch_item ON touch (item);
CREATE INDEX touch_path ON touch (path);
CREATE INDEX touch_revision ON touch (revision);
