//! Facts of types. What PostgreSQL 18 prints was checked on a server.

use super::super::testing::{differ, problems, same, schema};
use crate::model::{
    Composite, Constraint, Domain, Enum, Expr, Ident, Literal, ObjectId, ProblemCode,
    QualifiedName, Range, Schema,
};

fn name(name: &str) -> QualifiedName {
    QualifiedName::new("public", name)
}

fn object<'s, T>(schema: &'s Schema, id: &ObjectId) -> &'s T
where
    for<'a> &'a T: TryFrom<&'a crate::model::Object>,
{
    let entry = schema.objects.get(id).unwrap_or_else(|| panic!("{id:?} is not there"));
    <&T>::try_from(&entry.object).unwrap_or_else(|_| panic!("{id:?} is of another type"))
}

fn constraints(schema: &Schema) -> Vec<&str> {
    fn name(id: &ObjectId) -> Option<&str> {
        if let ObjectId::Constraint(child) = id { Some(child.name.as_str()) } else { None }
    }
    schema.objects.keys().filter_map(name).collect()
}

#[test]
fn labels_of_an_enum_have_an_order() {
    let schema = schema(
        "CREATE TYPE m AS ENUM ('b', 'd');
         ALTER TYPE m ADD VALUE 'a' BEFORE 'b';
         ALTER TYPE m ADD VALUE 'c' AFTER 'b';
         ALTER TYPE m ADD VALUE IF NOT EXISTS 'c';
         ALTER TYPE m ADD VALUE 'f';
         ALTER TYPE m RENAME VALUE 'f' TO 'e';",
    );
    let Enum { labels } = object(&schema, &ObjectId::Enum(name("m")));
    assert_eq!(labels.iter().map(|label| &**label).collect::<String>(), "abcde");
    differ("CREATE TYPE m AS ENUM ('a', 'b')", "CREATE TYPE m AS ENUM ('b', 'a')");
}

#[test]
fn what_labels_there_are_is_known_whatever_happens_in_between() {
    let text = "CREATE TYPE m AS ENUM ('a');
         ALTER TYPE m ADD VALUE 'b';
         ALTER TYPE m RENAME VALUE 'a' TO 'c';
         ALTER TYPE m ADD VALUE 'a' BEFORE 'c';
         ALTER TYPE m RENAME TO n;
         CREATE TYPE m AS ENUM ('x', 'y', 'z');
         ALTER TYPE m ADD VALUE 'a';
         ALTER TYPE m ADD VALUE 'b' AFTER 'x';
         ALTER TYPE n ADD VALUE 'x';";
    let (schema, labels) = (schema(text), |name: &str| ObjectId::Enum(self::name(name)));
    let all = |name: &str| object::<Enum>(&schema, &labels(name)).labels.concat();
    assert_eq!((all("m"), all("n")), ("xbyza".to_owned(), "acbx".to_owned()));
    let again = |label: &str| problems(&format!("{text} ALTER TYPE n ADD VALUE '{label}';"));
    assert_eq!(again("x"), [ProblemCode::Duplicate]);
    assert_eq!(again("y"), []);
}

#[test]
fn an_enum_is_refused_what_the_server_refuses() {
    let add = |change: &str| problems(&format!("CREATE TYPE m AS ENUM ('a'); {change}"));
    assert_eq!(add("ALTER TYPE m ADD VALUE 'a'"), [ProblemCode::Duplicate]);
    assert_eq!(add("ALTER TYPE m ADD VALUE 'b' AFTER 'x'"), [ProblemCode::Missing]);
    assert_eq!(add("CREATE DOMAIN m AS text"), [ProblemCode::Duplicate]);
    assert_eq!(add("CREATE TABLE m (a int); CREATE TYPE t AS ENUM ('a')"), []);
    let long = format!("ALTER TYPE m ADD VALUE '{}'", "x".repeat(64));
    assert_eq!(add(&long), [ProblemCode::Invalid]);
}

