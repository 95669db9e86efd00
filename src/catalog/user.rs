//! Objects of the schema itself, which take part in resolution like the built-in ones.
//!
//! Types may name one another in a circle (a table with an array of its own rows), so a
//! type is first declared, which gives its id, and later defined. `add_enum`,
//! `add_domain` and the like do both; called for a declared name they only define it.
//!
//! What the server creates along with an object is added too: array types, the row types
//! of relations, the multiranges, constructor functions and the cast of range types.

use smol_str::SmolStr;

use super::Catalog;
use super::entries::{
    CastContext, CastEntry, CastMethod, Column, FamilyOperator, FunctionEntry, NameEntry,
    ObjectName, OpclassEntry, OperatorEntry, Parameter, ParameterMode, RelationEntry, RelationKind,
    Versions, Volatility,
};
use super::types::{Category, NOTHING, TypeEntry, TypeId, TypeKind};
use super::{builtin, read};

/// A relation that was added to one catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(usize);

/// A domain to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The type under it.
    pub base: TypeId,
    /// The modifier of `base`, or -1.
    pub typmod: i32,
    /// Whether it is NOT NULL.
    pub not_null: bool,
    /// COLLATE; none for that of `base`.
    pub collation: Option<ObjectName>,
}

/// A range type to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// What it is a range of.
    pub subtype: TypeId,
    /// `MULTIRANGE_TYPE_NAME`; none for the name that the server makes.
    pub multirange: Option<ObjectName>,
    /// True when it has `SUBTYPE_OPCLASS` or `CANONICAL`.
    pub custom: bool,
}

impl Catalog {
    /// Names a type, with an array type, and leaves open what it is.
    ///
    /// Naming it again gives the same id.
    pub fn declare_type(&mut self, schema: &str, name: &str) -> TypeId {
        match self.types.find(schema, name) {
            Some(found) if !self.is_implicit_array(found) => return found.id,
            // The server renames an array type that stands in the way.
            Some(array) => {
                let mut array = array.clone();
                array.name = self.free_array_name(schema, name);
                self.set_type(array);
            }
            None => {}
        }
        let (schema, name) = (SmolStr::new(schema), SmolStr::new(name));
        let id = self.push_shell(&schema, &name);
        let array_name = self.free_array_name(&schema, &name);
        let array = self.push_shell(&schema, &array_name);
        self.define_type(id, |entry| entry.array = Some(array));
        id
    }

    /// Says what a declared type is. Its array type follows; `id`, names and `array` stay.
    ///
    /// Does nothing to a built-in type.
    pub fn define_type(&mut self, id: TypeId, define: impl FnOnce(&mut TypeEntry)) {
        let mut entry = self.ty(id).clone();
        if entry.id != id {
            return;
        }
        let before = entry.array;
        define(&mut entry);
        entry.id = id;
        entry.array = entry.array.or(before);
        if let Some(array) = entry.array {
            let name = self.ty(array).name.clone();
            self.set_type(read::array_type(&entry, array, name));
        }
        self.set_type(entry);
    }

    /// CREATE TYPE … AS ENUM.
    pub fn add_enum(&mut self, schema: &str, name: &str) -> TypeId {
        let id = self.declare_type(schema, name);
        self.define_type(id, |entry| {
            (entry.kind, entry.category, entry.length) = (TypeKind::Enum, Category::ENUM, 4);
        });
        id
    }

    /// CREATE DOMAIN. Category, delimiter and, if it says no other, collation are those of its base.
    pub fn add_domain(&mut self, schema: &str, name: &str, domain: Domain) -> TypeId {
        let Domain { base, typmod, not_null, collation } = domain;
        let id = self.declare_type(schema, name);
        let under = self.ty(base).clone();
        self.define_type(id, |entry| {
            entry.kind = TypeKind::Domain { base, typmod, not_null };
            entry.category = under.category;
            entry.length = under.length;
            entry.delimiter = under.delimiter;
            entry.collation = collation.or(under.collation);
        });
        id
    }

