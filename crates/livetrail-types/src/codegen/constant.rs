//! A constant as Python and TypeScript write it, in the form that their formatters leave alone.

/// A constant of this crate that the SDKs have too.
pub(super) struct Constant {
    name: &'static str,
    /// The text before the constant in the source of this crate.
    doc: String,
    python: String,
    /// The type, where it cannot be inferred, and the value.
    typescript: String,
}

impl Constant {
    /// `source` is the file that has the constant, with its documentation.
    pub(super) fn new(source: &str, name: &'static str, python: String, typescript: String) -> Self {
        Self { name, doc: doc_of(source, name), python, typescript }
    }

    pub(super) fn number(source: &str, name: &'static str, number: i64) -> Self {
        let written = grouped(number);
        Self::new(source, name, written.clone(), format!("= {written}"))
    }

    /// Lines of a collection that stand between `open` and `close`, one for each entry.
    pub(super) fn lines(
        open: &str,
        indent: usize,
        lines: impl Iterator<Item = String>,
        close: &str,
    ) -> String {
        let lines = lines.map(|line| format!("{:indent$}{line},\n", ""));
        format!("{open}\n{}{close}", lines.collect::<String>())
    }
}

pub(super) fn python(heading: &str, constants: &[Constant]) -> String {
    let written = constants
        .iter()
        .map(|Constant { name, doc, python, .. }| format!("\n{name} = {python}\n\"\"\"{doc}\"\"\"\n"));
    format!("\"\"\"{heading} Do not edit by hand.\"\"\"\n{}", written.collect::<String>())
}

pub(super) fn typescript(heading: &str, constants: &[Constant]) -> String {
    let written = constants.iter().map(|Constant { name, doc, typescript, .. }| {
        let separator = if typescript.starts_with(':') { "" } else { " " };
        format!("\n/** {doc} */\nexport const {name}{separator}{typescript};\n")
    });
    format!("// {heading} Do not edit by hand.\n{}", written.collect::<String>())
}

/// The documentation of a constant, which is one line.
fn doc_of(source: &str, name: &str) -> String {
    let lines: Vec<_> = source.lines().collect();
    let is_declaration =
        |line: &&str| line.split_once(" const ").is_some_and(|(_, rest)| rest.starts_with(name));
    let at = lines.iter().position(is_declaration).unwrap_or_else(|| panic!("{name} is not declared"));
    let doc = at.checked_sub(1).and_then(|before| lines[before].strip_prefix("/// "));
    doc.unwrap_or_else(|| panic!("{name} is not documented")).to_owned()
}

/// A number with `_` between groups of three digits.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let grouped = digits.char_indices().flat_map(|(at, digit)| {
        let is_border = at > 0 && (digits.len() - at).is_multiple_of(3);
        is_border.then_some('_').into_iter().chain([digit])
    });
    grouped.collect()
}
