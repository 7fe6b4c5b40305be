//! What each value is, of what sets and uses it.

use super::{
    names::Names,
    scan::{ROW, Scan, Setter},
    values::{Field, Kind, Plain},
};

impl Scan {
    /// What a value is, of everything that sets it.
    pub(super) fn kind(&self, name: &str) -> Kind {
        let of_name = self.setters.iter().filter(|(known, _, _)| known == name);
        for (_, _, setter) in of_name {
            match setter {
                Setter::Request => return self.request(name),
                Setter::Row(list, only) => {
                    return Kind::Chosen(list.first().cloned().unwrap_or_default(), only.clone());
                }
                Setter::Asked { secret: true, .. } => return Kind::Plain(Plain::Secret),
                Setter::Asked { .. } | Setter::Constant { .. } | Setter::Copy(_) | Setter::Code => {
                }
            }
        }
        Kind::Plain(if self.is_number(name, 0) {
            Plain::Number
        } else {
            Plain::Text
        })
    }

    /// What is used of a request's answer.
    fn request(&self, name: &str) -> Kind {
        let below = self
            .uses
            .iter()
            .filter(|path| path.first().is_some_and(|first| first == name));
        let below: Vec<&[String]> = below.filter_map(|path| path.get(1..)).collect();
        let row = |path: &&[String]| path.iter().position(|part| part == ROW);
        let list = below
            .iter()
            .find_map(|path| Some(path.split_at_checked(row(path)?)?.0.to_vec()));
        let listed = self.setters.iter().find_map(|(_, _, setter)| match setter {
            Setter::Row(parts, _) if parts.first().is_some_and(|first| first == name) => {
                parts.get(1..).map(<[String]>::to_vec)
            }
            Setter::Row(..)
            | Setter::Asked { .. }
            | Setter::Constant { .. }
            | Setter::Copy(_)
            | Setter::Request
            | Setter::Code => None,
        });
        let Some(at) = listed.or(list) else {
            let plain = |path: &&&[String]| {
                let first = path.first().map(String::as_str);
                !matches!(first, None | Some("status_code" | "content"))
            };
            let paths = below.iter().filter(plain).map(|path| (*path).to_vec());
            return Kind::Answer(self.fields(name, &[], paths.collect()));
        };
        let prefix = [at.as_slice(), &[ROW.to_owned()]].concat();
        let paths = below
            .iter()
            .filter_map(|path| path.strip_prefix(prefix.as_slice()));
        let mut paths: Vec<Vec<String>> = paths.map(<[String]>::to_vec).collect();
        if paths.is_empty() {
            paths.push(Vec::new());
        }
        Kind::Rows(at, self.fields(name, &prefix, paths))
    }

    fn fields(&self, name: &str, prefix: &[String], mut paths: Vec<Vec<String>>) -> Vec<Field> {
        paths.sort();
        paths.dedup();
        let mut names = Names::default();
        let fields = paths.into_iter().map(|path| {
            let full = [&[name.to_owned()], prefix, path.as_slice()].concat();
            let wish = if path.is_empty() {
                "value".to_owned()
            } else {
                path.join("_")
            };
            Field {
                number: self.numbers.contains(&full),
                ours: names.add(&wish).0,
                path,
            }
        });
        fields.collect()
    }

    /// Whether every setter of a value gives a number, and something needs one or none gives a text.
    fn is_number(&self, name: &str, depth: usize) -> bool {
        let of_name: Vec<&Setter> = self.setters_of(name).collect();
        let wanted = self.numbers.contains(&vec![name.to_owned()]);
        let fixed = |setter: &&&Setter| matches!(setter, Setter::Constant { .. } | Setter::Copy(_));
        let all_fixed = of_name.iter().filter(fixed).count() == of_name.len();
        (wanted || all_fixed) && of_name.iter().all(|setter| self.may_number(setter, depth))
    }

    fn may_number(&self, setter: &Setter, depth: usize) -> bool {
        match setter {
            Setter::Asked { number, .. } | Setter::Constant { number } => *number,
            Setter::Copy(path) => match path.as_slice() {
                [name] => depth < 8 && self.is_number(name, depth + 1),
                path => self.numbers.contains(path),
            },
            Setter::Code => true,
            Setter::Request | Setter::Row(..) => false,
        }
    }

    /// Whether a value is needed as a number and cannot be one.
    pub(super) fn is_torn(&self, name: &str) -> bool {
        let record = self.setters_of(name).any(|setter| {
            matches!(
                setter,
                Setter::Request | Setter::Row(..) | Setter::Asked { secret: true, .. }
            )
        });
        !record && self.numbers.contains(&vec![name.to_owned()]) && !self.is_number(name, 0)
    }

    fn setters_of(&self, name: &str) -> impl Iterator<Item = &Setter> {
        let setters = self
            .setters
            .iter()
            .filter(move |(known, _, _)| known == name);
        setters.map(|(_, _, setter)| setter)
    }
}
