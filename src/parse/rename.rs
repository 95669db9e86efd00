//! `ALTER .. RENAME TO`, `ALTER .. SET SCHEMA`.
//!
//! PostgreSQL refers to objects by number, so that a new name shows wherever the object
//! is used. Here references are names: [`follow`](super::follow) changes them.

use pg_query::protobuf::{AlterObjectSchemaStmt, ObjectType, RenameStmt};

use super::absent::{absent, missing, outside};
use super::address::{Address, address, relation_or};
use super::annotation::{Annotated, annotated};
use super::coverage::IgnoreRule;
use super::follow_column::follow_column;
use super::interpreter::{Interpreter, Need, Outcome, Relation, Statement};
use super::lower::{Lowered, Lowering};
use super::type_name::range_var;
use crate::model::{
    Child, ColumnDefault, Composite, DefaultPrivilegesKey, Extension, Facet, Ident, MethodMember,
    Object, ObjectId, OperatorSignature, Place, Problem, ProblemCode, QualifiedName, Signature,
    Span, Table,
};

pub(super) use super::follow::follow;

/// `ALTER .. RENAME`.
pub(super) fn rename(stmt: &RenameStmt, _cx: Lowering<'_>) -> Lowered {
    let kind = stmt.rename_type();
    if let Some(rule) = outside(kind) {
        return Lowered::Ignored(rule);
    }
    match target(kind, stmt) {
        Some(address) => Lowered::apply(Rename {
            kind,
            address,
            name: Ident::new(&stmt.newname),
            if_exists: stmt.missing_ok,
        }),
        None => Lowered::unsupported("this RENAME"),
    }
}

fn target(kind: ObjectType, stmt: &RenameStmt) -> Option<Address> {
    let part = Ident::new(&stmt.subname);
    let relation = || stmt.relation.as_ref().map(range_var);
    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser's enum")]
    match kind {
        ObjectType::ObjectColumn | ObjectType::ObjectAttribute => {
            Some(Address::Column(relation()?, part))
        }
        ObjectType::ObjectTabconstraint => {
            Some(Address::Child(ObjectId::Constraint, relation()?, part))
        }
        ObjectType::ObjectTrigger => Some(Address::Child(ObjectId::Trigger, relation()?, part)),
        ObjectType::ObjectPolicy => Some(Address::Child(ObjectId::Policy, relation()?, part)),
        ObjectType::ObjectRule => Some(Address::Child(ObjectId::Rule, relation()?, part)),
        ObjectType::ObjectDomconstraint => {
            match address(ObjectType::ObjectType, stmt.object.as_deref()?)? {
                Address::Type(domain) => Some(Address::DomainConstraint(domain, part)),
                _no_type => None,
            }
        }
        ObjectType::ObjectSchema => Some(Address::Global(ObjectId::Namespace, part)),
        ObjectType::ObjectRole => Some(Address::Global(ObjectId::Role, part)),
        _by_its_own_name => relation_or(kind, stmt.relation.as_ref(), stmt.object.as_deref()),
    }
}

struct Rename {
    kind: ObjectType,
    address: Address,
    name: Ident,
    if_exists: bool,
}

impl Statement for Rename {
    fn needs(&self) -> Vec<Need> {
        // What an old name stands for must not wait until it stands for something else.
        Vec::new()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        if annotated(cx, self.kind, &self.address).is_none() {
            super::implied::write_out(cx, &self.address);
        }
        let Some(target) = annotated(cx, self.kind, &self.address) else {
            if self.if_exists {
                return Ok(Outcome::Ignored(IgnoreRule::NoEffect));
            }
            return match absent(cx, &self.address)? {
                // A renamed member of an extension has another name in a dump.
                Outcome::Ignored(IgnoreRule::Cluster) => Ok(Outcome::Ignored(IgnoreRule::Cluster)),
                Outcome::Ignored(_) | Outcome::Modelled => Err(missing(&self.address)),
            };
        };
        match target {
            Annotated::Object(id) => {
                let to = renamed(&id, &self.name)?;
                if id == to {
                    return Ok(Outcome::Modelled);
                }
                cx.rename(&id, to)?;
            }
            Annotated::Column(id, column) => follow_column(cx, &id, &column, &self.name, span)?,
            Annotated::NotNull(id, column) => {
                let table = cx.object_mut::<Table>(&id).map(|(table, _)| table);
                let column = table.and_then(|table| table.column_mut(&column));
                if let Some(not_null) = column.and_then(|column| column.not_null.as_mut()) {
                    not_null.name = Some(Box::new(self.name));
                }
            }
            Annotated::DomainNotNull(id) => {
                if let Some((domain, _)) = cx.object_mut::<crate::model::Domain>(&id)
                    && let Some(not_null) = &mut domain.not_null
                {
                    not_null.name = Some(Box::new(self.name));
                }
            }
            Annotated::IdentitySequence(id, column) => {
                let Some(parent) = id.qualified_name().cloned() else {
                    return Ok(Outcome::Modelled);
                };
                rename_identity(cx, &Child::new(parent, column), |name| name.sibling(self.name));
            }
            // The index of a constraint and the constraint are renamed together.
            Annotated::ConstraintIndex(child) => {
                let to = ObjectId::Constraint(Child::new(child.parent.clone(), self.name));
                cx.rename(&ObjectId::Constraint(child), to)?;
            }
        }
        Ok(Outcome::Modelled)
    }
}

