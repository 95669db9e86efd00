//! A revision, run by Alembic itself: up, down and up again.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{CANONICAL, LIVE, Place, assert_same, dump, loaded, said};
use crate::server::{Database, Server};

const ENVIRONMENT: &str = r#"
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"#;

/// A virtual environment with Alembic; none when it cannot be had here.
fn environment(folder: &Path) -> Option<PathBuf> {
    let python = folder.join("venv/bin/python");
    let made = Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")).output();
    if !made.as_ref().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED alembic: python3 -m venv does not work here: {made:?}");
        return None;
    }
    let packages = ["alembic", "sqlalchemy", "psycopg2-binary"];
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let output = Command::new(&python).args(pip).args(packages).output().unwrap();
    if !output.status.success() {
        eprintln!("SKIPPED alembic: pip cannot install it: {}", said(&output));
        return None;
    }
    Some(python)
}

fn alembic(python: &Path, place: &Place, db: &Database<'_>, command: &[&str]) {
    let host = db.server().host().display();
    let url = format!("postgresql+psycopg2://postgres@/{}?host={host}&port=5432", db.name());
    let ini = format!("[alembic]\nscript_location = env\nsqlalchemy.url = {url}\n");
    place.write("alembic.ini", &ini);
    let output = Command::new(python)
        .args(["-m", "alembic"])
        .args(command)
        .current_dir(place.directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "alembic {command:?}\n{}", said(&output));
}

#[test]
fn alembic_runs_the_revision_up_and_down() {
    let Some(server) = Server::any() else { return };
    let folder = tempfile::tempdir().unwrap();
    let Some(python) = environment(folder.path()) else { return };
    for online in [&[][..], &["--online"]] {
        let place = Place::new(CANONICAL, LIVE);
        place.write("env/env.py", ENVIRONMENT);
        place.write("env/script.py.mako", "");
        std::fs::create_dir(place.path("env/versions")).unwrap();
        let (db, before) = loaded(server, LIVE);
        let (_target, after) = loaded(server, CANONICAL);
        let write = ["--format", "alembic", "--alembic-dir", "env/versions"];
        place.text(&[&write, online].concat());
        for (command, wanted) in [
            (["upgrade", "head"], &after),
            (["downgrade", "-1"], &before),
            (["upgrade", "head"], &after),
        ] {
            alembic(&python, &place, &db, &command);
            assert_same(wanted, &dump(&db), &format!("alembic {command:?} {online:?}"));
        }
    }
}

#[test]
fn a_directory_that_does_not_do_is_refused() {
    let place = Place::new(CANONICAL, LIVE);
    let write = ["--format", "alembic", "--alembic-dir", "versions"];
    assert!(place.refused(&write).contains("cannot read versions"));
    place.write("versions/a.py", "revision = 'a'\ndown_revision = None\n");
    place.write("versions/b.py", "revision = 'b'\ndown_revision = None\n");
    let said = place.refused(&write);
    assert!(said.contains("2 heads: a, b") && said.contains("alembic merge heads"), "{said}");
    let output = ["--format", "alembic", "--output", "canonical.sql/x.py"];
    assert!(place.refused(&output).contains("cannot write"));
}
