//! The step that elaborates every expression and query of an object, each in its scope.
//!
//! In goes an object as written, out comes it with expressions as PostgreSQL stores them.
//! A normal expression needs no `search_path` any more, so its path is empty: the paths of
//! a file and of a dump must not tell the two apart.

mod bound;
mod constraint;
mod key;
mod relation;
mod routine;
mod scope;

pub(super) use scope::LastScope;

use super::analyze::{Analyzer, Ty, Typed};
use super::{Context, Found, Undecided};
use crate::catalog::TypeId;
use crate::model::{
    Domain, Expr, Expression, Facet, Name, NormalRule, Object, ObjectId, Place, Policy,
    Publication, QualifiedName, Range, SearchPath, Statistics,
};

/// Elaborates an object; `None` when there is nothing in it to elaborate.
pub(super) fn elaborate(
    id: &ObjectId,
    object: &Object,
    context: &Context<'_>,
    found: &mut Found,
) -> Option<Object> {
    let mut on = Elaborator { context, found };
    match (id, object) {
        (ObjectId::Table(name), Object::Table(table)) => on.table(name, table).map(Object::from),
        (ObjectId::Constraint(child), Object::Constraint(constraint)) => {
            on.constraint(&child.parent, constraint).map(Object::from)
        }
        (_, Object::Index(index)) => on.index(index).map(Object::from),
        (_, Object::Domain(domain)) => on.domain(domain).map(Object::from),
        (_, Object::Range(range)) => on.range(range).map(Object::from),
        (ObjectId::Policy(child), Object::Policy(policy)) => {
            on.policy(&child.parent, policy).map(Object::from)
        }
        (ObjectId::Trigger(child), Object::Trigger(trigger)) => {
            on.trigger(&child.parent, trigger).map(Object::from)
        }
        (ObjectId::Rule(child), Object::Rule(rule)) => {
            Some(Object::from(on.rule(&child.parent, rule)))
        }
        (ObjectId::View(name), Object::View(view)) => Some(Object::from(on.view(name, view))),
        (ObjectId::MaterializedView(name), Object::MaterializedView(view)) => {
            Some(Object::from(on.materialized_view(name, view)))
        }
        (ObjectId::Routine(signature), Object::Routine(routine)) => {
            on.routine(&signature.name.name, routine).map(Object::from)
        }
        (_, Object::Statistics(statistics)) => on.statistics(statistics).map(Object::from),
        (_, Object::Publication(publication)) => on.publication(publication).map(Object::from),
        _without_expressions => None,
    }
}

/// Elaborates the parts of one object.
struct Elaborator<'a, 'u> {
    context: &'a Context<'a>,
    found: &'u mut Found,
}

