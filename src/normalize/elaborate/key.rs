//! Keys of indexes, partitioned tables and exclusion constraints: expression, collation,
//! operator class.

use std::collections::BTreeMap;

use super::Elaborator;
use crate::catalog::{OpclassEntry, TypeId};
use crate::model::{
    Expr, Expression, Facet, Ident, Index, IndexKey, KeyDetails, Literal, Name, NormalRule, Place,
    QualifiedName, SearchPath, Visit, walk_expr,
};
use crate::normalize::analyze::{Ty, Type};

impl Elaborator<'_, '_> {
    pub(super) fn index(&mut self, index: &Index) -> Option<Index> {
        let keys = self.keys(Facet::Keys, &index.relation, &index.method, &index.keys, &index.path);
        let predicate = self.predicate(&index.relation, index.predicate.as_ref(), &index.path);
        let mut normal = Index { keys, predicate, path: SearchPath::empty(), ..index.clone() };
        let same =
            Index { partitions: BTreeMap::new(), statistics: BTreeMap::new(), ..normal.clone() };
        for part in normal.partitions.values_mut() {
            let Some(other) = part.other.take() else { continue };
            let Some(other) = self.index(&other) else { continue };
            // Only spelled differently (`CompareIndexInfo`, `src/backend/catalog/index.c`).
            let options = same.options.clone();
            let alike = Index {
                relation: same.relation.clone(),
                options,
                tablespace: same.tablespace.clone(),
                ..other.clone()
            };
            part.other = (alike != same).then(|| Box::new(other));
        }
        Some(normal)
    }

    /// `WHERE` of an index or an exclusion constraint. One that is always true is none
    /// (`make_ands_implicit`, `src/backend/nodes/makefuncs.c`).
    pub(super) fn predicate(
        &mut self,
        relation: &QualifiedName,
        written: Option<&Expr>,
        path: &SearchPath,
    ) -> Option<Expr> {
        let written = Expression { expr: written?.clone(), path: path.clone() };
        let normal = self.condition(Facet::Predicate, relation, &written).expr;
        let always = match &normal {
            Expr::Constant(constant) => constant.value.as_deref() == Some("t"),
            Expr::Literal(literal) => *literal == Literal::Bool(true),
            _asked_of_each_row => false,
        };
        if always {
            self.found.note_one(&Place::facet(Facet::Predicate), NormalRule::TruePredicate);
        }
        (!always).then_some(normal)
    }

    pub(super) fn keys(
        &mut self,
        facet: Facet,
        relation: &QualifiedName,
        method: &Ident,
        keys: &[IndexKey],
        path: &SearchPath,
    ) -> Vec<IndexKey> {
        let key = |key| self.key(facet, relation, method, key, path).0;
        keys.iter().map(key).collect()
    }

    /// The normal form of a key, and its type.
    pub(super) fn key(
        &mut self,
        facet: Facet,
        relation: &QualifiedName,
        method: &Ident,
        key: &IndexKey,
        path: &SearchPath,
    ) -> (IndexKey, Option<Ty>) {
        let (expr, ty, own_collation) = self.key_value(facet, relation, &key.expr, path);
        let KeyDetails { collation, opclass, opclass_options } = &*key.details;
        let opclass = opclass
            .as_ref()
            .and_then(|opclass| self.opclass(method.as_str(), opclass, ty.as_ref(), path));
        // The parameters of an operator class can only be given after its name.
        let written_collation = collation.is_some();
        let collation = self.collation(collation.as_ref(), own_collation.as_ref(), path);
        if opclass.is_none() && key.details.opclass.is_some() {
            self.found.note_one(&Place::facet(facet), NormalRule::DefaultOpclass);
        }
        if collation.is_none() && written_collation {
            self.found.note_one(&Place::facet(facet), NormalRule::DefaultCollation);
        }
        let opclass_options = opclass_options.clone();
        let details = KeyDetails { collation, opclass, opclass_options }.into();
        (IndexKey { expr, details, ..*key }, ty)
    }

