//! One function for each kind of rule.

use std::collections::BTreeSet;

use super::rule::{Rule, Rules};
use super::{Finding, Outcome, probe};
use crate::emit::report::object_name;
use crate::emit::sql::{inline_expr, inline_type};
use crate::model::{
    Child, ColumnDefault, ConstraintDefinition, Expr, Ident, Index, IndexKey, Literal, Object,
    ObjectId, Place, QualifiedName, Span, Table, Visit, walk_expr,
};
use crate::normalize::{NormalObject, NormalSchema};
use crate::policy::fits;
use crate::source::{LineIndex, Source};

/// Checks all rules on one side.
pub fn check(rules: &[Rules], schema: &NormalSchema, sources: &[Source]) -> Vec<Finding> {
    let lines = sources.iter().map(|source| LineIndex::new(&source.text)).collect();
    let mut side = Side { schema, sources, lines, findings: Vec::new() };
    for rule in rules.iter().flat_map(|rules| &rules.0) {
        side.check(rule);
    }
    side.findings
}

struct Side<'a> {
    schema: &'a NormalSchema,
    sources: &'a [Source],
    lines: Vec<LineIndex<'a>>,
    findings: Vec<Finding>,
}

/// A table with its name and where it is said.
type Named<'a> = (&'a QualifiedName, &'a NormalObject, &'a Table);

impl<'a> Side<'a> {
    fn check(&mut self, rule: &Rule) {
        let before = self.findings.len();
        match rule.what.as_deref() {
            None => {
                let text = rule.description.clone().unwrap_or_default();
                self.add(rule, Outcome::Prose, String::new(), text, None);
            }
            Some("one_name") => self.one_name(rule),
            Some("names") => self.names(rule),
            Some(kind) => {
                let tables = self.tables(rule);
                let exact = rule.table.as_ref().filter(|name| !name.contains(['*', '?']));
                if let (true, Some(name)) = (tables.is_empty(), exact) {
                    let message = "the table is not there".to_owned();
                    self.add(rule, Outcome::Fail, format!("table {name}"), message, None);
                }
                for table in tables {
                    match kind {
                        "column" => self.column(rule, table),
                        "index" => self.index(rule, table),
                        "values" => self.values(rule, table),
                        "row_security" => self.row_security(rule, table),
                        _foreign_keys => self.foreign_keys(rule, table),
                    }
                }
            }
        }
        if self.findings.len() == before {
            let message = "nothing is what the rule is about".to_owned();
            self.add(rule, Outcome::Nothing, String::new(), message, None);
        }
    }

    fn add(
        &mut self,
        rule: &Rule,
        outcome: Outcome,
        object: String,
        message: String,
        span: Option<Span>,
    ) {
        let evidence = span.filter(|span| *span != Span::default()).and_then(|span| {
            let at = span.source.0 as usize;
            let line = self.lines.get(at)?.position(span.start as usize).line;
            Some((self.sources.get(at)?.name.clone(), line))
        });
        let (title, severity) = (rule.title(), rule.severity());
        self.findings.push(Finding { rule: title, severity, outcome, object, message, evidence });
    }

    /// Passes when nothing is wrong, else fails once for each thing.
    fn judge(&mut self, rule: &Rule, id: &ObjectId, span: Span, holds: &str, wrong: Vec<String>) {
        let object = format!("{} {}", id.kind().label(), object_name(id));
        if wrong.is_empty() {
            self.add(rule, Outcome::Pass, object.clone(), holds.to_owned(), Some(span));
        }
        for message in wrong {
            self.add(rule, Outcome::Fail, object.clone(), message, Some(span));
        }
    }

