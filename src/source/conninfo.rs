//! Connection strings, and the secrets in them.
//!
//! A password goes to `pg_dump` by its environment and nowhere else: arguments of
//! a process can be read by every user of the machine, reports are kept.

/// A database to dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Database {
    /// The connection string without passwords, for `pg_dump`.
    pub conninfo: String,
    /// The same for messages and reports.
    pub shown: String,
    /// `PGPASSWORD`.
    pub password: Option<String>,
    /// `PGSSLPASSWORD` does not exist; a string with `sslpassword` is refused.
    pub has_ssl_password: bool,
    /// Every spelling of a secret that a message might repeat.
    pub secrets: Vec<String>,
}

impl Database {
    /// A text of libpq with all secrets taken out.
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.secrets.iter().filter(|secret| !secret.is_empty()) {
            text = text.replace(secret.as_str(), "***");
        }
        text
    }
}

impl Database {
    /// Another database of the same server. The last of several names counts
    /// (`conninfo_storeval`, src/interfaces/libpq/fe-connect.c).
    pub fn with_name(&self, name: &str) -> Self {
        let is_url = self.conninfo.contains("://");
        let conninfo = match (is_url, self.conninfo.contains('?')) {
            (true, true) => format!("{}&dbname={name}", self.conninfo),
            (true, false) => format!("{}?dbname={name}", self.conninfo),
            (false, _) => format!("{} dbname={name}", self.conninfo),
        };
        Self { shown: conninfo.clone(), conninfo, ..self.clone() }
    }
}

/// Where a database is, piece by piece, for programs that take no connection string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The name or address, or the directory of a socket; empty for the default.
    pub host: String,
    /// Empty for the default.
    pub port: String,
    /// Empty for the default.
    pub user: String,
    /// The name of the database.
    pub name: String,
    /// Everything else: `sslmode`, `service`.
    pub others: Vec<(String, String)>,
    /// Kept apart: it goes to `PGPASSWORD` only.
    pub password: Option<String>,
}

impl Place {
    /// The place as a URL of SQLAlchemy, without the password; the directory of a socket is a
    /// parameter.
    pub fn url(&self, scheme: &str) -> String {
        let encoded = |text: &str| -> String {
            let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
            let one = |byte: u8| {
                if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            };
            text.bytes().map(one).collect()
        };
        let user =
            if self.user.is_empty() { String::new() } else { format!("{}@", encoded(&self.user)) };
        let is_socket = self.host.is_empty() || self.host.starts_with('/');
        let mut parameters: Vec<(&str, &str)> = Vec::new();
        let mut authority = String::new();
        if is_socket {
            parameters.extend([("host", self.host.as_str()), ("port", self.port.as_str())]);
        } else {
            authority.clone_from(&self.host);
            if !self.port.is_empty() {
                authority = format!("{authority}:{}", self.port);
            }
        }
        parameters.extend(self.others.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        parameters.retain(|(_, value)| !value.is_empty());
        let query: Vec<String> =
            parameters.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        format!("{scheme}://{user}{authority}/{}{query}", encoded(&self.name))
    }

    /// Takes a parameter of a connection string; the last of several counts.
    fn take(&mut self, key: &str, value: String) {
        match key {
            "host" | "hostaddr" => self.host = value,
            "port" => self.port = value,
            "user" => self.user = value,
            "dbname" => self.name = value,
            other => self.others.push((other.to_owned(), value)),
        }
    }
}

impl Database {
    /// The pieces of the connection string.
    pub fn place(&self) -> Place {
        let mut place = Place { password: self.password.clone(), ..Place::default() };
        let Some((_, rest)) = self.conninfo.split_once("://") else {
            for (key, value, _) in pairs(&self.conninfo) {
                place.take(key, value);
            }
            return place;
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (user, rest) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (authority, name) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port),
            Some(_) | None => (authority, ""),
        };
        for (key, value) in [("user", user), ("host", host), ("port", port), ("dbname", name)] {
            place.take(key, percent_decoded(value));
        }
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            place.take(key, percent_decoded(value));
        }
        place
    }
}

/// Reads a connection string: `postgres://..`, `postgresql://..`, or pairs like
/// `service=x` (manual, libpq, "Connection Strings"). `None` for anything else.
pub(super) fn parse(input: &str) -> Option<Database> {
    let url = ["postgres://", "postgresql://"].iter().any(|scheme| input.starts_with(scheme));
    if url {
        return Some(parse_url(input));
    }
    let (key, _) = input.split_once('=')?;
    let keys = ["service", "host", "hostaddr", "dbname", "user", "port", "password"];
    keys.contains(&key.trim()).then(|| parse_pairs(input))
}

