//! Writing vector tiles (Mapbox Vector Tile 2.1): layers of features with whole-number coordinates, keys and values each once per layer.

use std::collections::HashMap;

/// Coordinates of a tile go from 0 to this.
pub(super) const EXTENT: i32 = 4096;

/// Bytes in the wire form of protocol buffers.
#[derive(Default)]
struct WireBytes(Vec<u8>);

impl WireBytes {
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(u8::try_from(value & 0x7f).unwrap_or(0) | 0x80);
            value >>= 7;
        }
        self.0.push(u8::try_from(value).unwrap_or(0));
    }

    /// A field whose value is a whole number.
    fn whole(&mut self, field: u64, value: u64) {
        self.varint(field << 3);
        self.varint(value);
    }

    /// A field whose value are bytes.
    fn bytes(&mut self, field: u64, bytes: &[u8]) {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// A field whose value are whole numbers in a row.
    fn packed(&mut self, field: u64, values: &[u32]) {
        let mut inner = Self::default();
        for value in values {
            inner.varint(u64::from(*value));
        }
        self.bytes(field, &inner.0);
    }
}

/// A value of a property.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TagValue<'v> {
    /// A text.
    Text(&'v str),
    /// A number.
    Number(f64),
}

/// A layer that is being written.
pub(super) struct TileLayer {
    name: &'static str,
    features: WireBytes,
    count: usize,
    keys: Vec<&'static str>,
    values: HashMap<Vec<u8>, u32>,
    values_in_order: Vec<Vec<u8>>,
}

impl TileLayer {
    /// An empty layer.
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            features: WireBytes::default(),
            count: 0,
            keys: Vec::new(),
            values: HashMap::new(),
            values_in_order: Vec::new(),
        }
    }

    /// Adds a line, in one or more pieces.
    pub fn line(&mut self, id: u64, tags: &[(&'static str, TagValue<'_>)], pieces: &[Vec<[i32; 2]>]) {
        let mut commands = Vec::new();
        let mut at = [0, 0];
        for piece in pieces.iter().filter(|piece| piece.len() > 1) {
            step(&mut commands, &mut at, 1, &piece[..1]);
            step(&mut commands, &mut at, 2, &piece[1..]);
        }
        if !commands.is_empty() {
            self.feature(id, tags, 2, &commands);
        }
    }

    /// Adds a point.
    pub fn point(&mut self, id: u64, tags: &[(&'static str, TagValue<'_>)], place: [i32; 2]) {
        let mut commands = Vec::new();
        step(&mut commands, &mut [0, 0], 1, &[place]);
        self.feature(id, tags, 1, &commands);
    }

    fn feature(&mut self, id: u64, tags: &[(&'static str, TagValue<'_>)], kind: u64, commands: &[u32]) {
        let mut pairs = Vec::with_capacity(2 * tags.len());
        for (key, value) in tags {
            pairs.push(self.key(key));
            pairs.push(self.value(value));
        }
        let mut feature = WireBytes::default();
        feature.whole(1, id);
        feature.packed(2, &pairs);
        feature.whole(3, kind);
        feature.packed(4, commands);
        self.features.bytes(2, &feature.0);
        self.count += 1;
    }

    fn key(&mut self, key: &'static str) -> u32 {
        let at = self.keys.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.keys.push(key);
            self.keys.len() - 1
        });
        u32::try_from(at).unwrap_or(0)
    }

    fn value(&mut self, value: &TagValue<'_>) -> u32 {
        let mut bytes = WireBytes::default();
        match value {
            TagValue::Text(text) => bytes.bytes(1, text.as_bytes()),
            TagValue::Number(number) => {
                bytes.varint(3 << 3 | 1);
                bytes.0.extend_from_slice(&number.to_le_bytes());
            }
        }
        if let Some(known) = self.values.get(&bytes.0) {
            return *known;
        }
        let at = u32::try_from(self.values_in_order.len()).unwrap_or(u32::MAX);
        self.values_in_order.push(bytes.0.clone());
        self.values.insert(bytes.0, at);
        at
    }

    /// The layer as a part of a tile; nothing where it has no feature.
    pub fn finish(self) -> Vec<u8> {
        if self.count == 0 {
            return Vec::new();
        }
        let mut layer = WireBytes::default();
        layer.whole(15, 2);
        layer.bytes(1, self.name.as_bytes());
        layer.0.extend_from_slice(&self.features.0);
        for key in &self.keys {
            layer.bytes(3, key.as_bytes());
        }
        for value in &self.values_in_order {
            layer.bytes(4, value);
        }
        layer.whole(5, u64::from(EXTENT.unsigned_abs()));
        let mut tile = WireBytes::default();
        tile.bytes(3, &layer.0);
        tile.0
    }
}

/// Adds a command with the steps from place to place.
fn step(commands: &mut Vec<u32>, at: &mut [i32; 2], command: u32, places: &[[i32; 2]]) {
    let count = u32::try_from(places.len()).unwrap_or(0);
    commands.push(count << 3 | command);
    for place in places {
        for axis in 0..2 {
            let by = place[axis] - at[axis];
            // zigzag: small numbers of either sign are small
            commands.push(((by << 1) ^ (by >> 31)).cast_unsigned());
            at[axis] = place[axis];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_has_its_commands() {
        // LINESTRING(2 2, 2 10, 10 10) of the specification, 4.3.5.2: [9 4 4 18 0 16 16 0]
        let mut commands = Vec::new();
        let mut at = [0, 0];
        step(&mut commands, &mut at, 1, &[[2, 2]]);
        step(&mut commands, &mut at, 2, &[[2, 10], [10, 10]]);
        assert_eq!(commands, [9, 4, 4, 18, 0, 16, 16, 0]);
    }

    #[test]
    fn a_layer_has_every_key_and_value_once() {
        let mut layer = TileLayer::new("links");
        for id in 0..3 {
            let tags = [("class", TagValue::Text("primary")), ("lanes", TagValue::Number(2.0))];
            layer.line(id, &tags, &[vec![[0, 0], [10, 10]]]);
        }
        assert_eq!((layer.keys.len(), layer.values_in_order.len(), layer.count), (2, 2, 3));
        let bytes = layer.finish();
        assert_eq!(bytes[0], 3 << 3 | 2);
        let words = |text: &str| bytes.windows(text.len()).filter(|part| *part == text.as_bytes()).count();
        assert_eq!((words("primary"), words("class"), words("lanes")), (1, 1, 1));
        assert!(TileLayer::new("nodes").finish().is_empty());
    }
}
