//! Files and standard input.

use std::io::Read;
use std::path::Path;

use super::{Source, archive, text, unreadable};
use crate::model::{Problem, ProblemCode};

/// Spans count bytes in 32 bits.
const LARGEST: u64 = u32::MAX as u64;

/// Reads one file, which may be a `pg_dump` archive. `name` is cited in reports.
#[expect(clippy::disallowed_methods, reason = "this is where sources are read")]
pub(super) fn read(path: &Path, name: &str) -> Result<Source, Problem> {
    let metadata = std::fs::metadata(path).map_err(|error| unreadable(name, &error))?;
    if metadata.is_file() && metadata.len() > LARGEST {
        return Err(too_large(name));
    }
    let file = std::fs::File::open(path).map_err(|error| unreadable(name, &error))?;
    let bytes = read_all(file, name)?;
    if archive::is_archive(&bytes) {
        drop(bytes);
        return archive::restore_path(path, name);
    }
    text::decode(bytes, name)
}

/// Reads standard input up to its end.
pub(super) fn stdin() -> Result<Source, Problem> {
    let name = "<stdin>";
    let bytes = read_all(std::io::stdin().lock(), name)?;
    if archive::is_archive(&bytes) {
        return archive::restore_bytes(bytes, name);
    }
    text::decode(bytes, name)
}

/// Reads no more than can be handled: the file may be a pipe or grow.
fn read_all(input: impl Read, name: &str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = input.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(name, &error))?;
    if bytes.len() as u64 > LARGEST { Err(too_large(name)) } else { Ok(bytes) }
}

fn too_large(name: &str) -> Problem {
    Problem::new(ProblemCode::TooLarge, format!("{name} is larger than 4 GiB"))
        .help("a schema is small, so this holds data: dump with --schema-only")
}
