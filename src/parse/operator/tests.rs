//! Facts of operators and of what is built of them, text search objects and
//! collations. What PostgreSQL 18 prints was checked on a server.

use super::super::testing::{differ, problems, same, schema};
use crate::model::{
    Ident, MethodMember, Name, ObjectId, Operator, OperatorClass, OperatorFamily,
    OperatorSignature, ProblemCode, QualifiedName, TypeName,
};

const TYPES: &str = "CREATE TYPE v AS (x int); CREATE TYPE w AS (x int);
    CREATE FUNCTION vlt(v, v) RETURNS bool LANGUAGE sql AS '';
    CREATE FUNCTION vwlt(v, w) RETURNS bool LANGUAGE sql AS '';
    CREATE FUNCTION vcmp(v, v) RETURNS int LANGUAGE sql AS '';
    CREATE OPERATOR < (leftarg = v, rightarg = v, function = vlt);
    CREATE OPERATOR < (leftarg = v, rightarg = w, function = vwlt);";

fn commutator(text: &str, name: &str) -> Option<Name> {
    let schema = schema(text);
    let int4 = || Some(Box::new(TypeName::builtin("int4")));
    let name = QualifiedName::new("public", name);
    let id = ObjectId::Operator(OperatorSignature { name, left: int4(), right: int4() });
    let entry = schema.objects.get(&id)?;
    <&Operator>::try_from(&entry.object).ok()?.commutator.clone()
}

#[test]
fn a_commutator_that_exists_gets_its_link_back() {
    let one = "CREATE OPERATOR >> (leftarg = int, rightarg = int, function = int4gt);";
    let other =
        "CREATE OPERATOR << (leftarg = int, rightarg = int, function = int4lt, commutator = >>);";
    let name = |name: &str| Some(Name::qualified("public", name));
    assert_eq!(commutator(&format!("{one} {other}"), ">>"), name("<<"));
    assert_eq!(commutator(&format!("{one} {other}"), "<<"), name(">>"));
    // A commutator that is made later says itself whether it has one.
    assert_eq!(commutator(&format!("{other} {one}"), ">>"), None);
}

#[test]
fn spellings_of_an_operator_are_one() {
    let function = "CREATE FUNCTION feq(text, text) RETURNS bool LANGUAGE sql AS '';";
    same(
        &format!(
            "{function} CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = feq,
             COMMUTATOR = ===, HASHES, MERGES, RESTRICT = eqsel)"
        ),
        &format!(
            "{function} CREATE OPERATOR public.=== (procedure = public.feq, leftarg = text,
             rightarg = text, commutator = OPERATOR(public.===), restrict = pg_catalog.eqsel);
             ALTER OPERATOR === (text, text) SET (HASHES, MERGES = true)"
        ),
    );
    same(
        &format!("{function} CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = feq, JOIN = eqjoinsel);
             ALTER OPERATOR === (text, text) SET (JOIN = NONE)"),
        &format!("{function} CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = feq)"),
    );
}

#[test]
fn a_class_makes_its_family_and_leaves_loose_members_to_it() {
    let schema = schema(&format!(
        "{TYPES} CREATE OPERATOR CLASS vops DEFAULT FOR TYPE v USING btree AS
            OPERATOR 1 <, OPERATOR 1 < (v, w), FUNCTION 1 vcmp(v, v), FUNCTION 4 btequalimage(oid);"
    ));
    let member =
        || MethodMember { method: Ident::new("btree"), name: QualifiedName::new("public", "vops") };
    let class = schema.objects.get(&ObjectId::OperatorClass(member()));
    let class = class.and_then(|entry| <&OperatorClass>::try_from(&entry.object).ok());
    assert_eq!(class.map(|class| class.members.len()), Some(2));
    let family = schema.objects.get(&ObjectId::OperatorFamily(member()));
    let family = family.and_then(|entry| <&OperatorFamily>::try_from(&entry.object).ok());
    assert_eq!(family.map(|family| family.members.len()), Some(2));
}

