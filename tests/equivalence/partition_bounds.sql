-- The bound of a partition is a value of the type of its key.
CREATE TABLE m (a double precision, b numeric) PARTITION BY RANGE (a, b);
-- setup
CREATE TABLE p PARTITION OF m FOR VALUES FROM (-10.50, 1) TO (10.0, 2.50);
-- =
CREATE TABLE p PARTITION OF m FOR VALUES FROM ('-10.5'::double precision, '1') TO (10, '2.50');
-- <>
CREATE TABLE p PARTITION OF m FOR VALUES FROM (-10.5, 1) TO (10.5, 2.50);
