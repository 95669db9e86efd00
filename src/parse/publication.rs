//! Publications.
//!
//! `FOR TABLE t` without ONLY also publishes the tables that inherit from `t`, but not
//! its partitions, which need no mention (`OpenTableList`,
//! `src/backend/commands/publicationcmds.c`).

use std::collections::{BTreeMap, BTreeSet};

use pg_query::NodeEnum;
use pg_query::protobuf::{
    AlterPublicationAction, AlterPublicationStmt, CreatePublicationStmt, Node,
    PublicationObjSpecType,
};

use super::absent::absent;
use super::address::Address;
use super::def_elem::bool_text;
use super::define;
use super::expr::optional;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering, unsupported};
use super::type_name::{idents, range_var};
use crate::model::{
    Expr, Expression, Facet, Ident, Name, ObjectId, Place, Problem, Publication, PublishedTable,
    QualifiedName, Span, Table,
};

/// What is published when nothing is said, in the order in which it is printed.
const ACTIONS: [&str; 4] = ["insert", "update", "delete", "truncate"];

/// `CREATE PUBLICATION`.
pub(super) fn create(stmt: &CreatePublicationStmt, _cx: Lowering<'_>) -> Lowered {
    let (objects, options) = match (objects(&stmt.pubobjects), options(&stmt.options)) {
        (Ok(objects), Ok(options)) => (objects, options),
        (Err(problem), _) | (_, Err(problem)) => return Lowered::problem(problem),
    };
    let all_tables = stmt.for_all_tables;
    Lowered::apply(CreatePublication {
        name: Ident::new(&stmt.pubname),
        all_tables,
        objects,
        options,
    })
}

/// `ALTER PUBLICATION .. ADD | SET | DROP ..`.
pub(super) fn alter(stmt: &AlterPublicationStmt, _cx: Lowering<'_>) -> Lowered {
    let (objects, options) = match (objects(&stmt.pubobjects), options(&stmt.options)) {
        (Ok(objects), Ok(options)) => (objects, options),
        (Err(problem), _) | (_, Err(problem)) => return Lowered::problem(problem),
    };
    let action = (!stmt.pubobjects.is_empty()).then(|| stmt.action());
    Lowered::apply(AlterPublication { name: Ident::new(&stmt.pubname), action, objects, options })
}

/// A table or a schema to publish.
enum Published {
    Table { name: Name, only: bool, columns: BTreeSet<Ident>, filter: Option<Expr> },
    Namespace(Ident),
    CurrentNamespace,
}

fn objects(nodes: &[Node]) -> Result<Vec<Published>, Problem> {
    let object = |node: &Node| {
        let Some(NodeEnum::PublicationObjSpec(spec)) = &node.node else {
            return Err(unsupported("what is published"));
        };
        match spec.pubobjtype() {
            PublicationObjSpecType::PublicationobjTablesInSchema => {
                Ok(Published::Namespace(Ident::new(&spec.name)))
            }
            PublicationObjSpecType::PublicationobjTablesInCurSchema => {
                Ok(Published::CurrentNamespace)
            }
            PublicationObjSpecType::PublicationobjTable
            | PublicationObjSpecType::PublicationobjContinuation
            | PublicationObjSpecType::Undefined => {
                let table = spec.pubtable.as_deref();
                let Some((table, relation)) =
                    table.and_then(|table| Some((table, table.relation.as_ref()?)))
                else {
                    return Err(unsupported("what is published"));
                };
                Ok(Published::Table {
                    name: range_var(relation),
                    only: !relation.inh,
                    columns: idents(&table.columns).into_iter().collect(),
                    filter: optional(table.where_clause.as_deref()),
                })
            }
        }
    };
    nodes.iter().map(object).collect()
}

/// The options in their normal form.
fn options(nodes: &[Node]) -> Result<BTreeMap<Ident, Box<str>>, Problem> {
    let mut options = BTreeMap::new();
    for element in define::elements(nodes) {
        let value = define::text(element).unwrap_or_else(|| "true".to_owned());
        let value = match element.defname.as_str() {
            "publish" => {
                let said: BTreeSet<String> =
                    value.split(',').map(|action| action.trim().to_ascii_lowercase()).collect();
                if let Some(unknown) =
                    said.iter().find(|one| !ACTIONS.contains(&one.as_str()) && !one.is_empty())
                {
                    return Err(unsupported(&format!("publishing \"{unknown}\"")));
                }
                let known = ACTIONS.iter().filter(|action| said.contains(**action));
                known.copied().collect::<Vec<_>>().join(", ")
            }
            "publish_via_partition_root" => match bool_text(&value) {
                Some(flag) => flag.to_string(),
                None => return Err(unsupported("this value of publish_via_partition_root")),
            },
            // A flag before PostgreSQL 18, then `none` or `stored`.
            "publish_generated_columns" => match bool_text(&value) {
                Some(true) => "stored".to_owned(),
                Some(false) => "none".to_owned(),
                None => value.to_ascii_lowercase(),
            },
            name => return Err(unsupported(&format!("the option \"{name}\" of a publication"))),
        };
        options.insert(Ident::new(&element.defname), value.into());
    }
    Ok(options)
}

struct CreatePublication {
    name: Ident,
    all_tables: bool,
    objects: Vec<Published>,
    options: BTreeMap<Ident, Box<str>>,
}

fn table_needs(objects: &[Published]) -> Vec<Need> {
    let table = |object: &Published| match object {
        Published::Table { name, .. } => Some(Need::Relation(name.clone())),
        Published::Namespace(_) | Published::CurrentNamespace => None,
    };
    objects.iter().filter_map(table).collect()
}

