//! From a line of `data/` to an entry.
//!
//! Lines and their fields are described in `tools/catalog/lines.py`, which writes them.
//! A line that cannot be understood gives nothing; a test counts that none is lost.

use smol_str::SmolStr;

use super::entries::{
    CastContext, CastEntry, CastMethod, Column, FamilyOperator, FunctionEntry, FunctionKind,
    NameEntry, NameKind, ObjectName, OpclassEntry, OperatorEntry, Parameter, ParameterMode,
    RelationEntry, RelationKind, Versions, Volatility,
};
use super::scope::{Scope, split};
use super::types::{Category, Subscript, TypeEntry, TypeId, TypeKind};

/// The lines of a section, without the first one, which names the generator or the section.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().skip(1)
}

/// The fields of a line, the missing ones at the end as empty.
fn fields<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut parts = line.split('\t');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// How many items a comma-separated list has, so that it is allocated once.
fn items(written: &str) -> usize {
    written.bytes().filter(|byte| *byte == b',').count() + 1
}

fn versions(written: &str) -> Option<Versions> {
    let Some((since, until)) = written.split_once("..") else {
        return written.is_empty().then_some(Versions::ALL);
    };
    let bound = |text: &str, open: u8| {
        if text.is_empty() { Some(open) } else { text.parse().ok() }
    };
    Some(Versions { since: bound(since, 0)?, until: bound(until, u8::MAX)? })
}

