//! `clearway export`

use crate::args::{ExportArgs, ExportFormatName};
use crate::failure::Failure;
use crate::interrupt;
use crate::output::{Output, OutputFile};
use crate::session::usual;
use clearway::{ExportFormat, ExportRequest, FolderStore, export};
use clearway_artifacts::FolderKind;

pub fn run(args: &ExportArgs) -> Result<(), Failure> {
    let mut request = ExportRequest::new(format(args.format));
    request.full = args.full;
    request.with_events = args.events;
    if args.events && request.format != ExportFormat::Matsim {
        let word = request.format.word();
        return Err(Failure::Argument(format!(
            "--events goes with --format matsim, not {word}, which has no place for them"
        )));
    }
    let folder = FolderStore::new(&args.plan);
    let inputs = [args.plan.as_path()];
    if !request.makes_folder(&folder) {
        let output = OutputFile::new(&args.out, args.replace, &inputs)?;
        let _kept = interrupt::heeded();
        let exported = export(&usual(), &folder, &request)?;
        let artifacts = exported.artifacts();
        let bytes = artifacts.files().first().map(|file| file.bytes.as_slice());
        output.write(bytes.unwrap_or_default())?;
        say!("{}", exported.in_words());
    } else {
        let output = Output::new(&args.out, FolderKind::Export, args.replace, &inputs)?;
        let _kept = interrupt::heeded();
        let exported = export(&usual(), &folder, &request)?;
        output.write(&exported.artifacts())?;
        say!("{}", exported.in_words());
    }
    say!("written to {}", args.out.display());
    Ok(())
}

fn format(name: ExportFormatName) -> ExportFormat {
    match name {
        ExportFormatName::Gpkg => ExportFormat::Gpkg,
        ExportFormatName::Xlsx => ExportFormat::Xlsx,
        ExportFormatName::Kml => ExportFormat::Kml,
        ExportFormatName::Gmns => ExportFormat::Gmns,
        ExportFormatName::Sumo => ExportFormat::Sumo,
        ExportFormatName::Matsim => ExportFormat::Matsim,
        ExportFormatName::Geoparquet => ExportFormat::Geoparquet,
        ExportFormatName::Cap => ExportFormat::Cap,
    }
}
