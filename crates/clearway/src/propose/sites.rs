//! `propose_sites`: places of a road map that might receive people.

use crate::error::Error;
use crate::given_maps::{hazard_outlines, outlines};
use crate::input::InputFile;
use crate::session::Session;
use clearway_compose::{ProposedSites, SiteProposalInputs};
use clearway_import::{ImportWatch, import_receiving_places};
use clearway_model::{Faults, ReceivingKind, Store, counted, grouped};
use clearway_vector::MapRole;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What proposals of receiving sites are made from, beside the store with the road map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ProposeSitesRequest {
    /// The map's file in the store, one of OpenStreetMap: `.osm.pbf`, `.osm`, `.osm.gz`.
    pub map: Option<String>,
    /// Polygons of the area that people leave, in any format of [`ComposeRequest::area`](crate::ComposeRequest::area).
    pub area: Option<InputFile>,
    /// Hazards, from which distances are measured whatever their times, in any format of
    /// [`ComposeRequest::hazards`](crate::ComposeRequest::hazards).
    pub hazards: Option<InputFile>,
    /// How far around the footprint of a detected fire belongs to it, m; `None`: 0. Unused for other hazards.
    pub fire_buffer_m: Option<f64>,
    /// Farthest from the area, m.
    pub within_m: f64,
}

impl Default for ProposeSitesRequest {
    fn default() -> Self {
        Self { map: None, area: None, hazards: None, fire_buffer_m: None, within_m: 20_000.0 }
    }
}

/// Proposals of receiving sites.
#[derive(Debug)]
#[non_exhaustive]
pub struct SiteProposals {
    /// The places, and what was left out.
    pub proposed: ProposedSites,
}

/// Lists the places of a road map that might receive people: shelters, assembly points, schools, halls, places of worship, each with its
/// area and a capacity that follows from it. None counts before somebody writes `yes` in the table's column `use`, and none is called safe.
///
/// # Errors
/// [`Error::Request`] without an area or with a distance that is none; [`Error::Invalid`] with all faults of area and hazards, and where
/// there is no such place; [`Error::Import`] for a map that cannot be read or is none of OpenStreetMap; [`Error::Cancelled`].
///
/// ```
/// use clearway::{InputFile, MemoryStore, ProposeSitesRequest, Session, propose_sites};
///
/// // A sports hall of 100 m x 100 m, and an area beside it.
/// let map = r#"<osm version="0.6">
///   <node id="1" lon="0.01" lat="0"/><node id="2" lon="0.0108983" lat="0"/>
///   <node id="3" lon="0.0108983" lat="0.0009044"/><node id="4" lon="0.01" lat="0.0009044"/>
///   <way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="leisure" v="sports_hall"/></way>
/// </osm>"#;
/// let store: MemoryStore = [("map.osm", map)].into_iter().collect();
/// let mut request = ProposeSitesRequest::default();
/// request.map = Some("map.osm".to_owned());
/// request.area = Some(InputFile::new(
///     "area.geojson",
///     r#"{"type": "Polygon", "coordinates": [[[-0.01, -0.01], [0.001, -0.01], [0.001, 0.01], [-0.01, 0.01], [-0.01, -0.01]]]}"#,
/// ));
/// let answer = propose_sites(&Session::new(), &request, &store)?;
/// let hall = &answer.proposed.sites[0];
/// // 10,000 m2 at 5.5, 3.5 and 1.858 m2 per person
/// assert_eq!(hall.capacity, Some([Some(1_818), Some(2_857), Some(5_382)]));
/// # Ok::<(), clearway::Error>(())
/// ```
pub fn propose_sites(
    session: &Session,
    request: &ProposeSitesRequest,
    roads: &dyn Store,
) -> Result<SiteProposals, Error> {
    let Some(area) = &request.area else {
        return Err(Error::Request("expected an area, from which distances are measured".to_owned()));
    };
    if !(request.within_m >= 0.0 && request.within_m.is_finite()) {
        return Err(Error::Request("within_m: expected a distance of 0 m or more".to_owned()));
    }
    let mut faults = Faults::default();
    let area = outlines(area, MapRole::Area, &mut faults);
    let hazards = request.hazards.as_ref();
    let hazards = hazards.and_then(|file| hazard_outlines(file, request.fire_buffer_m, &mut faults));
    let (Some(area), false) = (area, faults.has_errors()) else {
        return Err(Error::Invalid { of: CANNOT.to_owned(), faults });
    };
    let progress = session.progress();
    let tell = |stage: &str, share: f64| progress.tell(stage, share);
    let watch = ImportWatch { progress: &tell, cancel: session.cancel() };
    let (places, left_out) = import_receiving_places(roads, request.map.as_deref(), watch)?;
    let inputs = SiteProposalInputs {
        places,
        left_out,
        area,
        hazards,
        within_m: request.within_m,
        cancel: session.cancel().clone(),
    };
    let mut proposed = clearway_compose::propose_sites(inputs)
        .map_err(|error| Error::of_compose(CANNOT.to_owned(), error))?;
    // what was left out of the maps comes first
    proposed.warnings.0.splice(0..0, faults.0);
    Ok(SiteProposals { proposed })
}

