//! `nyota gateway`: what the aggregator's engineer asks for, and what came from there.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::Subcommand;

use super::{Contracts, Format, http_client};
use crate::{
    catalogue::{Contract, Unserved, read_files},
    config::Settings,
    gateway::{
        profile::{Account, Channel, Given, Go, Handed, Profile},
        vectors::{self, Recorded},
    },
    model::{ServiceCode, source::Source},
    web::Taken,
};

/// What is dialled in examples.
const DIALLED: &str = "*152*00#";

/// What to do with gateways.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the gateways that are served: profile, addresses, SMS, proof of the caller.
    ///
    /// A profile that needs no settings is served under its own name, every other as the contracts in
    /// nyota.yaml say.
    List,
    /// Print the page for the aggregator's engineer: addresses, fields, examples, answers, errors.
    ///
    /// It is Markdown. No secret is on it: a password stands there as PASSWORD, the secret part of the
    /// addresses as SECRET.
    Sheet {
        /// The gateway, or a profile.
        name: String,
        /// The file to write; by default it is printed.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Show the last 50 requests of a gateway: what each was taken for, or why it was refused.
    ///
    /// It asks the nyota that listens where the settings say. Phones, texts and secrets are not kept.
    Requests {
        /// The gateway.
        name: String,
        /// How to show them; as JSON with all that was kept of them.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Make a vector of one of the last requests.
    ///
    /// The request is masked, and shows an invented page. The vector is played before it is written;
    /// it is added to `recorded.json` beside the profile. Ends with 1 if none can be made.
    Record {
        /// The gateway.
        name: String,
        /// The request, by its number in the list.
        id: u64,
        /// The file to add it to; it is made if it is missing.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// Runs one of them.
pub(super) async fn gateway(settings: &Settings, command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List => list(settings),
        Command::Sheet { name, output } => sheet(settings, name, output.as_deref()),
        Command::Requests { name, format } => requests(settings, name, *format).await,
        Command::Record { name, id, output } => {
            record(settings, (name, *id), output.as_deref()).await
        }
    }
}

/// The profiles of the settings' folder, with the contracts.
struct Known {
    sources: Vec<Source>,
    profiles: Vec<Arc<Profile>>,
    contracts: Vec<Contract>,
    public: String,
}

impl Known {
    fn read(settings: &Settings) -> anyhow::Result<Self> {
        let sources = read_files(&settings.gateways).context("no gateways were found")?;
        let profiles = Profile::compile(&sources).profiles;
        let contracts = Contracts::of(settings);
        Ok(Self {
            sources,
            profiles: profiles.into_iter().map(Arc::new).collect(),
            contracts: contracts.contracts,
            public: contracts
                .public
                .unwrap_or_else(|| format!("http://{}", settings.listen)),
        })
    }

    /// The contract of that name; a profile's name stands for one without settings.
    fn contract(&self, name: &str) -> Contract {
        let found = self.contracts.iter().find(|contract| contract.name == name);
        found.cloned().unwrap_or_else(|| Contract {
            name: name.to_owned(),
            profile: name.to_owned(),
            ..Contract::default()
        })
    }

    fn profile(&self, contract: &Contract) -> anyhow::Result<&Arc<Profile>> {
        let found = self
            .profiles
            .iter()
            .find(|profile| profile.name() == contract.profile);
        let Some(profile) = found else {
            let contracts = self.contracts.iter().map(|contract| contract.name.as_str());
            let mut known: Vec<_> = self
                .profiles
                .iter()
                .map(|it| it.name())
                .chain(contracts)
                .collect();
            known.sort_unstable();
            known.dedup();
            bail!(
                "there is no gateway {}, or its profile has mistakes, which `nyota check gateways` shows; known: {}",
                contract.name,
                known.join(", ")
            );
        };
        Ok(profile)
    }

    fn given(&self, contract: &Contract) -> Given {
        Given {
            name: contract.name.clone(),
            settings: contract.settings.clone(),
            public: self.public.clone(),
            code: contract.code.clone(),
            secret: contract
                .secret
                .as_ref()
                .map(|secret| secret.text().to_owned()),
            agreed: contract.agreed,
            ..Given::default()
        }
    }

    /// Those that are served, and those that are not with the reason.
    fn served(&self) -> Vec<(Contract, Result<Account, String>)> {
        let own = self.profiles.iter().map(|profile| profile.name());
        let own = own.filter(|name| self.contracts.iter().all(|contract| contract.name != *name));
        let own = own.map(|name| (self.contract(name), false));
        let contracts = self
            .contracts
            .iter()
            .map(|contract| (contract.clone(), true));
        let accounts = contracts.chain(own).filter_map(|(contract, named)| {
            let account = self.account(&contract);
            // A profile that needs settings and has none is nobody's gateway.
            (named || account.is_ok()).then_some((contract, account))
        });
        let mut accounts: Vec<_> = accounts.collect();
        accounts.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        accounts
    }

    fn account(&self, contract: &Contract) -> Result<Account, String> {
        let profile = self.profile(contract).map_err(|error| error.to_string())?;
        let account = Account::new(Arc::clone(profile), self.given(contract));
        let account = account.map_err(|errors| {
            let sentences: Vec<_> = errors.iter().map(ToString::to_string).collect();
            sentences.join("; ")
        })?;
        if contract.lacks_sender(&account) {
            let name = contract.name.clone();
            return Err(Unserved::NoSender { name }.to_string());
        }
        Ok(account)
    }
}

fn list(settings: &Settings) -> anyhow::Result<ExitCode> {
    let known = Known::read(settings)?;
    let mut rows = vec![["gateway", "profile", "SMS", "proof", "addresses"].map(str::to_owned)];
    let mut unserved = Vec::new();
    for (contract, account) in known.served() {
        match account {
            Ok(account) => rows.push(row(&contract, &account)),
            Err(why) => unserved.push(format!("{}: {why}", contract.name)),
        }
    }
    print!("{}", columns(&rows));
    for why in &unserved {
        println!("not served: {why}");
    }
    Ok(ExitCode::from(u8::from(!unserved.is_empty())))
}

fn row(contract: &Contract, account: &Account) -> [String; 5] {
    let yes = |it: bool| if it { "yes" } else { "no" }.to_owned();
    let proves = contract.secret.is_some() || !contract.addresses.is_empty();
    let secret = if contract.secret.is_some() {
        "/SECRET"
    } else {
        ""
    };
    let addresses = account.profile().addresses();
    let addresses = addresses.iter().map(|(channel, path)| {
        let path = if path == "/" { "" } else { path.as_str() };
        format!("/{}/{}{secret}{path}", word(*channel), contract.name)
    });
    [
        contract.name.clone(),
        contract.profile.clone(),
        yes(account.sends()),
        yes(proves || account.asks_for_proof()),
        addresses.collect::<Vec<_>>().join(" "),
    ]
}

fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::Ussd => "ussd",
        Channel::Sms => "sms",
    }
}

