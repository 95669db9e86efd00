//! Column references (`colNameToVar` and `transformColumnRef`,
//! `src/backend/parser/parse_relation.c`, `parse_expr.c`).

use super::{Analyzer, ScopeColumn, ScopeItem, Ty, Type, Typed};
use crate::catalog::{SYSTEM_COLUMNS, TypeId};
use crate::model::{Access, ColumnRef, Expr, Ident, Literal, NormalRule};

impl Analyzer<'_> {
    /// The column, whole row or parameter that a reference means.
    pub fn column(&mut self, reference: &ColumnRef) -> Typed {
        let written = || Typed::undecided(Expr::Column(reference.clone()));
        if let (Some(value), [only]) = (&self.domain_value, reference.parts.as_slice())
            && *only == "value"
        {
            return Typed::known(Expr::Column(reference.clone()), value.clone());
        }
        let found = match reference.parts.as_slice() {
            [relation] if reference.star => self.whole_row(None, relation),
            [namespace, relation] if reference.star => self.whole_row(Some(namespace), relation),
            [column] => self.bare_column(column),
            [relation, column] => self
                .qualified_column(None, relation, column)
                .or_else(|| self.qualified_parameter(relation, column)),
            [namespace, relation, column] => {
                self.qualified_column(Some(namespace), relation, column)
            }
            _no_reference => None,
        };
        match found.or_else(|| self.function_of_row(reference)) {
            Some(found) => found,
            None => {
                let parts: Vec<&str> = reference.parts.iter().map(Ident::as_str).collect();
                self.give_up(format!("column {} is not known here", parts.join(".")));
                written()
            }
        }
    }

    /// `t.f` is `f(t)` when there is no such column but such a function (`ParseFuncOrColumn`).
    fn function_of_row(&mut self, reference: &ColumnRef) -> Option<Typed> {
        let [relation, name] = reference.parts.as_slice() else { return None };
        let item = self.item(None, relation).filter(|_| !reference.star)?;
        let open = super::range::is_open(&item.columns);
        if open || self.catalog.functions(name.as_str()).next().is_none() {
            return None;
        }
        self.apply(NormalRule::FunctionOfRow);
        let row = Expr::Column(ColumnRef { parts: vec![relation.clone()], star: true });
        let name = crate::model::Name { namespace: None, name: name.clone() };
        Some(self.expr(&crate::model::Call::plain(name, [row]).into()))
    }

    /// A column without qualification: the innermost level that has one wins.
    fn bare_column(&self, name: &Ident) -> Option<Typed> {
        for scope in self.scopes.iter().rev() {
            let mut found =
                scope.items.iter().filter(|item| item.columns_visible).filter_map(|item| {
                    let column = item.columns.iter().find(|column| column.name == *name)?;
                    Some(column_of(item, column))
                });
            if let Some(first) = found.next() {
                // Two are ambiguous, which PostgreSQL refuses.
                return found.next().is_none().then_some(first);
            }
            // Columns that are not known may have the name.
            if scope
                .items
                .iter()
                .any(|item| item.columns_visible && super::range::is_open(&item.columns))
            {
                return None;
            }
            if let Some(system) = system_column(name)
                && let [only] = scope.items.as_slice()
            {
                return Some(Typed::plain(reference(only, name), system));
            }
        }
        self.whole_row(None, name).or_else(|| self.parameter_named(name))
    }

    fn qualified_column(
        &mut self,
        namespace: Option<&Ident>,
        relation: &Ident,
        name: &Ident,
    ) -> Option<Typed> {
        let item = self.item(namespace, relation)?;
        if let Some(column) = item.columns.iter().find(|column| column.name == *name) {
            return Some(column_of(item, column));
        }
        system_column(name).map(|ty| Typed::plain(reference(item, name), ty))
    }

    /// The item of that name, in the innermost level that has one.
    pub(super) fn item(&self, namespace: Option<&Ident>, name: &Ident) -> Option<&ScopeItem> {
        let named = |item: &&ScopeItem| {
            item.name_visible
                && item.name.as_ref() == Some(name)
                && namespace.is_none_or(|namespace| item.namespace.as_ref() == Some(namespace))
        };
        self.scopes.iter().rev().find_map(|scope| scope.items.iter().find(named))
    }

    /// `t` or `t.*` where a value is wanted: the whole row.
    fn whole_row(&self, namespace: Option<&Ident>, name: &Ident) -> Option<Typed> {
        let item = self.item(namespace, name)?;
        // The row of a function that gives a value without fields is that value.
        if let (Some(ty), [value]) = (item.row_type, item.columns.as_slice())
            && !self.is_composite(ty)
        {
            return Some(column_of(item, value));
        }
        let normal = item.normal_name.clone().unwrap_or_else(|| name.clone());
        let expr = Expr::Column(ColumnRef { parts: vec![normal], star: true });
        Some(match item.row_type {
            Some(ty) => Typed::plain(expr, ty),
            None => Typed::plain(expr, TypeId::RECORD),
        })
    }

    fn parameter_named(&self, name: &Ident) -> Option<Typed> {
        let at = self.parameters.iter().position(|(own, _)| own.as_ref() == Some(name))?;
        let (_, ty) = self.parameters.get(at)?;
        let number = i32::try_from(at + 1).ok()?;
        Some(Typed { expr: Expr::Parameter(number), ty: ty.clone() })
    }

    /// `function.parameter` (`sql_fn_post_column_ref`, `src/backend/executor/functions.c`).
    fn qualified_parameter(&self, routine: &Ident, name: &Ident) -> Option<Typed> {
        let own = self.routine.as_ref() == Some(routine) && self.item(None, routine).is_none();
        own.then(|| self.parameter_named(name)).flatten()
    }

    /// `$n`.
    pub(super) fn parameter(&self, number: i32) -> Typed {
        let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let ty = at.and_then(|at| self.parameters.get(at)).map(|(_, ty)| ty.clone());
        Typed { expr: Expr::Parameter(number), ty: ty.unwrap_or(Type::Undecided) }
    }

    /// `x.field`, `x[i]`, `x[i:j]`, `x.*`.
    pub(super) fn indirection(&mut self, arg: &Expr, steps: &[Access]) -> Typed {
        let mut current = self.expr(arg);
        let mut steps = steps;
        // `(t).column` of an item of FROM is `t.column` (`ParseComplexProjection`).
        if let Some((Access::Field(name), rest)) = steps.split_first()
            && let Some(column) = self.column_of_row(&current.expr, name)
        {
            (current, steps) = (column, rest);
        }
        let mut pending: Vec<Access> = Vec::new();
        while let Some((step, rest)) = steps.split_first() {
            let subscripts = steps.iter().take_while(|step| is_subscript(step)).count();
            if subscripts > 1 && self.is_array(&current.ty) {
                let (run, rest) = steps.split_at(subscripts);
                current.ty = self.subscripts(run, &current.ty, &mut pending);
                steps = rest;
                continue;
            }
            let ty = self.access_type(&current.ty, step);
            let step = self.access(step, &current.ty);
            pending.push(step);
            current.ty = ty;
            steps = rest;
        }
        if pending.is_empty() {
            return current;
        }
        let expr = match current.expr {
            Expr::Indirection(inner, mut before) => {
                before.extend(pending);
                Expr::Indirection(inner, before)
            }
            other => Expr::Indirection(Box::new(other), pending),
        };
        if current.ty == Type::Undecided {
            self.give_up("a field or element of a value whose type is not known");
        }
        Typed { expr, ty: current.ty }
    }

    fn is_array(&self, ty: &Type) -> bool {
        let Type::Known(ty) = ty else { return false };
        self.catalog.element_of(self.base(ty).id).is_some()
    }

    /// Subscripts of one array: it has as many dimensions as it is asked for. Where one of
    /// them is a slice all are, and `[n]` is `[1:n]` (`array_subscript_transform`,
    /// `src/backend/utils/adt/arraysubs.c`).
    fn subscripts(&mut self, run: &[Access], ty: &Type, pending: &mut Vec<Access>) -> Type {
        let sliced = run.iter().any(|step| matches!(step, Access::Slice(..)));
        let one = self.expr(&Expr::Literal(Literal::Integer(1))).expr;
        for step in run {
            pending.push(match self.access(step, ty) {
                Access::Index(upper) if sliced => {
                    self.apply(NormalRule::Subscripts);
                    Access::Slice(Some(one.clone()), Some(upper))
                }
                other => other,
            });
        }
        match run.first() {
            Some(first) if !sliced => self.access_type(ty, first),
            _slice => self.access_type(ty, &Access::Slice(None, None)),
        }
    }

    /// The column of an item that is given as a whole row.
    fn column_of_row(&self, row: &Expr, name: &Ident) -> Option<Typed> {
        let Expr::Column(ColumnRef { parts, star: true }) = row else { return None };
        let [normal] = parts.as_slice() else { return None };
        let mut items = self.scopes.iter().rev().flat_map(|scope| &scope.items);
        let item =
            items.find(|item| item.name_visible && item.normal_name.as_ref() == Some(normal))?;
        item.columns
            .iter()
            .find(|column| column.name == *name)
            .map(|column| column_of(item, column))
    }

    fn access_type(&self, ty: &Type, step: &Access) -> Type {
        let Type::Known(ty) = ty else { return Type::Undecided };
        let base = self.base(ty);
        match step {
            Access::Star => Type::Known(ty.clone()),
            Access::Field(name) => {
                let Some(relation) = self.catalog.relation_of_type(base.id) else {
                    return Type::Undecided;
                };
                let mut columns = self.catalog.columns(relation);
                match columns.find(|column| *name == column.name.as_str()) {
                    Some(column) => Type::Known(Ty::plain(column.ty)),
                    None => Type::Undecided,
                }
            }
            Access::Index(_) => match self.catalog.element_of(base.id) {
                Some(element) => Type::Known(Ty { id: element, modifiers: base.modifiers }),
                None if base.id == TypeId::JSONB => Type::Known(base),
                None => match self.catalog.ty(base.id).element {
                    Some(element) => Type::Known(Ty::plain(element)),
                    None => Type::Undecided,
                },
            },
            Access::Slice(..) => Type::Known(base),
        }
    }

    /// Subscripts of arrays are coerced to integer by assignment, those of jsonb to
    /// text or integer (`src/backend/utils/adt/arraysubs.c`, `jsonbsubs.c`).
    fn access(&mut self, step: &Access, ty: &Type) -> Access {
        let jsonb = matches!(ty, Type::Known(ty) if self.base(ty).id == TypeId::JSONB);
        let mut subscript = |expr: &Expr| {
            let typed = self.expr(expr);
            if jsonb {
                return self.finish_literal(typed).expr;
            }
            self.coerce_assignment(typed, &Ty::plain(TypeId::INT4))
        };
        match step {
            Access::Field(name) => Access::Field(name.clone()),
            Access::Star => Access::Star,
            Access::Index(index) => Access::Index(subscript(index)),
            Access::Slice(lower, upper) => {
                Access::Slice(lower.as_ref().map(&mut subscript), upper.as_ref().map(subscript))
            }
        }
    }
}

fn is_subscript(step: &Access) -> bool {
    matches!(step, Access::Index(_) | Access::Slice(..))
}

fn column_of(item: &ScopeItem, column: &ScopeColumn) -> Typed {
    let expr = column.expr.clone().unwrap_or_else(|| reference(item, &column.name));
    Typed { expr, ty: column.ty.clone() }
}

fn reference(item: &ScopeItem, column: &Ident) -> Expr {
    let parts = item.normal_name.iter().chain([column]).cloned().collect();
    Expr::Column(ColumnRef { parts, star: false })
}

fn system_column(name: &Ident) -> Option<TypeId> {
    SYSTEM_COLUMNS.iter().find(|(own, _)| *name == *own).map(|(_, ty)| *ty)
}
