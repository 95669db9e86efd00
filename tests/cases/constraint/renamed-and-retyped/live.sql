CREATE TABLE public.t (
    a integer,
    b integer,
    CONSTRAINT t_a_check CHECK ((a > 0)),
    CONSTRAINT b_rule CHECK ((b > 0))
);