    /// The tables that a rule is about.
    fn tables(&self, rule: &Rule) -> Vec<Named<'a>> {
        let selector = rule.tables.clone().unwrap_or_default();
        let schema: &'a NormalSchema = self.schema;
        let tables = schema.iter().filter_map(|(id, object)| {
            let table = <&Table>::try_from(object.object()).ok()?;
            Some((id.qualified_name()?, object, table))
        });
        let fits_rule = |(name, _, table): &Named<'_>| {
            let names = selector.name.all();
            let column = selector.has_column.as_ref();
            rule.table.as_ref().is_none_or(|pattern| named(pattern, name))
                && (names.is_empty() || names.iter().any(|pattern| named(pattern, name)))
                && !selector.except.all().iter().any(|pattern| named(pattern, name))
                && column.is_none_or(|column| table.column(&Ident::new(column)).is_some())
        };
        tables.filter(fits_rule).collect()
    }

    fn column(&mut self, rule: &Rule, (name, object, table): Named<'a>) {
        let wanted = Ident::new(rule.column.as_deref().unwrap_or_default());
        let id = ObjectId::Column(Child::new(name.clone(), wanted.clone()));
        let Some(column) = table.column(&wanted) else {
            let missing = vec!["the column is not there".to_owned()];
            return self.judge(rule, &id, object.origin().span, "", missing);
        };
        let mut wrong = Vec::new();
        let keys = self.unique_keys(name);
        if let Some(not_null) = rule.not_null
            && not_null != column.not_null.is_some()
        {
            wrong.push(if not_null { "it may be NULL" } else { "it may not be NULL" }.to_owned());
        }
        if let Some(unique) = rule.unique
            && unique != keys.contains(&vec![wanted.clone()])
        {
            wrong.push(if unique { "it is not unique" } else { "it is unique" }.to_owned());
        }
        if let Some(ty) = &rule.ty {
            match probe::column(self.schema, &wanted, ty) {
                Some(probe) if probe.ty == column.ty => {}
                Some(_) => wrong.push(format!("its type is {}, not {ty}", inline_type(&column.ty))),
                None => wrong.push(format!("\"{ty}\" is no type")),
            }
        }
        if let Some(default) = &rule.default {
            let ty = inline_type(&column.ty);
            let probe = probe::column(self.schema, &wanted, &format!("{ty} DEFAULT ({default}\n)"));
            let shown = match &column.default {
                Some(ColumnDefault::Expression(default)) => inline_expr(&default.expr),
                Some(ColumnDefault::Generated { .. }) => "generated".to_owned(),
                Some(ColumnDefault::Identity { .. }) => "identity".to_owned(),
                None => "none".to_owned(),
            };
            if probe.is_none_or(|probe| probe.default != column.default) {
                wrong.push(format!("its default is {shown}, not {default}"));
            }
        }
        let span = object.origin().of(&Place::part(&wanted));
        self.judge(rule, &id, span, "the column is as it has to be", wrong);
    }

    /// The lists of columns that a table keeps unique.
    fn unique_keys(&self, table: &QualifiedName) -> BTreeSet<Vec<Ident>> {
        let mut keys = BTreeSet::new();
        for (id, object) in self.schema {
            match (id, object.object()) {
                (ObjectId::Constraint(child), Object::Constraint(constraint))
                    if child.parent == *table =>
                {
                    if let ConstraintDefinition::PrimaryKey(key)
                    | ConstraintDefinition::Unique(key) = &constraint.definition
                    {
                        keys.insert(key.columns.clone());
                    }
                }
                (_, Object::Index(index))
                    if index.relation == *table && index.unique && index.predicate.is_none() =>
                {
                    keys.extend(index.keys.iter().map(plain).collect::<Option<Vec<_>>>());
                }
                _other => {}
            }
        }
        keys
    }

    fn index(&mut self, rule: &Rule, (name, object, _): Named<'a>) {
        let wanted: Vec<String> = rule.columns.iter().map(|key| key_text(key)).collect();
        let mut near = None;
        for (id, candidate) in self.schema {
            let Object::Index(index) = candidate.object() else { continue };
            let named = rule
                .name
                .as_ref()
                .is_none_or(|name| id.qualified_name().is_some_and(|id| id.name == *name.as_str()));
            if index.relation != *name || !named {
                continue;
            }
            let keys: Vec<String> = index.keys.iter().map(shown_key).collect();
            let mut wrong = Vec::new();
            if keys != wanted {
                wrong.push(format!("its keys are {}, not {}", keys.join(", "), wanted.join(", ")));
            }
            if let Some(include) = &rule.include {
                let has: Vec<&str> = index.include.iter().map(Ident::as_str).collect();
                if has != *include {
                    let (has, wanted) = (has.join(", "), include.join(", "));
                    wrong.push(format!("it includes ({has}), not ({wanted})"));
                }
            }
            if rule.unique.is_some_and(|unique| unique != index.unique) {
                wrong.push(
                    if index.unique { "it is unique" } else { "it is not unique" }.to_owned(),
                );
            }
            if wrong.is_empty() || rule.name.is_some() {
                let span = candidate.origin().span;
                return self.judge(rule, id, span, "the index is as it has to be", wrong);
            }
            if keys == wanted {
                near = Some((id, candidate.origin().span, wrong));
            }
        }
        match near {
            Some((id, span, wrong)) => self.judge(rule, id, span, "", wrong),
            None => {
                let id = ObjectId::Table(name.clone());
                let missing = match &rule.name {
                    Some(index) => format!("there is no index {index}"),
                    None => format!("no index has the keys {}", wanted.join(", ")),
                };
                self.judge(rule, &id, object.origin().span, "", vec![missing]);
            }
        }
    }

    fn values(&mut self, rule: &Rule, (name, object, table): Named<'a>) {
        let wanted = Ident::new(rule.column.as_deref().unwrap_or_default());
        let id = ObjectId::Column(Child::new(name.clone(), wanted.clone()));
        let Some(column) = table.column(&wanted) else {
            let missing = vec!["the column is not there".to_owned()];
            return self.judge(rule, &id, object.origin().span, "", missing);
        };
        let span = object.origin().of(&Place::part(&wanted));
        let allowed: BTreeSet<&str> = rule.values.iter().map(String::as_str).collect();
        let list = rule.values.join(", ");
        let ty = &column.ty.name;
        let namespace = ty.namespace.clone().unwrap_or_default();
        let of_type = QualifiedName { namespace, name: ty.name.clone() };
        let labels = self.schema.get(&ObjectId::Enum(of_type)).map(NormalObject::object);
        if let Some(Object::Enum(of_type)) = labels {
            let labels = &of_type.labels;
            let has: BTreeSet<&str> = labels.iter().map(AsRef::as_ref).collect();
            let wrong = (has != allowed).then(|| {
                let has: Vec<&str> = labels.iter().map(AsRef::as_ref).collect();
                format!("its type allows {}, not {list}", has.join(", "))
            });
            let holds = "its type allows exactly these values";
            return self.judge(rule, &id, span, holds, wrong.into_iter().collect());
        }
        let mut other = Vec::new();
        for (check_id, check) in self.schema {
            let (ObjectId::Constraint(child), Object::Constraint(constraint)) =
                (check_id, check.object())
            else {
                continue;
            };
            let (ConstraintDefinition::Check { expression, .. }, Object::Constraint(written)) =
                (&constraint.definition, check.written())
            else {
                continue;
            };
            let ConstraintDefinition::Check { expression: written, .. } = &written.definition
            else {
                continue;
            };
            if child.parent != *name || !reads_only(&expression.expr, &wanted) {
                continue;
            }
            let listed = strings(&written.expr);
            let same: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
            let order: Vec<&str> = listed.iter().map(String::as_str).collect();
            let probe = probe::values(self.schema, &wanted, &inline_type(&column.ty), &order);
            if same == allowed
                && probe.is_some_and(|probe| probe.definition == constraint.definition)
            {
                let span = check.origin().span;
                return self.judge(
                    rule,
                    &id,
                    span,
                    "its CHECK allows exactly these values",
                    vec![],
                );
            }
            other.push(inline_expr(&expression.expr));
        }
        let wrong = if other.is_empty() {
            format!("no CHECK and no enum limits it to {list}")
        } else {
            format!("its CHECK is {}, not {list}", other.join("; "))
        };
        self.judge(rule, &id, span, "", vec![wrong]);
    }

    fn row_security(&mut self, rule: &Rule, (name, object, table): Named<'a>) {
        let id = ObjectId::Table(name.clone());
        let mut wrong = Vec::new();
        if !table.row_security {
            wrong.push("row security is not enabled".to_owned());
        }
        if !table.force_row_security && rule.forced != Some(false) {
            wrong.push("row security is not forced on the owner".to_owned());
        }
        let is_own = |id: &ObjectId| matches!(id, ObjectId::Policy(child) if child.parent == *name);
        if rule.policy != Some(false) && !self.schema.iter().any(|(id, _)| is_own(id)) {
            wrong.push("there is no policy".to_owned());
        }
        self.judge(rule, &id, object.origin().span, "row security holds", wrong);
    }

    fn foreign_keys(&mut self, rule: &Rule, (name, _, _): Named<'a>) {
        for (id, object) in self.schema {
            let (ObjectId::Constraint(child), Object::Constraint(constraint)) =
                (id, object.object())
            else {
                continue;
            };
            let ConstraintDefinition::ForeignKey(key) = &constraint.definition else { continue };
            if child.parent != *name {
                continue;
            }
            let wanted: BTreeSet<&Ident> = key.columns.iter().collect();
            let leads = |columns: &[Ident]| {
                columns.iter().take(wanted.len()).collect::<BTreeSet<_>>() == wanted
            };
            let by_key = self.unique_keys(name).iter().any(|key| leads(key));
            let by_index = self.schema.iter().any(|(_, other)| {
                let Ok(index) = <&Index>::try_from(other.object()) else { return false };
                let keys = index.keys.iter().map_while(plain).collect::<Vec<_>>();
                index.relation == *name && index.predicate.is_none() && leads(&keys)
            });
            let columns: Vec<&str> = key.columns.iter().map(Ident::as_str).collect();
            let missing = format!("no index starts with ({})", columns.join(", "));
            let wrong = if by_key || by_index { Vec::new() } else { vec![missing] };
            self.judge(rule, id, object.origin().span, "an index leads with its columns", wrong);
        }
    }

    fn names(&mut self, rule: &Rule) {
        let kind = rule.kind.as_deref().unwrap_or_default();
        let patterns = rule.pattern.all();
        let tables: BTreeSet<&QualifiedName> =
            self.tables(rule).into_iter().map(|(name, _, _)| name).collect();
        let limited = rule.table.is_some() || rule.tables.is_some();
        let schema: &'a NormalSchema = self.schema;
        let mut found: Vec<(ObjectId, Ident, Span)> = Vec::new();
        for (id, object) in schema {
            let holder = match object.object() {
                Object::Index(index) => Some(&index.relation),
                _other => id.parent().or_else(|| id.qualified_name()),
            };
            if limited && !holder.is_some_and(|holder| tables.contains(holder)) {
                continue;
            }
            if let (Object::Table(table), "column", Some(name)) =
                (object.object(), kind, id.qualified_name())
            {
                for column in &table.columns {
                    let child = Child::new(name.clone(), column.name.clone());
                    let span = object.origin().of(&Place::part(&column.name));
                    found.push((ObjectId::Column(child), column.name.clone(), span));
                }
            } else if id.kind().label() == kind {
                let name = id.qualified_name().map(|name| name.name.clone());
                let name = name.or_else(|| last_part(id));
                found.extend(name.map(|name| (id.clone(), name, object.origin().span)));
            }
        }
        for (id, name, span) in found {
            let good = patterns.iter().any(|pattern| fits(pattern, name.as_str()));
            let wrong = format!("the name fits none of {}", patterns.join(", "));
            self.judge(rule, &id, span, "the name fits", if good { vec![] } else { vec![wrong] });
        }
    }

    fn one_name(&mut self, rule: &Rule) {
        let name = rule.name.as_deref().unwrap_or_default();
        for (table_name, object, table) in self.tables(rule) {
            for column in &table.columns {
                let text = column.name.as_str();
                let never = rule.never.iter().any(|never| never == text);
                if !never && text != name {
                    continue;
                }
                let id = ObjectId::Column(Child::new(table_name.clone(), column.name.clone()));
                let span = object.origin().of(&Place::part(&column.name));
                let wrong = never.then(|| format!("such a column is called {name}"));
                self.judge(rule, &id, span, "the name is the one", wrong.into_iter().collect());
            }
        }
    }
}

