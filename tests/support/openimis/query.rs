//! As much of GraphQL as openIMIS is asked in: one operation, fields with aliases and arguments.

use std::{iter::Peekable, str::Chars};

use serde_json::{Map, Value, json};

/// A field that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) alias: String,
    pub(crate) name: String,
    pub(crate) arguments: Map<String, Value>,
    pub(crate) fields: Vec<Field>,
}

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) is_mutation: bool,
    pub(crate) fields: Vec<Field>,
}

struct Reader<'a> {
    left: Peekable<Chars<'a>>,
    variables: &'a Value,
}

/// Reads a document with its variables put in; `None` for what is no GraphQL.
pub(crate) fn read(document: &str, variables: &Value) -> Option<Operation> {
    let mut reader = Reader {
        left: document.chars().peekable(),
        variables,
    };
    let mut is_mutation = false;
    if reader.next() != Some('{') {
        is_mutation = reader.word() == "mutation";
        if reader.next() != Some('{') && reader.next() != Some('(') {
            reader.word();
        }
        if reader.next() == Some('(') {
            // The types of the variables are the real server's to check.
            while reader.left.next()? != ')' {}
        }
    }
    let fields = reader.fields()?;
    reader.next().is_none().then_some(Operation {
        is_mutation,
        fields,
    })
}

impl Reader<'_> {
    /// The next character that means something.
    fn next(&mut self) -> Option<char> {
        while self
            .left
            .next_if(|next| next.is_whitespace() || *next == ',')
            .is_some()
        {}
        self.left.peek().copied()
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        (self.next()? == wanted).then(|| {
            self.left.next();
        })
    }

    fn word(&mut self) -> String {
        self.next();
        let mut word = String::new();
        while let Some(next) = self
            .left
            .next_if(|next| next.is_alphanumeric() || "_-.".contains(*next))
        {
            word.push(next);
        }
        word
    }

    fn fields(&mut self) -> Option<Vec<Field>> {
        self.take('{')?;
        let mut fields = Vec::new();
        while self.next()? != '}' {
            fields.push(self.field()?);
        }
        self.take('}')?;
        (!fields.is_empty()).then_some(fields)
    }

    fn field(&mut self) -> Option<Field> {
        let alias = self.word();
        let mut name = alias.clone();
        if self.next()? == ':' {
            self.take(':')?;
            name = self.word();
        }
        let mut arguments = Map::new();
        if self.next()? == '(' {
            self.take('(')?;
            while self.next()? != ')' {
                let argument = self.word();
                self.take(':')?;
                arguments.insert(argument, self.value()?);
            }
            self.take(')')?;
        }
        let fields = match self.next()? {
            '{' => self.fields()?,
            _ => Vec::new(),
        };
        (!name.is_empty()).then_some(Field {
            alias,
            name,
            arguments,
            fields,
        })
    }

    fn value(&mut self) -> Option<Value> {
        match self.next()? {
            '$' => {
                self.take('$')?;
                let name = self.word();
                Some(self.variables.get(&name)?.clone())
            }
            '"' => {
                self.take('"')?;
                let mut text = String::new();
                loop {
                    match self.left.next()? {
                        '"' => return Some(json!(text)),
                        next => text.push(next),
                    }
                }
            }
            '[' => {
                self.take('[')?;
                let mut values = Vec::new();
                while self.next()? != ']' {
                    values.push(self.value()?);
                }
                self.take(']')?;
                Some(Value::Array(values))
            }
            _ => {
                let word = self.word();
                serde_json::from_str(&word).ok()
            }
        }
    }
}
