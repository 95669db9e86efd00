//! The laws over real schemas: every query, expression and type in the statements of
//! the corpus, which lies beside the repository where it has been fetched.

#![allow(clippy::disallowed_methods, reason = "tests read files and run programs")]

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use pg_query::protobuf::{
    AlterTableCmd, ColumnDef, Constraint, CreateFunctionStmt, IndexElem, TypeName as TypeNode,
};
use pg_query::{Node, NodeEnum};

use super::{FULL, FULL_LINES, assert_all, written_command, written_expr};
use crate::emit::sql::{SqlWriter, Style};
use crate::parse::{command::command, expr::expr, fragment, type_name::type_name};

/// What a statement holds that this module can read and write.
#[derive(Default)]
struct Found<'t> {
    commands: Vec<&'t Node>,
    exprs: Vec<&'t Node>,
    types: Vec<&'t TypeNode>,
    /// Bodies of functions in SQL.
    bodies: Vec<&'t str>,
}

impl<'t> Found<'t> {
    fn expr(&mut self, node: Option<&'t Node>) {
        self.exprs.extend(node);
    }

    fn statement(&mut self, node: &'t Node) {
        use NodeEnum as N;
        match node.node.as_ref() {
            Some(N::CreateStmt(stmt)) => self.elements(&stmt.table_elts),
            Some(N::AlterTableStmt(stmt)) => self.elements(&stmt.cmds),
            Some(N::CreateDomainStmt(stmt)) => {
                self.types.extend(&stmt.type_name);
                self.elements(&stmt.constraints);
            }
            Some(N::CompositeTypeStmt(stmt)) => self.elements(&stmt.coldeflist),
            Some(N::IndexStmt(stmt)) => {
                self.elements(&stmt.index_params);
                self.expr(stmt.where_clause.as_deref());
            }
            Some(N::ViewStmt(stmt)) => self.commands.extend(stmt.query.as_deref()),
            Some(N::CreateTableAsStmt(stmt)) => self.commands.extend(stmt.query.as_deref()),
            Some(N::RuleStmt(stmt)) => {
                self.expr(stmt.where_clause.as_deref());
                self.commands.extend(&stmt.actions);
            }
            Some(N::CreateTrigStmt(stmt)) => self.expr(stmt.when_clause.as_deref()),
            Some(N::CreatePolicyStmt(stmt)) => {
                self.expr(stmt.qual.as_deref());
                self.expr(stmt.with_check.as_deref());
            }
            Some(N::CreateFunctionStmt(stmt)) => self.function(stmt),
            Some(
                N::SelectStmt(_)
                | N::InsertStmt(_)
                | N::UpdateStmt(_)
                | N::DeleteStmt(_)
                | N::MergeStmt(_),
            ) => self.commands.push(node),
            _ => {}
        }
    }

    fn elements(&mut self, nodes: &'t [Node]) {
        for node in nodes {
            match node.node.as_ref() {
                Some(NodeEnum::ColumnDef(column)) => {
                    let ColumnDef { type_name, raw_default, constraints, .. } = column.as_ref();
                    self.types.extend(type_name);
                    self.expr(raw_default.as_deref());
                    self.elements(constraints);
                }
                Some(NodeEnum::Constraint(constraint)) => {
                    let Constraint { raw_expr, where_clause, .. } = constraint.as_ref();
                    self.expr(raw_expr.as_deref());
                    self.expr(where_clause.as_deref());
                }
                Some(NodeEnum::IndexElem(element)) => {
                    let IndexElem { expr, .. } = element.as_ref();
                    self.expr(expr.as_deref());
                }
                Some(NodeEnum::AlterTableCmd(cmd)) => {
                    let AlterTableCmd { def, .. } = cmd.as_ref();
                    self.alter_def(def.as_deref());
                }
                _ => {}
            }
        }
    }

