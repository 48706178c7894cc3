use super::*;

fn points(rows: &str) -> (Vec<u64>, Vec<String>) {
    let mut faults = Faults::default();
    let points = read_points(&NamedBytes::new("p.csv", rows), &mut faults);
    let people = points.iter().map(|p| p.micro_people / MICRO).collect();
    (people, faults.0.iter().map(ToString::to_string).collect())
}

fn pcodes(rows: &str) -> (BTreeMap<String, i64>, Vec<String>) {
    let mut faults = Faults::default();
    let counts = read_pcodes(&NamedBytes::new("cod.csv", rows), &mut faults).unwrap();
    (counts, faults.0.iter().map(ToString::to_string).collect())
}

#[test]
fn only_rows_of_the_total_count() {
    let rows = "lon,lat,sex,people\n24,60,F,2400\n24,60,M,2600\n24,60,T,5000\n25,60,T,70\n";
    assert_eq!(points(rows), (vec![5000, 70], vec![]));
    // by words alone, whatever the column is called; ages too
    let rows = "lon,lat,col7,age range,people\n24,60,female,all,2400\n24,60,male,all,2600\n24,60,all,all,5000\n24,60,all,0-4,700\n";
    assert_eq!(points(rows), (vec![5000], vec![]));
    let rows = "ADM2_PCODE,Gender,Population\nXX01,f,2400\nXX01,m,2600\nXX01,all,5000\n";
    assert_eq!(pcodes(rows), (BTreeMap::from([("XX01".to_owned(), 5000)]), vec![]));
}

#[test]
fn parts_without_a_total_are_a_fault() {
    let (_, faults) = points("lon,lat,sex,people\n24,60,F,2400\n24,60,M,2600\n");
    assert!(
        faults[0].contains("columns = 'sex': expected a row with all people for each place"),
        "{faults:?}"
    );
    let (_, faults) = points("lon,lat,sex,people\n24,60,F,24\n24,60,M,26\n24,60,T,50\n25,60,F,5\n");
    assert!(faults[0].contains("p.csv, line 5, sex = '25, 60'"), "{faults:?}");
    // who lives there divides nothing where every place stands once
    assert_eq!(points("lon,lat,sex,people\n24,60,F,24\n25,60,M,26\n"), (vec![24, 26], vec![]));
}

#[test]
fn repeated_rows_and_unmarked_totals_are_faults_and_shared_places_are_said() {
    let (_, faults) = points("lon,lat,people\n24,60,500\n25,60,7\n24,60,500\n");
    assert!(faults[0].starts_with("p.csv, line 4: expected every row once"), "{faults:?}");
    let (_, faults) = points("lon,lat,people\n24,60,2400\n24,60,2600\n24,60,5000\n");
    assert!(
        faults[0].starts_with("p.csv, line 4: expected people who are not counted in other rows"),
        "{faults:?}"
    );
    let (people, faults) = points("lon,lat,people\n24,60,30\n24,60,26\n25,60,1\n");
    assert_eq!(people, [30, 26, 1]);
    assert!(faults.len() == 1 && faults[0].contains("rows that share a place = '2'"), "{faults:?}");
    // an id of its own makes a place of its own
    assert_eq!(points("id,lon,lat,people\nA,24,60,500\nB,24,60,500\n").0, [500, 500]);
}

#[test]
fn a_point_between_digits_is_read_in_one_way_only() {
    let (_, faults) = points("lon,lat,people\n24,60,1.234\n25,60,567\n");
    assert!(
        faults[0].contains("people = '1.234'") && faults[0].contains("write 1234; if it is a fraction"),
        "{faults:?}"
    );
    // a raster's counts are fractions, and some of them have three decimals
    let (people, faults) = points("lon,lat,people\n24,60,1.234\n25,60,567.81\n");
    assert!(
        people == [1, 567] && faults.len() == 1 && faults[0].contains("1 such counts are read as fractions"),
        "{faults:?}"
    );
    assert!(points("lon,lat,people\n24,60,\"40,000\"\n").1[0].contains("write 40000"));
}

#[test]
fn all_rows_count_by_the_same_column() {
    let (_, faults) = points("lon,lat,people,total\n24,60,500,1\n25,60,,2\n");
    assert!(faults[0].starts_with("p.csv, line 3: expected a column people"), "{faults:?}");
}

#[test]
fn sums_beyond_all_people_are_a_fault_and_do_not_wrap() {
    // 2,000 points of 1e10 people: 2e19 millionths of a million wrap a 64-bit sum
    let rows: String = (0..2000).map(|i| format!("24.{i:04},60,1e10\n")).collect();
    let (_, faults) = points(&format!("lon,lat,people\n{rows}"));
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(
        faults[0].contains("people = '20000000000000': expected at most 10000000000 people in all"),
        "{faults:?}"
    );
}
