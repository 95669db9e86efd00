-- A missing serial column is one drift: its sequence goes with it.
CREATE TABLE t (id serial, x text);
