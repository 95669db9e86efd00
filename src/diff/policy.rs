//! Facets of policies.

use super::Facets;
use super::value::Value;
use crate::model::{Facet, Grantee, Ident, Policy, PolicyCommand};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(object: &Policy, facets: &mut Facets) {
    let Policy { permissive, command, roles, using, with_check } = object;
    facets.put(
        Facet::Permissive,
        Value::Keyword(if *permissive { "PERMISSIVE" } else { "RESTRICTIVE" }),
    );
    facets.put(
        Facet::Command,
        Value::Keyword(match command {
            PolicyCommand::All => "ALL",
            PolicyCommand::Select => "SELECT",
            PolicyCommand::Insert => "INSERT",
            PolicyCommand::Update => "UPDATE",
            PolicyCommand::Delete => "DELETE",
        }),
    );
    let roles: Vec<Ident> = roles.iter().map(Grantee::key).collect();
    facets.put_list(Facet::Roles, &roles);
    facets.put_some(Facet::Using, using.as_ref().map(|using| &using.expr));
    facets.put_some(Facet::WithCheck, with_check.as_ref().map(|check| &check.expr));
}
