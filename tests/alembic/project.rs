//! Projects of Alembic for tests, and a Python that has it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub const ENVIRONMENT: &str = r#"
import os
from alembic import context
from sqlalchemy import create_engine, pool

if context.is_offline_mode():
    context.configure(url="postgresql://", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(os.environ["DATABASE_URL"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"#;

const FIRST: &str = r#""""accounts"""
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None

def upgrade():
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("email", sa.Text(), nullable=False, unique=True),
        sa.Column("state", sa.Enum("new", "done", name="account_state"), server_default="new"),
        sa.Column("made", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.create_index("ix_accounts_made", "accounts", ["made"], postgresql_where=sa.text("state = 'new'"))

def downgrade():
    op.drop_table("accounts")
"#;

const SECOND: &str = r#"
import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "a1"

def upgrade():
    op.create_table(
        "notes",
        sa.Column("account", sa.BigInteger(), sa.ForeignKey("accounts.id", ondelete="CASCADE")),
        sa.Column("text", sa.String(200)),
        sa.CheckConstraint("text IN ('a', 'b')", name="known"),
    )
    op.alter_column("accounts", "state", nullable=False)
"#;

/// The same, but it looks at rows first.
const SECOND_READING: &str = r#"
import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "a1"

def upgrade():
    op.add_column("accounts", sa.Column("number", sa.Integer()))
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id FROM accounts")).fetchall():
        connection.execute(sa.text("UPDATE accounts SET number = :n").bindparams(n=row[0]))
    if "notes" not in sa.inspect(connection).get_table_names():
        op.create_table("notes", sa.Column("id", sa.Integer(), sa.Identity()))
"#;

/// A chain whose SQL Alembic can print.
pub const OFFLINE: &[(&str, &str)] = &[("a1.py", FIRST), ("b2.py", SECOND)];
/// A chain that reads the database.
pub const READING: &[(&str, &str)] = &[("a1.py", FIRST), ("b2.py", SECOND_READING)];

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    /// Standard output and standard error.
    pub said: String,
}

/// A project in a folder of its own.
pub struct Project {
    directory: tempfile::TempDir,
}

impl Project {
    pub fn new(revisions: &[(&str, &str)]) -> Self {
        let project = Self { directory: tempfile::tempdir().unwrap() };
        project.write("alembic.ini", "[alembic]\nscript_location = env\n");
        project.write("env/env.py", ENVIRONMENT);
        project.write("env/script.py.mako", "");
        for (name, text) in revisions {
            project.write(&format!("env/versions/{name}"), text);
        }
        project
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A program of the project.
    pub fn program(&self, name: &str, script: &str) {
        self.write(name, script);
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(self.path(name), mode).unwrap();
    }

    /// Runs pgcanon in the project.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_pgcanon"))
            .args(arguments)
            .current_dir(self.directory())
            .output()
            .unwrap();
        let said = [output.stdout.as_slice(), &output.stderr].concat();
        // Where lines break depends on the length of paths.
        let said = String::from_utf8_lossy(&said).replace("\n  | ", " ");
        Run { code: output.status.code(), said }
    }
}

/// A Python with Alembic, made once and kept below `target`; none where it cannot be had.
pub fn python() -> Option<PathBuf> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON.get_or_init(install).clone()
}

fn install() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alembic-venv");
    let python = folder.join("bin/python");
    let has = |python: &Path| {
        let output =
            Command::new(python).args(["-c", "import alembic, sqlalchemy, psycopg2"]).output();
        output.is_ok_and(|output| output.status.success())
    };
    if has(&python) {
        return Some(python);
    }
    let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).output();
    if !made.as_ref().is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED alembic: python3 -m venv does not work here: {made:?}");
        return None;
    }
    let packages = ["alembic", "sqlalchemy", "psycopg2-binary"];
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let output = Command::new(&python).args(pip).args(packages).output().unwrap();
    if !output.status.success() {
        eprintln!(
            "SKIPPED alembic: pip cannot install it: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        return None;
    }
    Some(python)
}
