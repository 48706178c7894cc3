//! How much of a text is unpacked: a small packed file may hold more than any memory.

use std::io::{self, BufRead, Read};

/// More than this in one element, or between two, is no map, bytes: the largest relations have some MB.
pub(crate) const MOST_ELEMENT: u64 = 32 << 20;
/// Packed files up to this size unpacked are read whatever they were packed to, bytes.
pub(crate) const LEAST_TOTAL: u64 = 256 << 20;
/// Beyond it a file may be this many times as large unpacked as packed: maps are 10 to 20 times as large.
pub(crate) const MOST_RATIO: u64 = 150;

/// How much a packed file of this size may unpack to, bytes.
pub(crate) fn most_total(file_bytes: u64) -> u64 {
    LEAST_TOTAL.max(file_bytes.saturating_mul(MOST_RATIO))
}

/// A reader that gives up where too much is unpacked.
#[derive(Debug)]
pub(crate) struct MeasuredReader<R> {
    inner: R,
    /// Bytes that were read so far, unpacked.
    total: u64,
    /// Bytes so far when the present element began.
    began: u64,
    /// Most bytes in all.
    most_total: u64,
    /// Why it gave up.
    over: Option<String>,
}

impl<R: BufRead> MeasuredReader<R> {
    /// For a file of this size. `packed` says that its size is not that of the text.
    pub fn new(inner: R, file_bytes: u64, packed: bool) -> Self {
        let most_total = if packed { most_total(file_bytes) } else { u64::MAX };
        Self { inner, total: 0, began: 0, most_total, over: None }
    }

    /// A new element begins.
    pub fn begin_element(&mut self) {
        self.began = self.total;
    }

    /// Why reading was given up; `None` if it was not.
    pub fn over(&self) -> Option<&str> {
        self.over.as_deref()
    }

    fn check(&mut self) -> io::Result<()> {
        let mebibytes = |bytes: u64| bytes >> 20;
        if self.total - self.began > MOST_ELEMENT {
            self.over = Some(format!(
                "more than {} MiB in one element or between two, from byte {} of the text",
                mebibytes(MOST_ELEMENT),
                self.began
            ));
        } else if self.total > self.most_total {
            self.over = Some(format!(
                "more than {} MiB of text ({MOST_RATIO} times the size of the file; maps unpack to 10 to 20 times)",
                mebibytes(self.most_total)
            ));
        }
        match &self.over {
            Some(over) => Err(io::Error::other(over.clone())),
            None => Ok(()),
        }
    }
}

impl<R: BufRead> Read for MeasuredReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let read = self.inner.read(buffer)?;
        self.total += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for MeasuredReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.total += amount as u64;
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_files_may_unpack_to_a_multiple_of_their_size() {
        let text = vec![b' '; 1000];
        let read = |file_bytes: u64, packed: bool, most: Option<u64>| {
            let mut reader = MeasuredReader::new(text.as_slice(), file_bytes, packed);
            reader.most_total = most.unwrap_or(reader.most_total);
            let mut all = Vec::new();
            reader.read_to_end(&mut all).map_err(|_| reader.over().is_some())
        };
        assert_eq!(read(10, true, None), Ok(1000));
        assert_eq!(read(10, true, Some(900)), Err(true));
        assert_eq!(read(10, false, None), Ok(1000));
        assert_eq!(MeasuredReader::new(&b""[..], 10 << 20, true).most_total, 1500 << 20);
    }
}
