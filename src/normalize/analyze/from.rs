//! Items of `FROM` (`transformFromClause`, `src/backend/parser/parse_clause.c`).

use std::sync::Arc;

use super::query::position;
use super::range::{Ranged, names, open_column, rename};
use super::{Analyzer, ScopeColumn, ScopeItem, Ty, Type, Typed};
use crate::catalog::TypeId;
use crate::model::output_column;
use crate::model::{
    Alias, Call, ColumnDefinition, Expr, FromFunctions, FromItem, Ident, Name, NormalRule, Query,
    QueryBody, Sample,
};

impl Analyzer<'_> {
    /// A list of items; each sees those before it where it may (`LATERAL`).
    pub(super) fn from_list(&mut self, items: &[FromItem]) -> Vec<FromItem> {
        let mut result = Vec::new();
        for item in items {
            let ranged = self.from_item(item);
            for visible in ranged.visible {
                self.show(visible);
            }
            result.push(ranged.item);
        }
        result
    }

    /// One item.
    pub(super) fn from_item(&mut self, item: &FromItem) -> Ranged {
        match item {
            FromItem::Relation { name, only, alias, sample } => {
                self.from_relation(name, *only, alias.as_ref(), sample.as_deref())
            }
            FromItem::Subquery { query, lateral, alias } => {
                self.from_subquery(query, *lateral, alias.as_ref())
            }
            FromItem::Functions(functions) => self.from_functions(functions),
            FromItem::Join(join) => self.from_join(join),
            FromItem::XmlTable(table) => self.from_xml_table(table),
            FromItem::JsonTable(table) => self.from_json_table(table),
        }
    }

    fn from_relation(
        &mut self,
        name: &Name,
        only: bool,
        alias: Option<&Alias>,
        sample: Option<&Sample>,
    ) -> Ranged {
        if name.namespace.is_none()
            && let Some(common) = self.common_table_named(&name.name).cloned()
        {
            return self.from_common(&common, alias);
        }
        let normal = self.next_item();
        let sample = sample.map(|sample| Box::new(self.sample(sample)));
        let Some(entry) = self.relation(name).cloned() else {
            return self.unknown_relation(name, only, alias, sample);
        };
        let mut columns = self.relation_columns(&entry, &normal);
        rename(&mut columns, alias);
        let namespace = alias.is_none().then(|| Ident::new(&entry.schema));
        let seen_as = alias.map_or(&name.name, |alias| &alias.name);
        let whole = ScopeItem {
            namespace,
            row_type: entry.row_type,
            ..item(Some(seen_as), &normal, columns)
        };
        if name.namespace.is_none() {
            self.apply(NormalRule::Qualify);
        }
        let item = FromItem::Relation {
            name: Name::qualified(&entry.schema, &entry.name),
            only,
            alias: Some(Alias { name: normal, columns: Vec::new() }),
            sample,
        };
        Ranged::single(item, whole)
    }

    /// A relation that is not known is kept as written, its alias too, as the references to
    /// its columns are.
    fn unknown_relation(
        &mut self,
        name: &Name,
        only: bool,
        alias: Option<&Alias>,
        sample: Option<Box<Sample>>,
    ) -> Ranged {
        self.give_up(format!("relation {} is not known", name.name.as_str()));
        let seen_as = alias.map_or(&name.name, |alias| &alias.name);
        let named = alias.into_iter().flat_map(|alias| &alias.columns);
        let mut columns: Vec<ScopeColumn> = named
            .map(|column| ScopeColumn {
                name: column.clone(),
                ty: Type::Undecided,
                expr: Some(Expr::Column(crate::model::ColumnRef {
                    parts: vec![seen_as.clone(), column.clone()],
                    star: false,
                })),
            })
            .collect();
        columns.push(open_column());
        let whole = item(Some(seen_as), seen_as, columns);
        let item = FromItem::Relation { name: name.clone(), only, alias: alias.cloned(), sample };
        Ranged::single(item, whole)
    }

    fn from_common(&mut self, common: &super::with::Common, alias: Option<&Alias>) -> Ranged {
        let normal = self.next_item();
        let mut columns = common.columns.clone();
        place(&mut columns, &normal, 0);
        rename(&mut columns, alias);
        let seen_as = alias.map_or(&common.name, |alias| &alias.name);
        let whole = item(Some(seen_as), &normal, columns);
        let item = FromItem::Relation {
            name: Name { namespace: None, name: common.normal.clone() },
            only: false,
            alias: Some(Alias { name: normal, columns: names(&whole.columns) }),
            sample: None,
        };
        Ranged::single(item, whole)
    }

    /// `TABLESAMPLE` (`transformRangeTableSample`): the methods are functions.
    fn sample(&mut self, sample: &Sample) -> Sample {
        let Sample { method, args, repeatable } = sample;
        let name = method.name.as_str();
        let arg = match name {
            "system" | "bernoulli" => Some(TypeId::FLOAT4),
            "system_rows" => Some(TypeId::INT8),
            "system_time" => Some(TypeId::FLOAT8),
            _other => None,
        };
        let namespaces = self.namespaces(method);
        let found = namespaces.into_iter().find(|namespace| {
            let mut functions = self.catalog.functions(name);
            functions.any(|entry| {
                *namespace == *entry.schema.as_str() && *entry.args == [TypeId::INTERNAL]
            })
        });
        if found.is_none() || arg.is_none() {
            self.give_up(format!("sampling method {name} is not known"));
        }
        let mut value = |expr: &Expr, ty: Option<TypeId>| {
            let typed = self.expr(expr);
            match ty {
                Some(ty) => self.coerce_assignment(typed, &Ty::plain(ty)),
                None => self.finish_literal(typed).expr,
            }
        };
        let args = args.iter().map(|expr| value(expr, arg)).collect();
        let repeatable = repeatable.as_ref().map(|seed| value(seed, Some(TypeId::FLOAT8)));
        let namespace = found.or_else(|| method.namespace.clone());
        Sample { method: Name { namespace, name: method.name.clone() }, args, repeatable }
    }

    fn from_subquery(&mut self, query: &Query, lateral: bool, alias: Option<&Alias>) -> Ranged {
        let normal = self.next_item();
        // What stands to the left is visible with LATERAL only.
        let hidden = if lateral { Vec::new() } else { self.hide() };
        let (query, mut columns) = match &*query.body {
            QueryBody::Values(rows) if *query == Query::of(QueryBody::Values(rows.clone())) => {
                let (rows, columns) = self.value_rows(rows);
                (Query::of(QueryBody::Values(rows)), columns)
            }
            QueryBody::Values(_) | QueryBody::Select(_) | QueryBody::SetOperation { .. } => {
                self.nested(query, super::query::Literals::Text)
            }
        };
        if !lateral {
            self.unhide(hidden);
        }
        place(&mut columns, &normal, 0);
        rename(&mut columns, alias);
        let whole = item(alias.map(|alias| &alias.name), &normal, columns);
        let alias = Some(Alias { name: normal, columns: names(&whole.columns) });
        Ranged::single(FromItem::Subquery { query, lateral, alias }, whole)
    }

    /// Takes the items of this level out of sight.
    pub(super) fn hide(&mut self) -> Vec<ScopeItem> {
        self.scopes.last_mut().map(|scope| std::mem::take(&mut scope.items)).unwrap_or_default()
    }

    /// Puts them back.
    pub(super) fn unhide(&mut self, items: Vec<ScopeItem>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.items = items;
        }
    }

    /// Functions (`transformRangeFunction`, `addRangeTableEntryForFunction`), which always
    /// see what stands to their left.
    fn from_functions(&mut self, functions: &FromFunctions) -> Ranged {
        let normal = self.next_item();
        let alias = functions.alias.as_ref();
        let calls = unnests(functions);
        if calls.len() > functions.functions.len() {
            self.apply(NormalRule::Unnest);
        }
        let mut columns: Vec<ScopeColumn> = Vec::new();
        let mut elaborated = Vec::new();
        for (expr, definitions) in &calls {
            let typed = self.expr(expr);
            let definitions: Vec<ColumnDefinition> =
                definitions.iter().map(|column| self.definition(column)).collect();
            let first = columns.len();
            if definitions.is_empty() {
                let single = (calls.len() == 1).then_some(alias).flatten();
                columns.extend(self.function_columns(expr, &typed, single, &normal, first));
            } else {
                let column = |(number, column): (usize, &ColumnDefinition)| ScopeColumn {
                    name: column.name.clone(),
                    ty: self.resolve_type(&column.ty).map_or(Type::Undecided, Type::Known),
                    expr: Some(position(&normal, first + number)),
                };
                columns.extend(definitions.iter().enumerate().map(column));
            }
            let unnamed = |(number, column): (usize, ColumnDefinition)| ColumnDefinition {
                name: Ident::new(format!("c{}", number + 1)),
                ..column
            };
            elaborated
                .push((typed.expr, definitions.into_iter().enumerate().map(unnamed).collect()));
        }
        if functions.ordinality {
            columns.push(ScopeColumn {
                name: Ident::new("ordinality"),
                ty: Type::Known(Ty::plain(TypeId::INT8)),
                expr: Some(position(&normal, columns.len())),
            });
        }
        rename(&mut columns, alias);
        let own_name = calls.first().map(|(expr, _)| Ident::new(output_column(expr)));
        let seen_as = alias.map(|alias| alias.name.clone()).or(own_name);
        let row_type = self.function_row(&elaborated, functions.ordinality, &columns);
        let whole = ScopeItem { row_type, ..item(seen_as.as_ref(), &normal, columns) };
        let names = if row_type.is_some() { Vec::new() } else { names(&whole.columns) };
        let item = FromItem::Functions(Box::new(FromFunctions {
            functions: elaborated,
            rows_from: true,
            ordinality: functions.ordinality,
            lateral: false,
            alias: Some(Alias { name: normal, columns: names }),
            columns: Vec::new(),
        }));
        Ranged::single(item, whole)
    }

    /// The whole row of a single function has its type when that is one with a name, and is
    /// the value itself when it is no row (`makeWholeRowVar`).
    fn function_row(
        &self,
        functions: &[(Expr, Vec<ColumnDefinition>)],
        ordinality: bool,
        columns: &[ScopeColumn],
    ) -> Option<TypeId> {
        let ([(Expr::Call(call), definitions)], false) = (functions, ordinality) else {
            return None;
        };
        if !definitions.is_empty() {
            return None;
        }
        let candidates = self.catalog.functions(call.name.name.as_str()).filter(|entry| {
            call.name.namespace.as_ref().is_some_and(|n| *n == *entry.schema.as_str())
        });
        let mut results = candidates.map(|entry| entry.result);
        let first = results.next()?;
        if results.any(|result| result != first)
            || first == TypeId::RECORD
            || first.is_polymorphic()
        {
            return match columns {
                // A scalar: the row is its value.
                [ScopeColumn { ty: Type::Known(ty), .. }] if first != TypeId::RECORD => Some(ty.id),
                _row => None,
            };
        }
        Some(first)
    }

    fn definition(&self, column: &ColumnDefinition) -> ColumnDefinition {
        let ty = self.resolve_type(&column.ty).map(|ty| self.type_name(&ty));
        let collation = column.collation.as_ref().map(|name| self.collation_name(name));
        ColumnDefinition {
            name: column.name.clone(),
            ty: ty.unwrap_or_else(|| column.ty.clone()),
            collation: collation.filter(|name| !name.is_builtin("default")),
        }
    }

    /// The columns of a function without column definitions.
    fn function_columns(
        &mut self,
        written: &Expr,
        typed: &Typed,
        alias: Option<&Alias>,
        normal: &Ident,
        first: usize,
    ) -> Vec<ScopeColumn> {
        let column = |number: usize, name: Ident, ty: Type| ScopeColumn {
            name,
            ty,
            expr: Some(position(normal, first + number)),
        };
        let ty = match &typed.ty {
            Type::Known(ty) => ty.clone(),
            Type::Literal => Ty::plain(TypeId::TEXT),
            Type::Undecided => {
                // Its alias may say how many columns there are, but not that these are all.
                let names = alias.into_iter().flat_map(|alias| &alias.columns).enumerate();
                let mut columns: Vec<ScopeColumn> =
                    names.map(|(n, name)| column(n, name.clone(), Type::Undecided)).collect();
                columns.push(open_column());
                return columns;
            }
        };
        if let Some(entry) = self.catalog.relation_of_type(self.base(&ty).id) {
            return self.fields(entry, normal, first);
        }
        let outputs = self.function_outputs(&typed.expr);
        if ty.id == TypeId::RECORD {
            let Some(outputs) = outputs else {
                self.give_up("a function in FROM whose columns are not known");
                return vec![open_column()];
            };
            let each = outputs.into_iter().enumerate();
            return each.map(|(number, (name, ty))| column(number, name, ty)).collect();
        }
        // `chooseScalarFunctionAlias`: the only OUT parameter, the alias, the function.
        let parameter = match outputs.as_deref() {
            Some([(name, _)]) if !name.is_empty() => Some(name.clone()),
            _none => None,
        };
        let name = parameter
            .or_else(|| alias.map(|alias| alias.name.clone()))
            .unwrap_or_else(|| Ident::new(output_column(written)));
        vec![column(0, name, Type::Known(ty))]
    }

    /// The OUT parameters of the function that was called; `None` when it has none, or when
    /// overloads differ in them and the number of arguments does not tell which it is.
    fn function_outputs(&self, expr: &Expr) -> Option<Vec<(Ident, Type)>> {
        let Expr::Call(call) = expr else { return None };
        let count = call.args.len();
        let outputs = |entry: &crate::catalog::FunctionEntry| -> Vec<(Ident, Type)> {
            let typed = |ty: TypeId| {
                if ty.is_polymorphic() { Type::Undecided } else { Type::Known(Ty::plain(ty)) }
            };
            let named = |(number, output): (usize, &crate::catalog::Parameter)| {
                // `build_function_result_tupdesc_d`: those without a name are column1, ..
                let name = if output.name.is_empty() {
                    Ident::new(format!("column{}", number + 1))
                } else {
                    Ident::new(&output.name)
                };
                (name, typed(output.ty))
            };
            entry.outputs().enumerate().map(named).collect()
        };
        let candidates: Vec<_> = self
            .catalog
            .functions(call.name.name.as_str())
            .filter(|entry| {
                call.name.namespace.as_ref().is_some_and(|n| *n == *entry.schema.as_str())
            })
            .filter(|entry| {
                let own = entry.args.len();
                entry.variadic || (count <= own && count + usize::from(entry.defaults) >= own)
            })
            .collect();
        let record = |entry: &&&crate::catalog::FunctionEntry| entry.result == TypeId::RECORD;
        let rows = candidates.iter().any(|entry| entry.result == TypeId::RECORD);
        let mut all = candidates.iter().filter(|entry| !rows || record(entry)).map(|e| outputs(e));
        let first = all.next()?;
        (!first.is_empty() && all.all(|other| other == first)).then_some(first)
    }
}

