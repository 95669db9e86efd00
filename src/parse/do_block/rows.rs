//! The rows that the system catalogs and the information schema would have for the schema
//! under construction.
//!
//! In goes the name of a catalog, out come its rows with the columns that conditions ask
//! for; a column that is not there is unknown. OIDs are texts (`n:app` for a schema,
//! `r:app.t` for a relation, `t:app.mood` for a type). Surprising: what extensions and
//! PostgreSQL itself bring is there as well, so that a name that is taken counts as taken; of
//! an extension that no catalog describes there is one row with every name.

use super::guard::{Cell, Row};
use crate::catalog::extension_names;
use crate::model::{
    ConstraintDefinition, Ident, Index, Name, Object, ObjectId, QualifiedName, RoutineKind, Table,
};
use crate::parse::declared;
use crate::parse::interpreter::{Interpreter, Relation};

/// The rows of a catalog; none when it is not one that is known here.
pub(super) fn of(name: &Name, cx: &Interpreter<'_>) -> Option<Vec<Row>> {
    let catalog = name.name.as_str();
    match name.namespace.as_ref().map(Ident::as_str) {
        Some("information_schema") => information_schema(catalog, cx),
        None | Some("pg_catalog") => {
            // A table of that name in the schema would come later in the path.
            Some(match catalog {
                "pg_namespace" => namespaces(cx)
                    .map(|(name, oid)| row(&[("oid", &oid), ("nspname", name.as_str())]))
                    .collect(),
                "pg_class" => relations(cx)
                    .map(|(name, kind)| {
                        row(&[
                            ("oid", &relation_oid(name)),
                            ("relname", name.name.as_str()),
                            ("relnamespace", &namespace_oid(&name.namespace)),
                            ("relkind", kind),
                        ])
                    })
                    .chain(brought(cx, "relations", "relname", "relnamespace"))
                    .collect(),
                "pg_type" => types(cx),
                "pg_enum" => enum_labels(cx),
                "pg_proc" => routines(cx),
                "pg_attribute" => columns(cx)
                    .map(|(table, column, not_null)| {
                        row(&[
                            ("attrelid", &relation_oid(table)),
                            ("attname", column),
                            ("attnotnull", if not_null { "t" } else { "f" }),
                            ("attisdropped", "f"),
                        ])
                    })
                    .collect(),
                "pg_constraint" => constraints(cx)
                    .map(|(parent, name, kind)| {
                        row(&[
                            ("conname", name),
                            ("conrelid", &relation_oid(parent)),
                            ("connamespace", &namespace_oid(&parent.namespace)),
                            ("contype", kind),
                        ])
                    })
                    .collect(),
                _by_one_kind_of_object => return named(catalog, cx),
            })
        }
        Some(_) => None,
    }
}

/// True for the text that stands for an OID.
pub(super) fn is_oid(text: &str) -> bool {
    ["n:", "r:", "t:"].iter().any(|kind| text.starts_with(kind))
}

/// The OID of the object that a name means, NULL when there is none.
pub(super) fn object_of(kind: &str, text: &str, cx: &Interpreter<'_>) -> Cell {
    let parts = crate::parse::session::split_list(&text.replace('.', ","));
    let parts: Vec<Ident> = parts.iter().map(Ident::new).collect();
    let name = match parts.as_slice() {
        [name] => Name { namespace: None, name: name.clone() },
        [namespace, name] => Name { namespace: Some(namespace.clone()), name: name.clone() },
        _longer => return Cell::Unknown,
    };
    match kind {
        "regnamespace" if name.namespace.is_none() => {
            let there = namespace_exists(&name.name, cx);
            if there { Cell::Text(namespace_oid(&name.name)) } else { Cell::Null }
        }
        "regclass" => match cx.find_relation(&name) {
            Some((found, _)) => Cell::Text(relation_oid(&found)),
            None if has_extension(cx) => Cell::Unknown,
            None => Cell::Null,
        },
        "regtype" => {
            let own = |name: &QualifiedName| {
                let ids = [ObjectId::Enum, ObjectId::Domain, ObjectId::Composite, ObjectId::Range];
                ids.iter().any(|id| cx.schema.objects.contains_key(&id(name.clone())))
            };
            match declared::find(&name, &cx.path, own) {
                Some(found) => Cell::Text(type_oid(&found)),
                // SQL's own names, arrays and row types are not followed.
                None => Cell::Unknown,
            }
        }
        _another_kind => Cell::Unknown,
    }
}

