//! `DO` blocks whose effect on the schema can be told from their text.
//!
//! In goes a block of PL/pgSQL, out comes what its statements make of the schema under
//! construction: `BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN
//! CREATE TYPE mood AS ENUM ('ok'); END IF; END` creates the type when there is none.
//! Statements without parameters are applied as if they stood alone; conditions are asked
//! of the schema as far as it is built ([`guard`]); a block with handlers is undone when a
//! statement fails in a way that one of them names (`plpgsql`, "Trapping Errors").
//! Surprising: what only changes rows is left out, loops included, but a loop that changes
//! the schema, a statement put together at run time or a condition about anything that is
//! not in the schema leaves the block a problem, with its reason.

mod guard;
mod reader;
mod rows;

use pg_query::NodeEnum;
use pg_query::protobuf::DoStmt;

use super::coverage::IgnoreRule;
use super::declared::Declared;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use crate::model::{Expr, Problem, ProblemCode, SearchPath, Span};

/// `DO [LANGUAGE lang] code`.
pub(super) fn lower(stmt: &DoStmt, cx: Lowering<'_>) -> Lowered {
    let mut code = None;
    for arg in &stmt.args {
        let Some(NodeEnum::DefElem(option)) = &arg.node else { continue };
        let value = option.arg.as_ref().and_then(|value| value.node.as_ref());
        let Some(NodeEnum::String(value)) = value else { continue };
        match option.defname.as_str() {
            "as" => code = Some((value.sval.as_str(), option.location)),
            "language" if value.sval != "plpgsql" => {
                return Lowered::problem(unknown(&format!("it is written in {}", value.sval)));
            }
            _the_language_we_read => {}
        }
    }
    let Some((body, location)) = code else {
        return Lowered::problem(unknown("it has no code"));
    };
    let base = usize::try_from(location).map_or(0, |start| opening(cx.text, start));
    match reader::read(body, cx.base + cx.rewritten.original(base), cx.source) {
        Ok(steps) => Lowered::apply(DoBlock { steps }),
        Err(reason) => Lowered::problem(unknown(&reason)),
    }
}

/// Where the text within quotes starts whose quotes open at or after `start`.
fn opening(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let Some(quote) = rest.find(['$', '\'']) else { return start };
    let after = rest.get(quote + 1..).unwrap_or_default();
    let tag = if rest.get(quote..).is_some_and(|rest| rest.starts_with('$')) {
        after.find('$').map_or(0, |tag| tag + 1)
    } else {
        0
    };
    start + quote + 1 + tag
}

/// The problem that the effect of a block is not known.
fn unknown(reason: &str) -> Problem {
    Problem::new(
        ProblemCode::Dynamic,
        format!("what a DO block does to the schema cannot be known offline: {reason}"),
    )
    .help("write the statements out, or dump a database where it has been run")
}

/// One step of a block.
enum Step {
    /// A statement that may change the schema.
    Apply(Box<dyn Statement>, Span),
    /// A statement that is not understood or wrong.
    Wrong(Problem),
    /// What does not change the schema.
    Harmless,
    /// `IF`, `ELSIF`, `ELSE` with their steps.
    If(Vec<(Condition, Vec<Step>)>),
    /// A block with its handlers: the conditions that each names, and its steps.
    Block(Vec<Step>, Vec<(Vec<String>, Vec<Step>)>),
    /// `RETURN`.
    Return,
    /// `RAISE EXCEPTION`.
    Raise,
}

/// When the steps of a branch are taken.
enum Condition {
    /// Always: the branch is `ELSE`.
    Else,
    /// When the expression is true; the text is for people.
    When(Option<Expr>, String),
}

/// What comes after a step.
#[derive(PartialEq, Eq)]
enum Flow {
    Next,
    Return,
}

struct DoBlock {
    steps: Vec<Step>,
}

impl Statement for DoBlock {
    fn declare_namespace(&self, declared: &mut Declared) {
        each(&self.steps, &mut |statement| statement.declare_namespace(declared));
    }

    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        each(&self.steps, &mut |statement| statement.declare(declared, path));
    }

    /// What the first statement needs; the others may need what it makes.
    fn needs(&self) -> Vec<Need> {
        let mut first = None;
        each(&self.steps, &mut |statement| {
            first.get_or_insert_with(|| statement.needs());
        });
        first.unwrap_or_default()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        let mut modelled = false;
        run(self.steps, cx, &mut modelled)?;
        Ok(if modelled { Outcome::Modelled } else { Outcome::Ignored(IgnoreRule::NoEffect) })
    }
}

