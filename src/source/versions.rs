//! Which revisions a database says that it is at, through the installed `psql`.

use std::ffi::OsStr;

use super::{conninfo, program};
use crate::model::{Problem, ProblemCode};

/// The rows of Alembic's table, `alembic_version` or `schema.table`.
///
/// # Errors
/// The database cannot be asked, or has no such table.
pub fn versions(url: &str, table: &str) -> Result<Vec<String>, Problem> {
    let Some(database) = conninfo::parse(url) else {
        return Err(Problem::new(ProblemCode::Usage, "the database is no connection string")
            .help("postgres://user@host:port/database, or pairs like host=/tmp user=postgres"));
    };
    if database.has_ssl_password {
        let message = format!("{}: sslpassword cannot be given to psql in secret", database.shown);
        return Err(Problem::new(ProblemCode::Program, message)
            .help("use a connection service file (service=..) that holds it"));
    }
    let Some(psql) = program::find("psql", "PGCANON_PSQL") else {
        let message = "asking a database needs psql, which is not installed";
        return Err(Problem::new(ProblemCode::Program, message)
            .help("install the PostgreSQL client, or set PGCANON_PSQL to the program"));
    };
    let connection = format!("--dbname={}", database.conninfo);
    let options = [
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--tuples-only",
        "--no-align",
        "--set=ON_ERROR_STOP=1",
        "--file=-",
        &connection,
    ];
    let mut environment =
        vec![("PGOPTIONS", "-c default_transaction_read_only=on"), ("LC_ALL", "C")];
    if let Some(password) = &database.password {
        environment.push(("PGPASSWORD", password.as_str()));
    }
    let sql = format!("SELECT version_num FROM {} ORDER BY 1;\n", quoted(table));
    let output = program::run(&psql, options.map(OsStr::new), &environment, sql.into_bytes())?;
    if !output.status.success() {
        let said = database.redact(&program::complaint(&output));
        let message = format!("{}: {said}", database.shown);
        return Err(Problem::new(ProblemCode::Program, message).help(
            "is this the database that Alembic migrates? --version-table names another table",
        ));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// A name with its schema, quoted; quotes, control characters and backslashes cannot end it.
fn quoted(table: &str) -> String {
    let parts = table.split('.').map(|part| {
        let safe: String = part.chars().filter(|c| !c.is_control()).collect();
        format!("\"{}\"", safe.replace('"', "\"\""))
    });
    parts.collect::<Vec<_>>().join(".")
}