#[test]
fn a_class_is_what_pg_dump_makes_of_it() {
    same(
        &format!("{TYPES} CREATE OPERATOR CLASS oc FOR TYPE v USING gist AS OPERATOR 1 <,
            OPERATOR 15 < FOR ORDER BY float_ops, FUNCTION 1 vcmp(v, v), FUNCTION 8 vcmp(v, v), STORAGE box"),
        &format!("{TYPES} CREATE OPERATOR FAMILY public.oc USING gist;
            ALTER OPERATOR FAMILY public.oc USING gist ADD
                OPERATOR 1 public.<(public.v,public.v) ,
                OPERATOR 15 public.<(public.v,public.v) FOR ORDER BY pg_catalog.float_ops,
                FUNCTION 8 (public.v, public.v) public.vcmp(public.v,public.v);
            CREATE OPERATOR CLASS public.oc FOR TYPE public.v USING gist FAMILY public.oc AS
                STORAGE box , FUNCTION 1 (public.v, public.v) public.vcmp(public.v,public.v);"),
    );
    same(
        &format!("{TYPES} CREATE OPERATOR FAMILY f USING btree; CREATE OPERATOR CLASS c FOR TYPE v
            USING btree FAMILY f AS OPERATOR 1 <; ALTER OPERATOR FAMILY f USING btree ADD FUNCTION 1 vcmp(v, v)"),
        &format!("{TYPES} CREATE OPERATOR FAMILY f USING btree; CREATE OPERATOR CLASS c FOR TYPE v
            USING btree FAMILY f AS OPERATOR 1 <, FUNCTION 1 vcmp(v, v), OPERATOR 2 <;
            ALTER OPERATOR FAMILY f USING btree DROP OPERATOR 2 (v)"),
    );
}

#[test]
fn built_in_operators_of_a_class_are_found() {
    same(
        "CREATE OPERATOR CLASS oc FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int)",
        "CREATE OPERATOR CLASS oc FOR TYPE int4 USING btree AS OPERATOR 1 pg_catalog.<(int, int),
         FUNCTION 1 (integer, integer) pg_catalog.btint4cmp(integer,integer)",
    );
}

#[test]
fn casts_and_transforms_are_known_by_their_types() {
    let setup =
        "CREATE TYPE m AS ENUM ('x'); CREATE FUNCTION tom(text) RETURNS m LANGUAGE sql AS '';";
    same(
        &format!("{setup} CREATE CAST (text AS m) WITH FUNCTION tom AS ASSIGNMENT"),
        &format!(
            "{setup} CREATE CAST (pg_catalog.text AS public.m) WITH FUNCTION public.tom(text) AS ASSIGNMENT"
        ),
    );
    differ(
        &format!("{setup} CREATE CAST (m AS text) WITH INOUT"),
        &format!("{setup} CREATE CAST (m AS text) WITH INOUT AS IMPLICIT"),
    );
    let twice = "CREATE CAST (int AS box) WITHOUT FUNCTION; CREATE CAST (int4 AS box) WITH INOUT";
    assert_eq!(problems(twice), [ProblemCode::Duplicate]);
}

#[test]
fn encodings_have_many_names() {
    same(
        "CREATE CONVERSION c FOR 'unicode' TO 'latin-1' FROM utf8_to_iso8859_1",
        "CREATE CONVERSION c FOR 'UTF8' TO 'LATIN1' FROM pg_catalog.utf8_to_iso8859_1",
    );
}

#[test]
fn aggregates_have_two_forms() {
    same(
        "CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = unsafe, FINALFUNC_MODIFY = read_only)",
        "CREATE AGGREGATE a (BASETYPE = int4, sfunc1 = int4pl, stype1 = int4, initcond1 = 0)",
    );
    same(
        "CREATE AGGREGATE a(*) (sfunc = int8inc, stype = int8)",
        "CREATE AGGREGATE a (basetype = 'ANY', sfunc = int8inc, stype = int8)",
    );
    same(
        "CREATE AGGREGATE a(int) (sfunc = int4larger, stype = int, sortop = >)",
        "CREATE AGGREGATE a(int) (sfunc = int4larger, stype = int, sortop = OPERATOR(pg_catalog.>))",
    );
    differ(
        "CREATE AGGREGATE a(float8 ORDER BY float8) (sfunc = f, stype = internal, finalfunc = g, finalfunc_modify = read_only)",
        "CREATE AGGREGATE a(float8 ORDER BY float8) (sfunc = f, stype = internal, finalfunc = g)",
    );
    differ(
        "CREATE AGGREGATE a(float8 ORDER BY float8) (sfunc = f, stype = internal)",
        "CREATE AGGREGATE a(float8, float8) (sfunc = f, stype = internal)",
    );
}

#[test]
fn a_configuration_copies_mappings() {
    same(
        "CREATE TEXT SEARCH CONFIGURATION c (COPY = russian); ALTER TEXT SEARCH CONFIGURATION c
         DROP MAPPING FOR email, file, \"float\", host, hword_numpart, \"int\", numhword, numword,
             sfloat, uint, url, url_path, version, hword, hword_part, asciihword, hword_asciipart",
        "CREATE TEXT SEARCH CONFIGURATION c (PARSER = default); ALTER TEXT SEARCH CONFIGURATION c
         ADD MAPPING FOR asciiword WITH english_stem; ALTER TEXT SEARCH CONFIGURATION c
         ADD MAPPING FOR word WITH pg_catalog.russian_stem",
    );
    same(
        "CREATE TEXT SEARCH DICTIONARY mine (TEMPLATE = simple, StopWords = english);
         CREATE TEXT SEARCH CONFIGURATION c (PARSER = default);
         ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple;
         CREATE TEXT SEARCH CONFIGURATION d (COPY = c);
         ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING REPLACE simple WITH mine",
        "CREATE TEXT SEARCH DICTIONARY mine (TEMPLATE = pg_catalog.simple, stopwords = 'english');
         CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog.\"default\");
         ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH public.mine;
         CREATE TEXT SEARCH CONFIGURATION d (PARSER = default);
         ALTER TEXT SEARCH CONFIGURATION d ADD MAPPING FOR word WITH simple",
    );
}

#[test]
fn collations_end_as_pg_dump_prints_them() {
    same(
        "CREATE COLLATION c (LC_COLLATE = 'C', LC_CTYPE = 'C', DETERMINISTIC = true, VERSION = '1')",
        "CREATE COLLATION c FROM \"C\"",
    );
    same(
        "CREATE COLLATION d FROM c; CREATE COLLATION c (PROVIDER = icu, LOCALE = 'und', deterministic = off)",
        "CREATE COLLATION c (provider = icu, deterministic = false, locale = 'und');
         CREATE COLLATION d (provider = icu, deterministic = false, locale = 'und')",
    );
    differ("CREATE COLLATION c FROM \"de-x-icu\"", "CREATE COLLATION c FROM \"fr-x-icu\"");
    assert_eq!(problems("CREATE COLLATION c FROM \"en_US\""), [ProblemCode::NotModelled]);
}