    /// A column, a constraint, or the expression of `SET DEFAULT`.
    fn alter_def(&mut self, def: Option<&'t Node>) {
        match def.and_then(|def| def.node.as_ref()) {
            Some(NodeEnum::ColumnDef(_) | NodeEnum::Constraint(_)) => {
                self.elements(def.map(std::slice::from_ref).unwrap_or_default());
            }
            Some(
                NodeEnum::FuncCall(_)
                | NodeEnum::TypeCast(_)
                | NodeEnum::AConst(_)
                | NodeEnum::AExpr(_)
                | NodeEnum::SqlvalueFunction(_),
            ) => self.expr(def),
            _ => {}
        }
    }

    fn function(&mut self, stmt: &'t CreateFunctionStmt) {
        self.types.extend(&stmt.return_type);
        for parameter in &stmt.parameters {
            if let Some(NodeEnum::FunctionParameter(parameter)) = &parameter.node {
                self.types.extend(&parameter.arg_type);
                self.expr(parameter.defexpr.as_deref());
            }
        }
        if let Some(body) = stmt.sql_body.as_deref() {
            match &body.node {
                Some(NodeEnum::List(list)) => {
                    let statements =
                        list.items.iter().flat_map(|item| crate::parse::expr::items(Some(item)));
                    self.commands.extend(statements);
                }
                _ => self.commands.push(body),
            }
        }
        let sql = format!("{:?}", stmt.options).contains("sval: \"sql\"");
        for option in stmt.options.iter().filter(|_| sql) {
            let Some(NodeEnum::DefElem(option)) = &option.node else { continue };
            for text in crate::parse::expr::items(option.arg.as_deref()) {
                self.bodies.push(crate::parse::type_name::string(text));
            }
        }
    }
}

fn sql_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sql_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
}

fn node_laws(found: &Found<'_>, results: &mut Vec<Result<(), String>>) {
    for node in &found.commands {
        let value = command(node);
        for style in [FULL, FULL_LINES] {
            let text = written_command(&value, style);
            let read = match &value {
                // `RETURN x` is no statement of its own.
                crate::model::Command::Return(_) => continue,
                _ => fragment::command(&text),
            };
            let holds = read.as_ref() == Ok(&value) && !format!("{value:?}").contains("Opaque(");
            results.push(if holds {
                Ok(())
            } else {
                Err(format!("{text}\n  {read:?}\n  {value:?}"))
            });
        }
    }
    for node in &found.exprs {
        let value = expr(node);
        let text = written_expr(&value, FULL);
        let read = fragment::expression(&text);
        let holds = read.as_ref() == Ok(&value) && !format!("{value:?}").contains("Opaque(");
        results.push(if holds { Ok(()) } else { Err(format!("{text}\n  {read:?}\n  {value:?}")) });
    }
    for node in &found.types {
        let value = type_name(node);
        let mut writer = SqlWriter::new(Style { lines: false, qualify_builtins: true });
        writer.type_name(&value);
        let text = writer.finish();
        // `t.c%TYPE` cannot be cast to.
        let holds = value.of_column.is_some() || fragment::type_name(&text).as_ref() == Ok(&value);
        results.push(if holds { Ok(()) } else { Err(format!("{text}\n  {value:?}")) });
    }
}

fn text_laws(text: &str, seen: &mut HashSet<String>, results: &mut Vec<Result<(), String>>) {
    for piece in pg_query::split_with_scanner(text).unwrap_or_default() {
        // The dumps of a schema by several versions share most of their statements.
        if !seen.insert(piece.to_owned()) {
            continue;
        }
        // Meta-commands of psql and the rows of COPY are no statements.
        let Ok(tree) = pg_query::parse(piece, 0) else { continue };
        for statement in &tree.protobuf.stmts {
            let mut found = Found::default();
            if let Some(node) = &statement.stmt {
                found.statement(node);
            }
            node_laws(&found, results);
            for body in found.bodies {
                text_laws(body, seen, results);
            }
        }
    }
}

#[test]
fn real_schemas_read_back() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let mut files = Vec::new();
    sql_files(&corpus, &mut files);
    let (mut results, mut seen) = (Vec::new(), HashSet::new());
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text_laws(&text, &mut seen, &mut results);
    }
    // Nothing is opaque: the share may only fall, and it is none.
    assert_all(results, if files.is_empty() { 0 } else { 30_000 });
}
