//! Texts whose shape invites work that grows with the square of their size.
//!
//! Each is measured at a size and at four times that size: the last column is how much
//! longer the larger one takes, about 4 when the time is linear.

use std::fmt::Write as _;

use super::{measure, shown};

/// A shape: what it is, the text of a size, the smaller of the two sizes.
type Shape = (&'static str, fn(usize) -> String, usize);

const SHAPES: &[Shape] = &[
    ("columns added to one table, one by one", add_columns, 400),
    ("changes of one table: defaults, NOT NULL", alter_one_table, 1250),
    ("constraints and indexes added to one table", constrain_one_table, 1250),
    ("tables created and dropped", create_and_drop, 5000),
    ("tables dropped with CASCADE after all are created", drop_at_the_end, 1250),
    ("tables renamed", rename_tables, 1250),
    ("columns renamed and dropped", change_columns, 1250),
    ("types, functions and sequences dropped", drop_others, 1250),
    ("views created and dropped", drop_views, 1250),
    ("one table of many columns", wide_table, 400),
    ("partitions of one table, with indexes and keys", partitions, 1250),
    ("partitions as a dump prints them", attached_partitions, 1250),
    ("views over views", view_chain, 250),
    ("tables before what they need", wrong_order, 1250),
    ("values of one enum, one by one", enum_values, 1250),
    ("grants on one table to many roles", grants, 1250),
    ("rows of one COPY block", copy_block, 100_000),
    ("values of one INSERT", insert, 12_500),
    ("statements that cannot be read", syntax_errors, 1250),
];

pub(crate) fn run() {
    println!("| shape | size | time | four times the size | × |\n| --- | --- | --- | --- | --- |");
    for (what, text, size) in SHAPES {
        let (small, _, _) = measure::reading(&text(*size), 3);
        let (large, statements, problems) = measure::reading(&text(size * 4), 2);
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        let problems = if problems == 0 { String::new() } else { format!(", {problems} problems") };
        println!(
            "| {what} | {size} | {} | {} ({statements} statements{problems}) | {ratio:.1} |",
            shown(small),
            shown(large),
        );
    }
    println!();
}

/// Text written number by number.
fn each(size: usize, write: impl Fn(&mut String, usize)) -> String {
    let mut text = String::new();
    (0..size).for_each(|number| write(&mut text, number));
    text
}

macro_rules! line {
    ($out:expr, $($format:tt)*) => {
        // Writing to a string cannot fail.
        let _ = writeln!($out, $($format)*);
    };
}

fn add_columns(size: usize) -> String {
    "CREATE TABLE t (id int);\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "ALTER TABLE t ADD COLUMN c{n} int DEFAULT {n} NOT NULL;");
            line!(out, "COMMENT ON COLUMN t.c{n} IS 'the column {n}';");
        })
}

fn alter_one_table(size: usize) -> String {
    "CREATE TABLE t (id int, a text);\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "ALTER TABLE t ALTER COLUMN a SET DEFAULT 'x{n}';");
            line!(out, "ALTER TABLE t ALTER COLUMN id SET NOT NULL;");
            line!(out, "ALTER TABLE t ALTER COLUMN id DROP NOT NULL;");
            line!(out, "ALTER TABLE t ALTER COLUMN a TYPE varchar({});", n % 90 + 1);
        })
}

fn constrain_one_table(size: usize) -> String {
    "CREATE TABLE t (id int PRIMARY KEY, a text);\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "ALTER TABLE t ADD CHECK (id <> {n});");
            line!(out, "ALTER TABLE t ADD CONSTRAINT f{n} FOREIGN KEY (id) REFERENCES t;");
            line!(out, "CREATE INDEX ON t (a, id) WHERE id > {n};");
        })
}

fn create_and_drop(size: usize) -> String {
    each(size, |out, n| {
        line!(out, "CREATE TABLE t{n} (id serial PRIMARY KEY, a text CHECK (a <> ''));");
        if n % 2 == 1 {
            line!(out, "DROP TABLE t{n};");
        }
    })
}

fn drop_at_the_end(size: usize) -> String {
    each(size, |out, n| {
        line!(out, "CREATE TABLE t{n} (id bigint GENERATED ALWAYS AS IDENTITY, a text UNIQUE);");
    }) + &each(size, |out, n| {
        line!(out, "DROP TABLE t{n} CASCADE;");
    })
}

fn rename_tables(size: usize) -> String {
    each(size, |out, n| {
        line!(out, "CREATE TABLE t{n} (id int PRIMARY KEY, a text, CHECK (a <> ''));");
        line!(out, "CREATE INDEX i{n} ON t{n} (a);");
    }) + &each(size, |out, n| {
        line!(out, "ALTER TABLE t{n} RENAME TO u{n};");
        line!(out, "ALTER INDEX i{n} RENAME TO j{n};");
    })
}

fn change_columns(size: usize) -> String {
    each(size, |out, n| {
        line!(out, "CREATE TABLE t{n} (id int PRIMARY KEY, a text, b text, CHECK (a <> ''));");
        line!(out, "CREATE INDEX i{n} ON t{n} (a);");
    }) + &each(size, |out, n| {
        line!(out, "ALTER TABLE t{n} RENAME COLUMN a TO c;");
        line!(out, "ALTER TABLE t{n} DROP COLUMN b;");
    })
}

