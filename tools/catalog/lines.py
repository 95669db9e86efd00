"""One line of text for one catalog row: the format that `src/catalog/read.rs` reads.

Fields are separated by tabs and trailing empty ones are left out. Names in pg_catalog
are bare; others are `schema.name`; a schema `@citext` is "wherever the extension citext
was installed".
"""

import re

OLDEST, NEWEST = 15, 18

KEYS = {
    "types": lambda r: r["name"],
    "functions": lambda r: (r["name"], *r["args"]),
    "operators": lambda r: (r["name"], r["left"], r["right"]),
    "casts": lambda r: (r["source"], r["target"]),
    "opclasses": lambda r: (r["name"], r["method"]),
    "family_operators": lambda r: (r["method"], r["family"], r["left"], r["right"], r["strategy"], r["operator"]),
    "relations": lambda r: r["name"],
    "names": lambda r: (r["kind"], r["name"]),
    # A column that changed its type is two columns.
    "columns": lambda r: (r["name"], r["type"], r["typmod"]),
}


def merge(section, rows_by_version):
    """The rows of all versions, each once, as in the newest version that has it.

    `row["versions"]` says where it is missing: `16..` came with 16, `..16` went after 16.
    """
    merged = {}
    for version, rows in sorted(rows_by_version.items()):
        for row in rows:
            key = KEYS[section](row)
            first = merged[key]["first"] if key in merged else version
            older = merged[key].get("columns") if key in merged else None
            if older is not None:
                row["columns_by_version"] = merged[key]["columns_by_version"] | {version: row["columns"]}
            elif "columns" in row:
                row["columns_by_version"] = {version: row["columns"]}
            merged[key] = row | {"first": first, "last": version}
    oldest, newest = min(rows_by_version), max(rows_by_version)
    for row in merged.values():
        since = f"{row['first']}" if row["first"] > oldest else ""
        until = f"{row['last']}" if row["last"] < newest else ""
        row["versions"] = f"{since}..{until}" if since or until else ""
        if "columns" in row:
            row["columns"] = _merge_columns(row["columns_by_version"])
    return list(merged.values())


def _merge_columns(columns_by_version):
    """Columns in the order of the newest version, older ones after what they came after."""
    key = KEYS["columns"]
    order = []
    for _, columns in sorted(columns_by_version.items(), reverse=True):
        place = 0
        for column in columns:
            if key(column) in order:
                place = order.index(key(column)) + 1
            else:
                order.insert(place, key(column))
                place += 1
    return sorted(merge("columns", columns_by_version), key=lambda column: order.index(key(column)))


def encode(section, rows):
    """The sorted lines of a section. `rows` come from `merge`."""
    derived = _derived_arrays(rows) if section == "types" else set()
    lines = [LINES[section](row) for row in rows if row.get("name") not in derived]
    return sorted(lines, key=lambda fields: _sort_key(section, fields))


def _sort_key(section, fields):
    """Binary search is by name alone and in byte order; the rest makes the order stable."""
    bare = fields[0].split(".", 1)[-1] if section not in ("casts", "family_operators", "names") else ""
    return [bare.encode(), *(field.encode() for field in fields)]


def _derived_arrays(rows):
    """Array types that follow from their element type and so need no line."""
    by_name = {row["name"]: row for row in rows}
    derived = set()
    for row in rows:
        if row["is_array"]:
            element = by_name[row["element"]]
            expected = (element["name"], "b", "A", -1, element["delimiter"], element["collation"], element["typmod"],
                        element["versions"], "array_subscript_handler", element["name"].split(".")[0])
            actual = (row["element"], row["kind"], row["category"], row["length"], row["delimiter"], row["collation"],
                      row["typmod"], row["versions"], row["subscript"], row["name"].split(".")[0])
            if expected == actual and element["array"] == row["name"]:
                derived.add(row["name"])
    return derived


def _fields(*fields):
    fields = [field or "" for field in fields]
    for field in fields:
        if re.search(r"[\t\n]", field):
            raise ValueError(f"control character in {fields}")
    while fields and not fields[-1]:
        fields.pop()
    return fields


def short(name):
    """`pg_catalog.int4` as `int4`, the scratch schema of an extension as `@extension`."""
    if name is None:
        return ""
    schema, rest = name.split(".", 1)
    if re.search(r"[\s,.]", rest):
        raise ValueError(f"name that the format cannot hold: {name}")
    if schema == "pg_catalog":
        return rest
    if schema.startswith("ext__"):
        schema = "@" + schema.removeprefix("ext__")
    return f"{schema}.{rest}"


