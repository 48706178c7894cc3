//! `clearway resolve`

use super::input;
use crate::args::{ResolveArgs, UnitName};
use crate::failure::Failure;
use crate::output::Output;
use crate::session::usual;
use clearway::{FloodRequest, FolderStore, HazardRaster, ResolveRequest, TimeUnit, resolve};
use clearway_artifacts::FolderKind;

pub fn run(args: &ResolveArgs) -> Result<(), Failure> {
    let mut request = ResolveRequest::default();
    request.raster = raster(args)?;
    if let Some(id) = &args.hazard_id {
        request.hazard_id.clone_from(id);
    }
    if let Some(terrain) = &args.terrain {
        let mut flood = FloodRequest::new(input(terrain)?, args.level.clone());
        flood.water = args.water.as_deref().map(input).transpose()?;
        if let Some(id) = &args.hazard_id {
            flood.hazard_id.clone_from(id);
        }
        request.flood = Some(flood);
    }
    let resolved = resolve(&usual(), &request, &FolderStore::new(&args.dir))?;
    Output::of(&args.dir, FolderKind::Scenario)?.update(&resolved.files())?;
    say!("{}", resolved.in_words());
    Ok(())
}

/// The raster, if one is given.
fn raster(args: &ResolveArgs) -> Result<Option<HazardRaster>, Failure> {
    Ok(match (&args.arrival, &args.depth) {
        (Some(path), _) => {
            let Some(unit) = args.unit else {
                let text = "arrival times need their unit: --unit s, min or h; a raster does not say it";
                return Err(Failure::Argument(text.to_owned()));
            };
            Some(HazardRaster::Arrival { file: input(path)?, unit: unit.into(), lasts_ms: args.until })
        }
        (None, Some(path)) => {
            let from_ms = args.from.unwrap_or(0);
            if args.until.is_some_and(|until| until <= from_ms) {
                return Err(Failure::Argument("--until has to be after --from".to_owned()));
            }
            Some(HazardRaster::Depth { file: input(path)?, from_ms, until_ms: args.until })
        }
        (None, None) => None,
    })
}

impl From<UnitName> for TimeUnit {
    fn from(name: UnitName) -> Self {
        match name {
            UnitName::S => Self::Second,
            UnitName::Min => Self::Minute,
            UnitName::H => Self::Hour,
        }
    }
}
