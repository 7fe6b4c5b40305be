use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::time::{Instant, timeout_at};

use super::{Scheme, SchemeError};
use crate::model::{Language, MemberNumber, Msisdn, NumberRule};

/// How long the others are waited for where one scheme has said that a phone is nobody's: one that hangs
/// must not hold up the callers of all.
const OTHERS: Duration = Duration::from_millis(500);

/// What routes of the outbox that go to a scheme begin with.
const ROUTE: &str = "scheme";

/// The schemes that are served, each with whom it serves.
///
/// A member is looked for in the schemes that name the menu set she has dialled, or, where none does,
/// in those that name no set; of these in the one with the longest prefix that her number begins with,
/// or in the first that names none. So what one scheme does is no matter for the members of another.
#[derive(Clone, Debug)]
pub struct Schemes(Vec<Served>);

/// A scheme and whom it serves.
#[derive(Clone, Debug)]
pub struct Served {
    /// The scheme.
    pub scheme: Arc<dyn Scheme>,
    /// The menu sets whose callers are its; none for those of any set that no scheme names.
    pub sets: Vec<String>,
    /// How its members' numbers begin; none for any number that begins as no other scheme's.
    pub prefixes: Vec<String>,
    /// Which numbers it gives.
    pub numbers: NumberRule,
    /// Whether its changes are followed, and members told of them.
    pub notices: bool,
    /// In which languages, the usual one first.
    pub languages: Vec<Language>,
}

impl Served {
    /// A scheme that serves all.
    pub fn all(scheme: Arc<dyn Scheme>) -> Self {
        Self {
            scheme,
            sets: Vec::new(),
            prefixes: Vec::new(),
            numbers: NumberRule::default(),
            notices: false,
            languages: Vec::new(),
        }
    }

    /// How long its longest prefix is that the number begins with; `None` where it cannot be its.
    fn fits(&self, member: MemberNumber) -> Option<usize> {
        self.numbers.check(member).ok()?;
        let number = member.to_string();
        if self.prefixes.is_empty() {
            return Some(0);
        }
        let prefixes = self.prefixes.iter();
        let fitting = prefixes.filter(|prefix| number.starts_with(prefix.as_str()));
        fitting.map(String::len).max()
    }
}

impl Schemes {
    /// These, in the order of the settings.
    pub fn new(served: Vec<Served>) -> Self {
        Self(served)
    }

    /// One that serves all.
    pub fn one(scheme: Arc<dyn Scheme>) -> Self {
        Self(vec![Served::all(scheme)])
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Served> {
        self.0.iter()
    }

    /// The scheme of that name.
    pub fn named(&self, name: &str) -> Option<&Arc<dyn Scheme>> {
        let mut all = self.0.iter().map(|served| &served.scheme);
        all.find(|scheme| scheme.name() == name)
    }

    /// The scheme of a caller of `set` that the number is of; `None` where it is of none.
    pub fn of_member(&self, set: &str, member: MemberNumber) -> Option<&Arc<dyn Scheme>> {
        let fitting = self.of_set(set);
        let fitting = fitting.filter_map(|served| Some((served.fits(member)?, served)));
        // Of equally long prefixes the first is meant, and `max_by_key` gives the last.
        let mut best: Option<(usize, &Served)> = None;
        for (length, served) in fitting {
            if best.is_none_or(|(longest, _)| length > longest) {
                best = Some((length, served));
            }
        }
        best.map(|(_, served)| &served.scheme)
    }

    /// The member of a caller of `set` whose phone this is: whichever scheme knows it first. One that
    /// cannot be asked is an error only where no other knows it.
    pub async fn member_of_phone(
        &self,
        set: &str,
        phone: &Msisdn,
    ) -> Result<Option<MemberNumber>, SchemeError> {
        let asked = self.of_set(set);
        let mut asked: FuturesUnordered<_> = asked
            .map(|served| served.scheme.member_of_phone(phone))
            .collect();
        let (mut failed, mut until) = (None, None);
        loop {
            let next = asked.next();
            let answer = match until {
                None => next.await,
                Some(until) => timeout_at(until, next).await.map_err(|_| unanswered())?,
            };
            match answer {
                Some(Ok(Some(member))) => return Ok(Some(member)),
                Some(Ok(None)) => {}
                Some(Err(error)) => failed = Some(error),
                None => return failed.map_or(Ok(None), Err),
            }
            until = until.or(Some(Instant::now() + OTHERS));
        }
    }

    /// The scheme of a caller of `set`: her member's, or where that is not known the first of the set.
    pub fn of_caller(&self, set: &str, member: Option<MemberNumber>) -> Option<&Arc<dyn Scheme>> {
        let of_member = member.and_then(|member| self.of_member(set, member));
        of_member.or_else(|| self.of_set(set).next().map(|served| &served.scheme))
    }

    /// The route of the outbox to the scheme of a member, or to all of the set's where there is none.
    pub fn route(&self, set: &str, member: Option<MemberNumber>) -> String {
        let scheme = member.and_then(|member| self.of_member(set, member));
        scheme.map_or_else(|| ROUTE.to_owned(), |scheme| route_to(scheme.name()))
    }

    /// The schemes of a set: those that name it, or those that name none.
    fn of_set(&self, set: &str) -> impl Iterator<Item = &Served> + use<'_> {
        let names = |served: &&Served| served.sets.iter().any(|name| name == set);
        let by_name: Vec<&Served> = self.0.iter().filter(names).collect();
        let chosen = if by_name.is_empty() {
            let all = self.0.iter();
            all.filter(|served| served.sets.is_empty()).collect()
        } else {
            by_name
        };
        chosen.into_iter()
    }
}

