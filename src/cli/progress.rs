//! What the program is doing, for those who wait.
//!
//! Appears on standard error only when it is a terminal and the work takes longer
//! than most does; it leaves nothing behind.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use super::console::Console;

/// Work that is over sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);
const TICK: Duration = Duration::from_millis(100);

/// A line that tells the current stage until it is dropped.
#[derive(Debug, Default)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    /// Dropped to end the watcher.
    done: Option<Sender<()>>,
    watcher: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts to wait.
    pub fn start(console: &Console) -> Self {
        let Some(errors) = console.errors().filter(|_| console.is_watched()) else {
            return Self::default();
        };
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let (done, over) = channel::<()>();
        let width = u16::try_from(console.width()).unwrap_or(u16::MAX);
        let shown = bar.clone();
        let watcher = std::thread::spawn(move || {
            if over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let terminal = Box::new(Terminal { errors, width });
                shown.set_draw_target(ProgressDrawTarget::term_like_with_hz(terminal, 10));
                shown.enable_steady_tick(TICK);
            }
        });
        Self { bar: Some(bar), done: Some(done), watcher: Some(watcher) }
    }

    /// Counts what is done of `total`, and tells how long the rest will take.
    pub fn count(&self, total: usize) {
        let template = "{spinner} {msg} {pos}/{len} [{bar:30}] {eta} left";
        if let (Some(bar), Ok(style)) = (&self.bar, ProgressStyle::with_template(template)) {
            bar.set_style(style);
            bar.set_length(total as u64);
        }
    }

    /// One more is done.
    pub fn advance(&self) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// Names the stage.
    pub fn stage(&self, name: &'static str) {
        if let Some(bar) = &self.bar {
            bar.set_message(name);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done = None;
        if let Some(watcher) = self.watcher.take() {
            drop(watcher.join());
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Standard error by the handle of the console, as the parser redirects the usual one.
#[derive(Debug)]
struct Terminal {
    errors: Arc<File>,
    width: u16,
}

impl Terminal {
    fn send(&self, text: &str) -> io::Result<()> {
        (&*self.errors).write_all(text.as_bytes())
    }

    fn move_cursor(&self, n: usize, direction: char) -> io::Result<()> {
        if n == 0 { Ok(()) } else { self.send(&format!("\x1b[{n}{direction}")) }
    }
}

impl TermLike for Terminal {
    fn width(&self) -> u16 {
        self.width
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.move_cursor(n, 'A')
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.move_cursor(n, 'B')
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.move_cursor(n, 'C')
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.move_cursor(n, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.send(&format!("{text}\n"))
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.send(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.send("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        (&*self.errors).flush()
    }
}