    /// The value of a key, its type and the collation it has by itself.
    fn key_value(
        &mut self,
        facet: Facet,
        relation: &QualifiedName,
        written: &Expr,
        path: &SearchPath,
    ) -> (Expr, Option<Ty>, Option<Name>) {
        if let Expr::Column(column) = written
            && let ([name], false) = (column.parts.as_slice(), column.star)
            && let Some((ty, collation)) = self.context.column(relation, name)
        {
            let collation = collation.or_else(|| self.type_collation(&ty));
            return (written.clone(), Some(ty), collation);
        }
        let mut analyzer = self.analyzer(path);
        analyzer.scopes.push(self.columns_of(relation));
        let typed = self.part(&Place::facet(facet), analyzer, |analyzer| {
            let typed = analyzer.expr(written);
            analyzer.finish_literal(typed)
        });
        let ty = match &typed.ty {
            Type::Known(ty) => Some(ty.clone()),
            Type::Literal | Type::Undecided => None,
        };
        let collation = self.derived_collation(relation, &typed.expr);
        (typed.expr, ty, collation)
    }

    /// The collation that an expression has by its columns (`assign_collations_walker`,
    /// `src/backend/parser/parse_collate.c`); none when it is the default one, or when a
    /// `COLLATE` further inside leaves it open.
    fn derived_collation(&self, relation: &QualifiedName, expr: &Expr) -> Option<Name> {
        if let Expr::Collate(collate) = expr {
            return Some(collate.collation.clone());
        }
        let mut columns = Columns { names: Vec::new(), collates: false };
        walk_expr(expr, &mut columns);
        let own = columns.names.iter().filter_map(|name| {
            let (ty, collation) = self.context.column(relation, name)?;
            let by_type = self.type_collation(&ty);
            // What the type is not collatable for says nothing.
            by_type.is_some().then(|| collation.or(by_type)).flatten()
        });
        let mut own: Vec<Name> = own.filter(|name| !name.is_builtin("default")).collect();
        own.sort();
        own.dedup();
        match <[Name; 1]>::try_from(own) {
            Ok([only]) if !columns.collates => Some(only),
            _none_or_several => None,
        }
    }

    /// The collation that values of a type have, when it is not the default one.
    fn type_collation(&self, ty: &Ty) -> Option<Name> {
        let collation = self.context.catalog.ty(ty.id).collation.as_ref()?;
        Some(Name::qualified(&collation.schema, &collation.name))
    }

    /// An operator class with its namespace; none when it is what the type has anyway
    /// (`GetDefaultOpClass`, `src/backend/commands/indexcmds.c`).
    pub(super) fn opclass(
        &self,
        method: &str,
        written: &Name,
        ty: Option<&Ty>,
        path: &SearchPath,
    ) -> Option<Name> {
        let catalog = self.context.catalog;
        let name = written.name.as_str();
        let found = match &written.namespace {
            Some(namespace) => catalog.opclass(namespace.as_str(), name, method),
            None => path
                .lookup()
                .find_map(|namespace| catalog.opclass(namespace.as_str(), name, method)),
        };
        let Some(found) = found else { return Some(written.clone()) };
        let default = ty.and_then(|ty| catalog.default_opclass(method, ty.id));
        if default.is_some_and(|default| same_opclass(default, found)) {
            return None;
        }
        Some(Name::qualified(&found.schema, &found.name))
    }
}

/// The columns in an expression, and whether it says `COLLATE`.
struct Columns {
    names: Vec<Ident>,
    collates: bool,
}

impl Visit for Columns {
    fn expr(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Column(column) => self.names.extend(column.parts.last().cloned()),
            Expr::Collate(..) => self.collates = true,
            _another => {}
        }
        true
    }
}

/// True for one class under two names, as `varchar_ops` is `text_ops`: the family decides
/// what the operators mean, the input type which of them.
fn same_opclass(one: &OpclassEntry, other: &OpclassEntry) -> bool {
    let same_input =
        one.input == other.input || (one.input == TypeId::TEXT && other.input == TypeId::VARCHAR);
    (one.schema == other.schema && one.name == other.name)
        || (one.family == other.family && same_input && one.key == other.key)
}
