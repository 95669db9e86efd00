ALTER TABLE t2 ADD COLUMN name varchar(10);
