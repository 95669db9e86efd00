//! Writes windows and sort keys.

use super::SqlWriter;
use super::precedence::Level;
use crate::model::{Frame, FrameBound, FrameExclusion, FrameUnit, SortDirection, SortKey, Window};

impl SqlWriter {
    /// The keys of an `ORDER BY`.
    pub fn sort_keys(&mut self, keys: &[SortKey]) {
        self.list(keys, Self::sort_key);
    }

    fn sort_key(&mut self, key: &SortKey) {
        let SortKey { expr, direction, nulls_first } = key;
        self.operand(expr, Level::Or);
        match direction {
            SortDirection::Asc => {}
            SortDirection::Desc => self.push(" DESC"),
            SortDirection::Using(operator) => {
                self.push(" USING ");
                self.operator(operator);
            }
        }
        self.push(match nulls_first {
            None => "",
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
        });
    }

    /// ` OVER w` or ` OVER (..)`.
    pub(super) fn over(&mut self, window: Option<&Window>) {
        let Some(window) = window else { return };
        self.push(" OVER ");
        match &window.base {
            Some(name) if window.by_name => self.ident(name),
            _ => self.window(window),
        }
    }

    /// `(w PARTITION BY .. ORDER BY .. ROWS ..)`.
    pub(super) fn window(&mut self, window: &Window) {
        let Window { base, by_name: _, partition_by, order_by, frame } = window;
        self.push("(");
        let mut gap = "";
        if let Some(base) = base {
            self.ident_among_keywords(base);
            gap = " ";
        }
        if !partition_by.is_empty() {
            self.sql(gap).sql("PARTITION BY ");
            self.exprs(partition_by);
            gap = " ";
        }
        if !order_by.is_empty() {
            self.sql(gap).sql("ORDER BY ");
            self.sort_keys(order_by);
            gap = " ";
        }
        if let Some(frame) = frame {
            self.push(gap);
            self.frame(frame);
        }
        self.push(")");
    }

    fn frame(&mut self, frame: &Frame) {
        let Frame { unit, start, end, exclude } = frame;
        self.push(match unit {
            FrameUnit::Range => "RANGE ",
            FrameUnit::Rows => "ROWS ",
            FrameUnit::Groups => "GROUPS ",
        });
        if let Some(end) = end {
            self.push("BETWEEN ");
            self.frame_bound(start);
            self.push(" AND ");
            self.frame_bound(end);
        } else {
            self.frame_bound(start);
        }
        self.push(match exclude {
            FrameExclusion::NoOthers => "",
            FrameExclusion::CurrentRow => " EXCLUDE CURRENT ROW",
            FrameExclusion::Group => " EXCLUDE GROUP",
            FrameExclusion::Ties => " EXCLUDE TIES",
        });
    }

    fn frame_bound(&mut self, bound: &FrameBound) {
        match bound {
            FrameBound::UnboundedPreceding => self.push("UNBOUNDED PRECEDING"),
            FrameBound::UnboundedFollowing => self.push("UNBOUNDED FOLLOWING"),
            FrameBound::CurrentRow => self.push("CURRENT ROW"),
            FrameBound::Preceding(offset) => {
                self.bounded(offset);
                self.push(" PRECEDING");
            }
            FrameBound::Following(offset) => {
                self.bounded(offset);
                self.push(" FOLLOWING");
            }
        }
    }
}
