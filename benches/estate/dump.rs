//! The estate as `pg_dump` prints it: object by object, each under its header.

use super::{Amount, Key, Table};

const START: &str = "\
--
-- PostgreSQL database dump
--

-- Dumped from database version 18.0
-- Dumped by pg_dump version 18.0

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

";

const END: &str = "\
--
-- PostgreSQL database dump complete
--

";

/// Functions, tables, then what needs all tables: the order of the sections is `pg_dump`'s.
pub(super) fn write(tables: &[Table]) -> String {
    let mut out = String::from(START);
    let mut section = |entries: fn(&Table) -> String| {
        for table in tables {
            out.push_str(&entries(table));
        }
    };
    section(function);
    section(table);
    section(serial_default);
    section(primary_key);
    section(view);
    section(indexes);
    section(foreign_keys);
    section(policy);
    out.push_str(END);
    out
}

fn entry(name: &str, kind: &str, sql: &str) -> String {
    format!("--\n-- Name: {name}; Type: {kind}; Schema: public; Owner: postgres\n--\n\n{sql}\n\n\n")
}

/// An entry that also tells its owner, after which `pg_dump` leaves one blank line, not two.
fn owned(name: &str, kind: &str, sql: &str, owned: &str) -> String {
    let mut entry =
        entry(name, kind, &format!("{sql}\n\n\nALTER {kind} {owned} OWNER TO postgres;"));
    entry.pop();
    entry
}

fn table(table: &Table) -> String {
    let Table { name, name_length, .. } = table;
    let amount = match table.amount {
        Amount::Numeric => "numeric(12,2)",
        Amount::Bigint => "bigint",
        Amount::Integer => "integer",
    };
    let first = table.states.first().unwrap_or(&"");
    let check = one_of("status", table);
    let create = format!(
        "CREATE TABLE public.{name} (
    id bigint NOT NULL,
    tenant_id uuid NOT NULL,
    parent_id bigint,
    owner_id bigint NOT NULL,
    status character varying(20) DEFAULT '{first}'::character varying NOT NULL,
    name character varying({name_length}) NOT NULL,
    note text,
    amount {amount} DEFAULT 0 NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    attributes jsonb DEFAULT '{{}}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone,
    CONSTRAINT {name}_status_check CHECK ({check})
);"
    );
    let comment = format!("COMMENT ON TABLE public.{name} IS 'Rows of {name}, the tenant''s own';");
    let column = |column: &str, text: &str| {
        let sql = format!("COMMENT ON COLUMN public.{name}.{column} IS '{text}';");
        entry(&format!("COLUMN {name}.{column}"), "COMMENT", &sql)
    };
    [
        owned(name, "TABLE", &create, &format!("public.{name}")),
        entry(&format!("TABLE {name}"), "COMMENT", &comment),
        column("status", "Where the row is in its life"),
        column("amount", "In the smallest unit of the currency"),
        sequence(table),
    ]
    .concat()
}

fn sequence(table: &Table) -> String {
    let name = &table.name;
    let options = "
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1";
    let identity = |when: &str| {
        let sql = format!(
            "ALTER TABLE public.{name} ALTER COLUMN id ADD GENERATED {when} AS IDENTITY (
    SEQUENCE NAME public.{name}_id_seq{options}\n);"
        );
        entry(&format!("{name}_id_seq"), "SEQUENCE", &sql)
    };
    match table.key {
        Key::Always => identity("ALWAYS"),
        Key::ByDefault => identity("BY DEFAULT"),
        Key::Serial => {
            let sequence = format!("{name}_id_seq");
            let create = format!("CREATE SEQUENCE public.{sequence}{options};");
            let belongs = format!("ALTER SEQUENCE public.{sequence} OWNED BY public.{name}.id;");
            owned(&sequence, "SEQUENCE", &create, &format!("public.{sequence}"))
                + &entry(&sequence, "SEQUENCE OWNED BY", &belongs)
        }
    }
}

