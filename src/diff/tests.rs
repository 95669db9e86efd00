//! What the engine promises, on schemas made by hand.

use std::collections::BTreeMap;

use super::*;
use crate::model::*;
use crate::normalize::normalize;

fn name(name: &str) -> QualifiedName {
    QualifiedName::new("public", name)
}

fn child(parent: &str, own: &str) -> Child {
    Child::new(name(parent), Ident::new(own))
}

fn column(name: &str, ty: &str) -> Column {
    Column::new(Ident::new(name), TypeName::builtin(ty))
}

fn table(columns: &[Column]) -> Table {
    Table { columns: columns.to_vec(), ..Table::empty() }
}

fn table_id(own: &str) -> ObjectId {
    ObjectId::Table(name(own))
}

fn unique(columns: &[&str]) -> Constraint {
    let columns = columns.iter().map(Ident::new).collect();
    Constraint {
        definition: ConstraintDefinition::Unique(Key { columns, ..Key::default() }),
        deferrable: false,
        initially_deferred: false,
        validated: true,
        enforced: true,
        index_comment: None,
    }
}

fn index(relation: &str, include: &[&str]) -> Index {
    let column = ColumnRef { parts: vec![Ident::new("a")], star: false };
    Index {
        relation: name(relation),
        method: Ident::new("btree"),
        unique: false,
        nulls_not_distinct: false,
        keys: vec![IndexKey::new(Expr::Column(column))],
        include: include.iter().map(Ident::new).collect(),
        predicate: None,
        options: BTreeMap::new(),
        tablespace: None,
        partitions: BTreeMap::new(),
        statistics: BTreeMap::new(),
        path: SearchPath::empty(),
    }
}

fn schema(entries: Vec<(ObjectId, Entry)>) -> NormalSchema {
    let mut schema = Schema::default();
    schema.objects.extend(entries.into_iter().map(|(id, entry)| (id, Box::new(entry))));
    normalize(schema)
}

fn entry(object: impl Into<Object>) -> Entry {
    Entry::new(object.into(), Span::default())
}

fn compare(
    canonical: Vec<(ObjectId, Entry)>,
    live: Vec<(ObjectId, Entry)>,
    options: DiffOptions,
) -> Diff {
    let sides = Pair { canonical: schema(canonical), live: schema(live) };
    diff(sides.as_ref(), &options)
}

/// Every drift as `what object facet`.
fn words(diff: &Diff) -> Vec<String> {
    let object = |id: &ObjectId| match id.parent() {
        Some(parent) => format!("{} of {}", id.kind().label(), parent.name.as_str()),
        None => format!("{} {}", id.kind().label(), id.name().map_or("", |_| "")).trim().to_owned(),
    };
    let facet = |drift: &Drift| drift.facet().map_or("", |key| key.facet.label());
    diff.drifts
        .iter()
        .map(|d| format!("{} {} {}", d.kind.label(), object(&d.object), facet(d)).trim().to_owned())
        .collect()
}

#[test]
fn a_missing_table_is_one_drift_and_counts_what_goes_with_it() {
    let canonical = vec![
        (table_id("t"), entry(table(&[column("a", "int4")]))),
        (ObjectId::Constraint(child("t", "t_a_key")), entry(unique(&["a"]))),
        (ObjectId::Index(name("i")), entry(index("t", &[]))),
        (ObjectId::Index(name("j")), entry(index("t", &["b"]))),
    ];
    let found = compare(canonical, Vec::new(), DiffOptions::default());
    let with = vec![(Kind::Constraint, 1), (Kind::Index, 2)];
    let kinds: Vec<DriftKind> = found.drifts.into_iter().map(|drift| drift.kind).collect();
    assert_eq!(kinds, [DriftKind::Missing { with }]);
}

