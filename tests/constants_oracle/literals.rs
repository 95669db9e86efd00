//! Literals by type: some by hand, the rest grown from them.

use pgcanon::normalize::constant::{ConstantField, ConstantType as T, RangeType, Typmod};

/// A type with the literals to begin with and the pieces that changes are made of.
pub struct Family {
    pub name: &'static str,
    pub ty: T<'static>,
    pub typmod: Option<Typmod>,
    /// SQL for the value, with `$` for the quoted literal.
    sql: &'static str,
    seeds: &'static [&'static str],
    pieces: &'static [&'static str],
}

impl Family {
    pub fn expression(&self, text: &str) -> String {
        self.sql.replace('$', &quote(text))
    }

    /// The seeds and literals made from them.
    pub fn texts(&self, random: &mut Random, count: usize) -> Vec<String> {
        let mut texts: Vec<String> = self.seeds.iter().map(|&seed| seed.to_owned()).collect();
        while texts.len() < count {
            let mut text = (*random.pick(self.seeds)).to_owned();
            for _ in 0..=random.below(3) {
                text = self.change(&text, random);
            }
            texts.push(text);
        }
        texts
    }

    fn change(&self, text: &str, random: &mut Random) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        let at = random.below(characters.len() + 1);
        match random.below(6) {
            0 if at < characters.len() => {
                characters.remove(at);
            }
            1 if at < characters.len() => {
                let piece = random.pick(self.pieces).chars();
                characters.splice(at..=at, piece);
            }
            2 if at + 1 < characters.len() => characters.swap(at, at + 1),
            3 => {
                let other: Vec<char> = random.pick(self.seeds).chars().collect();
                let from = random.below(other.len() + 1);
                characters.truncate(at);
                characters.extend(other.into_iter().skip(from));
            }
            _ => {
                let piece = random.pick(self.pieces).chars();
                characters.splice(at..at, piece);
            }
        }
        characters.into_iter().filter(|&character| character != '\0').take(400).collect()
    }

    /// Whether the text may use what is an error before 17: other radixes, underscores,
    /// intervals without end.
    pub fn newer_spelling(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        match self.ty {
            T::Interval => text.contains("infinity"),
            T::Text | T::Varchar | T::Bpchar | T::Name | T::Json | T::Jsonb | T::Uuid => false,
            _ => ["_", "0x", "0o", "0b"].iter().any(|mark| text.contains(mark)),
        }
    }
}

pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A small generator of numbers, the same on every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn pick<'a, V>(&mut self, values: &'a [V]) -> &'a V {
        &values[self.below(values.len())]
    }
}