/// Gives the sequence of an identity column another name.
fn rename_identity(
    cx: &mut Interpreter<'_>,
    column: &Child,
    change: impl FnOnce(&QualifiedName) -> QualifiedName,
) {
    let Some((table, _)) = cx.table_mut(&column.parent) else { return };
    let Some(owner) = table.column_mut(&column.name) else { return };
    let Some(ColumnDefault::Identity { sequence_name, .. }) = &mut owner.default else { return };
    let old = std::mem::replace(sequence_name, change(sequence_name));
    let new = sequence_name.clone();
    if let Some(relation) = cx.free_relation_name(&old) {
        cx.take_relation_name(new, relation);
    }
}

/// The identity of an object under another name.
fn renamed(id: &ObjectId, name: &Ident) -> Result<ObjectId, Problem> {
    use ObjectId as I;
    let qualified = |old: &QualifiedName| old.sibling(name.clone());
    let child = |old: &Child| Child::new(old.parent.clone(), name.clone());
    let signature =
        |old: &Signature| Signature { name: qualified(&old.name), args: old.args.clone() };
    let member = |old: &MethodMember| MethodMember {
        method: old.method.clone(),
        name: qualified(&old.name),
    };
    Ok(match id {
        I::Role(_) => I::Role(name.clone()),
        I::Namespace(_) => I::Namespace(name.clone()),
        I::Extension(_) => I::Extension(name.clone()),
        I::Language(_) => I::Language(name.clone()),
        I::AccessMethod(_) => I::AccessMethod(name.clone()),
        I::EventTrigger(_) => I::EventTrigger(name.clone()),
        I::ForeignDataWrapper(_) => I::ForeignDataWrapper(name.clone()),
        I::Server(_) => I::Server(name.clone()),
        I::Publication(_) => I::Publication(name.clone()),
        I::Subscription(_) => I::Subscription(name.clone()),
        I::Collation(old) => I::Collation(qualified(old)),
        I::Conversion(old) => I::Conversion(qualified(old)),
        I::Enum(old) => I::Enum(qualified(old)),
        I::Domain(old) => I::Domain(qualified(old)),
        I::Composite(old) => I::Composite(qualified(old)),
        I::Range(old) => I::Range(qualified(old)),
        I::BaseType(old) => I::BaseType(qualified(old)),
        I::Sequence(old) => I::Sequence(qualified(old)),
        I::Table(old) => I::Table(qualified(old)),
        I::Index(old) => I::Index(qualified(old)),
        I::View(old) => I::View(qualified(old)),
        I::MaterializedView(old) => I::MaterializedView(qualified(old)),
        I::TextSearchParser(old) => I::TextSearchParser(qualified(old)),
        I::TextSearchTemplate(old) => I::TextSearchTemplate(qualified(old)),
        I::TextSearchDictionary(old) => I::TextSearchDictionary(qualified(old)),
        I::TextSearchConfiguration(old) => I::TextSearchConfiguration(qualified(old)),
        I::Statistics(old) => I::Statistics(qualified(old)),
        I::Column(old) => I::Column(child(old)),
        I::Constraint(old) => I::Constraint(child(old)),
        I::Rule(old) => I::Rule(child(old)),
        I::Trigger(old) => I::Trigger(child(old)),
        I::Policy(old) => I::Policy(child(old)),
        I::Routine(old) => I::Routine(signature(old)),
        I::Aggregate(old) => I::Aggregate(signature(old)),
        I::OperatorClass(old) => I::OperatorClass(member(old)),
        I::OperatorFamily(old) => I::OperatorFamily(member(old)),
        I::Operator(_)
        | I::Cast(_)
        | I::Transform(_)
        | I::UserMapping(_)
        | I::DefaultPrivileges(_) => {
            return Err(Problem::new(
                ProblemCode::Invalid,
                "this kind of object cannot be renamed",
            ));
        }
    })
}

