//! Types for numbers of rows and parts.

/// Defines types for the numbers of things that stand in a vector, counted from 0, in four bytes: so none is taken for another. They
/// convert from and to `usize`, as typed vectors ask for.
#[macro_export]
macro_rules! index_types {
    ($($(#[$meaning:meta])* $name:ident)*) => {
        $(
            $(#[$meaning])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(u32);

            impl $name {
                /// As an index into a table or a vector without a type for its numbers.
                #[inline]
                pub const fn row(self) -> usize {
                    $crate::number::index(self.0)
                }
            }

            impl From<usize> for $name {
                #[inline]
                fn from(row: usize) -> Self {
                    Self($crate::number::compact(row))
                }
            }

            impl From<$name> for usize {
                #[inline]
                fn from(index: $name) -> Self {
                    index.row()
                }
            }
        )*
    };
}
