//! How QGIS draws the layers of a GeoPackage, as its own style files (QML): rules with their legend, labels, and time for what moves.

use crate::cells::{ExportCell, ExportTable};
use crate::xml::escaped;
use clearway_model::grouped;
use std::fmt::Write;

/// A rule: whom it draws, what the legend says, how.
struct StyleRule {
    filter: String,
    label: String,
    symbol: String,
}

fn rule(filter: impl Into<String>, label: impl Into<String>, symbol: String) -> StyleRule {
    StyleRule { filter: filter.into(), label: label.into(), symbol }
}

/// The style of a layer.
pub(crate) fn style(table: &ExportTable) -> String {
    match table.name {
        "zones" if table.shape == Some(crate::shape::ShapeKind::Point) => {
            let marker = marker("circle", "31,78,121,255", "3");
            document(&[rule("", "Zone", marker)], &label_beside("name", "31,78,121,255", 9), "")
        }
        "zones" => zones(),
        "outlines" => document(
            &[rule("", "Outline", fill("120,120,120,20", "120,120,120,255", "0.3", "solid"))],
            "",
            "",
        ),
        "hazards" => {
            let hatch = fill("176,0,32,255", "176,0,32,255", "0.5", "b_diagonal");
            document(&[rule("", "Hazard, as given", hatch)], &label("name", "176,0,32,255", 9), "")
        }
        "sites" => {
            let square = marker("square", "0,110,84,255", "4");
            document(
                &[rule("", "Site: people are received", square)],
                &label_beside("name", "0,80,60,255", 10),
                "",
            )
        }
        "routes" => document(&[rule("", "Route of orders", line("31,78,121,90", "0.8", "dash"))], "", ""),
        "links" => links(table),
        "link_flow_by_hour" => link_hours(),
        _ => document(&[], "", ""),
    }
}

fn zones() -> String {
    let shade = |colour: &str| fill(colour, "31,78,121,255", "0.4", "solid");
    let rules = [
        rule("\"overtaken\" > 0", "Zone with people overtaken", shade("176,0,32,90")),
        rule(
            "\"overtaken\" = 0 AND \"not_evacuated\" > 0",
            "Zone with people not evacuated",
            shade("222,160,60,80"),
        ),
        rule(
            "\"overtaken\" = 0 AND \"not_evacuated\" = 0",
            "Zone whose people all arrive",
            shade("120,160,200,60"),
        ),
    ];
    document(&rules, &label("name", "31,78,121,255", 10), "")
}

/// Links by how many people use them, in four steps up to the busiest, and what sets the bound.
fn links(table: &ExportTable) -> String {
    let people = (0..table.rows.len()).filter_map(|row| match table.cell(row, "people") {
        Some(ExportCell::Whole(people)) => Some(*people),
        _ => None,
    });
    let most = people.max().unwrap_or(0);
    let mut rules = vec![
        rule("\"people\" = 0", "Road that no order uses", line("170,170,170,255", "0.2", "solid")),
        rule(
            "\"bottleneck_rank\" IS NOT NULL",
            "Sets the time that no plan can beat",
            line("176,0,32,255", "3.4", "solid"),
        ),
    ];
    let mut from = 0;
    let looks = [
        ("143,186,217,255", "0.6"),
        ("84,141,193,255", "1.1"),
        ("39,97,158,255", "1.7"),
        ("8,48,97,255", "2.4"),
    ];
    for (part, (colour, width)) in [16, 4, 2, 1].into_iter().zip(looks) {
        let until = most / part;
        if until > from {
            let filter = format!("\"people\" > {from} AND \"people\" <= {until}");
            let words = format!("{} to {} people", grouped(from + 1), grouped(until));
            rules.push(rule(filter, words, line(colour, width, "solid")));
            from = until;
        }
    }
    document(&rules, "", "")
}

/// Drawn while QGIS steps through time and not else: all hours on top of each other would say nothing.
fn link_hours() -> String {
    let when = "@map_start_time IS NOT NULL";
    let rules = [
        rule(
            format!("{when} AND coalesce(\"used_share\", 0) < 0.5"),
            "Less than half of the capacity used",
            line("143,186,217,255", "1.2", "solid"),
        ),
        rule(
            format!("{when} AND \"used_share\" >= 0.5 AND \"used_share\" < 0.9"),
            "Half to 90 % used",
            line("39,97,158,255", "1.8", "solid"),
        ),
        rule(
            format!("{when} AND \"used_share\" >= 0.9"),
            "90 % or more used",
            line("176,0,32,255", "2.4", "solid"),
        ),
    ];
    let time = "<temporal accumulate=\"0\" durationField=\"\" durationUnit=\"h\" enabled=\"1\" endExpression=\"\" endField=\"ends\" \
                fixedDuration=\"0\" limitMode=\"0\" mode=\"2\" startExpression=\"\" startField=\"begins\"><fixedRange><start></start>\
                <end></end></fixedRange></temporal>";
    document(&rules, "", time)
}

