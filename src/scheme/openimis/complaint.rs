use serde_json::{Map, Value, json};

use super::{
    Failure, OpenImis, documents,
    payment::object,
    read::{TicketAnswer, TicketFields},
    writing::{Outcome, Step},
};
use crate::scheme::{Complaint, Filed};

/// How much of a complaint goes into a ticket.
const LONGEST: usize = 2_000;

impl OpenImis {
    /// Files a ticket, once for its key, where there is a grievance module.
    pub(super) async fn filed(&self, complaint: &Complaint) -> Result<Filed, Failure> {
        let Some(fields) = self.ticket_fields().await? else {
            return Ok(Filed::Unsupported);
        };
        let step = Step {
            mutation: "createTicket",
            key: &complaint.key,
            input: self.ticket(complaint, fields),
        };
        match self.asking().write(&step, self.options().patience).await? {
            Outcome::Written => Ok(Filed::Ticket(self.ticket_code(&complaint.key).await)),
            Outcome::Declined(reason) => Err(Failure::Refused(format!(
                "openIMIS took no ticket: {reason}"
            ))),
        }
    }

    /// What a ticket can say; asked once while this process runs.
    pub(super) async fn ticket_fields(&self) -> Result<Option<&[String]>, Failure> {
        let known = self.tickets.get_or_try_init(|| async {
            let answer: TicketFields = self.asking().ask(documents::TICKETS, json!({})).await?;
            Ok::<_, Failure>(answer.read())
        });
        Ok(known.await?.as_deref())
    }

    /// Only what its form knows: the releases differ in it.
    fn ticket(&self, complaint: &Complaint, fields: &[String]) -> Map<String, Value> {
        let member = complaint.member.map(|member| format!(", member {member}"));
        let member = member.unwrap_or_default();
        let text: String = complaint.text.chars().take(LONGEST).collect();
        let mut input = object(json!({
            "key": complaint.key,
            "title": format!("By phone{member}"),
            "description": format!("{text}\n\nPhone {}{member}.", complaint.phone.e164()),
            "dateOfIncident": complaint.at.date_naive(),
            "category": self.options().ticket_category,
        }));
        if let Some(channel) = &self.options().ticket_channel {
            input.insert("channel".to_owned(), json!(channel));
        }
        input.retain(|name, _| fields.iter().any(|field| field == name));
        input
    }

    /// The code that the scheme's people see; ours where it does not say it.
    async fn ticket_code(&self, key: &str) -> String {
        let answer: Result<TicketAnswer, Failure> = self
            .asking()
            .ask(documents::TICKET, json!({"key": key}))
            .await;
        let code = answer.ok().and_then(TicketAnswer::read);
        code.unwrap_or_else(|| key.to_owned())
    }
}
