//! Functions and procedures: defaults of parameters, and bodies in SQL-standard form.

use super::{Elaborator, assigned, normal};
use crate::model::{
    Command, Facet, Ident, Parameter, ParameterMode, Place, Routine, RoutineBody, Scoped,
    SearchPath,
};
use crate::normalize::analyze::{Ty, Type};

impl Elaborator<'_, '_> {
    pub(super) fn routine(&mut self, name: &Ident, routine: &Routine) -> Option<Routine> {
        let has_defaults = routine.parameters.iter().any(|parameter| parameter.default.is_some());
        if !has_defaults && !matches!(routine.body, RoutineBody::Sql(_)) {
            return None;
        }
        let mut normal = routine.clone();
        for parameter in &mut normal.parameters {
            self.parameter_default(parameter);
        }
        if let RoutineBody::Sql(commands) = &routine.body {
            let commands = commands.iter().map(|command| self.body_command(name, routine, command));
            normal.body = RoutineBody::Sql(commands.collect());
        }
        Some(normal)
    }

    /// A NULL default stays: it makes the argument one that can be left out
    /// (`interpret_function_parameter_list`, `src/backend/commands/functioncmds.c`).
    fn parameter_default(&mut self, parameter: &mut Parameter) {
        let Some(written) = &parameter.default else { return };
        let ty = self.context.ty(&parameter.ty).map(|ty| Ty::plain(ty.id));
        let analyzer = self.analyzer(&written.path);
        let expr = self.part(&Place::facet(Facet::ParameterDefault), analyzer, |analyzer| {
            let typed = analyzer.expr(&written.expr);
            assigned(analyzer, typed, ty.as_ref())
        });
        parameter.default = Some(normal(expr));
    }

    fn body_command(
        &mut self,
        name: &Ident,
        routine: &Routine,
        command: &Scoped<Command>,
    ) -> Scoped<Command> {
        let mut analyzer = self.analyzer(&command.path);
        analyzer.routine = Some(name.clone());
        let inputs = routine.parameters.iter().filter(|parameter| {
            !matches!(parameter.mode, ParameterMode::Out | ParameterMode::Table)
        });
        analyzer.parameters = inputs
            .map(|parameter| {
                let ty = self.context.ty(&parameter.ty);
                (parameter.name.clone(), ty.map_or(Type::Undecided, Type::Known))
            })
            .collect();
        let value = self.part(&Place::facet(Facet::Body), analyzer, |analyzer| {
            analyzer.command(&command.value)
        });
        Scoped { value, path: SearchPath::empty() }
    }
}