fn parse_url(input: &str) -> Database {
    let (scheme, rest) = input.split_once("://").unwrap_or(("postgres", input));
    let (rest, query) =
        rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    // Credentials end at the last @ before the path, or after it when somebody
    // forgot to write / as %2F: better a failing connection than a password shown.
    let (credentials, place) =
        rest.rsplit_once('@').map_or((None, rest), |(c, place)| (Some(c), place));
    let (user, password) = match credentials {
        Some(credentials) => credentials
            .split_once(':')
            .map_or((Some(credentials), None), |(u, p)| (Some(u), Some(p))),
        None => (None, None),
    };
    let mut passwords: Vec<String> = password.map(str::to_owned).into_iter().collect();
    let mut has_ssl_password = false;
    let mut kept = Vec::new();
    for parameter in query.into_iter().flat_map(|query| query.split('&')) {
        match parameter.split_once('=') {
            Some(("password", value)) => passwords.push(value.to_owned()),
            Some(("sslpassword", value)) => {
                has_ssl_password = true;
                passwords.push(value.to_owned());
            }
            _no_secret => kept.push(parameter),
        }
    }
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    let conninfo = format!("{scheme}://{user}{place}{query}");
    let password =
        passwords.last().filter(|_| !has_ssl_password).map(|password| percent_decoded(password));
    let decoded: Vec<String> = passwords.iter().map(|password| percent_decoded(password)).collect();
    let secrets = [passwords, decoded].concat();
    Database { shown: conninfo.clone(), conninfo, password, has_ssl_password, secrets }
}

fn parse_pairs(input: &str) -> Database {
    let mut kept = Vec::new();
    let mut password = None;
    let mut has_ssl_password = false;
    let mut secrets = Vec::new();
    for (key, value, written) in pairs(input) {
        match key {
            "password" => {
                secrets.extend([value.clone(), written.to_owned()]);
                password = Some(value);
            }
            "sslpassword" => {
                secrets.extend([value.clone(), written.to_owned()]);
                has_ssl_password = true;
            }
            _no_secret => kept.push(format!("{key}={written}")),
        }
    }
    let conninfo = kept.join(" ");
    Database { shown: conninfo.clone(), conninfo, password, has_ssl_password, secrets }
}

/// `key = value` pairs: the key, the value, and the value as written
/// (`conninfo_parse`, src/interfaces/libpq/fe-connect.c).
fn pairs(input: &str) -> Vec<(&str, String, &str)> {
    let mut pairs = Vec::new();
    let mut rest = input.trim_start();
    while let Some((key, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quoted = after.starts_with('\'');
        let mut value = String::new();
        let mut end = after.len();
        let mut chars = after.char_indices().skip(usize::from(quoted));
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => value.extend(chars.next().map(|(_, c)| c)),
                '\'' if quoted => {
                    end = at + 1;
                    break;
                }
                c if !quoted && c.is_whitespace() => {
                    end = at;
                    break;
                }
                c => value.push(c),
            }
        }
        let (written, next) = after.split_at_checked(end).unwrap_or((after, ""));
        pairs.push((key.trim(), value, written));
        rest = next.trim_start();
    }
    pairs
}

/// `%40` → `@`; what is no escape stays.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escape = (first == b'%').then(|| tail.get(..2)).flatten();
        let hex = escape.and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, shown: &str, password: Option<&str>) {
        let database = parse(input).expect("a database");
        assert_eq!(database.conninfo, shown);
        assert_eq!(database.shown, shown);
        assert_eq!(database.password.as_deref(), password);
    }

    #[test]
    fn passwords_are_taken_out() {
        check(
            "postgres://u:s%40c@h:5433/d?sslmode=require",
            "postgres://u@h:5433/d?sslmode=require",
            Some("s@c"),
        );
        check(
            "postgresql:///d?host=/tmp&password=x&user=u",
            "postgresql:///d?host=/tmp&user=u",
            Some("x"),
        );
        check("postgres://u:a/b@h/d", "postgres://u@h/d", Some("a/b"));
        check("postgres://u:a@b@h/d", "postgres://u@h/d", Some("a@b"));
        check("postgres://h/d", "postgres://h/d", None);
        check("service=app password='a \\' b' user=u", "service=app user=u", Some("a ' b"));
        check("host = /tmp  password = x", "host=/tmp", Some("x"));
    }

    #[test]
    fn messages_are_redacted_in_every_spelling() {
        let database = parse("postgres://u:s%40c@h/d").expect("a database");
        assert_eq!(database.redact("s%40c or s@c failed"), "*** or *** failed");
    }

    #[test]
    fn places_are_written_as_sqlalchemy_reads_them() {
        let check = |input: &str, expected: &str| {
            let place = parse(input).expect("a database").with_name("x").place();
            assert_eq!(place.url("postgresql"), expected);
        };
        check(
            "postgres://u:s%40c@h:5433/d?sslmode=require",
            "postgresql://u@h:5433/x?sslmode=require",
        );
        check("postgres:///d?host=/tmp/a&port=5&user=u", "postgresql://u@/x?host=/tmp/a&port=5");
        check("host=/tmp user='a b' password=secret", "postgresql://a%20b@/x?host=/tmp");
        check("service=s", "postgresql:///x?service=s");
        check("postgres://[::1]:5/d", "postgresql://[::1]:5/x");
    }

    #[test]
    fn paths_are_no_databases() {
        for path in ["a.sql", "-", "dir/a=b.sql", "x=y", "mysql://h/d"] {
            assert_eq!(parse(path), None, "{path}");
        }
    }
}