/// The identity of an object in another namespace; none when it lives in none.
pub(super) fn moved(id: &ObjectId, namespace: &Ident) -> Option<ObjectId> {
    use ObjectId as I;
    let qualified = |old: &QualifiedName| QualifiedName {
        namespace: namespace.clone(),
        name: old.name.clone(),
    };
    let child = |old: &Child| Child::new(qualified(&old.parent), old.name.clone());
    let signature =
        |old: &Signature| Signature { name: qualified(&old.name), args: old.args.clone() };
    let member = |old: &MethodMember| MethodMember {
        method: old.method.clone(),
        name: qualified(&old.name),
    };
    Some(match id {
        I::Collation(old) => I::Collation(qualified(old)),
        I::Conversion(old) => I::Conversion(qualified(old)),
        I::Enum(old) => I::Enum(qualified(old)),
        I::Domain(old) => I::Domain(qualified(old)),
        I::Composite(old) => I::Composite(qualified(old)),
        I::Range(old) => I::Range(qualified(old)),
        I::BaseType(old) => I::BaseType(qualified(old)),
        I::Sequence(old) => I::Sequence(qualified(old)),
        I::Table(old) => I::Table(qualified(old)),
        I::Index(old) => I::Index(qualified(old)),
        I::View(old) => I::View(qualified(old)),
        I::MaterializedView(old) => I::MaterializedView(qualified(old)),
        I::TextSearchParser(old) => I::TextSearchParser(qualified(old)),
        I::TextSearchTemplate(old) => I::TextSearchTemplate(qualified(old)),
        I::TextSearchDictionary(old) => I::TextSearchDictionary(qualified(old)),
        I::TextSearchConfiguration(old) => I::TextSearchConfiguration(qualified(old)),
        I::Statistics(old) => I::Statistics(qualified(old)),
        I::Column(old) => I::Column(child(old)),
        I::Constraint(old) => I::Constraint(child(old)),
        I::Rule(old) => I::Rule(child(old)),
        I::Trigger(old) => I::Trigger(child(old)),
        I::Policy(old) => I::Policy(child(old)),
        I::Routine(old) => I::Routine(signature(old)),
        I::Aggregate(old) => I::Aggregate(signature(old)),
        I::OperatorClass(old) => I::OperatorClass(member(old)),
        I::OperatorFamily(old) => I::OperatorFamily(member(old)),
        I::Operator(old) => {
            let (left, right) = (old.left.clone(), old.right.clone());
            I::Operator(OperatorSignature { name: qualified(&old.name), left, right })
        }
        I::DefaultPrivileges(old) => {
            let (role, class) = (old.role.clone(), old.class);
            old.namespace.as_ref()?;
            I::DefaultPrivileges(DefaultPrivilegesKey {
                role,
                namespace: Some(namespace.clone()),
                class,
            })
        }
        I::Role(_)
        | I::Namespace(_)
        | I::Extension(_)
        | I::Language(_)
        | I::AccessMethod(_)
        | I::Cast(_)
        | I::Transform(_)
        | I::EventTrigger(_)
        | I::ForeignDataWrapper(_)
        | I::Server(_)
        | I::UserMapping(_)
        | I::Publication(_)
        | I::Subscription(_) => return None,
    })
}

/// `ALTER .. SET SCHEMA`.
pub(super) fn set_schema(stmt: &AlterObjectSchemaStmt, _cx: Lowering<'_>) -> Lowered {
    let kind = stmt.object_type();
    match relation_or(kind, stmt.relation.as_ref(), stmt.object.as_deref()) {
        Some(address) => Lowered::apply(SetSchema {
            kind,
            address,
            namespace: Ident::new(&stmt.newschema),
            if_exists: stmt.missing_ok,
        }),
        None => Lowered::unsupported("this SET SCHEMA"),
    }
}

