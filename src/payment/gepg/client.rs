use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Client;

use super::{
    Keys, Options, PROVIDER, SUBMIT_COMMAND, SUBMIT_PATH,
    codes::{Class, Codes},
    message::{Acknowledges, BillSubmission, Payer, SubmittedBill},
    post::post,
};
use crate::{
    payment::{Provider, SubmitError, Submitted},
    store::Bill,
};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Submits bills to GePG.
#[derive(Debug)]
pub struct GepgClient {
    options: Options,
    keys: Arc<Keys>,
    http: Client,
}

impl GepgClient {
    /// `http` brings the time limits and follows no redirects.
    pub fn new(options: Options, keys: Arc<Keys>, http: Client) -> Self {
        Self {
            options,
            keys,
            http,
        }
    }

    async fn exchange(&self, bill: &Bill) -> Result<Codes, Cause> {
        let sealed = self.sealed(self.submission(bill).write()).await?;
        let headers = [
            ("Gepg-Com", SUBMIT_COMMAND),
            ("Gepg-Code", &self.options.sp_code),
        ];
        let address = format!(
            "{}{SUBMIT_PATH}",
            self.options.address.trim_end_matches('/')
        );
        let answer = post(&self.http, &address, &headers, sealed).await?;
        let envelope = self.keys.open(&answer)?;
        Ok(Acknowledges::BillSubmission.read(envelope.message)?)
    }

    /// Signing takes milliseconds, so it has a thread of its own.
    async fn sealed(&self, message: String) -> Result<Vec<u8>, Cause> {
        let keys = Arc::clone(&self.keys);
        Ok(tokio::task::spawn_blocking(move || keys.seal(&message)).await??)
    }

    fn submission(&self, bill: &Bill) -> BillSubmission {
        let made = &bill.made;
        let options = &self.options;
        BillSubmission {
            sp_code: options.sp_code.clone(),
            bills: vec![SubmittedBill {
                id: made.id.clone(),
                sub_sp_code: options.sub_sp_code.clone(),
                system_id: options.system_id.clone(),
                amount: made.amount,
                expires_at: crate::model::end_of_day(made.pay_by),
                payer_id: made.member.to_string(),
                payer: Payer {
                    name: made.payer.clone(),
                    phone: made.phone.number().unwrap_or_default().to_owned(),
                    email: options.email.clone(),
                },
                description: options.description.clone(),
                made_at: made.made_at,
                made_by: options.made_by.clone(),
                approved_by: options.made_by.clone(),
                gfs_code: options.gfs_code.clone(),
            }],
        }
    }
}

#[async_trait]
impl Provider for GepgClient {
    fn name(&self) -> &str {
        PROVIDER
    }

    fn sp_codes(&self) -> Vec<String> {
        vec![self.options.sp_code.clone()]
    }

    async fn submit(&self, bill: &Bill) -> Result<Submitted, SubmitError> {
        let unknown = |why: String, source| SubmitError::Unknown {
            bill: bill.made.id.clone(),
            why,
            source,
        };
        let codes = self
            .exchange(bill)
            .await
            .map_err(|error| unknown(error.to_string(), Some(error)))?;
        match codes.class() {
            Class::Success | Class::Known => Ok(Submitted::Accepted),
            Class::Permanent => Ok(Submitted::Rejected(codes.to_string())),
            Class::Configuration => Err(SubmitError::Configuration {
                codes: codes.to_string(),
            }),
            Class::Retry | Class::Paid | Class::Information => {
                Err(unknown(format!("the gateway answered {codes}"), None))
            }
        }
    }
}
