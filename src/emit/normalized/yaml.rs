//! A normalized schema in YAML that reads back as the same schema.
//!
//! Ordinary tables have columns, constraints, indexes and policies under keys; what the keys
//! cannot say is SQL under `definition` and `statements`, in the words of [`super::sql`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::executable::policy_queries;
use super::order::{Item, Rank};
use super::{HEADER, said, with_items};
use crate::emit::escape::yaml as scalar;
use crate::emit::redact;
use crate::emit::sql::{SqlWriter, Style, inline_expr, inline_type};
use crate::model::{
    Column, ColumnDefault, Constraint, ConstraintDefinition, Entry, Expression, Grantee, Ident,
    NotNull, Object, ObjectId, Policy, PolicyCommand, QualifiedName, Table,
};
use crate::normalize::{NormalObject, NormalSchema};

/// The schema as a document. Secrets are digests unless they are asked for.
pub fn yaml(schema: &NormalSchema, with_secrets: bool) -> String {
    let mut document = Document { schema, with_secrets, ..Document::new(schema) };
    with_items(schema, &mut |item| document.take(item));
    document.finish()
}

/// A document under construction.
struct Document<'a> {
    schema: &'a NormalSchema,
    with_secrets: bool,
    /// Tables that others inherit from: what is said of them when, decides what is inherited.
    parents: BTreeSet<&'a QualifiedName>,
    tables: BTreeMap<QualifiedName, Lists>,
    statements: Vec<String>,
}

/// What is under a table, as lines without indentation.
#[derive(Default)]
struct Lists {
    settings: Vec<String>,
    columns: Vec<String>,
    constraints: Vec<String>,
    indexes: Vec<String>,
    policies: Vec<String>,
}

impl<'a> Document<'a> {
    fn new(schema: &'a NormalSchema) -> Self {
        let tables =
            schema.iter().filter_map(|(_, object)| <&Table>::try_from(object.object()).ok());
        Self {
            schema,
            with_secrets: false,
            parents: tables.flat_map(|table| &table.inherits).collect(),
            tables: BTreeMap::new(),
            statements: vec![HEADER.trim_end().to_owned()],
        }
    }

    fn take(&mut self, item: &Item<'_>) {
        if !self.take_structured(item) {
            self.statement(&item.text);
        }
    }

    fn statement(&mut self, text: &str) {
        let text = text.trim_end();
        if !text.is_empty() {
            self.statements.push(text.to_owned());
        }
    }

    fn table(&self, name: &QualifiedName) -> Option<(&'a NormalObject, &'a Table)> {
        let object = self.schema.get(&ObjectId::Table(name.clone()))?;
        let table = <&Table>::try_from(object.object()).ok()?;
        (is_ordinary(table) && !self.parents.contains(name)).then_some((object, table))
    }

    /// Writes under keys what can be; false when it is left to SQL.
    fn take_structured(&mut self, item: &Item<'_>) -> bool {
        let entry = self.schema.get(item.id);
        let object = entry.map(NormalObject::object);
        match (item.id, object) {
            (ObjectId::Table(name), Some(_)) => {
                let Some((object, table)) = self.table(name) else { return false };
                self.take_of_table(item.rank, name, object, table)
            }
            (ObjectId::Constraint(child), Some(Object::Constraint(constraint))) => {
                let plain = self.table(&child.parent).is_some() && has_no_parts(constraint);
                if !plain || item.rank == Rank::Said {
                    return false;
                }
                let definition = written(|w| w.constraint(constraint));
                let line = self.named(&child.name, &definition);
                self.lists(&child.parent).constraints.push(line);
                true
            }
            (ObjectId::Index(name), Some(Object::Index(index))) => {
                let plain = self.table(&index.relation).is_some() && index.partitions.is_empty();
                if !plain || item.rank != Rank::Index {
                    return false;
                }
                let line = self.named(&name.name, item.text.trim_end());
                self.lists(&index.relation).indexes.push(line);
                true
            }
            (ObjectId::Policy(child), Some(Object::Policy(policy))) => {
                // What asks other tables runs only as its source has it.
                let plain = self.table(&child.parent).is_some()
                    && item.rank == Rank::OnTable
                    && !policy_queries(policy);
                let line = self.policy(&child.name, policy);
                match line.filter(|_| plain && item.text.starts_with("CREATE POLICY ")) {
                    Some(line) => self.lists(&child.parent).policies.push(line),
                    None => return false,
                }
                true
            }
            _another_kind => false,
        }
    }

