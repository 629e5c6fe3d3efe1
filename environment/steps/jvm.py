"""How every Java process of ours is started: notebook kernel, command line, tests."""

from steps.layout import HOME, MODELS, PEERS, ROOT

OPTIONS = [
    "--enable-native-access=ALL-UNNAMED",   # the native backend, without warnings
    "-Djava.awt.headless=true",             # static pictures are painted off screen
    "-Xmx1g",                               # weights lie outside the heap
    "-XX:+UseSerialGC",                     # small machines: no collector threads beside the native ones
]


def variables() -> dict[str, str]:
    """The model store, and no caches or reports outside this repository."""
    return {
        "MICROTOME_MODELS": str(MODELS),
        "MICROTOME_ROOT": str(ROOT),
        "MICROTOME_PEERS": str(PEERS),
        "DJL_CACHE_DIR": str(HOME / "djl"),
        "OPT_OUT_TRACKING": "true",
    }
