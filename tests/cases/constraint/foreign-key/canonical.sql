-- Actions, deferrability and validity of a foreign key are facets of their own.
CREATE TABLE parent (id integer PRIMARY KEY, other integer UNIQUE);
CREATE TABLE child (
    a integer REFERENCES parent ON DELETE CASCADE,
    b integer REFERENCES parent (other) DEFERRABLE INITIALLY DEFERRED,
    c integer REFERENCES parent (other)
);
