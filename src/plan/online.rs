//! Steps that leave a table readable and writable meanwhile, by option.
//!
//! Indexes are built CONCURRENTLY, constraints are added NOT VALID and validated later,
//! keys take over an index that is built before, NOT NULL rests on a validated CHECK.
//! Such statements run alone, outside of transaction blocks, or in one of their own.

use super::planner::Planner;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::emit::sql::SqlWriter;
use crate::model::Hazard;
use crate::model::{
    Child, Constraint, ConstraintDefinition, Expr, Ident, Index, IndexKey, Key, MAX_IDENT_BYTES,
    Object, ObjectId, QualifiedName, SearchPath, clip,
};

impl Planner<'_, '_> {
    /// True when rows are there that others use: the relation stays, and its indexes can
    /// be built concurrently, which those of partitioned tables cannot.
    fn is_busy(&self, name: &QualifiedName) -> bool {
        let stays = |id: ObjectId| {
            let unit = Unit::Object(id);
            self.from().has(&unit) && !self.changes.is_gone(&unit)
        };
        let is_table = stays(ObjectId::Table(name.clone()))
            && self
                .to()
                .table(name)
                .is_some_and(|t| t.partition_by.is_none() && t.foreign.is_none());
        self.online && (is_table || stays(ObjectId::MaterializedView(name.clone())))
    }

    /// True when a unit stays as it is together with all it uses.
    fn is_untouched(&self, unit: &Unit) -> bool {
        self.from().uses(unit).all(|used| {
            !self.changes.is_gone(used)
                && self.changes.of(used) != Some(super::changes::Change::Retype)
                && self.changes.of(used) != Some(super::changes::Change::Swap)
        })
    }

    /// An index that is replaced: the new one is built beside the old one. False when it
    /// has to be done offline.
    pub(super) fn replace_online(&mut self, id: &ObjectId) -> bool {
        let (ObjectId::Index(name), Some(Object::Index(index)), Some(Object::Index(old))) =
            (id, self.to().shown(id), self.from().object(id))
        else {
            return false;
        };
        let unit = Unit::from(id);
        let is_same = index.relation == old.relation;
        if !is_same || !self.is_busy(&index.relation) || !self.is_untouched(&unit) {
            return false;
        }
        let beside = name.sibling(beside(&name.name));
        let needs: Vec<Unit> = self.to().uses(&unit).cloned().collect();
        let frees = self.uses_of(std::slice::from_ref(&unit));
        let built = Unit::Object(ObjectId::Index(beside.clone()));
        let build = Step::new(Rank::Index, &unit, |w| w.create_index_concurrently(&beside, index))
            .needs(&needs)
            .gives([&built])
            .alone();
        self.push(build.hazard(Hazard::NonTransactional));
        let swap = Step::new(Rank::Index, &unit, |w| {
            w.sql("DROP INDEX ").qualified(name);
            w.sql(";\nALTER INDEX ").qualified(&beside);
            w.sql(" RENAME TO ").ident(&name.name);
            w.sql(";\n");
        });
        self.push(swap.needs([&built]).frees(&frees).takes([&unit]).gives([&unit]));
        true
    }

    /// A new index on a table that is in use.
    pub(super) fn create_index_online(&mut self, name: &QualifiedName, index: &Index) -> bool {
        if !self.is_busy(&index.relation) {
            return false;
        }
        let unit = Unit::Object(ObjectId::Index(name.clone()));
        let needs: Vec<Unit> = self.to().uses(&unit).cloned().collect();
        let step =
            Step::new(Rank::Index, &unit, |w| w.create_index_concurrently(name, index)).alone();
        self.push(step.needs(&needs).gives([&unit]).hazard(Hazard::NonTransactional));
        true
    }

