//! `pgcanon lint`.
use super::Outcome;
use super::console::Console;
#[derive(Debug, clap::Args)]
pub(super) struct LintArguments {}
pub(super) fn run(_: &LintArguments, _: &Console) -> Outcome { Outcome::Pass }
