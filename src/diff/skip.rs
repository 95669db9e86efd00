//! Which differences are no drift: one rule for each [`SkipReason`].

use super::drift::SkipReason;
use super::options::{Compare, DiffOptions};
use super::{FacetKey, Value};
use crate::model::{Dumped, Facet, Kind, Object, ObjectId, Pair};
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
    owners: bool,
    roles: bool,
    /// Something is in the schema `public`.
    uses_public: bool,
    dumped: Option<Dumped>,
}

impl Says {
    /// True when the side may have been made with `--no-privileges`. No dump says so. One
    /// that is as `pg_dump` left it and says no owner was made with `--no-owner`, and
    /// whoever leaves out the one mostly leaves out the other. Everything else is taken at
    /// its word: what it does not grant is not granted.
    fn without_privileges(&self) -> bool {
        let headed = self.dumped.is_some_and(|dumped| dumped.headed);
        headed && !self.privileges && !self.owners
    }

    /// True for a dump that has nothing in `public`: it says nothing of that schema, whether it
    /// is there or was dropped (`dumpNamespace`, `src/bin/pg_dump/pg_dump.c`).
    fn may_lack_public(&self) -> bool {
        self.dumped.is_some() && !self.uses_public
    }

    /// True when it is of a server whose NOT NULL constraints have names, or none.
    fn server_is(&self, test: impl Fn(u16) -> bool) -> bool {
        self.dumped.is_some_and(|dumped| test(dumped.server))
    }
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
            ObjectId::Namespace(name) if *name == "public" => {
                let Pair { canonical, live } = &self.says;
                let unsaid = canonical.may_lack_public() || live.may_lack_public();
                unsaid.then_some(SkipReason::ImplicitObject)
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
            Facet::Comment if self.options.comments == Compare::Never => {
                Some(SkipReason::CommentsIgnored)
            }
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
            Facet::NotNullName => self.skip_not_null_name(values),
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
                let Pair { canonical, live } = &self.says;
                let silent = canonical.without_privileges() || live.without_privileges();
                silent.then_some(SkipReason::PrivilegesNotSaid)
            }
            Compare::Always => None,
        }
    }

    /// A NOT NULL constraint has a name from PostgreSQL 18 on, and `pg_dump` 18 writes it
    /// when it is not the one that the server would choose (`determineNotNullFlags`,
    /// `src/bin/pg_dump/pg_dump.c`). So no name means the chosen one, but for a dump of 17
    /// or older, where no name means nothing. What the server chose for a table or column
    /// that was called otherwise then is a name that nobody declared.
    fn skip_not_null_name(&self, values: Pair<&Option<Value>>) -> Option<SkipReason> {
        let named = match (values.canonical, values.live) {
            (Some(_), Some(_)) => return None,
            (Some(name), None) | (None, Some(name)) => name,
            (None, None) => return Some(SkipReason::NotNullName),
        };
        let unnamed = if values.canonical.is_none() { self.says.canonical } else { self.says.live };
        // A hand-written file means what PostgreSQL 18 makes of it; a live side without a
        // header may be of any version.
        let says_names = if values.canonical.is_none() {
            !unnamed.server_is(|major| major <= 17)
        } else {
            unnamed.server_is(|major| major >= 18)
        };
        (!says_names || is_chosen_name(named)).then_some(SkipReason::NotNullName)
    }

    fn is_one_sided(&self, says: impl Fn(&Says) -> bool) -> bool {
        says(&self.says.canonical) != says(&self.says.live)
    }
}

/// True for `table_column_not_null`, with or without a number (`ChooseConstraintName`,
/// `src/backend/catalog/pg_constraint.c`).
fn is_chosen_name(name: &Value) -> bool {
    let Value::Name(name) = name else { return false };
    name.name.as_str().trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_not_null")
}

fn what_is_said(side: &NormalSchema) -> Says {
    let mut says = Says { dumped: side.dumped(), ..Says::default() };
    for (id, object) in side {
        says.owners |= object.owner().is_some();
        says.roles |= id.kind() == Kind::Role;
        says.uses_public |= id.namespace().is_some_and(|namespace| *namespace == "public");
        says.privileges |= id.kind() == Kind::DefaultPrivileges || object.acl().is_some();
        if let Object::Table(table) = object.object() {
            says.privileges |= table.columns.iter().any(|column| column.details.acl.is_some());
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
