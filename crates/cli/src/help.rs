//! The list of commands in the order people work, and what is made from it: `--help`, shell completions, man pages.

use crate::args::Args;
use clap::{Command, CommandFactory};

/// Commands under the heading of what they are for. Each command stands in one group; a test sees to it.
const GROUPS: [(&str, &[&str]); 8] = [
    ("Prepare a scenario", &["new", "propose", "import", "check", "connect", "resolve", "groups", "upgrade"]),
    ("Plan and prove", &["plan", "verify", "simulate", "ensemble"]),
    ("While it is carried out", &["replan", "watch", "early-warning", "exercise"]),
    ("On a map, without a terminal", &["serve"]),
    ("Ask", &["interventions", "study", "compare", "audit", "diff"]),
    ("Hand on", &["report", "export"]),
    ("Supply and observe", &["needs", "observed"]),
    ("Besides", &["demo", "schema", "completions", "manual", "help"]),
];

/// Columns of the list of commands, as wide as the help of options is at most.
const WIDTH: usize = 110;

/// The program's command, whose help lists the commands by group.
pub fn command() -> Command {
    let mut command = Args::command();
    // `build` adds `help`, which then can be listed with the others.
    command.build();
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{}Options:\n{{options}}{{after-help}}",
        listed(&command)
    );
    command.help_template(template)
}

/// All commands with what they do, by group.
fn listed(command: &Command) -> String {
    let names = GROUPS.iter().flat_map(|(_, names)| *names);
    let column = names.map(|name| name.len()).max().unwrap_or(0) + 4;
    let mut text = String::new();
    for (heading, names) in GROUPS {
        text.push_str(&format!("{heading}:\n"));
        for name in names {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map_or_else(String::new, ToString::to_string);
            let lines = wrapped(&about, WIDTH - column);
            text.push_str(&format!(
                "  {name:<width$}{}\n",
                lines.join(&format!("\n{:column$}", "")),
                width = column - 2
            ));
        }
        text.push('\n');
    }
    text
}

/// A text in lines of at most `width` letters, broken between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { continue };
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_command_stands_in_one_group() {
        let command = command();
        let there: BTreeSet<&str> = command.get_subcommands().map(Command::get_name).collect();
        let listed: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| *names).copied().collect();
        assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), there);
        assert_eq!(listed.len(), there.len(), "one of {listed:?} stands there twice");
    }

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("", 7), [""]);
    }

    #[test]
    fn the_options_of_all_commands_fit_together() {
        Args::command().debug_assert();
    }
}
