"""The native library: built with CMake into native/build when a source changed."""

import os
from pathlib import Path

from steps import shell, stamps
from steps.layout import NATIVE, NATIVE_BUILD
from steps.report import step

SKIPPED = ("build*", "tests", "bench")
LIBRARY = "microtome"


def ensure(onednn: Path) -> None:
    wanted = digest(onednn)
    if stamps.is_current("native", wanted) and (NATIVE_BUILD / "CMakeCache.txt").exists():
        return
    stamps.clear("native")
    with step("native library"):
        build(NATIVE_BUILD, onednn, "native build", target=LIBRARY)
    stamps.write("native", wanted)


def digest(onednn: Path) -> str:
    return stamps.digest(stamps.files_under(NATIVE, *SKIPPED), str(onednn))


def build(folder: Path, onednn: Path, what: str, *options: str, target: str = "all") -> None:
    """Configures and builds; both do nothing where nothing changed."""
    shell.run(f"{what} configuration", ["cmake", "-S", NATIVE, "-B", folder, "-DCMAKE_BUILD_TYPE=Release",
                                        f"-DMT_DNNL_DIR={onednn}", *options])
    shell.run(what, ["cmake", "--build", folder, "--target", target, "--parallel", str(min(4, os.cpu_count() or 1))])
