-- A partition with another bound; the order of list values means nothing.
CREATE TABLE m (at date NOT NULL, k text) PARTITION BY RANGE (at);
CREATE TABLE m_2024 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE l (k text) PARTITION BY LIST (k);
CREATE TABLE l_ab PARTITION OF l FOR VALUES IN ('b', 'a');
CREATE TABLE l_rest PARTITION OF l DEFAULT;