/// True when the schema has that namespace, or every database has.
pub(super) fn namespace_exists(name: &Ident, cx: &Interpreter<'_>) -> bool {
    namespaces(cx).any(|(own, _)| own == *name)
}

fn has_extension(cx: &Interpreter<'_>) -> bool {
    cx.schema.objects.keys().any(|id| matches!(id, ObjectId::Extension(name) if *name != "plpgsql"))
}

fn row(cells: &[(&'static str, &str)]) -> Row {
    cells.iter().map(|(column, text)| (*column, Cell::Text((*text).to_owned()))).collect()
}

fn namespace_oid(name: &Ident) -> String {
    format!("n:{}", name.as_str())
}

fn relation_oid(name: &QualifiedName) -> String {
    format!("r:{}.{}", name.namespace.as_str(), name.name.as_str())
}

fn type_oid(name: &QualifiedName) -> String {
    format!("t:{}.{}", name.namespace.as_str(), name.name.as_str())
}

fn namespaces<'c>(cx: &'c Interpreter<'_>) -> impl Iterator<Item = (Ident, String)> + 'c {
    let own = cx.schema.objects.keys().filter_map(|id| match id {
        ObjectId::Namespace(name) => Some(name.clone()),
        _another_kind => None,
    });
    let always = ["pg_catalog", "information_schema", "pg_toast"].map(Ident::new);
    own.chain(always).map(|name| {
        let oid = namespace_oid(&name);
        (name, oid)
    })
}

/// All relations with their `relkind`.
fn relations<'c>(
    cx: &'c Interpreter<'_>,
) -> impl Iterator<Item = (&'c QualifiedName, &'static str)> + 'c {
    cx.relations().map(|(name, relation)| {
        let kind = match relation {
            Relation::ConstraintIndex(_) => "i",
            Relation::IdentitySequence(_) => "S",
            Relation::Object(ObjectId::Table(_)) => cx.table(name).map_or("r", relation_kind),
            Relation::Object(ObjectId::View(_)) => "v",
            Relation::Object(ObjectId::MaterializedView(_)) => "m",
            Relation::Object(ObjectId::Sequence(_)) => "S",
            Relation::Object(ObjectId::Index(_)) => "i",
            Relation::Object(_composite_type) => "c",
        };
        (name, kind)
    })
}

fn relation_kind(table: &Table) -> &'static str {
    match (&table.foreign, &table.partition_by) {
        (Some(_), _) => "f",
        (_, Some(_)) => "p",
        (_, None) => "r",
    }
}

/// What extensions bring, by name and schema.
fn brought(
    cx: &Interpreter<'_>,
    section: &'static str,
    name_column: &'static str,
    namespace_column: &'static str,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for (id, entry) in &cx.schema.objects {
        let (ObjectId::Extension(name), Object::Extension(extension)) = (id, &entry.object) else {
            continue;
        };
        let own = extension.namespace.as_ref().map(Ident::as_str);
        let schema = own.unwrap_or("public");
        if crate::catalog::extension_facts(name.as_str()).is_none() && *name != "plpgsql" {
            let namespace = own.map_or(Cell::Unknown, |own| Cell::Text(format!("n:{own}")));
            rows.push(Row::from([(name_column, Cell::Unknown), (namespace_column, namespace)]));
        }
        rows.extend(extension_names(name.as_str(), section, schema).map(|found| {
            row(&[(name_column, &found.name), (namespace_column, &format!("n:{}", found.schema))])
        }));
    }
    rows
}