const DIGITS: &[&str] = &[
    "0", "1", "5", "9", "00", "_", "-", "+", ".", " ", "e", "E5", "e-3", "x", "0x", "a", "\t",
    "32768",
];
const INTEGERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "+1",
    " 42 ",
    "007",
    "-0",
    "32767",
    "-32768",
    "32768",
    "2147483647",
    "2147483648",
    "-2147483648",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "0x1F",
    "0X1f",
    "0o17",
    "0b101",
    "0B_1",
    "1_000",
    "1__0",
    "_1",
    "1_",
    "0x_F",
    "0x",
    "",
    " ",
    "-",
    "1.0",
    "1e3",
    "abc",
    "\t5\n",
    "- 1",
    "0b2",
    "-0x80000000",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "1.0",
    "1.00",
    ".5",
    "5.",
    "-.5",
    "1e2",
    "1e-2",
    "1.5e3",
    "1.5E-3",
    "NaN",
    "nan",
    "inf",
    "-Infinity",
    "+inf",
    "0x1F",
    "1_000.5",
    "1._5",
    "1.5_0",
    "1e1_0",
    "99.995",
    "99.994",
    "-99.995",
    "0.00",
    "-0.00",
    "000123.4500",
    "123456789012345678901234567890.123456789",
    "1e20",
    "1e-20",
    "1e308",
    "1e309",
    "1e-308",
    "5e-324",
    "1e-400",
    "",
    " 1 ",
    ".",
    "-",
    "1e",
    "1e+",
    "e5",
    "1 2",
    "0.1",
    "0.3",
    "3.14159265358979",
    "1e15",
    "1e14",
    "123456789012345",
    "1234567890123456",
    "1e23",
    "9007199254740993",
    "1e-5",
    "0.0001",
    "0.00012345",
    "16777217",
    "1e6",
    "999999.5",
    "1e5",
    "8.5e22",
    "5e22",
    "9.5367431640625e-07",
    "4503599627370496.5",
    "4503599627370497.5",
    "3e-45",
    "1.17549435e-38",
    "3.4028235e38",
    "3.4028236e38",
    "123456.7",
    "1234567.8",
    "2e-44",
    "33554432",
    "2.2250738585072014e-308",
    "+nan",
    "0e0",
];
const TIMES: &[&str] = &[
    "1", "0", "9", "12", "59", "60", "24", ":", "-", "+", " ", "T", "t", "Z", ".", ".5", ".999999",
    ".1234567", "UTC", " BC", " AD", "am", " PM", "+05", "-08:30", "+0530", "/", ",", "Jan", "Feb",
    "2020", "1999", "29", "30", "31", "Mon", "+16",
];
const MOMENTS: &[&str] = &[
    "2020-01-01",
    "2020-02-29",
    "2019-02-29",
    "1900-02-29",
    "2000-02-29",
    "2020-12-31",
    "2020-13-01",
    "2020-00-10",
    "2020-01-00",
    "20200131",
    "2020/01/31",
    "2020.01.31",
    "Jan 5, 2020",
    "January 5, 2020",
    "5 Jan 2020",
    "5-Jan-2020",
    "2020-Jan-05",
    "01/02/2003",
    "0001-01-01",
    "0000-01-01",
    "0001-01-01 BC",
    "0044-03-15 BC",
    "4713-11-24 BC",
    "4714-11-24 BC",
    "4714-11-23 BC",
    "5874897-12-31",
    "5874898-01-01",
    "294276-12-31 23:59:59.999999",
    "294277-01-01",
    "10000-01-01",
    "epoch",
    "infinity",
    "-infinity",
    "Infinity",
    " 2020-01-01 ",
    "",
    "2020-01-01 10:00",
    "2020-01-01 10:00:00",
    "2020-01-01T10:00:00",
    "2020-01-01T10:00:00Z",
    "2020-01-01 10:00:00.123456",
    "2020-01-01 10:00:00.1234565",
    "2020-01-01 10:00:00.5",
    "2020-01-01 23:59:59.9999999",
    "2020-01-01 24:00:00",
    "2020-01-01 23:59:60",
    "2020-01-01 10:00:60.5",
    "2020-01-01 10:00:00+00",
    "2020-01-01 10:00:00+05:30",
    "2020-01-01 10:00:00-0800",
    "2020-01-01 10:00:00 -05",
    "2020-01-01 10:00:00 UTC",
    "2020-01-01 10:00 PM",
    "2020-01-01 12:00 AM",
    "2020-01-01 13:00 PM",
    "2020-01-01 10:00:00+15:59:59",
    "2020-01-01 10:00:00+16",
    "1999-12-31 23:59:59.9999995",
    "2020-01-01 10:00:00+00 BC",
    "0044-03-15 10:00:00 BC",
    "2020-01-01 00:00:00 America/New_York",
    "2020-01-01 00:00 EST",
    "2020-01-01Z",
    "1999-01-08 04:05:06.7 +5",
    "10000-01-01 00:00:00+00",
    "2020-01-01 BC 10:00",
    "2020-01-01 AD",
    "2026-01-01Z",
    "2026-01-01z",
    "2026-01-01+00",
    "2026-01-01 UTC",
    "2026-01-01 +02",
    "2026-01-01 -05",
    "2026-01-01-05",
    "2026-01-01 Z",
    "2026-01-01+02:30",
    "2026-01-01 +0230",
    "2026-01-01 zulu BC",
    "2026-01-01 +02 BC",
    "2026-01-01 +16",
    "2026-01-01 +02 10:00",
    "2026-01-01Z10:00",
    "20260101Z",
    "2026-01-01 EST",
    "2026-01-01Zulu",
];
const CLOCKS: &[&str] = &[
    "10:00",
    "10:00:00",
    "04:05:06.789",
    "4:05",
    "04:05 PM",
    "04:05:06 am",
    "12:00 AM",
    "12:00PM",
    "24:00",
    "24:00:00",
    "24:00:01",
    "23:59:60",
    "23:59:59.9999999",
    "00:00",
    "allballs",
    "10:00:00+05",
    "10:00:00+05:30",
    "10:00:00-08:30:15",
    "10:00:00Z",
    "10:00 UTC",
    "10:00:00 +5",
    "2020-01-01 10:00",
    "2020-01-01 10:00+02",
    "040506",
    "10:00:00 EST",
    "10:60",
    "25:00",
    "10:00:61",
    "10:00:60",
    "",
    "now",
    "04:05:06.0000005",
    "04:05:06.5555555",
    "10:5",
    "0:00",
    "10:00:00+15",
    "10:00:00+16",
    "T10:00",
];
const INTERVALS: &[&str] = &[
    "1 day",
    "1 days",
    "2 days",
    "-1 day",
    "1 year 2 mons 3 days 04:05:06",
    "1 week",
    "1.5 weeks",
    "1 month",
    "1 mon",
    "30 days",
    "24:00:00",
    "1:00",
    "01:02:03.456",
    "-01:02:03",
    "1 day -01:00",
    "1 day ago",
    "1 day 2 hours ago",
    "@ 1 minute",
    "1 hour",
    "90 minutes",
    "1.5 hours",
    "1.5 days",
    "1.5 months",
    "1.5 years",
    "0.1 month",
    "1.7 months",
    "-1.5 months",
    "1 decade",
    "2 centuries",
    "1 century",
    "1 millennium",
    "3 millennia",
    "100 milliseconds",
    "100 ms",
    "5 us",
    "1.5 ms",
    "0.5 us",
    "1.5 us",
    "-0.5 us",
    "P1Y2M10DT2H30M",
    "P1Y",
    "PT36H",
    "P0001-02-03T04:05:06",
    "P1W",
    "P1.5D",
    "PT1.5S",
    "P20200102",
    "P20200102T040506",
    "PT040506",
    "P-1Y-2M3DT-4H-5M-6S",
    "P1D ",
    "p1d",
    "PT",
    "P",
    "1-2",
    "-1-2",
    "+1-2",
    "1-2 3 4:05:06",
    "1 2:03",
    "1 2:03:04",
    "-1-2 +3 -4:05:06",
    "1-13",
    "5",
    "1.5",
    "0",
    "-5",
    "",
    "1 y 2 mon 3 d",
    "1d2h3m4s",
    "1d 2h",
    "3 hrs",
    "1 day, 2 hours",
    "1 mon -1 day",
    "-1 mon +1 day",
    "10:00:60",
    "10:60:00",
    "infinity",
    "-infinity",
    "1 day 1 day",
    "1 day 24 hours",
    "1 foo",
    "1:02.5",
    "1 day 1:02.5",
    "178000000 years",
    "999999999999 days",
    "2147483647 days",
    "2147483648 days",
    "2562047788:00:54.775807",
    "2562047788:00:54.775808",
    "1 year 13 months",
    "-13 months",
    "-1 year 1 month",
    "0.001 second",
    "1.0000005 s",
    "1.23456789 seconds",
    "1 quarter",
    "1.5 decades",
    "0.33 week",
    "0.3 day",
    "1 sec 1 ms",
    "1.5 sec 1 ms",
    "1 hour 1 minute 1 second",
    "PT0.0000015S",
    "P1MT1M",
    "P1Y1Y",
    "+1 day",
    "- 1 day",
    "12 hours 30",
    "1 day 5",
];
const INTERVAL_PIECES: &[&str] = &[
    "1", "0", "5", "12", "30", ".", ".5", ".333", ":", "-", "+", " ", " ago", "day", " days ",
    "month", "week", "hour", "min", "sec", "ms", "us", "year", "Y", "M", "D", "T", "H", "S", "P",
    "W", " 1:02:03", "@", ",", "e", "999999",
];
const TEXTS: &[&str] = &[
    "",
    "a",
    "abc",
    "abcd",
    "abc   ",
    "abc\t",
    "ab cd",
    "  ",
    "äöü",
    "日本語",
    "日本語文字",
    "𝄞𝄞𝄞𝄞",
    "a'b",
    "a\\b",
    "\\x41",
    "\\101",
    "\\",
    "NULL",
    "a\nb",
];
const JSONS: &[&str] = &[
    "{}",
    "[]",
    "null",
    "true",
    "false",
    "1",
    "-1",
    "1.50",
    "1e2",
    "1E+2",
    "1e-2",
    "-0",
    "-0.0",
    "0.10",
    "01",
    "1.",
    ".5",
    "\"a\"",
    "\"\\u0041\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\n\\t\\\"\\\\\\/\"",
    "\"\\u001f\\u007f\"",
    "\"ä\"",
    "{\"a\":1}",
    "{\"b\":1,\"a\":2}",
    "{\"bb\":1,\"a\":2,\"c\":3}",
    "{\"a\":1,\"a\":2}",
    "{\"a\":{\"b\":[1,2,{}]}}",
    " [ 1 , 2 ] ",
    "[1,]",
    "{\"a\":}",
    "{a:1}",
    "nul",
    "\"a",
    "\"a\tb\"",
    "[1 2]",
    "",
    " ",
    "{\"a\":1}x",
    "[1,\"2\",null,true]",
    "{\"aa\":1,\"b\":2,\"aa\":3,\"\":4}",
    "1 ",
    "\"\\x\"",
    "{\"\\u0061\":1,\"a\":2}",
    "123456789012345678901234567890.5",
    "1e400",
    "[[[[]]]]",
    "{\"é\":1,\"zz\":2,\"z\":3}",
    "1a",
    "truex",
    "--1",
];
const JSON_PIECES: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\":", "1", "0", ".5", "e1", "-", "null",
    "true", "\\", "\\u00e9", "\\n", " ", "\t", "é", "\"a\":1",
];
const BYTES: &[&str] = &[
    "",
    "\\x",
    "\\x00ff",
    "\\xDEADBEEF",
    "\\xde ad",
    "\\xd",
    "\\xdg",
    "abc",
    "a\\\\b",
    "\\001\\377",
    "\\400",
    "\\1",
    "ä",
    "\\X41",
    "a b",
    "\\x d e",
    "\\\\x41",
    "\\",
];
const BITS: &[&str] = &[
    "", "0", "101", "b101", "B101", "x1F", "XaB", "1010", "10101010", "2", "x", "b", "xg", " 1",
    "1 ", "bb1",
];
const UUIDS: &[&str] = &[
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
    "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
    "a0eebc999c0b4ef8bb6d6bb9bd380a11",
    "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
    "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
    "",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
    " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-",
];
const HEX_PIECES: &[&str] =
    &["0", "f", "A", "-", "{", "}", " ", "g", ":", ".", "00", "/", "\\", "x"];
