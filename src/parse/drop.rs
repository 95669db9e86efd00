//! `DROP`.
//!
//! With CASCADE what depends on the object goes, too, as far as the dependency shows in
//! names (`findDependentObjects`, `src/backend/catalog/dependency.c`). Partitions go
//! with their table in any case. A dump made with `--clean` drops first what it then
//! creates, so that in a dump dropping what is not there has no effect.

use pg_query::protobuf::{DropBehavior, DropStmt, ObjectType};

use super::IgnoreRule;
use super::absent::{absent, outside};
use super::address::{Address, address};
use super::annotation::{Annotated, annotated};
use super::dependents::{Dependent, dependents};
use super::interpreter::{Interpreter, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use crate::model::{
    Column, ColumnDefault, Composite, Expr, Ident, Object, ObjectId, Problem, QualifiedName, Span,
    Table,
};

/// `DROP kind [IF EXISTS] name, .. [CASCADE | RESTRICT]`.
pub(super) fn drop(stmt: &DropStmt, _cx: Lowering<'_>) -> Lowered {
    let kind = stmt.remove_type();
    if let Some(rule) = outside(kind) {
        return Lowered::Ignored(rule);
    }
    let objects: Option<Vec<Address>> =
        stmt.objects.iter().map(|node| address(kind, node)).collect();
    match objects {
        Some(objects) => Lowered::apply(Drop {
            kind,
            objects,
            if_exists: stmt.missing_ok,
            cascade: stmt.behavior() == DropBehavior::DropCascade,
        }),
        None => Lowered::unsupported("the object of this DROP"),
    }
}

struct Drop {
    kind: ObjectType,
    objects: Vec<Address>,
    if_exists: bool,
    cascade: bool,
}

impl Statement for Drop {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut outcome = Outcome::Ignored(IgnoreRule::NoEffect);
        // All are looked up before any of them goes (`RemoveObjects`,
        // `src/backend/commands/dropcmds.c`): one may go with another.
        let mut found = Vec::new();
        for address in &self.objects {
            match annotated(cx, self.kind, address) {
                Some(Annotated::Object(id)) => {
                    found.push(id.clone());
                    if outcome != Outcome::Modelled {
                        outcome = super::temporary::made(&id);
                    }
                }
                // They can only be dropped with what they are part of.
                Some(_part) => {
                    return Err(Problem::new(
                        crate::model::ProblemCode::Invalid,
                        format!("{} cannot be dropped alone", address.shown()),
                    ));
                }
                None if self.if_exists || cx.schema.dumped.is_some() => {}
                None => outcome = absent(cx, address)?,
            }
        }
        for id in found {
            drop_object(cx, &id, self.cascade, span);
        }
        Ok(outcome)
    }
}

/// Drops an object, and with `cascade` what depends on it.
pub(super) fn drop_object(cx: &mut Interpreter<'_>, id: &ObjectId, cascade: bool, span: Span) {
    let mut waiting = vec![id.clone()];
    while let Some(id) = waiting.pop() {
        if !cx.schema.objects.contains_key(&id) {
            continue;
        }
        let found = dependents(cx, &id, cascade, span);
        cx.remove(&id);
        super::operator::leave_families(cx, &id);
        for dependent in found {
            match dependent {
                Dependent::Object(id) => waiting.push(id),
                Dependent::Default(id, column) => drop_default(cx, &id, &column),
                // A table does not outlive a column of its partition key.
                Dependent::Column(id, column) if is_partition_key(cx, &id, &column) => {
                    waiting.push(id);
                }
                Dependent::Column(id, column) => drop_column(cx, &id, &column, span),
            }
        }
    }
}

fn drop_default(cx: &mut Interpreter<'_>, id: &ObjectId, column: &Ident) {
    match cx.schema.objects.get_mut(id).map(|entry| &mut entry.object) {
        Some(Object::Table(table)) => {
            if let Some(column) = table.column_mut(column) {
                column.default = None;
            }
        }
        Some(Object::View(view)) => {
            view.defaults.remove(column);
        }
        Some(Object::Domain(domain)) => domain.default = None,
        _without_defaults => {}
    }
}

fn is_partition_key(cx: &Interpreter<'_>, id: &ObjectId, column: &Ident) -> bool {
    let key = cx.object::<Table>(id).and_then(|table| table.partition_by.as_ref());
    key.is_some_and(|key| key.keys.iter().any(|item| mentions(&item.expr, column)))
}

fn drop_column(cx: &mut Interpreter<'_>, id: &ObjectId, column: &Ident, span: Span) {
    if let (ObjectId::Table(name), Some(_)) = (id, cx.object::<Table>(id)) {
        drop_table_column(cx, &name.clone(), column, true, span);
    } else if let Some((composite, _)) = cx.object_mut::<Composite>(id) {
        composite.attributes.retain(|own| own.name != *column);
    }
}

