//! Facts about splitting, each checked against what psql sends to a server.

use super::*;

/// Shows the pieces, one a line: the text of statements and commands, `N rows`,
/// `! message @ text`; values of variables in braces, what is ignored in parentheses.
fn shown(text: &str) -> String {
    let show = |piece: &Piece| match piece {
        Piece::Statement { range, variables, .. } => {
            let values = variables.iter().map(|(_, value)| format!(" {{{value}}}"));
            text[range.clone()].to_owned() + &values.collect::<String>()
        }
        Piece::MetaCommand(range) => text[range.clone()].to_owned(),
        Piece::Ignored(range, _) => format!("({})", &text[range.clone()]),
        Piece::CopyData { rows } => format!("{rows} rows"),
        Piece::Problem(problem, range) => {
            format!("! {} @ {}", problem.message, &text[range.clone()])
        }
    };
    split(text).iter().map(show).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(shown(text), expected.join("\n"));
}

#[test]
fn statements_are_without_semicolon_blanks_and_comments() {
    check("-- a\nSELECT 1 -- b\n;/* c /* d */ e */ SELECT 2 ; ;;", &["SELECT 1", "SELECT 2"]);
    check("SELECT 1;\r\nSELECT 2", &["SELECT 1", "SELECT 2"]);
    check("\u{feff}SELECT 1;", &["SELECT 1"]);
    check("-- only a comment", &[]);
    check("", &[]);
}

#[test]
fn semicolons_in_quotes_end_nothing() {
    for quoted in [
        "'a;b'",
        "'it''s;'",
        r"'a\'",
        r"E'it\'s;'",
        r"e'\\'",
        "B'1;0'",
        "x'f;'",
        "N';'",
        "U&'\\0041;'",
        "\"a;b\"",
        "\"a\"\";b\"",
        "U&\"a;\"",
        "$$;$$",
        "$a$ ; $$ ; $b$ $a$",
        "$é1$;$é1$",
        "E'a'\n'b\\';'",
        "E'a' -- '\n -- ;\n 'b\\';'",
    ] {
        check(&format!("SELECT {quoted}; SELECT 2"), &[&format!("SELECT {quoted}"), "SELECT 2"]);
    }
}

#[test]
fn a_prefix_belongs_to_a_string_only_as_a_word_of_its_own() {
    check(r"SELECT type'a\'; SELECT 2", &[r"SELECT type'a\'", "SELECT 2"]);
    check("SELECT a$b$c; SELECT $1; SELECT 1", &["SELECT a$b$c", "SELECT $1", "SELECT 1"]);
    check("SELECT U & 'a\\'; SELECT 2", &["SELECT U & 'a\\'", "SELECT 2"]);
    // Without a line break the second string does not continue the first.
    check("SELECT E'a' 'b\\'; SELECT 2", &["SELECT E'a' 'b\\'", "SELECT 2"]);
}

#[test]
fn semicolons_in_parentheses_and_atomic_bodies_end_nothing() {
    let rule = "CREATE RULE r AS ON INSERT TO t DO (DELETE FROM a; DELETE FROM b)";
    let body = "CREATE OR REPLACE FUNCTION f(begin int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT (2); END";
    let procedure = "CREATE PROCEDURE p() begin\n-- x\natomic SELECT 1; END";
    check(&format!("{rule}; {body}; {procedure}; SELECT 1"), &[rule, body, procedure, "SELECT 1"]);
    check(
        "BEGIN; SELECT 1; END; CREATE FUNCTION begin() RETURNS int AS 'x'; SELECT 1",
        &["BEGIN", "SELECT 1", "END", "CREATE FUNCTION begin() RETURNS int AS 'x'", "SELECT 1"],
    );
}

#[test]
fn what_is_not_closed_is_a_problem_where_it_opens() {
    check(
        "SELECT 1; SELECT 'a; SELECT 2",
        &["SELECT 1", "! a string is not closed before the end of the source @ '"],
    );
    check(
        "SELECT \"a; SELECT 2",
        &["! a quoted identifier is not closed before the end of the source @ \""],
    );
    check(
        "SELECT $x$a$$; SELECT 2",
        &["! a dollar-quoted string is not closed before the end of the source @ $x$"],
    );
    check(
        "SELECT 1; /* /* */ SELECT 2",
        &["SELECT 1", "! a comment is not closed before the end of the source @ /*"],
    );
    check("SELECT E'\\", &["! a string is not closed before the end of the source @ '"]);
}

#[test]
fn rows_of_copy_are_counted_and_are_no_sql() {
    check(
        "COPY public.t (a, \"from\") FROM stdin;\n1\t'\n;\n\\.\n\nSELECT 1;",
        &["COPY public.t (a, \"from\") FROM stdin", "2 rows", "SELECT 1"],
    );
    check(
        "copy t from STDIN with csv; -- rows\r\na\r\n\\.\r\nSELECT 1",
        &["copy t from STDIN with csv", "1 rows", "SELECT 1"],
    );
    check("COPY t FROM stdin;\n\\.", &["COPY t FROM stdin", "0 rows"]);
    check(
        "COPY (SELECT 1 FROM stdin) TO stdout; SELECT 1",
        &["COPY (SELECT 1 FROM stdin) TO stdout", "SELECT 1"],
    );
    check("COPY t FROM '/stdin'; SELECT 1", &["COPY t FROM '/stdin'", "SELECT 1"]);
    check(
        "COPY t FROM stdin;\n1\n2\n",
        &["COPY t FROM stdin", "2 rows", "! the rows of COPY .. FROM stdin have no end (\\.) @ ;"],
    );
    check(
        "COPY t FROM stdin; SELECT 1;\n1\n\\.\nSELECT 2",
        &[
            "COPY t FROM stdin",
            "! more text follows COPY .. FROM stdin on its line @  SELECT 1;",
            "1 rows",
            "SELECT 2",
        ],
    );
    check("\\copy t from stdin\n1\n\\.\nSELECT 2", &["\\copy t from stdin", "1 rows", "SELECT 2"]);
}

