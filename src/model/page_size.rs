/// How much a gateway's page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSize {
    /// Septets, when the page's text is in the GSM 7-bit alphabet.
    pub gsm7: usize,
    /// UTF-16 code units, when it is not.
    pub ucs2: usize,
}

impl Default for PageSize {
    /// What the strictest of the gateways that say so take: 160 septets, 70 units of UCS-2.
    fn default() -> Self {
        Self {
            gsm7: 160,
            ucs2: 70,
        }
    }
}
