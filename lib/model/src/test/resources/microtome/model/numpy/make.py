"""Writes the files of this folder: python make.py (NumPy 2.4.6)."""

from pathlib import Path

import numpy

here = Path(__file__).parent
table = numpy.arange(6, dtype="<f4").reshape(2, 3) / 4

for version in (1, 2, 3):
    with open(here / f"version{version}.npy", "wb") as file:
        numpy.lib.format.write_array(file, table, version=(version, 0))

types = "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1 c8".split()
arrays = {name: numpy.array([1, 0, 100]).astype(name) for name in types}
arrays["scalar"] = numpy.float32(2.5)
arrays["empty"] = numpy.zeros((0, 4), "f4")
arrays["block.0/größe"] = numpy.array([7], "f4")
numpy.savez(here / "types.npz", **arrays)

cube = numpy.arange(24, dtype="<i2").reshape(2, 3, 4)
numpy.save(here / "fortran.npy", numpy.asfortranarray(table))
numpy.savez_compressed(here / "compressed.npz", plain=numpy.tile(table, (50, 1)), fortran=numpy.asfortranarray(cube))

others = {
    "objects": numpy.array([{"a": 1}, None], dtype=object),
    "texts": numpy.array(["one", "three"]),
    "swapped": table.astype(">f4"),
    "records": numpy.zeros(2, [("x", "<f4"), ("y", "<i4", (2,))]),
    "raw": numpy.zeros(2, "V2"),
    "times": numpy.array(["2026-11-24"], "M8[D]"),
}
numpy.savez(here / "others.npz", good=table, **others)
for name, array in others.items():
    numpy.save(here / f"{name}.npy", array)
