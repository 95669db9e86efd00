//! Domains: `CREATE DOMAIN` and `ALTER DOMAIN` (`src/backend/commands/typecmds.c`).
//!
//! CHECK constraints become objects of their own, named as PostgreSQL names them; NOT
//! NULL stays in the domain. A domain over a domain takes over its default.

use pg_query::NodeEnum;
use pg_query::protobuf::{self, AlterDomainStmt, ConstrType, CreateDomainStmt, Node};

use super::super::coverage::IgnoreRule;
use super::super::declared::Declared;
use super::super::interpreter::{Interpreter, Need, Outcome, Statement, duplicate, missing, shown};
use super::super::lower::{Lowered, Lowering};
use super::super::{define, expr, names, resolve, type_name};
use crate::model::{
    Child, Constraint, ConstraintDefinition, Domain, Expr, Expression, Facet, Ident, Literal, Name,
    NotNull, ObjectId, Place, Problem, ProblemCode, QualifiedName, SearchPath, Span, TypeName,
};

struct CreateDomain {
    name: Name,
    base: TypeName,
    collation: Option<Name>,
    clauses: Vec<Clause>,
    problems: Vec<Problem>,
}

struct AlterDomain {
    name: Name,
    change: Change,
}

enum Change {
    /// `ADD`, `SET DEFAULT`, `SET NOT NULL`.
    Set(Clause),
    DropDefault,
    DropNotNull,
    DropConstraint {
        name: Ident,
        if_exists: bool,
    },
    Validate(Ident),
    NotModelled(Problem),
}

/// One clause of a domain.
struct Clause {
    name: Option<Ident>,
    kind: ClauseKind,
    span: Span,
}

enum ClauseKind {
    Default(Expr),
    NotNull,
    Null,
    Check { expr: Expr, validated: bool },
}

/// `CREATE DOMAIN name AS type ..`.
pub(in crate::parse) fn create(stmt: &CreateDomainStmt, cx: Lowering<'_>) -> Lowered {
    let mut clauses = Vec::new();
    let mut problems = Vec::new();
    let constraints: Vec<&protobuf::Constraint> =
        stmt.constraints.iter().filter_map(constraint).collect();
    for (index, constraint) in constraints.iter().enumerate() {
        let next = constraints.get(index + 1).map(|next| next.location);
        match clause(constraint, span(cx, constraint.location, next)) {
            Ok(clause) => clauses.push(clause),
            Err(problem) => problems.push(problem),
        }
    }
    Lowered::apply(CreateDomain {
        name: type_name::name(&stmt.domainname),
        base: stmt.type_name.as_ref().map(type_name::type_name).unwrap_or_default(),
        collation: stmt.coll_clause.as_ref().map(|clause| type_name::name(&clause.collname)),
        clauses,
        problems,
    })
}

/// `ALTER DOMAIN name ..`. The letters are those of the grammar (`AlterDomainStmt`,
/// `src/include/nodes/parsenodes.h`).
pub(in crate::parse) fn alter(stmt: &AlterDomainStmt, cx: Lowering<'_>) -> Lowered {
    let name = Ident::new(&stmt.name);
    let definition = stmt.def.as_deref();
    let change = match (stmt.subtype.as_str(), definition) {
        ("T", None) => Change::DropDefault,
        ("T", Some(default)) => Change::Set(Clause {
            name: None,
            kind: ClauseKind::Default(expr::expr(default)),
            span: cx.span(),
        }),
        ("N", _) => Change::DropNotNull,
        ("O", _) => Change::Set(Clause { name: None, kind: ClauseKind::NotNull, span: cx.span() }),
        ("C", Some(node)) => match constraint(node).map(|node| clause(node, cx.span())) {
            Some(Ok(clause)) => Change::Set(clause),
            Some(Err(problem)) => Change::NotModelled(problem),
            None => Change::NotModelled(define::part_not_modelled("this constraint of a domain")),
        },
        ("X", _) => Change::DropConstraint { name, if_exists: stmt.missing_ok },
        ("V", _) => Change::Validate(name),
        _no_other_letter => {
            Change::NotModelled(define::part_not_modelled("this change of a domain"))
        }
    };
    Lowered::apply(AlterDomain { name: type_name::name(&stmt.type_name), change })
}