const INT_ARRAYS: &[&str] = &[
    "{}",
    "{1}",
    "{1,2,3}",
    "{ 1 , 2 }",
    "{NULL,1}",
    "{null}",
    "{\"1\",2}",
    "{{1,2},{3,4}}",
    "{{1},{2,3}}",
    "{{1,2},3}",
    "[2:3]={1,2}",
    "[0:1][1:2]={{1,2},{3,4}}",
    "[1:2]={1,2}",
    "[2]={1,2}",
    "[1:3]={1,2}",
    " { } ",
    "{{}}",
    "{{},{}}",
    "{1,}",
    "{,}",
    "{1",
    "1",
    "{1}}",
    "{1} x",
    "{\"NULL\"}",
    "{-1,+2}",
    "{0x10}",
    "{{{{{{1}}}}}}",
    "{{{{{{{1}}}}}}}",
    "[-1:0]={5,6}",
    "[1:0]={}",
    "[ 1:2]={1,2}",
    "[1:2] = {1,2}",
    "{a}",
    "[0:0]={7}",
];
const TEXT_ARRAYS: &[&str] = &[
    "{a,b}",
    "{\"a b\",c}",
    "{a b,c}",
    "{\"a\\\"b\"}",
    "{a\\,b}",
    "{\\\\}",
    "{\"\"}",
    "{NULL,\"NULL\",\\NULL}",
    "{ä,日本}",
    "{a\"b}",
    "{\"a\"b}",
    "{'x'}",
    "{\"a,b\",\"{}\"}",
    "{a\\ }",
    "{ a b }",
    "{\" a \"}",
    "{a\tb}",
    "{(1,2)}",
    "{a;b}",
    "{}",
    "{{a,b},{c,d}}",
    "{nuLL}",
    "{\\n}",
    "{\"a\nb\"}",
];
const ARRAY_PIECES: &[&str] = &[
    "{", "}", ",", "\"", "\\", " ", "1", "2", "a", "NULL", "[0:1]=", "[1:2]", ";", "{1,2}", "\t",
    "ä",
];
const INT_RANGES: &[&str] = &[
    "[1,5)",
    "[1,5]",
    "(1,5)",
    "(1,5]",
    "empty",
    "EMPTY",
    " empty ",
    "[1,1]",
    "[1,1)",
    "(1,1)",
    "(1,2)",
    "[5,1]",
    "(,)",
    "[,]",
    "[,5]",
    "(,5)",
    "[1,)",
    "(1,)",
    "[ 1 , 5 )",
    "[\"1\",\"5\"]",
    "[1,5",
    "1,5",
    "[1]",
    "[1,2,3]",
    "[1,2147483647]",
    "[-2147483648,5]",
    "(2147483647,)",
    "(2147483647,2147483647]",
    "[a,b]",
    "[1,5)x",
    "[1\\0,5)",
    "[,\"\"]",
    "[,2147483647]",
    "(-5,-3]",
    "[1,5) ",
];
const RANGE_PIECES: &[&str] = &[
    "[",
    "]",
    "(",
    ")",
    ",",
    "1",
    "5",
    "9",
    "-",
    " ",
    "\"",
    "\\",
    "empty",
    "2147483647",
    "{",
    "}",
    ",[7,9]",
    ".5",
    "inf",
    "0",
];
const NUM_RANGES: &[&str] = &[
    "[1.0,2.00)",
    "[1,1.0]",
    "[1.50,1.5)",
    "(1,1.00]",
    "[-1,1]",
    "[0.1,0.10]",
    "[NaN,NaN]",
    "[1,NaN)",
    "[1,inf]",
    "[-inf,1]",
    "[,1.5)",
    "[2,1.99]",
    "empty",
    "(0,1e2)",
    "[-2,-1.5]",
    "[-1.5,-2]",
    "[0,-0.0]",
];
const DATE_RANGES: &[&str] = &[
    "[2020-01-01,2020-02-01)",
    "[2020-01-01,2020-01-31]",
    "(2020-01-01,)",
    "[2020-01-01,infinity]",
    "[-infinity,2020-01-01)",
    "(-infinity,infinity)",
    "[2020-02-28,2020-02-29]",
    "[\"2020-01-01\",2020-12-31]",
    "empty",
    "[2020-01-01,2020-01-01)",
    "(2020-01-01,2020-01-02)",
    "[,5874897-12-31]",
    "[2021-01-01,2020-01-01]",
    "[0001-01-01 BC,2020-01-01)",
    "[infinity,infinity]",
    "(infinity,)",
];
const TS_RANGES: &[&str] = &[
    "[2020-01-01,2020-02-01)",
    "[2020-01-01 10:00,2020-01-01 11:00]",
    "[\"2020-01-01 00:00:00\",)",
    "(,infinity]",
    "[-infinity,infinity]",
    "empty",
    "[2020-01-01,2020-01-01]",
    "[2020-01-01,2020-01-01)",
    "[2021-01-01,2020-01-01]",
    "[2020-01-01 10:00:00+00,2020-01-01 11:00:00+01)",
    "[2020-01-01 10:00:00+00,2020-01-01 12:00:00+01]",
    "[2020-01-01 10:00:00+00,)",
    "[2020-01-01 10:00:00Z,2020-01-01 12:00:00Z]",
    "[0044-03-15 10:00:00 BC,)",
];
const MULTIRANGES: &[&str] = &[
    "{}",
    "{[1,5)}",
    "{[1,3],[5,7]}",
    "{[5,7],[1,3]}",
    "{[1,3),[3,5)}",
    "{[1,3],[4,5]}",
    "{[1,5],[2,3]}",
    "{empty}",
    "{empty,[1,2]}",
    "{ [1,2) , [4,5) }",
    "{[1,2],}",
    "{,}",
    "{[1,2)",
    "{(,1),(5,)}",
    "{(,)}",
    "{(,3),(1,)}",
    "{[1,2)[3,4)}",
    "{}x",
    "{[\"1\",2)}",
    "{EMPTY}",
];
const INETS: &[&str] = &[
    "1.2.3.4",
    "10.0.0.0/8",
    "10.1.2.3/8",
    "192.168.1.0/24",
    "192.168.1.5/24",
    "0.0.0.0/0",
    "255.255.255.255/32",
    "256.1.1.1",
    "1.2.3",
    "10",
    "10/8",
    "10.1/16",
    "1.2.3.4/33",
    "1.2.3.4/",
    "01.2.3.4",
    "::1",
    "::",
    "::/0",
    "::1/128",
    "2001:db8::/32",
    "2001:DB8::1/64",
    "2001:db8:0:0:1:0:0:1",
    "::ffff:1.2.3.4",
    "::1.2.3.4",
    "::12:3456",
    "1:2:3:4:5:6:7:8",
    "1:0:3:0:5:0:7:0",
    "fe80::1%eth0",
    "1::2::3",
    "12345::",
    "::1/129",
    "",
    "1:0:0:2:0:0:0:3",
    "0:0:0:0:0:ffff::",
    "::2",
    "0:0:0:0:0:0:1:0",
    "1:2:3:4:5:6:7::",
    "::7:8",
    "1.2.3.4/24 ",
    " 1.2.3.4",
    "1.2.3.4/08",
    "::ffff:0:0/96",
    "::ffff:1.2.3.4/100",
    "0:1:2:3:4:5:6:7",
    "2001:db8::/127",
    "1.2.3.0/22",
];
const INET_PIECES: &[&str] =
    &["0", "1", "255", ".", ":", "::", "/", "8", "24", "f", "ffff", " ", "32", "128", "64"];
