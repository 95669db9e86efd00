//! Facts of routines. What PostgreSQL 18 prints was checked on a server.

use super::super::testing::{differ, problems, same, schema};
use crate::model::{
    Facet, Ident, Object, ObjectId, Place, ProblemCode, QualifiedName, Routine, RoutineBody,
    Signature, TypeName,
};

fn routine(text: &str) -> Routine {
    let schema = schema(text);
    let routine = schema.objects.values().find_map(|entry| match &entry.object {
        Object::Routine(routine) => Some((**routine).clone()),
        _other_objects => None,
    });
    routine.unwrap_or_else(|| panic!("no function: {text}"))
}

#[test]
fn defaults_may_be_said_or_not() {
    same(
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$SELECT 1$$",
        "CREATE OR REPLACE FUNCTION public.f(IN a integer) RETURNS int4 AS 'SELECT 1' LANGUAGE SQL
         VOLATILE CALLED ON NULL INPUT SECURITY INVOKER NOT LEAKPROOF PARALLEL UNSAFE COST 100.0",
    );
    same(
        "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE internal AS ''",
        "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE internal COST 1 ROWS 1000 AS 'f'",
    );
    differ(
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS 'SELECT 1'",
    );
}

#[test]
fn output_parameters_imply_the_result() {
    let returns = |head: &str| {
        let text = format!("CREATE FUNCTION f{head} LANGUAGE sql AS ''");
        routine(&text).returns.unwrap_or_default()
    };
    let record = TypeName::builtin("record");
    assert_eq!(returns("(OUT a int)"), TypeName::builtin("int4"));
    assert_eq!(returns("(INOUT a int, OUT b varchar(5))"), record);
    assert_eq!(
        returns("() RETURNS TABLE (a int)"),
        TypeName { set_of: true, ..TypeName::builtin("int4") }
    );
    assert_eq!(returns("() RETURNS TABLE (a int, b int)"), TypeName { set_of: true, ..record });
    assert_eq!(routine("CREATE PROCEDURE p(OUT a int) LANGUAGE sql AS ''").returns, None);
    assert_eq!(problems("CREATE FUNCTION f() LANGUAGE sql AS ''"), [ProblemCode::Invalid]);
}

#[test]
fn only_input_parameters_tell_routines_apart() {
    let schema = schema(
        "CREATE PROCEDURE p(OUT a int, IN b varchar(10), VARIADIC c int[]) LANGUAGE sql AS ''",
    );
    let args =
        vec![TypeName::builtin("varchar"), TypeName { array: true, ..TypeName::builtin("int4") }];
    let id = ObjectId::Routine(Signature { name: QualifiedName::new("public", "p"), args });
    assert!(schema.objects.contains_key(&id), "{:?}", schema.objects.keys());
}

#[test]
fn percent_type_is_the_type_of_the_column() {
    same(
        "CREATE FUNCTION f(a t.id%TYPE) RETURNS t.v%TYPE LANGUAGE sql AS ''; CREATE TABLE t (id int, v varchar(20))",
        "CREATE TABLE t (id int, v varchar(20)); CREATE FUNCTION f(a int) RETURNS varchar LANGUAGE sql AS ''",
    );
    let unknown = "CREATE VIEW v AS SELECT 1 AS a; CREATE FUNCTION f(a v.a%TYPE) RETURNS int LANGUAGE sql AS ''";
    assert_eq!(problems(unknown), [ProblemCode::NotModelled]);
}

#[test]
fn names_in_a_list_are_kept_apart() {
    let path = |value: &str| {
        let text =
            format!("CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path {value} AS ''");
        routine(&text).settings.get(&Ident::new("search_path")).cloned().unwrap_or_default()
    };
    assert_eq!(&*path("= app, public"), "app, public");
    assert_eq!(path("TO 'app', 'public'"), path("= app, public"));
    assert_eq!(&*path("= 'a, b'"), "\"a, b\"");
    assert_eq!(&*path("= ''"), "\"\"");
    assert_eq!(path("FROM CURRENT"), path("= \"$user\", public"));
}

#[test]
fn the_case_of_a_setting_does_not_count() {
    same(
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET datestyle = iso, dmy SET TIME ZONE 'UTC' AS ''",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET \"DateStyle\" TO 'iso, dmy' SET \"TimeZone\" TO 'UTC' AS ''",
    );
    let current = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET work_mem FROM CURRENT AS ''";
    assert_eq!(problems(current), [ProblemCode::NotModelled]);
}

#[test]
fn alter_function_changes_what_it_says() {
    same(
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql SET work_mem = '1MB' SET role = x AS '';
         ALTER FUNCTION f(int) IMMUTABLE STRICT SECURITY DEFINER COST 5 RESET role;
         ALTER ROUTINE f SET work_mem TO DEFAULT",
        "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE STRICT SECURITY DEFINER COST 5 AS ''",
    );
    assert_eq!(problems("ALTER FUNCTION f() STABLE"), [ProblemCode::Missing]);
}

#[test]
fn the_body_is_kept_byte_for_byte() {
    let body = |text: &str| match routine(text).body {
        RoutineBody::Source(body) => body.into(),
        other => format!("{other:?}"),
    };
    let head = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS";
    assert_eq!(body(&format!("{head} $x$ SELECT $$a$$\r\n$x$")), " SELECT $$a$$\r\n");
    assert_eq!(body(&format!("{head} E'\\n''x'''")), "\n'x'");
    let c = routine("CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib'").body;
    assert_eq!(c, RoutineBody::Library { library: "lib".into(), symbol: "f".into() });
}

#[test]
fn an_sql_body_implies_the_language() {
    let atomic = routine("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END");
    assert_eq!(atomic.language, *"sql");
    assert!(matches!(atomic.body, RoutineBody::Sql(commands) if commands.len() == 2));
    let empty = routine("CREATE FUNCTION f() RETURNS void BEGIN ATOMIC END");
    assert_eq!(empty.body, RoutineBody::Sql(Vec::new()));
    differ(
        "CREATE FUNCTION f() RETURNS int RETURN 1",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END",
    );
    assert_eq!(problems("CREATE FUNCTION f() RETURNS int AS 'x'"), [ProblemCode::Invalid]);
}

#[test]
fn attributes_have_places() {
    let text = "CREATE FUNCTION f() RETURNS int\n  LANGUAGE sql STABLE\n  SET work_mem = '1MB'\n  AS 'SELECT 1'";
    let schema = schema(text);
    let said = |place: &Place| {
        let entry = schema.objects.iter().find(|(id, _)| matches!(id, ObjectId::Routine(_)));
        entry.map(|(_, entry)| entry.origin.of(place).of(text))
    };
    assert_eq!(said(&Place::facet(Facet::Volatility)), Some("STABLE"));
    assert_eq!(said(&Place::facet(Facet::Body)), Some("AS 'SELECT 1'"));
    let setting = Place::part_facet(&Ident::new("work_mem"), Facet::Setting);
    assert_eq!(said(&setting), Some("SET work_mem = '1MB'"));
}