fn serial_default(table: &Table) -> String {
    let name = &table.name;
    match table.key {
        Key::Always | Key::ByDefault => String::new(),
        Key::Serial => {
            let default = format!("nextval('public.{name}_id_seq'::regclass)");
            let sql =
                format!("ALTER TABLE ONLY public.{name} ALTER COLUMN id SET DEFAULT {default};");
            entry(&format!("{name} id"), "DEFAULT", &sql)
        }
    }
}

fn primary_key(table: &Table) -> String {
    let name = &table.name;
    constraint(table, "CONSTRAINT", &format!("{name}_pkey PRIMARY KEY (id)"))
}

fn foreign_keys(table: &Table) -> String {
    let Table { name, parent, owner, .. } = table;
    let to_owner =
        format!("{name}_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES public.{owner}(id)");
    let to_parent = format!(
        "{name}_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.{parent}(id) ON DELETE CASCADE"
    );
    constraint(table, "FK CONSTRAINT", &to_owner) + &constraint(table, "FK CONSTRAINT", &to_parent)
}

fn constraint(table: &Table, kind: &str, definition: &str) -> String {
    let table = &table.name;
    let name = definition.split(' ').next().unwrap_or_default();
    let sql = format!("ALTER TABLE ONLY public.{table}\n    ADD CONSTRAINT {definition};");
    entry(&format!("{table} {name}"), kind, &sql)
}

fn indexes(table: &Table) -> String {
    let name = &table.name;
    let first = table.states.first().unwrap_or(&"");
    let index = |suffix: &str, rest: &str| {
        let index = format!("{name}_{suffix}");
        let sql = format!("CREATE INDEX {index} ON public.{name} USING btree {rest};");
        entry(&index, "INDEX", &sql)
    };
    let active =
        format!("(lower((name)::text)) WHERE (is_active AND ((status)::text <> '{first}'::text))");
    [
        index("active", &active),
        index("by_parent", "(tenant_id, parent_id)"),
        index("by_time", "(tenant_id, created_at DESC) INCLUDE (status, amount)"),
    ]
    .concat()
}

fn policy(table: &Table) -> String {
    let name = &table.name;
    let enable = format!("ALTER TABLE public.{name} ENABLE ROW LEVEL SECURITY;");
    let policy = format!(
        "CREATE POLICY tenant_isolation ON public.{name} USING \
         ((tenant_id = (current_setting('app.current_tenant_id'::text))::uuid));"
    );
    entry(name, "ROW SECURITY", &enable)
        + &entry(&format!("{name} tenant_isolation"), "POLICY", &policy)
}

fn view(table: &Table) -> String {
    if !table.has_view() {
        return String::new();
    }
    let Table { name, parent, .. } = table;
    let states = one_of("t.status", table);
    let sql = format!(
        "CREATE VIEW public.{name}_overview AS
 SELECT t.id,
    t.name,
    p.name AS parent_name,
    COALESCE(t.note, ''::text) AS note
   FROM (public.{name} t
     LEFT JOIN public.{parent} p ON (((p.id = t.parent_id) AND (p.tenant_id = t.tenant_id))))
  WHERE (t.is_active AND {states});"
    );
    owned(&format!("{name}_overview"), "VIEW", &sql, &format!("public.{name}_overview"))
}

fn function(table: &Table) -> String {
    if !table.has_function() {
        return String::new();
    }
    let name = &table.name;
    let arguments = "p_tenant uuid, p_since timestamp with time zone";
    let sql = format!(
        "CREATE FUNCTION public.{name}_total({arguments} DEFAULT now()) RETURNS numeric
    LANGUAGE sql STABLE
    AS $$
    SELECT sum(amount) FROM {name} WHERE tenant_id = p_tenant AND created_at >= p_since;
$$;"
    );
    let signature = format!("public.{name}_total({arguments})");
    owned(&format!("{name}_total(uuid, timestamp with time zone)"), "FUNCTION", &sql, &signature)
}

/// `column IN (…)` over varchar, as PostgreSQL stores it.
fn one_of(column: &str, table: &Table) -> String {
    let literal = |state: &&str| format!("'{state}'::character varying");
    let states: Vec<_> = table.states.iter().map(literal).collect();
    format!("(({column})::text = ANY ((ARRAY[{}])::text[]))", states.join(", "))
}