    fn take_of_table(
        &mut self,
        rank: Rank,
        name: &QualifiedName,
        object: &NormalObject,
        table: &Table,
    ) -> bool {
        match rank {
            Rank::Table => {
                let columns = table.columns.iter().map(|column| self.column(column)).collect();
                let owner = object.owner().map(|owner| format!("owner: {}", scalar(&part(owner))));
                let comment = object.comment().map(|text| self.key("comment", text));
                let unlogged = table.unlogged.then(|| "unlogged: true".to_owned());
                let lists = self.lists(name);
                lists.columns = columns;
                lists.settings.extend(comment.into_iter().chain(owner).chain(unlogged));
                true
            }
            Rank::Defaults => true,
            Rank::Settings => {
                let lists = self.lists(name);
                for (flag, key) in
                    [(table.row_security, "rls_enabled"), (table.force_row_security, "rls_forced")]
                {
                    if flag {
                        lists.settings.push(format!("{key}: true"));
                    }
                }
                let rest =
                    Table { row_security: false, force_row_security: false, ..table.clone() };
                let text = written(|w| w.table_settings(name, &rest));
                self.statement(&text);
                true
            }
            Rank::Said => {
                let mut bare = table.clone();
                bare.columns.iter_mut().for_each(|column| column.comment = None);
                let entry = object.entry();
                let entry =
                    Entry { comment: None, object: Object::Table(Box::new(bare)), ..entry.clone() };
                let id = ObjectId::Table(name.clone());
                let text = written(|w| said(w, &id, &entry, false));
                self.statement(&text);
                true
            }
            _other_statements => false,
        }
    }

    fn lists(&mut self, name: &QualifiedName) -> &mut Lists {
        self.tables.entry(name.clone()).or_default()
    }

    fn shown(&self, text: &str) -> String {
        if self.with_secrets { text.to_owned() } else { redact::shown(text).into_owned() }
    }

    fn key(&self, key: &str, text: &str) -> String {
        format!("{key}: {}", scalar(&self.shown(text)))
    }

    fn named(&self, name: &Ident, definition: &str) -> String {
        format!("{{name: {}, {}}}", scalar(&part(name)), self.key("definition", definition))
    }

    fn column(&self, column: &Column) -> String {
        let default = match &column.default {
            Some(ColumnDefault::Expression(default)) => Some(default),
            _ => None,
        };
        let mut keys = if is_simple(column) {
            let mut keys = vec![self.key("type", &inline_type(&column.ty))];
            if column.not_null.is_some() {
                keys.push("nullable: false".to_owned());
            }
            keys
        } else {
            let definition = written(|w| w.column(column));
            let name = written(|w| w.ident(&column.name));
            let definition = definition.strip_prefix(name.as_str()).unwrap_or_default();
            vec![self.key("definition", definition.trim_start())]
        };
        keys.extend(default.map(|default| {
            format!("default: {{{}}}", self.key("sql", &inline_expr(&default.expr)))
        }));
        keys.extend(column.comment.as_deref().map(|text| self.key("comment", text)));
        format!("{}: {{{}}}", scalar(&part(&column.name)), keys.join(", "))
    }

