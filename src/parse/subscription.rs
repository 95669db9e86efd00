//! Subscriptions.
//!
//! What only says how to create one (`connect`, `copy_data`, `create_slot`, `enabled`,
//! `refresh`) is not part of the schema: a dump always writes `connect = false`.

use std::collections::{BTreeMap, BTreeSet};

use pg_query::protobuf::{
    AlterSubscriptionStmt, AlterSubscriptionType, CreateSubscriptionStmt, DropSubscriptionStmt,
    Node,
};

use super::IgnoreRule;
use super::absent::absent;
use super::address::Address;
use super::def_elem::bool_text;
use super::define;
use super::interpreter::{Interpreter, Need, Outcome, Statement};
use super::lower::{Lowered, Lowering};
use super::type_name::idents;
use crate::model::{Facet, Ident, ObjectId, Place, Problem, Span, Subscription};

/// Options that leave no trace in the catalog.
const MOMENTARY: [&str; 5] = ["connect", "copy_data", "create_slot", "enabled", "refresh"];

/// The defaults of the others (manual, CREATE SUBSCRIPTION). That of `streaming` is `off`
/// up to PostgreSQL 17; that of `slot_name` is the name of the subscription.
const DEFAULTS: [(&str, &str); 9] = [
    ("binary", "false"),
    ("disable_on_error", "false"),
    ("failover", "false"),
    ("origin", "any"),
    ("password_required", "true"),
    ("run_as_owner", "false"),
    ("streaming", "parallel"),
    ("synchronous_commit", "off"),
    ("two_phase", "false"),
];

/// `CREATE SUBSCRIPTION`.
pub(super) fn create(stmt: &CreateSubscriptionStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(CreateSubscription {
        name: Ident::new(&stmt.subname),
        connection: stmt.conninfo.as_str().into(),
        publications: idents(&stmt.publication),
        options: options(&stmt.options),
    })
}

fn options(nodes: &[Node]) -> BTreeMap<Ident, Box<str>> {
    let mut options = BTreeMap::new();
    for element in define::elements(nodes) {
        if MOMENTARY.contains(&element.defname.as_str()) {
            continue;
        }
        let value = define::text(element).unwrap_or_else(|| "true".to_owned());
        let is_flag = DEFAULTS.iter().any(|(name, default)| {
            *name == element.defname
                && bool_text(default).is_some()
                && *name != "synchronous_commit"
        });
        let value = match bool_text(&value) {
            Some(flag) if is_flag => flag.to_string(),
            Some(flag) if element.defname == "streaming" => {
                if flag { "on" } else { "off" }.to_owned()
            }
            _word if element.defname == "slot_name" => value,
            _word => value.to_ascii_lowercase(),
        };
        options.insert(Ident::new(&element.defname), value.into());
    }
    options
}

struct CreateSubscription {
    name: Ident,
    connection: Box<str>,
    publications: Vec<Ident>,
    options: BTreeMap<Ident, Box<str>>,
}

impl Statement for CreateSubscription {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let mut options: BTreeMap<Ident, Box<str>> =
            DEFAULTS.iter().map(|(name, value)| (Ident::new(name), Box::from(*value))).collect();
        match cx.schema.dumped {
            Some(dumped) if dumped.server <= 17 => {
                options.insert(Ident::new("streaming"), "off".into());
            }
            Some(_current) => {}
            // The other side may tell for which server it is.
            None => {
                options.remove(&Ident::new("streaming"));
            }
        }
        options.insert(Ident::new("slot_name"), self.name.as_str().into());
        options.extend(self.options);
        let subscription = Subscription {
            connection: self.connection,
            publications: self.publications.into_iter().collect(),
            options,
        };
        cx.create(ObjectId::Subscription(self.name), subscription, span, false)
    }
}

/// `ALTER SUBSCRIPTION`.
pub(super) fn alter(stmt: &AlterSubscriptionStmt, _cx: Lowering<'_>) -> Lowered {
    let publications: BTreeSet<Ident> = idents(&stmt.publication).into_iter().collect();
    let change = match stmt.kind() {
        AlterSubscriptionType::AlterSubscriptionOptions => Change::Options(options(&stmt.options)),
        AlterSubscriptionType::AlterSubscriptionConnection => {
            Change::Connection(stmt.conninfo.as_str().into())
        }
        AlterSubscriptionType::AlterSubscriptionSetPublication => Change::Set(publications),
        AlterSubscriptionType::AlterSubscriptionAddPublication => Change::Add(publications),
        AlterSubscriptionType::AlterSubscriptionDropPublication => Change::Drop(publications),
        AlterSubscriptionType::AlterSubscriptionRefresh
        | AlterSubscriptionType::AlterSubscriptionEnabled
        | AlterSubscriptionType::AlterSubscriptionSkip => {
            return Lowered::Ignored(IgnoreRule::Maintenance);
        }
        AlterSubscriptionType::Undefined => return Lowered::unsupported("ALTER SUBSCRIPTION"),
    };
    Lowered::apply(AlterSubscription { name: Ident::new(&stmt.subname), change })
}

struct AlterSubscription {
    name: Ident,
    change: Change,
}

enum Change {
    Options(BTreeMap<Ident, Box<str>>),
    Connection(Box<str>),
    Set(BTreeSet<Ident>),
    Add(BTreeSet<Ident>),
    Drop(BTreeSet<Ident>),
}

impl Statement for AlterSubscription {
    fn needs(&self) -> Vec<Need> {
        vec![Need::Object(Address::Global(ObjectId::Subscription, self.name.clone()))]
    }

    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, span: Span) -> Result<Outcome, Problem> {
        let id = ObjectId::Subscription(self.name.clone());
        let Some((subscription, origin)) = cx.object_mut::<Subscription>(&id) else {
            return absent(cx, &Address::Global(ObjectId::Subscription, self.name));
        };
        match self.change {
            Change::Options(options) => {
                for (name, value) in options {
                    origin.record(Place::part_facet(&name, Facet::Option), span);
                    subscription.options.insert(name, value);
                }
                return Ok(Outcome::Modelled);
            }
            Change::Connection(connection) => {
                subscription.connection = connection;
                origin.record(Place::facet(Facet::Connection), span);
                return Ok(Outcome::Modelled);
            }
            Change::Set(publications) => subscription.publications = publications,
            Change::Add(publications) => subscription.publications.extend(publications),
            Change::Drop(publications) => {
                subscription.publications.retain(|one| !publications.contains(one));
            }
        }
        origin.record(Place::facet(Facet::Publications), span);
        Ok(Outcome::Modelled)
    }
}

/// `DROP SUBSCRIPTION`.
pub(super) fn drop(stmt: &DropSubscriptionStmt, _cx: Lowering<'_>) -> Lowered {
    Lowered::apply(DropSubscription { name: Ident::new(&stmt.subname), if_exists: stmt.missing_ok })
}

struct DropSubscription {
    name: Ident,
    if_exists: bool,
}

impl Statement for DropSubscription {
    fn apply(self: Box<Self>, cx: &mut Interpreter<'_>, _span: Span) -> Result<Outcome, Problem> {
        match cx.remove(&ObjectId::Subscription(self.name.clone())) {
            Some(_) => Ok(Outcome::Modelled),
            None if self.if_exists => Ok(Outcome::Ignored(IgnoreRule::NoEffect)),
            None => absent(cx, &Address::Global(ObjectId::Subscription, self.name)),
        }
    }
}
