//! `pgcanon normalize`.

use super::Outcome;
use super::args::{Global, NormalFormat, NormalizeArguments};
use super::console::Console;
use super::progress::Progress;
use super::side::{Reading, Side, Unusable};

/// Prints the normal form of one side.
pub(super) fn run(arguments: &NormalizeArguments, global: &Global, console: &Console) -> Outcome {
    let progress = Progress::start(console);
    progress.stage("reading the schema");
    let reading = Reading { traced: arguments.trace, ..Reading::default() };
    let side = Side::read_as(&arguments.sources, None, None, reading);
    let side = match side {
        Ok(side) => side,
        Err(Unusable { sources, problems }) => {
            drop(progress);
            console.problems(&problems, &sources);
            return Outcome::Failed;
        }
    };
    let text = match arguments.format {
        _any if arguments.trace => pgcanon::emit::trace::trace(&side.schema, &side.sources),
        NormalFormat::Sql => {
            let text = pgcanon::emit::normalized::sql(&side.schema);
            if arguments.with_secrets { text } else { console.redacted(&text) }
        }
        NormalFormat::Yaml => pgcanon::emit::normalized::yaml(&side.schema, arguments.with_secrets),
        NormalFormat::Json => format!("{:#}\n", pgcanon::emit::json::schema(&side.schema)),
    };
    drop(progress);
    side.say_problems(global, console);
    console.write(&text, arguments.output.as_deref())
}
