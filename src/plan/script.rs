//! A plan as SQL that `psql` runs: transactions, drift ids and hazards as comments.

use super::{Plan, Step, Transaction};

/// How a script is written.
#[derive(Clone, Debug, Default)]
pub struct ScriptOptions {
    /// Write steps that delete data; otherwise they are comments.
    pub allow_data_loss: bool,
}

/// A migration as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The statements.
    pub text: String,
    /// How many steps are there only as comments.
    pub withheld: usize,
}

const BEGIN: &str = "BEGIN;\n\
    SET LOCAL search_path = '';\n\
    SET LOCAL check_function_bodies = false;\n\n";

/// The script of one direction.
pub fn sql(plan: &Plan, options: &ScriptOptions) -> Script {
    let mut script = Script { text: String::new(), withheld: 0 };
    let mut open = false;
    let mut steps = plan.steps.iter().peekable();
    while let Some(step) = steps.next() {
        if is_withheld(step, options) {
            script.withheld += 1;
            withhold(step, &mut script.text);
            continue;
        }
        let alone = step.transaction == Transaction::Alone;
        if alone && open {
            script.text.push_str("COMMIT;\n\n");
            open = false;
        } else if !alone && !open {
            script.text.push_str(BEGIN);
            open = true;
        }
        heading(step, &mut script.text);
        script.text.push_str(&step.sql);
        script.text.push('\n');
        let is_last_of_kind =
            steps.peek().is_none_or(|next| next.transaction != Transaction::CommitAfter);
        if step.transaction == Transaction::CommitAfter && is_last_of_kind {
            script.text.push_str("COMMIT;\n\n");
            open = false;
        }
    }
    if open {
        script.text.push_str("COMMIT;\n");
    }
    script
}

fn is_withheld(step: &Step, options: &ScriptOptions) -> bool {
    !options.allow_data_loss && step.hazards.iter().any(|hazard| hazard.is_destructive())
}

fn heading(step: &Step, text: &mut String) {
    for hazard in &step.hazards {
        text.push_str("-- hazard ");
        text.push_str(hazard.code());
        text.push_str(": ");
        text.push_str(hazard.message());
        text.push('\n');
    }
}

fn withhold(step: &Step, text: &mut String) {
    heading(step, text);
    text.push_str("-- Left out: run with --allow data-loss to write it.\n");
    for line in step.sql.lines() {
        text.push_str("--   ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
}