fn constraint(node: &Node) -> Option<&protobuf::Constraint> {
    match node.node.as_ref()? {
        NodeEnum::Constraint(constraint) => Some(constraint),
        _the_grammar_puts_nothing_else_here => None,
    }
}

/// From a constraint up to the next one, which no comma separates.
fn span(cx: Lowering<'_>, location: i32, next: Option<i32>) -> Span {
    let whole = cx.element(location);
    let (Ok(start), Some(Ok(end))) = (usize::try_from(location), next.map(usize::try_from)) else {
        return whole;
    };
    match cx.text.get(start..end) {
        Some(text) => {
            let start = cx.base + start;
            Span::new(cx.source, start, start + text.trim_end().len())
        }
        None => whole,
    }
}

fn clause(node: &protobuf::Constraint, span: Span) -> Result<Clause, Problem> {
    let raw = || expr::required(node.raw_expr.as_deref());
    let kind = match node.contype() {
        ConstrType::ConstrDefault => ClauseKind::Default(raw()),
        ConstrType::ConstrNotnull => ClauseKind::NotNull,
        ConstrType::ConstrNull => ClauseKind::Null,
        ConstrType::ConstrCheck => {
            ClauseKind::Check { expr: raw(), validated: !node.skip_validation }
        }
        _not_possible_for_domains => {
            let message = "a domain can have no constraint but NOT NULL and CHECK";
            return Err(Problem::new(ProblemCode::Invalid, message).at(span));
        }
    };
    Ok(Clause { name: type_name::ident(&node.conname), kind, span })
}

impl Statement for CreateDomain {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add_type(&self.name, path);
    }

    fn needs(&self) -> Vec<Need> {
        if resolve::is_builtin_type(&self.base.name) {
            return Vec::new();
        }
        vec![super::need_type(&self.base.name)]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        cx.warnings.extend(self.problems.into_iter().map(|problem| problem.at(span)));
        let name = cx.creation_name(&self.name);
        let base = cx.resolve_type(&self.base);
        let domain = Domain {
            collation: cx.own_collation(&base, self.collation.as_ref()),
            default: base_domain(cx, &base).and_then(|base| base.default.clone()),
            base,
            not_null: None,
        };
        let outcome = super::create_type(cx, ObjectId::Domain, &name, domain, span)?;
        for clause in self.clauses {
            set(cx, &name, clause)?;
        }
        Ok(outcome)
    }
}

impl Statement for AlterDomain {
    fn needs(&self) -> Vec<Need> {
        vec![super::need_type(&self.name)]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let is_domain = |id: &ObjectId| matches!(id, ObjectId::Domain(_));
        let id = super::existing_type(cx, &self.name, "domain", is_domain)?;
        let Some(name) = id.qualified_name().cloned() else {
            return Err(missing("domain", &self.name));
        };
        match self.change {
            Change::Set(clause) => set(cx, &name, clause)?,
            Change::DropDefault => {
                edit(cx, &name, Facet::Default, span, |domain| domain.default = None)?;
            }
            Change::DropNotNull => {
                edit(cx, &name, Facet::NotNull, span, |domain| domain.not_null = None)?;
            }
            Change::DropConstraint { name: constraint, if_exists } => {
                if !drop_constraint(cx, &name, &constraint)? {
                    if if_exists {
                        return Ok(Outcome::Ignored(IgnoreRule::NoEffect));
                    }
                    return Err(no_constraint(&name, &constraint));
                }
            }
            Change::Validate(constraint) => {
                let id = ObjectId::Constraint(Child::new(name.clone(), constraint.clone()));
                let Some((object, origin)) = cx.object_mut::<Constraint>(&id) else {
                    return Err(no_constraint(&name, &constraint));
                };
                object.validated = true;
                origin.record(Place::facet(Facet::Validated), span);
            }
            Change::NotModelled(problem) => return Err(problem),
        }
        Ok(Outcome::Modelled)
    }
}

