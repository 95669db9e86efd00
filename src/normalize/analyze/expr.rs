//! Expressions (`transformExprRecurse`, `src/backend/parser/parse_expr.c`).

use super::coerce::cast;
use super::{Analyzer, Ty, Type, Typed};
use crate::catalog::{CastContext, TypeId};
use crate::model::{Case, Cast, Collate, Expr, Json, NormalRule, SqlValue, TypeName, Xml, XmlKind};

impl Analyzer<'_> {
    /// The elaborated expression and its type.
    pub fn expr(&mut self, expr: &Expr) -> Typed {
        match expr {
            Expr::Literal(literal) => self.literal(literal),
            Expr::Constant(constant) => match self.resolve_type(&constant.ty) {
                Some(ty) => Typed::known(expr.clone(), ty),
                None => Typed::undecided(expr.clone()),
            },
            Expr::Column(column) => self.column(column),
            Expr::Parameter(number) => self.parameter(*number),
            Expr::Call(call) => self.call(call),
            Expr::Operator(operation) => self.operator(operation),
            Expr::And(args) => self.junction(args, Expr::And),
            Expr::Or(args) => self.junction(args, Expr::Or),
            Expr::Not(arg) => {
                let arg = self.condition(arg);
                Typed::plain(Expr::Not(Box::new(arg)), TypeId::BOOL)
            }
            Expr::Cast(cast) => self.cast(cast),
            Expr::Collate(collate) => self.collate(&collate.arg, &collate.collation),
            Expr::Case(case) => self.case(case),
            Expr::Coalesce(args) => self.common(args, Expr::Coalesce),
            Expr::Greatest(args) => self.common(args, Expr::Greatest),
            Expr::Least(args) => self.common(args, Expr::Least),
            Expr::NullIf(args) => self.null_if(args),
            Expr::IsNull { arg, negated } => self.is_null(arg, *negated),
            Expr::IsBool { arg, test, negated } => {
                let arg = Box::new(self.condition(arg));
                Typed::plain(Expr::IsBool { arg, test: *test, negated: *negated }, TypeId::BOOL)
            }
            Expr::IsDistinct(test) => self.is_distinct(test),
            Expr::In(list) => self.in_list(list),
            Expr::Between(between) => self.between(between),
            Expr::Like(like) => self.like(like),
            Expr::AnyAll(any) => self.any_all(any),
            Expr::Row(args) => {
                let values = self.expression_list(args);
                // Literals stay what they are (`transformRowExpr`).
                let args: Vec<Expr> = values.iter().map(|value| value.expr.clone()).collect();
                self.rows.push((args.clone(), values));
                Typed::plain(Expr::Row(args), TypeId::RECORD)
            }
            Expr::Array(items) => self.array(items),
            Expr::Indirection(arg, steps) => self.indirection(arg, steps),
            Expr::Subquery(subquery) => self.subquery(subquery),
            Expr::SqlValue(function, precision) => {
                let value = sql_value(*function, *precision);
                if value.expr != *expr {
                    self.apply(NormalRule::ValueFunction);
                }
                value
            }
            Expr::Grouping(args) => {
                let args = args.iter().map(|arg| self.expr(arg).expr).collect();
                Typed::plain(Expr::Grouping(args), TypeId::INT4)
            }
            Expr::Default => Typed::undecided(Expr::Default),
            Expr::CurrentOf(_) => Typed::plain(expr.clone(), TypeId::BOOL),
            Expr::MergeAction => Typed::plain(Expr::MergeAction, TypeId::TEXT),
            Expr::MultiAssign { source, number, columns } => {
                let source = Box::new(self.expr(source).expr);
                let (number, columns) = (*number, *columns);
                Typed::undecided(Expr::MultiAssign { source, number, columns })
            }
            Expr::Json(json) => self.json(json),
            Expr::Xml(xml) => self.xml(xml),
            Expr::Opaque(text) => {
                self.give_up("an expression that is not modelled");
                Typed::undecided(Expr::Opaque(text.clone()))
            }
        }
    }

    /// An expression as a condition.
    pub(super) fn condition(&mut self, expr: &Expr) -> Expr {
        let typed = self.expr(expr);
        self.coerce_boolean(typed)
    }

    /// AND and OR are flattened completely (R2): they are associative, and whether
    /// PostgreSQL keeps `a AND (b AND c)` nested depends on how the text came about.
    fn junction(&mut self, args: &[Expr], make: fn(Vec<Expr>) -> Expr) -> Typed {
        let args: Vec<Expr> = args.iter().map(|arg| self.condition(arg)).collect();
        let nested =
            |arg: &Expr| std::mem::discriminant(arg) == std::mem::discriminant(&make(Vec::new()));
        if args.iter().any(nested) {
            self.apply(NormalRule::Junction);
        }
        Typed::plain(flat(make, args), TypeId::BOOL)
    }

    fn operator(&mut self, operation: &crate::model::Operation) -> Typed {
        if let Some(Expr::Row(left)) = &operation.left
            && let Expr::Row(right) = &operation.right
        {
            return self.row_comparison(&operation.operator, left, right);
        }
        // Chains like `a || b || c` are deep on the left.
        let left = operation.left.as_ref().map(|left| self.expr(left));
        let right = self.expr(&operation.right);
        self.operation(&operation.operator, left, right)
    }

    /// `x::t`; elements of an array constructor are cast one by one
    /// (`transformTypeCast`).
    fn cast(&mut self, node: &Cast) -> Typed {
        let Some(target) = self.resolve_type(&node.ty) else {
            self.give_up(format!(
                "type {} belongs to no known catalog",
                node.ty.name.name.as_str()
            ));
            let arg = self.expr(&node.arg);
            return Typed::undecided(cast(arg.expr, node.ty.clone()));
        };
        if let Expr::Array(items) = &node.arg {
            let base = self.base(&target);
            if let Some(element) = self.catalog.element_of(base.id) {
                self.apply(NormalRule::ArrayCast);
                let element = Ty { id: element, modifiers: base.modifiers.clone() };
                let array = self.array_of(items, &base, &element);
                let ty = if items.is_empty() { Ty::plain(base.id) } else { base };
                return self.coerce(Typed::known(array, ty), &target, CastContext::Explicit);
            }
        }
        let arg = self.expr(&node.arg);
        if target.id == TypeId::UNKNOWN && arg.ty == Type::Literal {
            // A dump says so of a NULL whose type nothing wanted to know (`get_const_expr`).
            return arg;
        }
        self.coerce(arg, &target, CastContext::Explicit)
    }

    /// The elements cast to the element type; nested constructors are arrays of it too.
    /// One without elements says its type (`get_rule_expr`, `ruleutils.c`).
    fn array_of(&mut self, items: &[Expr], array: &Ty, element: &Ty) -> Expr {
        if items.is_empty() {
            return cast(Expr::Array(Vec::new()), self.plain_name(array.id));
        }
        let items = items.iter().map(|item| match item {
            Expr::Array(nested) => self.array_of(nested, array, element),
            other => {
                let typed = self.expr(other);
                // An element that is itself an array of the type makes one more dimension.
                let nested = typed.id().is_some_and(|id| self.element(id).is_some());
                let target = if nested { array } else { element };
                self.coerce(typed, target, CastContext::Explicit).expr
            }
        });
        Expr::Array(items.collect())
    }

    /// `ARRAY[..]` with the common type of its elements (`transformArrayExpr`).
    fn array(&mut self, items: &[Expr]) -> Typed {
        let typed: Vec<Typed> = items.iter().map(|item| self.expr(item)).collect();
        if typed.is_empty() {
            return Typed::undecided(Expr::Array(Vec::new()));
        }
        let (items, ty) = self.common_type(typed);
        let array = match &ty {
            Type::Known(ty) => match self.element(ty.id) {
                // Arrays of arrays are one array of more dimensions.
                Some(_) if items.iter().any(|item| matches!(item, Expr::Array(_))) => Some(ty.id),
                _element => self.catalog.array_of(ty.id),
            },
            Type::Literal | Type::Undecided => None,
        };
        let modifiers = match ty {
            Type::Known(ty) => ty.modifiers,
            Type::Literal | Type::Undecided => Vec::new(),
        };
        match array {
            Some(id) => Typed::known(Expr::Array(items), Ty { id, modifiers }),
            None => Typed::undecided(Expr::Array(items)),
        }
    }

    fn collate(&mut self, arg: &Expr, collation: &crate::model::Name) -> Typed {
        let arg = self.expr(arg);
        let arg = self.finish_literal(arg);
        let collation = self.collation_name(collation);
        let collate = Collate { arg: arg.expr, collation };
        Typed { expr: Expr::Collate(Box::new(collate)), ty: arg.ty }
    }

    /// `CASE`; the result of ELSE counts first for the common type (`transformCaseExpr`).
    fn case(&mut self, case: &Case) -> Typed {
        if case.arg.is_some() || case.otherwise.is_none() {
            self.apply(NormalRule::Case);
        }
        let arg = case.arg.as_ref().map(|arg| {
            let arg = self.expr(arg);
            self.finish_literal(arg)
        });
        let mut conditions = Vec::new();
        let null = Expr::Literal(crate::model::Literal::Null);
        let mut results = vec![self.expr(case.otherwise.as_ref().unwrap_or(&null))];
        for (condition, result) in &case.branches {
            conditions.push(match &arg {
                None => self.condition(condition),
                Some(arg) => {
                    let value = self.expr(condition);
                    self.compared(arg, value)
                }
            });
            results.push(self.expr(result));
        }
        let (results, ty) = self.common_type(results);
        let mut results = results.into_iter();
        let otherwise = results.next();
        let branches = conditions.into_iter().zip(results).collect();
        let arg = arg.map(|arg| arg.expr);
        Typed { expr: Expr::Case(Box::new(Case { arg, branches, otherwise })), ty }
    }

    /// The value of a WHEN, coerced for `arg = value`.
    fn compared(&mut self, arg: &Typed, value: Typed) -> Expr {
        let equals = crate::model::Name::bare("=");
        let found = match (arg.input(), value.input()) {
            (Some(left), Some(right)) => self.binary_operator(&equals, left, right),
            _undecided => None,
        };
        match found {
            Some(found) => self.coerce_implicit(value, found.right),
            None => {
                self.operator_not_found(&equals, Some(arg), &value);
                value.expr
            }
        }
    }

    fn common(&mut self, args: &[Expr], make: fn(Vec<Expr>) -> Expr) -> Typed {
        let args: Vec<Typed> = args.iter().map(|arg| self.expr(arg)).collect();
        let (args, ty) = self.common_type(args);
        Typed { expr: make(args), ty }
    }

    fn is_null(&mut self, arg: &Expr, negated: bool) -> Typed {
        let arg = self.expr(arg);
        let arg = Box::new(self.finish_literal(arg).expr);
        Typed::plain(Expr::IsNull { arg, negated }, TypeId::BOOL)
    }

    fn xml(&mut self, xml: &Xml) -> Typed {
        let named = xml.named.iter().map(|(name, value)| {
            let typed = self.expr(value);
            // Without a name, that of the column counts (`transformXmlExpr`).
            let name = name.clone().or_else(|| match value {
                Expr::Column(column) => column.parts.last().cloned(),
                _unnamed => None,
            });
            (name, self.finish_literal(typed).expr)
        });
        let named = named.collect();
        let wanted = |at: usize| match (xml.kind, at) {
            (XmlKind::Concat | XmlKind::Element | XmlKind::Serialize | XmlKind::IsDocument, _)
            | (XmlKind::Root, 0) => TypeId::XML,
            // `STANDALONE` is a number.
            (XmlKind::Root, 2) => TypeId::INT4,
            // `PRESERVE WHITESPACE` is true or false.
            (XmlKind::Parse, 1) => TypeId::BOOL,
            _text => TypeId::TEXT,
        };
        let mut args = Vec::new();
        for (at, arg) in xml.args.iter().enumerate() {
            let typed = self.expr(arg);
            args.push(match xml.kind {
                // The content of an element may be of any type.
                XmlKind::Element => self.finish_literal(typed).expr,
                _typed => self.coerce_implicit(typed, wanted(at)),
            });
        }
        let result = match xml.kind {
            XmlKind::IsDocument => Some(Ty::plain(TypeId::BOOL)),
            XmlKind::Serialize => xml.ty.as_ref().and_then(|ty| self.resolve_type(ty)),
            XmlKind::Concat
            | XmlKind::Element
            | XmlKind::Forest
            | XmlKind::Parse
            | XmlKind::Pi
            | XmlKind::Root => Some(Ty::plain(TypeId::XML)),
        };
        let ty = xml.ty.as_ref().map(|ty| self.named_type(ty));
        let expr = Expr::Xml(Box::new(Xml { named, args, ty, ..xml.clone() }));
        match result {
            Some(result) => Typed::known(expr, result),
            None => Typed::undecided(expr),
        }
    }

    /// A type with its full name, or as written.
    pub(super) fn named_type(&self, ty: &TypeName) -> TypeName {
        self.resolve_type(ty).map_or_else(|| ty.clone(), |ty| self.type_name(&ty))
    }
}

