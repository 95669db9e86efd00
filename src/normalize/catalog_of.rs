//! The catalog of one side: what is built in, what its extensions bring, what it defines itself.
//!
//! In goes a schema as written, out come the [`Catalog`] and what is under its domains.
//! The surprising thing: the columns of views are not there yet, as only the analysis of
//! their queries tells them, which needs this catalog (`views`).

mod routines;
mod typmod;

use std::collections::HashSet;

use smol_str::SmolStr;

use super::analyze::{Domains, Ty};
use crate::catalog::{
    self, CastContext, CastEntry, CastMethod, Catalog, Category, FamilyOperator, NameEntry,
    NameKind, ObjectName, OpclassEntry, RelationKind, TypeId, TypeKind, Versions, extension_facts,
};
use crate::model::{
    self, AttributeValue, BaseType, Domain, FamilyMember, Ident, Name, Object, ObjectId,
    OperatorClass, QualifiedName, Schema, Table, TypeName,
};

/// Builds the catalog of a schema, and what is under its domains.
pub(super) fn catalog_of(schema: &Schema) -> (Catalog, Domains) {
    let mut building = Building { schema, catalog: Catalog::new(), domains: Domains::new() };
    building.extensions();
    building.declare_types();
    building.define_types();
    building.domains();
    building.relations();
    building.names();
    building.functions();
    building.operators();
    (building.catalog, building.domains)
}

/// The type that a name with its namespace means in a catalog. One that is not known,
/// or written without namespace and not built in, has none.
pub(super) fn ty(catalog: &Catalog, name: &TypeName) -> Option<Ty> {
    if name.of_column.is_some() {
        return None;
    }
    let namespace = name.name.namespace.as_ref().map_or("pg_catalog", Ident::as_str);
    let id = catalog.type_named(namespace, name.name.name.as_str())?;
    let id = if name.array { catalog.array_of(id)? } else { id };
    Some(Ty { id, modifiers: name.modifiers.clone() })
}

/// The modifier of a type as the number that the catalogs hold.
pub(super) fn typmod(catalog: &Catalog, ty: &Ty) -> i32 {
    typmod::encode(ty.id, &ty.modifiers, catalog)
}

struct Building<'a> {
    schema: &'a Schema,
    catalog: Catalog,
    domains: Domains,
}

