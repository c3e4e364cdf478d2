//! Views of the application. They hang on a table, not on its name, so they are made again on the new one.

use super::{
    super::append::LOG,
    carried::{Carried, privileges},
    choices::AdoptionChoices,
    column::quoted,
    losses::Loss,
};
use crate::Result;
use std::collections::{HashMap, HashSet};
use tokio_postgres::GenericClient;

/// A relation that reads the log, or reads one that does.
struct Dependent {
    oid: i64,
    name: String,
    /// With its schema, for statements.
    qualified: String,
    /// A view and nothing but a view: rules and triggers of its own are not carried over.
    is_plain: bool,
    options: String,
    definition: Option<String>,
    /// The statements of its comments, and of the defaults of its columns.
    details: String,
    /// What reads it.
    readers: Vec<i64>,
    /// What else uses it, and would stay on it: functions, policies of tables.
    users: Option<String>,
    /// Why this role may not make it again.
    denied: Option<String>,
}

/// The application's views: those that can be made again, in the order in which they have to be, and the names of what
/// would go on reading the old table.
#[derive(Default)]
pub(super) struct Views {
    pub(super) carried: Vec<Carried>,
    /// The same views as temporary ones, to see whether they can be made.
    pub(super) trials: Vec<Carried>,
    pub(super) left: Vec<(String, String)>,
    /// The statement that drops those that are made again.
    pub(super) drop: String,
}

/// From the log outwards.
pub(super) const DEPENDENTS: &str = "
    WITH RECURSIVE reads AS (
      SELECT DISTINCT ev_class::oid AS reader, refobjid AS read FROM pg_rewrite
      JOIN pg_depend ON objid = pg_rewrite.oid AND classid = 'pg_rewrite'::regclass AND refclassid = 'pg_class'::regclass
      WHERE refobjid <> ev_class
    ), found AS (
      SELECT reader, 1 AS depth FROM reads WHERE read = $1::text::regclass
      UNION SELECT reads.reader, depth + 1 FROM found JOIN reads ON read = found.reader WHERE depth < 50
    )
    SELECT pg_class.oid::bigint, relname::text, pg_class.oid::regclass::text,
      relkind = 'v' AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid)
        AND (SELECT count(*) FROM pg_rewrite WHERE ev_class = pg_class.oid) = 1
        AND NOT EXISTS (SELECT FROM pg_depend JOIN pg_type ON pg_type.oid = refobjid AND refclassid = 'pg_type'::regclass
          WHERE typrelid = pg_class.oid AND deptype = 'n'),
      coalesce('WITH (' || array_to_string(reloptions, ', ') || ')', ''),
      CASE relkind WHEN 'v' THEN pg_get_viewdef(pg_class.oid) END,
      (SELECT coalesce(string_agg(format('COMMENT ON %s IS %L;', CASE objsubid WHEN 0 THEN 'VIEW ' || pg_class.oid::regclass
           ELSE format('COLUMN %s.%I', pg_class.oid::regclass, attname) END, description), ' '), '')
         FROM pg_description LEFT JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid AND objsubid > 0
         WHERE classoid = 'pg_class'::regclass AND objoid = pg_class.oid)
        || (SELECT coalesce(string_agg(format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s;', pg_class.oid::regclass, attname,
             pg_get_expr(adbin, adrelid)), ' '), '')
           FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum WHERE adrelid = pg_class.oid),
      ARRAY(SELECT reader::bigint FROM reads WHERE read = pg_class.oid),
      (SELECT string_agg(DISTINCT pg_describe_object(classid, objid, 0), ', ') FROM pg_depend
         WHERE refclassid = 'pg_class'::regclass AND refobjid = pg_class.oid AND deptype = 'n'
           AND classid IN ('pg_proc'::regclass, 'pg_policy'::regclass)),
      CASE WHEN NOT pg_has_role(relowner, 'USAGE') THEN format('it belongs to %s: connect as a member of that role, too', relowner::regrole)
        WHEN NOT has_schema_privilege(relnamespace, 'CREATE') THEN
          format('it is in the schema %s, where this user may make nothing: GRANT CREATE on it', relnamespace::regnamespace) END
    FROM (SELECT reader, max(depth) AS depth FROM found GROUP BY reader) one JOIN pg_class ON pg_class.oid = reader
    ORDER BY depth, relname";

impl Views {
    pub(super) async fn find(client: &impl GenericClient, choices: &AdoptionChoices) -> Result<Self> {
        Self::find_with(client, choices, &HashMap::new()).await
    }

    /// The same, with other definitions for views of these numbers.
    pub(super) async fn find_with(
        client: &impl GenericClient,
        choices: &AdoptionChoices,
        definitions: &HashMap<i64, String>,
    ) -> Result<Self> {
        let rows = client.query(DEPENDENTS, &[&LOG]).await?;
        let dependent = |row: &tokio_postgres::Row| Dependent {
            oid: row.get(0),
            name: row.get(1),
            qualified: row.get(2),
            is_plain: row.get(3),
            options: row.get(4),
            definition: definitions.get(&row.get(0)).cloned().or_else(|| row.get(5)),
            details: row.get(6),
            readers: row.get(7),
            users: row.get(8),
            denied: row.get(9),
        };
        let dependents: Vec<Dependent> = rows.iter().map(dependent).collect();
        let mut stays: HashSet<i64> = HashSet::new();
        let mut views = Self::default();
        for one in dependents.iter().rev() {
            let is_read = one.readers.iter().any(|reader| stays.contains(reader));
            match &one.definition {
                Some(definition)
                    if one.is_plain
                        && !is_read
                        && one.users.is_none()
                        && one.denied.is_none()
                        && choices.keeps(&one.name) =>
                {
                    views.drop += &format!("DROP VIEW {};", one.qualified);
                    let privileges = privileges(client, &one.qualified, &one.qualified).await?;
                    let create = format!(
                        "VIEW {} {} AS {definition} {privileges} {}",
                        one.qualified, one.options, one.details
                    );
                    views.carried.insert(0, one.carried(format!("CREATE {create}")));
                    let create = format!("TEMPORARY VIEW {} AS {definition}", quoted(&one.name));
                    views.trials.insert(0, one.carried(format!("CREATE {create}")));
                }
                _ => {
                    stays.insert(one.oid);
                    let reason = match (&one.users, &one.denied) {
                        (Some(users), _) => format!("{users} uses it"),
                        (None, Some(denied)) => denied.clone(),
                        (None, None) if is_read => "something that cannot be carried over reads it".into(),
                        (None, None) => "it is not a plain view".into(),
                    };
                    views.left.push((one.name.clone(), reason));
                }
            }
        }
        Ok(views)
    }
}

impl Views {
    /// Those that cannot be made again.
    pub(super) fn losses(&self) -> impl Iterator<Item = Loss> {
        let reason = |reason: &str| format!("it would go on reading the old table: {reason}");
        self.left.iter().map(move |(name, left)| Loss::new(name, reason(left)))
    }
}

impl Dependent {
    fn carried(&self, sql: String) -> Carried {
        Carried { name: self.name.clone(), what: format!("the view {}", self.name), sql }
    }
}
