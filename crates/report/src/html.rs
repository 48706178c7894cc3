//! What all pages share: one frame, one style sheet, and links between the pages of one case.
//!
//! A page is one file that works offline. Its content policy forbids it to load anything.

use crate::ReportError;
use clearway_model::TOOL;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

const TEMPLATES: [(&str, &str); 13] = [
    ("base.html", include_str!("pages/base.html")),
    ("changes.html", include_str!("pages/changes.html")),
    ("fragment.html", include_str!("pages/fragment.html")),
    ("comparison.html", include_str!("pages/comparison.html")),
    ("plan.html", include_str!("pages/plan.html")),
    ("multimodal.html", include_str!("pages/multimodal.html")),
    ("timetable.html", include_str!("pages/timetable.html")),
    ("observed.html", include_str!("pages/observed.html")),
    ("audit.html", include_str!("pages/audit.html")),
    ("needs.html", include_str!("pages/needs.html")),
    ("simulation.html", include_str!("pages/simulation.html")),
    ("ensemble.html", include_str!("pages/ensemble.html")),
    ("study.html", include_str!("pages/study.html")),
];
const STYLE: &str = include_str!("pages/style.css");
/// Where links to other pages go. A page that is shown by itself has none.
const PLACE: &str = "<!-- pages of this case -->";
/// Where links would go on a page that no other page may link to.
const UNLISTED: &str = "<!-- pages of this case; no other page links here -->";
/// More links than this are folded away.
const OPEN_LINKS: usize = 6;

/// What stands around the content of every page.
#[derive(Debug, Serialize)]
pub(crate) struct PageFrame<'a> {
    /// The style sheet that all pages share, written into each.
    pub style: &'static str,
    /// What made the page.
    pub tool: &'static str,
    /// Where [`link_pages`] puts links.
    pub links: &'static str,
    /// Name of the case.
    pub title: &'a str,
    /// What the page is, in two to five words.
    pub about: &'a str,
    /// Sentences of neutrality ([`standing_sentences`](crate::standing_sentences)), at the foot of the page.
    pub standing: &'a [&'a str],
    /// Whether the page has a script of its own.
    pub script: bool,
    /// Who made the data.
    pub attribution: &'a [String],
    /// Digest of the scenario; empty: not shown.
    pub digest: &'a str,
}

impl<'a> PageFrame<'a> {
    /// A page without a script.
    pub(crate) fn new(title: &'a str, about: &'a str, standing: &'a [&'a str]) -> Self {
        let title = if title.trim().is_empty() { "Scenario without a name" } else { title.trim() };
        let (style, tool, links) = (STYLE, TOOL, PLACE);
        Self { style, tool, links, title, about, standing, script: false, attribution: &[], digest: "" }
    }

    /// Keeps other pages from linking to this one.
    pub(crate) fn unlisted(self) -> Self {
        Self { links: UNLISTED, ..self }
    }
}

/// Fills a template; a name that the template uses and the content lacks is an error, not a gap in the page.
pub(crate) fn render(
    template: &str,
    frame: &PageFrame<'_>,
    content: &impl Serialize,
) -> Result<String, ReportError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, text) in TEMPLATES {
        environment.add_template(name, text)?;
    }
    let content: Value = Serde(content).into();
    let filled = context! { frame => Serde(frame), ..content };
    let mut html = environment.get_template(template)?.render(filled)?;
    if !html.ends_with('\n') {
        html.push('\n');
    }
    Ok(clearway_model::visible_page(html))
}

/// One page among the files of a folder.
struct CasePage<'a> {
    /// Its name, with the folders it is in.
    path: &'a str,
    /// What it is, in the words that stand under its title.
    about: String,
    /// Whether other pages may link to it.
    is_listed: bool,
}

