"""Cuts Plotly's schema down to what the tests of this module check, and compresses it.

Usage, in this folder:
    npm pack plotly.js@4.1.1 && tar xzf plotly.js-4.1.1.tgz package/dist/plot-schema.json
    python3 extract_plot_schema.py package/dist/plot-schema.json ../resources/microtome/display/plot-schema.json.gz
"""

import gzip
import json
import sys

TRACES = ("heatmap", "scatter", "scattergl", "bar")
OTHER_SUBPLOTS = ("geo", "map", "polar", "scene", "smith", "ternary")
KEPT = ("valType", "values", "flags", "extras", "min", "max", "arrayOk", "items", "dimensions", "freeLength", "regex",
        "noBlank", "strict", "dflt", "_isSubplotObj")


def cut(node):
    """An attribute keeps what its check needs; a container keeps its attributes."""
    if not isinstance(node, dict):
        return node
    if "valType" in node:
        kept = {key: value for key, value in node.items() if key in KEPT}
        if kept["valType"] != "subplotid":
            kept.pop("dflt", None)
        if "items" in kept:
            items = kept["items"]
            kept["items"] = [cut(item) for item in items] if isinstance(items, list) else cut(items)
        return kept
    return {key: cut(value) for key, value in node.items()
            if key != "impliedEdits" and (isinstance(value, dict) or key == "_isSubplotObj")}


def main(source, target):
    with open(source, encoding="utf-8") as file:
        schema = json.load(file)
    layout = dict(schema["layout"]["layoutAttributes"])
    for trace in TRACES:
        layout.update(schema["traces"][trace].get("layoutAttributes", {}))
    for subplot in OTHER_SUBPLOTS:
        layout.pop(subplot)
    small = {
        "traces": {trace: cut(schema["traces"][trace]["attributes"]) for trace in TRACES},
        "layout": cut(layout),
        "frame": cut(schema["frames"]["items"]["frames_entry"]),
        "config": cut(schema["config"]),
        "animation": cut(schema["animation"]),
    }
    text = json.dumps(small, separators=(",", ":"), sort_keys=True).encode()
    with open(target, "wb") as file:
        file.write(gzip.compress(text, 9, mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
