use super::Judge;
use crate::{
    dialogue::{Effect, Outcome},
    effect::witness,
    menu::OutcomeName,
    model::EffectKey,
    store::{
        BillState, JobKind, MessageState, PaymentState,
        memory::{EffectRow, Rows},
    },
};

impl Judge {
    /// Nothing has failed for long: what stands now.
    pub(crate) fn end(&mut self, rows: &Rows, lines: &[Vec<u8>]) {
        let found = [
            Self::work_is_done(rows),
            self.effects_are_told(rows),
            self.messages_are_sent(rows),
            self.money_is_right(rows),
            self.secrets_are_nowhere(rows, lines),
        ];
        for why in found.into_iter().filter_map(Result::err) {
            self.wrong(why);
        }
    }

    fn work_is_done(rows: &Rows) -> Result<(), String> {
        let left = rows.jobs.values().find(|job| !job.given_up);
        match left {
            None => Ok(()),
            Some(job) => Err(format!(
                "the job {:?} of {} is left: {}",
                job.kind, job.subject, job.why
            )),
        }
    }

    /// Whoever was promised an answer, or never saw one, has been told of it.
    fn effects_are_told(&self, rows: &Rows) -> Result<(), String> {
        for (key, row) in rows.effects.iter() {
            let effect = witness::effect(&row.intent.effect).ok_or("an effect cannot be read")?;
            if matches!(effect, Effect::Call { .. }) {
                self.effect_is_told(*key, row, &effect, rows)
                    .map_err(|why| format!("effect {key}: {why}"))?;
            }
        }
        Ok(())
    }

    fn effect_is_told(
        &self,
        key: EffectKey,
        row: &EffectRow,
        effect: &Effect,
        rows: &Rows,
    ) -> Result<(), String> {
        if !self.announced.contains(&key) {
            return Err("it was run before its line said so".to_owned());
        }
        let phone = self.register.number_of(&row.intent.phone);
        let phone = phone.ok_or("its phone is nobody's")?;
        let ended = row.outcome.as_ref();
        let ended = ended.and_then(|bytes| witness::outcome(effect, bytes));
        if let Some(outcome) = &ended {
            self.is_true(phone, effect, outcome, rows)?;
        }
        let stepped = self.stepped.get(&key);
        let shown = stepped.is_some_and(|outcome| !is_slow(outcome));
        if shown && stepped == ended.as_ref() {
            return Ok(());
        }
        let name = format!("late {key}");
        let told = rows.messages.values().any(|row| row.key == name);
        let subject = key.to_string();
        let mut jobs = rows.jobs.values();
        let seen = jobs.any(|job| job.kind == JobKind::FinishEffect && job.subject == subject);
        (told || seen).then_some(()).ok_or_else(|| {
            format!("it ended with {ended:?}, she was shown {stepped:?}, and is not told")
        })
    }

    fn messages_are_sent(&self, rows: &Rows) -> Result<(), String> {
        for row in rows.messages.values() {
            let message = &row.message;
            let sent = self.sent.contains_key(&message.id);
            let right = match message.state {
                MessageState::Delivered | MessageState::Sent => sent,
                // Its time was over, and a person sees it.
                MessageState::Failed => true,
                MessageState::Queued => false,
            };
            if !right {
                return Err(format!(
                    "SMS {} ({}) is {:?}, sent: {sent}",
                    message.id, row.key, message.state
                ));
            }
        }
        Ok(())
    }

    fn money_is_right(&self, rows: &Rows) -> Result<(), String> {
        for (index, bill) in rows.bills.iter() {
            let same = rows.bills.iter().filter(|(other, it)| {
                let (own, others) = (&bill.made.key, &it.made.key);
                *other != index && (&own.family, &own.period) == (&others.family, &others.period)
            });
            let alive = |state| {
                !matches!(
                    state,
                    BillState::Rejected
                        | BillState::Expired
                        | BillState::Cancelled
                        | BillState::ClosedWithMoney
                )
            };
            if alive(bill.state) && same.into_iter().any(|(_, it)| alive(it.state)) {
                return Err(format!("two bills for one period: {}", bill.made.id));
            }
        }
        for bill in &self.paid {
            self.payment_is_right(bill, rows)?;
        }
        Ok(())
    }

    fn payment_is_right(&self, bill: &str, rows: &Rows) -> Result<(), String> {
        let of_bill = rows.payments.values();
        let of_bill = of_bill.filter(|payment| payment.recorded.bill.as_deref() == Some(bill));
        let payments: Vec<_> = of_bill.collect();
        let [payment] = payments.as_slice() else {
            return Err(format!(
                "bill {bill} was paid once and has {} payments",
                payments.len()
            ));
        };
        if payment.state != PaymentState::SmsSent {
            return Err(format!("the payment of bill {bill} is {:?}", payment.state));
        }
        let recorded = &payment.recorded;
        if !self.premiums.contains_key(&recorded.reference) {
            return Err(format!(
                "the scheme was not told of the payment of bill {bill}"
            ));
        }
        let posted = rows.ledger.get(&recorded.id).map(|posting| posting.amount);
        (posted == Some(recorded.paid))
            .then_some(())
            .ok_or_else(|| format!("the payment of bill {bill} is not in the ledger as it came"))
    }

    /// What was typed where a PIN is asked stands nowhere, and no phone in a line.
    fn secrets_are_nowhere(&self, rows: &Rows, lines: &[Vec<u8>]) -> Result<(), String> {
        let kept = rows.journal.values().find(|entry| {
            let turn = (entry.dialogue, entry.turn);
            entry.input.is_some() && self.sensitive.contains(&turn)
        });
        if let Some(entry) = kept {
            let (dialogue, turn) = (entry.dialogue, entry.turn);
            return Err(format!(
                "the journal keeps what was typed in turn {turn} of {dialogue}, a PIN"
            ));
        }
        for person in self.register.people().iter().take(6) {
            let messages = rows.messages.values().map(|row| row.message.text.as_str());
            let whys = rows.jobs.values().map(|job| job.why.as_str());
            if messages.chain(whys).any(|text| text == person.pin) {
                return Err("a PIN stands in an SMS or a job".to_owned());
            }
            let phone = person.phone.digits().as_bytes();
            let open = |line: &Vec<u8>| line.windows(phone.len()).any(|part| part == phone);
            if lines.iter().any(open) {
                return Err("a line holds a phone in clear".to_owned());
            }
        }
        Ok(())
    }
}

fn is_slow(outcome: &Outcome) -> bool {
    let Outcome::Call { name, .. } = outcome else {
        return false;
    };
    *name == OutcomeName::Slow
}
