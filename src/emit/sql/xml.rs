//! Writes `XMLELEMENT` and its like, and `XMLTABLE`.

use super::SqlWriter;
use super::precedence::Level;
use crate::model::{Expr, Ident, Literal, Xml, XmlKind, XmlTable, XmlTableColumn};

impl SqlWriter {
    pub(super) fn xml(&mut self, xml: &Xml) {
        match xml.kind {
            XmlKind::Concat => self.xml_function("XMLCONCAT(", &xml.args),
            XmlKind::Element => self.xml_element(xml),
            XmlKind::Forest => {
                self.push("XMLFOREST(");
                self.named_values(&xml.named);
                self.push(")");
            }
            XmlKind::Parse => self.xml_parse(xml),
            XmlKind::Pi => {
                self.push("XMLPI(NAME ");
                self.ident(xml.name.as_ref().unwrap_or(&Ident::default()));
                for arg in &xml.args {
                    self.push(", ");
                    self.operand(arg, Level::Or);
                }
                self.push(")");
            }
            XmlKind::Root => self.xml_root(&xml.args),
            XmlKind::Serialize => self.xml_serialize(xml),
            XmlKind::IsDocument => {
                if let Some(arg) = xml.args.first() {
                    self.test(arg, " IS DOCUMENT");
                }
            }
        }
    }

    fn xml_function(&mut self, open: &'static str, args: &[Expr]) {
        self.push(open);
        self.exprs(args);
        self.push(")");
    }

    /// Values, each with its `AS name`.
    fn named_values(&mut self, values: &[(Option<Ident>, Expr)]) {
        self.list(values, |writer, (name, value)| {
            writer.operand(value, Level::Or);
            if let Some(name) = name {
                writer.sql(" AS ").ident(name);
            }
        });
    }

    fn xml_element(&mut self, xml: &Xml) {
        self.push("XMLELEMENT(NAME ");
        self.ident(xml.name.as_ref().unwrap_or(&Ident::default()));
        if !xml.named.is_empty() {
            self.push(", XMLATTRIBUTES(");
            self.named_values(&xml.named);
            self.push(")");
        }
        for arg in &xml.args {
            self.push(", ");
            self.operand(arg, Level::Or);
        }
        self.push(")");
    }

    /// The second argument says whether white space is kept.
    fn xml_parse(&mut self, xml: &Xml) {
        self.push(if xml.document { "XMLPARSE(DOCUMENT " } else { "XMLPARSE(CONTENT " });
        if let Some(text) = xml.args.first() {
            self.operand(text, Level::Or);
        }
        if matches!(xml.args.get(1), Some(Expr::Literal(Literal::Bool(true)))) {
            self.push(" PRESERVE WHITESPACE");
        }
        self.push(")");
    }

    /// The second argument is the version or NULL, the third one of the numbers of
    /// `XmlStandaloneType` (`src/include/utils/xml.h`).
    fn xml_root(&mut self, args: &[Expr]) {
        self.push("XMLROOT(");
        if let Some(document) = args.first() {
            self.operand(document, Level::Or);
        }
        self.push(", VERSION ");
        match args.get(1) {
            None | Some(Expr::Literal(Literal::Null)) => self.push("NO VALUE"),
            Some(version) => self.operand(version, Level::Or),
        }
        self.push(match args.get(2) {
            Some(Expr::Literal(Literal::Integer(0))) => ", STANDALONE YES)",
            Some(Expr::Literal(Literal::Integer(1))) => ", STANDALONE NO)",
            Some(Expr::Literal(Literal::Integer(2))) => ", STANDALONE NO VALUE)",
            _ => ")",
        });
    }

    fn xml_serialize(&mut self, xml: &Xml) {
        self.push(if xml.document { "XMLSERIALIZE(DOCUMENT " } else { "XMLSERIALIZE(CONTENT " });
        if let Some(value) = xml.args.first() {
            self.operand(value, Level::Or);
        }
        if let Some(ty) = &xml.ty {
            self.push(" AS ");
            self.type_name(ty);
        }
        self.push(if xml.indent { " INDENT)" } else { ")" });
    }

    pub(super) fn xml_table(&mut self, table: &XmlTable) {
        let XmlTable { lateral, namespaces, row, document, columns, alias } = table;
        self.push(if *lateral { "LATERAL XMLTABLE(" } else { "XMLTABLE(" });
        if !namespaces.is_empty() {
            self.push("XMLNAMESPACES(");
            self.list(namespaces, |writer, (name, uri)| {
                if name.is_none() {
                    writer.push("DEFAULT ");
                }
                writer.bounded(uri);
                if let Some(name) = name {
                    writer.sql(" AS ").ident(name);
                }
            });
            self.push("), ");
        }
        self.primary(row);
        self.push(" PASSING ");
        self.primary(document);
        self.push(" COLUMNS ");
        self.list(columns, Self::xml_table_column);
        self.push(")");
        self.alias(alias.as_ref());
    }

    fn xml_table_column(&mut self, column: &XmlTableColumn) {
        let XmlTableColumn { name, ty, not_null, path, default } = column;
        self.ident(name);
        self.push(" ");
        match ty {
            Some(ty) => self.type_name(ty),
            None => self.push("FOR ORDINALITY"),
        }
        for (word, value) in [(" PATH ", path), (" DEFAULT ", default)] {
            if let Some(value) = value {
                self.push(word);
                self.bounded(value);
            }
        }
        if *not_null {
            self.push(" NOT NULL");
        }
    }
}
