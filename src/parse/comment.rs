//! `COMMENT ON`, `SECURITY LABEL ON`.
//!
//! The empty text is no comment, as NULL is none (`CreateComments`,
//! `src/backend/commands/comment.c`).

use pg_query::protobuf::{CommentStmt, ObjectType, SecLabelStmt};

use super::absent::{absent, outside};
use super::address::{Address, address};
use super::annotation::annotated;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use crate::model::{Facet, Ident, Problem, ProblemCode, Span};

/// `COMMENT ON object IS 'text' | NULL`.
pub(super) fn comment(stmt: &CommentStmt, _cx: Lowering<'_>) -> Lowered {
    let kind = stmt.objtype();
    let target = stmt.object.as_deref().and_then(|node| address(kind, node));
    let text = (!stmt.comment.is_empty()).then(|| stmt.comment.as_str().into());
    note(kind, target, Note::Comment(text), "the object of this comment")
}

/// `SECURITY LABEL FOR provider ON object IS 'label' | NULL`.
pub(super) fn security_label(stmt: &SecLabelStmt, _cx: Lowering<'_>) -> Lowered {
    let kind = stmt.objtype();
    let target = stmt.object.as_deref().and_then(|node| address(kind, node));
    let label = (!stmt.label.is_empty()).then(|| stmt.label.as_str().into());
    let provider = Ident::new(&stmt.provider);
    note(kind, target, Note::Label { provider, label }, "the object of this security label")
}

fn note(kind: ObjectType, target: Option<Address>, note: Note, what: &str) -> Lowered {
    match (outside(kind), target) {
        (Some(rule), _) => Lowered::Ignored(rule),
        (None, Some(target)) => Lowered::apply(Annotate { kind, target, note }),
        (None, None) => Lowered::unsupported(what),
    }
}

struct Annotate {
    kind: ObjectType,
    target: Address,
    note: Note,
}

enum Note {
    Comment(Option<Box<str>>),
    Label {
        /// Empty for the only provider that is loaded.
        provider: Ident,
        label: Option<Box<str>>,
    },
}

impl Statement for Annotate {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Annotated(self.kind, self.target.clone())]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let Some(target) = annotated(cx, self.kind, &self.target) else {
            return absent(cx, &self.target);
        };
        let notes = target.notes(cx)?;
        let facet = match self.note {
            Note::Comment(text) => {
                *notes.comment = text;
                Facet::Comment
            }
            Note::Label { provider, label } => {
                let Some(rights) = notes.rights else {
                    let message = "this kind of object has no security label";
                    return Err(Problem::new(ProblemCode::Invalid, message));
                };
                match label {
                    Some(label) => rights.labels.insert(provider, label),
                    None => rights.labels.remove(&provider),
                };
                Facet::SecurityLabel
            }
        };
        target.record(cx, facet, None, span);
        Ok(Outcome::Modelled)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, same};
    use crate::model::ProblemCode;

    #[test]
    fn the_empty_comment_is_none() {
        same(
            "CREATE TABLE t (); COMMENT ON TABLE t IS 'x'; COMMENT ON TABLE t IS '';",
            "CREATE TABLE t ();",
        );
        same("COMMENT ON VIEW v IS NULL; CREATE VIEW v AS SELECT 1;", "CREATE VIEW v AS SELECT 1;");
    }

    #[test]
    fn parts_of_tables_have_comments() {
        same(
            "CREATE TABLE t (a int CONSTRAINT k NOT NULL); COMMENT ON CONSTRAINT k ON t IS 'n'; COMMENT ON COLUMN t.a IS 'c';",
            "COMMENT ON COLUMN public.t.a IS 'c'; COMMENT ON CONSTRAINT k ON public.t IS 'n'; CREATE TABLE t (a int CONSTRAINT k NOT NULL);",
        );
        assert_eq!(
            problems("CREATE TABLE t (a int); COMMENT ON COLUMN t.b IS 'c';"),
            [ProblemCode::Missing]
        );
    }
}
