//! Rasters written here with each compression come back cell by cell; malformed ones are faults.

use clearway_model::Faults;
use clearway_raster::{CoordinateSystem, RasterGrid, is_tiff, read_grid};
use std::io::Cursor;
use tiff::encoder::colortype::{ColorType, Gray8, Gray16, Gray32, Gray32Float, Gray64Float, GrayI16};
use tiff::encoder::compression::DeflateLevel;
use tiff::encoder::{Compression, Predictor, TiffEncoder, TiffValue};
use tiff::tags::Tag;

const WORLD: [[f64; 2]; 2] = [[-180.0, -90.0], [180.0, 90.0]];

/// A raster of 0.1 degree cells whose north-west corner is at 10, 50.
fn written<C: ColorType>(
    (columns, rows): (u32, u32),
    values: &[C::Inner],
    compression: Compression,
    predictor: Predictor,
    nodata: Option<&str>,
    keys: &[u16],
) -> Vec<u8>
where
    [C::Inner]: TiffValue,
{
    let mut bytes = Cursor::new(Vec::new());
    let mut file =
        TiffEncoder::new(&mut bytes).unwrap().with_compression(compression).with_predictor(predictor);
    let mut image = file.new_image::<C>(columns, rows).unwrap();
    image.rows_per_strip(2).unwrap();
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &[0.1, 0.1, 0.0][..]).unwrap();
    tags.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, 10.0, 50.0, 0.0][..]).unwrap();
    tags.write_tag(Tag::GeoKeyDirectoryTag, keys).unwrap();
    if let Some(nodata) = nodata {
        tags.write_tag(Tag::GdalNodata, nodata).unwrap();
    }
    image.write_data(values).unwrap();
    bytes.into_inner()
}

/// Geographic, WGS 84, cells as areas.
const KEYS: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];

fn read(bytes: &[u8], frame: [[f64; 2]; 2]) -> Result<RasterGrid, Faults> {
    let mut faults = Faults::default();
    match read_grid("people.tif", bytes, frame, &clearway_model::Cancel::default(), &mut faults) {
        Some(grid) if !faults.has_errors() => Ok(grid),
        _ => Err(faults),
    }
}

#[test]
fn every_compression_and_number_reads_back() {
    let values: Vec<f32> = (0..35).map(|i| if i == 8 { -9999.0 } else { i as f32 * 1.5 }).collect();
    for compression in [
        Compression::Uncompressed,
        Compression::Lzw,
        Compression::Deflate(DeflateLevel::Balanced),
        Compression::Packbits,
    ] {
        let bytes =
            written::<Gray32Float>((7, 5), &values, compression, Predictor::None, Some("-9999"), &KEYS);
        assert!(is_tiff(&bytes));
        let grid = read(&bytes, WORLD).unwrap();
        assert_eq!((grid.columns, grid.rows, grid.crs), (7, 5, CoordinateSystem::Geographic));
        for (at, value) in values.iter().enumerate() {
            let found = grid.value(at % 7, at / 7);
            assert_eq!(found, (at != 8).then_some(f64::from(*value)), "cell {at}");
        }
        assert_eq!(grid.value_at([10.25, 49.85]), Some(f64::from(values[7 + 2])));
        assert_eq!(grid.value_at([9.95, 49.85]), None);
    }
    let keys = &KEYS;
    let (lzw, flat) = (Compression::Lzw, Predictor::Horizontal);
    let shorts: Vec<i16> = (0..12).map(|i| i * 100 - 300).collect();
    let grid = read(&written::<GrayI16>((4, 3), &shorts, lzw, Predictor::None, None, keys), WORLD).unwrap();
    assert_eq!(grid.values, shorts.iter().map(|v| f64::from(*v)).collect::<Vec<_>>());
    let words: Vec<u16> = (0..12).map(|i| i * 5000).collect();
    let grid = read(&written::<Gray16>((4, 3), &words, lzw, flat, Some("0"), keys), WORLD).unwrap();
    assert!(grid.values[0].is_nan() && grid.values[11] == 55_000.0);
    let bytes: Vec<u8> = (0..12).collect();
    let grid =
        read(&written::<Gray8>((4, 3), &bytes, lzw, Predictor::None, Some("255"), keys), WORLD).unwrap();
    assert_eq!(grid.values.iter().sum::<f64>(), 66.0);
    let longs: Vec<u32> = (0..12).map(|i| i * 300_000_000).collect();
    let grid = read(&written::<Gray32>((4, 3), &longs, lzw, Predictor::None, None, keys), WORLD).unwrap();
    assert_eq!(grid.values[11], 3_300_000_000.0);
    let doubles: Vec<f64> = (0..12).map(|i| if i == 3 { f64::NAN } else { f64::from(i) / 3.0 }).collect();
    let grid =
        read(&written::<Gray64Float>((4, 3), &doubles, lzw, Predictor::None, Some("nan"), keys), WORLD)
            .unwrap();
    assert!(grid.value(3, 0).is_none() && grid.value(1, 1) == Some(5.0 / 3.0));
}