fn drop_others(size: usize) -> String {
    each(size, |out, n| {
        line!(out, "CREATE TYPE e{n} AS ENUM ('a', 'b');");
        line!(out, "CREATE SEQUENCE s{n};");
        line!(out, "CREATE FUNCTION f{n}() RETURNS int LANGUAGE sql AS 'SELECT 1';");
        line!(out, "CREATE TABLE t{n} (id int DEFAULT 1, a text CHECK (a <> ''));");
    }) + &each(size, |out, n| {
        line!(out, "DROP TYPE e{n};");
        line!(out, "DROP SEQUENCE s{n};");
        line!(out, "DROP FUNCTION f{n}();");
    })
}

fn drop_views(size: usize) -> String {
    "CREATE TABLE t (id int, a text);\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "CREATE VIEW v{n} AS SELECT id, a FROM t WHERE id > {n};");
        })
        + &each(size, |out, n| {
            line!(out, "DROP VIEW v{n};");
        })
}

fn wide_table(size: usize) -> String {
    let columns = each(size, |out, n| {
        line!(out, "c{n} varchar(20) DEFAULT 'x' NOT NULL CHECK (c{n} IN ('x', 'y')),");
    });
    let comments = each(size, |out, n| {
        line!(out, "COMMENT ON COLUMN wide.c{n} IS 'the column {n}';");
    });
    format!("CREATE TABLE wide (\n{columns}id int PRIMARY KEY);\n{comments}")
}

fn partitions(size: usize) -> String {
    "CREATE TABLE p (id int, a text NOT NULL, PRIMARY KEY (id), CHECK (a <> '')) PARTITION BY RANGE (id);
CREATE INDEX ON p (a);\n"
        .to_owned()
        + &each(size, |out, n| {
            line!(
                out,
                "CREATE TABLE p{n} PARTITION OF p FOR VALUES FROM ({n}) TO ({});",
                n + 1
            );
        })
        + "CREATE INDEX ON p (a, id);\n"
}

fn attached_partitions(size: usize) -> String {
    "CREATE TABLE public.p (id int NOT NULL, a text NOT NULL) PARTITION BY RANGE (id);\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "CREATE TABLE public.p{n} (id int NOT NULL, a text NOT NULL);");
        })
        + &each(size, |out, n| {
            let end = n + 1;
            line!(
                out,
                "ALTER TABLE ONLY public.p ATTACH PARTITION public.p{n} FOR VALUES FROM ({n}) TO ({end});"
            );
        })
        + "ALTER TABLE ONLY public.p ADD CONSTRAINT p_pkey PRIMARY KEY (id);
CREATE INDEX p_a ON ONLY public.p USING btree (a);\n"
        + &each(size, |out, n| {
            line!(out, "ALTER TABLE ONLY public.p{n} ADD CONSTRAINT p{n}_pkey PRIMARY KEY (id);");
            line!(out, "CREATE INDEX p{n}_a ON public.p{n} USING btree (a);");
        })
        + &each(size, |out, n| {
            line!(out, "ALTER INDEX public.p_pkey ATTACH PARTITION public.p{n}_pkey;");
            line!(out, "ALTER INDEX public.p_a ATTACH PARTITION public.p{n}_a;");
        })
}

fn view_chain(size: usize) -> String {
    "CREATE VIEW v0 AS SELECT 1 AS a, 'x'::text AS b;\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "CREATE VIEW v{} AS SELECT * FROM v{n} WHERE a > 0;", n + 1);
        })
}

fn wrong_order(size: usize) -> String {
    each(size, |out, n| {
        line!(out, "COMMENT ON TABLE t{n} IS 'later';");
        line!(out, "CREATE INDEX i{n} ON t{n} (a);");
        line!(out, "CREATE TABLE h{n} () INHERITS (t{n});");
    }) + &each(size, |out, n| {
        line!(out, "CREATE TABLE t{n} (a int);");
    })
}

fn enum_values(size: usize) -> String {
    "CREATE TYPE e AS ENUM ('first');\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "ALTER TYPE e ADD VALUE 'v{n}' BEFORE 'first';");
        })
}

fn grants(size: usize) -> String {
    "CREATE TABLE t (a int);\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "GRANT SELECT, INSERT ON t TO r{n};");
        })
}

fn copy_block(size: usize) -> String {
    "CREATE TABLE t (a int, b text);\nCOPY t (a, b) FROM stdin;\n".to_owned()
        + &each(size, |out, n| {
            line!(out, "{n}\tsome text; it is not SQL, isn't it \\n -- {n}");
        })
        + "\\.\nCREATE INDEX ON t (a);\n"
}

fn insert(size: usize) -> String {
    let rows = each(size, |out, n| {
        line!(out, "({n}, 'some text'),");
    });
    format!("CREATE TABLE t (a int, b text);\nINSERT INTO t VALUES\n{rows}(0, '');\n")
}

fn syntax_errors(size: usize) -> String {
    each(size, |out, n| {
        line!(out, "CREATE TABLE t{n} (a int, b int,, c int);");
    })
}
