//! Writes calls, those in the special syntax of the SQL standard included.
//!
//! `position('b' IN a)` is a call of `position(a, 'b')`: the grammar swaps the
//! arguments, so they are swapped back.

use super::SqlWriter;
use super::precedence::Level;
use crate::model::{Argument, Call, Expr, Literal};

impl SqlWriter {
    /// A call, in the syntax it was written in.
    pub fn call(&mut self, call: &Call) {
        if !(call.sql_syntax && self.special_call(call)) {
            self.plain_call(call);
        }
    }

    /// `f(a, b => c)` with all that an aggregate or a window function may have.
    pub(super) fn plain_call(&mut self, call: &Call) {
        let Call {
            name, args, variadic, star, distinct, order_by, within_group, filter, over, ..
        } = call;
        self.function_name(name);
        self.push(if *star { "(*" } else { "(" });
        if *distinct {
            self.push("DISTINCT ");
        }
        let last = args.len().saturating_sub(1);
        self.list(args.iter().enumerate(), |writer, (index, argument)| {
            if *variadic && index == last {
                writer.push("VARIADIC ");
            }
            writer.argument(argument);
        });
        if !order_by.is_empty() && !within_group {
            self.push(if args.is_empty() && !star { "ORDER BY " } else { " ORDER BY " });
            self.sort_keys(order_by);
        }
        self.push(")");
        if *within_group {
            self.push(" WITHIN GROUP (ORDER BY ");
            self.sort_keys(order_by);
            self.push(")");
        }
        self.filter(filter.as_ref());
        self.over(over.as_ref());
    }

    fn argument(&mut self, argument: &Argument) {
        let Argument { name, value } = argument;
        if let Some(name) = name {
            self.ident(name);
            self.push(" => ");
        }
        self.operand(value, Level::Or);
    }

    /// ` FILTER (WHERE ..)`.
    pub(super) fn filter(&mut self, filter: Option<&Expr>) {
        if let Some(filter) = filter {
            self.push(" FILTER (WHERE ");
            self.operand(filter, Level::Or);
            self.push(")");
        }
    }

    /// The special syntax, when the call is one of those that have one; else nothing
    /// is written and the answer is false.
    fn special_call(&mut self, call: &Call) -> bool {
        let Call {
            name,
            args,
            variadic,
            star,
            distinct,
            order_by,
            within_group,
            filter,
            over,
            sql_syntax: _,
        } = call;
        let decorated = *variadic || *star || *distinct || *within_group || !order_by.is_empty();
        let named = args.iter().any(|argument| argument.name.is_some());
        if decorated || named || filter.is_some() || over.is_some() {
            return false;
        }
        let args: Vec<&Expr> = args.iter().map(|argument| &argument.value).collect();
        match (name.name.as_str(), args.as_slice()) {
            ("timezone", args) => self.at_time_zone(args),
            ("overlaps", [a, b, c, d]) => self.overlaps([a, b, c, d]),
            ("is_normalized", [arg, form @ ..]) => self.is_normalized(arg, form),
            ("normalize", [arg, form @ ..]) => self.normalize(arg, form),
            ("extract", [field, arg]) => self.extract(field, arg),
            ("position", [arg, part]) => self.position(arg, part),
            ("overlay", args) => {
                self.with_words("OVERLAY(", [" PLACING ", " FROM ", " FOR "], args)
            }
            ("substring", args) => self.with_words("SUBSTRING(", [" FROM ", " FOR ", ""], args),
            ("btrim", args) => self.trim("TRIM(", "BOTH ", args),
            ("ltrim", args) => self.trim("TRIM(LEADING ", "", args),
            ("rtrim", args) => self.trim("TRIM(TRAILING ", "", args),
            ("xmlexists", [path, document]) => self.xml_exists(path, document),
            ("pg_collation_for", [arg]) => {
                self.push("COLLATION FOR (");
                self.operand(arg, Level::Or);
                self.push(")");
                true
            }
            ("system_user", []) => {
                self.push("SYSTEM_USER");
                true
            }
            _ => false,
        }
    }