struct SetSchema {
    kind: ObjectType,
    address: Address,
    namespace: Ident,
    if_exists: bool,
}

impl Statement for SetSchema {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = match annotated(cx, self.kind, &self.address) {
            Some(Annotated::Object(id)) => id,
            // They move with their table.
            Some(_part) => return Ok(Outcome::Modelled),
            None if self.if_exists => return Ok(Outcome::Ignored(IgnoreRule::NoEffect)),
            None => return Err(missing(&self.address)),
        };
        if let Some((extension, origin)) = cx.object_mut::<Extension>(&id) {
            extension.namespace = Some(self.namespace);
            origin.record(Place::facet(Facet::Namespace), span);
            return Ok(Outcome::Modelled);
        }
        let Some(to) = moved(&id, &self.namespace).filter(|to| *to != id) else {
            return Ok(Outcome::Modelled);
        };
        let old = id.qualified_name().cloned();
        cx.rename(&id, to.clone())?;
        if let (Some(old), Some(new)) = (old, to.qualified_name()) {
            move_parts(cx, &old, new);
        }
        Ok(Outcome::Modelled)
    }
}

/// Moves the indexes and owned sequences of a table (`AlterTableNamespaceInternal`,
/// `src/backend/commands/tablecmds.c`), which name it by its new name already.
fn move_parts(cx: &mut Interpreter<'_>, old: &QualifiedName, new: &QualifiedName) {
    let mut parts = Vec::new();
    let mut identities = Vec::new();
    for (id, entry) in cx.schema.objects.entries_naming(&new.name) {
        let own = match &entry.object {
            Object::Index(index) => index.relation == *new,
            Object::Sequence(sequence) => {
                sequence.owned_by.as_ref().is_some_and(|(table, _)| table == new)
            }
            _no_part => false,
        };
        if own && id.namespace() == Some(&old.namespace) {
            parts.push(id.clone());
        }
        if let (ObjectId::Table(name), Object::Table(table)) = (id, &entry.object)
            && name == new
        {
            let identity = table
                .columns
                .iter()
                .filter(|column| matches!(column.default, Some(ColumnDefault::Identity { .. })));
            identities.extend(identity.map(|column| Child::new(new.clone(), column.name.clone())));
        }
    }
    for part in parts {
        if let Some(to) = moved(&part, &new.namespace)
            && let Err(problem) = cx.rename(&part, to)
        {
            cx.warnings.push(problem);
        }
    }
    for column in identities {
        rename_identity(cx, &column, |name| QualifiedName {
            namespace: new.namespace.clone(),
            name: name.name.clone(),
        });
    }
}

/// The attribute of a composite type gets another name.
pub(super) fn rename_attribute(cx: &mut Interpreter<'_>, id: &ObjectId, from: &Ident, to: &Ident) {
    if let Some((composite, _)) = cx.object_mut::<Composite>(id) {
        for attribute in composite.attributes.iter_mut().filter(|attribute| attribute.name == *from)
        {
            attribute.name = to.clone();
        }
    }
}

