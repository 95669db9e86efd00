//! Indexes: `CREATE INDEX`, keys and storage parameters.

use std::collections::BTreeMap;

use pg_query::NodeEnum;
use pg_query::protobuf::{self, Node, SortByDir, SortByNulls};

use super::declared::Declared;
use super::expr::expr;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::names::join_columns;
use super::type_name::{ident, name, range_var, type_name};
use crate::model::{
    ColumnRef, Expr, Ident, Index, IndexKey, KeyDetails, Name, NormalRule, ObjectId, Problem,
    QualifiedName, SearchPath, Span,
};

/// `CREATE INDEX`.
struct CreateIndex {
    name: Option<Ident>,
    relation: Name,
    only: bool,
    if_not_exists: bool,
    index: Index,
}

/// Lowers `CREATE INDEX`.
pub(super) fn create(stmt: &protobuf::IndexStmt, _cx: Lowering<'_>) -> Lowered {
    let Some(relation) = &stmt.relation else {
        return Lowered::unsupported("CREATE INDEX");
    };
    let keys = |nodes: &[Node]| -> Vec<IndexKey> {
        let element = |node: &Node| match &node.node {
            Some(NodeEnum::IndexElem(element)) => Some(key(element)),
            _no_other_node_is_a_key => None,
        };
        nodes.iter().filter_map(element).collect()
    };
    let include = keys(&stmt.index_including_params);
    let column = |key: IndexKey| match key.expr {
        Expr::Column(column) => column.parts.into_iter().next_back(),
        _postgresql_refuses_expressions_in_include => None,
    };
    Lowered::apply(CreateIndex {
        name: ident(&stmt.idxname),
        relation: range_var(relation),
        only: !relation.inh,
        if_not_exists: stmt.if_not_exists,
        index: Index {
            relation: QualifiedName::new("", ""),
            method: ident(&stmt.access_method).unwrap_or_else(|| Ident::new("btree")),
            unique: stmt.unique,
            nulls_not_distinct: stmt.nulls_not_distinct,
            keys: keys(&stmt.index_params),
            include: include.into_iter().filter_map(column).collect(),
            predicate: stmt.where_clause.as_deref().map(expr),
            options: options(&stmt.options),
            tablespace: ident(&stmt.table_space),
            partitions: BTreeMap::new(),
            statistics: BTreeMap::new(),
            path: SearchPath::empty(),
        },
    })
}

/// Lowers a key of an index, an exclusion constraint or an `ON CONFLICT` target.
pub(super) fn key(element: &protobuf::IndexElem) -> IndexKey {
    let descending = element.ordering() == SortByDir::SortbyDesc;
    let expr = match &element.expr {
        Some(node) => expr(node),
        None => Expr::Column(ColumnRef { parts: vec![Ident::new(&element.name)], star: false }),
    };
    let details = KeyDetails {
        collation: (!element.collation.is_empty()).then(|| name(&element.collation)),
        opclass: (!element.opclass.is_empty()).then(|| name(&element.opclass)),
        opclass_options: options(&element.opclassopts),
    };
    IndexKey {
        expr,
        details: details.into(),
        descending,
        nulls_first: match element.nulls_ordering() {
            SortByNulls::SortbyNullsFirst => true,
            SortByNulls::SortbyNullsLast => false,
            SortByNulls::SortbyNullsDefault | SortByNulls::Undefined => descending,
        },
    }
}

