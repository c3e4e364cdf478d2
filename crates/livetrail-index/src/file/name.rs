use std::{fmt, str::FromStr};

/// A file of an index. Its text is its name, such as `block-000000000017`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum File {
    /// A full block. Number n has the positions from `n * 65,536 + 1` on.
    Block(u64),
    /// What `16^level` segments add up to. Number n is about those from `n * 16^level` on.
    Summary {
        /// From 0.
        level: u32,
        /// Among those of the level.
        number: u64,
    },
    /// The texts of the blocks before a block, which are not in the index any more.
    Texts(u64),
}

impl fmt::Display for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Block(number) => write!(f, "block-{number:012}"),
            Self::Summary { level, number } => write!(f, "summary-{level}-{number:012}"),
            Self::Texts(number) => write!(f, "texts-{number:012}"),
        }
    }
}

/// A name that no file of an index has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no file of an index has this name")]
pub struct OtherName;

impl FromStr for File {
    type Err = OtherName;

    fn from_str(name: &str) -> Result<Self, OtherName> {
        let number = |text: &str| text.parse().map_err(|_| OtherName);
        let file = match name.split('-').collect::<Vec<_>>().as_slice() {
            ["block", n] => Self::Block(number(n)?),
            ["texts", n] => Self::Texts(number(n)?),
            ["summary", level, n] => {
                Self::Summary { level: level.parse().map_err(|_| OtherName)?, number: number(n)? }
            }
            _ => return Err(OtherName),
        };
        if file.to_string() == name { Ok(file) } else { Err(OtherName) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_and_others_are_refused() {
        let summary = File::Summary { level: 2, number: 7 };
        for file in [File::Block(0), File::Block(1 << 43), summary, File::Texts(16)] {
            assert_eq!(file.to_string().parse(), Ok(file));
        }
        for name in ["", "block-1", "block-+00000000017", "summary-0", "block-000000000017.tmp"] {
            assert_eq!(name.parse::<File>(), Err(OtherName), "{name}");
        }
    }
}