#[test]
fn scale_and_offset_of_the_file_are_applied_and_nodata_is_as_stored() {
    let mut bytes = Cursor::new(Vec::new());
    let mut file = TiffEncoder::new(&mut bytes).unwrap();
    let mut image = file.new_image::<Gray16>(2, 2).unwrap();
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &[0.1, 0.1, 0.0][..]).unwrap();
    tags.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, 10.0, 50.0, 0.0][..]).unwrap();
    tags.write_tag(Tag::GeoKeyDirectoryTag, &KEYS[..]).unwrap();
    tags.write_tag(Tag::GdalNodata, "7").unwrap();
    let xml = "<GDALMetadata><Item name=\"SCALE\" sample=\"0\" role=\"scale\">0.01</Item><Item name=\"OFFSET\" sample=\"0\" role=\"offset\">2</Item><Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">m</Item></GDALMetadata>";
    tags.write_tag(Tag::Unknown(42_112), xml).unwrap();
    image.write_data(&[10, 7, 0, 500]).unwrap();
    let grid = read(&bytes.into_inner(), WORLD).unwrap();
    assert_eq!(
        [grid.value(0, 0), grid.value(1, 0), grid.value(0, 1), grid.value(1, 1)],
        [Some(2.1), None, Some(2.0), Some(7.0)]
    );
    assert_eq!(grid.unit, "m");
}

/// The same raster in tiles of 16 x 16, which the encoder does not write: by hand from the specification.
fn tiled((columns, rows): (u32, u32), values: &[f32]) -> Vec<u8> {
    let (across, down) = (columns.div_ceil(16), rows.div_ceil(16));
    let mut data = b"II*\0\0\0\0\0".to_vec();
    let mut offsets = Vec::new();
    for (tile_row, tile_column) in (0..down).flat_map(|r| (0..across).map(move |c| (r, c))) {
        offsets.push(u32::try_from(data.len()).unwrap());
        for (y, x) in (0..16).flat_map(|y| (0..16).map(move |x| (y, x))) {
            let (row, column) = (tile_row * 16 + y, tile_column * 16 + x);
            let is_in = row < rows && column < columns;
            let value = if is_in { values[(row * columns + column) as usize] } else { -1.0 };
            data.extend(value.to_le_bytes());
        }
    }
    let mut tags: Vec<(u16, u16, u32, Vec<u8>)> = Vec::new();
    let short = |tag: u16, value: u32| (tag, 3, 1, vec![value as u8, (value >> 8) as u8, 0, 0]);
    let longs = |tag: u16, list: &[u32]| {
        (tag, 4, list.len() as u32, list.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>())
    };
    let doubles = |tag: u16, list: &[f64]| {
        (tag, 12, list.len() as u32, list.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>())
    };
    tags.extend([short(256, columns), short(257, rows), short(258, 32), short(259, 1), short(262, 1)]);
    tags.extend([short(277, 1), short(322, 16), short(323, 16), longs(324, &offsets)]);
    tags.push(longs(325, &vec![16 * 16 * 4; offsets.len()]));
    tags.push(short(339, 3));
    tags.push(doubles(33550, &[0.1, 0.1, 0.0]));
    tags.push(doubles(33922, &[0.0, 0.0, 0.0, 10.0, 50.0, 0.0]));
    let keys: Vec<u8> = KEYS.iter().flat_map(|v| v.to_le_bytes()).collect();
    tags.push((34735, 3, KEYS.len() as u32, keys));
    let mut directory = Vec::new();
    directory.extend((tags.len() as u16).to_le_bytes());
    for (tag, kind, count, bytes) in &tags {
        directory.extend(tag.to_le_bytes());
        directory.extend(kind.to_le_bytes());
        directory.extend(count.to_le_bytes());
        if bytes.len() <= 4 {
            let mut padded = bytes.clone();
            padded.resize(4, 0);
            directory.extend(padded);
        } else {
            directory.extend((data.len() as u32).to_le_bytes());
            data.extend(bytes);
        }
    }
    directory.extend([0; 4]);
    let begin = (data.len() as u32).to_le_bytes();
    data[4..8].copy_from_slice(&begin);
    data.extend(directory);
    data
}

