//! The laws over random trees of expressions: every operator as an operand of every
//! other, which is where parentheses go missing.

use super::{FULL, assert_all, written_expr};
use crate::model::{
    Access, AnyAll, Between, BoolTest, Call, Case, Cast, Collate, ColumnRef, Expr, Ident, InList,
    IsDistinct, Json, JsonFormat, JsonKind, Like, LikeKind, Literal, Name, Operation, Query,
    QueryBody, SqlValue, Subquery, SubqueryKind, TypeName, Xml, XmlKind,
};
use crate::parse::fragment;

/// A linear congruential generator: the same trees in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let index = usize::try_from(self.below(items.len() as u64)).unwrap_or_default();
        *items.get(index).or(items.first()).expect("not empty")
    }
}

fn column(name: &str) -> Expr {
    Expr::Column(ColumnRef { parts: vec![Ident::new(name)], star: false })
}

fn leaf(random: &mut Random) -> Expr {
    match random.below(8) {
        0 => Expr::Literal(Literal::Integer(1)),
        1 => Expr::Literal(Literal::Integer(-1)),
        2 => Expr::Literal(Literal::Number("-1.5".into())),
        3 => Expr::Literal(Literal::String("x".into())),
        4 => Expr::Parameter(1),
        5 => Expr::SqlValue(SqlValue::CurrentDate, None),
        _ => column("a"),
    }
}

fn tree(random: &mut Random, depth: u32) -> Expr {
    if depth == 0 {
        return leaf(random);
    }
    let mut next = || tree(random, depth - 1);
    let (a, b, c) = (next(), next(), next());
    let negated = random.coin();
    match random.below(27) {
        0 => junction(Expr::And, a, b, c, |expr| matches!(expr, Expr::And(_))),
        1 => junction(Expr::Or, a, b, c, |expr| matches!(expr, Expr::Or(_))),
        2 => Expr::Not(Box::new(a)),
        3 => Expr::IsNull { arg: Box::new(a), negated },
        4 => Expr::IsBool { arg: Box::new(a), test: BoolTest::Unknown, negated },
        5 => Expr::IsDistinct(Box::new(IsDistinct { left: a, right: b, negated })),
        6 => Expr::In(Box::new(InList { arg: a, items: vec![b, c], negated })),
        7 => {
            let symmetric = random.coin();
            Expr::Between(Box::new(Between { arg: a, low: b, high: c, negated, symmetric }))
        }
        8 => {
            let kind = random.pick(&[LikeKind::Like, LikeKind::ILike, LikeKind::SimilarTo]);
            let escape = random.coin().then_some(c);
            Expr::Like(Box::new(Like { kind, arg: a, pattern: b, escape, negated }))
        }
        9..=13 => {
            let name =
                random.pick(&["=", "<", "<>", "||", "+", "-", "*", "%", "^", "->", "@>", "!"]);
            Expr::Operator(Box::new(Operation {
                operator: operator(random, name),
                left: Some(a),
                right: b,
            }))
        }
        14 => prefix(random, a),
        15 => Expr::Collate(Box::new(Collate { arg: a, collation: Name::bare("C") })),
        16 => Expr::Cast(Box::new(Cast { arg: a, ty: TypeName::builtin("int4") })),
        17 => sql_call("timezone", [a, b]),
        18 => sql_call("overlaps", [a, b, c, leaf(random)]),
        19 => sql_call("is_normalized", [a]),
        20 => sql_call("position", [a, b]),
        21 => {
            let name = random.pick(&["=", "<", "||", "+", "~~", "*"]);
            Expr::AnyAll(Box::new(AnyAll {
                left: a,
                operator: operator(random, name),
                array: b,
                all: negated,
            }))
        }
        22 => subquery(random, a, b),
        23 => {
            let access = random.pick(&[0, 1, 2]);
            let access = match access {
                0 => Access::Field(Ident::new("f")),
                1 => Access::Index(b),
                _ => Access::Slice(Some(b), negated.then_some(c)),
            };
            Expr::Indirection(Box::new(a), vec![access])
        }
        24 => Expr::Case(Box::new(Case {
            arg: negated.then_some(a),
            branches: vec![(b, c)],
            otherwise: None,
        })),
        25 => {
            let args = vec![a];
            let named = Vec::new();
            let (kind, document, indent) = (XmlKind::IsDocument, false, false);
            Expr::Xml(Box::new(Xml { kind, name: None, named, args, document, indent, ty: None }))
        }
        _ => {
            let (format, kind) = (JsonFormat::Default, JsonKind::Any);
            Expr::Json(Box::new(Json::IsJson { arg: a, format, kind, unique: negated }))
        }
    }
}

/// The parser flattens a first operand of the same kind, so none is made.
fn junction(
    make: fn(Vec<Expr>) -> Expr,
    a: Expr,
    b: Expr,
    c: Expr,
    same: fn(&Expr) -> bool,
) -> Expr {
    make(if same(&a) { vec![column("b"), a, b] } else { vec![a, b, c] })
}

fn operator(random: &mut Random, name: &str) -> Name {
    if random.below(4) == 0 { Name::qualified("s", name) } else { Name::bare(name) }
}

/// The parser folds the sign of a number, so none is made.
fn prefix(random: &mut Random, arg: Expr) -> Expr {
    let name = random.pick(&["-", "+", "@", "!!", "~"]);
    let arg = match arg {
        Expr::Literal(Literal::Integer(_) | Literal::Number(_)) => column("n"),
        _ => arg,
    };
    Expr::Operator(Box::new(Operation { operator: operator(random, name), left: None, right: arg }))
}

fn sql_call<const N: usize>(name: &str, args: [Expr; N]) -> Expr {
    let mut call = Call::plain(Name::qualified("pg_catalog", name), args);
    call.sql_syntax = true;
    call.into()
}

fn subquery(random: &mut Random, left: Expr, value: Expr) -> Expr {
    let query = Query::of(QueryBody::Values(vec![vec![value]]));
    let all = random.coin();
    let kind = match random.below(5) {
        0 => SubqueryKind::Exists,
        1 => SubqueryKind::Array,
        2 => SubqueryKind::AnyAll { left, operator: None, all: false },
        3 => SubqueryKind::AnyAll { left, operator: Some(operator(random, "||")), all },
        _ => SubqueryKind::AnyAll { left, operator: Some(operator(random, "=")), all },
    };
    Expr::Subquery(Box::new(Subquery { kind, query }))
}

fn law(depth: u32, count: u64) {
    let mut random = Random(u64::from(depth));
    let results = (0..count).map(|_| {
        let value = tree(&mut random, depth);
        let text = written_expr(&value, FULL);
        let read = fragment::expression(&text);
        if read.as_ref() == Ok(&value) {
            Ok(())
        } else {
            Err(format!("{text}\n  {value:?}\n  {read:?}"))
        }
    });
    assert_all(results.collect::<Vec<_>>(), 100);
}

#[test]
fn random_expressions_read_back() {
    law(1, 2_000);
    law(2, 4_000);
    law(3, 1_000);
    law(4, 200);
}

#[test]
#[ignore = "takes minutes"]
fn many_random_expressions_read_back() {
    law(1, 20_000);
    law(2, 300_000);
    law(3, 50_000);
    law(4, 5_000);
}
