//! Facets of a table. Its columns drift as objects of their own (see `column`).

use super::{Facets, Value, index};
use crate::model::{
    BoundValue, Facet, ForeignTable, PartitionBound, PartitionOf, PartitionStrategy,
    ReplicaIdentity, Table,
};

/// Destructured in full: a new field does not compile until it is compared.
pub(super) fn facets(table: &Table, facets: &mut Facets) {
    let Table {
        unlogged,
        columns: _compared_one_by_one,
        inherits,
        partition_of,
        partition_by,
        of_type,
        access_method,
        tablespace,
        options,
        row_security,
        force_row_security,
        replica_identity,
        cluster_on,
        foreign,
    } = table;
    if *unlogged {
        facets.put(Facet::Persistence, Value::Keyword("UNLOGGED"));
    }
    facets.put_list(Facet::Inherits, inherits);
    if let Some(PartitionOf { parent, bound, path: _erased }) = partition_of {
        facets.put(Facet::PartitionOf, parent);
        facets.put(Facet::PartitionBound, bound_value(bound));
    }
    if let Some(key) = partition_by {
        let keys = Value::List(key.keys.iter().map(index::key).collect());
        let parts = vec![Value::Keyword(strategy_keyword(key.strategy)), keys];
        facets.put(Facet::PartitionKey, Value::Phrase(parts));
    }
    facets.put_some(Facet::OfType, of_type.as_ref());
    facets.put_some(Facet::AccessMethod, access_method.as_ref());
    facets.put_some(Facet::Tablespace, tablespace.as_ref());
    facets.put_map(Facet::Option, options, |value| (&**value).into());
    facets.put_flag(Facet::RowSecurity, *row_security);
    facets.put_flag(Facet::ForceRowSecurity, *force_row_security);
    facets.put_some(Facet::ReplicaIdentity, identity_value(replica_identity));
    facets.put_some(Facet::ClusterOn, cluster_on.as_ref());
    if let Some(ForeignTable { server, options }) = foreign {
        facets.put(Facet::Server, server);
        facets.put_map(Facet::ForeignOption, options, |value| (&**value).into());
    }
}

fn identity_value(identity: &ReplicaIdentity) -> Option<Value> {
    match identity {
        ReplicaIdentity::Default => None,
        ReplicaIdentity::Full => Some(Value::Keyword("FULL")),
        ReplicaIdentity::Nothing => Some(Value::Keyword("NOTHING")),
        ReplicaIdentity::Index(name) => {
            Some(Value::Phrase(vec![Value::Keyword("USING INDEX"), name.into()]))
        }
    }
}

fn strategy_keyword(strategy: PartitionStrategy) -> &'static str {
    match strategy {
        PartitionStrategy::List => "LIST",
        PartitionStrategy::Range => "RANGE",
        PartitionStrategy::Hash => "HASH",
    }
}

fn bound_value(bound: &PartitionBound) -> Value {
    match bound {
        PartitionBound::Default => Value::Keyword("DEFAULT"),
        PartitionBound::List(values) => Value::Phrase(vec![
            Value::Keyword("IN"),
            Value::List(values.iter().map(Value::from).collect()),
        ]),
        PartitionBound::Range { from, to } => {
            let list =
                |values: &[BoundValue]| Value::List(values.iter().map(range_value).collect());
            Value::Phrase(vec![Value::Keyword("FROM"), list(from), Value::Keyword("TO"), list(to)])
        }
        PartitionBound::Hash { modulus, remainder } => {
            let part =
                |keyword, number: i32| Value::Phrase(vec![Value::Keyword(keyword), number.into()]);
            Value::Phrase(vec![
                Value::Keyword("WITH"),
                Value::List(vec![part("modulus", *modulus), part("remainder", *remainder)]),
            ])
        }
    }
}

fn range_value(value: &BoundValue) -> Value {
    match value {
        BoundValue::MinValue => Value::Keyword("MINVALUE"),
        BoundValue::MaxValue => Value::Keyword("MAXVALUE"),
        BoundValue::Expr(expr) => expr.into(),
    }
}