#[test]
fn columns_are_merged_by_name_and_each_facet_is_one_drift() {
    let mut nullable = column("b", "text");
    nullable.not_null = Some(NotNull::default());
    let canonical = table(&[column("a", "int4"), nullable, column("c", "text")]);
    let live = table(&[column("a", "int8"), column("b", "varchar"), column("d", "bool")]);
    let found = compare(
        vec![(table_id("t"), entry(canonical))],
        vec![(table_id("t"), entry(live))],
        DiffOptions::default(),
    );
    assert_eq!(
        words(&found),
        [
            "changed column of t type",
            "changed column of t type",
            "changed column of t not null",
            "missing column of t",
            "extra column of t",
        ]
    );
}

#[test]
fn column_order_is_a_drift_only_when_asked_for() {
    let sides = || {
        let (a, b) = (column("a", "int4"), column("b", "int4"));
        let canonical = vec![(table_id("t"), entry(table(&[a.clone(), b.clone()])))];
        (canonical, vec![(table_id("t"), entry(table(&[b, a])))])
    };
    let (canonical, live) = sides();
    let found = compare(canonical, live, DiffOptions::default());
    assert!(found.drifts.is_empty());
    assert_eq!(found.skipped.first().map(|skip| skip.reason), Some(SkipReason::ColumnOrder));
    assert_eq!(found.verdict(true), Verdict::InSync);
    let (canonical, live) = sides();
    let found =
        compare(canonical, live, DiffOptions { column_order: true, ..DiffOptions::default() });
    assert_eq!(words(&found), ["changed table column order"]);
    assert_eq!(found.worst(), Some(Severity::Low));
}

#[test]
fn equal_content_under_another_name_is_a_rename_unless_it_stands_twice() {
    let with_keys = |keys: &[&str]| {
        let mut entries = vec![(table_id("t"), entry(table(&[column("a", "int4")])))];
        let key = |own: &&str| (ObjectId::Constraint(child("t", own)), entry(unique(&["a"])));
        entries.extend(keys.iter().map(key));
        entries
    };
    let found = compare(with_keys(&["x"]), with_keys(&["y"]), DiffOptions::default());
    assert_eq!(words(&found), ["renamed constraint of t"]);
    assert_eq!(found.worst(), Some(Severity::Low));
    let found = compare(with_keys(&["x", "y"]), with_keys(&["v", "w"]), DiffOptions::default());
    assert_eq!(found.drifts.len(), 4);
}

#[test]
fn what_hangs_on_a_renamed_index_is_no_drift_of_its_own() {
    let entries = |index_name: &str| {
        let mut table = table(&[column("a", "int4")]);
        table.cluster_on = Some(Ident::new(index_name));
        vec![
            (table_id("t"), entry(table)),
            (ObjectId::Index(name(index_name)), entry(index("t", &[]))),
        ]
    };
    let found = compare(entries("i"), entries("j"), DiffOptions::default());
    assert_eq!(words(&found), ["renamed index"]);
    assert_eq!(found.skipped.first().map(|skip| skip.reason), Some(SkipReason::FollowsRename));
}

#[test]
fn owners_are_compared_only_when_both_sides_say_them() {
    let owned = |owner: Option<&str>| {
        let mut entry = entry(table(&[]));
        entry.owner = owner.map(Ident::from);
        vec![(table_id("t"), entry)]
    };
    let with = |owners| DiffOptions { owners, ..DiffOptions::default() };
    let one_sided = compare(owned(None), owned(Some("x")), with(Compare::Auto));
    assert!(one_sided.drifts.is_empty());
    assert_eq!(one_sided.skipped.len(), 1);
    let both = compare(owned(Some("y")), owned(Some("x")), with(Compare::Auto));
    assert_eq!(words(&both), ["changed table owner"]);
    assert!(compare(owned(Some("y")), owned(Some("x")), with(Compare::Never)).drifts.is_empty());
    assert_eq!(compare(owned(None), owned(Some("x")), with(Compare::Always)).drifts.len(), 1);
}

