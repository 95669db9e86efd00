//! placeholder
use pg_query::protobuf::{self, Node};
use pg_query::NodeEnum;
use crate::model::{Ident, Name, TypeName};
pub(crate) fn name(nodes: &[Node]) -> Name {
    let parts: Vec<&str> = nodes.iter().filter_map(|n| if let Some(NodeEnum::String(s)) = &n.node { Some(s.sval.as_str()) } else { None }).collect();
    match parts.as_slice() { [.., ns, n] => Name::qualified(ns, n), [n] => Name::bare(n), [] => Name::default() }
}
pub(crate) fn range_var(r: &protobuf::RangeVar) -> Name {
    Name { namespace: (!r.schemaname.is_empty()).then(|| Ident::new(&r.schemaname)), name: Ident::new(&r.relname) }
}
pub(crate) fn type_name(t: &protobuf::TypeName) -> TypeName {
    TypeName { name: name(&t.names), array: !t.array_bounds.is_empty(), set_of: t.setof, ..TypeName::default() }
}
