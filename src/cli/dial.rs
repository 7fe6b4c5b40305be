use std::{
    io::{BufRead, Write},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};

use super::{
    Contracts, Demo, DemoOptions, http_client, logs,
    phone::{Display, Phone},
};
use crate::{
    catalogue::read_files,
    config::{Secret, Settings},
    gateway::profile::{self as profile, Account, Profile},
    model::{Msisdn, ServiceCode},
};

/// How long an SMS is waited for after a dialogue.
const INBOX: Duration = Duration::from_secs(2);
/// How long our own server may take for what it has promised: the slow demo scheme takes ten seconds
/// for each answer.
const PROMISED: Duration = Duration::from_secs(25);

/// A phone in the terminal. It dials the nyota that listens where the settings say; where none does
/// it starts one for the time of the call, on the same data.
pub(super) async fn dial(
    settings: &Settings,
    code: &str,
    phone: &str,
    gateway: &str,
    keys: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let configured = settings.gateway_settings.get(gateway);
    let secret = configured.and_then(|configured| configured.secret.as_ref());
    let gateway = account(settings, gateway)?;
    let code = ServiceCode::parse(code).with_context(|| format!("{code} cannot be dialled"))?;
    let phone = Msisdn::parse(phone).context("--phone cannot be used")?;
    settings.check(false)?;
    let client = http_client()?;
    let running = format!("http://{}", settings.listen);
    let (base, own) = if is_nyota(&client, &running).await {
        (running, None)
    } else {
        drop(logs::start("warn"));
        let demo = Demo::start(DemoOptions::of(settings)?.on_any_port()).await?;
        (demo.address(), Some(demo))
    };
    let phone = Phone::new(client, &base, gateway, phone);
    let mut phone = phone.knowing(secret.map(Secret::expose));
    let mut called = call(&mut phone, &code, keys).await;
    if let Some(demo) = own {
        if demo.settle(Duration::ZERO).await.is_err() {
            println!(
                "Waiting for what was promised by SMS. Ctrl-C does not wait; the next start goes on."
            );
        }
        demo.settle(PROMISED).await.ok();
        called = called.and(read_inbox(&mut phone).await);
        demo.stop().await;
    } else {
        called = called.and(read_inbox(&mut phone).await);
        println!("Later SMS are in the simulator's inbox: {base}/simulator");
    }
    called.map(|()| ExitCode::SUCCESS)
}

/// How the gateway of that name speaks.
fn account(settings: &Settings, name: &str) -> anyhow::Result<Arc<Account>> {
    let sources = read_files(&settings.gateways).context("no gateway to dial through was found")?;
    let profiles = Profile::compile(&sources).profiles;
    let contracts = Contracts::of(settings);
    let contract = contracts
        .contracts
        .iter()
        .find(|contract| contract.name == name);
    let wanted = contract.map_or(name, |contract| &contract.profile);
    let mut known: Vec<_> = profiles.iter().map(Profile::name).collect();
    known.extend(
        contracts
            .contracts
            .iter()
            .map(|contract| contract.name.as_str()),
    );
    known.sort_unstable();
    known.dedup();
    let known = known.join(", ");
    let Some(profile) = profiles.iter().find(|profile| profile.name() == wanted) else {
        bail!("there is no gateway {name} to dial through; known: {known}");
    };
    let given = profile::Given {
        name: name.to_owned(),
        settings: contract
            .map(|contract| contract.settings.clone())
            .unwrap_or_default(),
        public: contracts
            .public
            .unwrap_or_else(|| format!("http://{}", settings.listen)),
        code: contract.and_then(|contract| contract.code.clone()),
        secret: contract
            .and_then(|contract| contract.secret.as_ref())
            .map(|secret| secret.text().to_owned()),
        ..profile::Given::default()
    };
    match Account::new(Arc::new(profile.clone()), given) {
        Ok(account) => Ok(Arc::new(account)),
        Err(errors) => {
            let sentences: Vec<_> = errors.iter().map(ToString::to_string).collect();
            bail!(
                "{}; nyota.yaml has them under gateways",
                sentences.join("; ")
            )
        }
    }
}

async fn is_nyota(client: &reqwest::Client, base: &str) -> bool {
    let world = client.get(format!("{base}/simulator/world")).send().await;
    world.is_ok_and(|answer| answer.status().is_success())
}

async fn call(phone: &mut Phone, code: &ServiceCode, keys: Option<&str>) -> anyhow::Result<()> {
    phone.skip_inbox().await?;
    println!("dial {code}");
    let mut display = phone.dial(code).await?;
    show(&display);
    let mut scripted = keys.map(|keys| keys.split_whitespace());
    while !display.last {
        let typed = match &mut scripted {
            Some(keys) => keys.next().map(str::to_owned),
            None => read_line()?,
        };
        let Some(typed) = typed else { break };
        if scripted.is_some() {
            println!("> {typed}");
        }
        display = phone.press(&typed).await?;
        show(&display);
    }
    Ok(())
}

async fn read_inbox(phone: &mut Phone) -> anyhow::Result<()> {
    while let Some(sms) = phone.next_sms(INBOX).await? {
        framed("SMS", &sms.text);
    }
    Ok(())
}

/// A line from the terminal; `None` where it was closed, which hangs up.
fn read_line() -> anyhow::Result<Option<String>> {
    print!("> ");
    std::io::stdout().flush()?;
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim().to_owned()))
}

fn show(display: &Display) {
    framed(if display.last { "end" } else { "page" }, &display.text);
}

/// A frame as wide as a small phone's display, and wider where a line is.
fn framed(title: &str, text: &str) {
    let longest = text.lines().map(|line| line.chars().count()).max();
    let width = longest.unwrap_or_default().max(24);
    println!(
        "+- {title} {}+",
        "-".repeat(width.saturating_sub(title.len() + 1))
    );
    for line in text.lines() {
        println!("| {line:width$} |");
    }
    println!("+{}+", "-".repeat(width + 2));
}
