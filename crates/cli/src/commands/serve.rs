//! `clearway serve`

use crate::args::ServeArgs;
use crate::embedded::EXAMPLES;
use crate::failure::Failure;
use crate::{interrupt, memory};
use clearway::PlanRequest;
use clearway_artifacts::{Artifacts, Disclosure, FolderKind};
use clearway_serve::{
    AccountOrder, ProjectStore, Role, ServeSettings, SharedApp, TlsFiles, add_demo, description, serve,
};
use std::io::BufRead;
use std::net::SocketAddr;

pub fn run(args: &ServeArgs) -> Result<(), Failure> {
    if args.openapi {
        let description = description().and_then(|described| serde_json::to_string_pretty(&described));
        say!("{}", description.map_err(|error| Failure::Argument(error.to_string()))?);
        return Ok(());
    }
    if let Some(name) = &args.add_admin {
        return add_admin(args, name);
    }
    let _kept = interrupt::heeded();
    let address = SocketAddr::new(args.address, args.port);
    let scheme = if args.tls_cert.is_some() { "https" } else { "http" };
    let mut demo = Ok(());
    let served = serve(&args.folder, address, settings(args), &interrupt::cancel(), |ready, app| {
        if args.demo {
            demo = begin_demo(app);
        }
        say!(
            "projects: {}\nlook at:  {scheme}://{}/\nCtrl-C ends it; what runs then is interrupted, and everything else is kept",
            args.folder.display(),
            ready.address
        );
    });
    demo?;
    Ok(served?)
}

fn settings(args: &ServeArgs) -> ServeSettings {
    let mut settings = ServeSettings {
        behind_proxy: args.behind_proxy.is_some(),
        tls: args
            .tls_cert
            .clone()
            .zip(args.tls_key.clone())
            .map(|(certificates, key)| TlsFiles { certificates, key }),
        most_file_bytes: args.most_upload.as_u64(),
        workers: args.workers,
        threads: args.threads,
        memory_bytes: memory::allowed(args.memory).map(|bytes| bytes.as_u64()),
        ..ServeSettings::default()
    };
    let names = args.behind_proxy.iter().chain(&args.tls_name);
    settings.hosts.extend(names.map(|name| name.to_lowercase()));
    settings
}

/// The example of the demo as a project.
fn begin_demo(app: &SharedApp) -> Result<(), Failure> {
    let Some(example) = EXAMPLES.first() else { return Ok(()) };
    let files = example.files.iter().map(|(name, bytes)| (*name, *bytes));
    let artifacts = Artifacts::new(FolderKind::Scenario, Disclosure::Full, files);
    let mut request = PlanRequest::default();
    request.routes_per_zone = example.routes_per_zone;
    Ok(add_demo(app, "Helsinki", &artifacts, request)?)
}

/// The first account, from a terminal: nobody can make it over the network.
fn add_admin(args: &ServeArgs, name: &str) -> Result<(), Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| {
        Failure::Argument(format!("the password cannot be read from standard input: {error}"))
    })?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    let order =
        AccountOrder { name: name.to_owned(), role: Role::Admin, password: Some(password), active: true };
    let store = ProjectStore::open(&args.folder)?;
    store.put_account("clearway serve --add-admin", &order)?;
    say!("{name} is an admin of {}; from now on everybody signs in", args.folder.display());
    Ok(())
}
