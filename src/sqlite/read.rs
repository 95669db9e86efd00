//! The output of SQLite's `.schema` to a [`Database`].
//!
//! The tokens are those of `sqlparser`; what they form is read here, as SQLite takes any words for
//! a type, strings for names, and parts of a column in any order
//! (<https://www.sqlite.org/lang_createtable.html>). What is not understood is a problem.

use sqlparser::tokenizer::Token;

use super::tokens::Reader;
use super::{Column, Database, ForeignKey, Index, Key, Named, Table, Written};
use crate::model::{Problem, SourceId};
use crate::source::Source;

/// Reads a schema. Places are in source `id`.
pub fn read(id: SourceId, source: &Source) -> (Database, Vec<Problem>) {
    let mut reader = match Reader::new(id, source) {
        Ok(reader) => reader,
        Err(problem) => return (Database::default(), vec![*problem]),
    };
    let mut database = Database::default();
    while !reader.is_done() {
        if reader.take_symbol(&Token::SemiColon) {
            continue;
        }
        database.statements += 1;
        let start = reader.at;
        if reader.statement(&mut database).is_none() {
            let problem = reader.unreadable(start);
            reader.problems.push(problem);
            reader.at = start;
            reader.skip_statement();
        }
    }
    (database, reader.problems)
}

/// Words that end the type of a column.
const AFTER_TYPE: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AS",
    "ON",
];