#[test]
fn backslashes_outside_of_quotes_are_commands() {
    check(
        "\\restrict abc;'\n\nSELECT 1;\n\\unrestrict abc\n",
        &["\\restrict abc;'", "SELECT 1", "\\unrestrict abc"],
    );
    check("SELECT 1\\; SELECT 2; SELECT 3", &["SELECT 1", "SELECT 2", "SELECT 3"]);
    check("SELECT 'x' \\gexec\nSELECT 2;", &["SELECT 'x'", "\\gexec", "SELECT 2"]);
    check("\\x \\\\ SELECT 1;", &["\\x \\\\", "SELECT 1"]);
    check(
        "SELECT 1\n\\echo x\nSELECT 2;",
        &["! the psql command \\echo stands inside of a statement @ \\echo x", "SELECT 2"],
    );
}

#[test]
fn variables_have_the_values_that_the_file_sets() {
    let quiet = "SELECT a::int, b[1:n], f(x := 1), JSON_OBJECT('k':v)";
    check(quiet, &[quiet]);
    check("\\set n 3\nSELECT a[1:m], :n;", &["(\\set n 3)", "SELECT a[1:m], :n {3}"]);
    check(
        "\\set n 'it''s'\nSELECT :'n', :\"n\", n::n, ':n', $$:n$$;",
        &["(\\set n 'it''s')", "SELECT :'n', :\"n\", n::n, ':n', $$:n$$ {'it''s'} {\"it's\"}"],
    );
    check(
        "\\getenv n HOME\nSELECT :n;",
        &["\\getenv n HOME", "! the value of psql's variable \"n\" is not known @ :n"],
    );
    check(
        "\\set n 'a; b'\nSELECT :n, 1;",
        &["(\\set n 'a; b')", "! the value of psql's variable \"n\" is not known @ :n"],
    );
}

#[test]
fn branches_that_do_not_apply_are_passed_over() {
    check(
        "\\if false\nSELECT 1;\\i other.sql\nCOPY t FROM stdin;\n\\else\nSELECT 2;\n\\endif\nSELECT 3",
        &[
            "(\\if false)",
            "(SELECT 1)",
            "(\\i other.sql)",
            "(COPY t FROM stdin)",
            "(\\else)",
            "SELECT 2",
            "(\\endif)",
            "SELECT 3",
        ],
    );
    check(
        "\\if :{?name}\n\\else\n\\set name app\n\\endif\nCREATE SCHEMA :name;",
        &[
            "(\\if :{?name})",
            "(\\else)",
            "(\\set name app)",
            "(\\endif)",
            "CREATE SCHEMA :name {app}",
        ],
    );
    check(
        "\\if :is_new\nSELECT 1;\n\\else\nSELECT 2;\n\\endif",
        &["\\if :is_new", "SELECT 1", "\\else", "SELECT 2", "(\\endif)"],
    );
    check(
        "\\if true\nSELECT 1;",
        &["(\\if true)", "SELECT 1", "! \\if has no \\endif @ \\if true"],
    );
}

#[test]
fn backslashes_escape_in_plain_strings_when_the_source_says_so() {
    let text = "SET standard_conforming_strings = off; SELECT 'a\\';b', E'c', 'd'; \
                SET standard_conforming_strings TO 'on'; SELECT 'a\\'; SELECT 2";
    let pieces = split(text);
    let statement = |n: usize| match &pieces[n] {
        Piece::Statement { range, escaped, .. } => (&text[range.clone()], escaped.as_slice()),
        Piece::MetaCommand(_)
        | Piece::CopyData { .. }
        | Piece::Problem(..)
        | Piece::Ignored(..) => {
            panic!("{:?}", pieces[n])
        }
    };
    assert_eq!(statement(1), ("SELECT 'a\\';b', E'c', 'd'", [46, 61].as_slice()));
    assert_eq!(&text[46..47], "'");
    assert_eq!(statement(3), ("SELECT 'a\\'", [].as_slice()));
    assert_eq!(
        conforming_strings(
            "SELECT pg_catalog.set_config('standard_conforming_strings', 'off', false)"
        ),
        Some(false)
    );
    assert_eq!(conforming_strings("SELECT 'standard_conforming_strings', 'off'"), None);
    assert_eq!(conforming_strings("SET standard_conforming_strings TO DEFAULT"), Some(true));
    assert_eq!(conforming_strings("RESET standard_conforming_strings"), Some(true));
    assert_eq!(conforming_strings("SET search_path = a"), None);
}

#[test]
fn hundreds_of_thousands_of_anything_take_no_stack() {
    let deep = format!("{}{}", "(".repeat(200_000), "/*".repeat(200_000));
    assert_eq!(split(&deep).len(), 1);
    assert_eq!(split(&"\\echo\n".repeat(1000)).len(), 1000);
}