impl<'a> Elaborator<'a, '_> {
    /// An analyser without scope.
    fn analyzer(&self, path: &SearchPath) -> Analyzer<'a> {
        Analyzer::new(self.context.catalog, self.context.domains, path)
    }

    /// Runs an analysis and lists what it could not decide as that of a part.
    fn part<T>(
        &mut self,
        place: &Place,
        mut analyzer: Analyzer<'a>,
        analyse: impl FnOnce(&mut Analyzer<'a>) -> T,
    ) -> T {
        let result = analyse(&mut analyzer);
        self.found.note(place, analyzer.applied.get());
        self.give_up(place, analyzer.undecided);
        result
    }

    fn give_up(&mut self, place: &Place, reasons: Vec<String>) {
        let reasons = reasons.into_iter();
        self.found
            .undecided
            .extend(reasons.map(|reason| Undecided { place: place.clone(), reason }));
    }

    /// A condition over the columns of a relation, which are not qualified.
    fn condition(
        &mut self,
        facet: Facet,
        relation: &QualifiedName,
        written: &Expression,
    ) -> Expression {
        let mut analyzer = self.analyzer(&written.path);
        analyzer.scopes.push(self.columns_of(relation));
        let expr = self.part(&Place::facet(facet), analyzer, |analyzer| {
            let typed = analyzer.expr(&written.expr);
            analyzer.coerce_boolean(typed)
        });
        normal(expr)
    }

    /// The value that a column, domain or parameter of that type gets by default; none
    /// for NULL, which says nothing unless the type is a domain that may refuse it.
    fn default(
        &mut self,
        place: &Place,
        ty: Option<&Ty>,
        written: &Expression,
    ) -> Option<Expression> {
        let analyzer = self.analyzer(&written.path);
        let expr = self.part(place, analyzer, |analyzer| {
            let typed = analyzer.expr(&written.expr);
            assigned(analyzer, typed, ty)
        });
        let is_null = self.is_null(&expr);
        if is_null {
            self.found.note_one(place, NormalRule::DefaultNull);
        }
        (!is_null).then(|| normal(expr))
    }

    /// NULL, or a cast of it to a type that does not refuse it: a domain may, and has a
    /// default of its own (`AddRelationNewConstraints`, `src/backend/catalog/heap.c`).
    fn is_null(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Constant(constant) => constant.value.is_none(),
            Expr::Cast(cast) => {
                let ty = self.context.ty(&cast.ty);
                let plain = ty.is_some_and(|ty| self.context.catalog.base_type(ty.id) == ty.id);
                plain && self.is_null(&cast.arg)
            }
            _value => false,
        }
    }

    fn domain(&mut self, domain: &Domain) -> Option<Domain> {
        let written = domain.default.as_ref()?;
        let base = self.context.ty(&domain.base);
        let default = self.default(&Place::facet(Facet::Default), base.as_ref(), written);
        Some(Domain { default, ..domain.clone() })
    }

    /// The operator class that the subtype has anyway is not said.
    fn range(&mut self, range: &Range) -> Option<Range> {
        let written = range.opclass.as_ref()?;
        let subtype = self.context.ty(&range.subtype)?;
        let opclass = self.opclass("btree", written, Some(&subtype), &SearchPath::empty());
        Some(Range { opclass, ..range.clone() })
    }

    fn policy(&mut self, table: &QualifiedName, policy: &Policy) -> Option<Policy> {
        if policy.using.is_none() && policy.with_check.is_none() {
            return None;
        }
        let mut condition = |facet, written: &Option<Expression>| {
            written.as_ref().map(|written| self.condition(facet, table, written))
        };
        let using = condition(Facet::Using, &policy.using);
        let with_check = condition(Facet::WithCheck, &policy.with_check);
        Some(Policy { using, with_check, ..policy.clone() })
    }

    fn statistics(&mut self, statistics: &Statistics) -> Option<Statistics> {
        if statistics.expressions.is_empty() {
            return None;
        }
        let mut analyzer = self.analyzer(&statistics.path);
        analyzer.scopes.push(self.columns_of(&statistics.relation));
        let expressions = self.part(&Place::facet(Facet::Columns), analyzer, |analyzer| {
            let value = |expr| {
                let typed = analyzer.expr(expr);
                analyzer.finish_literal(typed).expr
            };
            statistics.expressions.iter().map(value).collect()
        });
        let path = SearchPath::empty();
        Some(Statistics { expressions, path, ..statistics.clone() })
    }

    fn publication(&mut self, publication: &Publication) -> Option<Publication> {
        if publication.tables.values().all(|table| table.filter.is_none()) {
            return None;
        }
        let mut publication = publication.clone();
        for (name, table) in &mut publication.tables {
            if let Some(filter) = &mut table.filter {
                *filter = self.condition(Facet::Tables, name, filter);
            }
        }
        Some(publication)
    }

    /// A collation with its namespace; none when it is the one that the value has anyway.
    fn collation(
        &self,
        written: Option<&Name>,
        own: Option<&Name>,
        path: &SearchPath,
    ) -> Option<Name> {
        let collation = self.analyzer(path).collation_name(written?);
        if own == Some(&collation) {
            return None;
        }
        Some(collation)
    }
}

/// The value as that of a column of a type; of one that is not known, as it is.
fn assigned(analyzer: &mut Analyzer<'_>, typed: Typed, ty: Option<&Ty>) -> Expr {
    match ty {
        Some(ty) if ty.id != TypeId::UNKNOWN => analyzer.coerce_assignment(typed, ty),
        _unknown_type => {
            analyzer.give_up("the type of the column is not known");
            typed.expr
        }
    }
}

/// An expression in normal form.
fn normal(expr: Expr) -> Expression {
    Expression { expr, path: SearchPath::empty() }
}
