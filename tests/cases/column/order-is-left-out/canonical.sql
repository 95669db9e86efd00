-- Another order of the same columns is counted, not reported.
CREATE TABLE t (a integer, b integer);