/// The names that the lines of a `types` section define: each type, and its array type.
pub(super) fn type_names(text: &'static str) -> impl Iterator<Item = &'static str> {
    lines(text).flat_map(|line| {
        let [name, _, attributes, _] = fields(line);
        let array = attributes.split(' ').find_map(|word| word.strip_prefix("array="));
        std::iter::once(name).chain(array)
    })
}

/// A line of `types`: the type and, unless it has a line of its own, its array type.
pub(super) fn types(
    line: &'static str,
    scope: &Scope<'_>,
) -> Option<(TypeEntry, Option<TypeEntry>)> {
    let [name, letters, attributes, version] = fields(line);
    let (kind, category) = letters.split_at_checked(1)?;
    let ObjectName { schema, name: own_name } = scope.name(name);
    let mut entry = TypeEntry {
        id: scope.type_id(name)?,
        schema,
        name: own_name,
        kind: TypeKind::Base,
        category: Category(*category.as_bytes().first()?),
        preferred: category.ends_with('*'),
        element: None,
        array: None,
        subscript: Subscript::None,
        collation: None,
        length: -1,
        delimiter: ',',
        takes_typmod: false,
        versions: versions(version)?,
    };
    let (mut base, mut typmod, mut not_null) = (None, -1, false);
    let (mut subtype, mut multirange, mut range) = (None, None, None);
    for word in attributes.split(' ') {
        let (key, value) = word.split_once('=').unwrap_or((word, ""));
        match key {
            "len" => entry.length = value.parse().ok()?,
            "delim" => entry.delimiter = value.chars().next()?,
            "array" => entry.array = Some(scope.type_id(value)?),
            "elem" => entry.element = Some(scope.type_id(value)?),
            "coll" => entry.collation = Some(scope.name(value)),
            "subscript" => entry.subscript = subscript(value),
            "typmod" => entry.takes_typmod = true,
            "base" => base = Some(scope.type_id(value)?),
            "basemod" => typmod = value.parse().ok()?,
            "notnull" => not_null = true,
            "subtype" => subtype = Some(scope.type_id(value)?),
            "multirange" => multirange = Some(scope.type_id(value)?),
            "range" => range = Some(scope.type_id(value)?),
            // Dimensions of a domain over an array: not part of any type's meaning.
            "dims" | "" => {}
            _ => return None,
        }
    }
    entry.kind = match kind {
        "b" => TypeKind::Base,
        "c" => TypeKind::Composite,
        "d" => TypeKind::Domain { base: base?, typmod, not_null },
        "e" => TypeKind::Enum,
        "r" => TypeKind::Range { subtype: subtype?, multirange: multirange?, custom: false },
        "m" => TypeKind::Multirange { range: range? },
        "p" => TypeKind::Pseudo,
        _ => return None,
    };
    let written = attributes.split(' ').find_map(|word| word.strip_prefix("array="));
    let array =
        entry.array.zip(written).map(|(id, written)| array_type(&entry, id, split(written).1));
    Some((entry, array))
}

fn subscript(handler: &str) -> Subscript {
    match handler {
        "array" => Subscript::Array,
        "raw_array" => Subscript::RawArray,
        "jsonb" => Subscript::Jsonb,
        _ => Subscript::Other,
    }
}

/// The array type of `element`: what else it is follows from it.
pub(super) fn array_type(element: &TypeEntry, id: TypeId, name: impl Into<SmolStr>) -> TypeEntry {
    TypeEntry {
        id,
        schema: element.schema.clone(),
        name: name.into(),
        kind: TypeKind::Base,
        category: Category::ARRAY,
        preferred: false,
        element: Some(element.id),
        array: None,
        subscript: Subscript::Array,
        collation: element.collation.clone(),
        length: -1,
        delimiter: element.delimiter,
        takes_typmod: element.takes_typmod,
        versions: element.versions,
    }
}

pub(super) fn function(line: &'static str, scope: &Scope<'_>) -> Option<FunctionEntry> {
    let [name, flags, args, result, parameters, version] = fields(line);
    let ObjectName { schema, name } = scope.name(name);
    let args = scope.type_ids(args)?;
    let mut letters = flags.chars();
    let (kind, volatility) = (letters.next()?, letters.next()?);
    let rest = letters.as_str();
    let (rest, direct) = match rest.split_once(':') {
        Some((rest, direct)) => (rest, direct.parse().ok()?),
        None => (rest, 0),
    };
    let (rest, defaults) = match rest.split_once('=') {
        Some((rest, defaults)) => (rest, defaults.parse().ok()?),
        None => (rest, 0),
    };
    let variadic = rest.contains('+');
    Some(FunctionEntry {
        schema,
        name,
        kind: match kind {
            'f' => FunctionKind::Function,
            'p' => FunctionKind::Procedure,
            'w' => FunctionKind::Window,
            'a' => FunctionKind::Aggregate,
            'o' => FunctionKind::OrderedSet { direct },
            'h' => FunctionKind::HypotheticalSet { direct },
            _ => return None,
        },
        parameters: function_parameters(parameters, &args, variadic, scope)?,
        args,
        defaults,
        variadic,
        result: scope.type_id(result)?,
        returns_set: rest.contains('*'),
        strict: rest.contains('!'),
        volatility: match volatility {
            'i' => Volatility::Immutable,
            's' => Volatility::Stable,
            'v' => Volatility::Volatile,
            _ => return None,
        },
        versions: versions(version)?,
    })
}

/// `a,~b,>c:int4`: the inputs take the types of the arguments in turn, the outputs have theirs.
fn function_parameters(
    written: &'static str,
    args: &[TypeId],
    variadic: bool,
    scope: &Scope<'_>,
) -> Option<Box<[Parameter]>> {
    if written.is_empty() {
        return Some(Box::default());
    }
    let mut inputs = args.iter().copied();
    let parameter = |word: &'static str| {
        let output = |text: &'static str, mode| {
            let (name, ty) = text.split_once(':')?;
            Some(Parameter { name: SmolStr::new_static(name), ty: scope.type_id(ty)?, mode })
        };
        if let Some(text) = word.strip_prefix('>') {
            return output(text, ParameterMode::Out);
        }
        if let Some(text) = word.strip_prefix('|') {
            return output(text, ParameterMode::Table);
        }
        let ty = inputs.next()?;
        let (name, mode) = match word.strip_prefix('~') {
            Some(name) => (name, ParameterMode::InOut),
            None if variadic && inputs.len() == 0 => (word, ParameterMode::Variadic),
            None => (word, ParameterMode::In),
        };
        Some(Parameter { name: SmolStr::new_static(name), ty, mode })
    };
    let mut parameters = Vec::with_capacity(items(written));
    for word in written.split(',').map(parameter) {
        parameters.push(word?);
    }
    Some(parameters.into_boxed_slice())
}

pub(super) fn operator(line: &'static str, scope: &Scope<'_>) -> Option<OperatorEntry> {
    let [name, left, right, result, function, commutator, negator, version] = fields(line);
    let ObjectName { schema, name } = scope.name(name);
    Some(OperatorEntry {
        schema,
        name,
        left: if left.is_empty() { None } else { Some(scope.type_id(left)?) },
        right: scope.type_id(right)?,
        result: scope.type_id(result)?,
        function: scope.name(function),
        commutator: scope.optional_name(commutator),
        negator: scope.optional_name(negator),
        versions: versions(version)?,
    })
}