/// Adds one clause to a domain that exists.
fn set(cx: &mut Interpreter<'_>, domain: &QualifiedName, clause: Clause) -> Result<(), Problem> {
    let Clause { name, kind, span } = clause;
    match kind {
        ClauseKind::Null => Ok(()),
        ClauseKind::NotNull => {
            // A name that PostgreSQL would choose itself is no name.
            let implicit = names::make_object_name(domain.name.as_str(), None, "not_null");
            let name = name.filter(|name| *name != implicit);
            edit(cx, domain, Facet::NotNull, span, |domain| {
                domain.not_null.get_or_insert_with(|| NotNull {
                    name: name.map(Box::new),
                    ..NotNull::default()
                });
            })
        }
        ClauseKind::Default(expr) => {
            let path = cx.path.clone();
            let base = cx.object::<Domain>(&ObjectId::Domain(domain.clone()));
            let over_domain = base.is_some_and(|own| base_domain(cx, &own.base).is_some());
            // NULL is no default, unless it hides that of the domain below (`DefineDomain`).
            let default = (over_domain || !is_null(&expr)).then_some(Expression { expr, path });
            edit(cx, domain, Facet::Default, span, |domain| domain.default = default)
        }
        ClauseKind::Check { expr, validated } => check(cx, domain, name, expr, validated, span),
    }
}

/// Adds a CHECK constraint. A chosen name is new in the whole namespace, a given one
/// must only be new in the domain (`domainAddCheckConstraint`).
fn check(
    cx: &mut Interpreter<'_>,
    domain: &QualifiedName,
    name: Option<Ident>,
    expr: Expr,
    validated: bool,
    span: Span,
) -> Result<(), Problem> {
    let name = name.unwrap_or_else(|| {
        cx.choose_name(&domain.namespace, domain.name.as_str(), None, "check", |name| {
            cx.constraint_exists(name)
        })
    });
    let id = ObjectId::Constraint(Child::new(domain.clone(), name));
    if let Ok(entry) = cx.entry_mut(&id) {
        let first = entry.origin.span;
        return Err(duplicate(&id, first).at(span));
    }
    let expression = Expression { expr, path: cx.path.clone() };
    let constraint = Constraint {
        definition: ConstraintDefinition::Check { expression, no_inherit: false },
        deferrable: false,
        initially_deferred: false,
        validated,
        enforced: true,
        index_comment: None,
    };
    cx.create(id, constraint, span, false).map(|_| ())
}

fn edit(
    cx: &mut Interpreter<'_>,
    name: &QualifiedName,
    facet: Facet,
    span: Span,
    change: impl FnOnce(&mut Domain),
) -> Result<(), Problem> {
    let id = ObjectId::Domain(name.clone());
    let Some((domain, origin)) = cx.object_mut::<Domain>(&id) else {
        return Err(missing("domain", &name.clone().into()));
    };
    change(domain);
    origin.record(Place::facet(facet), span);
    Ok(())
}

/// True when there was such a constraint; NOT NULL goes by its name, given or implicit.
fn drop_constraint(
    cx: &mut Interpreter<'_>,
    domain: &QualifiedName,
    name: &Ident,
) -> Result<bool, Problem> {
    let id = ObjectId::Constraint(Child::new(domain.clone(), name.clone()));
    if cx.remove(&id).is_some() {
        return Ok(true);
    }
    let implicit = names::make_object_name(domain.name.as_str(), None, "not_null");
    let Some((object, _)) = cx.object_mut::<Domain>(&ObjectId::Domain(domain.clone())) else {
        return Err(missing("domain", &domain.clone().into()));
    };
    let own =
        object.not_null.as_ref().map(|not_null| not_null.name.as_deref().unwrap_or(&implicit));
    let found = own == Some(name);
    if found {
        object.not_null = None;
    }
    Ok(found)
}

fn no_constraint(domain: &QualifiedName, name: &Ident) -> Problem {
    let domain = shown(&domain.clone().into());
    let message = format!("the domain {domain} has no constraint \"{}\"", name.as_str());
    Problem::new(ProblemCode::Missing, message)
}

fn base_domain<'c>(cx: &'c Interpreter<'_>, base: &TypeName) -> Option<&'c Domain> {
    if base.array {
        return None;
    }
    cx.object(&cx.find_type(&base.name)?)
}

/// `NULL`, or a cast of it.
fn is_null(mut expr: &Expr) -> bool {
    while let Expr::Cast(cast) = expr {
        expr = &cast.arg;
    }
    *expr == Expr::Literal(Literal::Null)
}