/// `unnest(a, b)` is `ROWS FROM (unnest(a), unnest(b))` (`transformRangeFunction`); column
/// definitions after the alias are those of the only function.
fn unnests(functions: &FromFunctions) -> Vec<(Expr, Vec<ColumnDefinition>)> {
    let mut result = Vec::new();
    for (expr, definitions) in &functions.functions {
        match expr {
            Expr::Call(call)
                if definitions.is_empty()
                    && functions.columns.is_empty()
                    && is_plain_unnest(call) =>
            {
                for arg in &call.args {
                    let name = Name::qualified("pg_catalog", "unnest");
                    result.push((Call::plain(name, [arg.value.clone()]).into(), Vec::new()));
                }
            }
            _other => result.push((expr.clone(), definitions.clone())),
        }
    }
    if let [(_, definitions)] = result.as_mut_slice()
        && !functions.columns.is_empty()
    {
        definitions.clone_from(&functions.columns);
    }
    result
}

fn is_plain_unnest(call: &Call) -> bool {
    call.name == Name::bare("unnest")
        && call.args.len() > 1
        && !call.variadic
        && !call.distinct
        && !call.star
        && call.order_by.is_empty()
        && call.filter.is_none()
        && call.over.is_none()
}

/// An item that is visible by its columns, and by its name when it has one.
pub(super) fn item(name: Option<&Ident>, normal: &Ident, columns: Vec<ScopeColumn>) -> ScopeItem {
    ScopeItem {
        name: name.cloned(),
        namespace: None,
        normal_name: Some(normal.clone()),
        columns: Arc::new(columns),
        row_type: None,
        columns_visible: true,
        name_visible: name.is_some(),
    }
}

/// Makes columns the numbered columns of an item.
pub(super) fn place(columns: &mut [ScopeColumn], item: &Ident, first: usize) {
    for (number, column) in columns.iter_mut().enumerate() {
        column.expr = (!column.name.is_empty()).then(|| position(item, first + number));
    }
}
