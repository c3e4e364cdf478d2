//! Columns of enums of the application, which are text in the log: the API stores values that are not labels of the
//! enum.
//!
//! `INSERT` casts a label to text by itself. Comparisons need operators of their own: PostgreSQL has none between a
//! text and an enum. The column is always the left operand. Operators with the enum on the left would also be chosen
//! for `enum_column = 'label'` in other tables of the application, where no index could serve them.

use super::column::Column;
use std::collections::{BTreeMap, HashMap};

/// Drops the operators of all enums, and their functions. It fails if an object of the application uses one.
pub(super) const DROP: &str = "DO $$ DECLARE one TEXT; BEGIN
   FOR one IN SELECT 'OPERATOR ' || pg_operator.oid::regoperator FROM pg_operator JOIN pg_proc ON pg_proc.oid = oprcode
       WHERE proname IN ('livetrail_equals', 'livetrail_differs') AND pronamespace = to_regnamespace(quote_ident(current_schema()))
     UNION ALL SELECT 'FUNCTION ' || oid::regprocedure FROM pg_proc
       WHERE proname IN ('livetrail_equals', 'livetrail_differs') AND pronamespace = to_regnamespace(quote_ident(current_schema()))
   LOOP EXECUTE 'DROP ' || one; END LOOP;
 END $$;";

/// The enums that turn into text, each with its columns.
fn turned<'a>(
    columns: &'a HashMap<String, Column>,
    ours: &HashMap<String, Column>,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut turned: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, column) in super::column::in_order(columns) {
        if column.is_enum && ours.get(name).is_some_and(Column::holds_text) {
            turned.entry(&column.ty).or_default().push(name);
        }
    }
    turned
}

/// The statements that make the operators. Their functions can be inlined, so that indexes on the text serve. Every
/// role may compare, also where default privileges give no rights on functions.
pub(super) fn operators(columns: &HashMap<String, Column>, ours: &HashMap<String, Column>) -> String {
    let operator = |name: &str, sign: &str, opposite: &str, selectivity: &str, ty: &str| {
        format!(
            "CREATE FUNCTION {name}(TEXT, {ty}) RETURNS BOOLEAN LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT $1 {sign} $2::text';
             GRANT EXECUTE ON FUNCTION {name}(TEXT, {ty}) TO PUBLIC;
             CREATE OPERATOR {sign} (LEFTARG = TEXT, RIGHTARG = {ty}, PROCEDURE = {name}, NEGATOR = {opposite},
               RESTRICT = {selectivity}sel, JOIN = {selectivity}joinsel);"
        )
    };
    let of_type = |ty: &&str| {
        operator("livetrail_equals", "=", "<>", "eq", ty)
            + &operator("livetrail_differs", "<>", "=", "neq", ty)
    };
    turned(columns, ours).keys().map(of_type).collect()
}

/// Sentences about the columns, for people.
pub(super) fn notices(columns: &HashMap<String, Column>, ours: &HashMap<String, Column>) -> Vec<String> {
    let notice = |(ty, names): (&str, Vec<&str>)| {
        format!(
            "{} turns from {ty} to text, because the API stores other values, too: labels of {ty} can be inserted and compared by = and \
             <> as before; it is sorted as text, and by its labels with ORDER BY array_position(enum_range(NULL::{ty})::text[], {})",
            names.join(" and "),
            names.first().unwrap_or(&"")
        )
    };
    turned(columns, ours).into_iter().map(notice).collect()
}
