//! What a migration makes, changes and removes: objects, columns, and defaults of columns.
//!
//! A table is taken apart, so that a function and a table whose default calls it can be
//! made in any order, and a view hangs on the columns that it shows and not on others.

use crate::model::{Child, Ident, ObjectId, QualifiedName};

/// Something that can be made, changed or removed by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// An object, or a column as [`ObjectId::Column`].
    Object(ObjectId),
    /// The default of a column.
    Default(Child),
    /// A type under the name it keeps while columns move to the one that replaces it.
    Old(ObjectId),
}

impl Unit {
    /// A column of a table.
    pub fn column(table: &QualifiedName, column: &Ident) -> Self {
        Self::Object(ObjectId::Column(Child::new(table.clone(), column.clone())))
    }

    /// The default of a column.
    pub fn default(table: &QualifiedName, column: &Ident) -> Self {
        Self::Default(Child::new(table.clone(), column.clone()))
    }

    /// The object that it is or is a part of, as reports name it.
    pub fn object(&self) -> ObjectId {
        match self {
            Self::Object(id) | Self::Old(id) => id.clone(),
            Self::Default(child) => ObjectId::Column(child.clone()),
        }
    }
}

impl From<&ObjectId> for Unit {
    fn from(id: &ObjectId) -> Self {
        Self::Object(id.clone())
    }
}
