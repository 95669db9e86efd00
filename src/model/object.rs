//! The closed list of objects.

use super::{
    AccessMethod, Aggregate, BaseType, CastDefinition, Collation, Composite, Constraint,
    Conversion, DefaultPrivileges, Domain, Enum, EventTrigger, Extension, ForeignDataWrapper,
    Index, Language, MaterializedView, Namespace, Operator, OperatorClass, OperatorFamily, Policy,
    Publication, Range, Role, Routine, Rule, Sequence, Server, Statistics, Subscription, Table,
    TextSearchConfiguration, TextSearchDictionary, TextSearchFunctions, Transform, Trigger,
    UserMapping, View,
};

macro_rules! objects {
    ($($variant:ident($ty:ty),)+) => {
        /// An object of a schema, without its identity.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each holds the type it is named after")]
        pub enum Object {
            $($variant(Box<$ty>),)+
        }

        $(impl From<$ty> for Object {
            fn from(object: $ty) -> Self {
                Self::$variant(Box::new(object))
            }
        })+

        $(impl<'a> TryFrom<&'a Object> for &'a $ty {
            type Error = ();
            fn try_from(object: &'a Object) -> Result<Self, ()> {
                if let Object::$variant(value) = object { Ok(value) } else { Err(()) }
            }
        })+

        $(impl<'a> TryFrom<&'a mut Object> for &'a mut $ty {
            type Error = ();
            fn try_from(object: &'a mut Object) -> Result<Self, ()> {
                if let Object::$variant(value) = object { Ok(value) } else { Err(()) }
            }
        })+
    };
}

objects! {
    Role(Role),
    Namespace(Namespace),
    Extension(Extension),
    Language(Language),
    AccessMethod(AccessMethod),
    Collation(Collation),
    Conversion(Conversion),
    Enum(Enum),
    Domain(Domain),
    Composite(Composite),
    Range(Range),
    BaseType(BaseType),
    Sequence(Sequence),
    Table(Table),
    Constraint(Constraint),
    Index(Index),
    View(View),
    MaterializedView(MaterializedView),
    Rule(Rule),
    Trigger(Trigger),
    Policy(Policy),
    Routine(Routine),
    Aggregate(Aggregate),
    Operator(Operator),
    OperatorClass(OperatorClass),
    OperatorFamily(OperatorFamily),
    Cast(CastDefinition),
    Transform(Transform),
    TextSearchFunctions(TextSearchFunctions),
    TextSearchDictionary(TextSearchDictionary),
    TextSearchConfiguration(TextSearchConfiguration),
    Statistics(Statistics),
    EventTrigger(EventTrigger),
    ForeignDataWrapper(ForeignDataWrapper),
    Server(Server),
    UserMapping(UserMapping),
    Publication(Publication),
    Subscription(Subscription),
    DefaultPrivileges(DefaultPrivileges),
}