impl<'a> Building<'a> {
    fn objects(&self) -> impl Iterator<Item = (&'a ObjectId, &'a Object)> + use<'a> {
        self.schema.objects.iter().map(|(id, entry)| (id, &entry.object))
    }

    /// What an extension needs comes before it, so that it is where the source puts it.
    fn extensions(&mut self) {
        for (id, _) in self.objects() {
            if let ObjectId::Extension(name) = id {
                self.extension(name, &mut HashSet::new());
            }
        }
    }

    fn extension(&mut self, name: &Ident, seen: &mut HashSet<Ident>) {
        if !seen.insert(name.clone()) {
            return;
        }
        let Some(entry) = self.schema.objects.get(&ObjectId::Extension(name.clone())) else {
            return;
        };
        let Some(facts) = extension_facts(name.as_str()) else { return };
        for needed in facts.requires {
            self.extension(&Ident::new(needed), seen);
        }
        if let Object::Extension(extension) = &entry.object {
            let namespace = extension.namespace.as_ref().map_or("public", Ident::as_str);
            // What no catalog describes stays unknown, and so does what uses it.
            let _unknown = self.catalog.load_extension(name.as_str(), namespace);
        }
    }

    fn declare_types(&mut self) {
        for (id, _) in self.objects() {
            match id {
                ObjectId::Enum(name)
                | ObjectId::Domain(name)
                | ObjectId::Composite(name)
                | ObjectId::Range(name)
                | ObjectId::BaseType(name)
                | ObjectId::Table(name)
                | ObjectId::View(name)
                | ObjectId::MaterializedView(name) => {
                    self.catalog.declare_type(name.namespace.as_str(), name.name.as_str());
                }
                _no_type => {}
            }
        }
    }

    fn define_types(&mut self) {
        for (id, object) in self.objects() {
            let Some(QualifiedName { namespace, name }) = id.qualified_name() else { continue };
            let (namespace, name) = (namespace.as_str(), name.as_str());
            match object {
                Object::Enum(_) => {
                    self.catalog.add_enum(namespace, name);
                }
                Object::Range(range) => {
                    let Some(subtype) = ty(&self.catalog, &range.subtype) else { continue };
                    let multirange = Some(object_name(&range.multirange));
                    let custom = range.opclass.is_some() || range.canonical.is_some();
                    let range = catalog::Range { subtype: subtype.id, multirange, custom };
                    self.catalog.add_range(namespace, name, range);
                }
                Object::BaseType(base) => self.base_type(namespace, name, base),
                _no_type_that_is_defined_here => {}
            }
        }
    }

    fn base_type(&mut self, namespace: &str, name: &str, base: &BaseType) {
        let text = |attribute: &str| match base.attributes.get(&Ident::new(attribute)) {
            Some(AttributeValue::Text(text)) => Some(text.to_string()),
            Some(AttributeValue::Name(name)) => Some(name.name.as_str().to_owned()),
            Some(AttributeValue::Type(_)) | None => None,
        };
        let is =
            |attribute: &str| text(attribute).is_some_and(|value| value == "true" || value == "t");
        let id = self.catalog.declare_type(namespace, name);
        if base.shell {
            return;
        }
        let element = match base.attributes.get(&Ident::new("element")) {
            Some(AttributeValue::Type(element)) => ty(&self.catalog, element).map(|ty| ty.id),
            Some(AttributeValue::Text(_) | AttributeValue::Name(_)) | None => None,
        };
        self.catalog.define_type(id, |entry| {
            entry.kind = TypeKind::Base;
            let category = text("category").and_then(|category| category.bytes().next());
            entry.category = category.map_or(Category::USER, Category);
            entry.preferred = is("preferred");
            entry.element = element;
            entry.delimiter = text("delimiter").and_then(|text| text.chars().next()).unwrap_or(',');
            entry.takes_typmod = base.attributes.contains_key(&Ident::new("typmod_in"));
            entry.collation = is("collatable").then(|| ObjectName::new("pg_catalog", "default"));
        });
    }

    /// Domains, those that are under others first.
    fn domains(&mut self) {
        let mut done = HashSet::new();
        for (id, _) in self.objects() {
            if let ObjectId::Domain(name) = id {
                self.domain(name, &mut done);
            }
        }
    }

    fn domain(&mut self, name: &'a QualifiedName, done: &mut HashSet<&'a QualifiedName>) {
        // A chain of domains is followed from the top down, then defined from the bottom up.
        let mut chain: Vec<(&QualifiedName, &Domain)> = Vec::new();
        let mut next = Some(name);
        while let Some(name) = next.take() {
            let entry = self.schema.objects.get_key_value(&ObjectId::Domain(name.clone()));
            let Some((ObjectId::Domain(name), Object::Domain(domain))) =
                entry.map(|(id, entry)| (id, &entry.object))
            else {
                break;
            };
            if !done.insert(name) {
                break;
            }
            chain.push((name, domain));
            let base = &domain.base.name;
            let under = base
                .namespace
                .clone()
                .map(|namespace| QualifiedName { namespace, name: base.name.clone() });
            next = under
                .and_then(|under| self.schema.objects.get_key_value(&ObjectId::Domain(under)))
                .and_then(|(id, _)| id.qualified_name());
        }
        for (name, domain) in chain.into_iter().rev() {
            let Some(base) = ty(&self.catalog, &domain.base) else { continue };
            let entry = catalog::Domain {
                base: base.id,
                typmod: typmod::encode(base.id, &base.modifiers, &self.catalog),
                not_null: domain.not_null.is_some(),
                collation: domain.collation.as_ref().map(name_of),
            };
            let id = self.catalog.add_domain(name.namespace.as_str(), name.name.as_str(), entry);
            self.domains.insert(id, base);
        }
    }

    fn relations(&mut self) {
        for (id, object) in self.objects() {
            let Some(QualifiedName { namespace, name }) = id.qualified_name() else { continue };
            let (namespace, name) = (namespace.as_str(), name.as_str());
            match object {
                Object::Table(table) => {
                    let columns = table.columns.iter().map(|column| {
                        self.column(&column.name, &column.ty, column.details.collation.as_ref())
                    });
                    let columns = columns.collect();
                    self.catalog.add_relation(namespace, name, table_kind(table), columns);
                    self.identity_sequences(table);
                }
                Object::Composite(composite) => {
                    let columns = composite.attributes.iter().map(|attribute| {
                        self.column(&attribute.name, &attribute.ty, attribute.collation.as_ref())
                    });
                    let columns = columns.collect();
                    self.catalog.add_relation(
                        namespace,
                        name,
                        RelationKind::CompositeType,
                        columns,
                    );
                }
                Object::Sequence(_) => self.sequence(namespace, name),
                _no_relation => {}
            }
        }
    }

    fn identity_sequences(&mut self, table: &Table) {
        for column in &table.columns {
            if let Some(model::ColumnDefault::Identity { sequence_name, .. }) = &column.default {
                self.sequence(sequence_name.namespace.as_str(), sequence_name.name.as_str());
            }
        }
    }

    fn sequence(&mut self, namespace: &str, name: &str) {
        let columns = vec![
            catalog::Column::new("last_value", TypeId::INT8),
            catalog::Column::new("log_cnt", TypeId::INT8),
            catalog::Column::new("is_called", TypeId::BOOL),
        ];
        self.catalog.add_relation(namespace, name, RelationKind::Sequence, columns);
    }

    fn column(
        &self,
        name: &Ident,
        written: &TypeName,
        collation: Option<&Name>,
    ) -> catalog::Column {
        let ty = ty(&self.catalog, written).unwrap_or_else(|| Ty::plain(TypeId::UNKNOWN));
        let mut column = catalog::Column::new(name.as_str(), ty.id);
        column.typmod = typmod::encode(ty.id, &ty.modifiers, &self.catalog);
        column.collation = collation.map(name_of).map(Box::new);
        column
    }

    fn names(&mut self) {
        for (id, object) in self.objects() {
            let (kind, nondeterministic) = match object {
                Object::Collation(collation) => {
                    let deterministic = collation.options.get(&Ident::new("deterministic"));
                    (NameKind::Collation, deterministic.is_some_and(|value| **value == *"false"))
                }
                Object::TextSearchConfiguration(_) => (NameKind::TextSearchConfiguration, false),
                Object::TextSearchDictionary(_) => (NameKind::TextSearchDictionary, false),
                Object::Language(_) => (NameKind::Language, false),
                _no_name => continue,
            };
            let (schema, name) = match (id, id.qualified_name()) {
                (_, Some(name)) => (name.namespace.as_str(), name.name.as_str()),
                (ObjectId::Language(name), None) => ("pg_catalog", name.as_str()),
                _another => continue,
            };
            let (schema, name) = (SmolStr::new(schema), SmolStr::new(name));
            let versions = Versions::ALL;
            self.catalog.add_name(NameEntry { kind, schema, name, nondeterministic, versions });
        }
    }

    fn operators(&mut self) {
        for (id, object) in self.objects() {
            match (id, object) {
                (ObjectId::Operator(signature), Object::Operator(operator)) => {
                    self.operator(signature, operator);
                }
                (ObjectId::Cast((source, target)), Object::Cast(cast)) => {
                    self.cast(source, target, cast);
                }
                (ObjectId::OperatorClass(member), Object::OperatorClass(class)) => {
                    self.opclass(member, class);
                }
                (ObjectId::OperatorFamily(member), Object::OperatorFamily(family)) => {
                    let name = object_name(&member.name);
                    self.members(&member.method, &name, None, &family.members);
                }
                _no_operator => {}
            }
        }
    }

    fn cast(&mut self, source: &TypeName, target: &TypeName, cast: &model::CastDefinition) {
        let types = (ty(&self.catalog, source), ty(&self.catalog, target));
        let (Some(source), Some(target)) = types else { return };
        let method = match &cast.method {
            model::CastMethod::Binary => CastMethod::Binary,
            model::CastMethod::InOut => CastMethod::InOut,
            model::CastMethod::Function(signature) => CastMethod::Function {
                function: object_name(&signature.name),
                arity: u8::try_from(signature.args.len()).unwrap_or(1),
            },
        };
        let context = match cast.context {
            model::CastContext::Explicit => CastContext::Explicit,
            model::CastContext::Assignment => CastContext::Assignment,
            model::CastContext::Implicit => CastContext::Implicit,
        };
        let (source, target, versions) = (source.id, target.id, Versions::ALL);
        self.catalog.add_cast(CastEntry { source, target, context, method, versions });
    }

    fn opclass(&mut self, member: &model::MethodMember, class: &OperatorClass) {
        let Some(input) = ty(&self.catalog, &class.ty) else { return };
        let family = object_name(&class.family);
        self.members(&member.method, &family, Some(input.id), &class.members);
        self.catalog.add_opclass(OpclassEntry {
            schema: SmolStr::new(member.name.namespace.as_str()),
            name: SmolStr::new(member.name.name.as_str()),
            method: SmolStr::new(member.method.as_str()),
            input: input.id,
            key: class.storage.as_ref().and_then(|key| ty(&self.catalog, key)).map(|ty| ty.id),
            default: class.default,
            family,
            versions: Versions::ALL,
        });
    }

    fn members<'m>(
        &mut self,
        method: &Ident,
        family: &ObjectName,
        input: Option<TypeId>,
        members: impl IntoIterator<Item = &'m FamilyMember>,
    ) {
        for member in members {
            let FamilyMember::Operator { strategy, operator, types, order_by } = member else {
                continue;
            };
            let known = |at: usize| match types.get(at) {
                Some(written) => ty(&self.catalog, written).map(|ty| ty.id),
                None => input,
            };
            let (Some(left), Some(right)) = (known(0), known(1)) else { continue };
            let member = FamilyOperator {
                method: SmolStr::new(method.as_str()),
                family: family.clone(),
                left,
                right,
                strategy: u16::try_from(*strategy).unwrap_or_default(),
                ordering: order_by.is_some(),
                operator: name_of(operator),
                versions: Versions::ALL,
            };
            self.catalog.add_family_operator(member);
        }
    }
}

fn table_kind(table: &Table) -> RelationKind {
    if table.foreign.is_some() {
        RelationKind::ForeignTable
    } else if table.partition_by.is_some() {
        RelationKind::PartitionedTable
    } else {
        RelationKind::Table
    }
}

fn object_name(name: &QualifiedName) -> ObjectName {
    ObjectName::new(name.namespace.as_str(), name.name.as_str())
}

/// A name that was resolved; without namespace it is built in.
fn name_of(name: &Name) -> ObjectName {
    let namespace = name.namespace.as_ref().map_or("pg_catalog", Ident::as_str);
    ObjectName::new(namespace, name.name.as_str())
}