/// Calls `visit` for every statement of the steps, in the order of the text.
fn each<'s>(steps: &'s [Step], visit: &mut dyn FnMut(&'s dyn Statement)) {
    for step in steps {
        match step {
            Step::Apply(statement, _) => visit(&**statement),
            Step::If(branches) => branches.iter().for_each(|(_, steps)| each(steps, visit)),
            Step::Block(steps, handlers) => {
                each(steps, visit);
                handlers.iter().for_each(|(_, steps)| each(steps, visit));
            }
            Step::Wrong(_) | Step::Harmless | Step::Return | Step::Raise => {}
        }
    }
}

fn run(steps: Vec<Step>, cx: &mut Interpreter<'_>, modelled: &mut bool) -> Result<Flow, Problem> {
    for step in steps {
        let flow = match step {
            Step::Apply(statement, span) => {
                let outcome = statement.apply(cx, span).map_err(|problem| problem.at(span))?;
                *modelled |= outcome == Outcome::Modelled;
                Flow::Next
            }
            Step::Wrong(problem) => return Err(problem),
            Step::Harmless => Flow::Next,
            Step::If(branches) => match taken(branches, cx)? {
                Some(steps) => run(steps, cx, modelled)?,
                None => Flow::Next,
            },
            Step::Block(steps, handlers) => run_block(steps, handlers, cx, modelled)?,
            Step::Return => Flow::Return,
            Step::Raise => return Err(unknown("it raises an exception")),
        };
        if flow == Flow::Return {
            return Ok(flow);
        }
    }
    Ok(Flow::Next)
}

/// The steps of the first branch whose condition holds.
fn taken(
    branches: Vec<(Condition, Vec<Step>)>,
    cx: &Interpreter<'_>,
) -> Result<Option<Vec<Step>>, Problem> {
    for (condition, steps) in branches {
        match condition {
            Condition::Else => return Ok(Some(steps)),
            Condition::When(expr, text) => {
                match expr.as_ref().and_then(|expr| guard::holds(expr, cx)) {
                    Some(true) => return Ok(Some(steps)),
                    Some(false) => {}
                    None => return Err(unknown(&format!("the condition `{text}` is not decided"))),
                }
            }
        }
    }
    Ok(None)
}

/// A block with handlers runs in a subtransaction: what it did before a failure is undone.
fn run_block(
    steps: Vec<Step>,
    handlers: Vec<(Vec<String>, Vec<Step>)>,
    cx: &mut Interpreter<'_>,
    modelled: &mut bool,
) -> Result<Flow, Problem> {
    if handlers.is_empty() {
        return run(steps, cx, modelled);
    }
    let before = cx.clone();
    let problem = match run(steps, cx, modelled) {
        Ok(flow) => return Ok(flow),
        Err(problem) => problem,
    };
    let handles = |names: &[String]| names.iter().any(|name| is_condition_of(name, problem.code));
    match handlers.into_iter().find(|(names, _)| handles(names)) {
        Some((_, steps)) => {
            *cx = before;
            run(steps, cx, modelled)
        }
        None => Err(problem),
    }
}