/// The route of the outbox to a scheme: each has its own room and rate.
pub fn route_to(name: &str) -> String {
    format!("{ROUTE}:{name}")
}

/// Which numbers the callers of sets may type, where schemes with these rules name these sets: of each
/// set that is named, and of all the others. A set that is served by schemes with different rules takes
/// any number, and the number's own scheme says whether it is one.
pub fn numbers_by_set<'s>(
    schemes: impl Iterator<Item = (&'s [String], NumberRule)>,
) -> (Option<NumberRule>, BTreeMap<String, NumberRule>) {
    let (mut others, mut named) = (None, BTreeMap::new());
    for (sets, rule) in schemes {
        if sets.is_empty() {
            others = Some(others.map_or(rule, |known| wider(known, rule)));
        }
        for set in sets {
            let known = named.entry(set.clone()).or_insert(rule);
            *known = wider(*known, rule);
        }
    }
    (others, named)
}

fn unanswered() -> SchemeError {
    SchemeError::Unavailable {
        asked: "whose phone it is",
        source: None,
    }
}

fn wider(one: NumberRule, other: NumberRule) -> NumberRule {
    if one == other { one } else { NumberRule::Any }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheme::fake::{Fake, Mood};

    fn member(number: &str) -> MemberNumber {
        MemberNumber::parse(number).unwrap()
    }

    fn served(name: &str, sets: &[&str], prefixes: &[&str]) -> Served {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Served {
            sets: owned(sets),
            prefixes: owned(prefixes),
            numbers: NumberRule::Any,
            ..Served::all(Arc::new(Fake::named(name)))
        }
    }

    fn three() -> Schemes {
        Schemes::new(vec![
            served("dodoma", &[], &["01", "0150"]),
            served("moshi", &[], &["015"]),
            served("rest", &[], &[]),
            served("zanzibar", &["zan"], &[]),
        ])
    }

    #[test]
    fn a_scheme_is_chosen_by_the_menus_and_then_by_the_longest_prefix() {
        let schemes = three();
        for (set, number, name) in [
            ("chf", "012345678", "dodoma"),
            ("chf", "015145678", "moshi"),
            ("chf", "015045678", "dodoma"),
            ("chf", "900000000", "rest"),
            ("zan", "012345678", "zanzibar"),
        ] {
            let scheme = schemes.of_member(set, member(number)).unwrap();
            assert_eq!(scheme.name(), name, "{set} {number}");
            let route = schemes.route(set, Some(member(number)));
            assert_eq!(route, format!("scheme:{name}"));
        }
        let only = Schemes::new(vec![served("dodoma", &[], &["01"])]);
        assert!(only.of_member("chf", member("900000000")).is_none());
        assert_eq!(only.route("chf", None), "scheme");
    }

    #[tokio::test(start_paused = true)]
    async fn a_phone_is_looked_for_in_all_schemes_and_one_that_is_down_hides_no_other() {
        let (one, two) = (
            Arc::new(Fake::named("dodoma")),
            Arc::new(Fake::named("moshi")),
        );
        let schemes = Schemes::new(vec![
            Served::all(Arc::clone(&one) as _),
            Served::all(Arc::clone(&two) as _),
        ]);
        let phone = Msisdn::parse("+255700000001").unwrap();
        *two.linked.lock().unwrap() = Some((phone.clone(), member("070707081")));
        one.is(Mood::Hangs);
        let found = schemes.member_of_phone("chf", &phone).await.unwrap();
        assert_eq!(found, Some(member("070707081")));
        let other = Msisdn::parse("+255700000002").unwrap();
        let unsure = schemes.member_of_phone("chf", &other).await;
        assert!(unsure.is_err_and(|error| error.is_outage()));
        one.is(Mood::Fails);
        let other = Msisdn::parse("+255700000002").unwrap();
        assert!(schemes.member_of_phone("chf", &other).await.is_err());
        one.is(Mood::Answers);
        let nobody = schemes.member_of_phone("chf", &other).await.unwrap();
        assert_eq!(nobody, None);
    }

    #[test]
    fn a_set_of_schemes_with_different_rules_takes_any_number() {
        let any: Vec<String> = Vec::new();
        let zan = vec!["zan".to_owned()];
        let digits: NumberRule = "digits 12".parse().unwrap();
        let served = [
            (any.as_slice(), NumberRule::Chf),
            (any.as_slice(), digits),
            (zan.as_slice(), digits),
        ];
        let (others, named) = numbers_by_set(served.into_iter());
        assert_eq!(others, Some(NumberRule::Any));
        assert_eq!(named, BTreeMap::from([("zan".to_owned(), digits)]));
    }
}
