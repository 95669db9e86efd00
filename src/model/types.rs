//! A reference to a type: name, modifiers, array.

use smol_str::SmolStr;

use super::{Ident, Name};

/// A type as it is used in a column, an argument or a cast.
///
/// `varchar(20)[]` is `{ name: pg_catalog.varchar, modifiers: ["20"], array: true }`.
/// Sizes and number of array dimensions are not kept: PostgreSQL does not store
/// them (manual, "Declaration of Array Types").
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TypeName {
    /// The type, by its internal name (`int4`, `varchar`, `timestamptz`).
    pub name: Name,
    /// Type modifiers in the order written; for `interval` the fields
    /// (`day to second`, empty for all) and then the precision.
    pub modifiers: Vec<SmolStr>,
    /// True for an array of it.
    pub array: bool,
    /// True for `SETOF`, in function results and arguments.
    pub set_of: bool,
    /// `%TYPE`: then `name` is the relation and this is the column.
    pub of_column: Option<Box<Ident>>,
}

impl TypeName {
    /// A built-in type by its internal name, without modifiers.
    pub fn builtin(name: &str) -> Self {
        Self { name: Name::qualified("pg_catalog", name), ..Self::default() }
    }

    /// True when it is this built-in type, whatever its modifiers, and no array.
    pub fn is_builtin(&self, name: &str) -> bool {
        !self.array && self.of_column.is_none() && self.name.is_builtin(name)
    }
}
