//! GeoTIFF rasters as grids of numbers with a place on Earth.
//!
//! [`read_grid`] reads the part of a raster that a box of longitudes and latitudes needs: one band of 8 to 64 bit numbers, in strips
//! or tiles, uncompressed, deflate or LZW, with or without predictor. Cells without data are NaN. A scale and an offset that the file
//! states (GDAL) are applied. A malformed file is a list of
//! faults that name the tag, never a panic, and sizes are checked before anything is allocated.

mod crs;
mod geokeys;
mod grid;
mod metadata;
mod read;

pub use crs::CoordinateSystem;
pub use grid::RasterGrid;
pub use read::{MOST_CELLS, is_tiff, read_grid, read_whole_grid};
