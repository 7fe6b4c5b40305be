/// Makes an enum of the words that a profile may use, each variant with its word.
macro_rules! words {
    ($(#[$doc:meta])* $visibility:vis enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visibility enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every word of a profile, in the order of the manual.
            pub const WORDS: &[&str] = &[$($word),+];

            /// The word in a profile.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// What a word means.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// Whether the dialogue goes on after a screen.
    pub enum Go {
        /// The phone shows the screen and waits for a key.
        Continue = "continue",
        /// The phone shows the screen; the dialogue is over.
        End = "end",
    }
}
