-- Each facet of a column is a drift of its own, with the place where it is said.
CREATE TABLE t (
    id integer NOT NULL,
    amount numeric(12, 2) NOT NULL DEFAULT 0,
    note varchar(40) DEFAULT NULL,
    at timestamptz
);
