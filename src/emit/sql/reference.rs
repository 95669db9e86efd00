//! How statements about an object name it: `COLUMN s.t.c`, `TRIGGER x ON s.t`.

use super::SqlWriter;
use crate::model::{Kind, MethodMember, Object, ObjectId, RoutineKind, Signature, TypeName};

impl SqlWriter {
    /// The words for the kind and the name, as `COMMENT ON` and `DROP` take them. The
    /// object tells a procedure from a function, and a domain's constraint from a table's.
    pub fn reference(&mut self, id: &ObjectId, object: &Object, is_domain: bool) {
        self.sql(reference_keyword(id.kind(), object)).sql(" ");
        match id {
            ObjectId::Role(name)
            | ObjectId::Namespace(name)
            | ObjectId::Extension(name)
            | ObjectId::Language(name)
            | ObjectId::AccessMethod(name)
            | ObjectId::EventTrigger(name)
            | ObjectId::ForeignDataWrapper(name)
            | ObjectId::Server(name)
            | ObjectId::Publication(name)
            | ObjectId::Subscription(name) => self.ident(name),
            ObjectId::Collation(name)
            | ObjectId::Conversion(name)
            | ObjectId::Enum(name)
            | ObjectId::Domain(name)
            | ObjectId::Composite(name)
            | ObjectId::Range(name)
            | ObjectId::BaseType(name)
            | ObjectId::Sequence(name)
            | ObjectId::Table(name)
            | ObjectId::Index(name)
            | ObjectId::View(name)
            | ObjectId::MaterializedView(name)
            | ObjectId::TextSearchParser(name)
            | ObjectId::TextSearchTemplate(name)
            | ObjectId::TextSearchDictionary(name)
            | ObjectId::TextSearchConfiguration(name)
            | ObjectId::Statistics(name) => self.qualified(name),
            ObjectId::Column(child) => {
                self.qualified(&child.parent);
                self.sql(".").ident(&child.name);
            }
            ObjectId::Constraint(child) if is_domain => {
                self.ident(&child.name);
                self.sql(" ON DOMAIN ").qualified(&child.parent);
            }
            ObjectId::Constraint(child)
            | ObjectId::Rule(child)
            | ObjectId::Trigger(child)
            | ObjectId::Policy(child) => {
                self.ident(&child.name);
                self.sql(" ON ").qualified(&child.parent);
            }
            ObjectId::Routine(signature) => self.signature(signature),
            ObjectId::Aggregate(signature) => self.aggregate_signature(signature),
            ObjectId::Operator(operator) => {
                self.operator_name(&operator.name.clone().into());
                self.sql(" (");
                self.operand_type(operator.left.as_deref());
                self.sql(", ");
                self.operand_type(operator.right.as_deref());
                self.sql(")");
            }
            ObjectId::OperatorClass(member) | ObjectId::OperatorFamily(member) => {
                self.method_member(member);
            }
            ObjectId::Cast((from, to)) => {
                self.sql("(").type_name(from);
                self.sql(" AS ").type_name(to);
                self.sql(")");
            }
            ObjectId::Transform((ty, language)) => {
                self.sql("FOR ").type_name(ty);
                self.sql(" LANGUAGE ").ident(language);
            }
            ObjectId::UserMapping((server, user)) => {
                self.sql("FOR ").ident(user);
                self.sql(" SERVER ").ident(server);
            }
            // Nothing can be said of default privileges but themselves.
            ObjectId::DefaultPrivileges(_) => {}
        }
    }

    /// `s.f(integer)`, `s.count(*)`.
    fn aggregate_signature(&mut self, signature: &Signature) {
        if signature.args.is_empty() {
            self.qualified(&signature.name);
            self.sql("(*)");
        } else {
            self.signature(signature);
        }
    }

    fn operand_type(&mut self, ty: Option<&TypeName>) {
        match ty {
            Some(ty) => self.type_name(ty),
            None => {
                self.sql("NONE");
            }
        }
    }

    /// `s.c USING btree`.
    fn method_member(&mut self, member: &MethodMember) {
        self.qualified(&member.name);
        self.sql(" USING ").ident(&member.method);
    }
}

/// The words for a kind.
fn reference_keyword(kind: Kind, object: &Object) -> &'static str {
    match kind {
        Kind::Role => "ROLE",
        Kind::Namespace => "SCHEMA",
        Kind::Extension => "EXTENSION",
        Kind::Language => "LANGUAGE",
        Kind::AccessMethod => "ACCESS METHOD",
        Kind::Collation => "COLLATION",
        Kind::Conversion => "CONVERSION",
        Kind::Enum | Kind::Composite | Kind::Range | Kind::BaseType => "TYPE",
        Kind::Domain => "DOMAIN",
        Kind::Sequence => "SEQUENCE",
        Kind::Table => match object {
            Object::Table(table) if table.foreign.is_some() => "FOREIGN TABLE",
            _ordinary => "TABLE",
        },
        Kind::Column => "COLUMN",
        Kind::Constraint => "CONSTRAINT",
        Kind::Index => "INDEX",
        Kind::View => "VIEW",
        Kind::MaterializedView => "MATERIALIZED VIEW",
        Kind::Rule => "RULE",
        Kind::Trigger => "TRIGGER",
        Kind::Policy => "POLICY",
        Kind::Routine => match object {
            Object::Routine(routine) if routine.kind == RoutineKind::Procedure => "PROCEDURE",
            _function => "FUNCTION",
        },
        Kind::Aggregate => "AGGREGATE",
        Kind::Operator => "OPERATOR",
        Kind::OperatorClass => "OPERATOR CLASS",
        Kind::OperatorFamily => "OPERATOR FAMILY",
        Kind::Cast => "CAST",
        Kind::Transform => "TRANSFORM",
        Kind::TextSearchParser => "TEXT SEARCH PARSER",
        Kind::TextSearchTemplate => "TEXT SEARCH TEMPLATE",
        Kind::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        Kind::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        Kind::Statistics => "STATISTICS",
        Kind::EventTrigger => "EVENT TRIGGER",
        Kind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        Kind::Server => "SERVER",
        Kind::UserMapping => "USER MAPPING",
        Kind::Publication => "PUBLICATION",
        Kind::Subscription => "SUBSCRIPTION",
        Kind::DefaultPrivileges => "DEFAULT PRIVILEGES",
    }
}