#[test]
fn constraints_of_a_domain_are_named_like_the_server_names_them() {
    let schema = schema(
        "CREATE DOMAIN d AS int NOT NULL CONSTRAINT d_check CHECK (VALUE > 0) CHECK (VALUE < 9);
         ALTER DOMAIN d ADD CHECK (VALUE <> 5);
         ALTER DOMAIN d ADD CONSTRAINT late CHECK (VALUE <> 6) NOT VALID;",
    );
    assert_eq!(constraints(&schema), ["d_check", "d_check1", "d_check2", "late"]);
    let late = ObjectId::Constraint(crate::model::Child::new(name("d"), Ident::new("late")));
    assert!(!object::<Constraint>(&schema, &late).validated);
}

#[test]
fn a_name_of_not_null_is_kept_unless_it_is_the_implicit_one() {
    let named = |constraint: &str| {
        let schema = schema(&format!("CREATE DOMAIN d AS int {constraint}"));
        let domain: &Domain = object(&schema, &ObjectId::Domain(name("d")));
        domain.not_null.as_ref().map(|not_null| not_null.name.clone())
    };
    assert_eq!(named("NULL"), None);
    assert_eq!(named("NOT NULL"), Some(None));
    assert_eq!(named("CONSTRAINT d_not_null NOT NULL"), Some(None));
    assert_eq!(named("CONSTRAINT n NOT NULL"), Some(Some(Box::new(Ident::new("n")))));
}

#[test]
fn a_domain_can_be_altered() {
    same(
        "CREATE DOMAIN d AS int; ALTER DOMAIN d SET DEFAULT 5; ALTER DOMAIN d SET NOT NULL;
         ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID;
         ALTER DOMAIN d VALIDATE CONSTRAINT c;",
        "CREATE DOMAIN d AS int DEFAULT 5 NOT NULL CONSTRAINT c CHECK (VALUE > 0)",
    );
    same(
        "CREATE DOMAIN d AS int DEFAULT 5 NOT NULL CONSTRAINT c CHECK (VALUE > 0);
         ALTER DOMAIN d DROP DEFAULT; ALTER DOMAIN d DROP CONSTRAINT c;
         ALTER DOMAIN d DROP CONSTRAINT IF EXISTS c; ALTER DOMAIN d DROP CONSTRAINT d_not_null",
        "CREATE DOMAIN d AS int",
    );
    let drop = "CREATE DOMAIN d AS int; ALTER DOMAIN d DROP CONSTRAINT c";
    assert_eq!(problems(drop), [ProblemCode::Missing]);
}

#[test]
fn null_is_no_default_unless_it_hides_one() {
    same("CREATE DOMAIN d AS varchar(5) DEFAULT NULL::varchar", "CREATE DOMAIN d AS varchar(5)");
    let schema = schema(
        "CREATE DOMAIN d2 AS d1; CREATE DOMAIN d3 AS d1 DEFAULT NULL;
         CREATE DOMAIN d1 AS int DEFAULT 5;",
    );
    let default = |domain: &str| {
        let domain: &Domain = object(&schema, &ObjectId::Domain(name(domain)));
        domain.default.as_ref().map(|default| default.expr.clone())
    };
    assert_eq!(default("d2"), default("d1"));
    assert_eq!(default("d3"), Some(Expr::Literal(Literal::Null)));
}

#[test]
fn a_collation_that_the_type_has_anyway_is_not_kept() {
    same("CREATE DOMAIN d AS text COLLATE \"default\"", "CREATE DOMAIN d AS text");
    same("CREATE DOMAIN d AS name COLLATE \"C\"", "CREATE DOMAIN d AS name");
    differ("CREATE DOMAIN d AS text COLLATE \"C\"", "CREATE DOMAIN d AS text");
    same(
        "CREATE DOMAIN d AS text COLLATE \"C\"; CREATE TYPE c AS (a d COLLATE pg_catalog.\"C\")",
        "CREATE DOMAIN d AS text COLLATE pg_catalog.\"C\"; CREATE TYPE c AS (a d)",
    );
}

