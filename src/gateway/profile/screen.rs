use super::{Newline, ScreenRules};
use crate::model::gsm7;

impl ScreenRules {
    /// A screen's text as the aggregator takes it. But for [`Newline::Both`], which a page's size counts, it
    /// never gets longer: a page that fits still does.
    pub(super) fn apply(&self, text: &str) -> String {
        let taken: String = text
            .chars()
            .map(|character| self.taken(character))
            .collect();
        let trimmed = if self.trim_start {
            taken.trim_start()
        } else {
            &taken
        };
        match self.newline {
            Newline::LineFeed => trimmed.to_owned(),
            Newline::CarriageReturn => trimmed.replace('\n', "\r"),
            Newline::Both => trimmed.replace('\n', "\r\n"),
        }
    }

    fn taken(&self, character: char) -> char {
        if self.ban.contains(&character) {
            ' '
        } else if self.gsm7_only && gsm7::septets_of(character).is_none() {
            '?'
        } else {
            character
        }
    }
}

/// The alphabet that a text needs, in a profile's words.
pub(super) fn alphabet(text: &str) -> &'static str {
    match gsm7::cost(text).alphabet {
        gsm7::Alphabet::Gsm7 => "gsm7",
        gsm7::Alphabet::Ucs2 => "ucs2",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::PageSize;

    fn rules() -> ScreenRules {
        ScreenRules {
            page: PageSize::default(),
            newline: Newline::LineFeed,
            ban: Vec::new(),
            trim_start: false,
            gsm7_only: false,
        }
    }

    #[test]
    fn without_rules_a_text_stays_as_it_is() {
        assert_eq!(rules().apply("\n Afya ☺\n1. Ndio "), "\n Afya ☺\n1. Ndio ");
    }

    #[test]
    fn lines_are_parted_as_the_aggregator_wants() {
        let lines = |newline| ScreenRules { newline, ..rules() }.apply("a\n\nb");
        assert_eq!(lines(Newline::LineFeed), "a\n\nb");
        assert_eq!(lines(Newline::CarriageReturn), "a\r\rb");
        assert_eq!(lines(Newline::Both), "a\r\n\r\nb");
    }

    #[test]
    fn banned_characters_become_a_space_and_white_space_before_the_text_goes() {
        let rules = ScreenRules {
            ban: vec!['|', '^'],
            trim_start: true,
            ..rules()
        };
        assert_eq!(rules.apply("| \nfoo|b^r\n"), "foo b r\n");
    }

    #[test]
    fn what_gsm_does_not_have_becomes_a_question_mark() {
        let rules = ScreenRules {
            gsm7_only: true,
            ..rules()
        };
        assert_eq!(rules.apply("Ñandú ☺ €[1]\n"), "Ñand? ? €[1]\n");
        assert_eq!(alphabet(&rules.apply("☺")), "gsm7");
    }

    #[test]
    fn the_alphabet_is_told() {
        assert_eq!(alphabet("Karibu\n[1]"), "gsm7");
        assert_eq!(alphabet("Karibu ☺"), "ucs2");
    }

    proptest! {
        #[test]
        fn a_text_never_holds_what_is_banned_and_never_gets_longer(text in any::<String>()) {
            let rules = ScreenRules { ban: vec!['|', 'a'], gsm7_only: true, trim_start: true, ..rules() };
            let applied = rules.apply(&text);
            prop_assert!(!applied.contains(['|', 'a']));
            prop_assert!(applied.chars().count() <= text.chars().count());
            prop_assert_eq!(alphabet(&applied), "gsm7");
        }
    }
}
