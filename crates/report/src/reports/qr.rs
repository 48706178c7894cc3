//! A text as a QR code (ISO/IEC 18004), drawn as one path.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Light modules around the code, as the standard asks for.
const QUIET: usize = 4;

/// The code of a text as SVG; `None` for a text that is too long for one (2,331 bytes at level M). `label` says what it is.
pub(crate) fn qr_svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let (width, colours) = (code.width(), code.to_colors());
    let mut data = String::new();
    for (y, row) in colours.chunks(width).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
            let _ = write!(data, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    let size = width + 2 * QUIET;
    Some(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{}\" shape-rendering=\"crispEdges\"><rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{data}\" fill=\"#000\"/></svg>",
        crate::map::escape(label)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the drawing with a reader of another maker.
    fn read(svg: &str) -> String {
        let size: usize =
            svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let data = svg.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut dark = vec![false; size * size];
        for module in data.split('M').skip(1) {
            let (x, rest) = module.split_once(' ').unwrap();
            let y = rest.split('h').next().unwrap();
            dark[y.parse::<usize>().unwrap() * size + x.parse::<usize>().unwrap()] = true;
        }
        let zoom = 4;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(size * zoom, size * zoom, |x, y| {
            if dark[y / zoom * size + x / zoom] { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        grids[0].decode().unwrap().1
    }

    #[test]
    fn another_reader_reads_what_was_written() {
        for text in ["Kallio", "حي الزيتون: 08:00 - 09:15", &"Mannerheimintie, ".repeat(40)] {
            assert_eq!(read(&qr_svg(text, "x").unwrap()), *text);
        }
        assert!(qr_svg(&"x".repeat(3000), "x").is_none());
    }
}