const CANNOT: &str = "no sites can be proposed";

/// What the places of one kind come to. What lies in a larger proposal is counted once, with the larger one.
#[derive(Debug, Default, Clone, Copy)]
struct KindTotal {
    places: i64,
    with_area: i64,
    m2: f64,
    capacity: [i64; 3],
}

impl SiteProposals {
    /// The table, as `sites` of a [`ComposeRequest`](crate::ComposeRequest) take it.
    pub fn csv(&self) -> Vec<u8> {
        self.proposed.csv()
    }

    /// How many places of which kind, their areas and capacities, and what was left out, for a terminal.
    pub fn in_words(&self) -> String {
        let proposed = &self.proposed;
        let mut kinds: BTreeMap<ReceivingKind, KindTotal> = BTreeMap::new();
        let mut all = KindTotal::default();
        for site in &proposed.sites {
            for total in [kinds.entry(site.kind).or_default(), &mut all] {
                total.places += 1;
                if let (Some(m2), None) = (site.area_m2, &site.lies_in) {
                    let [low, usual, high] = site.capacity.unwrap_or_default();
                    total.with_area += 1;
                    total.m2 += m2;
                    let usual = usual.unwrap_or(0);
                    let ends = [low.unwrap_or(usual), usual, high.unwrap_or(usual)];
                    total.capacity = [0, 1, 2].map(|end: usize| total.capacity[end] + ends[end]);
                }
            }
        }
        let mut lines = vec![format!(
            "{} that might receive people, within {} km of the area",
            counted(all.places, "place", "places"),
            proposed.within_m / 1000.0
        )];
        lines.push(format!(
            "{:<18} {:>8} {:>10} {:>12}  people by area (range)",
            "kind", "places", "with area", "m2"
        ));
        let rows = kinds.iter().map(|(kind, total)| (kind.word(), total));
        for (word, total) in rows.chain([("all", &all)]) {
            let [low, usual, high] = total.capacity.map(grouped);
            #[allow(clippy::cast_possible_truncation)]
            let m2 = grouped(total.m2.round() as i64);
            lines.push(format!(
                "{word:<18} {:>8} {:>10} {m2:>12}  {usual} ({low} to {high})",
                grouped(total.places),
                grouped(total.with_area)
            ));
        }
        let count = |of: &dyn Fn(&clearway_compose::ProposedSite) -> bool| {
            proposed.sites.iter().filter(|site| of(site)).count()
        };
        let doubles = count(&|site| site.lies_in.is_some());
        if doubles > 0 {
            lines.push(format!("{doubles} lie in a larger one of them; areas and people count those once"));
        }
        lines.push(format!("{} lie in the area itself", count(&|site| site.area_distance_m == 0.0)));
        if proposed.sites.iter().any(|site| site.hazard.is_some()) {
            let within = count(&|site| site.hazard.as_ref().is_some_and(|(_, m)| *m == 0.0));
            lines.push(format!("{within} lie in a hazard or touch one"));
        }
        if proposed.too_far > 0 {
            lines.push(format!("{} lie farther away and are left out", proposed.too_far));
        }
        if !proposed.left_out.is_empty() {
            let listed = proposed.left_out.iter().map(|(tag, count)| format!("{tag} {count}"));
            lines.push(format!("left out by their tags: {}", listed.collect::<Vec<_>>().join(", ")));
        }
        lines.push(
            "none is used before yes stands in its column use, and none is called safe: whether a place stands, is open and can be reached, \
             people on the spot know"
                .to_owned(),
        );
        lines.join("\n")
    }
}
