//! What a step endangers: data, with a code, a sentence and a page in `docs/hazards/`.

macro_rules! hazards {
    ($($(#[doc = $doc:literal])+ $hazard:ident = $code:literal, $message:literal;)+) => {
        /// What a step endangers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Hazard {
            $($(#[doc = $doc])+ $hazard,)+
        }

        impl Hazard {
            /// All hazards.
            pub const ALL: &'static [Hazard] = &[$(Hazard::$hazard,)+];

            /// The stable code, which is also the name of its page.
            pub fn code(self) -> &'static str {
                match self { $(Self::$hazard => $code,)+ }
            }

            /// What it means, as a sentence.
            pub fn message(self) -> &'static str {
                match self { $(Self::$hazard => $message,)+ }
            }

            /// Its page, in Markdown.
            fn page(self) -> &'static str {
                match self { $(Self::$hazard => include_str!(
                    concat!("../../docs/hazards/", $code, ".md")
                ),)+ }
            }
        }
    };
}

hazards! {
    /// Rows or values are deleted.
    DataLoss = "data-loss", "Rows or values are deleted and cannot be brought back.";
    /// The table is written anew.
    TableRewrite = "table-rewrite", "The whole table is written anew under an exclusive lock.";
    /// Nobody else can read the table meanwhile.
    AccessExclusiveLock = "access-exclusive-lock", "Nobody else can read or write the table until the transaction ends.";
    /// Nobody else can write the table while the index is built.
    IndexBuild = "index-build", "Nobody else can write the table while the index is built.";
    /// It cannot be rolled back with the rest.
    NonTransactional = "non-transactional", "The statement cannot be rolled back together with the others.";
    /// What it does cannot be undone by another statement.
    Irreversible = "irreversible", "No statement brings back what was there before.";
    /// Who may see or do what changes.
    SecurityChange = "security-change", "Who may read or change which rows is another after this.";
    /// Existing rows need a value first.
    NeedsBackfill = "needs-backfill", "Existing rows need a value before this can succeed.";
    /// Existing rows may not fit.
    MayFail = "may-fail", "Existing rows may violate it; then the migration stops here.";
    /// It holds a secret; only a digest of it is written unless that is asked for.
    Secret = "secret", "The statement holds a secret, which is not written.";
    /// Privileges or owners change.
    PrivilegeChange = "privilege-change", "Privileges or an owner change.";
}

impl Hazard {
    /// What to do about it, in Markdown.
    pub fn advice(self) -> &'static str {
        self.page().split_once("## What to do\n").map_or("", |(_, advice)| advice.trim())
    }

    /// True when the step is only written where it is allowed.
    pub fn is_destructive(self) -> bool {
        self == Self::DataLoss
    }
}

#[cfg(test)]
mod tests {
    use super::Hazard;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test reads the pages")]
    fn every_hazard_has_its_page_and_every_page_its_hazard() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/hazards");
        let mut pages: Vec<String> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        pages.sort();
        let mut codes: Vec<String> =
            Hazard::ALL.iter().map(|hazard| format!("{}.md", hazard.code())).collect();
        codes.sort();
        assert_eq!(pages, codes);
        let untold = Hazard::ALL.iter().find(|hazard| hazard.advice().is_empty());
        assert_eq!(untold, None, "its page does not say what to do");
    }
}
