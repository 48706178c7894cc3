//! What the fuzzing targets share.

/// A file of which a piece is replaced: two bytes say where, one how long the piece is, and the others are what is there instead.
pub fn patched(file: &[u8], patch: &[u8]) -> Vec<u8> {
    let [high, low, removed, inserted @ ..] = patch else { return file.to_vec() };
    let from = usize::from(u16::from_be_bytes([*high, *low])) % (file.len() + 1);
    let until = (from + usize::from(*removed)).min(file.len());
    [&file[..from], inserted, &file[until..]].concat()
}
