//! Laws of writing and reading: what was written reads back as the same value.
//!
//! The inputs are files in `tests/roundtrip/`. Built-in names written in full read
//! back as they were; written short, they have lost their namespace, and the law is
//! that writing once more changes nothing.

use super::{SqlWriter, Style, inline_expr};
use crate::model::{Command, Expr};
use crate::parse::fragment;

mod corpus;
mod depth;
mod names;
mod random;
mod spelling;

const FULL: Style = Style { lines: false, qualify_builtins: true };
const FULL_LINES: Style = Style { lines: true, qualify_builtins: true };

fn written_command(command: &Command, style: Style) -> String {
    let mut writer = SqlWriter::new(style);
    writer.command(command);
    writer.finish()
}

fn written_expr(expr: &Expr, style: Style) -> String {
    let mut writer = SqlWriter::new(style);
    writer.expr(expr);
    writer.finish()
}

/// What is wrong with the statement, if anything.
fn command_law(text: &str) -> Result<(), String> {
    let command = fragment::command(text).map_err(|error| format!("{text}\n  {error}"))?;
    for style in [FULL, FULL_LINES] {
        let again = written_command(&command, style);
        match fragment::command(&again) {
            Ok(read) if read == command => {}
            Ok(read) => {
                return Err(format!("{text}\n  became\n{again}\n  {command:?}\n  {read:?}"));
            }
            Err(error) => return Err(format!("{text}\n  became\n{again}\n  {error}")),
        }
    }
    for style in [Style::INLINE, Style::LINES] {
        let once = written_command(&command, style);
        let twice = fragment::command(&once).map(|command| written_command(&command, style));
        if twice.as_ref() != Ok(&once) {
            return Err(format!("{text}\n  became\n{once}\n  and then\n{twice:?}"));
        }
    }
    Ok(())
}

fn expr_law(text: &str) -> Result<(), String> {
    let expr = fragment::expression(text).map_err(|error| format!("{text}\n  {error}"))?;
    let again = written_expr(&expr, FULL);
    match fragment::expression(&again) {
        Ok(read) if read == expr => {}
        Ok(read) => return Err(format!("{text}\n  became\n{again}\n  {expr:?}\n  {read:?}")),
        Err(error) => return Err(format!("{text}\n  became\n{again}\n  {error}")),
    }
    let once = inline_expr(&expr);
    let twice = fragment::expression(&once).map(|expr| inline_expr(&expr));
    if twice.as_ref() != Ok(&once) {
        return Err(format!("{text}\n  became\n{once}\n  and then\n{twice:?}"));
    }
    if format!("{expr:?}").contains("Opaque(") {
        return Err(format!("{text}\n  is opaque"));
    }
    Ok(())
}

fn assert_all(results: impl IntoIterator<Item = Result<(), String>>, least: usize) {
    let results: Vec<_> = results.into_iter().collect();
    let broken: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    let shown: Vec<_> = broken.iter().take(20).map(|text| text.as_str()).collect();
    assert!(
        broken.is_empty(),
        "{} of {} broken\n{}",
        broken.len(),
        results.len(),
        shown.join("\n\n")
    );
    assert!(results.len() >= least, "only {} cases", results.len());
}

/// The expressions of `tests/roundtrip/expressions.sql`, one a line; a string or name
/// with a line break in it goes on in the next.
fn expressions() -> Vec<String> {
    let file = include_str!("../../../tests/roundtrip/expressions.sql");
    let mut texts: Vec<String> = Vec::new();
    let mut open = false;
    for line in file.lines() {
        match texts.last_mut().filter(|_| open) {
            Some(text) => {
                text.push('\n');
                text.push_str(line);
                open = false;
            }
            None if line.is_empty() || line.starts_with("--") => {}
            None => {
                open = ["'line", "\"line"].contains(&line);
                texts.push(line.to_owned());
            }
        }
    }
    texts
}

/// The statements of `tests/roundtrip/commands.sql`, one a paragraph.
fn commands() -> Vec<String> {
    let file = include_str!("../../../tests/roundtrip/commands.sql");
    file.split("\n\n").skip(1).map(|text| text.trim().to_owned()).collect()
}

#[test]
fn expressions_read_back() {
    assert_all(expressions().iter().map(|text| expr_law(text)), 600);
}

#[test]
fn commands_read_back() {
    assert_all(commands().iter().map(|text| command_law(text)), 140);
}
