use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};

use super::{Database, http_client, logs};
use crate::{
    model::SystemClock,
    payment::gepg::{KeyFile, Paths, Trusted},
    sandbox::{self, Gateway, Misbehaviour},
};

/// The demo's outside world, by itself.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// A GePG for integrators who have none: both versions of its messages, signed, over HTTP.
    ///
    /// Bills that are submitted to it get control numbers, which it posts to the callback address at
    /// /bill; payments come at /payment, a day's payments at /reconciliation. Pay with
    /// `curl -d number=991000000001 -d phone=255700000001 http://127.0.0.1:8090/sandbox/pay`, with
    /// `-d amount=29000` for another amount than the bill's. What it does wrong can be changed while it
    /// runs: `curl -d as=late,twice http://127.0.0.1:8090/sandbox/misbehave`. It keeps its keys and its
    /// bills in a folder and runs until Ctrl-C.
    Gepg(Arguments),
}

/// How it runs.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
    /// The address that your webhooks have in common.
    #[arg(
        long,
        default_value = "http://127.0.0.1:8080/payments/gepg",
        value_name = "ADDRESS"
    )]
    callback: String,
    /// The folder of its keys and bills; both are made where they are missing.
    #[arg(long, default_value = "data/sandbox-gepg", value_name = "FOLDER")]
    folder: PathBuf,
    /// Your certificate or public key, PEM or PKCS#12 without a password. Without it you sign with the
    /// private key that is made in the folder.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The service provider whose bills it takes.
    #[arg(long, default_value = "SP99999", value_name = "CODE")]
    sp_code: String,
    /// How many milliseconds it takes to give a number.
    #[arg(long, default_value_t = 400, value_name = "MILLISECONDS")]
    answer_after: u64,
    /// How many milliseconds late it is where it is to be late.
    #[arg(long, default_value_t = 60_000, value_name = "MILLISECONDS")]
    late_by: u64,
    /// What it does wrong, with commas between: late, twice, other-amount, partial, other-currency,
    /// unknown-bill, wrong-signature, lost-notice, too-many, configuration, time-out, at-once, refuse,
    /// not-ready.
    #[arg(long, value_delimiter = ',', value_name = "WHAT")]
    misbehave: Vec<Misbehaviour>,
}

pub(super) async fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Gepg(arguments) => gepg(arguments).await,
    }
}

async fn gepg(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    drop(logs::start("info"));
    let keys = sandbox::Keys::load_or_make(&arguments.folder).await?;
    let public = arguments.folder.join("gateway-public.pem");
    fs::write(&public, keys.gateway_public_pem()?)
        .with_context(|| format!("{} could not be written", public.display()))?;
    let gateway_keys = match &arguments.certificate {
        Some(file) => keys.of_gateway_for(trusted(file)?)?,
        None => keys.of_gateway()?,
    };
    let database = Database::in_file(&arguments.folder.join("gateway.db"));
    let (store, _sealer) = database.open().await?;
    let options = sandbox::Options {
        listen: arguments.listen,
        answer_after_millis: arguments.answer_after,
        late_by_millis: arguments.late_by,
        sp_code: arguments.sp_code.clone(),
        misbehave: arguments.misbehave.clone(),
    };
    let gateway = Gateway::start(
        options,
        &arguments.callback,
        Arc::new(gateway_keys),
        (store, Arc::new(SystemClock)),
        http_client()?,
    );
    let gateway = gateway.await?;
    welcome(&gateway, arguments, &public);
    tokio::signal::ctrl_c()
        .await
        .context("Ctrl-C cannot be waited for")?;
    Ok(ExitCode::SUCCESS)
}

fn trusted(file: &Path) -> anyhow::Result<Vec<Trusted>> {
    let name = file.display().to_string();
    let bytes = fs::read(file).with_context(|| format!("{name} cannot be read"))?;
    let found = KeyFile::new(&name, &bytes).trusted()?;
    if found.is_empty() {
        bail!("{name} holds no certificate");
    }
    Ok(found)
}

fn welcome(gateway: &Gateway, arguments: &Arguments, public: &Path) {
    let address = gateway.address();
    println!("A sandbox of GePG: no real money.");
    println!();
    println!("  Submit bills to    {address}{}", Paths::v4().submit);
    println!("  or, in version 5,  {address}{}", Paths::v5().submit);
    println!(
        "  It posts to        {}/bill, /payment, /reconciliation",
        arguments.callback
    );
    println!("  Its public key     {}", public.display());
    if arguments.certificate.is_none() {
        let own = arguments.folder.join("demo-provider.pem");
        println!("  Your private key   {}", own.display());
    }
    println!("  Your code          {}", arguments.sp_code);
    if !arguments.misbehave.is_empty() {
        let wrong = arguments.misbehave.iter().map(|kind| kind.as_str());
        println!(
            "  It does wrong      {}",
            wrong.collect::<Vec<_>>().join(", ")
        );
    }
    println!();
    println!(
        "  Pay a number       curl -d number=991000000001 -d phone=255700000001 {address}/sandbox/pay"
    );
    println!("  Ctrl-C ends it.");
}
