//! What stands around every report: title, date, digests, the sentences of neutrality, and how it is printed.

use super::local::LocalFormat;
use super::messages::Messages;
use crate::ReportError;
use crate::map::escape;
use clearway_model::{Settings, TOOL};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

const TEMPLATES: &[(&str, &str)] = &[
    ("report.html", include_str!("../pages/reports/report.html")),
    ("parts.html", include_str!("../pages/reports/parts.html")),
    ("sheets.html", include_str!("../pages/reports/sheets.html")),
    ("sheets_index.html", include_str!("../pages/reports/sheets_index.html")),
    ("form.html", include_str!("../pages/reports/form.html")),
    ("multimodal.html", include_str!("../pages/reports/multimodal.html")),
    ("plan.html", include_str!("../pages/reports/plan.html")),
];
const STYLE: &str = include_str!("../pages/reports/style.css");
/// Digits of a digest that stand at the foot of every printed page.
const SHORT_DIGEST: usize = 12;

/// A piece of HTML, in which what comes from data is escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Html(String);

impl Html {
    /// Text, escaped.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self(escape(text.as_ref()))
    }

    /// Text from data, which may be in any language and direction.
    pub fn name(text: impl AsRef<str>) -> Self {
        Self(format!("<bdi>{}</bdi>", escape(text.as_ref())))
    }

    /// What is HTML already.
    pub fn raw(html: impl Into<String>) -> Self {
        Self(html.into())
    }

    /// A figure that stands in `summary.json` under `key`, with the value that it has there and as it is shown.
    pub fn figure(key: &str, value: impl std::fmt::Display, shown: &str) -> Self {
        Self(format!("<data value=\"{value}\" data-figure=\"{}\">{}</data>", escape(key), escape(shown)))
    }

    /// A command or the name of a file, from left to right in every language.
    pub fn code(text: &str) -> Self {
        Self(format!("<code dir=\"ltr\">{}</code>", escape(text)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// Where a report comes from, beside the scenario.
#[derive(Debug, Clone, Copy)]
pub struct ReportOrigin<'a> {
    /// Date on which it is made, as given (`2026-11-30`); empty: left to be filled in by hand.
    pub date: &'a str,
    /// Digest of the file with the orders.
    pub plan_digest: &'a str,
    /// Digest of the scenario.
    pub scenario_digest: &'a str,
}

/// What the base template uses.
#[derive(Serialize)]
pub(crate) struct ReportFrame<'a> {
    language: &'static str,
    direction: &'a str,
    /// Name of the case.
    title: &'a str,
    /// What the report is.
    about: &'a str,
    context: &'a str,
    date: Html,
    origin: [(&'a str, Html); 2],
    /// That a machine has translated it; empty where nothing needs to be said.
    translation: &'a str,
    standing: Vec<&'a str>,
    attribution: &'a [String],
    tool: &'static str,
    style: &'static str,
    /// Texts in the margins of printed pages, as strings of CSS.
    margins: [String; 3],
}

impl<'a> ReportFrame<'a> {
    /// The frame of a report called `about`.
    pub fn new(
        messages: &'a Messages,
        local: &LocalFormat<'_>,
        settings: &'a Settings,
        origin: &ReportOrigin<'a>,
        about: &'a str,
    ) -> Result<Self, ReportError> {
        let title = settings.name.trim();
        let title = if title.is_empty() { messages.text("common.frame.no_name")? } else { title };
        let mut standing = vec![messages.text("common.standing.computation")?];
        let is_conflict = settings.context == clearway_model::Context::ArmedConflict;
        if is_conflict {
            standing.push(messages.text("common.standing.conflict")?);
        }
        let date = local.day(origin.date)?;
        let short = |digest: &str| -> String {
            digest.trim_start_matches("sha256:").chars().take(SHORT_DIGEST).collect()
        };
        let rendered = messages.plain(
            "common.frame.rendered",
            &[("plan", &short(origin.plan_digest)), ("scenario", &short(origin.scenario_digest))],
        )?;
        let translation =
            if messages.is_reviewed() { "" } else { messages.text("common.frame.translation")? };
        let context = match settings.context {
            clearway_model::Context::Disaster => "common.context.disaster",
            clearway_model::Context::ArmedConflict => "common.context.armed_conflict",
            clearway_model::Context::Exercise => "common.context.exercise",
            clearway_model::Context::Other => "common.context.other",
        };
        let blank = messages.text("common.frame.date_blank")?;
        let shown_date = if date.is_empty() { blank.to_owned() } else { date };
        Ok(Self {
            language: messages.language().code(),
            direction: messages.text("common.direction")?,
            title,
            about,
            context: messages.text(context)?,
            date: Html::text(&shown_date),
            origin: [
                (messages.text("common.frame.plan")?, Html::code(origin.plan_digest)),
                (messages.text("common.frame.scenario")?, Html::code(origin.scenario_digest)),
            ],
            translation,
            standing,
            attribution: &settings.attribution,
            tool: TOOL,
            style: STYLE,
            margins: [
                css_string(&format!("{title} - {about}")),
                css_string(&shown_date),
                css_string(&rendered),
            ],
        })
    }

    /// The same of a multimodal plan, whose digest is that of `multimodal.json`.
    pub fn of_multimodal(mut self, messages: &'a Messages) -> Result<Self, ReportError> {
        let [(label, _), _] = &mut self.origin;
        *label = messages.text("common.frame.multimodal")?;
        Ok(self)
    }
}

/// A text as a string of CSS: everything but letters, digits and spaces by its number.
fn css_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        if c.is_alphanumeric() || c == ' ' {
            out.push(c);
        } else {
            // the space ends the number and is not shown
            out.push_str(&format!("\\{:x} ", u32::from(c)));
        }
    }
    out.push('"');
    out
}

/// Fills the template of a report; a name that it uses and the content lacks is an error, not a gap in the page.
pub(crate) fn render_report(
    template: &str,
    messages: &Messages,
    frame: &ReportFrame<'_>,
    content: &impl Serialize,
) -> Result<Vec<u8>, ReportError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let content: Value = Serde(content).into();
    let filled = context! { frame => Serde(frame), t => Serde(messages.tree()), ..content };
    let mut html = environment.get_template(template)?.render(filled)?;
    if !html.ends_with('\n') {
        html.push('\n');
    }
    Ok(clearway_model::visible_page(html).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_a_string_of_css() {
        assert_eq!(css_string("Old \"Town\"; }"), "\"Old \\22 Town\\22 \\3b  \\7d \"");
        assert_eq!(css_string("مدينة"), "\"مدينة\"");
    }

    #[test]
    fn figures_and_names_are_escaped() {
        assert_eq!(Html::name("<i>").as_str(), "<bdi>&lt;i&gt;</bdi>");
        assert_eq!(
            Html::figure("people.total", 1200, "1,200").as_str(),
            "<data value=\"1200\" data-figure=\"people.total\">1,200</data>"
        );
    }
}