/// True when a condition (`src/backend/utils/errcodes.txt`) names what the problem says. What
/// the problem only says of pgcanon is no condition.
fn is_condition_of(name: &str, code: ProblemCode) -> bool {
    match code {
        ProblemCode::Duplicate => name == "others" || name.starts_with("duplicate_"),
        ProblemCode::Missing => {
            name == "others" || name.starts_with("undefined_") || name == "invalid_schema_name"
        }
        _not_said_by_the_server => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{problems, same};
    use crate::model::ProblemCode;

    const MOOD: &str = "CREATE TYPE mood AS ENUM ('ok');";

    /// The block makes of `before` what `after` makes.
    #[track_caller]
    fn check(before: &str, block: &str, after: &str) {
        same(&format!("{before} DO $$ {block} $$;"), &format!("{before} {after}"));
    }

    #[track_caller]
    fn check_unknown(block: &str) {
        assert_eq!(problems(&format!("DO $$ {block} $$;")), [ProblemCode::Dynamic], "{block}");
    }

    #[test]
    fn statements_are_applied() {
        check(
            "",
            "BEGIN CREATE TABLE t (a int); CREATE INDEX ON t (a); END",
            "CREATE TABLE t (a int); CREATE INDEX ON t (a);",
        );
        check(
            "",
            "DECLARE x int := 1; BEGIN x := 2; EXECUTE 'CREATE TABLE \"a b\" ()'; END",
            "CREATE TABLE \"a b\" ();",
        );
        check(
            "",
            "<<l>> BEGIN BEGIN CREATE TABLE t (); END; RAISE NOTICE 'a;b'; END l;",
            "CREATE TABLE t ();",
        );
        check("", "BEGIN IF true THEN RETURN; END IF; CREATE TABLE t (); END", "");
        same(
            "DO 'BEGIN CREATE TABLE t (a text DEFAULT ''x''); END'",
            "CREATE TABLE t (a text DEFAULT 'x')",
        );
    }

    #[test]
    fn conditions_are_asked_of_the_schema() {
        let guarded = "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'mood' AND n.nspname = 'public') THEN CREATE TYPE mood AS ENUM ('ok'); END IF; END";
        check("", guarded, MOOD);
        check(MOOD, guarded, "");
        let column = "BEGIN IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 't' AND column_name = 'b') THEN ALTER TABLE t ADD b int; ELSE ALTER TABLE t ADD c int; END IF; END";
        check("CREATE TABLE t (a int);", column, "ALTER TABLE t ADD b int;");
        check("CREATE TABLE t (b int);", column, "ALTER TABLE t ADD c int;");
        check(
            "CREATE TABLE t ();",
            "BEGIN IF to_regclass('public.u') IS NULL THEN CREATE TABLE u (); ELSIF true THEN CREATE TABLE v (); END IF; END",
            "CREATE TABLE u ();",
        );
        check(
            "CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0));",
            "BEGIN IF (SELECT count(*) FROM pg_constraint WHERE conname = 'k' AND conrelid = 't'::regclass) = 0 THEN CREATE TABLE u (); END IF; END",
            "",
        );
    }

    #[test]
    fn handlers_undo_what_failed() {
        let handled = "BEGIN CREATE TABLE t (); CREATE TYPE mood AS ENUM ('ok'); EXCEPTION WHEN duplicate_object THEN NULL; END";
        check("", handled, &["CREATE TABLE t ();", MOOD].concat());
        check(MOOD, handled, "");
        assert_eq!(
            problems(&format!(
                "{MOOD} DO $$ BEGIN {MOOD} EXCEPTION WHEN undefined_table THEN NULL; END $$"
            )),
            [ProblemCode::Duplicate]
        );
    }

    #[test]
    fn what_is_not_in_the_text_stays_unknown() {
        check_unknown("BEGIN EXECUTE format('CREATE TABLE %I ()', 't'); END");
        check_unknown("BEGIN IF current_setting('x') = 'y' THEN CREATE TABLE t (); END IF; END");
        check_unknown(
            "BEGIN IF EXISTS (SELECT FROM settings WHERE on) THEN CREATE TABLE t (); END IF; END",
        );
        check_unknown(
            "DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP CREATE TABLE t (); END LOOP; END",
        );
        check_unknown("BEGIN RAISE EXCEPTION 'no'; END");
        check_unknown("BEGIN SET search_path = app; CREATE TABLE t (); END");
        assert_eq!(problems("DO LANGUAGE plperl 'x'"), [ProblemCode::Dynamic]);
    }

    #[test]
    fn what_changes_rows_only_is_no_problem() {
        check(
            "CREATE TABLE t (a int);",
            "DECLARE r record; BEGIN FOR r IN SELECT * FROM t LOOP UPDATE t SET a = CASE WHEN r.a = 1 THEN 2 END; IF r.a > 0 THEN DELETE FROM t; END IF; END LOOP; SELECT a INTO r FROM t; PERFORM 1; GET DIAGNOSTICS r = ROW_COUNT; END",
            "",
        );
    }
}
