use serde_json::Value;

/// Where something stands in an answer: `period.from`, `items[0].name`; `.` is the whole answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl JsonPath {
    /// Reads a path; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "." {
            return Some(Self::default());
        }
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (key, mut indices) = match part.split_once('[') {
                Some((key, indices)) => (key, Some(indices)),
                None => (part, None),
            };
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
            if key.is_empty() || !key.bytes().all(fits) {
                return None;
            }
            steps.push(Step::Key(key.to_owned()));
            while let Some(rest) = indices {
                let (index, after) = rest.split_once(']')?;
                steps.push(Step::Index(index.parse().ok()?));
                indices = match after {
                    "" => None,
                    after => Some(after.strip_prefix('[')?),
                };
            }
        }
        Some(Self(steps))
    }

    /// What stands there; `None` where nothing does.
    pub fn find<'a>(&self, answer: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(answer, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
        })
    }
}
