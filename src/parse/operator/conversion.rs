//! Conversions between encodings: `CREATE [DEFAULT] CONVERSION`.

use pg_query::protobuf::CreateConversionStmt;

use super::super::interpreter::{Interpreter, Outcome, Statement};
use super::super::lower::{Lowered, Lowering};
use super::super::type_name;
use crate::model::{Conversion, Name, ObjectId, Problem, Span};

struct CreateConversion {
    name: Name,
    default: bool,
    source: Box<str>,
    destination: Box<str>,
    function: Name,
}

/// `CREATE [DEFAULT] CONVERSION name FOR 'x' TO 'y' FROM f`.
pub(in crate::parse) fn create_conversion(
    stmt: &CreateConversionStmt,
    _cx: Lowering<'_>,
) -> Lowered {
    Lowered::apply(CreateConversion {
        name: type_name::name(&stmt.conversion_name),
        default: stmt.def,
        source: encoding(&stmt.for_encoding_name),
        destination: encoding(&stmt.to_encoding_name),
        function: type_name::name(&stmt.func_name),
    })
}

impl Statement for CreateConversion {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let conversion = Conversion {
            default: self.default,
            source: self.source,
            destination: self.destination,
            function: cx.resolve_routine(&self.function),
        };
        let id = ObjectId::Conversion(cx.creation_name(&self.name));
        cx.create(id, conversion, span, false)
    }
}

/// The name of an encoding as PostgreSQL prints it: case, hyphens and underscores do
/// not count, and some have several names (`pg_encname_tbl`, `src/common/encnames.c`).
fn encoding(written: &str) -> Box<str> {
    let plain: String = written.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    let known = match plain.as_str() {
        "utf8" | "unicode" => "UTF8",
        "sqlascii" => "SQL_ASCII",
        "latin1" | "iso88591" => "LATIN1",
        "latin2" | "iso88592" => "LATIN2",
        "latin3" | "iso88593" => "LATIN3",
        "latin4" | "iso88594" => "LATIN4",
        "latin5" | "iso88599" => "LATIN5",
        "latin6" | "iso885910" => "LATIN6",
        "latin7" | "iso885913" => "LATIN7",
        "latin8" | "iso885914" => "LATIN8",
        "latin9" | "iso885915" => "LATIN9",
        "latin10" | "iso885916" => "LATIN10",
        "iso88595" => "ISO_8859_5",
        "iso88596" => "ISO_8859_6",
        "iso88597" => "ISO_8859_7",
        "iso88598" => "ISO_8859_8",
        "koi8" | "koi8r" => "KOI8R",
        "koi8u" => "KOI8U",
        "win" | "windows1251" => "WIN1251",
        "alt" | "windows866" => "WIN866",
        "abc" | "tcvn" | "tcvn5712" | "vscii" | "windows1258" => "WIN1258",
        "mskanji" | "shiftjis" | "sjis" | "win932" | "windows932" => "SJIS",
        "shiftjis2004" => "SHIFT_JIS_2004",
        "euccn" => "EUC_CN",
        "eucjis2004" => "EUC_JIS_2004",
        "eucjp" => "EUC_JP",
        "euckr" => "EUC_KR",
        "euctw" => "EUC_TW",
        "gbk" | "win936" | "windows936" => "GBK",
        "uhc" | "win949" | "windows949" => "UHC",
        "big5" | "win950" | "windows950" => "BIG5",
        "gb18030" => "GB18030",
        "johab" => "JOHAB",
        "muleinternal" => "MULE_INTERNAL",
        other => match other.strip_prefix("windows") {
            Some(page) => return format!("WIN{page}").into(),
            None => return written.to_ascii_uppercase().into(),
        },
    };
    known.into()
}
