//! `pgcanon invariants`.

use pgcanon::invariants::{Finding, Outcome as Came, Rules, check, json, markdown, read, terminal};
use pgcanon::model::{Problem, ProblemCode};
use pgcanon::source::{self, Source};
use pgcanon::yaml;

use super::Outcome;
use super::args::{Global, InvariantsArguments, InvariantsFormat};
use super::console::Console;
use super::project::Project;
use super::side::{Side, Unusable};

/// Checks the rules on one side and prints what came of each.
pub(super) fn run(arguments: &InvariantsArguments, global: &Global, console: &Console) -> Outcome {
    let Some(project) = Project::find(arguments.config.as_deref(), console) else {
        return Outcome::Failed;
    };
    let side = match Side::read(&arguments.sources, None) {
        Ok(side) => side,
        Err(Unusable { sources, problems }) => {
            console.problems(&problems, &sources);
            return Outcome::Failed;
        }
    };
    let rules = rules(&arguments.rules, &arguments.sources, &project, &side, console);
    let Some(rules) = rules else { return Outcome::Failed };
    let findings = check(&rules, &side.schema, &side.sources);
    if findings.is_empty() {
        let problem = Problem::new(ProblemCode::Usage, "there is no invariant to check");
        let help = "write some under invariants: in pgcanon.yaml, or name a file with --rules";
        return console.problem(&problem.help(help));
    }
    side.say_problems(global, console);
    let text = match arguments.format {
        InvariantsFormat::Table => terminal(&findings),
        InvariantsFormat::Markdown => markdown(&findings),
        InvariantsFormat::Json => format!("{:#}\n", json(&findings)),
    };
    let written = console.write(&text, arguments.output.as_deref());
    let least = arguments.fail_on.severity();
    let fails = |finding: &Finding| {
        finding.outcome == Came::Fail && least.is_some_and(|least| finding.severity >= least)
    };
    match written {
        Outcome::Pass if findings.iter().any(fails) => Outcome::Drift,
        other => other,
    }
}

/// The rules of the configuration, of the files that are named, and of sources in YAML. `inputs`
/// are those of the side.
pub(super) fn rules(
    named: &[String],
    inputs: &[String],
    project: &Project,
    side: &Side,
    console: &Console,
) -> Option<Vec<Rules>> {
    let mut files: Vec<Source> = project.config_sources();
    let mut named = named.to_vec();
    if let Some(config) = &project.config {
        let is_yaml = |name: &&String| {
            let end = name.rsplit('.').next().unwrap_or_default();
            ["yaml", "yml"].iter().any(|yaml| end.eq_ignore_ascii_case(yaml))
        };
        let declared = config.settings.canonical.iter().filter(is_yaml);
        named.extend(declared.map(|name| project.path(name).display().to_string()));
    }
    named.retain(|name| !inputs.contains(name));
    if !named.is_empty() {
        match source::read(&named, &source::Allowed::default()) {
            Ok(read) => files.extend(read.sources),
            Err(problems) => {
                console.problems(&problems, &[]);
                return None;
            }
        }
    }
    files.extend(side.sources.iter().filter(|source| yaml::is_yaml(source)).cloned());
    let mut rules = Vec::new();
    let mut good = true;
    for file in files {
        match read(&file) {
            Ok(read) => rules.push(read),
            Err(problems) => {
                console.problems(&problems, &[file]);
                good = false;
            }
        }
    }
    good.then_some(rules)
}