/// Links the pages among the files of one folder to each other, by relative links, so that they work from a disk. Files that are no
/// pages of ours stay as they are, and so does a page that is alone.
pub fn link_pages<N: AsRef<str>>(files: &mut [(N, Vec<u8>)]) {
    let page = |name: &str, bytes: &[u8]| -> Option<(String, bool)> {
        let text = std::str::from_utf8(bytes).ok().filter(|_| name.ends_with(".html"))?;
        let is_listed = text.contains(PLACE);
        if !is_listed && !text.contains(UNLISTED) {
            return None;
        }
        let (_, rest) = text.split_once("<p class=\"context\">")?;
        let about = rest.split_once("</p>")?.0.split(" &middot; ").next()?;
        Some((about.to_owned(), is_listed))
    };
    let found: Vec<(usize, String, String, bool)> = files
        .iter()
        .enumerate()
        .filter_map(|(i, (name, bytes))| {
            let (about, is_listed) = page(name.as_ref(), bytes)?;
            Some((i, name.as_ref().to_owned(), about, is_listed))
        })
        .collect();
    if found.len() < 2 {
        return;
    }
    let mut pages: Vec<CasePage<'_>> = found
        .iter()
        .map(|(_, path, about, is_listed)| CasePage { path, about: about.clone(), is_listed: *is_listed })
        .collect();
    // the page of the whole first, then by folder
    pages.sort_by_key(|page| (page.path.matches('/').count(), page.path));
    for (index, path, _, _) in &found {
        let links = links(path, &pages);
        let (_, bytes) = &mut files[*index];
        if let Ok(text) = std::str::from_utf8(bytes) {
            *bytes = text.replacen(UNLISTED, &links, 1).replacen(PLACE, &links, 1).into_bytes();
        }
    }
}

/// The list of pages as it stands on one of them.
fn links(here: &str, pages: &[CasePage<'_>]) -> String {
    let up = "../".repeat(here.matches('/').count());
    let items: Vec<String> = pages
        .iter()
        .filter(|page| page.is_listed || page.path == here)
        .map(|page| {
            let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let about = &page.about;
            let name = if folder.is_empty() { about.clone() } else { format!("{about} ({folder})") };
            if page.path == here {
                format!("<strong aria-current=\"page\">{name}</strong>")
            } else {
                format!("<a href=\"{up}{}\">{name}</a>", page.path)
            }
        })
        .collect();
    let list = items.join(" ");
    if items.len() <= OPEN_LINKS {
        return format!("<nav class=\"pages\" aria-label=\"Pages of this case\">{list}</nav>");
    }
    let first = items.first().map_or("", String::as_str);
    format!(
        "<nav class=\"pages\" aria-label=\"Pages of this case\">{first} <details><summary>{} pages of this case</summary>{list}</details></nav>",
        items.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(about: &str, is_listed: bool) -> Vec<u8> {
        let place = if is_listed { PLACE } else { UNLISTED };
        format!("<p class=\"context\">{about} &middot; more</p>{place}").into_bytes()
    }

    #[test]
    fn pages_of_one_folder_link_to_each_other_and_to_nothing_else() {
        let mut files = vec![
            ("index.html", page("Overview", true)),
            ("walk/index.html", page("Plan", true)),
            ("fleet/timetable.html", page("Timetable", false)),
            ("walk/plan.json", b"{}".to_vec()),
        ];
        link_pages(&mut files);
        let text = |i: usize| String::from_utf8(files[i].1.clone()).unwrap();
        assert!(text(0).contains("<a href=\"walk/index.html\">Plan (walk)</a>"), "{}", text(0));
        assert!(!text(0).contains("timetable.html"), "{}", text(0));
        assert!(text(1).contains("<a href=\"../index.html\">Overview</a>"), "{}", text(1));
        assert!(text(2).contains("<a href=\"../walk/index.html\">"), "{}", text(2));
        assert_eq!(files[3].1, b"{}");
    }

    #[test]
    fn a_page_that_is_alone_has_no_links() {
        let mut files = vec![("index.html", page("Plan", true)), ("orders.csv", Vec::new())];
        let before = files.clone();
        link_pages(&mut files);
        assert_eq!(files, before);
    }

    #[test]
    fn a_name_that_a_template_lacks_is_an_error() {
        let frame = PageFrame::new("a", "b", &[]);
        assert!(render("timetable.html", &frame, &json!({})).is_err());
    }
}
