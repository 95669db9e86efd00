//! Functions and procedures: `CREATE FUNCTION | PROCEDURE`.

use super::SqlWriter;
use crate::model::{
    Command, Ident, Parallel, Parameter, ParameterMode, Routine, RoutineBody, RoutineKind, Scoped,
    Signature, Volatility,
};

/// Settings whose values are lists of names, kept as `a, "b c"`.
const LISTS_OF_NAMES: &[&str] = &[
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

impl SqlWriter {
    /// `CREATE FUNCTION s.f(a integer) RETURNS integer LANGUAGE sql ..`.
    pub fn create_routine(&mut self, signature: &Signature, routine: &Routine, replace: bool) {
        let Routine {
            kind,
            parameters,
            returns,
            language,
            volatility: _,
            strict: _,
            security_definer: _,
            leakproof: _,
            parallel: _,
            cost: _,
            rows: _,
            support: _said_by_routine_attributes,
            settings,
            transforms,
            body,
        } = routine;
        self.sql(if replace { "CREATE OR REPLACE " } else { "CREATE " });
        self.sql(if *kind == RoutineKind::Procedure { "PROCEDURE " } else { "FUNCTION " });
        self.qualified(&signature.name);
        let is_column = |parameter: &&Parameter| parameter.mode == ParameterMode::Table;
        let is_argument = |parameter: &&Parameter| !is_column(parameter);
        self.sql("(");
        self.list(parameters.iter().filter(is_argument), Self::parameter);
        self.sql(")");
        let columns: Vec<&Parameter> = parameters.iter().filter(is_column).collect();
        if !columns.is_empty() {
            self.sql(" RETURNS TABLE(");
            self.list(columns, Self::parameter);
            self.sql(")");
        } else if let Some(returns) = returns {
            self.sql(" RETURNS ").type_name(returns);
        }
        self.indented(|writer| {
            writer.break_line();
            writer.sql("LANGUAGE ").ident(language);
            if !transforms.is_empty() {
                writer.sql(" TRANSFORM ");
                writer.list(transforms, |writer, ty| writer.sql("FOR TYPE ").type_name(ty));
            }
            writer.routine_attributes(routine);
            for (name, value) in settings {
                writer.break_line();
                writer.setting(name, value);
            }
            writer.break_line();
            writer.routine_body(body);
        });
        self.sql(";\n");
    }

    /// What stands between the language and the settings; defaults are not said.
    fn routine_attributes(&mut self, routine: &Routine) {
        let words = [
            (routine.kind == RoutineKind::Window, " WINDOW"),
            (routine.volatility == Volatility::Immutable, " IMMUTABLE"),
            (routine.volatility == Volatility::Stable, " STABLE"),
            (routine.strict, " STRICT"),
            (routine.security_definer, " SECURITY DEFINER"),
            (routine.leakproof, " LEAKPROOF"),
            (routine.parallel == Parallel::Safe, " PARALLEL SAFE"),
            (routine.parallel == Parallel::Restricted, " PARALLEL RESTRICTED"),
        ];
        for (_, word) in words.into_iter().filter(|(said, _)| *said) {
            self.sql(word);
        }
        let compiled = ["c", "internal"].contains(&routine.language.as_str());
        if *routine.cost != *(if compiled { "1" } else { "100" }) {
            self.sql(" COST ").numeral(&routine.cost);
        }
        let set_of = routine.returns.as_ref().is_some_and(|ty| ty.set_of);
        if set_of && *routine.rows != *"1000" {
            self.sql(" ROWS ").numeral(&routine.rows);
        }
        if let Some(support) = &routine.support {
            self.sql(" SUPPORT ").function_name(support);
        }
    }

    /// `VARIADIC a integer[] DEFAULT '{}'`.
    pub(super) fn parameter(&mut self, parameter: &Parameter) {
        let Parameter { mode, name, ty, default } = parameter;
        self.sql(match mode {
            ParameterMode::In | ParameterMode::Table => "",
            ParameterMode::Out => "OUT ",
            ParameterMode::InOut => "INOUT ",
            ParameterMode::Variadic => "VARIADIC ",
        });
        if let Some(name) = name {
            self.ident(name);
            self.sql(" ");
        }
        self.type_name(ty);
        if let Some(default) = default {
            self.sql(" DEFAULT ").expr(&default.expr);
        }
    }

    /// `SET name TO 'value'`; a list of names as one string for each.
    pub fn setting(&mut self, name: &Ident, value: &str) {
        self.sql("SET ").ident_among_keywords(name);
        self.sql(" TO ");
        if LISTS_OF_NAMES.contains(&name.as_str()) {
            self.list(names_of(value), |writer, name| {
                writer.string(&name);
            });
        } else {
            self.string(value);
        }
    }

    fn routine_body(&mut self, body: &RoutineBody) {
        match body {
            RoutineBody::Source(text) => self.sql("AS ").dollar_quoted(text),
            RoutineBody::Library { library, symbol } => {
                self.sql("AS ").string(library).sql(", ").string(symbol);
            }
            RoutineBody::Sql(commands) => match commands.as_slice() {
                [Scoped { value: Command::Return(value), path: _ }] => {
                    self.sql("RETURN ").expr(value);
                }
                commands => {
                    self.sql("BEGIN ATOMIC");
                    self.indented(|writer| {
                        for Scoped { value, path: _ } in commands {
                            writer.break_line();
                            writer.command(value);
                            writer.sql(";");
                        }
                    });
                    self.break_line();
                    self.sql("END");
                }
            },
        }
    }

    /// A number that is kept as text; as a string when it is none.
    pub(super) fn numeral(&mut self, text: &str) {
        let number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if number {
            self.push(text);
        } else {
            self.string(text);
        }
    }
}

/// The names of a list as PostgreSQL keeps it: `a, "b ""c"""`.
fn names_of(list: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut quoted = false;
    let mut characters = list.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(name) = names.last_mut() else { break };
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                name.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => names.push(String::new()),
            ' ' if !quoted => {}
            other => name.push(other),
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::names_of;

    #[test]
    fn a_name_keeps_its_comma_and_its_quotes() {
        assert_eq!(names_of("a, \"b, c\", \"d\"\"\""), ["a", "b, c", "d\""]);
        assert_eq!(names_of("\"\""), [""]);
    }
}