    fn at_time_zone(&mut self, args: &[&Expr]) -> bool {
        match args {
            [arg] => {
                self.operand(arg, Level::At);
                self.push(" AT LOCAL");
            }
            [zone, arg] => {
                self.operand(arg, Level::At);
                self.push(" AT TIME ZONE ");
                self.operand(zone, Level::Collate);
            }
            _ => return false,
        }
        true
    }

    fn overlaps(&mut self, [a, b, c, d]: [&Expr; 4]) -> bool {
        self.push("(");
        self.exprs([a, b]);
        self.push(") OVERLAPS (");
        self.exprs([c, d]);
        self.push(")");
        true
    }

    fn is_normalized(&mut self, arg: &Expr, form: &[&Expr]) -> bool {
        let Some(form) = normal_form(form) else { return false };
        self.test(arg, " IS ");
        self.sql(form).sql(if form.is_empty() { "NORMALIZED" } else { " NORMALIZED" });
        true
    }

    fn normalize(&mut self, arg: &Expr, form: &[&Expr]) -> bool {
        let Some(form) = normal_form(form) else { return false };
        self.push("NORMALIZE(");
        self.operand(arg, Level::Or);
        self.sql(if form.is_empty() { "" } else { ", " }).sql(form).sql(")");
        true
    }

    fn extract(&mut self, field: &Expr, arg: &Expr) -> bool {
        if let Expr::Literal(Literal::String(text)) = field {
            self.push("EXTRACT(");
            match extract_field(text) {
                Some(field) => self.push(field),
                None => {
                    self.string(text);
                }
            }
        } else if let Expr::Parameter(_) = field {
            self.push("EXTRACT(");
            self.expr(field);
        } else {
            return false;
        }
        self.push(" FROM ");
        self.operand(arg, Level::Or);
        self.push(")");
        true
    }

    fn position(&mut self, arg: &Expr, part: &Expr) -> bool {
        self.push("POSITION(");
        self.bounded(part);
        self.push(" IN ");
        self.bounded(arg);
        self.push(")");
        true
    }

    /// Two to four arguments with a word before each but the first.
    fn with_words(&mut self, open: &'static str, words: [&'static str; 3], args: &[&Expr]) -> bool {
        let most = 1 + words.iter().filter(|word| !word.is_empty()).count();
        if args.len() < most - 1 || args.len() > most {
            return false;
        }
        self.push(open);
        for (word, arg) in std::iter::once("").chain(words).zip(args) {
            self.push(word);
            self.operand(arg, Level::Or);
        }
        self.push(")");
        true
    }

    /// The characters to trim come last in the call and first in the syntax.
    fn trim(&mut self, open: &'static str, both: &'static str, args: &[&Expr]) -> bool {
        match args {
            [] => return false,
            [only] => {
                self.push(open);
                if open.ends_with(' ') {
                    self.push("FROM ");
                }
                self.operand(only, Level::Or);
            }
            [rest @ .., characters] => {
                self.sql(open).sql(both);
                self.operand(characters, Level::Or);
                self.push(" FROM ");
                self.exprs(rest.iter().copied());
            }
        }
        self.push(")");
        true
    }

    fn xml_exists(&mut self, path: &Expr, document: &Expr) -> bool {
        self.push("XMLEXISTS(");
        self.primary(path);
        self.push(" PASSING ");
        self.primary(document);
        self.push(")");
        true
    }
}

/// The keyword of the Unicode normal form, which the grammar gives as a string; empty
/// when none is given, `None` when it is not one that has a keyword.
fn normal_form(args: &[&Expr]) -> Option<&'static str> {
    match args {
        [] => Some(""),
        [Expr::Literal(Literal::String(form))] => {
            ["NFC", "NFD", "NFKC", "NFKD"].into_iter().find(|known| form == known)
        }
        _ => None,
    }
}

/// The fields that are usual enough to be written as a word.
fn extract_field(text: &str) -> Option<&'static str> {
    [
        "year",
        "month",
        "day",
        "hour",
        "minute",
        "second",
        "epoch",
        "century",
        "decade",
        "dow",
        "doy",
        "isodow",
        "isoyear",
        "julian",
        "microseconds",
        "millennium",
        "milliseconds",
        "quarter",
        "timezone",
        "timezone_hour",
        "timezone_minute",
        "week",
    ]
    .into_iter()
    .find(|field| *field == text)
}