/// A style file.
fn document(rules: &[StyleRule], labeling: &str, more: &str) -> String {
    let labels = u8::from(!labeling.is_empty());
    let mut text = format!(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.22.0\" styleCategories=\"AllStyleCategories\" \
         labelsEnabled=\"{labels}\">{more}<renderer-v2 type=\"RuleRenderer\" symbollevels=\"0\" forceraster=\"0\" enableorderby=\"0\">\
         <rules key=\"root\">"
    );
    for (number, rule) in rules.iter().enumerate() {
        let filter = if rule.filter.is_empty() {
            String::new()
        } else {
            format!(" filter=\"{}\"", escaped(&rule.filter))
        };
        let words = escaped(&rule.label);
        let _ = write!(text, "<rule key=\"r{number}\" symbol=\"{number}\" label=\"{words}\"{filter}/>");
    }
    text.push_str("</rules><symbols>");
    for (number, rule) in rules.iter().enumerate() {
        text.push_str(&rule.symbol.replace("NAME", &number.to_string()));
    }
    let _ = write!(text, "</symbols></renderer-v2>{labeling}</qgis>");
    text
}

/// A symbol of one layer.
fn symbol(kind: &str, class: &str, properties: &[(&str, &str)]) -> String {
    let mut text = format!(
        "<symbol type=\"{kind}\" name=\"NAME\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\"><layer class=\"{class}\" enabled=\"1\" \
         locked=\"0\" pass=\"0\"><Option type=\"Map\">"
    );
    for (key, value) in properties {
        let _ = write!(text, "<Option type=\"QString\" name=\"{key}\" value=\"{value}\"/>");
    }
    text.push_str("</Option>");
    // versions of QGIS before 3.22 read these
    for (key, value) in properties {
        let _ = write!(text, "<prop k=\"{key}\" v=\"{value}\"/>");
    }
    text.push_str("</layer></symbol>");
    text
}

fn fill(colour: &str, edge: &str, width: &str, pattern: &str) -> String {
    symbol(
        "fill",
        "SimpleFill",
        &[
            ("color", colour),
            ("style", pattern),
            ("outline_color", edge),
            ("outline_style", "solid"),
            ("outline_width", width),
            ("outline_width_unit", "MM"),
        ],
    )
}

fn line(colour: &str, width: &str, pattern: &str) -> String {
    symbol(
        "line",
        "SimpleLine",
        &[
            ("line_color", colour),
            ("line_style", pattern),
            ("line_width", width),
            ("line_width_unit", "MM"),
            ("capstyle", "round"),
            ("joinstyle", "round"),
        ],
    )
}

fn marker(shape: &str, colour: &str, size: &str) -> String {
    symbol(
        "marker",
        "SimpleMarker",
        &[
            ("name", shape),
            ("color", colour),
            ("outline_color", "255,255,255,255"),
            ("outline_style", "solid"),
            ("outline_width", "0.4"),
            ("outline_width_unit", "MM"),
            ("size", size),
            ("size_unit", "MM"),
        ],
    )
}

/// Labels out of a column, with a white edge.
fn label(column: &str, colour: &str, size: u8) -> String {
    placed_label(column, colour, size, 1)
}

/// Labels beside points, which they would hide.
fn label_beside(column: &str, colour: &str, size: u8) -> String {
    placed_label(column, colour, size, 0)
}

fn placed_label(column: &str, colour: &str, size: u8, placement: u8) -> String {
    format!(
        "<labeling type=\"simple\"><settings calloutType=\"simple\"><text-style fieldName=\"{column}\" isExpression=\"0\" \
         fontFamily=\"Sans\" fontSize=\"{size}\" fontSizeUnit=\"Point\" fontWeight=\"50\" textColor=\"{colour}\" textOpacity=\"1\" \
         namedStyle=\"Regular\"><text-buffer bufferDraw=\"1\" bufferSize=\"1\" bufferSizeUnits=\"MM\" bufferColor=\"255,255,255,255\" \
         bufferOpacity=\"1\"/></text-style><placement placement=\"{placement}\" dist=\"3\" distUnits=\"MM\" obstacle=\"1\" priority=\"5\"/></settings></labeling>"
    )
}
