//! Threads for deep trees.
//!
//! Parsing, cloning, comparing and dropping a tree recurse once a level. The
//! parser of PostgreSQL itself stops at about 10,000 levels (its own stack is
//! limited to 2 MiB); so a stack that holds that many of the largest frames here
//! never overflows.

/// The stack of each thread. Pages are only used when they are touched: this is
/// address space, not memory.
const STACK: usize = 1 << 30;

/// Where address space is limited (`ulimit -v`), less must do.
const SMALL_STACK: usize = 64 << 20;

/// Runs a function on a pool of threads with large stacks; `None` takes as many
/// threads as there are processors. Values with deep trees must not leave it, as
/// they would be dropped elsewhere.
pub fn run_with_stack<T: Send>(threads: Option<usize>, f: impl FnOnce() -> T + Send) -> T {
    let pool = |stack| {
        rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).stack_size(stack).build()
    };
    match pool(STACK).or_else(|_| pool(SMALL_STACK)) {
        Ok(pool) => pool.install(f),
        // No thread can be started at all: do it here.
        Err(_) => f(),
    }
}
