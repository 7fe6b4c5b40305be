use async_trait::async_trait;

use super::{columns::Columns, tables::Tables};
use crate::{
    model::{EffectKey, MemberNumber},
    store::{Complaint, ComplaintState, Complaints, NewComplaint, Result},
};

#[async_trait]
impl Complaints for Tables<'_> {
    async fn make(&mut self, complaint: &NewComplaint) -> Result<i64> {
        let member = complaint.member.map(|member| member.to_string());
        let member = member.map(|member| self.seal("complaints.member", member.as_bytes()));
        let statement = sqlx::query(
            "INSERT INTO complaints (effect, scheme, phone, member, text, made_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (effect) DO NOTHING",
        )
        .bind(complaint.effect.to_string())
        .bind(complaint.scheme.clone())
        .bind(self.seal_phone("complaints.phone", &complaint.phone)?)
        .bind(member.transpose()?)
        .bind(self.seal("complaints.text", complaint.text.as_bytes())?)
        .bind(complaint.made_at);
        self.change("keep a complaint", statement).await?;
        let statement = sqlx::query("SELECT id FROM complaints WHERE effect = $1");
        let statement = statement.bind(complaint.effect.to_string());
        let row = self.one("complaint", statement).await?;
        row.map_or(Ok(0), |row| row.get("id"))
    }

    async fn get(&mut self, number: i64) -> Result<Option<Complaint>> {
        let statement = sqlx::query("SELECT * FROM complaints WHERE id = $1").bind(number);
        let row = self.one("complaint", statement).await?;
        row.map(|row| row.complaint()).transpose()
    }

    async fn settle(&mut self, number: i64, state: &ComplaintState) -> Result<()> {
        let (state, ticket) = match state {
            ComplaintState::New => ("new", None),
            ComplaintState::Filed(ticket) => ("filed", Some(ticket.clone())),
            ComplaintState::Ours => ("ours", None),
        };
        let statement = sqlx::query("UPDATE complaints SET state = $2, ticket = $3 WHERE id = $1")
            .bind(number)
            .bind(state)
            .bind(ticket);
        self.change("settle a complaint", statement).await?;
        Ok(())
    }

    async fn newest(&mut self, limit: u32) -> Result<Vec<Complaint>> {
        let statement = sqlx::query("SELECT * FROM complaints ORDER BY id DESC LIMIT $1");
        let rows = self
            .all("complaint", statement.bind(i64::from(limit)))
            .await?;
        rows.iter().map(Columns::complaint).collect()
    }
}

impl Columns<'_> {
    fn complaint(&self) -> Result<Complaint> {
        let member = self.opened_if_there("complaints.member")?;
        let member = member.map(|member| {
            let text = String::from_utf8(member).ok();
            let member = text.and_then(|text| MemberNumber::parse(&text).ok());
            member.ok_or_else(|| self.unreadable("member"))
        });
        let state: String = self.get("state")?;
        let state = match (state.as_str(), self.get::<Option<String>>("ticket")?) {
            ("new", None) => ComplaintState::New,
            ("ours", None) => ComplaintState::Ours,
            ("filed", Some(ticket)) => ComplaintState::Filed(ticket),
            _ => return Err(self.unreadable("state")),
        };
        Ok(Complaint {
            number: self.get("id")?,
            made: NewComplaint {
                effect: self.parsed("effect", EffectKey::parse)?,
                scheme: self.get("scheme")?,
                phone: self.opened_phone("complaints.phone")?,
                member: member.transpose()?,
                text: self.opened_text("complaints.text")?,
                made_at: self.time("made_at")?,
            },
            state,
        })
    }
}
