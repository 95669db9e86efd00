//! The embedded catalog against the catalogs of a running server.
//!
//! Needs `PGCANON_TEST_PG`, a connection string or URL for `psql`, of PostgreSQL 15–18;
//! without it there is nothing to compare with and the test says so.
#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::process::Command;

use pgcanon::catalog::{Catalog, FunctionEntry, TypeId};

#[test]
fn the_embedded_catalog_is_that_of_the_server() {
    let Ok(server) = std::env::var("PGCANON_TEST_PG") else {
        eprintln!("skipped: PGCANON_TEST_PG names no server");
        return;
    };
    let version = rows(&server, "select current_setting('server_version_num')::int / 10000");
    let version: u8 = version.first().unwrap().parse().unwrap();
    let catalog = Catalog::for_server(version);
    same("functions", &functions(&catalog), rows(&server, FUNCTIONS));
    same("operators", &operators(&catalog), rows(&server, OPERATORS));
    same("casts", &casts(&catalog), rows(&server, CASTS));
    same("columns", &columns(&catalog, &server), rows(&server, COLUMNS));
    same("default operator classes", &defaults(&catalog, &server), rows(&server, DEFAULTS));
}

const FUNCTIONS: &str = "
    select proname || '(' || pg_catalog.array_to_string(array(select t.typname
        from unnest(proargtypes) with ordinality a(o, k) join pg_type t on t.oid = o order by k), ',')
      || ')' || case when provariadic <> 0 then '+' else '' end || case when proretset then '*' else '' end
    from pg_proc where oid < 16384";

fn functions(catalog: &Catalog) -> BTreeSet<String> {
    let text = |function: &FunctionEntry| {
        let args: Vec<_> = function.args.iter().map(|id| type_name(catalog, *id)).collect();
        let variadic = if function.variadic { "+" } else { "" };
        let set = if function.returns_set { "*" } else { "" };
        format!("{}({}){variadic}{set}", function.name, args.join(","))
    };
    catalog.all_functions().map(text).collect()
}

const OPERATORS: &str = "
    select coalesce(l.typname, '') || ' ' || oprname || ' ' || r.typname || ' = ' || s.typname
    from pg_operator o left join pg_type l on l.oid = oprleft
    join pg_type r on r.oid = oprright join pg_type s on s.oid = oprresult where o.oid < 16384";

fn operators(catalog: &Catalog) -> BTreeSet<String> {
    let operators = catalog.all_operators().map(|operator| {
        let left = operator.left.map_or("", |left| type_name(catalog, left));
        let (right, result) =
            (type_name(catalog, operator.right), type_name(catalog, operator.result));
        format!("{left} {} {right} = {result}", operator.name)
    });
    operators.collect()
}

const CASTS: &str = "
    select s.typname || ' ' || t.typname || ' '
      || case castcontext when 'i' then 'Implicit' when 'a' then 'Assignment' else 'Explicit' end
    from pg_cast c join pg_type s on s.oid = castsource join pg_type t on t.oid = casttarget
    where c.oid < 16384";

fn casts(catalog: &Catalog) -> BTreeSet<String> {
    let casts = catalog.all_casts().map(|cast| {
        let (source, target) = (type_name(catalog, cast.source), type_name(catalog, cast.target));
        format!("{source} {target} {:?}", cast.context)
    });
    casts.collect()
}

const RELATIONS: &str = "
    select relnamespace::regnamespace || ' ' || relname from pg_class
    where oid < 16384 and relkind in ('r', 'v') and relnamespace <> 'pg_toast'::regnamespace";

const COLUMNS: &str = "
    select relname || '.' || attname || ' ' || t.typname || ' ' || atttypmod
    from pg_class c join pg_attribute a on attrelid = c.oid join pg_type t on t.oid = atttypid
    where c.oid < 16384 and relkind in ('r', 'v') and attnum > 0
      and relnamespace <> 'pg_toast'::regnamespace";

fn columns(catalog: &Catalog, server: &str) -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    for relation in rows(server, RELATIONS) {
        let (schema, name) = relation.split_once(' ').unwrap();
        let relation = catalog.relation(schema, name).unwrap();
        columns.extend(catalog.columns(relation).map(|column| {
            let ty = type_name(catalog, column.ty);
            format!("{name}.{} {ty} {}", column.name, column.typmod)
        }));
    }
    columns
}

/// The types that an index of each method takes without being told how: as `GetDefaultOpClass`.
const DEFAULTS: &str = "
    select amname || ' ' || typname || ' ' || opcname from pg_opclass
    join pg_am am on am.oid = opcmethod join pg_type t on t.oid = opcintype
    where opcdefault and pg_opclass.oid < 16384";

fn defaults(catalog: &Catalog, server: &str) -> BTreeSet<String> {
    let methods = rows(server, "select amname from pg_am where amtype = 'i' and oid < 16384");
    let mut found = BTreeSet::new();
    for method in &methods {
        for class in catalog.opclasses(method).filter(|class| class.default) {
            let default = catalog.default_opclass(method, class.input).unwrap();
            assert_eq!((&default.name, default.input), (&class.name, class.input));
            let input = type_name(catalog, class.input);
            found.insert(format!("{method} {input} {}", class.name));
        }
    }
    found
}

fn type_name(catalog: &Catalog, id: TypeId) -> &str {
    &catalog.ty(id).name
}

/// The lines that `psql` prints.
fn rows(server: &str, query: &str) -> Vec<String> {
    let output = Command::new("psql").args(["-XqAt", "-d", server, "-c", query]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn same(what: &str, embedded: &BTreeSet<String>, server: Vec<String>) {
    let server = BTreeSet::from_iter(server);
    let extra: Vec<_> = embedded.difference(&server).collect();
    let missing: Vec<_> = server.difference(embedded).collect();
    assert!(
        extra.is_empty() && missing.is_empty(),
        "{what}: extra {extra:#?}, missing {missing:#?}"
    );
    assert!(!server.is_empty(), "{what}");
}
