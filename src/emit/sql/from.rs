//! Writes what stands in `FROM`. Joins nest to the left without parentheses, to the
//! right with.

use super::SqlWriter;
use super::precedence::Level;
use crate::model::{
    Alias, Cast, ColumnDefinition, Expr, FromFunctions, FromItem, Join, JoinKind, Sample,
};

impl SqlWriter {
    /// The items of a `FROM` clause.
    pub(super) fn items_of_from(&mut self, items: &[FromItem]) {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.push(",");
                self.indented(Self::break_line);
            }
            self.item_of_from(item);
        }
    }

    /// One item.
    pub(super) fn item_of_from(&mut self, item: &FromItem) {
        match item {
            FromItem::Relation { name, only, alias, sample } => {
                self.push(if *only { "ONLY " } else { "" });
                self.name(name);
                self.alias(alias.as_ref());
                if let Some(sample) = sample {
                    self.sample(sample);
                }
            }
            FromItem::Subquery { query, lateral, alias } => {
                self.push(if *lateral { "LATERAL " } else { "" });
                self.block(|writer| writer.query(query));
                self.alias(alias.as_ref());
            }
            FromItem::Functions(functions) => self.functions(functions),
            FromItem::Join(join) => self.aliased_join(join),
            FromItem::XmlTable(table) => self.xml_table(table),
            FromItem::JsonTable(table) => self.json_table(table),
        }
    }

    /// ` AS a (b, c)`.
    pub(super) fn alias(&mut self, alias: Option<&Alias>) {
        let Some(Alias { name, columns }) = alias else { return };
        self.sql(" AS ").ident(name);
        if !columns.is_empty() {
            self.push(" (");
            self.idents(columns);
            self.push(")");
        }
    }

    fn sample(&mut self, sample: &Sample) {
        let Sample { method, args, repeatable } = sample;
        self.push(" TABLESAMPLE ");
        self.function_name(method);
        self.push("(");
        self.exprs(args);
        self.push(")");
        if let Some(seed) = repeatable {
            self.push(" REPEATABLE (");
            self.operand(seed, Level::Or);
            self.push(")");
        }
    }

    fn functions(&mut self, from: &FromFunctions) {
        let FromFunctions { functions, rows_from, ordinality, lateral, alias, columns } = from;
        self.push(if *lateral { "LATERAL " } else { "" });
        self.push(if *rows_from { "ROWS FROM (" } else { "" });
        self.list(functions, |writer, (function, columns)| {
            writer.table_function(function);
            if !columns.is_empty() {
                writer.push(" AS ");
                writer.column_definitions(columns);
            }
        });
        self.push(if *rows_from { ")" } else { "" });
        self.push(if *ordinality { " WITH ORDINALITY" } else { "" });
        self.alias(alias.as_ref());
        if !columns.is_empty() {
            self.push(if alias.is_some() { " " } else { " AS " });
            self.column_definitions(columns);
        }
    }

    /// A function where no operator may stand, special syntax with infix words included.
    fn table_function(&mut self, function: &Expr) {
        if let Expr::Cast(cast) = function {
            let Cast { arg, ty } = cast.as_ref();
            self.push("CAST(");
            self.operand(arg, Level::Or);
            self.push(" AS ");
            self.type_name(ty);
            self.push(")");
        } else if let Expr::Call(call) = function
            && self.level(function) < Level::Primary
        {
            self.plain_call(call);
        } else {
            self.expr(function);
        }
    }

    fn column_definitions(&mut self, columns: &[ColumnDefinition]) {
        self.push("(");
        self.list(columns, |writer, column| {
            let ColumnDefinition { name, ty, collation } = column;
            writer.ident(name);
            writer.push(" ");
            writer.type_name(ty);
            if let Some(collation) = collation {
                writer.push(" COLLATE ");
                writer.collation(collation);
            }
        });
        self.push(")");
    }

    /// A join; one with an alias stands in parentheses.
    fn aliased_join(&mut self, join: &Join) {
        if join.alias.is_some() {
            self.block(|writer| writer.join(join));
            self.alias(join.alias.as_ref());
        } else {
            self.join(join);
        }
    }

    fn join(&mut self, join: &Join) {
        let Join { kind, natural, left, right, on, using, using_alias, alias: _ } = join;
        self.item_of_from(left);
        self.break_line();
        let unconditional = on.is_none() && using.is_empty() && !natural;
        self.push(if *natural { "NATURAL " } else { "" });
        self.push(match kind {
            JoinKind::Inner if unconditional => "CROSS JOIN ",
            JoinKind::Inner => "JOIN ",
            JoinKind::Left => "LEFT JOIN ",
            JoinKind::Right => "RIGHT JOIN ",
            JoinKind::Full => "FULL JOIN ",
        });
        self.operand_of_join(right);
        if let Some(on) = on {
            self.push(" ON ");
            self.operand(on, Level::Or);
        }
        if !using.is_empty() {
            self.push(" USING (");
            self.idents(using);
            self.push(")");
            if let Some(alias) = using_alias {
                self.sql(" AS ").ident(alias);
            }
        }
    }

    /// An item where a join needs parentheses.
    pub(super) fn operand_of_join(&mut self, item: &FromItem) {
        match item {
            FromItem::Join(join) if join.alias.is_none() => self.block(|writer| writer.join(join)),
            FromItem::Join(_)
            | FromItem::Relation { .. }
            | FromItem::Subquery { .. }
            | FromItem::Functions(_)
            | FromItem::XmlTable(_)
            | FromItem::JsonTable(_) => self.item_of_from(item),
        }
    }
}