const MACS: &[&str] = &[
    "08:00:2b:01:02:03",
    "08-00-2b-01-02-03",
    "08002b:010203",
    "08002b-010203",
    "0800.2b01.0203",
    "0800-2b01-0203",
    "08002b010203",
    "08:00:2B:01:02:03:04:05",
    "08-00-2b-01-02-03-04-05",
    "08002b:0102030405",
    "0800.2b01.0203.0405",
    "08002b0102030405",
    "8:0:2b:1:2:3",
    "",
    "08:00:2b:01:02",
    " 08:00:2b:01:02:03 ",
    "0800:2b01:0203",
    "08:00-2b:01:02:03",
    "zz:00:2b:01:02:03",
];
const SHAPES: &[&str] = &[
    "(1,2)",
    "1,2",
    "( 1.5 , -2e3 )",
    "(0.1,0.30000000000000004)",
    "((1,2))",
    "(1,2",
    "1 2",
    "((1,2),(3,4))",
    "(1,2),(3,4)",
    "1,2,3,4",
    "[(1,2),(3,4)]",
    "[1,2,3,4]",
    "((3,4),(1,2))",
    "((1,4),(3,2))",
    "<(1,2),3>",
    "((1,2),3)",
    "(1,2),3",
    "1,2,3",
    "<(1,2),-1>",
    "{1,2,3}",
    "{0,0,1}",
    "{ 1.50 , -2, 3 }",
    "((1,2),(3,4),(5,6))",
    "(1,2),(3,4),(5,6)",
    "[(1,2),(3,4),(5,6)]",
    "((1,2))",
    "[(1,2)]",
    "",
    "()",
    "(1,2)x",
    "(1e400,2)",
    "(nan,1)",
    "(inf,1)",
    "((1,2),(1,2))",
    "[(1,2),(3,4)",
    "( (1,2) , (3,4) )",
    " (1,2) ",
    "(-0,0)",
    "{1,0,-0}",
    "(1,2)(3,4)",
    "((1,2),(3,4),)",
    "<1,2,3>",
    "<(1,2),0>",
    "{1,2}",
    "(1;2)",
];
const SHAPE_PIECES: &[&str] = &[
    "(", ")", "[", "]", "<", ">", "{", "}", ",", "1", "2.5", "-3", "0", " ", "e5", "(1,2)", ".",
    "((", "))",
];
const VECTORS: &[&str] = &[
    "a",
    "a b",
    "b a",
    "a a",
    "a:1",
    "a:1,2",
    "a:2,1",
    "a:1A",
    "a:1a,2B b:3",
    "'a b':1",
    "'it''s'",
    "a\\ b",
    "'a\\\\b'",
    "",
    "   ",
    "a:0",
    "a:1,1A",
    "a:16384",
    "a:",
    "a:b",
    "'a",
    ":1",
    "a:1D",
    "a:1*",
    "ab a b",
    "A a",
    "ä z",
    "'a':1 'b'",
    "a:1 a:2B a",
    "a:5C,3,5A",
    "a'b",
    "'a'b",
    "a,b",
    "a:1,",
    "\\",
    "a\tb\nc",
    "a:1B,1",
];
const VECTOR_PIECES: &[&str] = &["a", "b", " ", "'", ":", ",", "1", "2", "A", "d", "\\", "*", "ä"];
const QUERIES: &[&str] = &[
    "a",
    "a & b",
    "a&b",
    "a | b",
    "!a",
    "!!a",
    "a <-> b",
    "a <2> b",
    "a:*",
    "a:A",
    "a:*ab",
    "(a | b) & c",
    "a | b & c",
    "a & (b | c)",
    "!(a & b)",
    "'a b'",
    "'it''s'",
    "",
    " ",
    "a b",
    "(a",
    "a &",
    "& a",
    "a <-> (b | c)",
    "(a <-> b) <-> c",
    "a <-> (b <-> c)",
    "a & (b & c)",
    "(a & b) & c",
    "a <1> b",
    "a <0> b",
    "a:D | b",
    "!a <-> b",
    "!(a <-> b)",
    "a\\ b",
];
const QUERY_PIECES: &[&str] =
    &["a", "b", " ", "&", "|", "!", "(", ")", "<->", "<2>", ":", "*", "A", "'", "\\"];
