//! Operators that compare a column that has turned to text with values of its old type, as the SQL of the application
//! does.

use super::column::literal;

/// A comparison: its function, its operator, the operator's negator, and what estimates how many rows it finds.
pub(super) type Comparison = (&'static str, &'static str, &'static str, &'static str);

pub(super) const EQUALS: Comparison = ("livetrail_equals", "=", "<>", "eq");
pub(super) const DIFFERS: Comparison = ("livetrail_differs", "<>", "=", "neq");

/// Drops the operators with their functions, and the casts. It fails if an object of the application uses one. A
/// comment tells the casts from those of the application.
pub(super) const DROP: &str = "DO $$ DECLARE one TEXT; BEGIN
   FOR one IN SELECT 'OPERATOR ' || pg_operator.oid::regoperator FROM pg_operator JOIN pg_proc ON pg_proc.oid = oprcode
       WHERE proname ~ '^livetrail_(equals|differs|before|up_to|after|from)$' AND pronamespace = to_regnamespace(quote_ident(current_schema()))
     UNION ALL SELECT 'FUNCTION ' || oid::regprocedure FROM pg_proc
       WHERE proname ~ '^livetrail_(equals|differs|before|up_to|after|from)$' AND pronamespace = to_regnamespace(quote_ident(current_schema()))
     UNION ALL SELECT format('CAST (text AS %s)', casttarget::regtype) FROM pg_cast
       WHERE castsource = 'text'::regtype AND obj_description(oid, 'pg_cast') = 'made by Livetrail'
   LOOP EXECUTE 'DROP ' || one; END LOOP;
 END $$;";

/// The statements that make an operator. Its function can be inlined, so that indexes serve. Every role may compare,
/// also where default privileges give no rights on functions.
pub(super) fn operator(
    (left, right): (&str, &str),
    (name, sign, negator, estimate): Comparison,
    (left_value, right_value): (&str, &str),
    volatility: &str,
) -> String {
    let body = literal(&format!("SELECT {left_value} {sign} {right_value}"));
    format!(
        "CREATE FUNCTION {name}({left}, {right}) RETURNS BOOLEAN LANGUAGE sql {volatility} PARALLEL SAFE AS {body};
         GRANT EXECUTE ON FUNCTION {name}({left}, {right}) TO PUBLIC;
         CREATE OPERATOR {sign} (LEFTARG = {left}, RIGHTARG = {right}, PROCEDURE = {name}, NEGATOR = {negator},
           RESTRICT = {estimate}sel, JOIN = {estimate}joinsel);"
    )
}