#[test]
fn tiles_read_back_cell_by_cell_and_in_part() {
    let values: Vec<f32> = (0..37 * 21).map(|i| i as f32).collect();
    let bytes = tiled((37, 21), &values);
    let grid = read(&bytes, WORLD).unwrap();
    assert_eq!((grid.columns, grid.rows), (37, 21));
    assert_eq!(grid.values, values.iter().map(|v| f64::from(*v)).collect::<Vec<_>>());
    // A window over the border of four tiles.
    let part = read(&bytes, [[11.52, 48.32], [11.68, 48.48]]).unwrap();
    assert!(part.columns <= 5 && part.rows <= 5, "{} x {}", part.columns, part.rows);
    assert_eq!(part.value_at([11.55, 48.45]), Some(f64::from(15 * 37 + 15)));
    assert_eq!(part.value_at([11.65, 48.35]), Some(f64::from(16 * 37 + 16)));
}

#[test]
fn only_the_window_is_read() {
    let values: Vec<f32> = (0..2500).map(|i| i as f32).collect();
    let bytes = written::<Gray32Float>((50, 50), &values, Compression::Lzw, Predictor::None, None, &KEYS);
    let grid = read(&bytes, [[12.02, 48.02], [12.08, 48.08]]).unwrap();
    assert!(grid.columns <= 3 && grid.rows <= 3 && !grid.is_partial, "{} x {}", grid.columns, grid.rows);
    assert_eq!(grid.value_at([12.05, 48.05]), Some(f64::from(19 * 50 + 20)));
    // Beyond the edge it says so.
    assert!(read(&bytes, [[9.0, 48.0], [10.05, 48.05]]).unwrap().is_partial);
}

#[test]
fn what_cannot_be_read_is_a_fault() {
    let values = vec![1.0f32; 12];
    let good = |keys: &[u16], nodata| {
        written::<Gray32Float>((4, 3), &values, Compression::Lzw, Predictor::None, nodata, keys)
    };
    let other_system = [1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, 2154];
    type Case = (&'static str, Vec<u8>, [[f64; 2]; 2]);
    let cases: [Case; 5] = [
        ("2154", good(&other_system, None), WORLD),
        ("nodata", good(&KEYS, Some("none")), WORLD),
        ("covers the place", good(&KEYS, None), [[40.0, 10.0], [41.0, 11.0]]),
        ("readable GeoTIFF", b"II*\0rubbish".to_vec(), WORLD),
        ("readable GeoTIFF", good(&KEYS, None)[..200].to_vec(), WORLD),
    ];
    for (words, bytes, frame) in cases {
        let faults = read(&bytes, frame).unwrap_err().to_string();
        assert!(faults.contains(words), "{words}: {faults}");
    }
    // Bytes that were damaged anywhere give faults or numbers, never a panic.
    let whole = good(&KEYS, Some("-1"));
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x5a;
        let _ = read(&damaged, WORLD);
    }
}