    /// CREATE TYPE … AS RANGE, with its multirange, the constructors of both, and the cast.
    pub fn add_range(&mut self, schema: &str, name: &str, range: Range) -> TypeId {
        let Range { subtype, multirange, custom } = range;
        let multirange =
            multirange.unwrap_or_else(|| ObjectName::new(schema, multirange_name(name)));
        let id = self.declare_type(schema, name);
        let multi = self.declare_type(&multirange.schema, &multirange.name);
        self.define_type(id, |entry| {
            entry.kind = TypeKind::Range { subtype, multirange: multi, custom };
            entry.category = Category::RANGE;
        });
        self.define_type(multi, |entry| {
            entry.kind = TypeKind::Multirange { range: id };
            entry.category = Category::RANGE;
        });
        let immutable = |function| FunctionEntry { volatility: Volatility::Immutable, ..function };
        for args in [vec![subtype, subtype], vec![subtype, subtype, TypeId::TEXT]] {
            self.add_function(immutable(FunctionEntry::new(schema, name, args, id)));
        }
        let array = self.array_of(id).unwrap_or(TypeId::ANYARRAY);
        for (args, variadic) in [(vec![], false), (vec![id], false), (vec![array], true)] {
            let ObjectName { schema, name } = multirange.clone();
            let parameters = variadic.then(|| {
                [Parameter { name: SmolStr::default(), ty: array, mode: ParameterMode::Variadic }]
                    .into()
            });
            self.add_function(FunctionEntry {
                variadic,
                strict: true,
                parameters: parameters.unwrap_or_default(),
                ..immutable(FunctionEntry::new(schema, name, args, multi))
            });
        }
        self.add_cast(CastEntry {
            source: id,
            target: multi,
            context: CastContext::Explicit,
            method: CastMethod::Function { function: multirange, arity: 1 },
            versions: Versions::ALL,
        });
        id
    }

    /// CREATE TABLE, VIEW, …, or CREATE TYPE … AS; the columns may be set later.
    pub fn add_relation(
        &mut self,
        schema: &str,
        name: &str,
        kind: RelationKind,
        columns: Vec<Column>,
    ) -> RelationId {
        let row_type = (kind != RelationKind::Sequence).then(|| {
            let id = self.declare_type(schema, name);
            self.define_type(id, |entry| {
                (entry.kind, entry.category) = (TypeKind::Composite, Category::COMPOSITE);
            });
            id
        });
        RelationId(self.relations.push(RelationEntry {
            schema: SmolStr::new(schema),
            name: SmolStr::new(name),
            kind,
            columns,
            row_type,
            versions: Versions::ALL,
        }))
    }

    /// Sets the columns of a relation: those of a view are known only after analysis.
    pub fn set_columns(&mut self, relation: RelationId, columns: Vec<Column>) {
        if let Some(entry) = self.relations.get_mut(relation.0) {
            entry.columns = columns;
        }
    }

    /// CREATE FUNCTION, PROCEDURE, AGGREGATE.
    pub fn add_function(&mut self, function: FunctionEntry) {
        self.functions.push(function);
    }

    /// CREATE OPERATOR.
    pub fn add_operator(&mut self, operator: OperatorEntry) {
        self.operators.push(operator);
    }

    /// CREATE CAST.
    pub fn add_cast(&mut self, cast: CastEntry) {
        self.casts.insert((cast.source, cast.target), cast);
    }

    /// CREATE OPERATOR CLASS.
    pub fn add_opclass(&mut self, class: OpclassEntry) {
        self.opclasses.push(class);
    }

    /// An operator of CREATE OPERATOR CLASS or ALTER OPERATOR FAMILY … ADD.
    pub fn add_family_operator(&mut self, member: FamilyOperator) {
        self.family_operators.push(member);
    }

    /// CREATE COLLATION, LANGUAGE, TEXT SEARCH …, ACCESS METHOD.
    pub fn add_name(&mut self, name: NameEntry) {
        self.names.push(name);
    }

    /// Adds a type that has a name and nothing else yet.
    pub(super) fn push_shell(&mut self, schema: &SmolStr, name: &SmolStr) -> TypeId {
        let index = builtin::TYPES.len() + self.types.len();
        let id = TypeId::from_index(u32::try_from(index).unwrap_or(u32::MAX));
        self.types.push(TypeEntry {
            id,
            schema: schema.clone(),
            name: name.clone(),
            ..NOTHING.clone()
        });
        id
    }

    /// Replaces a type that this catalog owns.
    pub(super) fn set_type(&mut self, entry: TypeEntry) {
        if let Some(index) = entry.id.index().checked_sub(builtin::TYPES.len()) {
            self.types.set(index, entry);
        }
    }

    fn is_implicit_array(&self, entry: &TypeEntry) -> bool {
        entry.element.is_some_and(|element| self.ty(element).array == Some(entry.id))
    }

