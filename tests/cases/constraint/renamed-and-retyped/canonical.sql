-- Equal content under another name is a rename; another type of constraint is one change.
CREATE TABLE t (
    a integer,
    b integer,
    CONSTRAINT a_positive CHECK (a > 0),
    CONSTRAINT b_rule UNIQUE (b)
);
