//! `--rename` with all that hangs on a name, and with rows.

use super::{Place, assert_same, dump, loaded};
use crate::server::Server;

const LIVE: &str = "
CREATE TABLE parents (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE items (
    id int PRIMARY KEY,
    parent_code text REFERENCES parents (code),
    state text NOT NULL CONSTRAINT state_known CHECK (state IN ('a', 'b'))
);
CREATE INDEX items_state ON items (state) WHERE state <> 'a';
CREATE VIEW open_items AS SELECT id, state FROM items WHERE state = 'a';
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON items USING (state <> 'b');
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER noted BEFORE UPDATE OF state ON items FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION note();
COMMENT ON COLUMN items.state IS 'where it is';
";

const CANONICAL: &str = "
CREATE TABLE parents (id int PRIMARY KEY, code text UNIQUE);
CREATE TABLE things (
    id int CONSTRAINT items_pkey PRIMARY KEY,
    parent_code text CONSTRAINT items_parent_code_fkey REFERENCES parents (code),
    status text NOT NULL CONSTRAINT state_known CHECK (status IN ('a', 'b')),
    added int
);
CREATE INDEX items_state ON things (status) WHERE status <> 'a';
CREATE VIEW open_items AS SELECT id, status AS state FROM things WHERE status = 'a';
ALTER TABLE things ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON things USING (status <> 'b');
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER noted BEFORE UPDATE OF status ON things FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION note();
COMMENT ON COLUMN things.status IS 'where it is';
";

const ROWS: &str =
    "INSERT INTO parents VALUES (1, 'x'); INSERT INTO items VALUES (1, 'x', 'a'), (2, NULL, 'b');";

#[test]
fn what_hangs_on_a_name_follows_it() {
    let Some(server) = Server::any() else { return };
    let place = Place::new(CANONICAL, LIVE);
    let renames = ["--rename", "table:items=things", "--rename", "things.state=status"];
    place.text(&[&renames[..], &["--output", "up.sql", "--back", "down.sql"]].concat());
    let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
    let (up, down) = (read("up.sql"), read("down.sql"));
    assert!(!up.contains("DROP"), "{up}");
    let (db, before) = loaded(server, LIVE);
    let (_target, after) = loaded(server, CANONICAL);
    db.load(ROWS).unwrap();
    let rows = |query: &str| db.query(query);
    let kept = rows("SELECT id, parent_code, state FROM items ORDER BY id");
    for (script, wanted) in [(&up, &after), (&down, &before), (&up, &after)] {
        db.load(script).unwrap_or_else(|error| panic!("{error}\n{script}"));
        assert_same(wanted, &dump(&db), script);
    }
    assert_eq!(kept, rows("SELECT id, parent_code, status FROM things ORDER BY id"));
}

#[test]
fn renames_that_cannot_all_be_meant_are_refused() {
    let place = Place::new(CANONICAL, LIVE);
    let table = "table:items=things";
    for (renames, wanted) in [
        (["items.state=a", "items.state=b"], "column public.items.state is renamed twice"),
        (["items.state=a", "items.id=a"], "two are renamed to column public.items.a"),
        ([table, "things.state=state"], "keeps its name"),
        ([table, "things.state=other"], "column public.things.other is not declared"),
        ([table, "things.id=status"], "column public.things.id is declared too"),
        ([table, "things.nothing=status"], "nothing"),
        ([table, "table:parents=items"], "table public.items is not declared"),
    ] {
        let said = place.refused(&["--rename", renames[0], "--rename", renames[1]]);
        assert!(said.contains("--rename") && said.contains(wanted), "{renames:?}: {said}");
    }
}