    /// None for a policy of roles that have no name.
    fn policy(&self, name: &Ident, policy: &Policy) -> Option<String> {
        let Policy { permissive, command, roles, using, with_check } = policy;
        let role = |grantee: &Grantee| match grantee {
            Grantee::Public => Some("public".to_owned()),
            Grantee::Role(role) if *role != "public" => Some(scalar(role.as_str())),
            Grantee::Role(_) | Grantee::Owner | Grantee::CurrentUser | Grantee::SessionUser => None,
        };
        let roles: Option<Vec<String>> = roles.iter().map(role).collect();
        let command = match command {
            PolicyCommand::All => "ALL",
            PolicyCommand::Select => "SELECT",
            PolicyCommand::Insert => "INSERT",
            PolicyCommand::Update => "UPDATE",
            PolicyCommand::Delete => "DELETE",
        };
        let mut keys = vec![
            format!("name: {}", scalar(&part(name))),
            format!("permissive: {permissive}"),
            format!("for: {command}"),
            format!("roles: [{}]", roles?.join(", ")),
        ];
        let expression = |key, expression: &Option<Expression>| {
            expression.as_ref().map(|e| self.key(key, &inline_expr(&e.expr)))
        };
        keys.extend(expression("using", using));
        keys.extend(expression("with_check", with_check));
        Some(format!("{{{}}}", keys.join(", ")))
    }

    fn finish(self) -> String {
        let mut out = "version: \"1.0.0\"\ncomplete: true\nexact: true\n".to_owned();
        // Writing to a string cannot fail.
        let mut line = |indent: usize, text: &str| {
            let _ = writeln!(out, "{:indent$}{text}", "");
        };
        if !self.tables.is_empty() {
            line(0, "tables:");
        }
        for (name, lists) in &self.tables {
            let Lists { settings, columns, constraints, indexes, policies } = lists;
            let key = format!("{}.{}", part(&name.namespace), part(&name.name));
            line(2, &format!("{}:", scalar(&key)));
            for setting in settings {
                line(4, setting);
            }
            line(4, if columns.is_empty() { "columns: {}" } else { "columns:" });
            for column in columns {
                line(6, column);
            }
            let lists =
                [("constraints:", constraints), ("indexes:", indexes), ("policies:", policies)];
            for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
                line(4, key);
                for item in list {
                    line(6, &format!("- {item}"));
                }
            }
        }
        line(0, "statements:");
        for text in &self.statements {
            let text = if self.with_secrets { text.into() } else { redact::sql(text).0 };
            line(2, &format!("- {}", scalar(&text)));
        }
        out
    }
}

/// A name as a part of a dotted one.
fn part(name: &Ident) -> String {
    let text = name.as_str();
    let plain = !text.contains(['.', '"']) && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

fn written(write: impl FnOnce(&mut SqlWriter)) -> String {
    let mut writer = SqlWriter::new(Style::INLINE);
    write(&mut writer);
    writer.finish()
}

/// True for a table of which everything but statements of their own has a key.
fn is_ordinary(table: &Table) -> bool {
    table.inherits.is_empty()
        && table.partition_of.is_none()
        && table.partition_by.is_none()
        && table.of_type.is_none()
        && table.access_method.is_none()
        && table.tablespace.is_none()
        && table.options.is_empty()
        && table.foreign.is_none()
        && !table.columns.iter().any(|column| column.inherited)
}

fn is_simple(column: &Column) -> bool {
    let plain = NotNull { comment: None, ..NotNull::default() };
    let not_null = column
        .not_null
        .as_ref()
        .is_none_or(|not_null| NotNull { comment: None, ..not_null.clone() } == plain);
    not_null
        && column.details.collation.is_none()
        && column.details.foreign_options.is_empty()
        && matches!(column.default, Some(ColumnDefault::Expression(_)) | None)
}

/// False when partitions have parts of the constraint's index.
fn has_no_parts(constraint: &Constraint) -> bool {
    match &constraint.definition {
        ConstraintDefinition::PrimaryKey(key) | ConstraintDefinition::Unique(key) => {
            key.partitions.is_empty()
        }
        ConstraintDefinition::Check { .. }
        | ConstraintDefinition::ForeignKey(_)
        | ConstraintDefinition::Exclusion(_) => true,
    }
}
