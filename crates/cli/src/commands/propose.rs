//! `clearway propose`

use super::{given, input};
use crate::args::{ProposeFleetArgs, ProposePeopleArgs, ProposeSitesArgs, ProposeVerb};
use crate::failure::{Failure, faults_text};
use crate::output::OutputFile;
use crate::session::usual;
use clearway::{
    FolderStore, ProposeFleetRequest, ProposePeopleRequest, ProposeSitesRequest, propose_fleet,
    propose_people, propose_sites,
};

pub fn run(verb: &ProposeVerb) -> Result<(), Failure> {
    match verb {
        ProposeVerb::Sites(args) => sites(args),
        ProposeVerb::Fleet(args) => fleet(args),
        ProposeVerb::People(args) => people(args),
    }
}

fn sites(args: &ProposeSitesArgs) -> Result<(), Failure> {
    let inputs = given([Some(args.roads.as_path()), Some(args.area.as_path()), args.hazards.as_deref()]);
    let output = OutputFile::new(&args.out, args.replace, &inputs)?;
    let (folder, map) = FolderStore::beside(&args.roads);
    let mut request = ProposeSitesRequest::default();
    request.map = map;
    request.area = Some(input(&args.area)?);
    request.hazards = args.hazards.as_deref().map(input).transpose()?;
    request.fire_buffer_m = args.fire_buffer;
    request.within_m = args.within_km * 1000.0;
    let proposals = propose_sites(&usual(), &request, &folder)?;
    output.write(&proposals.csv())?;
    if !proposals.proposed.warnings.0.is_empty() {
        tell!("{}", faults_text("what was given", &proposals.proposed.warnings));
    }
    say!("{}", proposals.in_words());
    say!("written to {0}; after yes in the column use: clearway new DIR ... --sites {0}", args.out.display());
    Ok(())
}

fn fleet(args: &ProposeFleetArgs) -> Result<(), Failure> {
    let output = OutputFile::new(&args.out, args.replace, &[&args.dir, &args.gtfs])?;
    let mut request = ProposeFleetRequest::default();
    request.feed = Some(input(&args.gtfs)?);
    request.date.clone_from(&args.date);
    let proposals = propose_fleet(&usual(), &request, &FolderStore::new(&args.dir))?;
    output.write(&proposals.csv()?)?;
    say!("{}", proposals.in_words());
    say!("written to {0}; then: clearway groups {1} ... --fleet {0}", args.out.display(), args.dir.display());
    Ok(())
}

fn people(args: &ProposePeopleArgs) -> Result<(), Failure> {
    let output = OutputFile::new(&args.out, args.replace, &[&args.buildings, &args.area])?;
    let (folder, map) = FolderStore::beside(&args.buildings);
    let mut request = ProposePeopleRequest::default();
    request.map = map;
    request.area = Some(input(&args.area)?);
    request.people = args.people;
    let proposals = propose_people(&usual(), &request, &folder)?;
    output.write(&proposals.csv())?;
    if !proposals.proposed.warnings.0.is_empty() {
        tell!("{}", faults_text("what was given", &proposals.proposed.warnings));
    }
    say!("{}", proposals.in_words());
    say!("written to {0}; then: clearway new DIR ... --population {0}", args.out.display());
    Ok(())
}
