//! Expressions of a SQLite schema, read as PostgreSQL would read them in the canonical schema.
//!
//! The canonical schema goes in and what SQLite says of its tables; checks, defaults and indexes
//! in normal form come out, so that `state IN ('a', 'b')` is what PostgreSQL stores for it. What
//! PostgreSQL cannot read is none. Surprising: each is a source of its own, so that one that is
//! cut short takes no other with it.

use std::collections::BTreeMap;

use sqlparser::dialect::SQLiteDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::{Database, Table};
use crate::emit::normalized;
use crate::emit::sql::{SqlWriter, Style};
use crate::model::{
    Child, ColumnDefault, ConstraintDefinition, Expr, Ident, Index, Object, ObjectId, QualifiedName,
};
use crate::normalize::{NormalObject, NormalSchema, normalize};
use crate::parse::parse;
use crate::source::Source;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    /// For each check of a SQLite table, by its number and that of the check.
    pub checks: BTreeMap<(usize, usize), Expr>,
    /// The default of a column, by the numbers of both.
    pub defaults: BTreeMap<(usize, usize), Expr>,
    /// Indexes, by their numbers.
    pub indexes: BTreeMap<usize, Index>,
}

/// Reads all expressions of tables that have a canonical counterpart.
pub(super) fn expressions(
    canonical: &NormalSchema,
    database: &Database,
    tables: &BTreeMap<usize, QualifiedName>,
) -> Expressions {
    let mut sources = vec![of(normalized::sql(canonical))];
    for (number, name) in tables {
        let Some(table) = database.tables.get(*number) else { continue };
        let on = quoted(name);
        for (at, check) in table.checks.iter().enumerate() {
            let constraint = check_name(*number, at);
            let text = &check.text;
            sources.push(of(format!(
                "ALTER TABLE {on} ADD CONSTRAINT {constraint} CHECK ({text}\n);"
            )));
        }
        // In a table of its own: the canonical one keeps its defaults.
        let own = quoted(&defaults(*number, name));
        sources.push(of(format!("CREATE TABLE {own} (LIKE {on});")));
        for column in &table.columns {
            let ident = canonical_column(canonical, name, &column.name);
            let (Some(default), Some(ident)) = (&column.default, ident) else { continue };
            let (column, text) = (quoted_ident(&ident), &default.text);
            sources.push(of(format!(
                "ALTER TABLE {own} ALTER COLUMN {column} SET DEFAULT ({text}\n);"
            )));
        }
    }
    for (at, index) in database.indexes.iter().enumerate() {
        let table = tables.iter().find(|(number, _)| {
            database
                .tables
                .get(**number)
                .is_some_and(|table| table.name.eq_ignore_ascii_case(&index.table))
        });
        let Some((_, name)) = table else { continue };
        let keys: Vec<String> = index
            .keys
            .iter()
            .map(|key| {
                let column = key
                    .column
                    .as_ref()
                    .and_then(|column| canonical_column(canonical, name, column));
                let text = column.map_or_else(|| key.text.clone(), |ident| quoted_ident(&ident));
                format!("{text}{}", if key.descending { " DESC" } else { "" })
            })
            .collect();
        let unique = if index.unique { "UNIQUE " } else { "" };
        let predicate = index
            .predicate
            .as_ref()
            .map(|predicate| format!(" WHERE {}", predicate.text))
            .unwrap_or_default();
        let text = format!(
            "CREATE {unique}INDEX {} ON {} ({}){predicate}\n;",
            index_name(at),
            quoted(name),
            keys.join(", ")
        );
        sources.push(of(text));
    }
    collect(&normalize(parse(&sources).schema), database, tables)
}

fn of(text: String) -> Source {
    Source { name: String::new(), text }
}

fn check_name(table: usize, at: usize) -> String {
    format!("pgcanon_sqlite_check_{table}_{at}")
}

/// The table that holds the defaults of a table of SQLite.
fn defaults(number: usize, table: &QualifiedName) -> QualifiedName {
    table.sibling(Ident::new(format!("pgcanon_sqlite_defaults_{number}")))
}

fn quoted(name: &QualifiedName) -> String {
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.qualified(name);
    writer.finish()
}

fn quoted_ident(name: &Ident) -> String {
    let mut writer = SqlWriter::new(Style::INLINE);
    writer.ident(name);
    writer.finish()
}

fn index_name(at: usize) -> String {
    format!("pgcanon_sqlite_index_{at}")
}

/// The column that SQLite's name means.
pub(super) fn canonical_column(
    canonical: &NormalSchema,
    table: &QualifiedName,
    name: &str,
) -> Option<Ident> {
    let Object::Table(table) = canonical.get(&ObjectId::Table(table.clone()))?.object() else {
        return None;
    };
    let column =
        table.columns.iter().find(|column| column.name.as_str().eq_ignore_ascii_case(name))?;
    Some(column.name.clone())
}

fn collect(
    read: &NormalSchema,
    database: &Database,
    tables: &BTreeMap<usize, QualifiedName>,
) -> Expressions {
    let mut expressions = Expressions::default();
    for (number, name) in tables {
        let Some(table) = database.tables.get(*number) else { continue };
        for at in 0..table.checks.len() {
            let id =
                ObjectId::Constraint(Child::new(name.clone(), Ident::new(check_name(*number, at))));
            if let Some(Object::Constraint(constraint)) = read.get(&id).map(NormalObject::object)
                && let ConstraintDefinition::Check { expression, .. } = &constraint.definition
            {
                expressions.checks.insert((*number, at), expression.expr.clone());
            }
        }
        let own = read.get(&ObjectId::Table(defaults(*number, name)));
        let own = own.map(NormalObject::object);
        for (at, column) in table.columns.iter().enumerate() {
            let Some(Object::Table(own)) = &own else { continue };
            let same = |other: &&crate::model::Column| {
                other.name.as_str().eq_ignore_ascii_case(&column.name)
            };
            if let Some(ColumnDefault::Expression(expression)) =
                own.columns.iter().find(same).and_then(|column| column.default.as_ref())
            {
                expressions.defaults.insert((*number, at), expression.expr.clone());
            }
        }
    }
    for (id, object) in read {
        if let (ObjectId::Index(name), Object::Index(index)) = (id, object.object())
            && let Some(at) = name.name.as_str().strip_prefix("pgcanon_sqlite_index_")
            && let Ok(at) = at.parse()
        {
            expressions.indexes.insert(at, (**index).clone());
        }
    }
    expressions
}

/// The values that a check of a table allows a column: `c IN ('a', 'b')`.
pub(super) fn values(table: &Table, column: &str) -> Option<Vec<String>> {
    table.checks.iter().find_map(|check| {
        let dialect = SQLiteDialect {};
        let tokens = Tokenizer::new(&dialect, &check.text).tokenize().ok()?;
        let mut tokens = tokens.into_iter().filter(|token| !matches!(token, Token::Whitespace(_)));
        match (tokens.next()?, tokens.next()?, tokens.next()?) {
            (Token::Word(word), Token::Word(is), Token::LParen)
                if word.value.eq_ignore_ascii_case(column)
                    && is.value.eq_ignore_ascii_case("in") => {}
            _other => return None,
        }
        let mut values = Vec::new();
        loop {
            let Token::SingleQuotedString(value) = tokens.next()? else { return None };
            values.push(value);
            match tokens.next()? {
                Token::Comma => {}
                Token::RParen => break,
                _other => return None,
            }
        }
        tokens.next().is_none().then_some(values)
    })
}
