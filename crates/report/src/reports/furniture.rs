//! What a map needs around it, as the humanitarian community makes maps: title, scale bar, north, legend, sources, date, creator,
//! disclaimer.

use super::drawing::{MapPicture, left_out};
use super::frame::Html;
use super::local::LocalFormat;
use super::messages::Messages;
use crate::ReportError;
use clearway_model::Settings;
use serde::Serialize;

/// A map with all that stands around it, as templates show it.
#[derive(Debug, Default, Serialize)]
pub(crate) struct MapFigure {
    title: Html,
    svg: Html,
    width_px: i32,
    bar_percent: String,
    bar_label: String,
    /// Class of a mark, and what it means.
    legend: Vec<(&'static str, Html)>,
    /// What was left out to keep the page small; may be empty.
    left_out: Html,
    /// Sources, date, creator, grid, disclaimer.
    notes: Html,
}

/// Marks that a legend can explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MapMark {
    Way,
    Used,
    Critical,
    Zone,
    OwnZone,
    /// The district that the map is of.
    District,
    Site,
    /// A road by the largest share of its capacity that enters it, by grade from 0.
    Share(usize),
    /// A zone with fewer than two ways out.
    SingleWay,
    /// A zone with fewer than two ways out once hazards have closed roads.
    SingleWayInHazard,
}

impl MapMark {
    fn key(self) -> (&'static str, &'static str) {
        match self {
            Self::Way => ("way-mark", "common.map.way"),
            Self::Used => ("used-mark", "common.map.used"),
            Self::Critical => ("critical-mark", "common.map.critical"),
            Self::Zone => ("zone-mark", "common.map.zone"),
            Self::OwnZone => ("own-mark", "common.map.own_zone"),
            Self::District => ("district-mark", "common.map.district"),
            Self::Site => ("site-mark", "common.map.site"),
            Self::Share(0) => ("g0-mark", "common.map.share_low"),
            Self::Share(1) => ("g1-mark", "common.map.share_middle"),
            Self::Share(_) => ("g2-mark", "common.map.share_high"),
            Self::SingleWay => ("single-mark", "common.map.single"),
            Self::SingleWayInHazard => ("single-later-mark", "common.map.single_in_hazard"),
        }
    }
}

/// Puts a picture and its furniture together.
pub(crate) fn map_figure(
    messages: &Messages,
    local: &LocalFormat<'_>,
    settings: &Settings,
    date: &str,
    title: Html,
    marks: &[MapMark],
    picture: MapPicture,
) -> Result<MapFigure, ReportError> {
    let mut legend = Vec::new();
    for mark in marks {
        let (class, key) = mark.key();
        legend.push((class, messages.html(key, &[])?));
    }
    if picture.has_hazards {
        legend.push(("hazard-mark", messages.html("common.map.hazard", &[])?));
    }
    legend.push(("road-mark", messages.html("common.map.road", &[])?));
    let left_out = match left_out(&picture) {
        Some((shown, all)) => {
            let count = |value: i64| Html::text(local.count(value));
            messages.html("common.map.left_out", &[("shown", count(shown)), ("all", count(all))])?
        }
        None => Html::default(),
    };
    let sources: Vec<String> =
        settings.attribution.iter().map(|line| Html::name(line).into_string()).collect();
    let sources = if sources.is_empty() {
        messages.html("common.map.no_sources", &[])?
    } else {
        Html::raw(sources.join("; "))
    };
    let day = local.day(date)?;
    let day = if day.is_empty() { messages.text("common.frame.date_blank")?.to_owned() } else { day };
    let notes = messages.html(
        "common.map.notes",
        &[("sources", sources), ("date", Html::text(day)), ("creator", Html::name(clearway_model::TOOL))],
    )?;
    let disclaimer = messages.html("common.map.disclaimer", &[])?;
    Ok(MapFigure {
        title,
        svg: Html::raw(picture.svg),
        width_px: picture.width_px,
        bar_percent: picture.bar.0,
        bar_label: picture.bar.1,
        legend,
        left_out,
        notes: Html::raw(format!("{} {}", notes.as_str(), disclaimer.as_str())),
    })
}