#[test]
fn attributes_of_a_composite_type_can_be_altered() {
    same(
        "CREATE TYPE c AS (a int, b text);
         ALTER TYPE c ADD ATTRIBUTE d numeric(10,2), DROP ATTRIBUTE a;
         ALTER TYPE c ALTER ATTRIBUTE d SET DATA TYPE bigint;
         ALTER TYPE c DROP ATTRIBUTE IF EXISTS a;",
        "CREATE TYPE c AS (b text, d bigint)",
    );
    let schema = schema("CREATE TYPE c AS (\n  a int,\n  b text COLLATE \"C\"\n)");
    let id = ObjectId::Composite(name("c"));
    assert_eq!(object::<Composite>(&schema, &id).attributes.len(), 2);
    let b = crate::model::Place::part(&Ident::new("b"));
    let span = schema.objects.get(&id).map(|entry| entry.origin.of(&b));
    assert_eq!(span.map(|span| (span.start, span.end)), Some((30, 48)));
}

#[test]
fn a_multirange_type_has_a_name_of_its_own() {
    let multirange = |range: &str| {
        let schema = schema(&format!("CREATE TYPE {range} AS RANGE (subtype = int8)"));
        let Range { multirange, .. } = object(&schema, &ObjectId::Range(name(range)));
        multirange.name.as_str().to_owned()
    };
    assert_eq!(multirange("r"), "r_multirange");
    assert_eq!(multirange("myrange"), "mymultirange");
    assert_eq!(multirange("rangexrange"), "multirangexrange");
    let long = format!("{}fffffffff123", "a".repeat(51));
    assert_eq!(multirange(&long[..63]), format!("{}f_multirange", "a".repeat(51)));
}

#[test]
fn the_default_operator_class_of_a_range_is_not_kept() {
    let range = |class: &str| format!("CREATE TYPE r AS RANGE (subtype = text{class})");
    same(&range(", subtype_opclass = text_ops"), &range(""));
    same(&range(", subtype_opclass = pg_catalog.text_ops"), &range(""));
    differ(&range(", subtype_opclass = text_pattern_ops"), &range(""));
}

#[test]
fn a_base_type_takes_the_place_of_its_shell() {
    let functions = "CREATE FUNCTION i(cstring) RETURNS b LANGUAGE internal AS 'textin';
         CREATE FUNCTION o(b) RETURNS cstring LANGUAGE internal AS 'textout';";
    same(
        &format!("CREATE TYPE b; {functions} CREATE TYPE b (input = i, output = o, like = text)"),
        &format!(
            "CREATE TYPE b; {functions} CREATE TYPE public.b (INPUT = public.i, OUTPUT = public.o,
             INTERNALLENGTH = variable, ALIGNMENT = int4, STORAGE = extended, CATEGORY = 'U')"
        ),
    );
    same(
        &format!(
            "CREATE TYPE b; {functions} CREATE TYPE b (input = i, output = o);
             ALTER TYPE b SET (storage = extended, receive = NONE)"
        ),
        &format!(
            "CREATE TYPE b; {functions} CREATE TYPE b (input = i, output = o, storage = extended)"
        ),
    );
    assert_eq!(problems("CREATE TYPE b; CREATE TYPE b;"), []);
}

#[test]
fn a_type_of_fixed_length_with_elements_is_subscripted_as_an_array_of_them() {
    let of = |rest: &str| {
        format!(
            "CREATE TYPE b; CREATE FUNCTION i(cstring) RETURNS b LANGUAGE internal AS 'namein';
             CREATE FUNCTION o(b) RETURNS cstring LANGUAGE internal AS 'nameout';
             CREATE TYPE b (input = i, output = o, element = int4{rest});"
        )
    };
    let said = ", internallength = 16, subscript = raw_array_subscript_handler";
    same(&of(", internallength = 16"), &of(said));
    differ(&of(""), &of(", subscript = raw_array_subscript_handler"));
}