fn types(cx: &Interpreter<'_>) -> Vec<Row> {
    let of = |name: &QualifiedName, kind: &str| {
        row(&[
            ("oid", &type_oid(name)),
            ("typname", name.name.as_str()),
            ("typnamespace", &namespace_oid(&name.namespace)),
            ("typtype", kind),
        ])
    };
    let mut rows = brought(cx, "types", "typname", "typnamespace");
    rows.extend(
        declared::builtin_types().map(|name| of(&QualifiedName::new("pg_catalog", name), "b")),
    );
    for id in cx.schema.objects.keys() {
        let (name, kind) = match id {
            ObjectId::Enum(name) => (name, "e"),
            ObjectId::Domain(name) => (name, "d"),
            ObjectId::Range(name) => (name, "r"),
            ObjectId::BaseType(name) => (name, "b"),
            ObjectId::Composite(name)
            | ObjectId::Table(name)
            | ObjectId::View(name)
            | ObjectId::MaterializedView(name) => (name, "c"),
            _no_type => continue,
        };
        rows.push(of(name, kind));
        let array = name.sibling(Ident::new(format!("_{}", name.name.as_str())));
        rows.push(of(&array, "b"));
    }
    rows
}

fn enum_labels(cx: &Interpreter<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (id, entry) in &cx.schema.objects {
        if let (ObjectId::Enum(name), Object::Enum(object)) = (id, &entry.object) {
            let label =
                |label: &Box<str>| row(&[("enumtypid", &type_oid(name)), ("enumlabel", label)]);
            rows.extend(object.labels.iter().map(label));
        }
    }
    rows
}

fn routines(cx: &Interpreter<'_>) -> Vec<Row> {
    let of = |name: &str, namespace: &str| {
        row(&[("proname", name), ("pronamespace", &format!("n:{namespace}"))])
    };
    let mut rows = brought(cx, "functions", "proname", "pronamespace");
    let builtin = crate::catalog::Catalog::default();
    rows.extend(builtin.all_functions().map(|function| of(&function.name, &function.schema)));
    for (id, entry) in &cx.schema.objects {
        let (ObjectId::Routine(signature) | ObjectId::Aggregate(signature)) = id else { continue };
        let mut own = of(signature.name.name.as_str(), signature.name.namespace.as_str());
        let kind = match &entry.object {
            Object::Routine(routine) if routine.kind == RoutineKind::Procedure => "p",
            Object::Aggregate(_) => "a",
            _function => "f",
        };
        own.insert("prokind", Cell::Text(kind.to_owned()));
        rows.push(own);
    }
    rows
}

/// The columns of tables, and whether each is NOT NULL.
fn columns<'c>(
    cx: &'c Interpreter<'_>,
) -> impl Iterator<Item = (&'c QualifiedName, &'c str, bool)> + 'c {
    cx.schema.objects.iter().flat_map(|(id, entry)| {
        let columns = match (id, &entry.object) {
            (ObjectId::Table(name), Object::Table(table)) => Some(
                table
                    .columns
                    .iter()
                    .map(move |column| (name, column.name.as_str(), column.not_null.is_some())),
            ),
            _another_object => None,
        };
        columns.into_iter().flatten()
    })
}