/// `a AND b` and `(a AND b) AND c` as one list.
pub(super) fn flat(make: fn(Vec<Expr>) -> Expr, args: Vec<Expr>) -> Expr {
    let and = matches!(make(Vec::new()), Expr::And(_));
    let mut flat = Vec::new();
    for arg in args {
        match arg {
            Expr::And(nested) if and => flat.extend(nested),
            Expr::Or(nested) if !and => flat.extend(nested),
            other => flat.push(other),
        }
    }
    make(flat)
}

/// The types of the SQL value functions (`transformSQLValueFunction`).
fn sql_value(function: SqlValue, precision: Option<i32>) -> Typed {
    let id = match function {
        SqlValue::CurrentDate => TypeId::DATE,
        SqlValue::CurrentTime => TypeId::TIMETZ,
        SqlValue::CurrentTimestamp => TypeId::TIMESTAMPTZ,
        SqlValue::LocalTime => TypeId::TIME,
        SqlValue::LocalTimestamp => TypeId::TIMESTAMP,
        SqlValue::CurrentRole
        | SqlValue::CurrentUser
        | SqlValue::User
        | SqlValue::SessionUser
        | SqlValue::CurrentCatalog
        | SqlValue::CurrentSchema => TypeId::NAME,
    };
    // `USER` and CURRENT_USER are two spellings that are printed alike.
    let function = if function == SqlValue::User { SqlValue::CurrentUser } else { function };
    let modifiers =
        precision.iter().map(|precision| precision.min(&6).to_string().into()).collect();
    Typed::known(Expr::SqlValue(function, precision.map(|p| p.min(6))), Ty { id, modifiers })
}

impl Analyzer<'_> {
    /// SQL/JSON constructs: their parts elaborated, their types by `RETURNING`.
    fn json(&mut self, json: &Json) -> Typed {
        super::json::json(self, json)
    }
}
