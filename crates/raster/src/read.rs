//! Reads a window of a GeoTIFF.

use crate::geokeys::{GeoKeys, read_keys};
use crate::grid::RasterGrid;
use crate::metadata::{ValueScale, read_values};
use clearway_model::number::{float, truncated};
use clearway_model::{Cancel, Fault, Faults};
use std::io::Cursor;
use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

/// Most cells of a window: 400 MB as numbers in memory.
pub const MOST_CELLS: u64 = 50_000_000;

/// Number of the tag in which GDAL keeps scale, offset and unit.
const GDAL_METADATA: u16 = 42_112;

/// Whether the bytes begin like a TIFF or BigTIFF file.
#[must_use]
pub fn is_tiff(bytes: &[u8]) -> bool {
    [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|mark| bytes.starts_with(*mark))
}

type File<'a> = Decoder<Cursor<&'a [u8]>>;

/// Reads the cells of a raster that touch a box of longitudes and latitudes (least corner, greatest corner, degrees). `name` is what
/// faults call the file. `None` if there are errors, all of which are among the faults, and when `cancel` is asked for, which is looked at with
/// every strip and tile.
pub fn read_grid(
    name: &str,
    bytes: &[u8],
    frame: [[f64; 2]; 2],
    cancel: &Cancel,
    faults: &mut Faults,
) -> Option<RasterGrid> {
    read_part(name, bytes, Some(frame), cancel, faults)
}

/// Reads all cells of a raster, as [`read_grid`] reads some.
pub fn read_whole_grid(name: &str, bytes: &[u8], cancel: &Cancel, faults: &mut Faults) -> Option<RasterGrid> {
    read_part(name, bytes, None, cancel, faults)
}

fn read_part(
    name: &str,
    bytes: &[u8],
    frame: Option<[[f64; 2]; 2]>,
    cancel: &Cancel,
    faults: &mut Faults,
) -> Option<RasterGrid> {
    let broken =
        |error: &dyn std::fmt::Display| Fault::error(name, "", "a readable GeoTIFF").hint(error.to_string());
    let mut limits = Limits::default();
    // Offsets of strips and tiles of large rasters; never more than the file itself could hold.
    limits.ifd_value_size = bytes.len().clamp(1 << 20, 64 << 20);
    let opened = Decoder::new(Cursor::new(bytes)).map(|d| d.with_limits(limits));
    let mut file = match opened {
        Ok(file) => file,
        Err(error) => {
            faults.push(broken(&error));
            return None;
        }
    };
    let described = described(&mut file);
    let keys = read_keys(name, words(&mut file).as_deref(), &described, faults);
    let place = read_place(name, &mut file, faults);
    let nodata = read_nodata(name, &mut file, faults);
    let meaning = read_meaning(name, &mut file, faults);
    let size = read_size(name, &mut file, faults);
    let (keys, (corner, cell), nodata, meaning, size) = (keys?, place?, nodata?, meaning?, size?);
    // Where tie points name the middle of a cell, its outer corner is half a cell before.
    let shift = if keys.is_point { 0.5 } else { 0.0 };
    let corner = [corner[0] - shift * cell[0], corner[1] - shift * cell[1]];
    let window = match frame {
        Some(frame) => CellWindow::around(frame, keys, corner, cell, size),
        None => CellWindow { from: [0; 2], to: size, is_partial: false },
    };
    let cells = window.columns() * window.rows();
    if cells == 0 {
        let expected = "a raster that covers the place of the scenario";
        let hint = frame.map_or_else(
            || "it has no cells".to_owned(),
            |[[lon, lat], _]| format!("nothing of it is near lon {lon:.4}, lat {lat:.4}"),
        );
        faults.push(Fault::error(name, "", expected).hint(hint));
        return None;
    }
    if cells > MOST_CELLS {
        let of = if frame.is_some() { "in the place of the scenario" } else { "in all" };
        let hint = "use a coarser raster or a part of it: gdal_translate -tr or -projwin";
        let expected = format!("at most {MOST_CELLS} cells {of}");
        faults.push(Fault::error(name, "", expected).field("cells", cells).hint(hint));
        return None;
    }
    let mut values = match window.read(&mut file, nodata, cancel) {
        Ok(values) => values?,
        Err(error) => {
            faults.push(broken(&error));
            return None;
        }
    };
    // no data is told by the number as stored, before it becomes a value
    if meaning.scale != 1.0 || meaning.offset != 0.0 {
        for value in &mut values {
            *value = *value * meaning.scale + meaning.offset;
        }
    }
    let origin = [corner[0] + float(window.from[0]) * cell[0], corner[1] + float(window.from[1]) * cell[1]];
    Some(RasterGrid {
        crs: keys.crs,
        origin,
        cell,
        columns: usize::try_from(window.columns()).ok()?,
        rows: usize::try_from(window.rows()).ok()?,
        values,
        unit: if meaning.unit.is_empty() { keys.vertical_unit.to_owned() } else { meaning.unit },
        is_partial: window.is_partial,
    })
}

