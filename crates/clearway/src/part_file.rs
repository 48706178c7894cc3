//! Parts of ensembles and studies as files: columns in Parquet, which databases and Python read, and among the metadata what the part is of.

use bytes::Bytes;
use clearway_model::TOOL;
use parquet::basic::{ConvertedType, Repetition, Type as PhysicalType};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Row;
use parquet::schema::types::Type;
use std::sync::Arc;

/// The values of a column.
pub enum ColumnCells {
    Whole(Vec<i64>),
    Real(Vec<Option<f64>>),
    Text(Vec<Option<String>>),
}

impl ColumnCells {
    fn is_empty(&self) -> bool {
        match self {
            Self::Whole(cells) => cells.is_empty(),
            Self::Real(cells) => cells.is_empty(),
            Self::Text(cells) => cells.is_empty(),
        }
    }
}

/// A column: its name and its cells.
pub type NamedColumn = (String, ColumnCells);

/// Columns of one length as a Parquet file: one row group, no compression, so that equal parts are equal bytes. `row`: what a row is called;
/// `metadata`: keys and values.
pub fn write(
    row: &str,
    columns: &[NamedColumn],
    metadata: &[(&str, String)],
) -> Result<Vec<u8>, ParquetError> {
    let fields = columns.iter().map(|(name, cells)| field(name, cells)).collect::<Result<Vec<_>, _>>()?;
    let schema = Type::group_type_builder(row).with_fields(fields).build()?;
    let metadata = metadata.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone()));
    let properties = WriterProperties::builder()
        .set_created_by(TOOL.to_owned())
        .set_key_value_metadata(Some(metadata.collect()))
        .build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties))?;
    if columns.iter().any(|(_, cells)| !cells.is_empty()) {
        let mut group = file.next_row_group()?;
        for (_, cells) in columns {
            let Some(mut writer) = group.next_column()? else { break };
            write_column(writer.untyped(), cells)?;
            writer.close()?;
        }
        group.close()?;
    }
    file.close()?;
    Ok(bytes)
}

/// A file that [`write`] wrote, or another one in Parquet.
pub struct PartFile(SerializedFileReader<Bytes>);

impl PartFile {
    /// # Errors
    /// The bytes are no Parquet.
    pub fn new(bytes: &[u8]) -> Result<Self, ParquetError> {
        SerializedFileReader::new(Bytes::copy_from_slice(bytes)).map(Self)
    }

    /// What stands under a key of the metadata.
    pub fn value(&self, key: &str) -> Option<String> {
        let metadata = self.0.metadata().file_metadata().key_value_metadata()?;
        metadata.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.clone())
    }

    /// Its rows, in their order.
    pub fn rows(&self) -> Result<impl Iterator<Item = Result<Row, ParquetError>> + '_, ParquetError> {
        self.0.get_row_iter(None)
    }
}

fn field(name: &str, cells: &ColumnCells) -> Result<Arc<Type>, ParquetError> {
    let (physical, repetition, converted) = match cells {
        ColumnCells::Whole(_) => (PhysicalType::INT64, Repetition::REQUIRED, ConvertedType::NONE),
        ColumnCells::Real(_) => (PhysicalType::DOUBLE, Repetition::OPTIONAL, ConvertedType::NONE),
        ColumnCells::Text(_) => (PhysicalType::BYTE_ARRAY, Repetition::OPTIONAL, ConvertedType::UTF8),
    };
    let built = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    Ok(Arc::new(built.with_converted_type(converted).build()?))
}

/// Values that are there, and per row whether there is one.
fn split<T: Clone>(cells: &[Option<T>]) -> (Vec<T>, Vec<i16>) {
    (cells.iter().flatten().cloned().collect(), cells.iter().map(|cell| i16::from(cell.is_some())).collect())
}

fn write_column(writer: &mut ColumnWriter<'_>, cells: &ColumnCells) -> Result<(), ParquetError> {
    match (writer, cells) {
        (ColumnWriter::Int64ColumnWriter(writer), ColumnCells::Whole(cells)) => {
            writer.write_batch(cells, None, None)?;
        }
        (ColumnWriter::DoubleColumnWriter(writer), ColumnCells::Real(cells)) => {
            let (there, levels) = split(cells);
            writer.write_batch(&there, Some(&levels), None)?;
        }
        (ColumnWriter::ByteArrayColumnWriter(writer), ColumnCells::Text(cells)) => {
            let (there, levels) = split(cells);
            let there: Vec<ByteArray> = there.iter().map(|text| ByteArray::from(text.as_str())).collect();
            writer.write_batch(&there, Some(&levels), None)?;
        }
        // the schema is made of the same cells
        _ => {}
    }
    Ok(())
}
