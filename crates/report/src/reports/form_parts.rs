//! Sections that forms share: assumptions with their sources, and the plans that a report is made from.

use super::form::{FormSection, FormWriter};
use super::form_plan::FormPlan;
use super::frame::Html;
use crate::ReportError;
use crate::lookup::RowLookup;
use clearway_model::{Bottleneck, BottleneckKind, ConnectorPlace, Scenario, Summary};

/// Rows of sources on the page.
const SOURCES: usize = 60;

/// A plan, or a part of one, whose assumptions and sources a form shows.
#[derive(Debug, Clone)]
pub(super) struct Assumed<'a> {
    /// What it is called.
    pub name: Html,
    /// Whose sources.
    pub scenario: &'a Scenario,
    /// Whose assumptions.
    pub summary: &'a Summary,
}

impl<'a> Assumed<'a> {
    /// Those of plans.
    pub fn of_plans(plans: &[FormPlan<'a>]) -> Vec<Self> {
        let of = |plan: &FormPlan<'a>| Self {
            name: Html::name(&plan.name),
            scenario: plan.scenario,
            summary: plan.summary,
        };
        plans.iter().map(of).collect()
    }
}

/// What several plans give, each once, in the order in which it comes first, with the places of the plans that give it.
struct GivenBy<'a, T> {
    given: &'a [Assumed<'a>],
    rows: Vec<(T, Vec<usize>)>,
}

impl<'a, T: PartialEq> GivenBy<'a, T> {
    fn new(given: &'a [Assumed<'a>]) -> Self {
        Self { given, rows: Vec::new() }
    }

    fn add(&mut self, what: T, place: usize) {
        match self.rows.iter_mut().find(|(known, _)| *known == what) {
            Some((_, places)) if places.contains(&place) => {}
            Some((_, places)) => places.push(place),
            None => self.rows.push((what, vec![place])),
        }
    }

    /// Names of the plans that give it; `None`: all do.
    fn of(&self, places: &[usize]) -> Option<Html> {
        let names = places.iter().filter_map(|&place| self.given.get(place)).map(|one| one.name.as_str());
        (places.len() < self.given.len()).then(|| Html::raw(names.collect::<Vec<_>>().join("; ")))
    }
}

impl FormWriter<'_> {
    /// What sets a bound, by the name that people know it by and by its id.
    pub fn binding_place(&self, one: &Bottleneck, lookup: &RowLookup<'_>) -> Result<Html, ReportError> {
        let own = one.name.trim();
        let id = Html::name(&one.id);
        match one.element {
            BottleneckKind::Link => {
                let road = match own {
                    "" => self.messages.html("plan.place.unnamed", &[])?,
                    name => Html::name(name),
                };
                self.messages.html("plan.place.road", &[("road", road), ("id", id)])
            }
            BottleneckKind::Site => {
                let site = if own.is_empty() { lookup.site_name(&one.id) } else { own };
                self.messages.html("plan.place.site", &[("site", Html::name(site))])
            }
            BottleneckKind::Connector => match lookup.connectors.get(one.id.as_str()) {
                Some(row) if row.place == ConnectorPlace::Site => {
                    let site = Html::name(lookup.site_name(&row.place_id));
                    self.messages.html("plan.place.way_into", &[("site", site), ("id", id)])
                }
                Some(row) => {
                    let zone = Html::name(lookup.zone_name(&row.place_id));
                    self.messages.html("plan.place.way_out", &[("zone", zone), ("id", id)])
                }
                None => Ok(id),
            },
        }
    }

    /// What was assumed, and where figures come from, with the dates of the data: of all, each once. What is not of all says of which.
    pub fn assumptions(&self, given: &[Assumed<'_>]) -> Result<FormSection, ReportError> {
        let mut sentences = GivenBy::new(given);
        let mut lines = GivenBy::new(given);
        for (place, one) in given.iter().enumerate() {
            for row in &one.summary.assumptions {
                sentences.add(crate::assumption_words(row), place);
            }
            for line in crate::sources::table(one.scenario).rows {
                lines.add((line.figure, line.status, line.source, line.as_of), place);
            }
        }
        let mut section = FormSection {
            title: self.text(".assumptions.title")?,
            notes: vec![self.text(".assumptions.note")?],
            ..FormSection::default()
        };
        for (sentence, places) in &sentences.rows {
            let words = Html::name(sentence);
            section.list.push(match sentences.of(places) {
                Some(of) => self.filled(".assumptions.of", &[("assumption", words), ("of", of)])?,
                None => words,
            });
        }
        if lines.rows.is_empty() {
            section.notes.push(self.text(".assumptions.none")?);
            return Ok(section);
        }
        let mut columns = vec![
            (".assumptions.figure", false),
            (".assumptions.status", false),
            (".assumptions.source", false),
            (".assumptions.as_of", false),
        ];
        let is_told_apart = lines.rows.iter().any(|(_, places)| lines.of(places).is_some());
        if is_told_apart {
            columns.push((".assumptions.given_by", false));
        }
        let mut rows = Vec::new();
        for ((figure, status, source, as_of), places) in lines.rows.iter().take(SOURCES) {
            let mut row = vec![
                Html::name(figure),
                self.text(&format!(".assumptions.{status}"))?,
                Html::name(source),
                if as_of.is_empty() { self.open()? } else { Html::name(as_of) },
            ];
            if is_told_apart {
                row.push(match lines.of(places) {
                    Some(of) => of,
                    None => self.text(".assumptions.all")?,
                });
            }
            rows.push(row);
        }
        let mut sources = self.table("", &columns, rows)?;
        sources.left_out = self.left_out(lines.rows.len(), SOURCES, "scenario/sources.csv")?;
        section.tables.push((Html::default(), sources));
        Ok(section)
    }

    /// Which plans and scenarios the figures are of, by digest.
    pub fn plans(&self, plans: &[FormPlan<'_>]) -> Result<FormSection, ReportError> {
        let row = |plan: &FormPlan<'_>| {
            vec![Html::name(&plan.name), Html::code(plan.plan_digest), Html::code(&plan.summary.scenario)]
        };
        let columns = [(".plan", false), (".plan_digest", false), (".scenario_digest", false)];
        let table = self.table("", &columns, plans.iter().map(row).collect())?;
        Ok(FormSection {
            title: self.text(".plans.title")?,
            notes: vec![self.filled(".plans.note", &[("command", Html::code("clearway verify PLAN"))])?],
            tables: vec![(Html::default(), table)],
            ..FormSection::default()
        })
    }
}
