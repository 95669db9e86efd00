//! What a comparison leaves out or adds, by choice of the user.

/// How to compare two schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct DiffOptions {
    /// Owners of objects.
    pub owners: Compare,
    /// Privileges and default privileges.
    pub privileges: Compare,
    /// Comments: compared unless never.
    pub comments: Compare,
    /// Report another order of the same columns.
    pub column_order: bool,
}

/// Whether to compare what a dump may have been made without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Compare {
    /// Owners when both sides say one, privileges unless a dump was made without them
    /// (one that says neither owner nor privilege); the rest is counted as not compared.
    #[default]
    Auto,
    /// Always: what one side does not say differs from what the other does.
    Always,
    /// Never.
    Never,
}
