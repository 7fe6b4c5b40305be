use crate::{config::Settings, scheme::Finding, session::RedisSessions};

/// Whether the sessions can be had.
pub(super) async fn look(settings: &Settings) -> Vec<Finding> {
    let urls = match settings.redis() {
        Ok([]) => {
            let says =
                "None is named: sessions are in the process, which is right for one node only.";
            return vec![Finding::good(says)];
        }
        Ok(urls) => urls,
        Err(error) => return vec![Finding::bad(format!("{error}."))],
    };
    let options = match settings.sections() {
        Ok(sections) => sections.redis,
        Err(error) => return vec![Finding::bad(format!("{error}."))],
    };
    vec![match RedisSessions::connect(urls, options).await {
        Ok(_) => Finding::good("It answers, and takes what sessions need."),
        Err(error) => Finding::bad(format!(
            "REDIS_URL is set, but that Redis cannot be used: {error}. See that it runs and that this machine may reach it."
        )),
    }]
}
