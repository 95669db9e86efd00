//! Operator classes and families: `CREATE OPERATOR CLASS`, `CREATE OPERATOR FAMILY`,
//! `ALTER OPERATOR FAMILY .. ADD | DROP` (`src/backend/commands/opclasscmds.c`).
//!
//! Where a member ends up is not where it is written: since PostgreSQL 14 the access
//! method decides what a class needs, and the rest is loose in the family
//! (`amadjustmembers`), which is how `pg_dump` prints it.

use pg_query::NodeEnum;
use pg_query::protobuf::{
    AlterOpFamilyStmt, CreateOpClassItem, CreateOpClassStmt, CreateOpFamilyStmt, Node,
};

use super::super::address::Address;
use super::super::declared::Declared;
use super::super::interpreter::{Interpreter, Need, Outcome, Statement, missing};
use super::super::lower::{Lowered, Lowering};
use super::super::{define, type_name};
use crate::model::{
    FamilyMember, Ident, Kind, MethodMember, Name, Object, ObjectId, OperatorClass, OperatorFamily,
    Problem, QualifiedName, SearchPath, Span, TypeName,
};

struct CreateClass {
    name: Name,
    method: Ident,
    ty: TypeName,
    default: bool,
    family: Option<Name>,
    storage: Option<TypeName>,
    items: Vec<Item>,
}

struct CreateFamily {
    name: Name,
    method: Ident,
}

struct AlterFamily {
    name: Name,
    method: Ident,
    drop: bool,
    items: Vec<Item>,
}

/// An operator or function as written.
struct Item {
    operator: bool,
    number: i32,
    name: Name,
    args: Vec<TypeName>,
    types: Vec<TypeName>,
    order_by: Option<Name>,
}

/// `CREATE OPERATOR CLASS name FOR TYPE t USING m AS ..`.
pub(in crate::parse) fn create_class(stmt: &CreateOpClassStmt, _cx: Lowering<'_>) -> Lowered {
    let storage = items(&stmt.items).find_map(|item| item.storedtype.as_ref());
    Lowered::apply(CreateClass {
        name: type_name::name(&stmt.opclassname),
        method: Ident::new(&stmt.amname),
        ty: stmt.datatype.as_ref().map(type_name::type_name).unwrap_or_default(),
        default: stmt.is_default,
        family: (!stmt.opfamilyname.is_empty()).then(|| type_name::name(&stmt.opfamilyname)),
        storage: storage.map(type_name::type_name),
        items: items(&stmt.items).filter_map(item).collect(),
    })
}

/// `CREATE OPERATOR FAMILY name USING m`.
pub(in crate::parse) fn create_family(stmt: &CreateOpFamilyStmt, _cx: Lowering<'_>) -> Lowered {
    let name = type_name::name(&stmt.opfamilyname);
    Lowered::apply(CreateFamily { name, method: Ident::new(&stmt.amname) })
}

/// `ALTER OPERATOR FAMILY name USING m ADD | DROP ..`.
pub(in crate::parse) fn alter_family(stmt: &AlterOpFamilyStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(AlterFamily {
        name: type_name::name(&stmt.opfamilyname),
        method: Ident::new(&stmt.amname),
        drop: stmt.is_drop,
        items: items(&stmt.items).filter_map(item).collect(),
    })
}

fn items(nodes: &[Node]) -> impl Iterator<Item = &CreateOpClassItem> {
    nodes.iter().filter_map(|node| match node.node.as_ref()? {
        NodeEnum::CreateOpClassItem(item) => Some(item),
        _the_grammar_puts_nothing_else_here => None,
    })
}

/// The item, unless it is the storage type. 1 is an operator, 2 a function
/// (`OPCLASS_ITEM_*`, `src/include/nodes/parsenodes.h`).
fn item(item: &CreateOpClassItem) -> Option<Item> {
    let types = |nodes: &[Node]| -> Vec<TypeName> {
        let ty = |node: &Node| match node.node.as_ref()? {
            NodeEnum::TypeName(ty) => Some(type_name::type_name(ty)),
            _no_operand => None,
        };
        nodes.iter().filter_map(ty).collect()
    };
    if item.itemtype == 3 {
        return None;
    }
    let name = item.name.as_ref();
    Some(Item {
        operator: item.itemtype == 1,
        number: item.number,
        name: name.map(|name| type_name::name(&name.objname)).unwrap_or_default(),
        args: name.map(|name| types(&name.objargs)).unwrap_or_default(),
        types: types(&item.class_args),
        order_by: (!item.order_family.is_empty()).then(|| type_name::name(&item.order_family)),
    })
}

