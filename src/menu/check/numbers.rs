//! Which numbers members have is said by the installation, not by the set: every question for one and
//! every call that gives one is told.

use crate::{
    menu::{AnswerType, MenuSet, Verb},
    model::NumberRule,
};

pub(super) fn fill(set: &mut MenuSet, numbers: NumberRule) {
    set.numbers = numbers;
    let screens = set.menus.iter_mut().flat_map(|menu| &mut menu.screens);
    for screen in screens {
        if let Verb::Ask { answer, .. } = &mut screen.verb
            && matches!(answer, AnswerType::Member(_))
        {
            *answer = AnswerType::Member(numbers);
        }
    }
    let fields = set
        .declared
        .iter_mut()
        .filter_map(|call| call.gives.as_mut());
    for field in fields.flat_map(|shape| &mut shape.fields) {
        field.numbers = numbers;
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        menu::{
            CheckOptions,
            check::sketch::{root, words_of},
            compile,
        },
        model::NumberRule,
    };

    /// What is wrong with a page of so many characters and a number, where members have `numbers`.
    fn found(length: usize, numbers: &str) -> Vec<&'static str> {
        let screens = format!(
            "  main: {{ask: Namba?, type: member_number, as: m, wrong: Tena, go: told}}
  told: {{end: \"{} {{m}}\"}}\n",
            words_of(length)
        );
        let options = CheckOptions {
            numbers: numbers.parse::<NumberRule>().unwrap(),
            ..CheckOptions::default()
        };
        let problems = compile(&[root(&screens)], options).problems;
        problems.iter().map(|found| found.problem.code()).collect()
    }

    #[test]
    fn pages_are_laid_out_with_the_longest_number_of_the_scheme() {
        assert_eq!(found(144, "chf"), Vec::<&str>::new());
        assert_eq!(found(144, "digits 6-12"), ["M014"]);
        assert_eq!(found(134, "any"), Vec::<&str>::new());
        assert_eq!(found(135, "any"), ["M014"]);
    }
}