#[test]
fn comments_are_compared_unless_they_are_not_wanted() {
    let noted = |comment: Option<&str>| {
        let mut entry = entry(table(&[]));
        entry.comment = comment.map(Into::into);
        vec![(table_id("t"), entry)]
    };
    let with = |comments| DiffOptions { comments, ..DiffOptions::default() };
    for comments in [Compare::Auto, Compare::Always] {
        let found = compare(noted(Some("x")), noted(None), with(comments));
        assert_eq!(words(&found), ["changed table comment"]);
    }
    let found = compare(noted(Some("x")), noted(None), with(Compare::Never));
    assert!(found.drifts.is_empty());
    assert_eq!(found.skipped.first().map(|skip| skip.reason), Some(SkipReason::CommentsIgnored));
}

#[test]
fn the_name_of_a_not_null_is_compared_where_it_can_be_known() {
    let named = |own: Option<&str>| {
        let mut a = column("a", "int4");
        a.not_null = Some(NotNull {
            name: own.map(|name| Box::new(Ident::from(name))),
            ..NotNull::default()
        });
        vec![(table_id("t"), entry(table(&[a])))]
    };
    let drifts = |canonical, live| {
        compare(named(canonical), named(live), DiffOptions::default()).drifts.len()
    };
    assert_eq!(drifts(None, Some("n")), 1);
    assert_eq!(drifts(None, Some("former_a_not_null")), 0);
    // The live side may be of a version that keeps no name.
    assert_eq!(drifts(Some("n"), None), 0);
    assert_eq!(drifts(Some("n"), Some("m")), 1);
}

#[test]
fn a_renamed_column_is_a_candidate_but_stays_missing_and_extra() {
    let entries = |own: &str| {
        let columns = [column("id", "int8"), column(own, "text"), column("note", "text")];
        vec![(table_id("t"), entry(table(&columns)))]
    };
    let found = compare(entries("channel"), entries("channel_code"), DiffOptions::default());
    assert_eq!(words(&found), ["missing column of t", "extra column of t"]);
    let candidates: Vec<&Candidate> =
        found.drifts.iter().flat_map(|drift| &drift.candidates).collect();
    assert_eq!(candidates.len(), 2);
    assert!(candidates.iter().all(|candidate| candidate.score >= 80), "{candidates:?}");
}

#[test]
fn the_sequence_of_a_missing_serial_column_is_missing_with_it() {
    let sequence = Sequence {
        data_type: TypeName::builtin("int4"),
        start: 1,
        increment: 1,
        min: 1,
        max: i64::from(i32::MAX),
        cache: 1,
        cycle: false,
        owned_by: Some((name("t"), Ident::new("id"))),
        unlogged: false,
    };
    let a = column("a", "int4");
    let canonical = vec![
        (table_id("t"), entry(table(&[a.clone(), column("id", "int4")]))),
        (ObjectId::Sequence(name("t_id_seq")), entry(sequence)),
    ];
    let live = vec![(table_id("t"), entry(table(&[a])))];
    let found = compare(canonical, live, DiffOptions::default());
    let kinds: Vec<DriftKind> = found.drifts.into_iter().map(|drift| drift.kind).collect();
    assert_eq!(kinds, [DriftKind::Missing { with: vec![(Kind::Sequence, 1)] }]);
}

#[test]
fn row_security_that_is_off_blocks() {
    let secured = |row_security, force_row_security| {
        let table = Table { row_security, force_row_security, ..Table::empty() };
        vec![(table_id("t"), entry(table))]
    };
    let off = compare(secured(true, true), secured(true, false), DiffOptions::default());
    assert_eq!(words(&off), ["changed table force row security"]);
    assert_eq!(off.worst(), Some(Severity::Blocking));
    let on = compare(secured(false, false), secured(true, false), DiffOptions::default());
    assert_eq!(on.worst(), Some(Severity::High));
}
