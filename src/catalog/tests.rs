//! Facts about PostgreSQL that the data must show, and laws that every file must keep.
#![allow(clippy::unwrap_used)]

use super::data::EXTENSIONS;
use super::*;

fn overloads<'a>(catalog: &'a Catalog, name: &str, args: &[TypeId]) -> Option<&'a FunctionEntry> {
    catalog.functions(name).find(|function| *function.args == *args)
}

/// Lines of the data that are entries of a section.
fn count(text: &str) -> usize {
    text.lines().skip(1).count()
}

#[test]
fn no_line_of_the_built_in_files_is_lost() {
    // Index and table methods come from one list.
    let kinds = NameKind::ALL.iter().filter(|kind| **kind != NameKind::TableMethod);
    let names: usize = kinds.map(|kind| builtin::names(*kind).len()).sum();
    assert_eq!(
        builtin::FUNCTIONS.iter().count(),
        count(include_str!("data/builtin/functions.tsv"))
    );
    assert_eq!(
        builtin::OPERATORS.iter().count(),
        count(include_str!("data/builtin/operators.tsv"))
    );
    assert_eq!(builtin::CASTS.len(), count(include_str!("data/builtin/casts.tsv")));
    assert_eq!(builtin::OPCLASSES.len(), count(include_str!("data/builtin/opclasses.tsv")));
    assert_eq!(
        builtin::FAMILY_OPERATORS.iter().count(),
        count(include_str!("data/builtin/family_operators.tsv"))
    );
    assert_eq!(
        builtin::RELATIONS.iter().count(),
        count(include_str!("data/builtin/relations.tsv"))
    );
    assert_eq!(names, count(include_str!("data/builtin/names.tsv")));
    assert!(builtin::TYPES.iter().enumerate().all(|(index, entry)| entry.id.index() == index));
    assert_eq!(builtin::TYPES.len(), 621);
}

#[test]
fn every_extension_loads_whole() {
    for (name, text) in EXTENSIONS {
        let mut catalog = Catalog::new();
        for needed in extension_facts(name).unwrap().requires {
            catalog.load_extension(needed, "needed").unwrap();
        }
        let before = sizes(&catalog);
        catalog.load_extension(name, "public").unwrap();
        let after = sizes(&catalog);
        for ((section, before), (_, after)) in before.iter().zip(after) {
            let lines = text.split("\n[").find(|part| part.starts_with(&format!("{section}]")));
            assert_eq!(after - before, lines.map_or(0, count), "{section} of {name}");
        }
        let undefined = |entry: &&TypeEntry| entry.category == Category::PSEUDO;
        assert_eq!(catalog.types.iter().find(undefined), None, "{name}");
        assert!(
            catalog.types().enumerate().all(|(index, entry)| entry.id.index() == index),
            "{name}"
        );
    }
}