impl Statement for CreatePublication {
    fn needs(&self) -> Vec<Need> {
        table_needs(&self.objects)
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut publication = Publication { all_tables: self.all_tables, ..Publication::default() };
        let default = |name: &str, value: &str| (Ident::new(name), Box::from(value));
        publication.options.extend([
            default("publish", &ACTIONS.join(", ")),
            default("publish_via_partition_root", "false"),
            default("publish_generated_columns", "none"),
        ]);
        publication.options.extend(self.options);
        add(cx, &mut publication, self.objects)?;
        cx.create(ObjectId::Publication(self.name), publication, span, false)
    }
}

/// Adds tables and schemas to a publication.
fn add(
    cx: &Interpreter<'_>,
    publication: &mut Publication,
    objects: Vec<Published>,
) -> Result<(), Problem> {
    for object in objects {
        match object {
            Published::Namespace(name) => {
                publication.namespaces.insert(name);
            }
            Published::CurrentNamespace => {
                publication.namespaces.insert(cx.declared.creation_namespace(&cx.path));
            }
            Published::Table { name, only, columns, filter } => {
                let (table, _) = cx.relation(&name)?;
                let filter = filter.map(|expr| Expression { expr, path: cx.path.clone() });
                let published = PublishedTable { columns, filter };
                if !only {
                    for child in heirs(cx, &table) {
                        publication.tables.entry(child).or_insert_with(|| published.clone());
                    }
                }
                publication.tables.insert(table, published);
            }
        }
    }
    Ok(())
}

/// The tables that inherit from a table, partitions left out.
fn heirs(cx: &Interpreter<'_>, table: &QualifiedName) -> Vec<QualifiedName> {
    let mut found: Vec<QualifiedName> = Vec::new();
    let mut wave = vec![table.clone()];
    while let Some(parent) = wave.pop() {
        for (id, entry) in cx.schema.objects.entries_naming(&parent.name) {
            let (ObjectId::Table(name), Ok(child)) = (id, <&Table>::try_from(&entry.object)) else {
                continue;
            };
            if child.inherits.contains(&parent) && !found.contains(name) && name != table {
                found.push(name.clone());
                wave.push(name.clone());
            }
        }
    }
    found
}

struct AlterPublication {
    name: Ident,
    /// None for `SET (options)`.
    action: Option<AlterPublicationAction>,
    objects: Vec<Published>,
    options: BTreeMap<Ident, Box<str>>,
}

impl AlterPublication {
    fn address(&self) -> Address {
        Address::Global(ObjectId::Publication, self.name.clone())
    }
}

impl Statement for AlterPublication {
    fn needs(&self) -> Vec<Need> {
        let mut needs = table_needs(&self.objects);
        needs.push(Need::Object(self.address()));
        needs
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = ObjectId::Publication(self.name.clone());
        let Some(mut publication) = cx.object::<Publication>(&id).cloned() else {
            return absent(cx, &self.address());
        };
        let mut places: Vec<Place> =
            self.options.keys().map(|name| Place::part_facet(name, Facet::Option)).collect();
        publication.options.extend(self.options);
        if self.action.is_some() {
            places.extend([Place::facet(Facet::Tables), Place::facet(Facet::Namespaces)]);
            let tables = self.objects.iter().filter_map(|object| match object {
                Published::Table { name, .. } => Some(Place::part_facet(&name.name, Facet::Tables)),
                Published::Namespace(_) | Published::CurrentNamespace => None,
            });
            places.extend(tables);
        }
        match self.action {
            None | Some(AlterPublicationAction::Undefined) => {}
            Some(AlterPublicationAction::ApAddObjects) => add(cx, &mut publication, self.objects)?,
            Some(AlterPublicationAction::ApSetObjects) => {
                publication.tables.clear();
                publication.namespaces.clear();
                add(cx, &mut publication, self.objects)?;
            }
            Some(AlterPublicationAction::ApDropObjects) => {
                let mut dropped = Publication::default();
                add(cx, &mut dropped, self.objects)?;
                publication.tables.retain(|table, _| !dropped.tables.contains_key(table));
                publication.namespaces.retain(|namespace| !dropped.namespaces.contains(namespace));
            }
        }
        if let Some((kept, origin)) = cx.object_mut::<Publication>(&id) {
            *kept = publication;
            for place in places {
                origin.record(place, span);
            }
        }
        Ok(Outcome::Modelled)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::same;

    #[test]
    fn a_dump_adds_tables_one_by_one() {
        same(
            "CREATE TABLE t (a int, b int); CREATE TABLE u (); CREATE PUBLICATION p FOR TABLE u, t (b, a) WHERE (a > 0);",
            "CREATE TABLE t (a int, b int); CREATE TABLE u (); CREATE PUBLICATION p WITH (publish = 'insert, update, delete, truncate'); ALTER PUBLICATION p ADD TABLE ONLY u; ALTER PUBLICATION p ADD TABLE ONLY t (a, b) WHERE (a > 0);",
        );
    }

    #[test]
    fn heirs_are_published_with_their_table() {
        same(
            "CREATE TABLE t (a int); CREATE TABLE h () INHERITS (t); CREATE PUBLICATION p FOR TABLE t;",
            "CREATE TABLE t (a int); CREATE TABLE h () INHERITS (t); CREATE PUBLICATION p FOR TABLE ONLY t, ONLY h;",
        );
    }
}
