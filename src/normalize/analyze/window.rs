//! Windows and frames (`transformWindowDefinitions`, `transformFrameOffset`,
//! `src/backend/parser/parse_clause.c`).
//!
//! A window that is named is written out where it is used, so that `OVER w` and
//! `OVER (definition of w)` are the same.

use super::{Analyzer, Ty, Type};
use crate::catalog::{CastContext, TypeId};
use crate::model::{
    Expr, Frame, FrameBound, FrameExclusion, FrameUnit, Name, NormalRule, SortDirection, SortKey,
    Window,
};

impl Analyzer<'_> {
    /// The expressions of a window.
    pub(super) fn window(&mut self, window: &Window) -> Window {
        let window = &self.written_out(window);
        let mut partition_by: Vec<Expr> = Vec::new();
        for key in &window.partition_by {
            let key = self.expr(key);
            let key = self.finish_literal(key).expr;
            if !partition_by.contains(&key) {
                partition_by.push(key);
            }
        }
        let mut order_by: Vec<SortKey> = Vec::new();
        let mut sorted = Type::Undecided;
        for key in &window.order_by {
            let typed = self.expr(&key.expr);
            let typed = self.finish_literal(typed);
            if order_by.is_empty() {
                sorted = typed.ty;
            }
            if !order_by.iter().any(|other| other.expr == typed.expr) {
                order_by.push(SortKey { expr: typed.expr, ..self.plain_sort_key(key) });
            }
        }
        let frame = window.frame.as_ref().map(|frame| {
            if frame.end.is_none() {
                self.apply(NormalRule::Frame);
            }
            let mut bound = |bound: &FrameBound| match bound {
                FrameBound::Preceding(offset) => {
                    FrameBound::Preceding(self.offset(offset, frame.unit, &sorted))
                }
                FrameBound::Following(offset) => {
                    FrameBound::Following(self.offset(offset, frame.unit, &sorted))
                }
                FrameBound::UnboundedPreceding
                | FrameBound::CurrentRow
                | FrameBound::UnboundedFollowing => bound.clone(),
            };
            Box::new(Frame {
                unit: frame.unit,
                start: bound(&frame.start),
                // The short form ends at the current row.
                end: Some(frame.end.as_ref().map_or(FrameBound::CurrentRow, &mut bound)),
                exclude: frame.exclude,
            })
        });
        if frame.as_deref().is_some_and(is_default) {
            self.apply(NormalRule::Frame);
        }
        let frame = frame.filter(|frame| !is_default(frame));
        Window { partition_by, order_by, frame, ..window.clone() }
    }

    /// A number of rows or groups is a bigint; a distance has the type that the sorted
    /// type is moved by (its `in_range` functions).
    fn offset(&mut self, offset: &Expr, unit: FrameUnit, sorted: &Type) -> Expr {
        let typed = self.expr(offset);
        if unit != FrameUnit::Range {
            return self.coerce_assignment(typed, &Ty::plain(TypeId::INT8));
        }
        let (Type::Known(sorted), Some(input)) = (sorted, typed.input()) else {
            self.give_up("the distance of a frame over what has no known type");
            return typed.expr;
        };
        let sorted = self.base(sorted).id;
        let distances: Vec<TypeId> = self
            .catalog
            .functions("in_range")
            .filter(|function| function.args.first() == Some(&sorted))
            .filter_map(|function| function.args.get(2).copied())
            .collect();
        let exact = |wanted: TypeId| distances.contains(&wanted).then_some(wanted);
        let distance = match distances.as_slice() {
            [only] => Some(*only),
            _several if input == TypeId::UNKNOWN => exact(sorted),
            _several => exact(self.base_id(input)).or_else(|| {
                let mut fitting = distances.iter().filter(|distance| {
                    self.can_coerce(&[input], &[**distance], CastContext::Implicit)
                });
                let first = fitting.next().copied();
                first.filter(|_| fitting.next().is_none())
            }),
        };
        match distance {
            Some(distance) => self.coerce_implicit(typed, distance),
            None => {
                self.give_up("the distance of a frame");
                typed.expr
            }
        }
    }

    /// A sort key without unneeded words.
    pub fn sort_key(&mut self, key: &SortKey) -> SortKey {
        let typed = self.expr(&key.expr);
        let expr = self.finish_literal(typed).expr;
        SortKey { expr, ..self.plain_sort_key(key) }
    }

    /// The direction and place of NULLs of a key, defaults filled in (`addTargetToSortList`).
    pub(super) fn plain_sort_key(&self, key: &SortKey) -> SortKey {
        let direction = match &key.direction {
            SortDirection::Using(operator) => self.using(operator),
            written @ (SortDirection::Asc | SortDirection::Desc) => written.clone(),
        };
        let descending = match &direction {
            SortDirection::Asc => false,
            SortDirection::Desc => true,
            SortDirection::Using(operator) => operator.name.as_str().starts_with('>'),
        };
        if key.nulls_first.is_none() || direction != key.direction {
            self.apply(NormalRule::SortOrder);
        }
        SortKey {
            expr: Expr::Default,
            nulls_first: Some(key.nulls_first.unwrap_or(descending)),
            direction,
        }
    }

    /// `USING <` is ASC and `USING >` is DESC when they can only be the built-in operators,
    /// which are those of the default operator classes.
    fn using(&self, operator: &Name) -> SortDirection {
        let builtin = match &operator.namespace {
            Some(namespace) => *namespace == "pg_catalog",
            None => self
                .catalog
                .operators(operator.name.as_str())
                .all(|entry| entry.schema == "pg_catalog"),
        };
        match operator.name.as_str() {
            "<" if builtin => SortDirection::Asc,
            ">" if builtin => SortDirection::Desc,
            _other => {
                let name = operator.name.as_str();
                let known = |namespace: &crate::model::Ident| {
                    self.catalog.operators(name).any(|entry| *namespace == *entry.schema.as_str())
                };
                let namespace = self.namespaces(operator).into_iter().find(known);
                let namespace = namespace.or_else(|| operator.namespace.clone());
                SortDirection::Using(Name { namespace, name: operator.name.clone() })
            }
        }
    }
}

/// RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW is what no frame means (L7).
fn is_default(frame: &Frame) -> bool {
    frame.unit == FrameUnit::Range
        && frame.start == FrameBound::UnboundedPreceding
        && frame.end == Some(FrameBound::CurrentRow)
        && frame.exclude == FrameExclusion::NoOthers
}