pub(super) fn cast(line: &'static str, scope: &Scope<'_>) -> Option<CastEntry> {
    let [source, target, letters, function, arity, version] = fields(line);
    let (context, method) = letters.split_at_checked(1)?;
    Some(CastEntry {
        source: scope.type_id(source)?,
        target: scope.type_id(target)?,
        context: match context {
            "i" => CastContext::Implicit,
            "a" => CastContext::Assignment,
            "e" => CastContext::Explicit,
            _ => return None,
        },
        method: match method {
            "b" => CastMethod::Binary,
            "i" => CastMethod::InOut,
            "f" => {
                CastMethod::Function { function: scope.name(function), arity: arity.parse().ok()? }
            }
            _ => return None,
        },
        versions: versions(version)?,
    })
}

pub(super) fn opclass(line: &'static str, scope: &Scope<'_>) -> Option<OpclassEntry> {
    let [name, method, input, key, default, family, version] = fields(line);
    let ObjectName { schema, name } = scope.name(name);
    Some(OpclassEntry {
        schema,
        name,
        method: SmolStr::new_static(method),
        input: scope.type_id(input)?,
        key: if key.is_empty() { None } else { Some(scope.type_id(key)?) },
        default: default == "default",
        family: scope.name(family),
        versions: versions(version)?,
    })
}

pub(super) fn family_operator(line: &'static str, scope: &Scope<'_>) -> Option<FamilyOperator> {
    let [method, family, left, right, strategy, operator, version] = fields(line);
    let search = strategy.strip_suffix('o');
    Some(FamilyOperator {
        method: SmolStr::new_static(method),
        family: scope.name(family),
        left: scope.type_id(left)?,
        right: scope.type_id(right)?,
        strategy: search.unwrap_or(strategy).parse().ok()?,
        ordering: search.is_some(),
        operator: scope.name(operator),
        versions: versions(version)?,
    })
}

pub(super) fn relation(line: &'static str, scope: &Scope<'_>) -> Option<RelationEntry> {
    let [written, kind, columns, version] = fields(line);
    let ObjectName { schema, name } = scope.name(written);
    Some(RelationEntry {
        schema,
        name,
        kind: match kind {
            "r" => RelationKind::Table,
            "p" => RelationKind::PartitionedTable,
            "v" => RelationKind::View,
            "m" => RelationKind::MaterializedView,
            "f" => RelationKind::ForeignTable,
            "S" => RelationKind::Sequence,
            "c" => RelationKind::CompositeType,
            _ => return None,
        },
        columns: if columns.is_empty() {
            Vec::new()
        } else {
            columns.split(',').map(|text| column(text, scope)).collect::<Option<_>>()?
        },
        row_type: if kind == "S" { None } else { Some(scope.type_id(written)?) },
        versions: versions(version)?,
    })
}

/// `name type`, then `!` for NOT NULL, `#` and a modifier, `^` and a collation, `@` and versions.
fn column(text: &'static str, scope: &Scope<'_>) -> Option<Column> {
    let mut words = text.split(' ');
    let name = SmolStr::new_static(words.next()?);
    let mut column = Column::new(name, scope.type_id(words.next()?)?);
    for word in words {
        match word.split_at_checked(1)? {
            ("!", _) => column.not_null = true,
            ("#", typmod) => column.typmod = typmod.parse().ok()?,
            ("^", collation) => column.collation = Some(Box::new(scope.name(collation))),
            ("@", version) => column.versions = versions(version)?,
            _ => return None,
        }
    }
    Some(column)
}

pub(super) fn name(line: &'static str, scope: &Scope<'_>) -> Option<NameEntry> {
    let [kind, name, detail, version] = fields(line);
    let ObjectName { schema, name } = scope.name(name);
    let kinds = NameKind::ALL.into_iter().filter(|known| kind_name(*known) == kind);
    // The two kinds of access method share a name; what follows tells them apart.
    let is_table = detail == "t";
    Some(NameEntry {
        kind: kinds.into_iter().find(|known| (*known == NameKind::TableMethod) == is_table)?,
        schema,
        name,
        nondeterministic: detail.ends_with('!'),
        versions: versions(version)?,
    })
}

/// The first field of a line of `names`.
pub(super) fn kind_name(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Collation => "collation",
        NameKind::TextSearchConfiguration => "text search configuration",
        NameKind::TextSearchDictionary => "text search dictionary",
        NameKind::TextSearchParser => "text search parser",
        NameKind::TextSearchTemplate => "text search template",
        NameKind::Language => "language",
        NameKind::IndexMethod | NameKind::TableMethod => "access method",
        NameKind::ForeignDataWrapper => "foreign data wrapper",
    }
}