fn words(file: &mut File) -> Option<Vec<u16>> {
    file.find_tag(Tag::GeoKeyDirectoryTag).ok().flatten()?.into_u16_vec().ok()
}

/// The texts of the keys; empty without any.
fn described(file: &mut File) -> String {
    let text = file.find_tag(Tag::GeoAsciiParamsTag).ok().flatten();
    text.and_then(|text| text.into_string().ok()).unwrap_or_default()
}

fn doubles(file: &mut File, tag: Tag) -> Option<Vec<f64>> {
    file.find_tag(tag).ok().flatten()?.into_f64_vec().ok()
}

/// Corner of the first cell as the file names it, and width and height of a cell.
fn read_place(name: &str, file: &mut File, faults: &mut Faults) -> Option<([f64; 2], [f64; 2])> {
    let scale = doubles(file, Tag::ModelPixelScaleTag);
    let tie = doubles(file, Tag::ModelTiepointTag);
    let matrix = doubles(file, Tag::ModelTransformationTag);
    let (field, found) = if let Some(m) = matrix {
        if let [a, b, _, x, c, d, _, y, ..] = m[..] {
            let is_turned = b != 0.0 || c != 0.0;
            if !is_turned && usable(&[x, y], &[a, d]) {
                return Some(([x, y], [a, d]));
            }
        }
        ("ModelTransformation (34264)", format!("{m:?}"))
    } else {
        if let (Some([w, h, ..]), Some([i, j, _, x, y, ..])) = (scale.as_deref(), tie.as_deref()) {
            let corner = [x - i * w, y + j * h];
            if usable(&corner, &[*w, *h]) {
                return Some((corner, [*w, -h]));
            }
        }
        ("ModelPixelScale (33550), ModelTiepoint (33922)", format!("{scale:?}, {tie:?}"))
    };
    faults.push(
        Fault::error(
            name,
            "",
            "finite places, and columns and rows that go along the axes with a size other than 0",
        )
        .field(field, found)
        .hint("gdalwarp makes such a raster of any other"),
    );
    None
}

fn usable(corner: &[f64; 2], cell: &[f64; 2]) -> bool {
    corner.iter().chain(cell).all(|v| v.is_finite()) && cell.iter().all(|v| *v != 0.0)
}

/// The value that stands for no data, which need not be there; `None` if it is there and no number.
fn read_nodata(name: &str, file: &mut File, faults: &mut Faults) -> Option<Option<f64>> {
    let Ok(tag) = file.find_tag(Tag::GdalNodata) else {
        faults.push(Fault::error(name, "", "a text").field("nodata (42113)", ""));
        return None;
    };
    let Some(text) = tag.and_then(|value| value.into_string().ok()) else { return Some(None) };
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    match text.parse::<f64>() {
        Ok(value) => Some(Some(value)),
        Err(_) => {
            faults.push(Fault::error(name, "", "a number or nan").field("nodata (42113)", text));
            None
        }
    }
}

/// What the numbers stand for; plain values where the file does not say.
fn read_meaning(name: &str, file: &mut File, faults: &mut Faults) -> Option<ValueScale> {
    let Ok(tag) = file.find_tag(Tag::Unknown(GDAL_METADATA)) else {
        faults.push(Fault::error(name, "", "a text").field("GDAL_METADATA (42112)", ""));
        return None;
    };
    let Some(value) = tag else { return Some(ValueScale::plain()) };
    match value.into_string() {
        Ok(text) => read_values(name, &text, faults),
        Err(error) => {
            faults.push(Fault::error(name, "", "a text").field("GDAL_METADATA (42112)", error));
            None
        }
    }
}

/// Columns and rows, if there is one band.
fn read_size(name: &str, file: &mut File, faults: &mut Faults) -> Option<[u64; 2]> {
    match (file.colortype(), file.dimensions()) {
        (Ok(ColorType::Gray(8 | 16 | 32 | 64)), Ok((columns, rows))) => Some([columns.into(), rows.into()]),
        (Ok(other), Ok(_)) => {
            let expected = "one band of 8, 16, 32 or 64 bit numbers";
            faults.push(
                Fault::error(name, "", expected)
                    .field("SamplesPerPixel (277), BitsPerSample (258)", format!("{other:?}"))
                    .hint("gdal_translate -b 1 takes one band"),
            );
            None
        }
        (Err(error), _) | (_, Err(error)) => {
            faults.push(Fault::error(name, "", "a readable GeoTIFF").hint(error.to_string()));
            None
        }
    }
}