impl Statement for CreateIndex {
    fn declare(&self, declared: &mut Declared, path: &SearchPath) {
        // An index lives where its table does; the namespace of an unqualified
        // table is taken to be the one that new objects go to.
        if let Some(name) = &self.name {
            let relation = declared
                .relation(&self.relation, path)
                .unwrap_or_else(|| declared.creation_name(&self.relation, path));
            declared.relations.insert(relation.sibling(name.clone()));
        }
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Relation(self.relation.clone())]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let (relation, _) = cx.relation(&self.relation)?;
        let mut index = self.index;
        index.relation = relation.clone();
        index.path = cx.path.clone();
        index.tablespace = index.tablespace.or_else(|| cx.session.tablespace.clone());
        let chosen = self.name.is_none();
        let name = self.name.unwrap_or_else(|| choose_name(cx, &index));
        let name = relation.sibling(name);
        let id = ObjectId::Index(name.clone());
        let outcome = cx.create(id.clone(), index, span, self.if_not_exists)?;
        if chosen && let Some(entry) = cx.schema.objects.get_mut(&id) {
            entry.origin.apply(NormalRule::ImplicitName);
        }
        if self.only {
            cx.only_indexes.insert(name);
        }
        Ok(outcome)
    }
}

/// The name PostgreSQL chooses for an index (`ChooseIndexName`,
/// `src/backend/commands/indexcmds.c`).
pub(super) fn choose_name(cx: &Interpreter<'_>, index: &Index) -> Ident {
    let names = key_names(&index.keys, &index.include);
    let joined = join_columns(names.iter().map(String::as_str));
    let relation = &index.relation;
    cx.choose_name(&relation.namespace, relation.name.as_str(), Some(&joined), "idx", |name| {
        cx.relation_exists(name)
    })
}

/// The names of index columns, numbered where one repeats (`ChooseIndexColumnNames`,
/// `src/backend/commands/indexcmds.c`).
pub(super) fn key_names<'a>(
    keys: impl IntoIterator<Item = &'a IndexKey>,
    include: &[Ident],
) -> Vec<String> {
    let keys = keys.into_iter().map(|key| crate::model::index_column(&key.expr));
    distinct_names(keys.chain(include.iter().map(|name| name.as_str().to_owned())))
}

/// Names that are there already get a number (`ChooseIndexColumnNames`).
pub(super) fn distinct_names(bases: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for base in bases {
        let mut name = base.clone();
        let mut number = 1;
        while names.contains(&name) {
            let suffix = number.to_string();
            let room = crate::model::MAX_IDENT_BYTES - suffix.len();
            name = format!("{}{suffix}", crate::model::clip(&base, room));
            number += 1;
        }
        names.push(name);
    }
    names
}

/// Storage parameters: values as text, a bare name is `true`, `namespace.name` for
/// parameters of the TOAST table.
pub(super) fn options(nodes: &[Node]) -> BTreeMap<Ident, Box<str>> {
    let mut options = BTreeMap::new();
    for node in nodes {
        let Some(NodeEnum::DefElem(option)) = &node.node else {
            continue;
        };
        let key = if option.defnamespace.is_empty() {
            Ident::new(&option.defname)
        } else {
            Ident::new(format!("{}.{}", option.defnamespace, option.defname))
        };
        options.insert(key, option_value(option.arg.as_deref()));
    }
    options
}

/// The value of an option as text (`defGetString`, `src/backend/commands/define.c`).
pub(super) fn option_value(node: Option<&Node>) -> Box<str> {
    let Some(node) = node.and_then(|node| node.node.as_ref()) else {
        return "true".into();
    };
    match node {
        NodeEnum::Integer(number) => number.ival.to_string().into(),
        NodeEnum::Float(number) => number.fval.as_str().into(),
        NodeEnum::Boolean(flag) => if flag.boolval { "true" } else { "false" }.into(),
        NodeEnum::String(text) => text.sval.as_str().into(),
        NodeEnum::TypeName(ty) => {
            let name = type_name(ty).name;
            match name.namespace.filter(|namespace| *namespace != "pg_catalog") {
                Some(namespace) => format!("{}.{}", namespace.as_str(), name.name.as_str()).into(),
                None => name.name.as_str().into(),
            }
        }
        NodeEnum::List(list) => {
            let name = name(&list.items);
            name.name.as_str().into()
        }
        NodeEnum::AStar(_) => "*".into(),
        _no_other_node_is_an_option_value => "".into(),
    }
}
