//! Files that several processes change: read, changed and replaced as one.
//!
//! Whoever changes such a file holds the lock of its directory meanwhile, and replaces the
//! file by renaming: a reader sees the old or the new text, also when the writer is killed.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Source, file, unreadable};
use crate::model::{Problem, ProblemCode};

/// How long to wait for another writer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to look.
const PAUSE: Duration = Duration::from_millis(10);

/// A file that nobody else changes through here until this value is dropped.
#[derive(Debug)]
pub struct Guarded {
    path: PathBuf,
    name: String,
    _lock: File,
}

impl Guarded {
    /// Waits until no other process changes the file, which need not exist.
    #[expect(clippy::disallowed_methods, reason = "this is where files are locked")]
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let name = path.display().to_string();
        // Who writes through a link changes the file that it points to.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let directory = directory_of(&path);
        let lock = File::open(directory).map_err(|error| unreadable(&name, &error))?;
        let started = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if started.elapsed() < PATIENCE => {
                    std::thread::sleep(PAUSE);
                }
                Err(TryLockError::WouldBlock) => {
                    let message = format!("another process has held {name} for 30 seconds");
                    return Err(Problem::new(ProblemCode::Locked, message)
                        .help("look for a pgcanon that hangs, or try again"));
                }
                Err(TryLockError::Error(error)) => {
                    let message = format!("cannot lock the directory of {name}: {error}");
                    return Err(Problem::new(ProblemCode::Locked, message));
                }
            }
        }
        Ok(Self { path, name, _lock: lock })
    }

    /// The text; none when there is no file yet.
    pub fn read(&self) -> Result<Option<Source>, Problem> {
        read_if_there(&self.path, &self.name)
    }

    /// Puts a new text in the place of the old one, in one step.
    #[expect(clippy::disallowed_methods, reason = "this is where files are replaced")]
    pub fn replace(&self, text: &str) -> Result<(), Problem> {
        let failed = |error: std::io::Error| {
            Problem::new(ProblemCode::Output, format!("cannot write {}: {error}", self.name))
        };
        let beside = self.beside();
        let write = || {
            let mut file = File::create(&beside)?;
            if let Ok(metadata) = std::fs::metadata(&self.path) {
                file.set_permissions(metadata.permissions())?;
            }
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&beside, &self.path)?;
            File::open(directory_of(&self.path))?.sync_all()
        };
        write().map_err(|error| {
            drop(std::fs::remove_file(&beside));
            failed(error)
        })
    }

    /// Where the new text is written first. One name for all writers, as only one holds the
    /// lock: what a killed one left there is written over.
    fn beside(&self) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        directory_of(&self.path).join(format!(".{name}.new"))
    }
}

/// The text of a file; none when there is none.
#[expect(clippy::disallowed_methods, reason = "this is where files are read")]
pub fn read_if_there(path: &Path, name: &str) -> Result<Option<Source>, Problem> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(name, &error)),
        Ok(metadata) if metadata.len() == 0 => {
            Ok(Some(Source { name: name.to_owned(), text: String::new() }))
        }
        Ok(_) => file::read(path, name).map(Some),
    }
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}