impl Reader<'_> {
    fn statement(&mut self, database: &mut Database) -> Option<()> {
        let start = self.at;
        if !self.take(&["CREATE"]) {
            let ignored = [
                "PRAGMA", "BEGIN", "COMMIT", "END", "INSERT", "DELETE", "UPDATE", "ANALYZE",
                "VACUUM", "SELECT",
            ];
            if !ignored.iter().any(|word| self.is(word)) {
                return None;
            }
            database.ignored += 1;
            self.skip_statement();
            return Some(());
        }
        let temporary = self.take(&["TEMP"]) || self.take(&["TEMPORARY"]);
        if self.take(&["TABLE"]) {
            let table = self.table(start)?;
            if temporary || table.name.to_ascii_lowercase().starts_with("sqlite_") {
                database.ignored += 1;
            } else {
                database.tables.push(table);
            }
            return Some(());
        }
        if self.take(&["VIRTUAL", "TABLE"]) {
            database.virtual_tables.push(self.named(start)?);
            self.skip_statement();
            return Some(());
        }
        let unique = self.take(&["UNIQUE"]);
        if self.take(&["INDEX"]) {
            database.indexes.push(self.index(start, unique)?);
            return Some(());
        }
        let (is_view, is_trigger) = (self.take(&["VIEW"]), self.take(&["TRIGGER"]));
        if !is_view && !is_trigger {
            return None;
        }
        let named = self.named(start)?;
        if is_trigger {
            self.skip_body()?;
        } else {
            self.skip_statement();
        }
        if temporary {
            database.ignored += 1;
        } else if is_view {
            database.views.push(named);
        } else {
            database.triggers.push(named);
        }
        Some(())
    }

    /// The name of what is created, and the place up to it.
    fn named(&mut self, start: usize) -> Option<Named> {
        let _exists = self.take(&["IF", "NOT", "EXISTS"]);
        let name = self.qualified()?;
        Some(Named { name, span: self.span(start, self.at) })
    }

    /// The body of a trigger: up to the END that is not that of a CASE.
    fn skip_body(&mut self) -> Option<()> {
        while !self.take(&["BEGIN"]) {
            self.peek(0)?;
            self.at += 1;
        }
        let mut cases = 0_usize;
        loop {
            self.peek(0)?;
            if self.take(&["CASE"]) {
                cases += 1;
            } else if self.take(&["END"]) {
                match cases.checked_sub(1) {
                    Some(rest) => cases = rest,
                    None => return Some(()),
                }
            } else {
                self.at += 1;
            }
        }
    }

    fn table(&mut self, start: usize) -> Option<Table> {
        let Named { name, span } = self.named(start)?;
        let mut table = Table {
            name,
            span,
            columns: Vec::new(),
            primary_key: Vec::new(),
            uniques: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            without_rowid: false,
            strict: false,
            of_query: false,
        };
        if self.take(&["AS"]) {
            table.of_query = true;
            self.skip_statement();
            return Some(table);
        }
        if !self.take_symbol(&Token::LParen) {
            return None;
        }
        loop {
            self.item(&mut table)?;
            if self.take_symbol(&Token::RParen) {
                break;
            }
            // SQLite takes constraints of a table without commas between them.
            let _comma = self.take_symbol(&Token::Comma);
        }
        loop {
            if self.take(&["WITHOUT", "ROWID"]) {
                table.without_rowid = true;
            } else if self.take(&["STRICT"]) {
                table.strict = true;
            } else if !self.take_symbol(&Token::Comma) {
                break;
            }
        }
        (self.is_done() || self.take_symbol(&Token::SemiColon)).then_some(table)
    }

    /// A column, or a constraint of the table.
    fn item(&mut self, table: &mut Table) -> Option<()> {
        let start = self.at;
        if self.take(&["CONSTRAINT"]) {
            self.name()?;
        }
        if self.take(&["PRIMARY", "KEY"]) {
            table.primary_key = self.columns()?;
        } else if self.is("UNIQUE") && self.peek(1) == Some(&Token::LParen) {
            self.at += 1;
            table.uniques.push(self.columns()?);
        } else if self.is("CHECK") && self.peek(1) == Some(&Token::LParen) {
            self.at += 1;
            table.checks.push(self.parenthesized()?);
        } else if self.take(&["FOREIGN", "KEY"]) {
            let columns = self.columns()?;
            if !self.take(&["REFERENCES"]) {
                return None;
            }
            let key = self.references(columns, start)?;
            table.foreign_keys.push(key);
        } else if self.at == start {
            return self.column(table);
        } else {
            return None;
        }
        self.on_conflict()
    }

    fn on_conflict(&mut self) -> Option<()> {
        if self.take(&["ON", "CONFLICT"]) {
            self.name()?;
        }
        Some(())
    }

    fn column(&mut self, table: &mut Table) -> Option<()> {
        let start = self.at;
        let mut column = Column { name: self.name()?, ..Column::default() };
        column.declared = self.declared()?;
        while self.part(start, &mut column, table)? {}
        column.span = self.span(start, self.at);
        table.columns.push(column);
        Some(())
    }

    /// The words of a type, with the numbers behind it.
    fn declared(&mut self) -> Option<String> {
        let mut words: Vec<String> = Vec::new();
        loop {
            let ends = self.word(0).is_none_or(|word| AFTER_TYPE.contains(&word.as_str()));
            let quoted = matches!(self.peek(0), Some(Token::Word(word)) if word.quote_style.is_some())
                || matches!(self.peek(0), Some(Token::SingleQuotedString(_)));
            if ends && !quoted {
                break;
            }
            words.push(self.name()?);
        }
        let mut declared = words.join(" ");
        if self.peek(0) == Some(&Token::LParen) {
            let numbers = self.parenthesized()?.text;
            declared.push_str(&format!("({})", numbers.split_whitespace().collect::<String>()));
        }
        Some(declared)
    }

    /// One constraint of a column; false when there is none left.
    fn part(&mut self, start: usize, column: &mut Column, table: &mut Table) -> Option<bool> {
        let own = || vec![column.name.clone()];
        if self.take(&["CONSTRAINT"]) || self.take(&["COLLATE"]) {
            self.name()?;
        } else if self.take(&["PRIMARY", "KEY"]) {
            table.primary_key = own();
            let _order = self.take(&["ASC"]) || self.take(&["DESC"]);
            self.on_conflict()?;
            column.autoincrement = self.take(&["AUTOINCREMENT"]);
        } else if self.take(&["NOT", "NULL"]) {
            column.not_null = true;
            self.on_conflict()?;
        } else if self.take(&["NULL"]) {
        } else if self.take(&["UNIQUE"]) {
            table.uniques.push(own());
            self.on_conflict()?;
        } else if self.take(&["CHECK"]) {
            table.checks.push(self.parenthesized()?);
        } else if self.take(&["DEFAULT"]) {
            column.default = Some(self.default()?);
        } else if self.take(&["REFERENCES"]) {
            let columns = own();
            let key = self.references(columns, start)?;
            table.foreign_keys.push(key);
        } else if self.take(&["GENERATED", "ALWAYS", "AS"]) || self.take(&["AS"]) {
            column.generated = Some(self.parenthesized()?);
            let _kind = self.take(&["STORED"]) || self.take(&["VIRTUAL"]);
        } else {
            return Some(false);
        }
        Some(true)
    }

    /// A literal, a signed number, a name, or an expression in parentheses.
    fn default(&mut self) -> Option<Written> {
        if self.peek(0) == Some(&Token::LParen) {
            return self.parenthesized();
        }
        let start = self.at;
        let _sign = self.take_symbol(&Token::Minus) || self.take_symbol(&Token::Plus);
        self.peek(0)?;
        self.at += 1;
        Some(self.written(start, self.at))
    }

    fn references(&mut self, columns: Vec<String>, start: usize) -> Option<ForeignKey> {
        let target = self.name()?;
        let is_list = self.peek(0) == Some(&Token::LParen);
        let target_columns = if is_list { self.columns()? } else { Vec::new() };
        let (mut on_delete, mut on_update, mut deferred) = (String::new(), String::new(), false);
        loop {
            if self.take(&["ON", "DELETE"]) {
                on_delete = self.action()?;
            } else if self.take(&["ON", "UPDATE"]) {
                on_update = self.action()?;
            } else if self.take(&["MATCH"]) {
                self.name()?;
            } else if self.take(&["NOT", "DEFERRABLE"]) {
                let _when =
                    self.take(&["INITIALLY", "DEFERRED"]) || self.take(&["INITIALLY", "IMMEDIATE"]);
            } else if self.take(&["DEFERRABLE"]) {
                deferred = self.take(&["INITIALLY", "DEFERRED"]);
                let _when = self.take(&["INITIALLY", "IMMEDIATE"]);
            } else {
                break;
            }
        }
        let span = self.span(start, self.at);
        Some(ForeignKey { columns, target, target_columns, on_delete, on_update, deferred, span })
    }

    fn action(&mut self) -> Option<String> {
        let known = [
            &["SET", "NULL"][..],
            &["SET", "DEFAULT"],
            &["CASCADE"],
            &["RESTRICT"],
            &["NO", "ACTION"],
        ];
        known.iter().find(|words| self.take(words)).map(|words| words.join(" "))
    }

    fn index(&mut self, start: usize, unique: bool) -> Option<Index> {
        let Named { name, .. } = self.named(start)?;
        if !self.take(&["ON"]) {
            return None;
        }
        let table = self.name()?;
        if !self.take_symbol(&Token::LParen) {
            return None;
        }
        let mut keys = Vec::new();
        loop {
            keys.push(self.key()?);
            if self.take_symbol(&Token::RParen) {
                break;
            }
            if !self.take_symbol(&Token::Comma) {
                return None;
            }
        }
        let mut predicate = None;
        if self.take(&["WHERE"]) {
            let from = self.at;
            while !self.is_done() && self.peek(0) != Some(&Token::SemiColon) {
                self.at += 1;
            }
            predicate = Some(self.written(from, self.at));
        }
        let span = self.span(start, self.at);
        let ends = self.is_done() || self.take_symbol(&Token::SemiColon);
        ends.then_some(Index { name, table, unique, keys, predicate, span })
    }

    fn key(&mut self) -> Option<Key> {
        let from = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek(0)? {
                Token::LParen => depth += 1,
                Token::RParen if depth == 0 => break,
                Token::RParen => depth -= 1,
                Token::Comma if depth == 0 => break,
                _other => {}
            }
            if depth == 0 && ["COLLATE", "ASC", "DESC"].iter().any(|word| self.is(word)) {
                break;
            }
            self.at += 1;
        }
        let to = self.at;
        self.at = from;
        let column = self.name().filter(|_| to == from + 1);
        self.at = to;
        if self.take(&["COLLATE"]) {
            self.name()?;
        }
        let descending = self.take(&["DESC"]);
        let _ascending = self.take(&["ASC"]);
        let text = self.written(from, to).text;
        Some(Key { text: column.clone().unwrap_or(text), column, descending })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Database, Vec<Problem>) {
        read(SourceId(0), &Source { name: "a.sql".to_owned(), text: text.to_owned() })
    }

    #[test]
    fn tables_are_read_as_sqlite_takes_them() {
        let (database, problems) = of("PRAGMA foreign_keys=OFF;\n\
            CREATE TABLE IF NOT EXISTS \"a b\" (id INTEGER PRIMARY KEY AUTOINCREMENT, [x y] VARYING CHARACTER ( 255 ) NOT NULL DEFAULT ('a;b'),\n\
             n UNSIGNED BIG INT DEFAULT -1 CHECK (n IN (-1, 2)), nothing, `q` 'text' UNIQUE REFERENCES o(id) ON DELETE SET NULL,\n\
             g INT GENERATED ALWAYS AS (n + 1) VIRTUAL, PRIMARY KEY(id), CONSTRAINT u UNIQUE (n, \"x y\") ON CONFLICT IGNORE\n\
             FOREIGN KEY (n) REFERENCES p DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID, STRICT;\n\
            CREATE TABLE sqlite_sequence(name,seq);\n\
            CREATE UNIQUE INDEX i ON t (a, lower(b) DESC, \"c\" COLLATE NOCASE) WHERE a > 1;\n\
            CREATE VIEW v AS SELECT 1; /* v(x) */\n\
            CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN 1 THEN 2 END; SELECT 1; END;\n\
            CREATE VIRTUAL TABLE f USING fts5(x);");
        assert_eq!(problems, []);
        let [table] = database.tables.as_slice() else { panic!("{database:#?}") };
        assert_eq!(table.name, "a b");
        let declared: Vec<&str> = table.columns.iter().map(|c| c.declared.as_str()).collect();
        assert_eq!(
            declared,
            ["INTEGER", "VARYING CHARACTER(255)", "UNSIGNED BIG INT", "", "text", "INT"]
        );
        assert!(table.strict && table.without_rowid);
        assert_eq!(table.uniques, [vec!["q".to_owned()], vec!["n".to_owned(), "x y".to_owned()]]);
        assert_eq!(table.foreign_keys.len(), 2);
        assert_eq!(table.foreign_keys[0].on_delete, "SET NULL");
        assert!(table.foreign_keys[1].deferred);
        assert_eq!(table.checks[0].text, "n IN (-1, 2)");
        assert_eq!(table.columns[1].default.as_ref().unwrap().text, "'a;b'");
        assert_eq!(table.columns[2].default.as_ref().unwrap().text, "-1");
        let [index] = database.indexes.as_slice() else { panic!("{database:#?}") };
        let keys: Vec<&str> = index.keys.iter().map(|key| key.text.as_str()).collect();
        assert_eq!(keys, ["a", "lower(b)", "c"]);
        assert!(index.unique && index.keys[1].descending && index.keys[1].column.is_none());
        assert_eq!((database.views.len(), database.triggers.len(), database.ignored), (1, 1, 2));
        assert_eq!(database.statements, 7);
    }

    #[test]
    fn what_is_not_understood_is_a_problem_and_ends_nothing() {
        let (database, problems) =
            of("CREATE TABLE t (a INT, CHECK;\nALTER TABLE t RENAME TO u;\nCREATE TABLE é (a);");
        assert_eq!(database.tables.len(), 1);
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert_eq!(of("CREATE TABLE t (a 'x").1.len(), 1);
        for text in
            ["CREATE", "CREATE TABLE", "CREATE TRIGGER x BEGIN", "CREATE INDEX i ON t (((", "(((("]
        {
            assert_eq!(of(text).1.len(), 1, "{text}");
        }
    }
}
