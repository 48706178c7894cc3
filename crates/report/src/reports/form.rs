//! Reports that follow a form: sections with sentences, tables and drawings, and places that the program cannot fill.

use super::frame::Html;
use super::furniture::MapFigure;
use super::local::LocalFormat;
use super::messages::Messages;
use crate::ReportError;
use crate::clock::TimeRounding;
use clearway_model::number::length;
use clearway_model::time::ms_from_seconds;
use serde::Serialize;

/// A table of a form.
#[derive(Debug, Default, Serialize)]
pub(super) struct FormTable {
    /// What stands over a column, and whether it holds numbers or times.
    pub columns: Vec<(Html, bool)>,
    pub rows: Vec<Vec<Html>>,
    /// What was left out; may be empty.
    pub left_out: Html,
}

/// A section of a form.
#[derive(Debug, Default, Serialize)]
pub(super) struct FormSection {
    /// What stands over it.
    pub title: Html,
    /// Sentences.
    pub notes: Vec<Html>,
    /// A list of sentences.
    pub list: Vec<Html>,
    /// Tables, each with what it is called.
    pub tables: Vec<(Html, FormTable)>,
    /// A map; `None`: the section has none, or nothing has a position.
    pub map_figure: Option<MapFigure>,
    /// A drawing; may be empty.
    pub drawing: String,
    /// Whether its tables need the long side of the paper.
    pub is_wide: bool,
}

/// What the template `form.html` uses, beside frame and texts.
#[derive(Debug, Serialize)]
pub(super) struct FormContent {
    pub sections: Vec<FormSection>,
}

/// What a form is written with. Keys are those of its own section of the messages, or of `form` where they begin with a dot.
pub(super) struct FormWriter<'a> {
    /// Section of the messages.
    pub section: &'static str,
    pub messages: &'a Messages,
    pub local: &'a LocalFormat<'a>,
}

impl FormWriter<'_> {
    fn key(&self, key: &str) -> String {
        match key.strip_prefix('.') {
            Some(shared) => format!("form.{shared}"),
            None => format!("{}.{key}", self.section),
        }
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<Html, ReportError> {
        self.messages.html(&self.key(key), &[])
    }

    /// A text with places filled.
    pub fn filled(&self, key: &str, values: &[(&str, Html)]) -> Result<Html, ReportError> {
        self.messages.html(&self.key(key), values)
    }

    /// A text without marks.
    pub fn plain(&self, key: &str) -> Result<String, ReportError> {
        self.messages.plain(&self.key(key), &[])
    }

    /// A section with its title (`KEY.title`) and one note (`KEY.note`).
    pub fn section(&self, key: &str) -> Result<FormSection, ReportError> {
        Ok(FormSection {
            title: self.text(&format!("{key}.title"))?,
            notes: vec![self.text(&format!("{key}.note"))?],
            ..FormSection::default()
        })
    }

    /// A table whose columns are called `KEY.NAME`, and whether each holds numbers.
    pub fn table(
        &self,
        key: &str,
        columns: &[(&str, bool)],
        rows: Vec<Vec<Html>>,
    ) -> Result<FormTable, ReportError> {
        let column = |(name, numeric): &(&str, bool)| {
            let name = if name.starts_with('.') { (*name).to_owned() } else { format!("{key}.{name}") };
            Ok::<_, ReportError>((self.text(&name)?, *numeric))
        };
        let columns = columns.iter().map(column).collect::<Result<_, _>>()?;
        Ok(FormTable { columns, rows, left_out: Html::default() })
    }

    /// That a table shows so many rows of all, which a file has.
    pub fn left_out(&self, all: usize, shown: usize, file: &str) -> Result<Html, ReportError> {
        if all <= shown {
            return Ok(Html::default());
        }
        let values = [
            ("shown", self.count(length(shown))),
            ("all", self.count(length(all))),
            ("file", Html::code(file)),
        ];
        self.filled(".left_out", &values)
    }

    /// A place that somebody has to fill in.
    pub fn open(&self) -> Result<Html, ReportError> {
        let text = self.text(".to_fill")?;
        Ok(Html::raw(format!("<span class=\"open\">{}</span>", text.as_str())))
    }

    /// The same in a table with many of them, where a note says what an empty box is.
    pub fn open_box(&self) -> Result<Html, ReportError> {
        let text = self.text(".to_fill")?;
        Ok(Html::raw(format!("<span class=\"open box\" title=\"{}\">&nbsp;</span>", text.as_str())))
    }

    pub fn count(&self, value: i64) -> Html {
        Html::text(self.local.count(value))
    }

    pub fn number(&self, value: f64, places: usize) -> Html {
        Html::text(self.local.number(value, places))
    }

    /// An upper bound, rounded up; nothing where there is none.
    pub fn at_most(&self, value: f64) -> Html {
        if !value.is_finite() {
            return Html::default();
        }
        Html::text(self.local.marked(&crate::number::at_most(value)))
    }

    /// A moment; nothing where there is none.
    pub fn short(&self, seconds: Option<f64>, rounding: TimeRounding) -> Result<Html, ReportError> {
        match seconds {
            Some(seconds) => Ok(Html::text(self.local.short(seconds, rounding)?)),
            None => Ok(Html::default()),
        }
    }

    /// Hours and minutes after the start, `4:10`; up for what a plan needs, down for what no plan beats.
    pub fn hours(&self, seconds: Option<f64>, rounding: TimeRounding) -> Result<Html, ReportError> {
        match seconds {
            Some(seconds) => Ok(Html::text(hours_and_minutes(seconds, rounding))),
            None => self.text(".not_within"),
        }
    }

    /// As [`Self::hours`], with the place of the figure in a `summary.json`.
    pub fn marked_hours(
        &self,
        key: &str,
        seconds: Option<f64>,
        rounding: TimeRounding,
    ) -> Result<Html, ReportError> {
        match seconds {
            Some(value) => Ok(Html::figure(key, value, &hours_and_minutes(value, rounding))),
            None => self.text(".not_within"),
        }
    }
}

/// `h:mm`, whole minutes.
pub(super) fn hours_and_minutes(seconds: f64, rounding: TimeRounding) -> String {
    let ms = ms_from_seconds(seconds);
    let minutes = match rounding {
        TimeRounding::Up => ms.saturating_add(59_999).div_euclid(60_000),
        // a bound is the last millisecond at which it is still proved
        TimeRounding::Down => ms.saturating_add(1).div_euclid(60_000),
    };
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_minutes_are_rounded_the_cautious_way() {
        assert_eq!(hours_and_minutes(15_000.0, TimeRounding::Up), "4:10");
        assert_eq!(hours_and_minutes(15_000.001, TimeRounding::Up), "4:11");
        assert_eq!(hours_and_minutes(14_999.999, TimeRounding::Down), "4:10");
        assert_eq!(hours_and_minutes(14_999.0, TimeRounding::Down), "4:09");
        assert_eq!(hours_and_minutes(360_000.0, TimeRounding::Down), "100:00");
    }
}
