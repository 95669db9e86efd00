-- +goose Up
CREATE INDEX CONCURRENTLY i ON t2 (name);
-- +goose Down
DROP TABLE t2;