/// The constraints of tables with their `contype`.
fn constraints<'c>(
    cx: &'c Interpreter<'_>,
) -> impl Iterator<Item = (&'c QualifiedName, &'c str, &'static str)> + 'c {
    cx.schema.objects.iter().filter_map(|(id, entry)| {
        let (ObjectId::Constraint(child), Object::Constraint(constraint)) = (id, &entry.object)
        else {
            return None;
        };
        let kind = match &constraint.definition {
            ConstraintDefinition::Check { .. } => "c",
            ConstraintDefinition::PrimaryKey(_) => "p",
            ConstraintDefinition::Unique(_) => "u",
            ConstraintDefinition::ForeignKey(_) => "f",
            ConstraintDefinition::Exclusion(_) => "x",
        };
        Some((&child.parent, child.name.as_str(), kind))
    })
}

/// One row for each object of a kind, made of its identity.
macro_rules! each {
    ($cx:expr, $kind:ident($name:ident) => [$($cell:expr),+ $(,)?]) => {
        $cx.schema
            .objects
            .keys()
            .filter_map(|id| match id {
                ObjectId::$kind($name) => Some(row(&[$($cell),+])),
                _another_kind => None,
            })
            .collect::<Vec<Row>>()
    };
}

/// Catalogs and views of one kind of object each.
fn named(catalog: &str, cx: &Interpreter<'_>) -> Option<Vec<Row>> {
    let mut rows = match catalog {
        "pg_extension" => each!(cx, Extension(name) => [("extname", name.as_str())]),
        "pg_roles" | "pg_authid" => each!(cx, Role(name) => [("rolname", name.as_str())]),
        "pg_user" | "pg_shadow" => each!(cx, Role(name) => [("usename", name.as_str())]),
        "pg_publication" => each!(cx, Publication(name) => [("pubname", name.as_str())]),
        "pg_event_trigger" => each!(cx, EventTrigger(name) => [("evtname", name.as_str())]),
        "pg_foreign_server" => each!(cx, Server(name) => [("srvname", name.as_str())]),
        "pg_foreign_data_wrapper" => {
            each!(cx, ForeignDataWrapper(name) => [("fdwname", name.as_str())])
        }
        "pg_trigger" => each!(cx, Trigger(child) => [
            ("tgname", child.name.as_str()),
            ("tgrelid", &relation_oid(&child.parent)),
            ("tgisinternal", "f"),
        ]),
        "pg_policy" => each!(cx, Policy(child) => [
            ("polname", child.name.as_str()),
            ("polrelid", &relation_oid(&child.parent)),
        ]),
        "pg_policies" => each!(cx, Policy(child) => [
            ("policyname", child.name.as_str()),
            ("schemaname", child.parent.namespace.as_str()),
            ("tablename", child.parent.name.as_str()),
        ]),
        "pg_tables" => each!(cx, Table(name) => [
            ("schemaname", name.namespace.as_str()),
            ("tablename", name.name.as_str()),
        ]),
        "pg_views" => each!(cx, View(name) => [
            ("schemaname", name.namespace.as_str()),
            ("viewname", name.name.as_str()),
        ]),
        "pg_matviews" => each!(cx, MaterializedView(name) => [
            ("schemaname", name.namespace.as_str()),
            ("matviewname", name.name.as_str()),
        ]),
        "pg_indexes" => indexes(cx),
        "pg_publication_tables" => return published(cx),
        _another_catalog => return None,
    };
    match catalog {
        "pg_extension" => rows.push(row(&[("extname", "plpgsql")])),
        "pg_roles" | "pg_authid" => rows.push(row(&[("rolname", "postgres")])),
        "pg_user" | "pg_shadow" => rows.push(row(&[("usename", "postgres")])),
        _all_are_said => {}
    }
    Some(rows)
}

fn indexes(cx: &Interpreter<'_>) -> Vec<Row> {
    let indexes = cx.relations().filter_map(|(name, relation)| match relation {
        Relation::ConstraintIndex(child) => Some((name, &child.parent)),
        Relation::Object(id @ ObjectId::Index(_)) => {
            cx.object::<Index>(id).map(|index| (name, &index.relation))
        }
        Relation::Object(_) | Relation::IdentitySequence(_) => None,
    });
    let of = |(name, table): (&QualifiedName, &QualifiedName)| {
        row(&[
            ("schemaname", name.namespace.as_str()),
            ("tablename", table.name.as_str()),
            ("indexname", name.name.as_str()),
        ])
    };
    indexes.map(of).collect()
}

/// `pg_publication_tables`; none when a publication names no tables one by one.
fn published(cx: &Interpreter<'_>) -> Option<Vec<Row>> {
    let mut rows = Vec::new();
    for (id, entry) in &cx.schema.objects {
        let (ObjectId::Publication(name), Object::Publication(publication)) = (id, &entry.object)
        else {
            continue;
        };
        if publication.all_tables || !publication.namespaces.is_empty() {
            return None;
        }
        rows.extend(publication.tables.keys().map(|table| {
            row(&[
                ("pubname", name.as_str()),
                ("schemaname", table.namespace.as_str()),
                ("tablename", table.name.as_str()),
            ])
        }));
    }
    Some(rows)
}

fn information_schema(view: &str, cx: &Interpreter<'_>) -> Option<Vec<Row>> {
    Some(match view {
        "schemata" => {
            namespaces(cx).map(|(name, _)| row(&[("schema_name", name.as_str())])).collect()
        }
        "tables" => {
            let types = [("r", "BASE TABLE"), ("p", "BASE TABLE"), ("v", "VIEW"), ("f", "FOREIGN")];
            let of = |(name, kind): (&QualifiedName, &str)| {
                let (_, table_type) = types.iter().find(|(known, _)| *known == kind)?;
                Some(row(&[
                    ("table_schema", name.namespace.as_str()),
                    ("table_name", name.name.as_str()),
                    ("table_type", table_type),
                ]))
            };
            relations(cx).filter_map(of).collect()
        }
        "views" => each!(cx, View(name) => [
            ("table_schema", name.namespace.as_str()),
            ("table_name", name.name.as_str()),
        ]),
        // The columns of views are here as well, which are not known before the end.
        "columns" => {
            let of = |(table, column, not_null): (&QualifiedName, &str, bool)| {
                row(&[
                    ("table_schema", table.namespace.as_str()),
                    ("table_name", table.name.as_str()),
                    ("column_name", column),
                    ("is_nullable", if not_null { "NO" } else { "YES" }),
                ])
            };
            let mut rows: Vec<Row> = columns(cx).map(of).collect();
            for row in each!(cx, View(name) => [
                ("table_schema", name.namespace.as_str()),
                ("table_name", name.name.as_str()),
            ]) {
                let mut any = row;
                any.insert("column_name", Cell::Unknown);
                rows.push(any);
            }
            rows
        }
        "table_constraints" => {
            let of = |(parent, name, kind): (&QualifiedName, &str, &str)| {
                let kind = match kind {
                    "p" => "PRIMARY KEY",
                    "u" => "UNIQUE",
                    "f" => "FOREIGN KEY",
                    "c" => "CHECK",
                    _exclusion => return None,
                };
                Some(row(&[
                    ("constraint_schema", parent.namespace.as_str()),
                    ("constraint_name", name),
                    ("table_schema", parent.namespace.as_str()),
                    ("table_name", parent.name.as_str()),
                    ("constraint_type", kind),
                ]))
            };
            constraints(cx).filter_map(of).collect()
        }
        "triggers" => each!(cx, Trigger(child) => [
            ("trigger_schema", child.parent.namespace.as_str()),
            ("trigger_name", child.name.as_str()),
            ("event_object_schema", child.parent.namespace.as_str()),
            ("event_object_table", child.parent.name.as_str()),
        ]),
        "sequences" => each!(cx, Sequence(name) => [
            ("sequence_schema", name.namespace.as_str()),
            ("sequence_name", name.name.as_str()),
        ]),
        "routines" => each!(cx, Routine(signature) => [
            ("routine_schema", signature.name.namespace.as_str()),
            ("routine_name", signature.name.name.as_str()),
        ]),
        _another_view => return None,
    })
}