    /// A new constraint on a table that is in use.
    pub(super) fn add_constraint_online(&mut self, child: &Child, constraint: &Constraint) -> bool {
        if !self.is_busy(&child.parent) {
            return false;
        }
        match &constraint.definition {
            ConstraintDefinition::Check { .. } | ConstraintDefinition::ForeignKey(_)
                if constraint.validated && constraint.enforced =>
            {
                self.add_then_validate(child, constraint);
                true
            }
            ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key)
                if !key.without_overlaps =>
            {
                self.add_key_by_index(child, constraint, key);
                true
            }
            _at_once => false,
        }
    }

    fn add_then_validate(&mut self, child: &Child, constraint: &Constraint) {
        let unit = Unit::Object(ObjectId::Constraint(child.clone()));
        let needs: Vec<Unit> = self.to().uses(&unit).cloned().collect();
        let unchecked = Constraint { validated: false, ..constraint.clone() };
        let rank = crate::emit::normalized::constraint_rank(constraint).into();
        let add = Step::new(rank, &unit, |w| w.add_constraint(child, &unchecked, false));
        self.push(add.needs(&needs).gives([&unit]));
        let validate = Step::new(Rank::OnTable, &unit, |w| validate(w, &child.parent, &child.name));
        self.push(validate.needs([&unit]).alone().hazard(Hazard::MayFail));
    }

    fn add_key_by_index(&mut self, child: &Child, constraint: &Constraint, key: &Key) {
        let unit = Unit::Object(ObjectId::Constraint(child.clone()));
        let name = child.parent.sibling(child.name.clone());
        let index = Index {
            relation: child.parent.clone(),
            method: Ident::new("btree"),
            unique: true,
            nulls_not_distinct: key.nulls_not_distinct,
            keys: key.columns.iter().map(plain_key).collect(),
            include: key.include.clone(),
            predicate: None,
            options: key.options.clone(),
            tablespace: key.tablespace.clone(),
            partitions: std::collections::BTreeMap::new(),
            statistics: std::collections::BTreeMap::new(),
            path: SearchPath::empty(),
        };
        let needs: Vec<Unit> = self.to().uses(&unit).cloned().collect();
        let built = Unit::Object(ObjectId::Index(name.clone()));
        let build =
            Step::new(Rank::Constraint, &unit, |w| w.create_index_concurrently(&name, &index))
                .needs(&needs)
                .gives([&built])
                .alone();
        self.push(build.hazard(Hazard::NonTransactional).hazard(Hazard::MayFail));
        let is_primary = matches!(constraint.definition, ConstraintDefinition::PrimaryKey(_));
        let add = Step::new(Rank::Constraint, &unit, |w| {
            w.sql("ALTER TABLE ").qualified(&child.parent);
            w.sql(" ADD CONSTRAINT ").ident(&child.name);
            w.sql(if is_primary { " PRIMARY KEY" } else { " UNIQUE" });
            w.sql(" USING INDEX ").ident(&child.name);
            w.sql(if constraint.deferrable { " DEFERRABLE" } else { "" });
            w.sql(if constraint.initially_deferred { " INITIALLY DEFERRED" } else { "" });
            w.sql(";\n");
        });
        self.push(add.needs([&built]).gives([&unit]));
    }

    /// `SET NOT NULL`, its scan of the table done before under a weak lock.
    pub(super) fn set_not_null_online(&mut self, child: &Child) -> bool {
        if !self.is_busy(&child.parent) {
            return false;
        }
        let unit = Unit::Object(ObjectId::Column(child.clone()));
        let check = Ident::new(format!(
            "{}__not_null",
            clip(child.name.as_str(), MAX_IDENT_BYTES - "__not_null".len())
        ));
        let added =
            Unit::Object(ObjectId::Constraint(Child::new(child.parent.clone(), check.clone())));
        let checked = Unit::Default(Child::new(child.parent.clone(), check.clone()));
        let add = Step::new(Rank::Attributes, &unit, |w| {
            w.sql("ALTER TABLE ").qualified(&child.parent);
            w.sql(" ADD CONSTRAINT ").ident(&check);
            w.sql(" CHECK (").ident(&child.name);
            w.sql(" IS NOT NULL) NOT VALID;\n");
        });
        self.push(add.needs([&unit]).gives([&added]));
        let step = Step::new(Rank::Attributes, &unit, |w| validate(w, &child.parent, &check));
        self.push(step.needs([&added]).gives([&checked]).alone().hazard(Hazard::MayFail));
        let set = Step::new(Rank::Attributes, &unit, |w| {
            w.sql("ALTER TABLE ").qualified(&child.parent);
            w.sql(" ALTER COLUMN ").ident(&child.name);
            w.sql(" SET NOT NULL;\nALTER TABLE ").qualified(&child.parent);
            w.sql(" DROP CONSTRAINT ").ident(&check);
            w.sql(";\n");
        });
        self.push(set.needs([&checked]));
        true
    }

    /// True when an index can go without keeping others out of its table.
    pub(super) fn drops_online(&self, object: &Object) -> bool {
        matches!(object, Object::Index(index) if self.is_busy(&index.relation))
    }
}

fn validate(w: &mut SqlWriter, table: &QualifiedName, constraint: &Ident) {
    w.sql("ALTER TABLE ").qualified(table);
    w.sql(" VALIDATE CONSTRAINT ").ident(constraint);
    w.sql(";\n");
}

fn plain_key(column: &Ident) -> IndexKey {
    let parts = vec![column.clone()];
    IndexKey::new(Expr::Column(crate::model::ColumnRef { parts, star: false }))
}

/// A name beside that of the index that is replaced.
fn beside(name: &Ident) -> Ident {
    const SUFFIX: &str = "__new";
    Ident::new(format!("{}{SUFFIX}", clip(name.as_str(), MAX_IDENT_BYTES - SUFFIX.len())))
}
