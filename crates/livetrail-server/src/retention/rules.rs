//! How long activities are kept, as the configuration says it.

use anyhow::{Context, Result, bail};
use jiff::SignedDuration;
use livetrail_types::{Catalogue, limits, quoted, shortened};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Hours of each unit.
const UNITS: [(char, i64); 4] = [('h', 1), ('d', 24), ('w', 7 * 24), ('y', 365 * 24)];
/// No activity is older than this many hours: 1,000 years.
const MAX_HOURS: i64 = 1_000 * 365 * 24;

/// Which activities are kept. Without any rule, all are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// For activities that none of the rules below means.
    pub keep: Option<Keep>,
    /// How many of the newest positions are kept, whatever the other rules say.
    pub keep_rows: Option<u64>,
    /// For some tenants and categories.
    pub rules: Vec<Rule>,
}

/// How long the activities of a tenant, of a category, or of both are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The tenant; any if there is none.
    pub tenant: Option<String>,
    /// The category of the action; any if there is none.
    pub category: Option<String>,
    /// How long.
    pub keep: Keep,
}

/// For how long something is kept. The longest time is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keep {
    /// For this time after it happened.
    For(SignedDuration),
    /// For good.
    Forever,
}

/// A rule as the file has it: a table `[[retention]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RawRule {
    /// [`Rule::tenant`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// [`Rule::category`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// [`Rule::keep`].
    pub keep: String,
}

impl Rules {
    /// Reads the settings.
    ///
    /// # Errors
    /// The first invalid one, by its name, with a valid form.
    pub fn read(
        keep: Option<&str>,
        keep_rows: Option<u64>,
        rules: &[RawRule],
        catalogue: &Catalogue,
    ) -> Result<Self> {
        let keep = keep.map(str::parse).transpose().context("keep")?;
        if keep_rows == Some(0) {
            bail!("keep-rows: must be at least 1; leave it out to keep all activities");
        }
        let rules = rules.iter().map(|raw| Rule::read(raw, catalogue)).collect::<Result<Vec<_>>>();
        Ok(Self { keep, keep_rows, rules: rules.context("retention")? })
    }

    /// Whether everything is kept.
    pub fn keep_everything(&self) -> bool {
        self.keep_rows.is_none() && self.durations().next().is_none()
    }

    /// The times after which activities are removed.
    pub fn durations(&self) -> impl Iterator<Item = SignedDuration> {
        let keeps = self.keep.into_iter().chain(self.rules.iter().map(|rule| rule.keep));
        keeps.filter_map(|keep| match keep {
            Keep::For(duration) => Some(duration),
            Keep::Forever => None,
        })
    }
}

impl Rule {
    fn read(raw: &RawRule, catalogue: &Catalogue) -> Result<Self> {
        let RawRule { tenant, category, keep } = raw;
        if tenant.is_none() && category.is_none() {
            bail!("a rule needs a tenant, a category or both; the setting keep is for all others");
        }
        if tenant
            .as_ref()
            .is_some_and(|tenant| tenant.is_empty() || tenant.chars().count() > limits::TENANT_ID)
        {
            bail!("tenant must have 1 to {} characters", limits::TENANT_ID);
        }
        if let Some(category) = category
            && catalogue.actions_in(category).is_none()
        {
            let known = catalogue.categories().iter().map(|known| known.key.as_str());
            let known = known.chain([Catalogue::OTHER]).collect::<Vec<_>>().join(", ");
            bail!("{} is not a category; the categories are {known}", shortened(category));
        }
        Ok(Self { tenant: tenant.clone(), category: category.clone(), keep: keep.parse()? })
    }
}

impl FromStr for Keep {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == "forever" {
            return Ok(Self::Forever);
        }
        let unit = |(unit, hours): (char, i64)| {
            let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
            number.checked_mul(hours)
        };
        match UNITS.into_iter().find_map(unit) {
            Some(hours @ 1..=MAX_HOURS) => Ok(Self::For(SignedDuration::from_hours(hours))),
            _ => bail!(
                "{} is not a time to keep activities; write a number from 1 with h, d, w or y, such as 400d, or \
                 forever",
                quoted(text)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_with_a_unit() {
        for (text, hours) in [("1h", 1), ("400d", 9_600), ("2w", 336), ("7y", 61_320)] {
            assert_eq!(text.parse::<Keep>().expect("a time"), Keep::For(SignedDuration::from_hours(hours)));
        }
        assert_eq!("forever".parse::<Keep>().expect("a time"), Keep::Forever);
        for text in ["", "d", "0d", "-1d", "400", "1.5d", "400 d", "1m", "9223372036854775807y", "2000y"] {
            let error = text.parse::<Keep>().expect_err(text).to_string();
            assert!(error.contains("400d"), "{text}: {error}");
        }
    }

    #[test]
    fn a_rule_names_a_tenant_or_a_category_that_exists() {
        let raw = |tenant: Option<&str>, category: Option<&str>| RawRule {
            tenant: tenant.map(str::to_owned),
            category: category.map(str::to_owned),
            keep: "30d".into(),
        };
        let read = |raw| Rules::read(None, None, &[raw], &Catalogue::builtin());
        assert!(read(raw(Some("acme"), Some("documents"))).is_ok());
        assert!(read(raw(None, Some(Catalogue::OTHER))).is_ok());
        for (raw, words) in [
            (raw(None, None), "needs a tenant"),
            (raw(Some(""), None), "1 to 128"),
            (raw(None, Some("papers")), "papers is not a category; the categories are authentication, ai"),
        ] {
            let error = format!("{:#}", read(raw).expect_err(words));
            assert!(error.starts_with("retention: ") && error.contains(words), "{error}");
        }
    }

    #[test]
    fn without_a_limit_everything_is_kept() {
        let read = |keep, rows| Rules::read(keep, rows, &[], &Catalogue::builtin()).expect("rules");
        assert!(read(None, None).keep_everything() && read(Some("forever"), None).keep_everything());
        assert!(!read(Some("1d"), None).keep_everything() && !read(None, Some(5)).keep_everything());
        assert!(Rules::read(None, Some(0), &[], &Catalogue::builtin()).is_err());
    }
}
