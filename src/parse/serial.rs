//! What `serial` stands for: an integer column with a sequence behind it.

use crate::model::{
    Call, Cast, Expr, Expression, Literal, Name, QualifiedName, SearchPath, TypeName,
};

/// `nextval('sequence'::regclass)` (`generateSerialExtraStmts`, `src/backend/parser/parse_utilcmd.c`).
pub(super) fn next_value(sequence: &QualifiedName) -> Expression {
    let name =
        format!("{}.{}", quoted(sequence.namespace.as_str()), quoted(sequence.name.as_str()));
    let argument = Expr::Cast(Box::new(Cast {
        arg: Expr::Literal(Literal::String(name.into())),
        ty: TypeName::builtin("regclass"),
    }));
    Expression {
        expr: Call::plain(Name::bare("nextval"), [argument]).into(),
        path: SearchPath::empty(),
    }
}

/// An identifier as the text of a `regclass` holds it: quoted where it has to be.
pub(super) fn quoted(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let starts = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase() || b == b'_');
    if starts && name.bytes().all(plain) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}
