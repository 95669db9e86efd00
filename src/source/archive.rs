//! Archives of `pg_dump` (custom, tar and directory format), through `pg_restore`.

use std::ffi::OsStr;
use std::path::Path;

use super::{Source, program, text};
use crate::model::{Problem, ProblemCode};

/// True for the bytes of a custom archive, or of a tar file that starts with `toc.dat`.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    const TAR_MAGIC: std::ops::Range<usize> = 257..262;
    let tar = bytes.get(TAR_MAGIC) == Some(b"ustar") && bytes.starts_with(b"toc.dat\0");
    tar || bytes.starts_with(b"PGDMP")
}

/// True for a directory archive.
#[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
pub(super) fn is_directory_archive(path: &Path) -> bool {
    path.join("toc.dat").is_file()
}

/// The schema in an archive on disk.
pub(super) fn restore_path(path: &Path, name: &str) -> Result<Source, Problem> {
    // A path that starts with a dash is no option.
    restore(&[OsStr::new("--"), path.as_os_str()], Vec::new(), name)
}

/// The schema in an archive that was read already.
pub(super) fn restore_bytes(bytes: Vec<u8>, name: &str) -> Result<Source, Problem> {
    restore(&[], bytes, name)
}

fn restore(input: &[&OsStr], bytes: Vec<u8>, name: &str) -> Result<Source, Problem> {
    let Some(pg_restore) = program::find("pg_restore", "PGCANON_PG_RESTORE") else {
        let message = format!(
            "{name} is an archive of pg_dump; reading it needs pg_restore, which is not installed"
        );
        return Err(Problem::new(ProblemCode::Archive, message)
            .help("install the PostgreSQL client, or turn it into SQL elsewhere: pg_restore --schema-only -f - ARCHIVE"));
    };
    let options = ["--schema-only", "--file=-"].map(OsStr::new);
    let arguments = options.into_iter().chain(input.iter().copied());
    let output = program::run(&pg_restore, arguments, &[], bytes)?;
    if !output.status.success() {
        let said = program::complaint(&output);
        let problem =
            Problem::new(ProblemCode::Archive, format!("pg_restore cannot read {name}: {said}"));
        return Err(if said.contains("unsupported version") {
            problem.help("the archive is from a newer pg_dump: install that version, or point PGCANON_PG_RESTORE at it")
        } else {
            problem.help("is the archive complete? Dump again, or as plain SQL")
        });
    }
    text::decode(output.stdout, name)
}