/// Drops a column of a table with what cannot be without it: keys, checks, indexes,
/// columns that are generated from it, and with `cascade` views, policies and the like.
pub(super) fn drop_table_column(
    cx: &mut Interpreter<'_>,
    name: &QualifiedName,
    column: &Ident,
    cascade: bool,
    span: Span,
) {
    if cascade {
        for id in super::follow_column::users_of_column(cx, name, column, span) {
            drop_object(cx, &id, true, span);
        }
    }
    let is_generated = |own: &&Column| match &own.default {
        Some(ColumnDefault::Generated { expression, .. }) => mentions(&expression.expr, column),
        Some(ColumnDefault::Expression(_) | ColumnDefault::Identity { .. }) | None => false,
    };
    let mut generated = Vec::new();
    if let Some((table, _)) = cx.table_mut(name) {
        table.columns.retain(|own| own.name != *column);
        generated = table.columns.iter().filter(is_generated).map(|own| own.name.clone()).collect();
    }
    cx.drop_column_dependents(name, column);
    for column in generated {
        drop_table_column(cx, name, &column, cascade, span);
    }
}

fn mentions(expr: &Expr, column: &Ident) -> bool {
    let mut found = false;
    expr.for_each_column(&mut |reference| found |= reference.parts.last() == Some(column));
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{differ, problems, same};
    use crate::model::ProblemCode;

    #[test]
    fn one_may_go_with_another() {
        same(
            "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT; DROP TABLE p, p1;",
            "",
        );
        assert_eq!(problems("CREATE TABLE p (); DROP TABLE p, q;"), [ProblemCode::Missing]);
    }

    const USED: &str = "CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (b + 1) STORED, d int); CREATE VIEW v AS SELECT a FROM t;";

    #[test]
    fn a_column_takes_what_uses_it_and_nothing_else() {
        let users = "CREATE VIEW w AS SELECT * FROM t; CREATE VIEW x AS SELECT count(w.c) FROM w; CREATE POLICY p ON t USING (b > 0); CREATE INDEX ON t (d) WHERE b > 0;";
        let drops = "ALTER TABLE t DROP COLUMN b CASCADE;";
        let left = "CREATE TABLE t (a int, d int); CREATE VIEW v AS SELECT a FROM t;";
        same(&[USED, users, drops].concat(), left);
        same(&[USED, drops].concat(), left);
        differ(&[USED, "ALTER TABLE t DROP COLUMN a CASCADE;"].concat(), USED);
    }

    #[test]
    fn a_table_goes_with_the_type_of_its_partition_key() {
        let domain = "CREATE DOMAIN d AS int;";
        let other = "CREATE TABLE o (k int, x d) PARTITION BY LIST (k);";
        let table = "CREATE TABLE p (k d, x int) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);";
        same(
            &[domain, other, table, "DROP DOMAIN d CASCADE;"].concat(),
            "CREATE TABLE o (k int) PARTITION BY LIST (k);",
        );
    }

    #[test]
    fn members_leave_families_with_their_function() {
        let made = "CREATE FUNCTION f(int, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $2'; CREATE OPERATOR CLASS c FOR TYPE int USING hash AS FUNCTION 2 f(int, bigint);";
        same(
            &[made, "DROP OPERATOR CLASS c USING hash; DROP FUNCTION f(int, bigint);"].concat(),
            "CREATE OPERATOR FAMILY c USING hash;",
        );
        differ(
            &[made, "DROP OPERATOR CLASS c USING hash;"].concat(),
            "CREATE FUNCTION f(int, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $2'; CREATE OPERATOR FAMILY c USING hash;",
        );
    }

    #[test]
    fn classes_and_families_go_with_their_method() {
        same(
            "CREATE ACCESS METHOD m TYPE INDEX HANDLER gisthandler; CREATE OPERATOR FAMILY f USING m; CREATE OPERATOR FAMILY f USING hash; DROP ACCESS METHOD m;",
            "CREATE OPERATOR FAMILY f USING hash;",
        );
    }

    #[test]
    fn cascade_takes_what_depends() {
        same(
            "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (t_id int REFERENCES t); CREATE VIEW v AS SELECT id FROM t; CREATE VIEW w AS SELECT id FROM v; DROP TABLE t CASCADE;",
            "CREATE TABLE u (t_id int);",
        );
        same(
            "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a int, b m); DROP TYPE m CASCADE;",
            "CREATE TABLE t (a int);",
        );
    }

    #[test]
    fn a_schema_takes_its_objects_only_with_cascade() {
        same("CREATE SCHEMA s; CREATE TABLE s.t (); DROP SCHEMA s CASCADE;", "");
    }

    #[test]
    fn what_is_not_there_is_a_mistake_unless_a_dump_drops_it() {
        assert_eq!(problems("DROP TABLE t;"), [ProblemCode::Missing]);
        assert_eq!(problems("DROP TABLE IF EXISTS t;"), []);
        let head = "-- Dumped from database version 18.1\n-- Dumped by pg_dump version 18.1\n";
        let clean = "ALTER TABLE ONLY public.t DROP CONSTRAINT k;\nDROP TABLE public.t;\nCREATE TABLE public.t (a integer);\nALTER TABLE ONLY public.t ADD CONSTRAINT k PRIMARY KEY (a);";
        same(
            &[head, clean].concat(),
            &[head, "CREATE TABLE public.t (a integer, CONSTRAINT k PRIMARY KEY (a));"].concat(),
        );
    }
}
