-- The indexes of the history, made when it has been read for the first time: that is quicker than to keep them meanwhile.
CREATE UNIQUE INDEX IF NOT EXISTS revision_hash ON revision (hash);
CREATE INDEX IF NOT EXISTS revision_stamp ON revision (stamp);
CREATE INDEX IF NOT EXISTS change_item ON change (item);
CREATE INDEX IF NOT EXISTS change_field ON change (field) WHERE field <> 0;
CREATE INDEX IF NOT EXISTS touch_item ON touch (item);
CREATE INDEX IF NOT EXISTS touch_path ON touch (path);
