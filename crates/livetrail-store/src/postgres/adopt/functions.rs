//! Functions of the application that read or write the log. Nothing hangs on a table that a function's text names, so
//! the database does not tell whether the function works on another table.
//!
//! The database reads the text of a function in SQL when the function is made. So such functions are made again, in a
//! transaction that is rolled back, to see whether they go on to work. The text of a function in PL/pgSQL is read when
//! it runs; of these, only what the catalogue shows is known.

use super::{super::append::LOG, Adoption, Column, Fate, NEW, column::in_order, losses::Loss, search_path};
use crate::{
    Result,
    postgres::connection::{in_words, may_pass},
};
use std::collections::HashSet;
use tokio_postgres::Transaction;

/// A function in SQL, or a procedure.
pub(super) struct Function {
    name: String,
    /// The statement that makes it again.
    definition: String,
    /// The search path of the application's sessions, if it is another one.
    search_path: Option<String>,
}

/// Functions of the application itself, in a query over `pg_proc` and `pg_namespace`.
pub(super) const OF_THE_APPLICATION: &str = r"proname !~ '^livetrail_' AND nspname NOT IN ('pg_catalog', 'information_schema')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')";

impl Function {
    /// The functions that name the log and can be made as things are now.
    pub(super) async fn working(client: &Transaction<'_>) -> Result<Vec<Self>> {
        let sql = format!(
            "SELECT proname::text, pg_get_functiondef(pg_proc.oid),
               NOT EXISTS (SELECT FROM unnest(proconfig) setting WHERE setting LIKE 'search_path=%') FROM pg_proc
             JOIN pg_namespace ON pg_namespace.oid = pronamespace JOIN pg_language ON pg_language.oid = prolang
             WHERE lanname = 'sql' AND prosqlbody IS NULL AND prokind IN ('f', 'p') AND prosrc ~* '\\m{LOG}\\M'
               AND pg_has_role(proowner, 'USAGE') AND {OF_THE_APPLICATION} ORDER BY pg_proc.oid::regprocedure::text"
        );
        let rows = client.query(&sql, &[]).await?;
        let mut working = Vec::new();
        let elsewhere = search_path::elsewhere(client).await?;
        for row in rows {
            // A function without a path of its own is tried with that of the application, too.
            let others = elsewhere.iter().filter(|_| row.get(2)).cloned();
            for search_path in std::iter::once(None).chain(others.map(Some)) {
                let function = Self { name: row.get(0), definition: row.get(1), search_path };
                if function.failure_now(client).await?.is_none() {
                    working.push(function);
                }
            }
        }
        Ok(working)
    }

    /// Why the function cannot be made over the log as it is now, if it cannot.
    async fn failure_now(&self, client: &Transaction<'_>) -> Result<Option<String>> {
        self.failure(client, &self.definition).await
    }

    /// Why the function cannot be made, if it cannot. It is not made.
    async fn failure(&self, client: &Transaction<'_>, definition: &str) -> Result<Option<String>> {
        let path = self.search_path.as_ref().map(|path| format!("SET LOCAL search_path = {path}"));
        let begin = "SAVEPOINT function; SET LOCAL check_function_bodies = on";
        client.batch_execute(&format!("{begin}; {}", path.unwrap_or_default())).await?;
        let made = client.batch_execute(definition).await;
        client.batch_execute("ROLLBACK TO function; RELEASE function").await?;
        match made {
            Ok(()) => Ok(None),
            Err(error) if error.code().is_none_or(may_pass) => Err(error.into()),
            Err(error) => Ok(Some(in_words(&error))),
        }
    }

    /// Where it was tried, if not with the search path of this session.
    fn place(&self) -> String {
        let path = self.search_path.as_ref();
        path.map(|path| format!(" with the search_path {path} of other sessions")).unwrap_or_default()
    }

    /// The same over a temporary table that has the log's name, also where the function names the schema.
    async fn failure_over_temporary(&self, client: &Transaction<'_>, schema: &str) -> Result<Option<String>> {
        let quoted = super::quoted(LOG);
        let names = [format!("{schema}.{LOG}"), format!("{schema}.{quoted}")];
        let definition = names.iter().fold(self.definition.clone(), |definition, name| {
            definition.replace(name.as_str(), &format!("pg_temp.{LOG}"))
        });
        self.failure(client, &definition).await
    }
}

