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
    let bytes = read_all(file, metadata.len(), name)?;
    if archive::is_archive(&bytes) {
        drop(bytes);
        return archive::restore_path(path, name);
    }
    text::decode(bytes, name)
}

/// Reads standard input up to its end.
pub(super) fn stdin() -> Result<Source, Problem> {
    let name = "<stdin>";
    let bytes = read_all(std::io::stdin().lock(), 0, name)?;
    if archive::is_archive(&bytes) {
        return archive::restore_bytes(bytes, name);
    }
    text::decode(bytes, name)
}

/// Reads no more than can be handled: the file may be a pipe or grow. `size` is what is
/// expected.
fn read_all(input: impl Read, size: u64, name: &str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    // A size that is not to be had is found out while reading. One more byte is asked for
    // to learn that there is none.
    let _ = bytes.try_reserve_exact(usize::try_from(size.min(LARGEST)).unwrap_or(0) + 1);
    let read = input.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(name, &error))?;
    if bytes.len() as u64 > LARGEST { Err(too_large(name)) } else { Ok(bytes) }
}

fn too_large(name: &str) -> Problem {
    Problem::new(ProblemCode::TooLarge, format!("{name} is larger than 4 GiB"))
        .help("a schema is small, so this holds data: dump with --schema-only")
}
