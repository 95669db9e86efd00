//! Which differences are no drift: one rule for each [`SkipReason`].

use super::drift::SkipReason;
use super::options::{Compare, DiffOptions};
use super::{FacetKey, Value};
use crate::model::{Facet, Kind, Object, ObjectId, Pair};
use crate::normalize::NormalSchema;

/// The rules, with what they need to know of both sides.
#[derive(Debug)]
pub(super) struct Rules {
    options: DiffOptions,
    says: Pair<Says>,
}

/// What a side speaks of at all. A dump can be made without each of these.
#[derive(Clone, Copy, Debug, Default)]
struct Says {
    privileges: bool,
    roles: bool,
}

impl Rules {
    /// Looks over both sides once.
    pub fn new(sides: Pair<&NormalSchema>, options: DiffOptions) -> Self {
        Self { options, says: sides.map(what_is_said) }
    }

    /// Why an object that only one side has is no drift.
    pub fn skip_object(&self, id: &ObjectId) -> Option<SkipReason> {
        match id {
            ObjectId::Extension(name) | ObjectId::Language(name) if *name == "plpgsql" => {
                Some(SkipReason::ImplicitObject)
            }
            ObjectId::DefaultPrivileges(_) => self.skip_privileges(),
            ObjectId::Role(_) => {
                self.is_one_sided(|says| says.roles).then_some(SkipReason::RolesNotSaid)
            }
            _every_other_object_is_compared => None,
        }
    }

    /// Why another value of a facet is no drift.
    pub fn skip_facet(
        &self,
        id: &ObjectId,
        facet: &FacetKey,
        values: Pair<&Option<Value>>,
    ) -> Option<SkipReason> {
        let undeclared = values.canonical.is_none();
        let one_sided = undeclared || values.live.is_none();
        match facet.facet {
            Facet::Owner => self.skip_owner(one_sided),
            Facet::Privileges => self.skip_privileges(),
            Facet::Comment if id.kind() == Kind::Extension => {
                undeclared.then_some(SkipReason::ExtensionComment)
            }
            Facet::Comment if undeclared => {
                is_standard_comment(id, values.live.as_ref()).then_some(SkipReason::StandardComment)
            }
            Facet::Version if id.kind() == Kind::Extension => Some(SkipReason::ExtensionVersion),
            Facet::Namespace if id.kind() == Kind::Extension => {
                one_sided.then_some(SkipReason::ExtensionSchema)
            }
            Facet::NotNullName => one_sided.then_some(SkipReason::NotNullName),
            Facet::ColumnOrder => (!self.options.column_order).then_some(SkipReason::ColumnOrder),
            _every_other_facet_is_compared => None,
        }
    }

    fn skip_owner(&self, one_sided: bool) -> Option<SkipReason> {
        match self.options.owners {
            Compare::Never => Some(SkipReason::OwnersIgnored),
            Compare::Auto => one_sided.then_some(SkipReason::OwnerNotSaid),
            Compare::Always => None,
        }
    }

    fn skip_privileges(&self) -> Option<SkipReason> {
        match self.options.privileges {
            Compare::Never => Some(SkipReason::PrivilegesIgnored),
            Compare::Auto => {
                self.is_one_sided(|says| says.privileges).then_some(SkipReason::PrivilegesNotSaid)
            }
            Compare::Always => None,
        }
    }

    fn is_one_sided(&self, says: impl Fn(&Says) -> bool) -> bool {
        says(&self.says.canonical) != says(&self.says.live)
    }
}

fn what_is_said(side: &NormalSchema) -> Says {
    let mut says = Says::default();
    for (id, object) in side {
        says.roles |= id.kind() == Kind::Role;
        says.privileges |= id.kind() == Kind::DefaultPrivileges || object.acl().is_some();
        if let Object::Table(table) = object.object() {
            says.privileges |= table.columns.iter().any(|column| column.acl.is_some());
        }
    }
    says
}

/// The comments that `initdb` writes (`src/include/catalog/pg_namespace.dat`,
/// `src/include/catalog/pg_language.dat`, `plpgsql.control`).
fn is_standard_comment(id: &ObjectId, live: Option<&Value>) -> bool {
    let standard = match id {
        ObjectId::Namespace(name) if *name == "public" => "standard public schema",
        ObjectId::Language(name) if *name == "plpgsql" => "PL/pgSQL procedural language",
        _other_objects_have_none => return false,
    };
    live == Some(&Value::from(standard))
}