const PATHS: &[&str] = &[
    "$",
    "$.a",
    "$.a.b",
    "$.\"a\"",
    "$.\"a b\"",
    "$[*]",
    "$[0]",
    "$.a[0].b",
    "$[0,1]",
    "$[0 to 2]",
    "$[last]",
    "$.*",
    "strict $.a",
    "lax $.a",
    "$.a ? (@.b == 1)",
    "$.a?(@.b>1 && @.c<2)",
    "$.size()",
    "$ + 1",
    "",
    "a",
    "$.",
    "$a",
    "$.a[",
    "$.a b",
    " $ . a ",
    "$.a_1",
    "$.1",
    "$.ä",
    "$.true",
    "$.a.type()",
    "$.a[*] ? (@ > 1)",
    "$.c == 1",
    "strict $.x.type()",
    "$.c ? (@ > $x && exists (@.b ? (@ == \"q\")))",
    "$.a ? (!(@.b == 1) || (@.c > 1) is unknown)",
    "$.a + $.b * 2 - -3",
    "-$.a",
    "($.a + 1) * 2",
    "$.a[1 to last, last - 1].b",
    "$.a ? (@ like_regex \"^ab\")",
    "$.a ? (@.s starts with \"x\")",
    "($.a).b",
    "$.a ? (@.b == null && @.c != true) . d",
    "$ ? (@.a <> 1.50)",
    "$.a % 2 / 3",
    "($.a == 1)",
    "$.a ? ((@.x > 1 || @.y < 2) && @.z == 3)",
    "$**.a",
    "$.**",
    "1",
    "\"x\"",
    "$.a[*].b[*]",
    "$['a']",
    "$.to",
    "$.strict",
    "$.$a",
    "$.\"\\u0041\"",
    "LAX $",
    "$ [ * ]",
    "$.a/*x*/",
    "$[00]",
    "$[-1]",
    "exists($.a)",
    "$.is",
    "$.size",
    "$.a.size ()",
];
const PATH_PIECES: &[&str] = &[
    "$", ".", "a", "b", "\"", "[", "]", "*", "0", "1", ",", " ", "last", "@", "?", "(", ")",
    "strict ", "_",
];
const RECORDS: &[&str] = &[
    "(1,a,2)",
    "(,,)",
    "(1,,)",
    "( 1 ,\" a \",2.5)",
    "(1,\"a\"\"b\",1.005)",
    "(1,a\\,b,1)",
    "(1,a b,2)",
    "(1,a)",
    "(1,a,2,3)",
    "1,a,2",
    "(x,a,1)",
    "(1,\"\",1)",
    "(1,a,99999)",
    " (1,a,2) ",
    "(1,a,2)x",
    "(1,\"(x)\",2)",
    "(1,a\"b c\"d,2)",
    "(1,\\\\,2)",
    "(1,NULL,2)",
    "()",
    "(1,ä,2)",
    "(1,\"a",
    "(1,a,2",
];
const RECORD_PIECES: &[&str] = &["(", ")", ",", "\"", "\"\"", "\\", " ", "1", "a", "ä", "'"];

