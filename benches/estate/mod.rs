//! Generates the schema of an estate of any size, for benchmarks and tests.
//!
//! In: a number of tables and a [`Style`]. Out: SQL text, always the same for the same input.
//! Each table has a dozen columns, a key, two foreign keys, three indexes (one partial, one
//! with `INCLUDE`), a `CHECK` over a list of values, a policy and comments; to 20 tables there
//! is a view, to 50 a function. Surprising: the dump style is not a paraphrase. It is what
//! `pg_dump` prints for the hand style, line by line though not in the same order, and
//! `tests/estate.rs` holds it to that.

mod dump;
mod hand;

/// How the same schema is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As `pg_dump --schema-only` prints it.
    Dump,
    /// As a person writes it.
    Hand,
}

/// The SQL of an estate with this many tables.
pub fn estate(tables: usize, style: Style) -> String {
    let tables: Vec<Table> = (0..tables).map(Table::numbered).collect();
    match style {
        Style::Dump => dump::write(&tables),
        Style::Hand => hand::write(&tables),
    }
}

/// One table; everything else in the estate follows from its tables.
struct Table {
    number: usize,
    name: String,
    /// The tables that `parent_id` and `owner_id` refer to: earlier ones, or the table itself.
    parent: String,
    owner: String,
    key: Key,
    name_length: usize,
    amount: Amount,
    states: &'static [&'static str],
}

/// How the values of `id` come about.
#[derive(Clone, Copy)]
enum Key {
    Serial,
    Always,
    ByDefault,
}

/// The type of `amount`.
#[derive(Clone, Copy)]
enum Amount {
    Numeric,
    Bigint,
    Integer,
}

impl Table {
    fn numbered(number: usize) -> Self {
        Self {
            number,
            name: name(number),
            parent: name(number / 2),
            owner: name(number / 3),
            key: pick(number, &[Key::Serial, Key::Always, Key::ByDefault]),
            name_length: 40 + number % 7 * 20,
            amount: pick(number / 3, &[Amount::Numeric, Amount::Bigint, Amount::Integer]),
            states: pick(number, STATES),
        }
    }

    /// Whether the view that stands for 20 tables is over this one.
    fn has_view(&self) -> bool {
        self.number % 20 == 10
    }

    fn has_function(&self) -> bool {
        self.number % 50 == 25
    }
}

const NOUNS: &[&str] = &[
    "account",
    "address",
    "batch",
    "budget",
    "campaign",
    "contract",
    "customer",
    "delivery",
    "device",
    "invoice",
    "ledger",
    "message",
    "parcel",
    "payment",
    "product",
    "quote",
    "refund",
    "session",
    "shipment",
    "warehouse",
];

const STATES: &[&[&str]] = &[
    &["new", "active", "closed"],
    &["draft", "sent", "paid", "void"],
    &["queued", "running", "done", "failed", "abandoned"],
    &["open", "shut"],
];

fn name(number: usize) -> String {
    format!("{}_{number:05}", pick(number, NOUNS))
}

#[expect(clippy::indexing_slicing, reason = "a remainder is less than what it divides by")]
fn pick<T: Copy>(number: usize, from: &[T]) -> T {
    from[number % from.len()]
}
