//! Casts: which there are and where they are inserted (`src/backend/parser/parse_coerce.c`).

use super::types::numbers;
use super::{Analyzer, Ty, Type, Typed};
use crate::catalog::{CastContext, CastMethod, Category, TypeId};
use crate::model::{Cast, Collate, Expr, Literal, NormalRule};

/// How one type becomes another (`CoercionPathType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    /// Not at all.
    None,
    /// The bytes stay as they are.
    Relabel,
    /// Through a function.
    Function,
    /// Element by element.
    Array,
    /// Through the text form.
    InOut,
}

impl Analyzer<'_> {
    /// How `source` becomes `target` in a context (`find_coercion_pathway`).
    pub(super) fn pathway(&self, source: TypeId, target: TypeId, context: CastContext) -> Path {
        let source = self.base_id(source);
        let target = self.base_id(target);
        if source == target {
            return Path::Relabel;
        }
        if let Some(cast) = self.catalog.cast(source, target) {
            if cast.context > context {
                return Path::None;
            }
            return match cast.method {
                CastMethod::Binary => Path::Relabel,
                CastMethod::InOut => Path::InOut,
                CastMethod::Function { .. } => Path::Function,
            };
        }
        let elements = (self.catalog.element_of(source), self.catalog.element_of(target));
        // Arrays are cast element by element, but never to these two, which must be
        // one-dimensional and start at 0.
        let vector = [TypeId::OIDVECTOR, TypeId::INT2VECTOR].contains(&target);
        if !vector && let (Some(source), Some(target)) = elements {
            return match self.pathway(source, target, context) {
                Path::None => Path::None,
                Path::Relabel | Path::Function | Path::Array | Path::InOut => Path::Array,
            };
        }
        let string = |id: TypeId| self.category(id) == Category::STRING;
        if context >= CastContext::Assignment && string(target) {
            return Path::InOut;
        }
        if context >= CastContext::Explicit && string(source) {
            return Path::InOut;
        }
        Path::None
    }

    /// True when values of these types can be given where those are expected
    /// (`can_coerce_type`).
    pub(super) fn can_coerce(
        &self,
        inputs: &[TypeId],
        targets: &[TypeId],
        context: CastContext,
    ) -> bool {
        let mut polymorphic = false;
        for (input, target) in inputs.iter().zip(targets) {
            if input == target || *target == TypeId::ANY {
                continue;
            }
            if target.is_polymorphic() {
                polymorphic = true;
                continue;
            }
            if *input == TypeId::UNKNOWN || self.pathway(*input, *target, context) != Path::None {
                continue;
            }
            let rows = (*input == TypeId::RECORD && self.is_composite(*target))
                || (*target == TypeId::RECORD && self.is_composite(*input))
                || (*input == TypeId::RECORD_ARRAY
                    && self.element(*target).is_some_and(|e| self.is_composite(e)))
                || (*target == TypeId::RECORD_ARRAY
                    && self.element(*input).is_some_and(|e| self.is_composite(e)));
            if !rows {
                return false;
            }
        }
        !polymorphic || self.polymorphic_fits(inputs, targets)
    }

    /// The value as an argument of a type: implicit casts only, no length coercion.
    pub fn coerce_implicit(&mut self, value: Typed, target: TypeId) -> Expr {
        self.coerce(value, &Ty::plain(target), CastContext::Implicit).expr
    }

    /// The value as a condition.
    pub fn coerce_boolean(&mut self, value: Typed) -> Expr {
        self.coerce_implicit(value, TypeId::BOOL)
    }

    /// The value as that of a column: an assignment cast. A length of varchar, char,
    /// bit and varbit is not said: assigning what is too long is an error, which a cast
    /// with a length is not, so that the two stay apart.
    pub fn coerce_assignment(&mut self, value: Typed, target: &Ty) -> Expr {
        let base = self.base(target);
        let is_domain = base.id != target.id;
        let by_error = [TypeId::VARCHAR, TypeId::BPCHAR, TypeId::BIT, TypeId::VARBIT];
        let element = self.catalog.element_of(base.id).unwrap_or(base.id);
        let mut wanted = if is_domain { Ty::plain(target.id) } else { target.clone() };
        if by_error.contains(&element) {
            if !wanted.modifiers.is_empty() {
                self.apply(NormalRule::AssignedLength);
            }
            wanted.modifiers.clear();
        }
        let was_exact = matches!(&value.ty, Type::Known(ty) if ty == target);
        let coerced = if was_exact && !by_error.contains(&element) {
            value
        } else if matches!(&value.ty, Type::Known(ty) if ty.id == wanted.id)
            && wanted.modifiers.is_empty()
        {
            // A value that carries a length keeps it: nothing is inserted here.
            value
        } else {
            self.coerce(value, &wanted, CastContext::Assignment)
        };
        match coerced.expr {
            // A constant that fits is the constant, whatever was said of its length.
            Expr::Constant(mut constant) => {
                constant.ty.modifiers.clear();
                Expr::Constant(constant)
            }
            other => other,
        }
    }

    /// The value in a type (`coerce_to_target_type`).
    pub(super) fn coerce(&mut self, value: Typed, target: &Ty, context: CastContext) -> Typed {
        if target.id == TypeId::ANY || target.id.is_polymorphic() {
            return value;
        }
        match value.ty.clone() {
            Type::Undecided => self.cast_undecided(value, target, context),
            Type::Literal => self.coerce_literal(&value.expr, target, context),
            Type::Known(_) if matches!(value.expr, Expr::Collate(..)) => {
                self.coerce_collated(value, target, context)
            }
            Type::Known(ty) if ty.id == target.id => {
                self.coerce_length(value, &ty, target, context)
            }
            Type::Known(ty) => {
                let path = self.pathway(ty.id, target.id, context);
                let rows = target.id == TypeId::RECORD || self.is_composite(target.id);
                if path == Path::None && !rows {
                    self.give_up("a cast that no catalog describes");
                }
                if context != CastContext::Explicit {
                    self.apply(NormalRule::ImplicitCast);
                }
                let value = self.row_of(value, target, context);
                let converted = self.converted(value, &ty, target);
                self.coerce_length_of_new(converted, target, context)
            }
        }
    }

    /// `ROW(a, b)` as a composite type: each value becomes that of its column
    /// (`coerce_record_to_complex`).
    fn row_of(&mut self, value: Typed, target: &Ty, context: CastContext) -> Typed {
        let Expr::Row(items) = &value.expr else { return value };
        let base = self.base(target);
        let Some(relation) = self.catalog.relation_of_type(base.id) else { return value };
        let columns: Vec<Ty> =
            self.catalog.columns(relation).map(|column| self.column_type(column)).collect();
        let made = self.rows.iter().rev().find(|(row, _)| row == items);
        let Some((_, values)) = made.filter(|(_, values)| values.len() == columns.len()) else {
            return value;
        };
        let values = values.clone();
        let coerced = values
            .into_iter()
            .zip(&columns)
            .map(|(value, column)| self.coerce(value, column, context).expr);
        Typed { expr: Expr::Row(coerced.collect()), ty: value.ty }
    }

    /// A cast goes under a COLLATE, which is dropped where the type has no collation
    /// (`coerce_to_target_type`).
    fn coerce_collated(&mut self, value: Typed, target: &Ty, context: CastContext) -> Typed {
        let Expr::Collate(collate) = value.expr else {
            return value;
        };
        let Collate { arg, collation } = *collate;
        self.apply(NormalRule::CollateCast);
        let inner = self.coerce(Typed { expr: arg, ty: value.ty }, target, context);
        if self.catalog.ty(target.id).collation.is_none() {
            return inner;
        }
        let collate = Collate { arg: inner.expr, collation };
        Typed { expr: Expr::Collate(Box::new(collate)), ty: inner.ty }
    }

    /// What is not known is only cast where the source says so.
    fn cast_undecided(&mut self, value: Typed, target: &Ty, context: CastContext) -> Typed {
        if context == CastContext::Explicit {
            let expr = cast(value.expr, self.type_name(target));
            return Typed::known(expr, target.clone());
        }
        value
    }

    /// A literal takes the type that is wanted of it; its length is a matter of its own.
    fn coerce_literal(&mut self, expr: &Expr, target: &Ty, context: CastContext) -> Typed {
        self.apply(NormalRule::Literal);
        let text = match expr {
            Expr::Literal(Literal::String(text)) => Some(text.as_str()),
            _null => None,
        };
        let base = self.base(target);
        if base.id != target.id {
            // A domain: the constant is of its base type, and then cast. What the domain says of
            // its length is not printed (`coerce_to_domain`).
            let inner = self.constant(text, &base);
            let expr = cast(inner, self.type_name(&Ty::plain(target.id)));
            return Typed::known(expr, Ty::plain(target.id));
        }
        let constant = self.constant(text, target);
        if target.id == TypeId::INTERVAL {
            // Its fields and precision are used in reading it (`coerce_type`).
            return Typed::known(constant, target.clone());
        }
        let plain = Ty::plain(target.id);
        self.coerce_length(Typed::known(constant, plain.clone()), &plain, target, context)
    }

    /// The value converted to another type, without its modifiers.
    fn converted(&mut self, value: Typed, from: &Ty, target: &Ty) -> Typed {
        let plain = Ty::plain(target.id);
        let expr = match value.expr {
            // R1: a cast of an array constructor is one of its elements.
            Expr::Array(items) => match (self.element(from.id), self.catalog.element_of(target.id))
            {
                (Some(source), Some(element)) => {
                    self.apply(NormalRule::ArrayCast);
                    let each = items.into_iter().map(|item| {
                        let nested = matches!(item, Expr::Array(_));
                        let ty = Ty::plain(if nested { from.id } else { source });
                        let wanted = Ty::plain(if nested { target.id } else { element });
                        self.coerce(Typed::known(item, ty), &wanted, CastContext::Explicit).expr
                    });
                    Expr::Array(each.collect())
                }
                _no_arrays => cast(Expr::Array(items), self.type_name(&plain)),
            },
            Expr::Constant(constant) => match self.folded(&constant, from.id, target.id) {
                Some(folded) => {
                    self.apply(NormalRule::ConstantCast);
                    folded
                }
                None => cast(Expr::Constant(constant), self.type_name(&plain)),
            },
            other => cast(other, self.type_name(&plain)),
        };
        Typed::known(expr, plain)
    }

    fn coerce_length_of_new(&mut self, value: Typed, target: &Ty, context: CastContext) -> Typed {
        let now = Ty::plain(target.id);
        self.coerce_length(value, &now, target, context)
    }

    /// The value with other modifiers (`coerce_type_typmod`). One that is to have none
    /// still gets a relabelling when it had some.
    fn coerce_length(
        &mut self,
        value: Typed,
        now: &Ty,
        target: &Ty,
        context: CastContext,
    ) -> Typed {
        if now.modifiers == target.modifiers
            || (target.modifiers.is_empty() && context < CastContext::Explicit)
        {
            return value;
        }
        if let Expr::Constant(constant) = &value.expr
            && (target.id == TypeId::INTERVAL
                || numbers(&target.modifiers).is_some_and(|numbers| !numbers.is_empty()))
        {
            let explicit = context == CastContext::Explicit;
            if let Some(text) = self.constant_with_length(constant, target, explicit) {
                let mut constant = constant.clone();
                constant.value = Some(text);
                constant.ty = self.type_name(target);
                return Typed::known(Expr::Constant(constant), target.clone());
            }
        }
        if let Expr::Array(items) = value.expr {
            return self.array_length(items, now, target, context);
        }
        // A cast to the bare type under one to the type with modifiers is part of it.
        let inner = match value.expr {
            Expr::Cast(inner) if inner.ty == self.plain_name(target.id) => inner.arg,
            other => other,
        };
        let expr = cast(inner, self.type_name(target));
        Typed::known(expr, target.clone())
    }

    /// The length of an array is that of its elements.
    fn array_length(
        &mut self,
        items: Vec<Expr>,
        now: &Ty,
        target: &Ty,
        context: CastContext,
    ) -> Typed {
        let Some(element) = self.catalog.element_of(target.id) else {
            let expr = cast(Expr::Array(items), self.type_name(target));
            return Typed::known(expr, target.clone());
        };
        let items = items.into_iter().map(|item| {
            let id = if matches!(item, Expr::Array(_)) { target.id } else { element };
            let from = Ty { id, modifiers: now.modifiers.clone() };
            let wanted = Ty { id, modifiers: target.modifiers.clone() };
            self.coerce_length(Typed::known(item, from.clone()), &from, &wanted, context).expr
        });
        Typed::known(Expr::Array(items.collect()), target.clone())
    }

    /// A literal that nothing else says the type of is text.
    pub fn finish_literal(&mut self, value: Typed) -> Typed {
        match value.ty {
            Type::Literal => self.coerce(value, &Ty::plain(TypeId::TEXT), CastContext::Implicit),
            Type::Known(_) | Type::Undecided => value,
        }
    }

    /// The common type of several expressions (`select_common_type`). `None` when
    /// they have none.
    pub(super) fn select_common_type(&self, values: &[Typed]) -> Option<TypeId> {
        let inputs: Vec<TypeId> = values.iter().map(Typed::input).collect::<Option<_>>()?;
        self.common_of(&inputs)
    }

    /// [`Self::select_common_type`] over types.
    pub(super) fn common_of(&self, inputs: &[TypeId]) -> Option<TypeId> {
        let first = *inputs.first()?;
        if first != TypeId::UNKNOWN && inputs.iter().all(|input| *input == first) {
            return Some(first);
        }
        let mut common = self.base_id(first);
        for input in inputs.iter().skip(1) {
            let next = self.base_id(*input);
            if next == TypeId::UNKNOWN || next == common {
                continue;
            }
            if common == TypeId::UNKNOWN {
                common = next;
                continue;
            }
            let category = self.category(common);
            if category != self.category(next) {
                return None;
            }
            let implicit = CastContext::Implicit;
            if !self.catalog.is_preferred(category, common)
                && self.can_coerce(&[common], &[next], implicit)
                && !self.can_coerce(&[next], &[common], implicit)
            {
                common = next;
            }
        }
        Some(if common == TypeId::UNKNOWN { TypeId::TEXT } else { common })
    }

    /// All values in their common type, and that type; modifiers stay when all have the same.
    pub fn common_type(&mut self, values: Vec<Typed>) -> (Vec<Expr>, Type) {
        let Some(common) = self.select_common_type(&values) else {
            self.give_up("values without a common type that is known");
            return (values.into_iter().map(|value| value.expr).collect(), Type::Undecided);
        };
        let modifiers = match values.first().map(|value| &value.ty) {
            Some(Type::Known(first)) if first.id == common => {
                let same = |value: &Typed| matches!(&value.ty, Type::Known(ty) if ty == first);
                if values.iter().all(same) { first.modifiers.clone() } else { Vec::new() }
            }
            _another_type => Vec::new(),
        };
        let exprs = values.into_iter().map(|value| self.coerce_implicit(value, common)).collect();
        (exprs, Type::Known(Ty { id: common, modifiers }))
    }
}

/// `arg::ty`.
pub(super) fn cast(arg: Expr, ty: crate::model::TypeName) -> Expr {
    Expr::Cast(Box::new(Cast { arg, ty }))
}
