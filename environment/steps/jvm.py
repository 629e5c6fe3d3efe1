"""How every Java process of ours is started: notebook kernel, command line, tests."""

from steps.layout import HOME, MODELS, PEERS, ROOT

OPTIONS = [
    "--enable-native-access=ALL-UNNAMED",   # the native backend, without warnings
    "-Djava.awt.headless=true",             # static pictures are painted off screen
    "-Xmx1g",                               # weights lie outside the heap
    f"-Dorg.bytedeco.javacpp.cachedir={HOME / 'javacpp'}",  # where ND4J, if asked for, unpacks its libraries
    "-XX:+UseSerialGC",                     # small machines: no collector threads beside the native ones
]

# The command line lives for seconds beside weights that fill the memory.
COMMAND_LINE = [
    *OPTIONS,
    "-Xms8m", "-Xmn4m",                     # the heap grows with what lives in it, not with garbage
    "-XX:TieredStopAtLevel=1",              # the second compiler pays off after minutes and takes its own memory
]
COMMAND_LINE_VARIABLES = {"MALLOC_ARENA_MAX": "1"}  # one heap of the C library instead of one per thread


def variables() -> dict[str, str]:
    """The model store, and no caches or reports outside this repository."""
    return {
        "MICROTOME_MODELS": str(MODELS),
        "MICROTOME_ROOT": str(ROOT),
        "MICROTOME_PEERS": str(PEERS),
        "DJL_CACHE_DIR": str(HOME / "djl"),
        "OPT_OUT_TRACKING": "true",
    }
