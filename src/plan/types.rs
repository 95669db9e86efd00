//! Types: what can be altered, and how a type is replaced while columns use it.
//!
//! The old type gets another name, the new one is made under its name, each column moves
//! over through text, and the old type goes.

use super::planner::Planner;
use super::step::{Rank, Step};
use super::unit::Unit;
use crate::emit::normalized;
use crate::emit::sql::SqlWriter;
use crate::model::Hazard;
use crate::model::{
    Attribute, Composite, Domain, Enum, Ident, MAX_IDENT_BYTES, Object, ObjectId, QualifiedName,
    Range, TypeName, clip,
};

impl Planner<'_, '_> {
    /// `ADD VALUE`, each beside a label that is there.
    pub(super) fn alter_enum(&mut self, name: &QualifiedName, from: &Enum, to: &Enum) {
        let unit = Unit::Object(ObjectId::Enum(name.clone()));
        let first = to.labels.iter().find(|label| from.labels.contains(label));
        let mut previous: Option<&str> = None;
        for label in &to.labels {
            if !from.labels.contains(label) {
                let step = Step::new(Rank::Type, &unit, |w| {
                    w.sql("ALTER TYPE ").qualified(name);
                    w.sql(" ADD VALUE ").string(label);
                    match (previous, first) {
                        (Some(previous), _) => {
                            w.sql(" AFTER ").string(previous);
                        }
                        (None, Some(first)) => {
                            w.sql(" BEFORE ").string(first);
                        }
                        (None, None) => {}
                    }
                    w.sql(";\n");
                });
                self.push(step.commit_after().gives([&unit]).hazard(Hazard::Irreversible));
            }
            previous = Some(label);
        }
    }

    pub(super) fn alter_domain(&mut self, name: &QualifiedName, from: &Domain, to: &Domain) {
        let unit = Unit::Object(ObjectId::Domain(name.clone()));
        let needs: Vec<Unit> = self.to().uses(&unit).cloned().collect();
        let frees = self.uses_of(std::slice::from_ref(&unit));
        let shown = self.to().shown(&ObjectId::Domain(name.clone()));
        let shown = shown.and_then(|object| <&Domain>::try_from(object).ok()).unwrap_or(to);
        let default = |domain: &Domain| domain.default.as_ref().map(|default| default.expr.clone());
        let step = Step::new(Rank::Attributes, &unit, |w| {
            if default(from) != default(to) {
                w.sql("ALTER DOMAIN ").qualified(name);
                match &shown.default {
                    Some(expression) => {
                        w.sql(" SET DEFAULT ").expr(&expression.expr);
                    }
                    None => {
                        w.sql(" DROP DEFAULT");
                    }
                }
                w.sql(";\n");
            }
            match (&from.not_null, &to.not_null) {
                (None, Some(not_null)) => {
                    w.sql("ALTER DOMAIN ").qualified(name);
                    match &not_null.name {
                        Some(constraint) => {
                            w.sql(" ADD CONSTRAINT ").ident(constraint);
                            w.sql(" NOT NULL;\n");
                        }
                        None => {
                            w.sql(" SET NOT NULL;\n");
                        }
                    }
                }
                (Some(_), None) => {
                    w.sql("ALTER DOMAIN ").qualified(name);
                    w.sql(" DROP NOT NULL;\n");
                }
                (Some(from), Some(to)) => {
                    if let (Some(from), Some(to)) = (&from.name, &to.name)
                        && from != to
                    {
                        w.sql("ALTER DOMAIN ").qualified(name);
                        w.sql(" RENAME CONSTRAINT ").ident(from);
                        w.sql(" TO ").ident(to);
                        w.sql(";\n");
                    }
                }
                (None, None) => {}
            }
        });
        let path = self.to().shown_path(&ObjectId::Domain(name.clone()));
        self.push(step.needs(&needs).frees(&frees).under(path).hazard(Hazard::MayFail));
    }