impl Item {
    /// The member with all names looked up. `class` is the type of the operator class.
    fn resolve(
        &self,
        cx: &Interpreter<'_>,
        method: &Ident,
        class: Option<&TypeName>,
    ) -> FamilyMember {
        let resolve = |types: &[TypeName]| -> Vec<TypeName> {
            types.iter().map(|ty| cx.argument_type(ty)).collect()
        };
        let args = resolve(&self.args);
        let both = |ty: Option<&TypeName>| -> Vec<TypeName> {
            ty.map(|ty| vec![ty.clone(), ty.clone()]).unwrap_or_default()
        };
        if self.operator {
            let types = if args.is_empty() { both(class) } else { args };
            let operator = cx.resolve_operator(&self.name, types.first(), types.get(1));
            let family = |name: &Name| cx.resolve_member(Kind::OperatorFamily, name);
            let order_by = self.order_by.as_ref().map(family);
            return FamilyMember::Operator { strategy: self.number, operator, types, order_by };
        }
        let types = match resolve(&self.types).as_slice() {
            [] => default_types(method, self.number, &args).unwrap_or_else(|| both(class)),
            [only] => both(Some(only)),
            several => several.to_vec(),
        };
        let function = cx.resolve_routine(&self.name);
        FamilyMember::Function { number: self.number, types, function, args }
    }
}

/// The types that a support function is for when they are not written and do not
/// follow from the class (`assignProcTypes`).
fn default_types(method: &Ident, number: i32, args: &[TypeName]) -> Option<Vec<TypeName>> {
    let (left, right) = match (method.as_str(), number, args) {
        ("btree", 1, [left, right]) | ("btree", 3, [left, _, right, ..]) => (left, right),
        ("hash", 1 | 2, [only, ..]) => (only, only),
        _from_the_class => return None,
    };
    Some(vec![left.clone(), right.clone()])
}

/// True when a member of a class is loose in its family (`btadjustmembers`,
/// `hashadjustmembers`, `gistadjustmembers`, `ginadjustmembers`, `spgadjustmembers`).
fn is_loose(method: &Ident, class: &TypeName, member: &FamilyMember) -> bool {
    let (types, function) = match member {
        FamilyMember::Operator { types, .. } => (types, None),
        FamilyMember::Function { types, number, .. } => (types, Some(*number)),
    };
    let same_type = types.iter().all(|ty| ty == class);
    match (method.as_str(), function) {
        ("btree" | "hash", None) => !same_type,
        ("btree" | "hash", Some(number)) => number != 1 || !same_type,
        ("gist" | "gin" | "spgist", None) => true,
        ("gist", Some(number)) => ![1, 2, 5, 6, 7].contains(&number),
        ("gin", Some(number)) => ![2, 3].contains(&number),
        ("spgist", Some(number)) => !(1..=5).contains(&number),
        _other_methods_leave_members_in_the_class => false,
    }
}

impl Statement for CreateClass {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add(Kind::OperatorClass, &self.name, path);
        if self.family.is_none() {
            declared.add(Kind::OperatorFamily, &self.name, path);
        }
    }

    fn needs(&self) -> Vec<Need> {
        let make: fn(MethodMember) -> ObjectId = ObjectId::OperatorFamily;
        let need = |name: &Name| Address::Member(make, self.method.clone(), name.clone());
        self.family.iter().map(|name| Need::Object(need(name))).collect()
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let name = cx.creation_name(&self.name);
        let family = match &self.family {
            Some(family) => qualified(cx.resolve_member(Kind::OperatorFamily, family)),
            None => name.clone(),
        };
        let family_id = member(&self.method, &family, ObjectId::OperatorFamily);
        let ty = cx.argument_type(&self.ty);
        let storage = self.storage.as_ref().map(|ty| cx.argument_type(ty));
        let mut class = OperatorClass {
            default: self.default,
            family,
            storage: storage.filter(|storage| *storage != ty),
            members: std::collections::BTreeSet::default(),
            ty,
        };
        let mut loose = Vec::new();
        for item in &self.items {
            let found = item.resolve(cx, &self.method, Some(&class.ty));
            if is_loose(&self.method, &class.ty, &found) {
                loose.push(found);
            } else {
                class.members.insert(found);
            }
        }
        let id = member(&self.method, &name, ObjectId::OperatorClass);
        let outcome = cx.create(id, class, span, false)?;
        if self.family.is_none() {
            // A family of that name that exists already is used as it is.
            cx.create(family_id.clone(), OperatorFamily::default(), span, true)?;
        }
        // Members that land in a family of pg_catalog are no part of the schema.
        if let Some((family, _)) = cx.object_mut::<OperatorFamily>(&family_id) {
            family.members.extend(loose);
        }
        Ok(outcome)
    }
}

