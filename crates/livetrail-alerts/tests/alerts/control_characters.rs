//! Texts with control characters and line breaks, which would end a header of an e-mail.

use crate::refusals::check;

#[test]
fn control_characters_are_refused_and_line_breaks_where_a_text_is_one_line() {
    for control in ["\\u0000", "\\r", "\\u001B", "\\u0085"] {
        let with = format!("\"A{control}rule\"");
        check("\"A rule\"", &with, "line 3, column 9: `title` has a control character: leave it out");
        let described = format!("description = \"A{control}\"\ntitle =");
        check(
            "title =",
            &described,
            "line 3, column 15: `description` has a control character: leave it out",
        );
        check(
            "a-rule",
            &format!("a{control}rule"),
            "line 2, column 6: `id` has a control character: leave it out",
        );
        let of_tenant = format!("tenant = \"a{control}\"\ntitle =");
        check("title =", &of_tenant, "line 3, column 10: `tenant` has a control character: leave it out");
    }
    let in_one_line = "has a line break or a tab: write it in one line, with spaces";
    for line in
        ["\"A\\nrule\"", "\"A\\trule\"", "\"\"\"A\nrule\"\"\"", "\"A\\u2028rule\"", "\"A\\u2029rule\""]
    {
        check("\"A rule\"", line, &format!("line 3, column 9: `title` {in_one_line}"));
        let of_tenant = format!("tenant = {line}\ntitle =");
        check("title =", &of_tenant, &format!("line 3, column 10: `tenant` {in_one_line}"));
    }
    let id = "`id` must have lower-case letters, digits and dashes only, such as \"failed-sign-ins\"";
    check("a-rule", "a\\nrule", &format!("line 2, column 6: {id}"));
}
