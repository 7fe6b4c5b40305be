use std::collections::BTreeMap;

/// What an installation has agreed on with its gateway.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// The codes of the service providers that are ours.
    pub sp_codes: Vec<String>,
    /// How much may be missing.
    pub tolerance: Tolerance,
}

impl Rules {
    /// Rules of one service provider, by which nothing may be missing.
    pub fn of(sp_code: &str) -> Self {
        Self {
            sp_codes: vec![sp_code.to_owned()],
            tolerance: Tolerance::default(),
        }
    }
}

/// How much of a bill may be missing by the channel that it is paid through, in hundredths of a
/// percent: some operators keep their fee of what is paid (1.1 % is 110).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tolerance(BTreeMap<String, u32>);

impl Tolerance {
    /// From the channels' names, whichever case they are written in.
    pub fn new(channels: &BTreeMap<String, u32>) -> Self {
        let channels = channels.iter();
        Self(
            channels
                .map(|(channel, hundredths)| (channel.to_uppercase(), *hundredths))
                .collect(),
        )
    }

    /// Whether `short` may be missing of `due`, both in minor units.
    pub fn admits(&self, channel: &str, due: i64, short: i64) -> bool {
        let hundredths = self.0.get(&channel.trim().to_uppercase()).copied();
        let most = i128::from(due) * i128::from(hundredths.unwrap_or_default());
        short > 0 && i128::from(short) * 10_000 <= most
    }
}