fn sheet(settings: &Settings, name: &str, output: Option<&Path>) -> anyhow::Result<ExitCode> {
    let known = Known::read(settings)?;
    let contract = known.contract(name);
    let profile = known.profile(&contract)?;
    let networks: Vec<String> = contract.addresses.iter().map(ToString::to_string).collect();
    let code = ServiceCode::parse(DIALLED).context("the examples cannot be made")?;
    let handed = Handed {
        given: &known.given(&contract),
        secret: contract.secret.is_some(),
        networks: &networks,
        code: contract.code.as_ref().unwrap_or(&code),
        examples: &vectors::examples(profile, &known.sources),
    };
    let sheet = match profile.sheet(&handed) {
        Ok(sheet) => sheet,
        Err(errors) => {
            let sentences: Vec<_> = errors.iter().map(ToString::to_string).collect();
            bail!(
                "{}; nyota.yaml has them under gateways",
                sentences.join("; ")
            )
        }
    };
    match output {
        Some(file) => {
            fs::write(file, sheet)
                .with_context(|| format!("{} cannot be written", file.display()))?;
        }
        None => print!("{sheet}"),
    }
    Ok(ExitCode::SUCCESS)
}

async fn requests(settings: &Settings, name: &str, format: Format) -> anyhow::Result<ExitCode> {
    let taken: Vec<Taken> = ask(settings, &format!("{name}/requests")).await?;
    match format {
        Format::Json => {
            let printed = serde_json::to_string_pretty(&taken);
            println!("{}", printed.context("the requests could not be printed")?);
        }
        Format::Text if taken.is_empty() => {
            println!("No request has come to {name} since nyota was started.");
        }
        Format::Text => print!("{}", table(name, &taken)),
    }
    Ok(ExitCode::SUCCESS)
}