const INT4_OPEN: RangeType<'static> = RangeType { subtype: &T::Int4, discrete: false };
const PAIR: &[ConstantField<'static>] = &[
    ConstantField { ty: T::Int4, typmod: None },
    ConstantField { ty: T::Text, typmod: None },
    ConstantField { ty: T::Numeric, typmod: None },
];

fn family(
    name: &'static str,
    seeds: &'static [&'static str],
    pieces: &'static [&'static str],
) -> Family {
    let sql = Box::leak(format!("$::pg_catalog.\"{name}\"").into_boxed_str());
    Family { name, ty: T::builtin(name), typmod: None, sql, seeds, pieces }
}

/// A family with a modifier, and SQL that applies it as the input function does.
fn limited(base: Family, name: &'static str, modifiers: &[i32], sql: &'static str) -> Family {
    let typmod = Typmod::from_modifiers(&base.ty, modifiers);
    assert!(typmod.is_some(), "{name}");
    let sql = Box::leak(sql.replace('%', &typmod.unwrap().catalog().to_string()).into_boxed_str());
    Family { name, typmod, sql, ..base }
}

pub fn families() -> Vec<Family> {
    let mut families = Vec::new();
    for name in ["int2", "int4", "int8", "oid", "xid"] {
        families.push(family(name, INTEGERS, DIGITS));
    }
    for name in ["float4", "float8", "numeric"] {
        families.push(family(name, NUMBERS, DIGITS));
    }
    for name in ["text", "varchar", "bpchar", "name", "char"] {
        families.push(family(
            name,
            TEXTS,
            &["a", " ", "ä", "\\", "日", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"],
        ));
    }
    families.push(family(
        "bool",
        &[
            "t",
            "true",
            "TRUE",
            "y",
            "yes",
            "on",
            "o",
            "of",
            "off",
            "1",
            "0",
            "f",
            " no ",
            "tru",
            "",
            "2",
            "01",
            "n",
            "\tfalse\n",
        ],
        &["t", "r", "u", "e", "o", "f", " ", "n", "1"],
    ));
    families.push(family("bytea", BYTES, HEX_PIECES));
    for name in ["bit", "varbit"] {
        families.push(family(name, BITS, HEX_PIECES));
    }
    for name in ["date", "timestamp", "timestamptz"] {
        families.push(family(name, MOMENTS, TIMES));
    }
    for name in ["time", "timetz"] {
        families.push(family(name, CLOCKS, TIMES));
    }
    families.push(family("interval", INTERVALS, INTERVAL_PIECES));
    families.push(family("uuid", UUIDS, HEX_PIECES));
    families.push(family("json", JSONS, JSON_PIECES));
    families.push(family("jsonb", JSONS, JSON_PIECES));
    families.push(family("jsonpath", PATHS, PATH_PIECES));
    families.push(family("inet", INETS, INET_PIECES));
    families.push(family("cidr", INETS, INET_PIECES));
    families.push(family("macaddr", MACS, HEX_PIECES));
    families.push(family("macaddr8", MACS, HEX_PIECES));
    for name in ["point", "line", "lseg", "box", "path", "polygon", "circle"] {
        families.push(family(name, SHAPES, SHAPE_PIECES));
    }
    families.push(family("tsvector", VECTORS, VECTOR_PIECES));
    families.push(family("tsquery", QUERIES, QUERY_PIECES));
    families.push(family(
        "pg_lsn",
        &[
            "0/0",
            "A/1f",
            "16/B374D848",
            "FFFFFFFF/FFFFFFFF",
            "/1",
            "1/",
            "1",
            "123456789/0",
            " 1/1",
            "00/01",
        ],
        HEX_PIECES,
    ));
    families.push(family(
        "tid",
        &[
            "(0,1)",
            "(1,2)",
            "( 1,2)",
            "(4294967295,65535)",
            "(4294967296,1)",
            "(1,65536)",
            "1,2",
            "(01,02)",
        ],
        &["(", ")", ",", "0", "9", " ", "-"],
    ));
    families.extend(nested_families());
    families.extend(limited_families());
    families
}

fn nested_families() -> Vec<Family> {
    let mut families = vec![
        family("_int4", INT_ARRAYS, ARRAY_PIECES),
        family("_numeric", INT_ARRAYS, ARRAY_PIECES),
        family("_text", TEXT_ARRAYS, ARRAY_PIECES),
        family("_bool", &["{t,f}", "{true,\"no\"}", "{NULL,1}"], ARRAY_PIECES),
        family("_interval", &["{1 day,\"2 hours\"}", "{1:00}"], ARRAY_PIECES),
        family("_date", &["{2020-01-01,\"2020-1-2\"}", "{infinity}"], ARRAY_PIECES),
        family("_jsonb", &["{\"{\\\"a\\\":1}\",1}", "{\"[1, 2]\"}"], ARRAY_PIECES),
        family(
            "_box",
            &["{(1,2),(3,4)}", "{(3,4),(1,2);(1,1),(2,2)}", "{(1,2,3,4);\"5,6,7,8\"}"],
            SHAPE_PIECES,
        ),
        family("_int4range", &["{\"[1,2]\",empty}", "{\"(1,5)\"}"], ARRAY_PIECES),
        family("_bytea", &["{abc,\"\\\\x41\"}", "{\\\\x4142}"], ARRAY_PIECES),
        family("int4range", INT_RANGES, RANGE_PIECES),
        family("int8range", INT_RANGES, RANGE_PIECES),
        family("numrange", NUM_RANGES, RANGE_PIECES),
        family("numrange", INT_RANGES, RANGE_PIECES),
        family("daterange", DATE_RANGES, RANGE_PIECES),
        family("tsrange", TS_RANGES, RANGE_PIECES),
        family("tstzrange", TS_RANGES, RANGE_PIECES),
        family("int4multirange", MULTIRANGES, RANGE_PIECES),
        family("nummultirange", MULTIRANGES, RANGE_PIECES),
        family(
            "datemultirange",
            &[
                "{[2020-01-01,2020-01-31],[2020-02-01,2020-02-29]}",
                "{[2020-01-01,infinity]}",
                "{(,2020-01-01)}",
            ],
            RANGE_PIECES,
        ),
    ];
    let with_type =
        |name, ty, sql, seeds, pieces| Family { name, ty, typmod: None, sql, seeds, pieces };
    families.push(with_type(
        "enum",
        T::Enum(&["sad", "ok", "so happy"]),
        "$::public.mood",
        &["sad", "ok", "so happy", "", "SAD", " ok", "x"],
        &["s", " ", "a"],
    ));
    families.push(with_type(
        "enum[]",
        T::Array(&T::Enum(&["sad", "ok", "so happy"])),
        "$::public.mood[]",
        &["{sad,ok}", "{so happy}", "{\"so happy\",x}"],
        ARRAY_PIECES,
    ));
    families.push(with_type(
        "open range",
        T::Range(INT4_OPEN),
        "$::public.int4open",
        INT_RANGES,
        RANGE_PIECES,
    ));
    families.push(with_type(
        "record",
        T::Composite(PAIR),
        "$::public.pair",
        RECORDS,
        RECORD_PIECES,
    ));
    families.push(with_type(
        "record[]",
        T::Array(&T::Composite(PAIR)),
        "$::public.pair[]",
        &["{\"(1,a,2)\"}", "{\"(1,\\\"a b\\\",2)\",\"(,,)\"}"],
        RECORD_PIECES,
    ));
    families
}

fn limited_families() -> Vec<Family> {
    let numeric = || family("numeric", NUMBERS, DIGITS);
    let interval = || family("interval", INTERVALS, INTERVAL_PIECES);
    let texts = |name| family(name, TEXTS, &["a", " ", "ä", "日"]);
    vec![
        limited(numeric(), "numeric(5,2)", &[5, 2], "$::numeric(5,2)"),
        limited(numeric(), "numeric(3,5)", &[3, 5], "$::numeric(3,5)"),
        limited(numeric(), "numeric(4,-2)", &[4, -2], "$::numeric(4,-2)"),
        limited(numeric(), "numeric(30)", &[30], "$::numeric(30)"),
        limited(texts("varchar"), "varchar(3)", &[3], "varcharin($, 0, %)"),
        limited(texts("bpchar"), "bpchar(3)", &[3], "bpcharin($, 0, %)"),
        limited(texts("_varchar"), "varchar(3)[]", &[3], "array_in($, 'varchar'::regtype, %)"),
        limited(family("bit", BITS, HEX_PIECES), "bit(4)", &[4], "bit_in($, 0, %)"),
        limited(family("varbit", BITS, HEX_PIECES), "varbit(4)", &[4], "varbit_in($, 0, %)"),
        limited(family("timestamp", MOMENTS, TIMES), "timestamp(0)", &[0], "$::timestamp(0)"),
        limited(family("timestamp", MOMENTS, TIMES), "timestamp(3)", &[3], "$::timestamp(3)"),
        limited(family("timestamptz", MOMENTS, TIMES), "timestamptz(2)", &[2], "$::timestamptz(2)"),
        limited(family("time", CLOCKS, TIMES), "time(0)", &[0], "$::time(0)"),
        limited(family("timetz", CLOCKS, TIMES), "timetz(2)", &[2], "$::timetz(2)"),
        limited(interval(), "interval(2)", &[0x7FFF, 2], "$::interval(2)"),
        limited(interval(), "interval year", &[1 << 2], "$::interval year"),
        limited(interval(), "interval month", &[1 << 1], "$::interval month"),
        limited(interval(), "i year-month", &[1 << 2 | 1 << 1], "$::interval year to month"),
        limited(interval(), "interval day", &[1 << 3], "$::interval day"),
        limited(interval(), "interval hour", &[1 << 10], "$::interval hour"),
        limited(interval(), "interval minute", &[1 << 11], "$::interval minute"),
        limited(interval(), "interval second", &[1 << 12], "$::interval second"),
        limited(interval(), "i day-hour", &[1 << 3 | 1 << 10], "$::interval day to hour"),
        limited(interval(), "i hour-minute", &[1 << 10 | 1 << 11], "$::interval hour to minute"),
        limited(
            interval(),
            "i day-minute",
            &[1 << 3 | 1 << 10 | 1 << 11],
            "$::interval day to minute",
        ),
        limited(
            interval(),
            "i minute-second",
            &[1 << 11 | 1 << 12],
            "$::interval minute to second",
        ),
        limited(
            interval(),
            "i day-second(1)",
            &[1 << 3 | 1 << 10 | 1 << 11 | 1 << 12, 1],
            "$::interval day to second(1)",
        ),
    ]
}

pub struct LengthCase {
    pub ty: T<'static>,
    pub typmod: Typmod,
    pub text: String,
    pub explicit: bool,
    pub expression: String,
}

/// Values that are cast to a limited type, by an explicit cast and by assignment.
pub fn length_cases() -> Vec<LengthCase> {
    let strings: &[&str] = &["", "a", "abc", "abcd", "abc  ", "ab\t ", "äöüß", "日本語文字"];
    let bits: &[&str] = &["", "0", "101", "1010", "10101"];
    let types: [(T<'static>, &str, &[i32], &[&str]); 8] = [
        (T::Varchar, "varchar", &[3], strings),
        (T::Bpchar, "bpchar", &[3], strings),
        (T::Bit, "bit", &[4], bits),
        (T::Varbit, "varbit", &[4], bits),
        (
            T::Numeric,
            "numeric",
            &[3, 1],
            &["1.25", "-1.25", "99.95", "99.94", "NaN", "0.04", "100", "Infinity"],
        ),
        (
            T::Timestamp,
            "timestamp",
            &[1],
            &["2020-01-01 00:00:00.25", "1999-12-31 23:59:59.95", "infinity"],
        ),
        (T::Time, "time", &[0], &["10:00:00.5", "23:59:59.9"]),
        (T::Interval, "interval", &[0x7FFF, 0], &["1 day 00:00:01.5", "-00:00:01.5"]),
    ];
    let mut cases = Vec::new();
    for (ty, name, modifiers, texts) in types {
        let typmod = Typmod::from_modifiers(&ty, modifiers).unwrap();
        for &text in texts {
            for explicit in [true, false] {
                let value = format!("{}::pg_catalog.{name}", quote_bits(ty, text));
                let flag = if matches!(ty, T::Varchar | T::Bpchar | T::Bit | T::Varbit) {
                    format!(", {explicit}")
                } else {
                    String::new()
                };
                let expression =
                    format!("pg_catalog.\"{name}\"({value}, {}{flag})", typmod.catalog());
                cases.push(LengthCase { ty, typmod, text: text.to_owned(), explicit, expression });
            }
        }
    }
    cases
}

/// `bit` without a modifier in SQL is `bit(1)`, so bits go through their own literal.
fn quote_bits(ty: T<'_>, text: &str) -> String {
    if ty == T::Bit { format!("\"bit_in\"({}, 0, -1)", quote(text)) } else { quote(text) }
}

pub struct FoldCase {
    pub from: T<'static>,
    pub to: T<'static>,
    pub text: String,
    pub expression: String,
}

pub fn fold_cases() -> Vec<FoldCase> {
    let integers: &[&str] = &["0", "-5", "32767", "12345"];
    let strings: &[&str] = &["", "a b ", "äöü"];
    let floats: &[&str] = &["0.1", "1e+20", "-0", "NaN", "Infinity", "16777216", "1e-45"];
    let pairs: [(&str, &str, &[&str]); 21] = [
        ("int2", "int4", integers),
        ("int2", "int8", integers),
        ("int4", "int8", integers),
        ("int2", "numeric", integers),
        ("int4", "numeric", integers),
        ("int8", "numeric", integers),
        ("int2", "float8", integers),
        ("int4", "float8", &["0", "-5", "2147483647"]),
        ("int8", "float8", &["0", "1000000000000000", "9007199254740992", "-9007199254740991"]),
        ("float4", "float8", floats),
        ("text", "varchar", strings),
        ("varchar", "text", strings),
        ("name", "text", strings),
        ("name", "varchar", strings),
        ("bpchar", "text", strings),
        ("bpchar", "varchar", strings),
        ("text", "name", &["a", "äääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää"]),
        ("varchar", "name", strings),
        (
            "date",
            "timestamp",
            &["2020-01-01", "0044-03-15 BC", "infinity", "-infinity", "4714-11-24 BC"],
        ),
        ("varbit", "varbit", &["101", ""]),
        ("int4", "int4", integers),
    ];
    let mut cases = Vec::new();
    for (from, to, texts) in pairs {
        for &text in texts {
            let expression = format!("{}::pg_catalog.\"{from}\"::pg_catalog.\"{to}\"", quote(text));
            cases.push(FoldCase {
                from: T::builtin(from),
                to: T::builtin(to),
                text: text.to_owned(),
                expression,
            });
        }
    }
    cases
}
