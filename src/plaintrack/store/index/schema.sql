-- The index: a cache of parsed items. Never migrated: on any doubt it is deleted and made again from the files.

-- One folder of the workspace; `signature` digests the names and stamps of its files, NULL while one of them is racy.
CREATE TABLE folder (path TEXT PRIMARY KEY, signature BLOB) WITHOUT ROWID;

-- One Markdown file as it was last read. The stamp is (mtime, ctime, size, inode); `racy`: a later write could leave the same stamp.
CREATE TABLE file (
  number INTEGER PRIMARY KEY,
  folder TEXT NOT NULL, name TEXT NOT NULL,
  mtime INTEGER, ctime INTEGER, size INTEGER, inode INTEGER, racy INTEGER,
  digest BLOB,                 -- of the content, see store.digest
  UNIQUE (folder, name)
);

-- What is wrong in a file, in the order of the places.
CREATE TABLE problem (
  file INTEGER NOT NULL, code TEXT, path TEXT, message TEXT, hint TEXT,
  line INTEGER, "column" INTEGER, excerpt TEXT, severity TEXT
);
CREATE INDEX problem_file ON problem (file);

-- One item. Texts are in normalisation form C, '' when unset; `data` is the JSON of all fields as the file says them.
CREATE TABLE item (
  number INTEGER PRIMARY KEY,  -- that of its file
  path TEXT, folder TEXT, id TEXT, title TEXT, type TEXT, status TEXT, category TEXT, priority TEXT,
  status_rank INTEGER, priority_rank INTEGER, type_rank INTEGER,
  assignee TEXT, tags TEXT, project TEXT, milestone TEXT, parent TEXT, goal TEXT,
  start TEXT, due TEXT, wait TEXT, created TEXT, closed TEXT,
  estimate REAL, remaining REAL,        -- minutes
  rank TEXT, repeat TEXT, updated TEXT, archived INTEGER,
  steps INTEGER, ticked INTEGER, children INTEGER NOT NULL DEFAULT 0, children_closed INTEGER NOT NULL DEFAULT 0,
  tag_count INTEGER, next INTEGER, blocked INTEGER NOT NULL DEFAULT 0, blocking INTEGER NOT NULL DEFAULT 0,
  due_day INTEGER, wait_day INTEGER, created_day INTEGER, -- days in the workspace's zone as proleptic ordinals, NULL where there is none
  start_at REAL, due_at REAL, wait_at REAL, created_at REAL, closed_at REAL, updated_at REAL, -- what orders them, see when.moments.key
  id_key TEXT,                 -- the id as ids are ordered, see model.ids.natural
  data TEXT
);
CREATE INDEX item_id ON item (id COLLATE NOCASE);
-- All that `list` and `next` order by, so that of the table only the rows that are shown are read.
CREATE INDEX item_live ON item (
  category, next, due_day, priority_rank, blocking, wait_day, blocked, created_day, tag_count, project, id_key, id, path
) WHERE category IN ('open', 'active');
-- Those with a place in the manual order, which are few.
CREATE INDEX item_ranked ON item (rank) WHERE rank <> '';
CREATE INDEX item_recurs ON item (path) WHERE repeat <> '' AND archived = 0;

-- The values of list fields, links and fields that are not columns; `key` is folded text.
CREATE TABLE value (item INTEGER NOT NULL, field TEXT NOT NULL, key TEXT, number REAL);
CREATE INDEX value_item ON value (item);
CREATE INDEX value_field ON value (field, key, item);

-- Items that git tracks and that are not checked out, and whether they are open; they block what depends on them.
CREATE TABLE absent (id TEXT PRIMARY KEY, open INTEGER) WITHOUT ROWID;

-- Title and body, folded, for full text.
CREATE TABLE words (item INTEGER PRIMARY KEY, haystack TEXT);
-- Those that may have links to Markdown files, or generated blocks (see text.blocks): found without reading all texts.
CREATE INDEX words_links ON words (item) WHERE instr(haystack, ']') AND instr(haystack, '.md');
CREATE INDEX words_blocks ON words (item) WHERE instr(haystack, '<!--') AND instr(haystack, 'plaintrack');
