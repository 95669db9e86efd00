//! What is said of an object besides its definition: owner, comment, privileges, labels.

use super::SqlWriter;
use crate::model::{Acl, AclClass, Entry, Grantee, Ident, Object, ObjectId, Privilege};
use std::collections::BTreeMap;

impl SqlWriter {
    /// `ALTER x OWNER TO r`, when the owner is said. It stands right after the creation: a
    /// sequence cannot be owned by a column of a table that has another owner.
    pub fn owner(&mut self, id: &ObjectId, entry: &Entry) {
        if let Some(owner) = &entry.owner {
            self.sql("ALTER ").reference(id, &entry.object, false);
            self.sql(" OWNER TO ").ident(owner);
            self.sql(";\n");
        }
    }

    /// Privileges, comment and labels of an object, each as a statement.
    pub fn said(&mut self, id: &ObjectId, entry: &Entry, is_domain: bool) {
        let Entry { object, owner, comment, acl, labels, origin: _ } = entry;
        if let (Some(class), Some(acl)) = (AclClass::of_object(object), acl) {
            self.privileges(id, object, class, acl, owner.as_ref());
        }
        let on = |writer: &mut Self| writer.reference(id, object, is_domain);
        self.comment_on(on, comment.as_deref());
        self.labels_on(on, labels);
    }

    /// `COMMENT ON x IS 'text'`, when there is a comment.
    pub fn comment_on(&mut self, on: impl Fn(&mut Self), comment: Option<&str>) {
        if let Some(comment) = comment {
            self.sql("COMMENT ON ");
            on(self);
            self.sql(" IS ").string(comment).sql(";\n");
        }
    }

    /// `SECURITY LABEL FOR p ON x IS 'label'`, for each label.
    pub fn labels_on(&mut self, on: impl Fn(&mut Self), labels: &BTreeMap<Ident, Box<str>>) {
        for (provider, label) in labels {
            self.sql("SECURITY LABEL FOR ").ident(provider);
            self.sql(" ON ");
            on(self);
            self.sql(" IS ").string(label).sql(";\n");
        }
    }

    /// From the default of the kind to the list: first what is taken away, then what is granted.
    fn privileges(
        &mut self,
        id: &ObjectId,
        object: &Object,
        class: AclClass,
        acl: &Acl,
        owner: Option<&Ident>,
    ) {
        let default = match id {
            ObjectId::Namespace(name) if *name == "public" => Acl::default_of_public(false),
            _other => Acl::default_of(class),
        };
        for (grantee, held) in &default.grants {
            if acl.grants.get(grantee) != Some(held) {
                self.sql("REVOKE ALL ON ").grant_target(id, object);
                self.sql(" FROM ").grantee(grantee, owner);
                self.sql(";\n");
            }
        }
        for (grantee, held) in &acl.grants {
            if default.grants.get(grantee) == Some(held) {
                continue;
            }
            for with_option in [false, true] {
                let privileges = with_grant_option(held, with_option);
                if !privileges.is_empty() {
                    self.sql("GRANT ");
                    self.list(privileges, |writer, privilege| {
                        writer.sql(privilege.keyword());
                    });
                    self.sql(" ON ").grant_target(id, object);
                    self.grant_to(grantee, owner, with_option);
                }
            }
        }
    }

    /// `GRANT SELECT (c) ON s.t TO r`, for each privilege on a column.
    pub fn column_privileges(
        &mut self,
        id: &ObjectId,
        object: &Object,
        column: &Ident,
        acl: &Acl,
        owner: Option<&Ident>,
    ) {
        for (grantee, held) in &acl.grants {
            for with_option in [false, true] {
                let privileges = with_grant_option(held, with_option);
                if !privileges.is_empty() {
                    self.sql("GRANT ");
                    self.list(privileges, |writer, privilege| {
                        writer.sql(privilege.keyword()).sql(" (").ident(column);
                        writer.sql(")");
                    });
                    self.sql(" ON ").grant_target(id, object);
                    self.grant_to(grantee, owner, with_option);
                }
            }
        }
    }

    fn grant_to(&mut self, grantee: &Grantee, owner: Option<&Ident>, with_option: bool) {
        self.sql(" TO ").grantee(grantee, owner);
        self.sql(if with_option { " WITH GRANT OPTION;\n" } else { ";\n" });
    }

    /// The object as `GRANT` names it: views are tables there, aggregates functions.
    pub fn grant_target(&mut self, id: &ObjectId, object: &Object) {
        match id {
            ObjectId::Table(name) | ObjectId::View(name) | ObjectId::MaterializedView(name) => {
                self.sql("TABLE ").qualified(name);
            }
            ObjectId::Aggregate(signature) => {
                self.sql("FUNCTION ").signature(signature);
            }
            ObjectId::Server(name) => {
                self.sql("FOREIGN SERVER ").ident(name);
            }
            _as_in_comments => self.reference(id, object, false),
        }
    }

    /// A grantee. The owner, when nobody says who that is, is whoever runs the statement.
    pub fn grantee(&mut self, grantee: &Grantee, owner: Option<&Ident>) {
        match grantee {
            Grantee::Public => self.push("PUBLIC"),
            Grantee::Owner => match owner {
                Some(owner) => self.ident(owner),
                None => self.push("CURRENT_USER"),
            },
            Grantee::Role(name) => self.ident(name),
            Grantee::CurrentUser => self.push("CURRENT_USER"),
            Grantee::SessionUser => self.push("SESSION_USER"),
        }
    }
}

/// The privileges that are held with the grant option, or without it.
fn with_grant_option(held: &BTreeMap<Privilege, bool>, option: bool) -> Vec<Privilege> {
    held.iter().filter(|(_, has)| **has == option).map(|(privilege, _)| *privilege).collect()
}