def _type(row):
    words = []

    def word(key, value):
        if value:
            words.append(f"{key}={value}")

    word("len", "" if row["length"] == -1 else str(row["length"]))
    word("delim", "" if row["delimiter"] == "," else row["delimiter"])
    word("array", short(row["array"]))
    word("elem", short(row["element"]))
    word("base", short(row["base"]))
    word("basemod", "" if row["base_typmod"] == -1 else str(row["base_typmod"]))
    word("dims", str(row["dimensions"]) if row["dimensions"] else "")
    word("coll", short(row["collation"]))
    word("subtype", short(row["subtype"]))
    word("multirange", short(row["multirange"]))
    word("range", short(row["range"]))
    word("subscript", row["subscript"].split(".")[-1].removesuffix("_subscript_handler").strip("-"))
    words += ["typmod"] if row["typmod"] else []
    words += ["notnull"] if row["not_null"] else []
    letters = row["kind"] + row["category"] + ("*" if row["preferred"] else "")
    return _fields(short(row["name"]), letters, " ".join(words), row["versions"])


def _function(row):
    kind = row["aggregate"] if row["kind"] == "a" else row["kind"]
    flags = {"n": "a", "o": "o", "h": "h"}[kind] if row["kind"] == "a" else kind
    flags += row["volatility"]
    flags += "!" if row["strict"] else ""
    flags += "*" if row["returns_set"] else ""
    flags += "+" if row["variadic"] else ""
    flags += f"={row['defaults']}" if row["defaults"] else ""
    flags += f":{row['direct']}" if row["direct"] else ""
    args = ",".join(short(name) for name in row["args"])
    return _fields(short(row["name"]), flags, args, short(row["result"]), _parameters(row), row["versions"])


def _parameters(row):
    """Names and modes, where there is more to say than the input types.

    An input is its name, an INOUT `~name`, an OUT `>name:type`, a TABLE column `|name:type`.
    """
    if not row["names"] and not row["modes"]:
        return ""
    modes = row["modes"] or ["i"] * len(row["args"])
    types = row["all_args"] or row["args"]
    names = row["names"] or [""] * len(types)
    words = []
    for mode, name, type_ in zip(modes, names, types, strict=True):
        if re.search(r"[\s,:~>|]", name):
            raise ValueError(f"parameter name that the format cannot hold: {row}")
        words.append({
            "i": name, "v": name, "b": f"~{name}", "o": f">{name}:{short(type_)}", "t": f"|{name}:{short(type_)}",
        }[mode])
    return ",".join(words)


def _operator(row):
    return _fields(short(row["name"]), short(row["left"]), short(row["right"]), short(row["result"]),
                   short(row["function"]), short(row["commutator"]), short(row["negator"]), row["versions"])


def _cast(row):
    return _fields(short(row["source"]), short(row["target"]), row["context"] + row["method"],
                   short(row["function"]), str(row["arity"] or ""), row["versions"])


def _opclass(row):
    return _fields(short(row["name"]), row["method"], short(row["input"]), short(row["key"]),
                   "default" if row["is_default"] else "", short(row["family"]), row["versions"])


def _family_operator(row):
    return _fields(row["method"], short(row["family"]), short(row["left"]), short(row["right"]),
                   f"{row['strategy']}{'' if row['purpose'] == 's' else row['purpose']}", short(row["operator"]),
                   row["versions"])


def _relation(row):
    if row["row_type"] not in (None, row["name"]):
        raise ValueError(f"row type with another name: {row}")
    return _fields(short(row["name"]), row["kind"], ",".join(_column(column) for column in row["columns"]),
                   row["versions"])


def _column(column):
    if re.search(r"[\s,]", column["name"]):
        raise ValueError(f"column name that the format cannot hold: {column}")
    words = [column["name"], short(column["type"])]
    words += ["!"] if column["not_null"] else []
    words += [f"#{column['typmod']}"] if column["typmod"] != -1 else []
    words += [f"^{short(column['collation'])}"] if column["collation"] else []
    words += [f"@{column['versions']}"] if column["versions"] else []
    return " ".join(words)


def _named(row):
    return _fields(row["kind"], short(row["name"]), row["detail"], row["versions"])


LINES = {
    "types": _type,
    "functions": _function,
    "operators": _operator,
    "casts": _cast,
    "opclasses": _opclass,
    "family_operators": _family_operator,
    "relations": _relation,
    "names": _named,
}