fn sizes(catalog: &Catalog) -> [(&'static str, usize); 7] {
    [
        ("functions", catalog.functions.len()),
        ("operators", catalog.operators.len()),
        ("casts", catalog.casts.len()),
        ("opclasses", catalog.opclasses.len()),
        ("family_operators", catalog.family_operators.len()),
        ("relations", catalog.relations.len()),
        ("names", catalog.names.len()),
    ]
}

#[test]
fn well_known_types_have_their_names() {
    let catalog = Catalog::new();
    for (name, index) in well_known::WELL_KNOWN.iter().zip(0..) {
        let id = TypeId::from_index(index);
        assert_eq!(catalog.ty(id).name, *name);
        assert_eq!(catalog.type_named("pg_catalog", name), Some(id));
    }
    assert_eq!(catalog.ty(TypeId::INT4).name, "int4");
    assert_eq!(catalog.type_named("public", "int4"), None);
    assert_eq!(catalog.type_named("pg_catalog", "information_schema.yes_or_no"), None);
}

#[test]
fn types_have_category_array_and_collation() {
    let catalog = Catalog::new();
    assert!(catalog.is_preferred(Category::STRING, TypeId::TEXT));
    assert!(!catalog.is_preferred(Category::STRING, TypeId::VARCHAR));
    assert!(!catalog.is_preferred(Category::NUMERIC, TypeId::TEXT));
    assert_eq!(catalog.array_of(TypeId::TEXT), Some(TypeId::TEXT_ARRAY));
    assert_eq!(catalog.element_of(TypeId::TEXT_ARRAY), Some(TypeId::TEXT));
    assert_eq!(catalog.element_of(TypeId::POINT), None);
    assert_eq!(catalog.ty(TypeId::POINT).element, Some(TypeId::FLOAT8));
    assert_eq!(catalog.element_of(TypeId::INT2VECTOR), Some(TypeId::INT2));
    assert_eq!(catalog.element_of(TypeId::RECORD_ARRAY), Some(TypeId::RECORD));
    assert_eq!(catalog.ty(TypeId::JSONB).subscript, Subscript::Jsonb);
    assert_eq!(catalog.ty(TypeId::BOX).delimiter, ';');
    assert!(catalog.ty(TypeId::VARCHAR_ARRAY).takes_typmod);
    let collation = |id: TypeId| catalog.ty(id).collation.clone();
    assert_eq!(collation(TypeId::TEXT_ARRAY), Some(ObjectName::new("pg_catalog", "default")));
    assert_eq!(collation(TypeId::NAME), Some(ObjectName::new("pg_catalog", "C")));
    assert_eq!(collation(TypeId::INT4), None);
    assert_eq!(catalog.range_subtype(TypeId::DATERANGE), Some(TypeId::DATE));
    assert_eq!(catalog.multirange_of(TypeId::DATERANGE), Some(TypeId::DATEMULTIRANGE));
    assert_eq!(catalog.range_of(TypeId::DATEMULTIRANGE), Some(TypeId::DATERANGE));
    let yes_or_no = catalog.type_named("information_schema", "yes_or_no").unwrap();
    assert_eq!(catalog.base_type_and_typmod(yes_or_no, -1), (TypeId::VARCHAR, 7));
}

#[test]
fn functions_have_parameters_defaults_and_kinds() {
    let catalog = Catalog::new();
    let make_interval = catalog.functions("make_interval").next().unwrap();
    assert_eq!((make_interval.args.len(), make_interval.defaults), (7, 7));
    assert_eq!(make_interval.parameters.first().unwrap().name, "years");
    let each = overloads(&catalog, "jsonb_each", &[TypeId::JSONB]).unwrap();
    assert!(each.returns_set);
    let outputs: Vec<_> = each.outputs().map(|output| (output.name.as_str(), output.ty)).collect();
    assert_eq!(outputs, [("key", TypeId::TEXT), ("value", TypeId::JSONB)]);
    let concat = overloads(&catalog, "concat", &[TypeId::ANY]).unwrap();
    assert!(concat.variadic && concat.volatility == Volatility::Stable);
    let percentile =
        overloads(&catalog, "percentile_cont", &[TypeId::FLOAT8, TypeId::FLOAT8]).unwrap();
    assert_eq!(percentile.kind, FunctionKind::OrderedSet { direct: 1 });
    assert_eq!(
        catalog.functions("rank").map(|function| function.kind).collect::<Vec<_>>(),
        [FunctionKind::HypotheticalSet { direct: 1 }, FunctionKind::Window]
    );
    assert_eq!(overloads(&catalog, "count", &[]).unwrap().kind, FunctionKind::Aggregate);
    assert!(overloads(&catalog, "abs", &[TypeId::INT4]).unwrap().strict);
    assert_eq!(overloads(&catalog, "now", &[]).unwrap().result, TypeId::TIMESTAMPTZ);
    let expand = catalog.functions("_pg_expandarray").next().unwrap();
    assert_eq!(expand.schema, "information_schema");
    assert_eq!(catalog.functions("no_such_function").count(), 0);
}

#[test]
fn operators_are_those_of_the_server() {
    let catalog = Catalog::new();
    assert_eq!(catalog.all_operators().count(), 799);
    assert!(catalog.operators("=").all(|operator| operator.right != TypeId::VARCHAR));
    let minus: Vec<_> = catalog.operators("-").filter(|operator| operator.left.is_none()).collect();
    assert_eq!(minus.len(), 7);
    let less = catalog
        .operators("<")
        .find(|operator| {
            operator.left == Some(TypeId::DATE) && operator.right == TypeId::TIMESTAMPTZ
        })
        .unwrap();
    assert_eq!(less.result, TypeId::BOOL);
    assert_eq!(less.commutator.as_ref().unwrap().name, ">");
    assert_eq!(less.negator.as_ref().unwrap().name, ">=");
    assert_eq!(less.function, ObjectName::new("pg_catalog", "date_lt_timestamptz"));
}

#[test]
fn casts_have_context_and_method() {
    let catalog = Catalog::new();
    assert_eq!(catalog.all_casts().count(), 235);
    assert_eq!(Catalog::for_server(15).all_casts().count(), 229);
    let text = catalog.cast(TypeId::VARCHAR, TypeId::TEXT).unwrap();
    assert_eq!((text.context, &text.method), (CastContext::Implicit, &CastMethod::Binary));
    let narrow = catalog.cast(TypeId::INT8, TypeId::INT4).unwrap();
    assert_eq!(narrow.context, CastContext::Assignment);
    let length = catalog.cast(TypeId::VARCHAR, TypeId::VARCHAR).unwrap();
    assert!(matches!(length.method, CastMethod::Function { arity: 3, .. }));
    assert_eq!(catalog.cast(TypeId::TEXT, TypeId::JSON), None);
    assert!(catalog.is_binary_coercible(TypeId::VARCHAR, TypeId::TEXT));
    assert!(!catalog.is_binary_coercible(TypeId::INT4, TypeId::INT8));
    assert!(catalog.is_binary_coercible(TypeId::INT4_ARRAY, TypeId::ANYARRAY));
    assert!(!catalog.is_binary_coercible(TypeId::INT4, TypeId::ANYENUM));
}

#[test]
fn default_operator_classes_are_found_as_the_server_does() {
    let catalog = Catalog::new();
    let default =
        |method: &str, id| catalog.default_opclass(method, id).map(|class| class.name.as_str());
    assert_eq!(default("btree", TypeId::INT4), Some("int4_ops"));
    assert_eq!(default("btree", TypeId::VARCHAR), Some("text_ops"));
    assert_eq!(default("btree", TypeId::INT4_ARRAY), Some("array_ops"));
    assert_eq!(default("gin", TypeId::TEXT_ARRAY), Some("array_ops"));
    assert_eq!(default("gin", TypeId::JSONB), Some("jsonb_ops"));
    assert_eq!(default("gin", TypeId::TEXT), None);
    assert_eq!(default("btree", TypeId::CIDR), Some("inet_ops"));
    assert_eq!(default("gist", TypeId::DATERANGE), Some("range_ops"));
    assert!(
        catalog.opclass("pg_catalog", "jsonb_path_ops", "gin").is_some_and(|class| !class.default)
    );
    assert_eq!(catalog.opclass("pg_catalog", "jsonb_path_ops", "btree"), None);
    let less = catalog.family_operators("btree").find(|member| {
        (member.left, member.right, member.operator.name.as_str())
            == (TypeId::INT4, TypeId::INT8, "<")
    });
    assert_eq!(
        less.map(|member| (member.strategy, member.family.name.as_str())),
        Some((1, "integer_ops"))
    );
}

#[test]
fn system_relations_have_columns() {
    let catalog = Catalog::new();
    let class = catalog.relation("pg_catalog", "pg_class").unwrap();
    let names: Vec<_> = catalog.columns(class).map(|column| column.name.as_str()).take(3).collect();
    assert_eq!(names, ["oid", "relname", "relnamespace"]);
    assert_eq!(catalog.relation_of_type(class.row_type.unwrap()), Some(class));
    let columns = catalog.relation("information_schema", "columns").unwrap();
    assert_eq!((columns.kind, columns.columns.len()), (RelationKind::View, 44));
    let database = catalog.relation("pg_catalog", "pg_database").unwrap();
    let has = |catalog: &Catalog, name| catalog.columns(database).any(|column| column.name == name);
    assert!(has(&catalog, "datlocale") && !has(&catalog, "daticulocale"));
    assert!(
        has(&Catalog::for_server(15), "daticulocale")
            && !has(&Catalog::for_server(15), "datlocale")
    );
}

#[test]
fn versions_say_what_a_server_has() {
    let newer = Catalog::for_server(18);
    let older = Catalog::for_server(13);
    assert!(
        newer.functions("uuidv7").next().is_some() && older.functions("uuidv7").next().is_none()
    );
    assert!(newer.functions("pg_read_file_old").next().is_none());
    assert!(older.functions("pg_read_file_old").next().is_some());
    assert!(Catalog::new().functions("pg_read_file_old").next().is_some());
}

#[test]
fn names_are_known() {
    let catalog = Catalog::new();
    let known = |kind, name| catalog.name(kind, "pg_catalog", name).is_some();
    assert!(known(NameKind::Collation, "C") && known(NameKind::Collation, "de-x-icu"));
    assert!(known(NameKind::TextSearchConfiguration, "english"));
    assert!(known(NameKind::Language, "plpgsql") && known(NameKind::IndexMethod, "brin"));
    assert!(known(NameKind::TableMethod, "heap") && !known(NameKind::IndexMethod, "heap"));
}

#[test]
fn an_extension_is_where_it_was_put() {
    let catalog = Catalog::new().with_extension("citext", "public").unwrap();
    let citext = catalog.type_named("public", "citext").unwrap();
    let equals = catalog.operators("=").find(|operator| operator.right == citext).unwrap();
    assert_eq!((equals.schema.as_str(), equals.left), ("public", Some(citext)));
    assert_eq!(catalog.default_opclass("btree", citext).unwrap().name, "citext_ops");
    assert_eq!(catalog.cast(citext, TypeId::TEXT).unwrap().context, CastContext::Implicit);
    assert_eq!(catalog.extension_schema("citext"), Some("public"));
    let array = catalog.array_of(citext).unwrap();
    assert_eq!(
        (catalog.ty(array).name.as_str(), catalog.element_of(array)),
        ("_citext", Some(citext))
    );
    assert_eq!(Catalog::new().type_named("public", "citext"), None);
}

#[test]
fn an_extension_brings_what_it_needs() {
    let catalog = Catalog::new()
        .with_extension("cube", "geometry")
        .and_then(|catalog| catalog.with_extension("earthdistance", "public"))
        .unwrap();
    let earth = catalog.type_named("public", "earth").unwrap();
    let cube = catalog.type_named("geometry", "cube").unwrap();
    assert_eq!(catalog.base_type(earth), cube);
    let alone = Catalog::new().with_extension("earthdistance", "public").unwrap();
    assert_eq!(alone.extension_schema("cube"), Some("public"));
    let statements = Catalog::new().with_extension("pg_stat_statements", "public").unwrap();
    assert!(statements.relation("public", "pg_stat_statements").is_some());
    let error = Catalog::new().with_extension("no_such_extension", "public").unwrap_err();
    assert_eq!(error.name, "no_such_extension");
}

#[test]
fn postgis_and_vector_are_there() {
    let catalog = Catalog::new()
        .with_extension("postgis", "public")
        .and_then(|catalog| catalog.with_extension("vector", "extensions"))
        .unwrap();
    let geometry = catalog.type_named("public", "geometry").unwrap();
    assert!(catalog.ty(geometry).takes_typmod);
    assert!(catalog.functions("st_dwithin").count() >= 3);
    assert_eq!(catalog.default_opclass("gist", geometry).unwrap().name, "gist_geometry_ops_2d");
    assert!(catalog.relation("public", "spatial_ref_sys").is_some());
    let vector = catalog.type_named("extensions", "vector").unwrap();
    assert!(catalog.operators("<=>").any(|operator| operator.right == vector));
    assert!(catalog.name(NameKind::IndexMethod, "pg_catalog", "hnsw").is_some());
}
