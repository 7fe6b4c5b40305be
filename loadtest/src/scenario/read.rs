use std::{fs, path::Path};

use anyhow::{Context, bail, ensure};

use super::{Journey, People, Scenario, Step, yaml};

/// Reads the file at `path`.
pub(crate) fn read(path: &Path) -> anyhow::Result<Scenario> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    parse(&name, &text)
}

/// Reads a text; `name` is for its mistakes.
pub(crate) fn parse(name: &str, text: &str) -> anyhow::Result<Scenario> {
    let read = yaml::read(text);
    let (tree, lines) = match read {
        Ok(read) => read,
        Err(wrong) => bail!("{name}:{}: {}", wrong.line, wrong.why),
    };
    let scenario: Scenario = match serde_path_to_error::deserialize(tree) {
        Ok(scenario) => scenario,
        Err(error) => {
            let path = error.path().to_string();
            let line = yaml::line_of(&lines, &path);
            bail!("{name}:{line}: {path}: {}", error.inner())
        }
    };
    check(&scenario).with_context(|| format!("{name} is no scenario"))?;
    Ok(scenario)
}

fn check(scenario: &Scenario) -> anyhow::Result<()> {
    let gateways = scenario.gateways.iter().map(|gateway| gateway.weight);
    let journeys = scenario.journeys.iter().map(|journey| journey.weight);
    ensure!(gateways.sum::<u32>() > 0, "it has no gateway with a weight");
    ensure!(journeys.sum::<u32>() > 0, "it has no journey with a weight");
    ensure!(scenario.phones.count > 0, "it has no phones");
    crate::phones::first(&scenario.phones.first)?;
    for (name, values) in &scenario.values {
        ensure!(!values.is_empty(), "the value {name} has nothing to draw");
    }
    check_people(&scenario.people)?;
    for journey in &scenario.journeys {
        check_journey(journey, scenario)
            .with_context(|| format!("the journey {:?}", journey.name))?;
    }
    Ok(())
}

fn check_people(people: &People) -> anyhow::Result<()> {
    let shares = [people.repeat, people.twice, people.drop];
    let shares = shares.into_iter().chain([people.hang_up]);
    for share in shares {
        let whole = (0.0..=100.0).contains(&share);
        ensure!(whole, "{share} is no share of a hundred turns");
    }
    let misdeeds = people.repeat + people.twice + people.drop;
    ensure!(
        misdeeds <= 100.0,
        "repeat, twice and drop are more than all turns"
    );
    Ok(())
}

fn check_journey(journey: &Journey, scenario: &Scenario) -> anyhow::Result<()> {
    ensure!(!journey.steps.is_empty(), "has no steps");
    for (place, step) in journey.steps.iter().enumerate() {
        check_step(place, step, scenario).with_context(|| format!("its step {}", place + 1))?;
    }
    Ok(())
}

fn check_step(place: usize, step: &Step, scenario: &Scenario) -> anyhow::Result<()> {
    match (&step.dial, &step.press) {
        (Some(_), None) if place == 0 => ensure!(step.when.is_none(), "a dial has no `when`"),
        (None, Some(_)) if place > 0 => {}
        _ => bail!("the first step has `dial`, every other one `press`"),
    }
    ensure!(
        step.see.is_some() != step.end.is_some(),
        "says by `see` or by `end` what the page must be"
    );
    for name in names(step.keys()) {
        let known = scenario.values.contains_key(name);
        ensure!(known, "{{{name}}} is not among the values");
    }
    Ok(())
}

/// The names between braces.
fn names(keys: &str) -> impl Iterator<Item = &str> {
    let parts = keys.split('{').skip(1);
    parts.filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
scenario: a trial
gateways: [{name: africastalking, dialect: africastalking}]
phones: {first: "+255710000000", count: 10}
people: {think: 1s..2s, repeat: 2}
values: {member: ["070707081"]}
journeys:
  - name: cover
    steps:
      - {dial: "*152*00#", see: Welcome}
      - {when: Choose, press: "2", see: [Welcome, "^1 Check"]}
      - {press: "1", see: Enter}
      - {press: "{member}", end: ACTIVE}
"#;

    #[test]
    fn a_whole_scenario_is_read() {
        let scenario = parse("trial.yaml", WHOLE).unwrap();
        assert_eq!(scenario.journeys[0].steps.len(), 4);
        assert!((scenario.turns() - 3.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        for (right, wrong, told) in [
            ("phones:", "fones:", "fones"),
            (r#"dial: "*152*00#""#, r#"press: "1""#, "its step 1"),
            (
                "end: ACTIVE",
                "end: '('",
                "trial.yaml:13: journeys[0].steps[3]",
            ),
            ("  - name", "  -- name", "trial.yaml:"),
            ("repeat: 2", "repeat: 2, repeat: 3", "twice"),
            ("{member}", "{somebody}", "{somebody}"),
            ("repeat: 2", "repeat: 200", "200"),
            ("count: 10", "count: 0", "no phones"),
            ("+255710000000", "people", "people"),
            (", end: ACTIVE", "", "its step 4"),
        ] {
            let text = WHOLE.replace(right, wrong);
            assert_ne!(text, WHOLE);
            let error = format!("{:#}", parse("trial.yaml", &text).unwrap_err());
            assert!(error.contains("trial.yaml"), "{error}");
            assert!(error.contains(told), "{error}");
        }
    }
}
