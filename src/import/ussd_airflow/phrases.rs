//! What a set says by itself, in the languages that we have words in.

/// The words and sentences of one language.
#[derive(Debug)]
pub(super) struct Phrases {
    pub(super) tag: &'static str,
    /// The language's own name.
    pub(super) name: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) back: &'static str,
    pub(super) home: &'static str,
    pub(super) more: &'static str,
    pub(super) choose_again: &'static str,
    pub(super) busy: &'static str,
    pub(super) unavailable: &'static str,
    pub(super) wrong_number: &'static str,
    pub(super) too_many: &'static str,
    /// Above a list or menu that says nothing.
    pub(super) choose: &'static str,
    /// Above a question that says nothing.
    pub(super) answer: &'static str,
    pub(super) choose_language: &'static str,
    /// After a wrong answer.
    pub(super) wrong: &'static str,
    /// Where a screen could not be carried over.
    pub(super) not_ready: &'static str,
    /// Where a request failed.
    pub(super) no_answer: &'static str,
}

const ENGLISH: Phrases = Phrases {
    tag: "en",
    name: "English",
    yes: "Yes",
    no: "No",
    back: "Back",
    home: "Home",
    more: "More",
    choose_again: "Choose again.",
    busy: "Your last request is still being worked on. Dial again later.",
    unavailable: "The service is not available now. Please try again later.",
    wrong_number: "This code has no service.",
    too_many: "You have called too often. Wait a minute, then dial again.",
    choose: "Choose:",
    answer: "Your answer:",
    choose_language: "Choose a language",
    wrong: "That is not right. Try again.",
    not_ready: "This part of the service is not ready yet.",
    no_answer: "The service cannot be reached now. Please try again later.",
};

const SWAHILI: Phrases = Phrases {
    tag: "sw",
    name: "Kiswahili",
    yes: "Ndiyo",
    no: "Hapana",
    back: "Rudi",
    home: "Mwanzo",
    more: "Endelea",
    choose_again: "Chagua tena.",
    busy: "Ombi lako bado linashughulikiwa. Piga tena baadaye.",
    unavailable: "Huduma haipatikani kwa sasa. Jaribu tena baadaye.",
    wrong_number: "Namba hii haina huduma.",
    too_many: "Umepiga mara nyingi mno. Subiri dakika moja, kisha piga tena.",
    choose: "Chagua:",
    answer: "Jibu lako:",
    choose_language: "Chagua lugha",
    wrong: "Si sahihi. Jaribu tena.",
    not_ready: "Sehemu hii ya huduma bado haijawa tayari.",
    no_answer: "Huduma haipatikani kwa sasa. Jaribu tena baadaye.",
};

const FRENCH: Phrases = Phrases {
    tag: "fr",
    name: "Francais",
    yes: "Oui",
    no: "Non",
    back: "Retour",
    home: "Accueil",
    more: "Suite",
    choose_again: "Réessayez.",
    busy: "Votre demande précédente est en cours. Rappelez plus tard.",
    unavailable: "Le service est indisponible pour le moment. Réessayez plus tard.",
    wrong_number: "Ce code n'a pas de service.",
    too_many: "Trop d'appels. Attendez une minute, puis rappelez.",
    choose: "Choisissez:",
    answer: "Votre réponse:",
    choose_language: "Choisissez la langue",
    wrong: "Ce n'est pas correct. Réessayez.",
    not_ready: "Cette partie du service n'est pas encore disponible.",
    no_answer: "Le service est indisponible pour le moment. Réessayez plus tard.",
};

/// The phrases of a language; English where we have none.
pub(super) fn of(tag: &str) -> &'static Phrases {
    match tag {
        "sw" => &SWAHILI,
        "fr" => &FRENCH,
        _ => &ENGLISH,
    }
}

/// The name of a language as its readers know it, of those that are met most; its tag else.
pub(super) fn name_of(tag: &str) -> String {
    let known = of(tag);
    if known.tag == tag {
        return known.name.to_owned();
    }
    match tag {
        "rw" => "Ikinyarwanda",
        "rn" => "Ikirundi",
        "lg" => "Luganda",
        "so" => "Soomaali",
        "pt" => "Portugues",
        "ha" => "Hausa",
        "zu" => "isiZulu",
        "xh" => "isiXhosa",
        "sn" => "chiShona",
        "ny" => "Chichewa",
        other => other,
    }
    .to_owned()
}

/// Whether we have words in a language.
pub(super) fn has(tag: &str) -> bool {
    of(tag).tag == tag
}