/// What stands for a part of a table in the namespace of relations, when the table has
/// another name.
pub(super) fn relation_of(
    relation: Relation,
    from: &QualifiedName,
    to: &QualifiedName,
) -> Relation {
    let child = |child: Child| {
        if child.parent == *from { Child::new(to.clone(), child.name) } else { child }
    };
    match relation {
        Relation::Object(id) => Relation::Object(id),
        Relation::ConstraintIndex(old) => Relation::ConstraintIndex(child(old)),
        Relation::IdentitySequence(old) => Relation::IdentitySequence(child(old)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, same};
    use crate::model::ProblemCode;

    const TABLES: &str = "CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0)); CREATE TABLE u (a int, t_id int REFERENCES t);";

    #[test]
    fn a_table_is_followed_by_what_refers_to_it() {
        same(
            &[TABLES, "CREATE VIEW v AS SELECT t.a FROM t; ALTER TABLE t RENAME TO w;"].concat(),
            "CREATE TABLE w (id int CONSTRAINT t_pkey PRIMARY KEY, a int CONSTRAINT t_a_check CHECK (a > 0)); CREATE TABLE u (a int, t_id int REFERENCES w); CREATE VIEW v AS SELECT w.a FROM public.w;",
        );
    }

    #[test]
    fn a_query_of_with_hides_a_table() {
        same(
            &[TABLES, "CREATE VIEW v AS WITH t AS (SELECT 1 AS a) SELECT a FROM t; ALTER TABLE u RENAME TO w;"].concat(),
            "CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0)); CREATE TABLE w (a int, t_id int CONSTRAINT u_t_id_fkey REFERENCES t); CREATE VIEW v AS WITH t AS (SELECT 1 AS a) SELECT a FROM t;",
        );
    }

    #[test]
    fn a_column_is_renamed_where_it_is_meant() {
        same(
            &[TABLES, "CREATE VIEW v AS SELECT a, (SELECT u.a FROM u WHERE u.t_id = id) AS b FROM t ORDER BY a; CREATE INDEX i ON t ((a + 1)); ALTER TABLE t RENAME a TO c;"].concat(),
            "CREATE TABLE t (id int PRIMARY KEY, c int CONSTRAINT t_a_check CHECK (c > 0)); CREATE TABLE u (a int, t_id int REFERENCES t); CREATE VIEW v AS SELECT c AS a, (SELECT u.a FROM u WHERE u.t_id = id) AS b FROM t ORDER BY a; CREATE INDEX i ON t ((c + 1));",
        );
    }

    #[test]
    fn a_bare_name_of_an_inner_table_is_left_alone() {
        same(
            &[TABLES, "CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM u WHERE a = t.a)); ALTER TABLE t RENAME a TO c;"].concat(),
            "CREATE TABLE t (id int PRIMARY KEY, c int CONSTRAINT t_a_check CHECK (c > 0)); CREATE TABLE u (a int, t_id int REFERENCES t); CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM u WHERE a = t.c));",
        );
    }

    #[test]
    fn a_star_stands_for_the_columns_of_its_time() {
        same(
            &[TABLES, "CREATE VIEW v AS SELECT * FROM t; ALTER TABLE t RENAME a TO c; ALTER TABLE t ADD d int; ALTER VIEW v RENAME id TO no;"].concat(),
            "CREATE TABLE t (id int PRIMARY KEY, c int CONSTRAINT t_a_check CHECK (c > 0), d int); CREATE TABLE u (a int, t_id int REFERENCES t); CREATE VIEW v AS SELECT t.id AS no, t.c AS a FROM t;",
        );
    }

    #[test]
    fn what_cannot_be_told_is_said() {
        let star = [
            TABLES,
            "CREATE VIEW v AS SELECT * FROM t, generate_series(1, 2) AS g; ALTER TABLE t RENAME a TO c;",
        ];
        assert_eq!(problems(&star.concat()), [ProblemCode::NotModelled]);
    }

    #[test]
    fn a_schema_takes_everything_along() {
        same(
            "CREATE SCHEMA a; CREATE TABLE a.t (id serial, CONSTRAINT k PRIMARY KEY (id)); CREATE VIEW a.v AS SELECT t.id FROM a.t; ALTER SCHEMA a RENAME TO b;",
            "CREATE SCHEMA b; CREATE TABLE b.t (id serial, CONSTRAINT k PRIMARY KEY (id)); CREATE VIEW b.v AS SELECT t.id FROM b.t;",
        );
    }

    #[test]
    fn set_schema_moves_what_belongs_to_a_table() {
        same(
            "CREATE SCHEMA s; CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, a int); CREATE INDEX i ON t (a); ALTER TABLE t SET SCHEMA s;",
            "CREATE SCHEMA s; CREATE TABLE s.t (id int GENERATED ALWAYS AS IDENTITY, a int); SET search_path = public; CREATE INDEX i ON s.t (a);",
        );
    }

    #[test]
    fn types_and_roles_are_followed() {
        same(
            "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (c m DEFAULT 'x'::m); ALTER TYPE m RENAME TO n;",
            "CREATE TYPE n AS ENUM ('x'); CREATE TABLE t (c n DEFAULT 'x'::public.n);",
        );
        same(
            "CREATE ROLE r; CREATE TABLE t (); GRANT SELECT ON t TO r; ALTER ROLE r RENAME TO q;",
            "CREATE ROLE q; CREATE TABLE t (); GRANT SELECT ON t TO q;",
        );
    }
}