/// True for a name without a schema that fits, or a whole one.
fn named(pattern: &str, name: &QualifiedName) -> bool {
    if pattern.contains('.') {
        return fits(pattern, &format!("{}.{}", name.namespace.as_str(), name.name.as_str()));
    }
    fits(pattern, name.name.as_str())
}

fn last_part(id: &ObjectId) -> Option<Ident> {
    match id {
        ObjectId::Constraint(child)
        | ObjectId::Policy(child)
        | ObjectId::Trigger(child)
        | ObjectId::Rule(child) => Some(child.name.clone()),
        _without => None,
    }
}

/// The column that a key is.
fn plain(key: &IndexKey) -> Option<Ident> {
    match &key.expr {
        Expr::Column(column) if !column.star => column.parts.last().cloned(),
        _expression => None,
    }
}

fn shown_key(key: &IndexKey) -> String {
    let name = plain(key).map_or_else(|| inline_expr(&key.expr), |name| name.as_str().to_owned());
    if key.descending { format!("{name} DESC") } else { name }
}

/// A key as it is written in a rule.
fn key_text(key: &str) -> String {
    let key = key.trim();
    match key.rsplit_once(' ') {
        Some((name, order)) if order.eq_ignore_ascii_case("desc") => {
            format!("{} DESC", name.trim())
        }
        Some((name, order)) if order.eq_ignore_ascii_case("asc") => name.trim().to_owned(),
        Some(_) | None => key.to_owned(),
    }
}

fn reads_only(expr: &Expr, column: &Ident) -> bool {
    let (mut own, mut other) = (false, false);
    expr.for_each_column(&mut |read| {
        let same = read.parts.last() == Some(column);
        own |= same;
        other |= !same;
    });
    own && !other
}

/// The strings of an expression, in order.
fn strings(expr: &Expr) -> Vec<String> {
    struct Strings(Vec<String>);
    impl Visit for Strings {
        fn expr(&mut self, expr: &Expr) -> bool {
            match expr {
                Expr::Literal(Literal::String(text)) => self.0.push(text.to_string()),
                Expr::Constant(constant) => {
                    self.0.extend(constant.value.as_ref().map(ToString::to_string));
                }
                _other => {}
            }
            true
        }
    }
    let mut strings = Strings(Vec::new());
    walk_expr(expr, &mut strings);
    strings.0
}
