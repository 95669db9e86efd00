//! What can only be known once all statements are applied: see each pass.

use super::interpreter::Interpreter;

/// Runs all passes.
pub(super) fn finish(cx: &mut Interpreter<'_>) {
    super::trigger::finish(cx);
    super::owner::finish(cx);
    super::privileges::finish(cx);
}
