//! Which column means what: `--map`, then the words of the header. Gives positions; reads no rows.

use std::str::FromStr;

use super::file_problem::FileProblem;
use super::words::{Field, fold};

/// What `--map name=Full name,email=E-Mail,code=#3` says. A comma belongs to a header unless a field and `=` follow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnMap {
    entries: Vec<(Field, Place)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Header(String),
    Position(usize),
    Nowhere,
}

/// Why a `--map` is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapProblem {
    /// A part without a known field before its `=`.
    #[error(
        "--map: \"{part}\" does not begin with one of {}; write for example --map name=Full name,email=E-Mail,code=#3",
        keys()
    )]
    UnknownField {
        /// The part.
        part: String,
    },
    /// Nothing after the `=`.
    #[error("--map: {field}= names no column; write its header, its position as #3, or - for none")]
    NoColumn {
        /// The field.
        field: &'static str,
    },
    /// One field twice.
    #[error("--map: {field} is given twice; only sessions may be")]
    Twice {
        /// The field.
        field: &'static str,
    },
}

fn keys() -> String {
    Field::ALL.iter().map(|field| field.key()).collect::<Vec<_>>().join(", ")
}

impl FromStr for ColumnMap {
    type Err = MapProblem;

    fn from_str(text: &str) -> Result<Self, MapProblem> {
        let mut map = Self::default();
        let mut parts: Vec<String> = Vec::new();
        for piece in text.split(',') {
            match parts.last_mut() {
                Some(part) if entry(piece).is_none() => {
                    part.push(',');
                    part.push_str(piece);
                }
                _ => parts.push(piece.to_owned()),
            }
        }
        for part in parts {
            let (field, place) = entry(&part)
                .ok_or_else(|| MapProblem::UnknownField { part: part.chars().take(60).collect() })?;
            map.add(field, place)?;
        }
        Ok(map)
    }
}

fn entry(part: &str) -> Option<(Field, &str)> {
    let (key, place) = part.split_once('=')?;
    Some((Field::of_key(fold(key).as_str())?, place.trim()))
}

impl ColumnMap {
    /// Joins another `--map`.
    ///
    /// # Errors
    /// A field is given in both.
    pub fn join(&mut self, other: Self) -> Result<(), MapProblem> {
        other.entries.into_iter().try_for_each(|(field, place)| self.push(field, place))
    }

    fn add(&mut self, field: Field, place: &str) -> Result<(), MapProblem> {
        let place = match (place, place.strip_prefix('#').and_then(|number| number.parse::<usize>().ok())) {
            ("", _) => return Err(MapProblem::NoColumn { field: field.key() }),
            ("-", _) => Place::Nowhere,
            (_, Some(position)) => Place::Position(position),
            _ => Place::Header(place.to_owned()),
        };
        self.push(field, place)
    }

    fn push(&mut self, field: Field, place: Place) -> Result<(), MapProblem> {
        if !field.is_list() && self.entries.iter().any(|(known, _)| *known == field) {
            return Err(MapProblem::Twice { field: field.key() });
        }
        self.entries.push((field, place));
        Ok(())
    }
}

/// Positions of the fields in one file.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    found: Vec<(Field, usize)>,
    /// Fields that `--map` names, also those mapped to nowhere.
    mapped: Vec<Field>,
}

impl Columns {
    /// The columns that `--map` names.
    ///
    /// # Errors
    /// A column that the file does not have, or a header that stands over several.
    pub(super) fn mapped(map: &ColumnMap, headers: &[String]) -> Result<Self, FileProblem> {
        let mut columns = Self::default();
        for (field, place) in &map.entries {
            columns.mapped.push(*field);
            if let Some(position) = position(*field, place, headers)? {
                columns.found.push((*field, position));
            }
        }
        Ok(columns)
    }

    /// Adds a recognised column, unless `--map` has spoken about its field or uses the column.
    pub(super) fn recognise(&mut self, field: Field, position: Option<usize>) {
        let Some(position) = position else { return };
        let taken = self.mapped.contains(&field) || self.found.iter().any(|(_, used)| *used == position);
        if !taken {
            self.found.push((field, position));
        }
    }

    /// Adds every column whose header is a well-known word; the first one of a field counts, but for lists.
    pub(super) fn recognise_words(&mut self, headers: &[String]) {
        for (position, header) in headers.iter().enumerate() {
            let header = fold(header);
            for field in Field::ALL.iter().filter(|field| field.words().contains(&header.as_str())) {
                if field.is_list() || self.get(*field).is_none() {
                    self.recognise(*field, Some(position));
                }
            }
        }
    }

    /// The column of a field.
    pub(super) fn get(&self, field: Field) -> Option<usize> {
        self.all(field).next()
    }

    /// All columns of a field.
    pub(super) fn all(&self, field: Field) -> impl Iterator<Item = usize> {
        self.found.iter().filter(move |(known, _)| *known == field).map(|(_, position)| *position)
    }

    /// Whether `--map` says anything about the field.
    pub(super) fn is_mapped(&self, field: Field) -> bool {
        self.mapped.contains(&field)
    }
}

fn position(field: Field, place: &Place, headers: &[String]) -> Result<Option<usize>, FileProblem> {
    let unknown =
        |header: String| FileProblem::UnknownColumn { field: field.key(), header, headers: headers.to_vec() };
    match place {
        Place::Nowhere => Ok(None),
        Place::Position(number) if (1..=headers.len()).contains(number) => Ok(Some(number - 1)),
        Place::Position(number) => Err(unknown(format!("#{number}"))),
        Place::Header(header) => {
            let wanted = fold(header);
            let same: Vec<usize> =
                (1..=headers.len()).filter(|number| fold(&headers[number - 1]) == wanted).collect();
            match same[..] {
                [] => Err(unknown(header.clone())),
                [only] => Ok(Some(only - 1)),
                _ => Err(FileProblem::AmbiguousColumn {
                    field: field.key(),
                    header: header.clone(),
                    columns: same,
                }),
            }
        }
    }
}