impl Statement for CreateFamily {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        declared.add(Kind::OperatorFamily, &self.name, path);
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let name = cx.creation_name(&self.name);
        let id = member(&self.method, &name, ObjectId::OperatorFamily);
        cx.create(id, OperatorFamily::default(), span, false)
    }
}

impl Statement for AlterFamily {
    fn needs(&self) -> Vec<Need> {
        let make: fn(MethodMember) -> ObjectId = ObjectId::OperatorFamily;
        vec![Need::Object(Address::Member(make, self.method.clone(), self.name.clone()))]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let name = qualified(cx.resolve_member(Kind::OperatorFamily, &self.name));
        let id = member(&self.method, &name, ObjectId::OperatorFamily);
        if cx.object::<OperatorFamily>(&id).is_none() {
            return Err(if name.namespace == *"pg_catalog" {
                define::part_not_modelled("a change of a built-in operator family")
            } else {
                missing("operator family", &self.name)
            });
        }
        for item in &self.items {
            if self.drop {
                drop_member(cx, &id, &name, item);
            } else {
                let found = item.resolve(cx, &self.method, None);
                add_member(cx, &self.method, &id, &name, found, span);
            }
        }
        Ok(Outcome::Modelled)
    }
}

/// A member goes to the class of its type when there is one, else it is loose.
fn add_member(
    cx: &mut Interpreter<'_>,
    method: &Ident,
    family_id: &ObjectId,
    family: &QualifiedName,
    found: FamilyMember,
    span: Span,
) {
    let sorted = ["btree", "hash"].contains(&method.as_str());
    for entry in cx.objects_mut().values_mut().filter(|_| sorted) {
        if let Object::OperatorClass(class) = &mut entry.object
            && class.family == *family
            && !is_loose(method, &class.ty, &found)
        {
            class.members.insert(found);
            return;
        }
    }
    if let Some((family, origin)) = cx.object_mut::<OperatorFamily>(family_id) {
        family.members.insert(found);
        origin.record(crate::model::Place::facet(crate::model::Facet::Members), span);
    }
}

/// Takes the member of that number and those types out of the family or its classes.
fn drop_member(cx: &mut Interpreter<'_>, id: &ObjectId, family: &QualifiedName, item: &Item) {
    let mut types: Vec<TypeName> = item.types.iter().map(|ty| cx.argument_type(ty)).collect();
    if let [only] = types.as_slice() {
        types.push(only.clone());
    }
    let stays = |member: &FamilyMember| match member {
        FamilyMember::Operator { strategy, types: own, .. } => {
            !item.operator || *strategy != item.number || *own != types
        }
        FamilyMember::Function { number, types: own, .. } => {
            item.operator || *number != item.number || *own != types
        }
    };
    if let Some((object, _)) = cx.object_mut::<OperatorFamily>(id) {
        object.members.retain(stays);
    }
    for entry in cx.objects_mut().values_mut() {
        if let Object::OperatorClass(class) = &mut entry.object
            && class.family == *family
        {
            class.members.retain(stays);
        }
    }
}

/// Takes an operator or function that is dropped out of the families in which it is loose
/// (`storeOperators`, `storeProcedures`, `src/backend/commands/opclasscmds.c`).
pub(in crate::parse) fn leave_families(cx: &mut Interpreter<'_>, id: &ObjectId) {
    let Some(name) = id.qualified_name().map(|name| Name::from(name.clone())) else { return };
    let stays = |member: &FamilyMember| match (member, id) {
        (FamilyMember::Operator { operator, types, .. }, ObjectId::Operator(signature)) => {
            let operands = signature.left.iter().chain(&signature.right);
            *operator != name || !operands.map(|ty| &**ty).eq(types)
        }
        (FamilyMember::Function { function, args, .. }, ObjectId::Routine(signature)) => {
            *function != name || *args != signature.args
        }
        (FamilyMember::Operator { .. } | FamilyMember::Function { .. }, _another) => true,
    };
    for family in cx.schema.objects.naming(&name.name) {
        if let Some((family, _)) = cx.object_mut::<OperatorFamily>(&family) {
            family.members.retain(stays);
        }
    }
}

fn member(method: &Ident, name: &QualifiedName, make: fn(MethodMember) -> ObjectId) -> ObjectId {
    make(MethodMember { method: method.clone(), name: name.clone() })
}

fn qualified(name: Name) -> QualifiedName {
    let namespace = name.namespace.unwrap_or_else(|| Ident::new("pg_catalog"));
    QualifiedName { namespace, name: name.name }
}
