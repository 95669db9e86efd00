//! Values as short readable phrases: `CHECK (status IN (..))`, `NOT NULL`, `absent`.
//!
//! A phrase may hold names and texts from the input: the writer of each format
//! escapes it. Secrets are never in a phrase, only digests of them.

use super::name;
use crate::diff::{FacetKey, Facets, Value};
use crate::emit::redact;
use crate::emit::sql::{self, SqlWriter, Style};
use crate::model::{Facet, Kind, Pair};

/// Both sides of a facet.
pub(super) fn change(kind: Kind, key: &FacetKey, values: Pair<&Option<Value>>) -> Pair<String> {
    values.map(|value| match value {
        Some(value) => facet(kind, key, value),
        None => absent(key.facet).to_owned(),
    })
}

/// A whole object: the phrases of its facets, in the order of SQL.
pub(super) fn whole(kind: Kind, facets: &Facets) -> String {
    let mut parts: Vec<(usize, String)> = facets
        .0
        .iter()
        .filter(|(key, value)| !goes_without_saying(kind, key.facet, value))
        .map(|(key, value)| (rank(kind, key.facet), facet(kind, key, value)))
        .collect();
    parts.sort_by_key(|(rank, _)| *rank);
    let parts: Vec<String> = parts.into_iter().map(|(_, phrase)| phrase).collect();
    parts.join(if reads_as_sql(kind) { " " } else { "; " })
}

/// True for kinds whose facets, one after the other, read like their SQL.
fn reads_as_sql(kind: Kind) -> bool {
    matches!(kind, Kind::Column | Kind::Constraint | Kind::Index | Kind::Policy | Kind::Sequence)
}

/// The order of facets in SQL, where it is not that of the enum.
fn rank(kind: Kind, facet: Facet) -> usize {
    let order: &[Facet] = match kind {
        Kind::Index => &[
            Facet::Unique,
            Facet::Relation,
            Facet::Method,
            Facet::Keys,
            Facet::Include,
            Facet::NullsNotDistinct,
            Facet::Option,
            Facet::Tablespace,
            Facet::Predicate,
        ],
        Kind::Constraint => &[
            Facet::ConstraintType,
            Facet::Method,
            Facet::Expression,
            Facet::Columns,
            Facet::Elements,
            Facet::Include,
        ],
        Kind::Policy => &[Facet::Permissive, Facet::Command, Facet::Roles],
        _in_the_order_of_the_enum => &[],
    };
    order.iter().position(|one| *one == facet).unwrap_or(order.len())
}

/// What SQL leaves out when it is the default.
fn goes_without_saying(kind: Kind, facet: Facet, value: &Value) -> bool {
    match facet {
        Facet::OnDelete | Facet::OnUpdate => *value == Value::Keyword("NO ACTION"),
        Facet::Cache | Facet::Increment => *value == Value::Number(1),
        Facet::Identity => matches!(value, Value::Name(_)),
        Facet::Inherited => true,
        Facet::ConstraintType => *value == Value::Keyword("CHECK"),
        Facet::Relation => kind != Kind::Index,
        _is_said => false,
    }
}

