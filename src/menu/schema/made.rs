use schemars::{
    JsonSchema, Schema,
    generate::SchemaSettings,
    transform::{RecursiveTransform, Transform},
};
use serde_json::Value;

/// The schema of a type. What may be left out may not be empty instead, and widths of integers are
/// nothing to an author.
pub fn made_of<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<T>();
    RecursiveTransform(without_null).transform(&mut schema);
    RecursiveTransform(without_format).transform(&mut schema);
    schema.to_value()
}

/// The schema without anything that must be there: a translation may leave out what has no words.
pub(super) fn without_required(schema: Value) -> Value {
    let Ok(mut schema) = Schema::try_from(schema) else {
        return Value::Bool(true);
    };
    let leave_out = |schema: &mut Schema| {
        schema.remove("required");
    };
    RecursiveTransform(leave_out).transform(&mut schema);
    schema.to_value()
}

fn without_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|of| of != "null");
        if let [of] = types.as_slice() {
            let of = of.clone();
            schema.insert("type".to_owned(), of);
        }
    }
    let Some(Value::Array(branches)) = schema.get_mut("anyOf") else {
        return;
    };
    branches.retain(|branch| branch.get("type").is_none_or(|of| of != "null"));
    if let [Value::Object(only)] = branches.as_slice() {
        let only = only.clone();
        // A reference stands alone, so that what is said beside it counts too.
        let only = Value::Array(vec![Value::Object(only)]);
        schema.remove("anyOf");
        schema.insert("allOf".to_owned(), only);
    }
}

fn without_format(schema: &mut Schema) {
    schema.remove("format");
}