/// The functions that do not work on the new table, for which a temporary one stands. Those in `lost` are left out.
pub(super) async fn failing(
    client: &Transaction<'_>,
    functions: &[Function],
    lost: &[Loss],
) -> Result<Vec<Loss>> {
    let schema =
        format!("SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = '{NEW}'::regclass");
    let schema: String = client.query_one(&schema, &[]).await?.get(0);
    let (mut failing, mut named) = (Vec::new(), HashSet::new());
    for function in unnamed(functions, lost) {
        if !named.contains(&function.definition)
            && let Some(error) = function.failure_over_temporary(client, &schema).await?
        {
            named.insert(&function.definition);
            let way = "Change it so that it works on both, or do without it until it is changed";
            let reason = format!("this function fails on the new table{}: {error}. {way}", function.place());
            failing.push(Loss::new(&function.name, reason));
        }
    }
    Ok(failing)
}

/// The functions that do not work on the application's table, which has its name again. Those in `lost` are left out.
pub(super) async fn failing_again(
    client: &Transaction<'_>,
    functions: &[Function],
    lost: &[Loss],
) -> Result<Vec<Loss>> {
    let (mut failing, mut named) = (Vec::new(), HashSet::new());
    for function in unnamed(functions, lost) {
        if !named.contains(&function.definition)
            && let Some(error) = function.failure_now(client).await?
        {
            named.insert(&function.definition);
            let way = "Change it so that it works on both";
            let reason =
                format!("this function fails on the table as it was{}: {error}. {way}", function.place());
            failing.push(Loss::new(&function.name, reason));
        }
    }
    Ok(failing)
}

fn unnamed<'a>(functions: &'a [Function], lost: &'a [Loss]) -> impl Iterator<Item = &'a Function> {
    functions.iter().filter(|function| !lost.iter().any(|loss| loss.name == function.name))
}

impl Adoption {
    /// Functions that name the log and a column of the application that gets another name.
    pub(super) async fn functions_by_old_names(&self, client: &Transaction<'_>) -> Result<Vec<Loss>> {
        let sql = format!(
            "SELECT DISTINCT proname::text FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
             WHERE prosrc ~* '\\m{LOG}\\M' AND prosrc ~* ('\\m' || regexp_replace($1::text, '(\\W)', '\\\\\\1', 'g') || '\\M')
               AND prorettype <> 'trigger'::regtype AND {OF_THE_APPLICATION} ORDER BY 1"
        );
        let mut found = Vec::new();
        for (new, old) in &self.choices.columns {
            let reason = format!(
                "this function names {old}, which is {new} in the log: change it at the time of the adoption, because {old} is Livetrail's \
                 own column from then on"
            );
            let rows = client.query(&sql, &[old]).await?;
            found.extend(rows.iter().map(|row| Loss::new(row.get::<_, String>(0), reason.clone())));
        }
        Ok(found)
    }

    /// Functions in PL/pgSQL that return the rows of a query on the log, in a type that a column has no longer. The
    /// database does not cast these rows.
    pub(super) async fn functions_by_old_types(&self, client: &Transaction<'_>) -> Result<Vec<Loss>> {
        let sql = format!(
            "SELECT DISTINCT proname::text FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
             JOIN pg_language ON pg_language.oid = prolang,
             LATERAL (SELECT prorettype AS ty, NULL AS name UNION ALL SELECT ty, name
               FROM unnest(proallargtypes, proargmodes, proargnames) AS argument (ty, mode, name) WHERE mode <> 'i') result
             WHERE lanname = 'plpgsql' AND proretset AND prosrc ~* '\\m{LOG}\\M' AND prosrc ~* '\\mRETURN\\s+QUERY\\M'
               AND ty = to_regtype($2) AND (name = $1 OR $3) AND strpos(prosrc, $1 || '::' || $2) = 0 AND {OF_THE_APPLICATION}
             ORDER BY 1"
        );
        let mut found = Vec::new();
        for (name, column) in in_order(&self.columns) {
            if name == "id" || self.fates.get(name) != Some(&Fate::Cast) || column.holds_text() {
                continue;
            }
            if !self.ours.get(name).is_some_and(Column::holds_text) {
                continue;
            }
            let reason = format!(
                "this function returns {ty} by RETURN QUERY, and {name} is text in the log: write {name}::{ty} in its query",
                ty = column.ty
            );
            let rows = client.query(&sql, &[name, &column.ty, &column.enum_name.is_some()]).await?;
            found.extend(rows.iter().map(|row| Loss::new(row.get::<_, String>(0), reason.clone())));
        }
        Ok(found)
    }
}
