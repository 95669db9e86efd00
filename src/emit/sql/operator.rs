//! Operators, operator classes and families, casts, transforms and conversions.

use super::SqlWriter;
use crate::model::{
    CastContext, CastDefinition, CastMethod, Conversion, FamilyMember, Ident, MethodMember,
    Operator, OperatorClass, OperatorFamily, OperatorSignature, QualifiedName, Signature,
    Transform, TypeName,
};

impl SqlWriter {
    /// `CREATE OPERATOR s.+ (FUNCTION = f, ..)`.
    pub fn create_operator(&mut self, signature: &OperatorSignature, operator: &Operator) {
        let Operator { function, commutator, negator, restrict, join, hashes, merges } = operator;
        self.sql("CREATE OPERATOR ").operator_name(&signature.name.clone().into());
        self.sql(" (FUNCTION = ").function_name(function);
        for (word, ty) in [(", LEFTARG = ", &signature.left), (", RIGHTARG = ", &signature.right)] {
            if let Some(ty) = ty {
                self.sql(word).type_name(ty);
            }
        }
        for (word, other) in [(", COMMUTATOR = ", commutator), (", NEGATOR = ", negator)] {
            if let Some(other) = other {
                self.sql(word).operator(other);
            }
        }
        for (word, function) in [(", RESTRICT = ", restrict), (", JOIN = ", join)] {
            if let Some(function) = function {
                self.sql(word).function_name(function);
            }
        }
        self.sql(if *merges { ", MERGES" } else { "" });
        self.sql(if *hashes { ", HASHES" } else { "" });
        self.sql(");\n");
    }

    /// `CREATE OPERATOR CLASS s.c DEFAULT FOR TYPE t USING btree FAMILY s.f AS ..`.
    pub fn create_operator_class(&mut self, id: &MethodMember, class: &OperatorClass) {
        let OperatorClass { ty, default, family, storage, members } = class;
        self.sql("CREATE OPERATOR CLASS ").qualified(&id.name);
        self.sql(if *default { " DEFAULT FOR TYPE " } else { " FOR TYPE " }).type_name(ty);
        self.sql(" USING ").ident(&id.method);
        self.sql(" FAMILY ").qualified(family);
        self.sql(" AS ");
        // A class must have an item: without any it stores its own type.
        if let Some(storage) = storage.as_ref().or(members.is_empty().then_some(ty)) {
            self.sql("STORAGE ").type_name(storage);
            self.sql(if members.is_empty() { "" } else { ", " });
        }
        self.list(members, Self::member);
        self.sql(";\n");
    }

    /// `CREATE OPERATOR FAMILY s.f USING btree`, and `ALTER .. ADD` of its members.
    pub fn create_operator_family(&mut self, id: &MethodMember, family: &OperatorFamily) {
        let OperatorFamily { members } = family;
        self.sql("CREATE OPERATOR FAMILY ").qualified(&id.name);
        self.sql(" USING ").ident(&id.method);
        self.sql(";\n");
        if !members.is_empty() {
            self.sql("ALTER OPERATOR FAMILY ").qualified(&id.name);
            self.sql(" USING ").ident(&id.method);
            self.sql(" ADD ");
            self.list(members, Self::member);
            self.sql(";\n");
        }
    }

    fn member(&mut self, member: &FamilyMember) {
        match member {
            FamilyMember::Operator { strategy, operator, types, order_by } => {
                self.sql("OPERATOR ").number(*strategy).sql(" ").operator_name(operator);
                self.sql(" ");
                self.types(types);
                if let Some(family) = order_by {
                    self.sql(" FOR ORDER BY ").name(family);
                }
            }
            FamilyMember::Function { number, types, function, args } => {
                self.sql("FUNCTION ").number(*number).sql(" ");
                self.types(types);
                self.sql(" ").function_name(function);
                self.types(args);
            }
        }
    }

    fn types(&mut self, types: &[TypeName]) {
        self.sql("(");
        self.list(types, Self::type_name);
        self.sql(")");
    }

    /// `CREATE CAST (a AS b) WITH FUNCTION f(a) AS IMPLICIT`.
    pub fn create_cast(&mut self, types: &(Box<TypeName>, Box<TypeName>), cast: &CastDefinition) {
        let CastDefinition { method, context } = cast;
        let (source, target) = types;
        self.sql("CREATE CAST (").type_name(source);
        self.sql(" AS ").type_name(target);
        match method {
            CastMethod::Function(function) => self.sql(") WITH FUNCTION ").signature(function),
            CastMethod::Binary => {
                self.sql(") WITHOUT FUNCTION");
            }
            CastMethod::InOut => {
                self.sql(") WITH INOUT");
            }
        }
        self.sql(match context {
            CastContext::Explicit => ";\n",
            CastContext::Assignment => " AS ASSIGNMENT;\n",
            CastContext::Implicit => " AS IMPLICIT;\n",
        });
    }

    /// `CREATE TRANSFORM FOR t LANGUAGE l (FROM SQL WITH FUNCTION f(internal), ..)`.
    pub fn create_transform(&mut self, id: &(Box<TypeName>, Ident), transform: &Transform) {
        let Transform { from_sql, to_sql } = transform;
        let (ty, language) = id;
        self.sql("CREATE TRANSFORM FOR ").type_name(ty);
        self.sql(" LANGUAGE ").ident(language);
        self.sql(" (");
        let functions = [("FROM SQL WITH FUNCTION ", from_sql), ("TO SQL WITH FUNCTION ", to_sql)];
        let said = functions.into_iter().filter_map(|(word, f)| f.as_ref().map(|f| (word, f)));
        self.list(said, |writer, (word, function)| writer.sql(word).signature(function));
        self.sql(");\n");
    }

    /// `CREATE DEFAULT CONVERSION s.c FOR 'UTF8' TO 'LATIN1' FROM f`.
    pub fn create_conversion(&mut self, name: &QualifiedName, conversion: &Conversion) {
        let Conversion { default, source, destination, function } = conversion;
        self.sql(if *default { "CREATE DEFAULT CONVERSION " } else { "CREATE CONVERSION " });
        self.qualified(name);
        self.sql(" FOR ").string(source).sql(" TO ").string(destination);
        self.sql(" FROM ").function_name(function);
        self.sql(";\n");
    }

    /// `s.f(integer, text)`, a reference to a routine.
    pub fn signature(&mut self, signature: &Signature) {
        let Signature { name, args } = signature;
        self.function_name(&name.clone().into());
        self.types(args);
    }
}
