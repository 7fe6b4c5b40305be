use std::{collections::BTreeSet, fmt, sync::Arc};

use serde::Serialize;

use super::{
    coverage::{Used, unused},
    difference::Difference,
    inbound, outbound,
    read::vectors,
    stage,
    vector::{Case, Vector},
};
use crate::{
    gateway::profile::{
        Findings, Profile, Traced,
        folder::{Role, role},
    },
    model::source::{Report, Severity, Source},
};

/// What came of all vectors of a folder.
#[derive(Debug)]
pub struct Run {
    /// One for each vector.
    pub played: Vec<Played>,
    /// What of each profile no vector comes to.
    pub unused: Vec<Unused>,
    /// Mistakes in the files of profiles and of vectors.
    pub reports: Vec<Report>,
}

/// What of one profile no vector comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// The profile.
    pub profile: String,
    /// How many addresses, rules, answers and calls it has.
    pub all: usize,
    /// Those that no vector comes to, each as a sentence's subject: `the answer end, line 12`.
    pub parts: Vec<String>,
}

/// What came of one vector. It prints as what differed.
#[derive(Debug)]
pub struct Played {
    /// The file.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
    /// The vector's name.
    pub name: String,
    /// Empty where all is as expected.
    pub differences: Vec<Difference>,
    /// Every rule that was tried.
    pub trace: Vec<Traced>,
}

impl Unused {
    /// What vectors come to, in whole percent, rounded down: 100 is all.
    pub fn percent(&self) -> usize {
        let used = self.all.saturating_sub(self.parts.len());
        (used * 100).checked_div(self.all).unwrap_or(100)
    }
}

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let used = self.all.saturating_sub(self.parts.len());
        let Self {
            profile,
            all,
            parts,
        } = self;
        writeln!(
            f,
            "Vectors of {profile} come to {used} of its {all} parts, and not to:"
        )?;
        parts.iter().try_for_each(|part| writeln!(f, "  {part}"))
    }
}

impl Played {
    /// Whether all came as expected.
    pub fn passed(&self) -> bool {
        self.differences.is_empty()
    }

    /// Every rule that was tried, with its line, the value that it saw, and whether it passed.
    pub fn traced(&self) -> String {
        let width = self.trace.iter().map(|rule| rule.written.chars().count());
        let width = width.max().unwrap_or_default();
        let lines = self.trace.iter().map(|rule| {
            let passed = if rule.passed { "passes" } else { "fails " };
            let saw = rule.saw.iter().map(|saw| match saw {
                Some(saw) => format!("{saw:?}"),
                None => "nothing".to_owned(),
            });
            let saw = saw.collect::<Vec<_>>().join(", ");
            let saw = if saw.is_empty() {
                saw
            } else {
                format!(", saw {saw}")
            };
            format!(
                "    line {:<4} {:width$}  {passed}{saw}\n",
                rule.line, rule.written
            )
        });
        lines.collect()
    }
}

impl fmt::Display for Played {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}:{}", self.file, self.line)?;
        self.differences.iter().try_for_each(|it| it.fmt(f))
    }
}

/// Every mistake in the files of vectors among `sources`; nothing is played.
pub fn check(sources: &[Source]) -> Vec<Report> {
    let mut findings = Findings::of(sources);
    for (index, source) in sources.iter().enumerate() {
        if matches!(role(source, sources), Role::Recorded(_)) {
            drop(vectors(source, index, &mut findings));
        }
    }
    findings.into_reports()
}

/// Plays every vector among `sources`, the files of a folder such as `gateways/`.
pub fn play(sources: &[Source]) -> Run {
    let compiled = Profile::compile(sources);
    let mut findings = Findings::of(sources);
    let mut run = Run {
        played: Vec::new(),
        unused: Vec::new(),
        reports: compiled.reports,
    };
    for profile in compiled.profiles.into_iter().map(Arc::new) {
        let own = sources.iter().enumerate();
        let own = own.filter(|(_, source)| role(source, sources) == Role::Recorded(profile.name()));
        run.add(&profile, own, &mut findings);
    }
    run.reports.extend(findings.into_reports());
    run.reports.retain(is_mistake);
    run
}

/// A warning does not keep vectors from passing.
fn is_mistake(report: &Report) -> bool {
    report.severity == Severity::Error
}

/// Plays the vectors of the last of `sources` against the profile `name` among the others, wherever it lies.
pub fn play_file(sources: &[Source], name: &str) -> Run {
    let (file, profiles) = match sources {
        [profiles @ .., file] => (Some((profiles.len(), file)), profiles),
        [] => (None, sources),
    };
    let compiled = Profile::compile(profiles);
    let mut findings = Findings::of(sources);
    let mut run = Run {
        played: Vec::new(),
        unused: Vec::new(),
        reports: compiled.reports,
    };
    let mut found = compiled.profiles.into_iter();
    if let Some(profile) = found.find(|profile| profile.name() == name).map(Arc::new) {
        run.add(&profile, file.into_iter(), &mut findings);
    }
    run.reports.extend(findings.into_reports());
    run.reports.retain(is_mistake);
    run
}

impl Run {
    fn add<'s>(
        &mut self,
        profile: &Arc<Profile>,
        sources: impl Iterator<Item = (usize, &'s Source)>,
        findings: &mut Findings,
    ) {
        let mut used = Used::default();
        for (index, source) in sources {
            for vector in vectors(source, index, findings) {
                self.played.push(vector.play(profile, source, &mut used));
            }
        }
        self.unused.extend(unused(profile, &used));
    }
}

impl Vector {
    fn play(&self, profile: &Arc<Profile>, source: &Source, used: &mut Used) -> Played {
        let mut trace = Vec::new();
        let differences = match stage::account(profile, self) {
            Err(errors) => {
                let told: BTreeSet<_> = errors.iter().map(ToString::to_string).collect();
                let told = Vec::from_iter(told).join("\n");
                Vec::from_iter(Difference::between("settings", None, Some(&told)))
            }
            Ok(account) => match &self.case {
                Case::Inbound(case) => {
                    let stage = inbound::Stage {
                        profile,
                        account: &account,
                        vector: self,
                        case,
                    };
                    stage.play(&mut trace, used)
                }
                Case::Outbound(case) => outbound::play(&account, self, case, used),
            },
        };
        used.traced(&trace);
        let (line, _) = source.position(self.span.start);
        Played {
            file: source.name.clone(),
            line,
            name: self.name.clone(),
            differences,
            trace,
        }
    }
}
