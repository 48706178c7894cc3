//! Damage to files, the same for the same seed.

/// A small generator, so that a seed means the same on every machine: SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Begins at a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `bound` - 1.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.draw() % bound.max(1) as u64) as usize
    }
}

/// Things that tend to break readers.
const NASTY: &[&[u8]] = &[
    b"\"",
    b",",
    b"\n",
    b"\r",
    b"#",
    b"\0",
    b"\xff",
    b"\xc3",
    b"-",
    b"0",
    b"9999999999999999999",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"1e308",
    b"-0",
    b"nan",
    b"inf",
    b"1.5",
    b" ",
    b"\xef\xbb\xbf",
    b"[[",
    b"=",
    b"{",
    b"}",
    b"'''",
    b"*",
    b"<",
    b">",
    b"&#0;",
    b"\xf0\x9f\x9a\x97",
    b"\xe2\x80\x8b",
    b"\xe2\x80\xae",
    b"null",
    b"[]",
    b"1e400",
    b"+25:00",
];

/// Damages a file in one to four places.
pub fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        match random.below(9) {
            0 if at < bytes.len() => bytes[at] = random.draw() as u8,
            1 if at < bytes.len() => {
                bytes.remove(at);
            }
            2 => bytes.truncate(at),
            3 => {
                let end = (at + random.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let end = (at + 1 + random.below(8)).min(bytes.len());
                bytes.splice(at..end, NASTY[8 + random.below(10)].iter().copied());
            }
            5 => number(bytes, at, random),
            6 => repeat_line(bytes, at, random),
            7 => swap_lines(bytes, random),
            _ => {
                bytes.splice(at..at, NASTY[random.below(NASTY.len())].iter().copied());
            }
        }
    }
}

/// Another number in place of the next one.
fn number(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let Some(begin) = (at..bytes.len()).find(|&i| bytes[i].is_ascii_digit()) else { return };
    let end = (begin..bytes.len()).find(|&i| !bytes[i].is_ascii_digit()).unwrap_or(bytes.len());
    let other = match random.below(6) {
        0 => "0".to_owned(),
        1 => "1".to_owned(),
        2 => random.below(1_000_000).to_string(),
        3 => random.draw().to_string(),
        4 => format!("{}000", String::from_utf8_lossy(&bytes[begin..end])),
        _ => format!("-{}", String::from_utf8_lossy(&bytes[begin..end])),
    };
    bytes.splice(begin..end, other.into_bytes());
}

/// A line a few times more.
fn repeat_line(bytes: &mut Vec<u8>, at: usize, random: &mut Random) {
    let begin = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let end = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |i| at + i + 1);
    let line = bytes[begin..end].to_vec();
    for _ in 0..=random.below(3) {
        bytes.splice(begin..begin, line.iter().copied());
    }
}

/// Two lines change places.
fn swap_lines(bytes: &mut Vec<u8>, random: &mut Random) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    if lines.len() > 1 {
        let (a, b) = (random.below(lines.len()), random.below(lines.len()));
        lines.swap(a, b);
        *bytes = lines.concat();
    }
}