/// Cells that are wanted, of all.
struct CellWindow {
    from: [u64; 2],
    to: [u64; 2],
    is_partial: bool,
}

impl CellWindow {
    fn columns(&self) -> u64 {
        self.to[0] - self.from[0]
    }

    fn rows(&self) -> u64 {
        self.to[1] - self.from[1]
    }

    /// The cells that the box touches, and one more all around.
    fn around(frame: [[f64; 2]; 2], keys: GeoKeys, corner: [f64; 2], cell: [f64; 2], size: [u64; 2]) -> Self {
        // Edges of the box bend in a projection: points along them find how far they reach.
        const STEPS: u32 = 16;
        let mut reach = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for (i, j) in (0..=STEPS).flat_map(|i| (0..=STEPS).map(move |j| (i, j))) {
            let at = |axis: usize, k: u32| {
                frame[0][axis] + (frame[1][axis] - frame[0][axis]) * f64::from(k) / f64::from(STEPS)
            };
            let p = keys.crs.forward([at(0, i), at(1, j)]);
            for axis in 0..2 {
                let cells = (p[axis] - corner[axis]) / cell[axis];
                reach[0][axis] = reach[0][axis].min(cells);
                reach[1][axis] = reach[1][axis].max(cells);
            }
        }
        let mut window = Self { from: [0; 2], to: [0; 2], is_partial: false };
        for axis in 0..2 {
            let count = float(size[axis]);
            let (low, high) = (reach[0][axis], reach[1][axis]);
            window.is_partial |= low < -1e-6 || high > count + 1e-6 || low.is_nan();
            // A box wholly beside the raster has no cell, not even the one more.
            if low < count && high > 0.0 {
                window.from[axis] = truncated((low.floor() - 1.0).clamp(0.0, count)).unsigned_abs();
                window.to[axis] = truncated((high.ceil() + 1.0).clamp(0.0, count)).unsigned_abs();
            }
        }
        window
    }

    /// Reads the strips or tiles that hold cells of the window, each once. `None`: cancelled.
    fn read(
        &self,
        file: &mut File,
        nodata: Option<f64>,
        cancel: &Cancel,
    ) -> Result<Option<Vec<f64>>, tiff::TiffError> {
        let malformed = || tiff::TiffError::IntSizeError;
        let (width, height) = file.chunk_dimensions();
        let (all_columns, _) = file.dimensions()?;
        if width == 0 || height == 0 {
            return Err(malformed());
        }
        let (width, height) = (u64::from(width), u64::from(height));
        let across = u64::from(all_columns).div_ceil(width);
        let size = |n: u64| usize::try_from(n).map_err(|_| malformed());
        let columns = size(self.columns())?;
        let mut values = vec![f64::NAN; columns * size(self.rows())?];
        for down in self.from[1] / height..self.to[1].div_ceil(height) {
            for right in self.from[0] / width..self.to[0].div_ceil(width) {
                if cancel.is_cancelled() {
                    return Ok(None);
                }
                let index = u32::try_from(down * across + right).map_err(|_| malformed())?;
                let chunk = numbers(file.read_chunk(index)?, nodata).ok_or_else(malformed)?;
                let held = width.min(u64::from(all_columns) - right * width);
                for (at, value) in (0_u64..).zip(chunk) {
                    let (column, row) = (right * width + at % held, down * height + at / held);
                    if (self.from[0]..self.to[0]).contains(&column)
                        && (self.from[1]..self.to[1]).contains(&row)
                    {
                        values[size(row - self.from[1])? * columns + size(column - self.from[0])?] = value;
                    }
                }
            }
        }
        Ok(Some(values))
    }
}

/// The 32 bit number nearest to one: what a file of such numbers holds for it.
fn nearest_single(value: f64) -> f32 {
    value as f32
}

/// Samples of any type as numbers; NaN where there is no data.
fn numbers(samples: DecodingResult, nodata: Option<f64>) -> Option<Vec<f64>> {
    let mut values: Vec<f64> = match samples {
        DecodingResult::U8(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::U16(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::U32(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::U64(v) => v.into_iter().map(float).collect(),
        DecodingResult::I8(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::I16(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::I32(v) => v.into_iter().map(f64::from).collect(),
        DecodingResult::I64(v) => v.into_iter().map(float).collect(),
        DecodingResult::F64(v) => v,
        DecodingResult::F32(v) => {
            // The text of nodata often has more digits than a 32 bit number keeps.
            let short = nodata.map(nearest_single);
            v.into_iter().map(|x| if Some(x) == short { f64::NAN } else { f64::from(x) }).collect()
        }
        _ => return None,
    };
    for value in &mut values {
        if !value.is_finite() || Some(*value) == nodata {
            *value = f64::NAN;
        }
    }
    Some(values)
}
