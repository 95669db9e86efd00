-- Indexes are missing, extra, or only have another name; the name alone is LOW.
CREATE TABLE t (a integer, b integer, c text);
CREATE INDEX gone ON t (a);
CREATE INDEX old_name ON t (b DESC NULLS LAST);
CREATE UNIQUE INDEX same ON t (lower(c));
