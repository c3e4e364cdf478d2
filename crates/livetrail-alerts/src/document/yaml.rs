use super::{Entry, Node, Place, RuleError, Value};
use livetrail_types::{quoted, shortened};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

/// Deeper nesting is refused: no rule has it, and reading is recursive.
const MAX_DEPTH: usize = 16;

/// Reads the documents of a stream of YAML.
///
/// Anchors, aliases and tags are refused. No rule needs them, and aliases can make a small text a huge tree.
pub(crate) fn from_yaml(text: &str) -> Result<Vec<Node>, RuleError> {
    let mut events = Events { parser: Parser::new_from_str(text) };
    let mut documents = Vec::new();
    loop {
        let (event, span) = events.next()?;
        match event {
            Event::StreamEnd => return Ok(documents),
            Event::DocumentStart(_) => {
                let (event, span) = events.next()?;
                documents.push(events.node(event, &span, 0)?);
            }
            Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
            _ => return Err(fault(place(&span), "is not a document of YAML")),
        }
    }
}

struct Events<'a> {
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
}

impl<'a> Events<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), RuleError> {
        match self.parser.next() {
            Some(next) => next.map_err(|error| not_yaml(&error)),
            None => Err(fault(Place { line: 1, column: 1 }, "ends too early")),
        }
    }

    fn node(&mut self, event: Event<'a>, span: &Span, depth: usize) -> Result<Node, RuleError> {
        let place = place(span);
        if depth > MAX_DEPTH {
            return Err(fault(place, "is nested too deeply"));
        }
        let value = match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) => plain(&text),
            Event::Scalar(text, _, 0, None) => Value::Text(text.into_owned()),
            Event::SequenceStart(0, None) => self.list(depth)?,
            Event::MappingStart(0, None) => self.table(depth)?,
            _ => return Err(fault(place, "uses an anchor, an alias or a tag: write the value out")),
        };
        Ok(Node { place, value })
    }

    fn list(&mut self, depth: usize) -> Result<Value, RuleError> {
        let mut nodes = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Value::List(nodes));
            }
            nodes.push(self.node(event, &span, depth + 1)?);
        }
    }

    fn table(&mut self, depth: usize) -> Result<Value, RuleError> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let (name, place) = match event {
                Event::MappingEnd => return Ok(Value::Table(entries)),
                Event::Scalar(name, _, 0, None) => (name.into_owned(), place(&span)),
                _ => return Err(fault(place(&span), "must be a name")),
            };
            if entries.iter().any(|entry| entry.name == name) {
                return Err(fault(place, format!("names {} twice", quoted(&name))));
            }
            let (event, span) = self.next()?;
            let node = self.node(event, &span, depth + 1)?;
            entries.push(Entry { name, place, node });
        }
    }
}

/// A text without quotes may be something else, by the core schema of YAML 1.2.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        "true" | "True" | "TRUE" => Value::Flag(true),
        "false" | "False" | "FALSE" => Value::Flag(false),
        text => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(number), _) => Value::Integer(number),
            (_, Ok(number)) if number.is_finite() => Value::Float(number),
            _ => Value::Text(text.to_owned()),
        },
    }
}

fn place(span: &Span) -> Place {
    Place { line: span.start.line(), column: span.start.col() + 1 }
}

fn not_yaml(error: &ScanError) -> RuleError {
    let at = error.marker();
    let place = Place { line: at.line(), column: at.col() + 1 };
    fault(place, format!("is not YAML: {}", shortened(error.info())))
}

fn fault(place: Place, detail: impl Into<String>) -> RuleError {
    RuleError { place, field: String::new(), detail: detail.into() }
}
