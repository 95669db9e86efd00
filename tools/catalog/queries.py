"""The queries that read one server's catalogs, each giving a JSON array of objects.

Every query has one parameter, `{where}`: a condition on the `oid` of its main catalog
(`o`). Types, functions and operators are given as `schema.name`, never as OIDs, because
OIDs differ from one version to the next.
"""


def _name(catalog, oid, prefix):
    """A scalar subquery: the qualified name of the row `oid`, or null for no such row."""
    return (
        f"(select n.nspname || '.' || x.{prefix}name from {catalog} x"
        f" join pg_namespace n on n.oid = x.{prefix}namespace where x.oid = {oid})"
    )


def _type(oid):
    return _name("pg_type", oid, "typ")


def _type_list(expression, order="k"):
    return (
        f"(select coalesce(json_agg({_type('e')} order by {order}), '[]')"
        f" from unnest({expression}) with ordinality u(e, k))"
    )


# Array types are left out when their element names them: they follow from it.
TYPES = f"""
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select ns.nspname || '.' || o.typname as name, o.typtype as kind, o.typcategory as category,
    o.typispreferred as preferred, o.typlen as length, o.typdelim as delimiter,
    {_type('nullif(o.typelem, 0)')} as element, {_type('nullif(o.typarray, 0)')} as array,
    {_type('nullif(o.typbasetype, 0)')} as base, o.typtypmod as base_typmod, o.typndims as dimensions,
    o.typmodin <> 0 as typmod,
    o.typsubscript::text as subscript, {_name('pg_collation', 'o.typcollation', 'coll')} as collation,
    o.typnotnull as not_null,
    {_type('r.rngsubtype')} as subtype, {_type('r.rngmultitypid')} as multirange,
    (select {_type('m.rngtypid')} from pg_range m where m.rngmultitypid = o.oid) as range,
    exists (select from pg_type e where e.typarray = o.oid) as is_array
  from pg_type o join pg_namespace ns on ns.oid = o.typnamespace
  left join pg_range r on r.rngtypid = o.oid
  left join pg_class c on c.oid = o.typrelid
  where {{where}} and ns.nspname not like 'pg\\_toast%' and coalesce(c.relkind, 'r') <> 't') r
"""

FUNCTIONS = f"""
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select ns.nspname || '.' || o.proname as name, o.prokind as kind, {_type_list('o.proargtypes')} as args,
    {_type_list('o.proallargtypes')} as all_args, o.proargmodes as modes, o.proargnames as names,
    o.pronargdefaults as defaults, o.provariadic <> 0 as variadic, {_type('o.prorettype')} as result,
    o.proretset as returns_set, o.proisstrict as strict, o.provolatile as volatility,
    a.aggkind as aggregate, a.aggnumdirectargs as direct
  from pg_proc o join pg_namespace ns on ns.oid = o.pronamespace
  left join pg_aggregate a on a.aggfnoid = o.oid
  where {{where}}) r
"""

OPERATORS = f"""
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select ns.nspname || '.' || o.oprname as name, {_type('nullif(o.oprleft, 0)')} as left,
    {_type('o.oprright')} as right, {_type('o.oprresult')} as result,
    {_name('pg_proc', 'o.oprcode::oid', 'pro')} as function,
    {_name('pg_operator', 'o.oprcom', 'opr')} as commutator, {_name('pg_operator', 'o.oprnegate', 'opr')} as negator
  from pg_operator o join pg_namespace ns on ns.oid = o.oprnamespace
  where {{where}} and o.oprcode <> 0) r
"""

CASTS = f"""
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select {_type('o.castsource')} as source, {_type('o.casttarget')} as target, o.castcontext as context,
    o.castmethod as method, {_name('pg_proc', 'o.castfunc', 'pro')} as function,
    (select pronargs from pg_proc where oid = o.castfunc) as arity
  from pg_cast o where {{where}}) r
"""

OPCLASSES = f"""
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select ns.nspname || '.' || o.opcname as name, am.amname as method, {_type('o.opcintype')} as input,
    {_type('nullif(o.opckeytype, 0)')} as key, o.opcdefault as is_default,
    {_name('pg_opfamily', 'o.opcfamily', 'opf')} as family
  from pg_opclass o join pg_namespace ns on ns.oid = o.opcnamespace join pg_am am on am.oid = o.opcmethod
  where {{where}}) r
"""

FAMILY_OPERATORS = f"""
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select am.amname as method, {_name('pg_opfamily', 'o.amopfamily', 'opf')} as family,
    {_type('o.amoplefttype')} as left, {_type('o.amoprighttype')} as right, o.amopstrategy as strategy,
    {_name('pg_operator', 'o.amopopr', 'opr')} as operator, o.amoppurpose as purpose
  from pg_amop o join pg_am am on am.oid = o.amopmethod
  where {{where}}) r
"""

RELATIONS = f"""
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select ns.nspname || '.' || o.relname as name, o.relkind as kind, {_type('nullif(o.reltype, 0)')} as row_type,
    (select coalesce(json_agg(json_build_object('name', a.attname, 'type', {_type('a.atttypid')},
        'typmod', a.atttypmod, 'not_null', a.attnotnull,
        'collation', case when a.attcollation <> t.typcollation
          then {_name('pg_collation', 'a.attcollation', 'coll')} end)
        order by a.attnum), '[]')
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class o join pg_namespace ns on ns.oid = o.relnamespace
  where {{where}} and o.relkind in ('r', 'v', 'm', 'p', 'f', 'c', 'S')) r
"""

# Kinds of which only the name matters. Collations of the C library depend on the
# machine, so only those of ICU and of PostgreSQL itself are taken.
NAMES = r"""
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select kind, ns.nspname || '.' || o.name as name, detail from (
    select oid, 'collation' as kind, collnamespace as namespace, collname as name,
      collprovider::text || case when collisdeterministic then '' else '!' end as detail from pg_collation
      where collprovider <> 'c' or collname in ('C', 'POSIX', 'ucs_basic')
    union all select oid, 'text search configuration', cfgnamespace, cfgname, null from pg_ts_config
    union all select oid, 'text search dictionary', dictnamespace, dictname, null from pg_ts_dict
    union all select oid, 'text search parser', prsnamespace, prsname, null from pg_ts_parser
    union all select oid, 'text search template', tmplnamespace, tmplname, null from pg_ts_template
    union all select oid, 'language', 11, lanname, null from pg_language
    union all select oid, 'access method', 11, amname, amtype::text from pg_am
    union all select oid, 'foreign data wrapper', 11, fdwname, null from pg_foreign_data_wrapper
  ) o join pg_namespace ns on ns.oid = o.namespace
  where {where}) r
"""

SECTIONS = {
    "types": TYPES,
    "functions": FUNCTIONS,
    "operators": OPERATORS,
    "casts": CASTS,
    "opclasses": OPCLASSES,
    "family_operators": FAMILY_OPERATORS,
    "relations": RELATIONS,
    "names": NAMES,
}

# Every extension the server could install, in its default version.
EXTENSIONS = """
select coalesce(json_agg(row_to_json(r)), '[]') from (
  select v.name, v.version, v.relocatable, v.schema, coalesce(v.requires, '{}') as requires
  from pg_available_extension_versions v
  join pg_available_extensions e on e.name = v.name and e.default_version = v.version
  where v.name <> 'plpgsql' order by v.name) r
"""