/// One facet with the words SQL puts around it.
pub(super) fn facet(kind: Kind, key: &FacetKey, shown: &Value) -> String {
    let text = value(shown);
    if let Some(name) = &key.key {
        let name = match (key.facet, name.as_str()) {
            (Facet::Privileges, "public") => "PUBLIC".to_owned(),
            (Facet::Privileges, "pg_owner") => "the owner".to_owned(),
            _role_or_option => name::ident(name),
        };
        return match key.facet {
            Facet::Privileges if text.is_empty() => format!("nothing to {name}"),
            Facet::Privileges => format!("{text} to {name}"),
            Facet::Identity => format!("SEQUENCE NAME {text}"),
            Facet::AttachedTo | Facet::Comment | Facet::SecurityLabel => format!("{name}: {text}"),
            _option_or_setting => format!("{name} = {}", option(shown)),
        };
    }
    match key.facet {
        Facet::NotNull => "NOT NULL".to_owned(),
        Facet::NotNullName => format!("CONSTRAINT {text} NOT NULL"),
        Facet::Default => format!("DEFAULT {text}"),
        Facet::Collation => format!("COLLATE {text}"),
        Facet::Generated => generated(shown),
        Facet::Identity => format!("GENERATED {text} AS IDENTITY"),
        Facet::Expression if kind == Kind::Constraint => format!("CHECK ({text})"),
        Facet::Expression | Facet::Keys | Facet::Elements if kind != Kind::Statistics => {
            format!("({text})")
        }
        Facet::Columns if kind == Kind::Constraint => format!("({text})"),
        Facet::Include => format!("INCLUDE ({text})"),
        Facet::NullsNotDistinct => "NULLS NOT DISTINCT".to_owned(),
        Facet::WithoutOverlaps => "WITHOUT OVERLAPS".to_owned(),
        Facet::References => format!("REFERENCES {text}"),
        Facet::Match => format!("MATCH {text}"),
        Facet::OnUpdate => format!("ON UPDATE {text}"),
        Facet::OnDelete => format!("ON DELETE {text}"),
        Facet::Deferrable => "DEFERRABLE".to_owned(),
        Facet::InitiallyDeferred => "INITIALLY DEFERRED".to_owned(),
        Facet::NoInherit | Facet::NotNullNoInherit => "NO INHERIT".to_owned(),
        Facet::Predicate | Facet::Filter => format!("WHERE ({text})"),
        Facet::Condition => format!("WHEN ({text})"),
        Facet::Using => format!("USING ({text})"),
        Facet::WithCheck => format!("WITH CHECK ({text})"),
        Facet::Roles => format!("TO {text}"),
        Facet::Command => format!("FOR {text}"),
        Facet::Permissive if matches!(shown, Value::Flag(_)) => {
            if *shown == Value::Flag(true) { "PERMISSIVE" } else { "RESTRICTIVE" }.to_owned()
        }
        Facet::Relation if kind == Kind::Index => format!("ON {text}"),
        Facet::Unique => "UNIQUE".to_owned(),
        Facet::RowSecurity => "ENABLE ROW LEVEL SECURITY".to_owned(),
        Facet::ForceRowSecurity => "FORCE ROW LEVEL SECURITY".to_owned(),
        Facet::ReplicaIdentity => format!("REPLICA IDENTITY {text}"),
        Facet::ClusterOn => format!("CLUSTER ON {text}"),
        Facet::Inherits => format!("INHERITS ({text})"),
        Facet::PartitionOf => format!("PARTITION OF {text}"),
        Facet::PartitionBound if text != "DEFAULT" => format!("FOR VALUES {text}"),
        Facet::PartitionKey => format!("PARTITION BY {text}"),
        Facet::Tablespace => format!("TABLESPACE {text}"),
        Facet::SecurityDefiner => "SECURITY DEFINER".to_owned(),
        Facet::Strict => "STRICT".to_owned(),
        Facet::Leakproof => "LEAKPROOF".to_owned(),
        Facet::Cycle => "CYCLE".to_owned(),
        Facet::Start => format!("START {text}"),
        Facet::Increment => format!("INCREMENT {text}"),
        Facet::MinValue => format!("MINVALUE {text}"),
        Facet::MaxValue => format!("MAXVALUE {text}"),
        Facet::Cache => format!("CACHE {text}"),
        Facet::OwnedBy => format!("OWNED BY {}", text.replace(' ', ".")),
        Facet::DataType => format!("AS {text}"),
        Facet::Returns => format!("RETURNS {text}"),
        Facet::Language => format!("LANGUAGE {text}"),
        Facet::Owner => format!("OWNER TO {text}"),
        Facet::StatisticsTarget => format!("STATISTICS {text}"),
        Facet::Storage => format!("STORAGE {text}"),
        Facet::Compression => format!("COMPRESSION {text}"),
        _speaks_for_itself => text,
    }
}

