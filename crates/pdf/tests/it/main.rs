//! Pages made by hand, typeset. What another reader finds in PDFs of whole reports: `scripts/pdf.sh`.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use clearway_pdf::{IS_BUILT, Paper, PdfError, page_content, page_pdf};

/// Text that would do something if it were read as markup of typst.
const HOSTILE: &str = "#panic() $x * _ @a <b> \" \\ ] } `raw` // /* [";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A page with every element that reports use and some name in all of them.
fn page(direction: &str, name: &str) -> String {
    let name = escaped(name);
    let name = format!("<bdi>{name}</bdi>");
    let colours = [
        "ink", "soft", "line", "tint", "warn", "arrived", "bound", "departed", "s1", "s2", "s3", "s4",
        "road0",
    ];
    let colours: String = colours.iter().map(|name| format!("--{name}: #123456; ")).collect();
    let language = if direction == "rtl" { "ar" } else { "en" };
    let cell = format!(
        "<td>{name}</td><td class=\"n\">1</td><td><code dir=\"ltr\">sha256:{}</code></td>",
        "5".repeat(64)
    );
    format!(
        "<!doctype html>\n<html lang=\"{language}\" dir=\"{direction}\"><head><meta name=\"generator\" content=\"clearway\"><title>x</title>\n\
         <style>:root {{ {colours}--hazard: #8a7d00; --hatch: #f0e442; }} .map .road {{ stroke: var(--ink); }}\n\
         @page {{ @top-left {{ content: \"a\"; }} @top-right {{ content: \"b\"; }} @bottom-left {{ content: \"c\"; }} }}</style></head>\n\
         <body><header><p class=\"context\">{name}</p><h1>{name}</h1><div class=\"standing\" role=\"note\"><p>{name}</p></div></header>\n\
         <main><section><h2>{name}</h2><p class=\"verdict\">{name}: <data value=\"1\">1</data><br>x</p><ul><li>{name}</li></ul>\n\
         <div class=\"scroll\"><table><thead><tr><th>{name}</th><th class=\"n\">b</th><th>c</th></tr></thead><tbody><tr>{cell}</tr></tbody></table></div>\n\
         <div class=\"columns\"><div><p>{name}</p></div><div><p><span class=\"open\">{name}</span></p></div></div></section>\n\
         <section class=\"wide\"><h3>{name}</h3></section><section class=\"page\"><figure class=\"mapped\" style=\"max-width: 100px\">\n\
         <figcaption>{name}</figcaption><div class=\"map-sheet\"><svg class=\"map\" viewBox=\"0 0 800 400\" aria-label=\"x\"><path class=\"road\" d=\"M0 0l9 9\"/><text>{name}</text></svg>\n\
         <div class=\"north\">&#9650;<br>N</div><div class=\"bar\" style=\"width: 20%\"><span>1 m</span></div></div>\n\
         <ul class=\"legend\"><li><i class=\"road-mark\"></i> {name}</li></ul></figure></section></main>\n\
         <footer><dl class=\"origin\"><div><dt>{name}</dt><dd>{name}</dd></div></dl></footer></body></html>\n",
    )
    .replace("<text><bdi>", "<text>")
    .replace("</bdi></text>", "</text>")
}

#[test]
fn names_of_every_kind_come_through_and_the_same_page_gives_the_same_bytes() {
    for direction in ["ltr", "rtl"] {
        for name in [HOSTILE, "حي الزيتون", "Kallio حي 7", "Þóra, Ωμέγα, Київ", "", &"x".repeat(300)]
        {
            let page = page(direction, name);
            let content = page_content(&page, Paper::A4).unwrap().to_string();
            let as_json = serde_json::to_string(name).unwrap();
            assert!(name.is_empty() || content.contains(as_json.trim_matches('"')), "{name}");
            for paper in [Paper::A4, Paper::Letter] {
                match page_pdf(&page, paper) {
                    Err(PdfError::NotBuilt) if !IS_BUILT => {}
                    made => {
                        let bytes = made.unwrap_or_else(|error| panic!("{direction} {name}: {error}"));
                        assert!(bytes.starts_with(b"%PDF-1.7"));
                        assert_eq!(bytes, page_pdf(&page, paper).unwrap(), "{direction} {name}");
                    }
                }
            }
        }
    }
}

#[test]
fn letters_without_a_font_are_named_and_no_empty_boxes() {
    match page_pdf(&page("ltr", "Þ 世界 ☃"), Paper::A4) {
        Err(PdfError::NotBuilt) if !IS_BUILT => {}
        Err(error @ PdfError::Letters(_)) => {
            let text = error.to_string();
            assert!(text.contains("'☃', '世', '界'") && !text.contains('Þ'), "{text}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_has_no_place_on_paper_is_an_error() {
    let page = page("ltr", "x");
    for (known, unknown) in [
        ("<h3>", "<h3><img>"),
        ("class=\"road-mark\"", "class=\"snow-mark\""),
        ("<bdi>x</bdi></h1>", "</h1>"),
        ("@top-right", "@top-middle"),
        ("viewBox=\"0 0 800 400\"", "viewBox=\"0 0 800\""),
        ("<th>c</th>", ""),
        ("<h3><bdi>x</bdi></h3>", "<h3><video></video></h3>"),
    ] {
        assert!(page.contains(known), "{known}");
        let made = page_content(&page.replace(known, unknown), Paper::A4);
        let is_refused = matches!(made, Err(PdfError::Page(_)));
        // a heading without a word is no gap
        assert_eq!(is_refused, unknown != "</h1>", "{unknown}");
    }
}
