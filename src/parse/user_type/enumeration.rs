//! Enums: `CREATE TYPE .. AS ENUM`, `ALTER TYPE .. ADD VALUE | RENAME VALUE`
//! (`src/backend/commands/typecmds.c`, `src/backend/catalog/pg_enum.c`).

use std::collections::HashSet;

use pg_query::protobuf::{AlterEnumStmt, CreateEnumStmt};

use super::super::coverage::IgnoreRule;
use super::super::declared::Declared;
use super::super::interpreter::{Interpreter, Need, Outcome, Statement, missing, shown};
use super::super::lower::{Lowered, Lowering};
use super::super::type_name;
use crate::model::{
    Enum, Facet, MAX_IDENT_BYTES, Name, ObjectId, Place, Problem, ProblemCode, SearchPath, Span,
};

struct CreateEnum {
    name: Name,
    labels: Vec<Box<str>>,
}

struct AlterEnum {
    name: Name,
    change: Change,
}

enum Change {
    Add { label: Box<str>, neighbour: Option<Neighbour>, if_not_exists: bool },
    Rename { from: Box<str>, to: Box<str> },
}

enum Neighbour {
    Before(Box<str>),
    After(Box<str>),
}

/// `CREATE TYPE name AS ENUM (..)`.
pub(in crate::parse) fn create(stmt: &CreateEnumStmt, _cx: Lowering<'_>) -> Lowered {
    let labels = stmt.vals.iter().map(|node| type_name::string(node).into()).collect();
    Lowered::apply(CreateEnum { name: type_name::name(&stmt.type_name), labels })
}

/// `ALTER TYPE name ADD VALUE ..`, `ALTER TYPE name RENAME VALUE .. TO ..`.
pub(in crate::parse) fn alter(stmt: &AlterEnumStmt, _cx: Lowering<'_>) -> Lowered {
    let label: Box<str> = stmt.new_val.as_str().into();
    let neighbour: Box<str> = stmt.new_val_neighbor.as_str().into();
    let change = if stmt.old_val.is_empty() {
        let neighbour = match (neighbour.is_empty(), stmt.new_val_is_after) {
            (true, _) => None,
            (false, true) => Some(Neighbour::After(neighbour)),
            (false, false) => Some(Neighbour::Before(neighbour)),
        };
        Change::Add { label, neighbour, if_not_exists: stmt.skip_if_new_val_exists }
    } else {
        Change::Rename { from: stmt.old_val.as_str().into(), to: label }
    };
    Lowered::apply(AlterEnum { name: type_name::name(&stmt.type_name), change })
}

impl Statement for CreateEnum {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add_type(&self.name, path);
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut known = HashSet::new();
        for label in &self.labels {
            check(label, !known.insert(label), &self.name)?;
        }
        let name = cx.creation_name(&self.name);
        super::create_type(cx, ObjectId::Enum, &name, Enum { labels: self.labels }, span)
    }
}

impl Statement for AlterEnum {
    fn needs(&self) -> Vec<Need> {
        vec![super::need_type(&self.name)]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let is_enum = |id: &ObjectId| matches!(id, ObjectId::Enum(_));
        let id = super::existing_type(cx, &self.name, "enum", is_enum)?;
        let known = std::mem::take(&mut cx.known_labels).of(&id, cx.schema.objects.changes());
        let Some((object, origin)) = cx.object_mut::<Enum>(&id) else {
            return Err(missing("enum", &self.name));
        };
        let labels = &mut object.labels;
        let mut known = known.unwrap_or_else(|| labels.iter().cloned().collect());
        match self.change {
            Change::Rename { from, to } => {
                check(&to, known.contains(&to), &self.name)?;
                known.remove(&from);
                known.insert(to.clone());
                let at = position(labels, &from, &self.name)?;
                if let Some(label) = labels.get_mut(at) {
                    *label = to;
                }
            }
            Change::Add { label, if_not_exists: true, .. } if known.contains(&label) => {
                return Ok(Outcome::Ignored(IgnoreRule::NoEffect));
            }
            Change::Add { label, neighbour, .. } => {
                check(&label, !known.insert(label.clone()), &self.name)?;
                let at = match &neighbour {
                    None => labels.len(),
                    Some(Neighbour::Before(other)) => position(labels, other, &self.name)?,
                    Some(Neighbour::After(other)) => position(labels, other, &self.name)? + 1,
                };
                labels.insert(at, label);
            }
        }
        origin.record(Place::facet(Facet::Labels), span);
        let changes = cx.schema.objects.changes();
        cx.known_labels = KnownLabels { of: Some((id, changes)), labels: known };
        Ok(Outcome::Modelled)
    }
}

/// The labels of the enum that was changed last, as long as nothing else is: where values
/// are added one by one, each would have to look at all.
#[derive(Clone, Default)]
pub(in crate::parse) struct KnownLabels {
    of: Option<(ObjectId, u64)>,
    labels: HashSet<Box<str>>,
}

impl KnownLabels {
    fn of(self, id: &ObjectId, changes: u64) -> Option<HashSet<Box<str>>> {
        let (known, after) = self.of?;
        (known == *id && after == changes).then_some(self.labels)
    }
}

/// From the end, where most values are added.
fn position(labels: &[Box<str>], label: &str, name: &Name) -> Result<usize, Problem> {
    labels.iter().rposition(|known| **known == *label).ok_or_else(|| {
        let message = format!("\"{label}\" is not a label of the enum {}", shown(name));
        Problem::new(ProblemCode::Missing, message)
    })
}

fn check(label: &str, taken: bool, name: &Name) -> Result<(), Problem> {
    if label.len() > MAX_IDENT_BYTES {
        let message = format!(
            "the label \"{label}\" of the enum {} has {} bytes, a label has at most {MAX_IDENT_BYTES}",
            shown(name),
            label.len()
        );
        return Err(Problem::new(ProblemCode::Invalid, message));
    }
    if taken {
        let message = format!("the enum {} has the label \"{label}\" already", shown(name));
        return Err(Problem::new(ProblemCode::Duplicate, message));
    }
    Ok(())
}