/// The value of an option, without quotes when it is a word or a number.
fn option(shown: &Value) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "_.+-".contains(character);
    match shown {
        Value::Text(text) if !text.is_empty() && text.chars().all(is_plain) => text.to_string(),
        _other => value(shown),
    }
}

/// `GENERATED ALWAYS AS (x) STORED`.
fn generated(shown: &Value) -> String {
    match shown {
        Value::Phrase(parts) => match parts.as_slice() {
            [expr, kind] => format!("GENERATED ALWAYS AS ({}) {}", value(expr), value(kind)),
            _other => value(shown),
        },
        _other => value(shown),
    }
}

/// What stands for a facet that a side does not have.
fn absent(facet: Facet) -> &'static str {
    match facet {
        Facet::NotNull => "NULL allowed",
        Facet::Default => "no default",
        Facet::Comment => "no comment",
        Facet::Include => "no INCLUDE",
        Facet::Predicate => "no WHERE",
        Facet::RowSecurity => "row level security off",
        Facet::ForceRowSecurity => "row level security not forced",
        Facet::Validated | Facet::NotNullValidated => "VALID",
        Facet::Enforced => "ENFORCED",
        Facet::Unique => "not UNIQUE",
        Facet::Deferrable => "NOT DEFERRABLE",
        Facet::InitiallyDeferred => "INITIALLY IMMEDIATE",
        Facet::SecurityDefiner => "SECURITY INVOKER",
        Facet::Strict => "CALLED ON NULL INPUT",
        Facet::Cycle => "NO CYCLE",
        Facet::Privileges => "no privilege",
        Facet::Using => "no USING",
        Facet::WithCheck => "no WITH CHECK",
        Facet::Start => "default START",
        Facet::MinValue => "default MINVALUE",
        Facet::MaxValue => "default MAXVALUE",
        _any_other_facet => "absent",
    }
}

/// A value on one line.
pub(in crate::emit) fn value(shown: &Value) -> String {
    match shown {
        Value::Flag(flag) => flag.to_string(),
        Value::Keyword(keyword) => (*keyword).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Name(name) => name::name(name),
        Value::Type(ty) => name::ty(ty),
        Value::Expr(expr) => sql::inline_expr(expr),
        Value::Query(query) => sql::inline_query(query),
        Value::Command(command) => sql::inline_command(command),
        Value::SortKey(key) => sort_key(key),
        Value::Body(body) => body_summary(body),
        Value::Phrase(parts) => phrase(parts),
        Value::List(items) => items.iter().map(value).collect::<Vec<_>>().join(", "),
        Value::Secret(secret) => format!("secret #{}", redact::digest(secret)),
    }
}

/// A query or a list over several lines, for showing what differs line by line.
pub(super) fn lines(shown: &Value) -> String {
    match shown {
        Value::List(items) | Value::Phrase(items) => {
            items.iter().flat_map(|item| [lines(item), "\n".to_owned()]).collect()
        }
        Value::Query(query) => {
            let mut writer = SqlWriter::new(Style::LINES);
            writer.query(query);
            writer.finish()
        }
        Value::Command(command) => {
            let mut writer = SqlWriter::new(Style::LINES);
            writer.command(command);
            writer.finish()
        }
        _on_one_line => value(shown),
    }
}

/// Parts one after the other; a list among them stands in parentheses.
fn phrase(parts: &[Value]) -> String {
    let part = |part: &Value| match part {
        Value::List(_) => format!("({})", value(part)),
        _other => value(part),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(" ")
}

fn sort_key(key: &crate::model::SortKey) -> String {
    sql::inline_expr(&key.expr)
}

/// `body of 12 lines #1a2b3c4d`: a body is too long for a table; `--explain` shows it.
fn body_summary(body: &str) -> String {
    let lines = body.trim_matches('\n').lines().count();
    match lines {
        0 | 1 => body.trim().to_owned(),
        _several => format!("body of {lines} lines #{}", digest(body)),
    }
}

/// A short digest that tells two texts apart without showing them (FNV-1a, 32 bits folded).
fn digest(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{:08x}", (hash >> 32) ^ (hash & 0xffff_ffff))
}
