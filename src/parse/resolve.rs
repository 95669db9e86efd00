//! Names of functions, operators, collations and other objects that are named
//! without their arguments: in, a name as written; out, a name with its namespace.
//!
//! What the source creates wins, in the order of `search_path`; everything else is
//! taken to be built in. A dump has an empty path, so there only `pg_catalog` is left.

use super::declared;
use super::interpreter::{Interpreter, Relation};
use crate::model::{
    Composite, Domain, Ident, Kind, Name, ObjectId, OperatorSignature, QualifiedName, Signature,
    TypeName,
};

impl Interpreter<'_> {
    /// The function or procedure that a name without arguments means.
    pub fn resolve_routine(&self, name: &Name) -> Name {
        self.resolve(name, |candidate| {
            self.declared.has(Kind::Routine, candidate) || self.routine_exists(candidate)
        })
    }

    /// The function that a name with its argument types means; when no types are
    /// written, the only function of that name.
    pub fn routine_signature(&self, name: &Name, args: Option<&[TypeName]>) -> Signature {
        if let Some(ObjectId::Routine(signature) | ObjectId::Aggregate(signature)) =
            self.find_routine(name, args)
        {
            return signature;
        }
        let Name { namespace, name } = self.resolve_routine(name);
        let args = args.unwrap_or_default().iter().map(|ty| self.argument_type(ty)).collect();
        let namespace = namespace.unwrap_or_else(|| Ident::new("pg_catalog"));
        Signature { name: QualifiedName { namespace, name }, args }
    }

    /// The object of a kind that is named by namespace and name.
    pub fn resolve_named(&self, make: fn(QualifiedName) -> ObjectId, name: &Name) -> Name {
        self.resolve(name, |candidate| {
            let id = make(candidate.clone());
            self.declared.has(id.kind(), candidate) || self.schema.objects.contains_key(&id)
        })
    }

    /// The operator class or family (which of both is the kind) that a name means.
    pub fn resolve_member(&self, kind: Kind, name: &Name) -> Name {
        self.resolve(name, |candidate| self.declared.has(kind, candidate))
    }

    /// The operator that a name and operand types mean: one that exists; else one of
    /// that name that the source creates later, unless all operands are built in;
    /// else a built-in one.
    pub fn resolve_operator(
        &self,
        name: &Name,
        left: Option<&TypeName>,
        right: Option<&TypeName>,
    ) -> Name {
        if name.namespace.is_some() {
            return name.clone();
        }
        let id = |name: QualifiedName| {
            ObjectId::Operator(OperatorSignature {
                name,
                left: left.cloned().map(Box::new),
                right: right.cloned().map(Box::new),
            })
        };
        if let Some(found) = self.find_in_path(name, id)
            && let Some(found) = found.qualified_name()
        {
            return found.clone().into();
        }
        let builtin =
            |ty: &TypeName| ty.name.namespace.as_ref().is_some_and(|n| *n == "pg_catalog");
        if [left, right].into_iter().flatten().all(builtin) {
            return Name { namespace: Some(Ident::new("pg_catalog")), name: name.name.clone() };
        }
        self.resolve(name, |candidate| self.declared.has(Kind::Operator, candidate))
    }

    /// The type that `relation.column%TYPE` stands for, when the column is known.
    pub fn column_type(&self, ty: &TypeName) -> Option<TypeName> {
        let column = ty.of_column.as_deref()?;
        let (name, relation) = self.find_relation(&ty.name)?;
        match relation {
            Relation::Object(ObjectId::Table(_)) => self
                .table(&name)?
                .columns
                .iter()
                .find(|own| own.name == *column)
                .map(|own| own.ty.clone()),
            Relation::Object(id @ ObjectId::Composite(_)) => {
                let attributes = &self.object::<Composite>(id)?.attributes;
                attributes.iter().find(|own| own.name == *column).map(|own| own.ty.clone())
            }
            Relation::Object(_) | Relation::ConstraintIndex(_) | Relation::IdentitySequence(_) => {
                None
            }
        }
    }

    /// The collation that differs from what the type has anyway; none when it is the
    /// same (`format_type` and `COLLATE` in `src/bin/pg_dump/pg_dump.c`).
    pub fn own_collation(&self, ty: &TypeName, written: Option<&Name>) -> Option<Name> {
        let own = self.resolve_named(ObjectId::Collation, written?);
        let inherited = self.type_collation(ty);
        let same = match &inherited {
            Some(inherited) => *inherited == own,
            None => own.is_builtin("default"),
        };
        (!same).then_some(own)
    }

    /// The collation that a type has by itself, when it is not the default one.
    fn type_collation(&self, ty: &TypeName) -> Option<Name> {
        let mut ty = ty.clone();
        // Domains nest; a circle is impossible on a server, but not in a source.
        for _ in 0..64 {
            if ty.name.is_builtin("name") {
                return Some(Name::qualified("pg_catalog", "C"));
            }
            let Some(ObjectId::Domain(name)) = self.find_type(&ty.name) else { return None };
            let domain: &Domain = self.object(&ObjectId::Domain(name))?;
            if domain.collation.is_some() {
                return domain.collation.clone();
            }
            ty = domain.base.clone();
        }
        None
    }

    fn routine_exists(&self, name: &QualifiedName) -> bool {
        let first = ObjectId::Routine(Signature { name: name.clone(), args: Vec::new() });
        let mut from = self.schema.objects.range(first..);
        from.next()
            .is_some_and(|(id, _)| matches!(id, ObjectId::Routine(found) if found.name == *name))
    }

    fn resolve(&self, name: &Name, is_own: impl Fn(&QualifiedName) -> bool) -> Name {
        if name.namespace.is_some() {
            return name.clone();
        }
        let own = self.path.0.iter().map(|namespace| QualifiedName {
            namespace: namespace.clone(),
            name: name.name.clone(),
        });
        match own.into_iter().find(is_own) {
            Some(own) => own.into(),
            None => Name { namespace: Some(Ident::new("pg_catalog")), name: name.name.clone() },
        }
    }
}

/// True when a bare or qualified name is that of a built-in type.
pub(super) fn is_builtin_type(name: &Name) -> bool {
    name.namespace.as_ref().is_none_or(|namespace| *namespace == "pg_catalog")
        && declared::is_builtin_type(name.name.as_str())
}
