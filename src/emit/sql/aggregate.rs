//! Aggregates: `CREATE AGGREGATE`.

use super::SqlWriter;
use crate::model::{Aggregate, AttributeValue, Signature};

impl SqlWriter {
    /// `CREATE AGGREGATE s.a(integer ORDER BY text) (sfunc = f, ..)`.
    pub fn create_aggregate(&mut self, signature: &Signature, aggregate: &Aggregate) {
        let Aggregate { parameters, direct, attributes } = aggregate;
        self.sql("CREATE AGGREGATE ").qualified(&signature.name);
        let (before, after) = match direct {
            Some(direct) => parameters.split_at((*direct).min(parameters.len())),
            None => (parameters.as_slice(), [].as_slice()),
        };
        self.sql("(");
        if parameters.is_empty() {
            self.sql("*");
        }
        self.list(before, Self::parameter);
        if direct.is_some() {
            self.sql(if before.is_empty() { "ORDER BY " } else { " ORDER BY " });
            // A variadic direct argument is the aggregated one as well and kept once.
            let after = if after.is_empty() {
                before.last().map_or(&[][..], std::slice::from_ref)
            } else {
                after
            };
            self.list(after, Self::parameter);
        }
        self.sql(") (");
        self.list(attributes, |writer, (name, value)| {
            writer.ident(name);
            match value {
                AttributeValue::Name(operator) if name.as_str() == "sortop" => {
                    writer.sql(" = ").operator(operator);
                }
                value => writer.sql(" = ").attribute_value(name, value),
            }
        });
        self.sql(");\n");
    }
}
