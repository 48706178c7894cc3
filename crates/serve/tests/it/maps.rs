//! Maps of polygons that are given: read, and not taken for folders.

use crate::client::Client;
use serde_json::json;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A shapefile of one square (ESRI Shapefile Technical Description, 1998, pages 4 to 9).
fn square() -> Vec<u8> {
    let corners = [[10.0, 50.0], [10.0, 50.1], [10.1, 50.1], [10.1, 50.0], [10.0, 50.0_f64]];
    let bounds: Vec<u8> = [10.0, 50.0, 10.1, 50.1_f64].iter().flat_map(|at| at.to_le_bytes()).collect();
    let mut content = 5_i32.to_le_bytes().to_vec();
    content.extend(&bounds);
    for number in [1_i32, 5, 0] {
        content.extend(number.to_le_bytes());
    }
    content.extend(corners.iter().flatten().flat_map(|at| at.to_le_bytes()));
    let words = |bytes: usize| i32::try_from(bytes / 2).unwrap().to_be_bytes();
    let mut file = 9994_i32.to_be_bytes().to_vec();
    file.extend([0; 20]);
    file.extend(words(100 + 8 + content.len()));
    file.extend(1000_i32.to_le_bytes());
    file.extend(5_i32.to_le_bytes());
    file.extend(&bounds);
    file.extend([0; 32]);
    file.extend(1_i32.to_be_bytes());
    file.extend(words(content.len()));
    file.extend(content);
    file
}

const WGS84: &[u8] = br#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_zipped_shapefile_is_polygons_and_starts_no_job() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    client.post("/api/projects", json!({ "name": "Maps" })).await.is(201);
    let archive = zipped(&[("area.shp", &square()), ("area.prj", WGS84)]);
    let given = client.give(1, "area.zip", &archive).await;
    assert!(given["job"].is_null(), "{given}");
    let id = given["file"]["id"].as_i64().unwrap();
    let shapes = client.get(&format!("/api/files/{id}/shapes?role=area")).await.is(200);
    assert_eq!(shapes["features"][0]["geometry"]["coordinates"][0].as_array().unwrap().len(), 5, "{shapes}");
    assert_eq!(client.get("/api/projects/1/jobs").await.is(200), json!([]));

    // GeoJSON comes back as it is
    let drawn = json!({ "type": "Polygon", "coordinates": [[[10, 50], [10.1, 50], [10.1, 50.1], [10, 50]]] });
    let given = client.give(1, "area.geojson", drawn.to_string().as_bytes()).await;
    let id = given["file"]["id"].as_i64().unwrap();
    assert_eq!(client.get(&format!("/api/files/{id}/shapes?role=zone")).await.is(200), drawn);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_map_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(folder.path());
    client.post("/api/projects", json!({ "name": "Maps" })).await.is(201);
    for (name, bytes) in
        [("x.geojson", b"{\"a\": 1}".to_vec()), ("x.geojson", b"no map".to_vec()), ("alone.shp", square())]
    {
        let given = client.give(1, name, &bytes).await;
        let id = given["file"]["id"].as_i64().unwrap();
        let refused = client.get(&format!("/api/files/{id}/shapes?role=area")).await.is(422);
        assert_eq!(refused["faults"][0]["file"], name, "{refused}");
    }
    client.get("/api/files/1/shapes?role=sea").await.is(400);
    client.get("/api/files/1/shapes").await.is(400);
    client.get("/api/files/99/shapes?role=area").await.is(404);
    // an archive of neither is still a folder that cannot be taken in
    let given = client.give(1, "notes.zip", &zipped(&[("notes.txt", b"hello")])).await;
    let over = client.over(given["job"].as_i64().unwrap()).await;
    assert_eq!(over["state"], "failed", "{over}");
}
