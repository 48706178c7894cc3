//! Starts the real binary and the checker in Python; scenario folders to start them on.

use clearway_artifacts::Overwrite;
use clearway_formats::write_scenario;
use clearway_instances::{CityRequest, city};
use clearway_model::{ClosureKind, ClosureRow, ClosureTarget, MobilizationRow, MovementRow, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// Checks the exit code; the output is shown if it is another one.
    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        assert_eq!(self.code, expected, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }

    /// Checks that stderr has all of these.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "stderr lacks {part:?}:\n{}", self.err);
        }
        self
    }
}

/// Runs `clearway` in a folder.
pub fn clearway_in(dir: &Path, arguments: &[&str]) -> Ran {
    let output =
        Command::new(env!("CARGO_BIN_EXE_clearway")).args(arguments).current_dir(dir).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    let ran = Ran {
        code: output.status.code().expect("ended by itself"),
        out: text(&output.stdout),
        err: text(&output.stderr),
    };
    assert!(!ran.err.contains("panicked"), "{arguments:?}:\n{}", ran.err);
    ran
}

/// The checker in Python, as a command that lacks its arguments. It is started hundreds of times: the interpreter is looked for once, since what
/// is called `python3` may be a script that looks for it, and what it compiles is kept. Fails where there is no Python.
pub fn check_py() -> Command {
    static PYTHON: OnceLock<String> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        let found = Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
        let found = found.expect("python3 (3.11 or later) is needed for the second checker");
        String::from_utf8(found.stdout).unwrap().trim().to_owned()
    });
    let mut command = Command::new(python);
    command.env("PYTHONPYCACHEPREFIX", Path::new(env!("CARGO_TARGET_TMPDIR")).join("python"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/check.py"));
    command
}

/// Runs the checker in Python on a plan folder: its exit code.
pub fn python(plan: &Path) -> i32 {
    let output = check_py().arg(plan).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(!err.contains("Traceback"), "{err}");
    output.status.code().unwrap()
}

/// Both checkers find that a plan folder holds.
#[track_caller]
pub fn assert_holds(dir: &Path, plan: &str) {
    let ran = clearway_in(dir, &["verify", plan]).code(0);
    assert!(ran.out.contains("holds: every figure"), "{}", ran.out);
    let code = python(&dir.join(plan));
    assert_eq!(code, 0, "check.py on {plan}");
}

/// A plan of the example `rafah-2024` with two threads and nothing else asked for, made once for all tests: it takes long. Whoever changes
/// it takes a copy.
pub fn rafah_plan() -> &'static Path {
    static PLAN: OnceLock<PathBuf> = OnceLock::new();
    PLAN.get_or_init(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let scenario = example("rafah-2024");
        let plan = ["plan", text(&scenario), "--out", "rafah-plan", "--replace", "--threads", "2"];
        clearway_in(dir, &plan).code(0);
        dir.join("rafah-plan")
    })
}

/// One of the project's examples.
pub fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Every file under a folder, by its name within it.
pub fn tree(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dir.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
                files.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Copies the files of a folder (not those of folders in it).
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for (name, bytes) in tree(from).into_iter().filter(|(name, _)| !name.contains('/')) {
        std::fs::write(to.join(name), bytes).unwrap();
    }
}

/// Writes a scenario as a new folder.
pub fn write(dir: &Path, scenario: &Scenario) {
    write_scenario(dir, scenario, &[], Overwrite::Refuse).unwrap();
}

/// A city of about 600 links.
pub fn small_city() -> Scenario {
    city(&CityRequest {
        seed: 7,
        side: 14,
        zones_side: 4,
        people: 8_000,
        horizon_h: 12,
        ..CityRequest::default()
    })
}

/// The city with a hazard moving in from the west, full sites, staying, a mobilization curve, a banned turn and a zone that
/// closes.
pub fn city_in_danger() -> Scenario {
    let request = CityRequest {
        seed: 8,
        side: 12,
        zones_side: 3,
        people: 6_000,
        capacity_ratio: Some(1.05),
        front_m_s: Some(0.8),
        horizon_h: 8,
    };
    let mut scenario = city(&request);
    scenario.zones[1].stay_people = Some(20);
    for (time_ms, share) in [(0, 0.2), (1_200_000, 0.7), (2_400_000, 1.0)] {
        scenario.releases.push(MobilizationRow { mobilization_id: "slow".to_owned(), time_ms, share });
    }
    scenario.zones[4].mobilization_id = "slow".to_owned();
    scenario.sites[0].admission_people_h = Some(900.0);
    let first = &scenario.links[0];
    let second = scenario
        .links
        .iter()
        .find(|l| l.from_node_id == first.to_node_id && l.to_node_id != first.from_node_id);
    scenario.movements.push(MovementRow {
        mvmt_id: "m1".to_owned(),
        node_id: first.to_node_id.clone(),
        ib_link_id: first.link_id.clone(),
        ob_link_id: second.unwrap().link_id.clone(),
        prohibited: "1".to_owned(),
    });
    scenario
}

/// The city in danger with a hazard that reaches a whole zone within the first hour.
pub fn city_with_zone_lost() -> Scenario {
    let mut scenario = city_in_danger();
    scenario.closures.push(ClosureRow {
        closure_id: "zone lost".to_owned(),
        target: ClosureTarget::Zone,
        target_id: scenario.zones[0].zone_id.clone(),
        from_ms: 600_000,
        kind: ClosureKind::Presence,
        cause: "front".to_owned(),
        ..ClosureRow::default()
    });
    scenario
}