    /// Attributes that stay in front stay; those behind the first that is new are made anew.
    pub(super) fn alter_composite(
        &mut self,
        name: &QualifiedName,
        from: &Composite,
        to: &Composite,
    ) {
        let id = ObjectId::Composite(name.clone());
        let find = |attributes: &'_ [Attribute], name: &Ident| {
            attributes.iter().find(|attribute| attribute.name == *name).cloned()
        };
        let shared: Vec<&Attribute> = from
            .attributes
            .iter()
            .filter(|attribute| find(&to.attributes, &attribute.name).is_some())
            .collect();
        let kept = shared.iter().zip(&to.attributes).take_while(|(a, b)| a.name == b.name).count();
        let stays = |name: &Ident| to.attributes.iter().take(kept).any(|a| a.name == *name);
        self.replace(&id, Rank::Type, |w| {
            for attribute in from.attributes.iter().filter(|a| !stays(&a.name)) {
                w.sql("ALTER TYPE ").qualified(name);
                w.sql(" DROP ATTRIBUTE ").ident(&attribute.name);
                w.sql(" CASCADE;\n");
            }
            for attribute in to.attributes.iter().take(kept) {
                let old = find(&from.attributes, &attribute.name);
                let is_same = old.is_some_and(|old| {
                    old.ty == attribute.ty && old.collation == attribute.collation
                });
                if !is_same {
                    w.sql("ALTER TYPE ").qualified(name);
                    w.sql(" ALTER ATTRIBUTE ").ident(&attribute.name);
                    w.sql(" TYPE ").type_name(&attribute.ty);
                    if let Some(collation) = &attribute.collation {
                        w.sql(" COLLATE ").collation(collation);
                    }
                    w.sql(" CASCADE;\n");
                }
            }
            for attribute in to.attributes.iter().skip(kept) {
                w.sql("ALTER TYPE ").qualified(name);
                w.sql(" ADD ATTRIBUTE ").attribute(attribute);
                w.sql(" CASCADE;\n");
            }
        });
        let unit = Unit::from(&id);
        self.after(&unit, Rank::Said, |w| {
            for attribute in &to.attributes {
                let old = find(&from.attributes, &attribute.name)
                    .filter(|_| stays(&attribute.name))
                    .and_then(|old| old.comment);
                let on = |w: &mut SqlWriter| normalized::column_reference(w, name, &attribute.name);
                if old != attribute.comment {
                    w.comment_is(on, attribute.comment.as_deref());
                }
            }
        });
    }

    /// A type that takes the place of one that is in use.
    pub(super) fn swap(&mut self, unit: &Unit) {
        let Unit::Object(id) = unit else { return };
        let (Some(from), Some(normal)) = (self.from().object(id), self.to().schema.get(id)) else {
            return;
        };
        let (Some(name), Some(object)) = (id.qualified_name(), self.to().shown(id)) else {
            return;
        };
        let old = name.sibling(old_name(&name.name));
        let old_multirange = match from {
            Object::Range(range) => Some((
                &range.multirange,
                range.multirange.sibling(old_name(&range.multirange.name)),
            )),
            _no_range => None,
        };
        let word: &'static str =
            if matches!(from, Object::Domain(_)) { "DOMAIN " } else { "TYPE " };
        let needs: Vec<Unit> = self.to().uses(unit).cloned().collect();
        let step = Step::new(Rank::Type, unit, |w| {
            w.sql("ALTER ").sql(word).qualified(name);
            w.sql(" RENAME TO ").ident(&old.name);
            w.sql(";\n");
            if let Some((from, to)) = &old_multirange {
                w.sql("ALTER TYPE ").qualified(from);
                w.sql(" RENAME TO ").ident(&to.name);
                w.sql(";\n");
            }
            if let Object::Range(range) = from {
                rename_constructors(w, name, range, &old);
            }
            normalized::create_as(w, id, object, normal.entry());
            if let Object::Domain(_) = object {
                self.domain_constraints(w, name);
            }
        });
        let of_constraints = match object {
            Object::Domain(_) => self.domain_needs(name),
            _no_domain => Vec::new(),
        };
        let needs: Vec<Unit> = needs.into_iter().chain(of_constraints).collect();
        let needs: Vec<&Unit> = needs
            .iter()
            .filter(|need| self.changes.of(need) != Some(super::changes::Change::Drop))
            .collect();
        let path = match object {
            Object::Domain(_) => self.domain_path(name),
            _no_constraints => self.to().shown_path(id),
        };
        let step = step.needs(needs).takes([unit]).gives([unit]).under(path);
        self.push(step.hazard(Hazard::Irreversible));
        let old_unit = Unit::Old(id.clone());
        let frees: Vec<Unit> = self
            .uses_of(std::slice::from_ref(unit))
            .into_iter()
            .map(|used| match used {
                Unit::Object(of)
                    if self.changes.of_object(&of) == Some(super::changes::Change::Swap) =>
                {
                    Unit::Old(of)
                }
                other => other,
            })
            .collect();
        let drop = Step::new(Rank::DropLast, unit, |w| {
            w.sql("DROP ").sql(word).qualified(&old);
            w.sql(";\n");
        });
        self.push(drop.needs([unit]).takes([&old_unit]).frees(&frees));
        self.push(
            Step::new(Rank::Said, unit, |w| normalized::said(w, id, normal.entry(), false))
                .needs([unit]),
        );
        self.over_default_privileges(id, normal.entry());
    }
}

/// A range type has functions of its name, and so has its multirange type; they keep
/// their names when the types get others (`makeRangeConstructors`,
/// `src/backend/commands/typecmds.c`).
fn rename_constructors(
    w: &mut SqlWriter,
    name: &QualifiedName,
    range: &Range,
    old: &QualifiedName,
) {
    let text = TypeName::builtin("text");
    let subtype = &range.subtype;
    let own = TypeName::from(old);
    let array = TypeName { array: true, ..own.clone() };
    let multirange = &range.multirange;
    let functions: [(&QualifiedName, Vec<&TypeName>); 5] = [
        (name, vec![subtype, subtype]),
        (name, vec![subtype, subtype, &text]),
        (multirange, vec![]),
        (multirange, vec![&own]),
        (multirange, vec![&array]),
    ];
    for (function, args) in functions {
        w.sql("ALTER FUNCTION ").qualified(function);
        w.sql("(");
        w.list(args, SqlWriter::type_name);
        w.sql(") RENAME TO ").ident(&old_name(&function.name));
        w.sql(";\n");
    }
}

/// A name beside the one that the new type takes.
fn old_name(name: &Ident) -> Ident {
    const SUFFIX: &str = "__replaced";
    Ident::new(format!("{}{SUFFIX}", clip(name.as_str(), MAX_IDENT_BYTES - SUFFIX.len())))
}
