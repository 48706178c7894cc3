//! What the numbers of a raster stand for, out of GDAL's metadata (tag 42112): `value = SCALE * number + OFFSET`, and their unit.
//!
//! The tag holds XML: `<GDALMetadata><Item name="SCALE" sample="0" role="scale">0.01</Item> ..`. See "GDAL_METADATA" in the GeoTIFF
//! driver of GDAL.

use clearway_model::{Fault, Faults};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// What faults call the tag.
const TAG: &str = "GDAL_METADATA (42112)";

/// How a number becomes a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ValueScale {
    pub(crate) scale: f64,
    pub(crate) offset: f64,
    /// As the file names it; may be empty.
    pub(crate) unit: String,
}

impl ValueScale {
    /// Numbers that are values.
    pub(crate) fn plain() -> Self {
        Self { scale: 1.0, offset: 0.0, unit: String::new() }
    }
}

/// Reads the metadata of the first band; `None` where it cannot be understood, which is a fault: figures must not be guessed.
pub(crate) fn read_values(name: &str, text: &str, faults: &mut Faults) -> Option<ValueScale> {
    let mut values = ValueScale::plain();
    let mut fault = |found: &str, expected: &str| {
        let hint = "gdal_translate -unscale -ot Float64 writes the values themselves";
        faults.push(Fault::error(name, "", expected).field(TAG, found.trim()).hint(hint));
        None
    };
    let mut reader = Reader::from_str(text.trim_matches(|c: char| c == '\0' || c.is_whitespace()));
    let mut role = None;
    loop {
        match reader.read_event() {
            Ok(Event::Start(element)) => role = role_of(&element),
            Ok(Event::End(_)) => role = None,
            Ok(Event::Text(inner)) => {
                let Ok(inner) = inner.decode() else { return fault("", "text in UTF-8") };
                match role.as_deref() {
                    Some("scale") => match inner.trim().parse::<f64>() {
                        Ok(scale) if scale.is_finite() && scale != 0.0 => values.scale = scale,
                        _ => return fault(&inner, "a scale that is a number other than 0"),
                    },
                    Some("offset") => match inner.trim().parse::<f64>() {
                        Ok(offset) if offset.is_finite() => values.offset = offset,
                        _ => return fault(&inner, "an offset that is a number"),
                    },
                    Some("unittype") => inner.trim().clone_into(&mut values.unit),
                    _ => {}
                }
            }
            Ok(Event::Eof) => return Some(values),
            Ok(_) => {}
            Err(error) => return fault(&error.to_string(), "XML as GDAL writes it"),
        }
    }
}

/// The role of an item that speaks of the first band: `scale`, `offset`, `unittype`.
fn role_of(element: &BytesStart) -> Option<String> {
    if element.name().as_ref() != b"Item" {
        return None;
    }
    let of = |name: &str| {
        let value = element.try_get_attribute(name).ok().flatten()?;
        Some(String::from_utf8_lossy(&value.value).to_ascii_lowercase())
    };
    let is_first = of("sample").is_none_or(|sample| sample.trim() == "0");
    // some programs give the name alone
    let role = of("role").or_else(|| of("name"))?;
    is_first.then_some(role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_offset_and_unit() {
        let mut faults = Faults::default();
        let text = "<GDALMetadata>\n  <Item name=\"SCALE\" sample=\"0\" role=\"scale\">0.01</Item>\n  <Item name=\"OFFSET\" sample=\"0\" role=\"offset\">-1.5</Item>\n  <Item name=\"UNITTYPE\" sample=\"0\" role=\"unittype\">m</Item>\n  <Item name=\"STATISTICS_MEAN\" sample=\"0\">3</Item>\n  <Item name=\"SCALE\" sample=\"1\" role=\"scale\">7</Item>\n</GDALMetadata>\n\0";
        let values = read_values("a.tif", text, &mut faults).unwrap();
        assert_eq!(values, ValueScale { scale: 0.01, offset: -1.5, unit: "m".to_owned() });
        let text = "<GDALMetadata><Item name=\"AREA_OR_POINT\">Area</Item></GDALMetadata>";
        assert_eq!(read_values("a.tif", text, &mut faults).unwrap(), ValueScale::plain());
        assert!(faults.0.is_empty());
    }

    #[test]
    fn what_cannot_be_understood_is_a_fault() {
        let item = |role: &str, value: &str| {
            format!(
                "<GDALMetadata><Item name=\"X\" sample=\"0\" role=\"{role}\">{value}</Item></GDALMetadata>"
            )
        };
        for text in
            [item("scale", "0"), item("scale", "much"), item("offset", "nan"), "<GDALMetadata><Item".into()]
        {
            let mut faults = Faults::default();
            assert!(read_values("a.tif", &text, &mut faults).is_none(), "{text}");
            assert!(faults.0[0].hint.contains("-unscale"), "{text}");
        }
    }
}
