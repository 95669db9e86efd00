//! `ALTER .. OWNER TO`.
//!
//! Up to PostgreSQL 15 a dump says `ALTER TABLE v OWNER TO` also for views and
//! sequences. A sequence that belongs to a column has the owner of its table.

use pg_query::protobuf::AlterOwnerStmt;

use super::absent::{absent, outside};
use super::address::{Address, relation_or};
use super::annotation::{Annotated, annotated};
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::role::grantee;
use crate::model::{Facet, Grantee, Ident, Kind, ObjectId, Place, Problem, Sequence, Span};

/// `ALTER kind name OWNER TO role`.
pub(super) fn alter(stmt: &AlterOwnerStmt, _cx: Lowering<'_>) -> Lowered {
    let kind = stmt.object_type();
    if let Some(rule) = outside(kind) {
        return Lowered::Ignored(rule);
    }
    let address = relation_or(kind, stmt.relation.as_ref(), stmt.object.as_deref());
    let (Some(address), Some(owner)) = (address, stmt.newowner.as_ref().map(grantee)) else {
        return Lowered::unsupported("the object of OWNER TO");
    };
    Lowered::apply(AlterOwner { kind, address, owner })
}

struct AlterOwner {
    kind: pg_query::protobuf::ObjectType,
    address: Address,
    owner: Grantee,
}

impl Statement for AlterOwner {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Annotated(self.kind, self.address.clone())]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        match annotated(cx, self.kind, &self.address) {
            Some(Annotated::Object(id)) => set_owner(cx, &id, &self.owner, span)?,
            // The sequence of an identity column and the index of a constraint have the
            // owner of their table.
            Some(_part) => {}
            None => return absent(cx, &self.address),
        }
        Ok(Outcome::Modelled)
    }
}

/// Sets the owner of an object, and of the sequences that its columns own
/// (`ATExecChangeOwner`, `src/backend/commands/tablecmds.c`). A role that is not known,
/// as `CURRENT_USER`, leaves the owner unsaid.
pub(super) fn set_owner(
    cx: &mut Interpreter<'_>,
    id: &ObjectId,
    owner: &Grantee,
    span: Span,
) -> Result<(), Problem> {
    let owner = match owner {
        Grantee::Role(role) => Some(role.clone()),
        Grantee::CurrentUser | Grantee::SessionUser | Grantee::Public | Grantee::Owner => {
            cx.session.role.clone()
        }
    };
    let entry = cx.entry_mut(id)?;
    if let (Some(acl), Some(owner)) = (&mut entry.acl, &owner) {
        acl.fold_owner(owner);
    }
    entry.owner = owner;
    entry.origin.record(Place::facet(Facet::Owner), span);
    Ok(())
}

/// Gives owned sequences the owner of their table, which the server keeps equal.
pub(super) fn finish(cx: &mut Interpreter<'_>) {
    let owner_of = |cx: &Interpreter<'_>, sequence: &Sequence| -> Option<Ident> {
        let (table, _) = sequence.owned_by.as_ref()?;
        cx.schema.objects.get(&ObjectId::Table(table.clone()))?.owner.clone()
    };
    let mut owners = Vec::new();
    for (id, entry) in &cx.schema.objects {
        if let Ok(sequence) = <&Sequence>::try_from(&entry.object)
            && let Some(owner) = owner_of(cx, sequence)
        {
            owners.push((id.clone(), owner));
        }
    }
    for (id, owner) in owners {
        if let Some(entry) = cx.schema.objects.get_mut(&id) {
            entry.owner = Some(owner);
        }
    }
}

/// True for the kinds of object that have an owner.
pub(super) fn has_owner(kind: Kind) -> bool {
    match kind {
        Kind::Namespace
        | Kind::Language
        | Kind::Collation
        | Kind::Conversion
        | Kind::Enum
        | Kind::Domain
        | Kind::Composite
        | Kind::Range
        | Kind::BaseType
        | Kind::Sequence
        | Kind::Table
        | Kind::View
        | Kind::MaterializedView
        | Kind::Routine
        | Kind::Aggregate
        | Kind::Operator
        | Kind::OperatorClass
        | Kind::OperatorFamily
        | Kind::TextSearchDictionary
        | Kind::TextSearchConfiguration
        | Kind::Statistics
        | Kind::EventTrigger
        | Kind::ForeignDataWrapper
        | Kind::Server
        | Kind::Publication
        | Kind::Subscription => true,
        // A dump never says the owner of an extension (`ALTER EXTENSION` cannot change it).
        Kind::Extension
        | Kind::Role
        | Kind::AccessMethod
        | Kind::Column
        | Kind::Constraint
        | Kind::Index
        | Kind::Rule
        | Kind::Trigger
        | Kind::Policy
        | Kind::Cast
        | Kind::Transform
        | Kind::TextSearchParser
        | Kind::TextSearchTemplate
        | Kind::UserMapping
        | Kind::DefaultPrivileges => false,
    }
}
