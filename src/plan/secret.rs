//! Takes secrets out of a migration, which is read, committed and attached.

use super::{Hazard, Migration};
use crate::emit::redact;

impl Migration {
    /// Replaces secrets by digests. The steps that held them are only comments from then on, as
    /// they would set something else.
    pub fn hide_secrets(&mut self) {
        for step in self.up.steps.iter_mut().chain(&mut self.down.steps) {
            let (text, count) = redact::sql(&step.sql);
            if count > 0 {
                step.sql = text.into_owned();
                step.hazards.insert(Hazard::Secret);
            }
        }
    }
}