fn table(name: &str, taken: &[Taken]) -> String {
    let head = ["id", "time (UTC)", "request", "status", "took", "outcome"].map(str::to_owned);
    let rows = taken.iter().map(|taken| {
        let path = if taken.request.path == "/" {
            ""
        } else {
            taken.request.path.as_str()
        };
        let outcome = match &taken.refused {
            Some(why) => format!("refused: {why}"),
            None => taken.event.clone(),
        };
        [
            taken.id.to_string(),
            taken.at.format("%H:%M:%S").to_string(),
            format!("{} /{}/{name}{path}", taken.request.method, taken.channel),
            taken.status.to_string(),
            format!("{:.1} ms", taken.took),
            outcome,
        ]
    });
    columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}

/// Asks the server that runs.
async fn ask<T: serde::de::DeserializeOwned>(settings: &Settings, path: &str) -> anyhow::Result<T> {
    let address = format!("http://{}", settings.listen);
    let asked = http_client()?.get(format!("{address}/api/v1/gateways/{path}"));
    let Ok(answer) = asked.send().await else {
        bail!("no nyota listens at {address}; start one with `nyota serve`");
    };
    if !answer.status().is_success() {
        let status = answer.status();
        let sentence = answer.text().await.unwrap_or_default();
        bail!("{address} answered {status}: {}", sentence.trim());
    }
    answer
        .json()
        .await
        .context("what listens there does not answer as this version of nyota does")
}

async fn record(
    settings: &Settings,
    (name, id): (&str, u64),
    output: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let taken: Taken = ask(settings, &format!("{name}/requests/{id}")).await?;
    let known = Known::read(settings)?;
    let contract = known.contract(name);
    let profile = known.profile(&contract)?;
    let vector = match vectors::record(profile, &known.given(&contract), &recorded(&taken)) {
        Ok(vector) => vector,
        Err(why) => {
            println!("No vector was made of request {id}: {why}");
            return Ok(ExitCode::from(1));
        }
    };
    let file = match output {
        Some(file) => file.to_owned(),
        None => settings.gateways.join(profile.name()).join("recorded.json"),
    };
    append(&file, &vector)?;
    println!(
        "Request {id} is a vector in {} now. It passes.",
        file.display()
    );
    Ok(ExitCode::SUCCESS)
}

fn recorded(taken: &Taken) -> Recorded<'_> {
    let shown = taken.shown.as_ref();
    let go = shown.and_then(|shown| shown.go.as_deref());
    let mut name = format!(
        "{}/{}/recorded {}",
        taken.profile,
        taken.channel,
        taken.at.format("%Y-%m-%d %H:%M:%S")
    );
    // Writing to a String cannot fail.
    _ = write!(name, ", {}, number {}", taken.event, taken.id);
    Recorded {
        name,
        channel: if taken.channel == "sms" {
            Channel::Sms
        } else {
            Channel::Ussd
        },
        request: &taken.request,
        event: &taken.event,
        refused: taken.refused.is_some(),
        session: shown
            .filter(|shown| shown.known)
            .map(|shown| shown.kept.as_slice()),
        pages: shown.map_or(1, |shown| shown.pages),
        go: go.and_then(Go::from_word),
    }
}

fn append(file: &Path, vector: &str) -> anyhow::Result<()> {
    let before = match fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", file.display()));
        }
    };
    let Some(whole) = vectors::appended(before.as_deref(), vector) else {
        bail!(
            "{} is no list of vectors in JSON; name another file with --output",
            file.display()
        );
    };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    fs::write(file, whole).with_context(|| format!("{} cannot be written", file.display()))
}

/// Rows in columns; the last is as wide as it likes.
fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}