    /// `makeArrayTypeName`: `_name`, and where that is taken `_name_1`, `_name_2`, …
    fn free_array_name(&self, schema: &str, name: &str) -> SmolStr {
        let candidate = |number| {
            let suffix = if number == 0 { String::new() } else { format!("_{number}") };
            SmolStr::new(format!("_{}{suffix}", clip(name, NAME_LIMIT - 1 - suffix.len())))
        };
        // One more candidate than there are types to take them.
        (0..=self.types.len())
            .map(candidate)
            .find(|candidate| self.types.find(schema, candidate).is_none())
            .unwrap_or_default()
    }
}

/// The bytes of a name, `NAMEDATALEN - 1`.
const NAME_LIMIT: usize = 63;

/// `makeMultirangeTypeName`: `multi` before the first `range`, or `_multirange` after the name.
fn multirange_name(range: &str) -> String {
    let name = match range.split_once("range") {
        Some((before, after)) => format!("{before}multirange{after}"),
        None => format!("{}_multirange", clip(range, NAME_LIMIT - "_multirange".len())),
    };
    clip(&name, NAME_LIMIT).to_owned()
}

/// The beginning of `text`, at most `limit` bytes, without cutting a character.
fn clip(text: &str, limit: usize) -> &str {
    let end =
        (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_the_schema_take_part() {
        let mut catalog = Catalog::new();
        let mood = catalog.add_enum("public", "mood");
        let moods = catalog.array_of(mood).unwrap();
        assert_eq!(catalog.type_named("public", "_mood"), Some(moods));
        assert_eq!(catalog.default_opclass("btree", mood).unwrap().name, "enum_ops");
        let domain = Domain { base: TypeId::VARCHAR, typmod: 24, not_null: true, collation: None };
        let code = catalog.add_domain("public", "code", domain);
        assert_eq!(catalog.base_type_and_typmod(code, -1), (TypeId::VARCHAR, 24));
        assert_eq!(catalog.category(code), Category::STRING);
        assert_eq!(catalog.default_opclass("hash", code).unwrap().name, "text_ops");
        let columns = vec![Column::new("id", TypeId::INT4), Column::new("mood", mood)];
        catalog.add_relation("public", "person", RelationKind::Table, columns);
        let person = catalog.type_named("public", "person").unwrap();
        assert!(catalog.is_binary_coercible(person, TypeId::RECORD));
        assert_eq!(catalog.relation_of_type(person).unwrap().columns.len(), 2);
        catalog.add_function(FunctionEntry::new("public", "abs", [mood], TypeId::INT4));
        let overload =
            catalog.functions("abs").find(|function| function.schema == "public").unwrap();
        assert_eq!(*overload.args, [mood]);
        assert_eq!(catalog.functions("abs").count(), Catalog::new().functions("abs").count() + 1);
    }

    #[test]
    fn a_range_type_brings_its_multirange() {
        let mut catalog = Catalog::new();
        let range = Range { subtype: TypeId::TIME, multirange: None, custom: false };
        let timerange = catalog.add_range("public", "timerange", range);
        let multi = catalog.multirange_of(timerange).unwrap();
        assert_eq!(catalog.ty(multi).name, "timemultirange");
        assert_eq!(catalog.functions("timerange").count(), 2);
        assert_eq!(catalog.functions("timemultirange").count(), 3);
        assert_eq!(catalog.cast(timerange, multi).unwrap().context, CastContext::Explicit);
        assert_eq!(catalog.default_opclass("gist", timerange).unwrap().name, "range_ops");
        let hours = Range { subtype: TypeId::INT4, multirange: None, custom: false };
        let hours = catalog.add_range("public", "hours", hours);
        assert_eq!(catalog.ty(catalog.multirange_of(hours).unwrap()).name, "hours_multirange");
    }

    #[test]
    fn a_type_may_be_named_before_it_is_defined() {
        let mut catalog = Catalog::new();
        let later = catalog.declare_type("public", "later");
        assert_eq!(catalog.add_enum("public", "later"), later);
        assert_eq!(catalog.ty(later).kind, TypeKind::Enum);
        // A table with the name of an array type: the array type makes way.
        let array = catalog.array_of(later).unwrap();
        catalog.add_relation("public", "_later", RelationKind::Table, Vec::new());
        assert_eq!(catalog.ty(array).name, "__later");
        assert_eq!(catalog.array_of(later), Some(array));
        let taken = catalog.type_named("public", "_later").unwrap();
        assert_eq!(catalog.ty(taken).kind, TypeKind::Composite);
        catalog.define_type(TypeId::INT4, |entry| entry.preferred = true);
        assert!(!catalog.ty(TypeId::INT4).preferred);
    }
}
