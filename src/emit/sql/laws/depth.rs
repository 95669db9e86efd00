//! The laws hold as deep as the parser can go, on a thread with a big stack.
//!
//! The parser's own limits are a plain error: about 4,900 operators in a chain, 3,300
//! nested parentheses, 1,600 nested subqueries, 9,800 unions. Reading its tree takes by
//! far the most stack (up to 130 kB a level); lowering takes 5 kB, the rest less.

use super::command_law;

const STACK: usize = 512 << 20;

/// Runs on a thread with a big stack, as the tool itself does.
fn with_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    let builder = std::thread::Builder::new().stack_size(STACK);
    std::thread::scope(|scope| {
        builder.spawn_scoped(scope, run).expect("a thread").join().expect("no panic")
    })
}

#[test]
fn deep_nesting_reads_back() {
    let nested = |open: &str, close: &str, times: usize| {
        format!("SELECT {}a{}", open.repeat(times), close.repeat(times))
    };
    let texts = [
        format!("SELECT {}a", "a || ".repeat(4_500)),
        format!("SELECT {}a", "a AND ".repeat(50_000)),
        nested("a || (", ")", 1_000),
        nested("f(", ")", 1_000),
        nested("NOT ", "", 1_000),
        nested("a AND (b OR (", "))", 500),
        nested("CASE WHEN a THEN ", " END", 500),
        nested("(SELECT ", ")", 500),
        nested("ARRAY[", "]", 500),
        nested("", "::integer", 1_000),
        format!("SELECT a FROM t{}", " JOIN u ON TRUE".repeat(1_000)),
        format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(9_000)),
    ];
    for text in texts {
        let law = with_stack(|| command_law(&text));
        assert!(law.is_ok(), "{}", text.chars().take(60).collect::<String>());
    }
}

#[test]
fn what_is_too_deep_is_an_error() {
    let text = format!("{}a", "a || ".repeat(50_000));
    assert!(with_stack(|| crate::parse::fragment::expression(&text).is_err()));
}
