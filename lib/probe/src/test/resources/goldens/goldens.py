"""Writes the golden numbers of the probes' tests: an independent reference in numpy, float64.

    python goldens.py expected.safetensors expected.json > smollm2.json

expected.* are what transformers computed for SmolLM2-135M-Instruct (Q4_1, de-quantised to float32): the residual
stream of "The capital of France is" at every depth and position, two attention patterns, and the logit lens at the
last position of four prompts.
"""

import json
import struct
import sys

import numpy


def safetensors(path):
    data = open(path, "rb").read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    types = {"F32": numpy.float32, "I32": numpy.int32, "I64": numpy.int64}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            flat = numpy.frombuffer(data[8 + length + begin : 8 + length + end], types[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"])
    return tensors


def unit(x):
    return x / numpy.linalg.norm(x, axis=-1, keepdims=True)


def angles(points):
    steps = unit(numpy.diff(points, axis=0))
    return numpy.arccos(numpy.clip((steps[:-1] * steps[1:]).sum(axis=-1), -1, 1))


def path(points):
    """The metrics of one path [points, width]."""
    points = points.astype(numpy.float64)
    steps = numpy.linalg.norm(numpy.diff(points, axis=0), axis=-1)
    unit_steps = numpy.linalg.norm(numpy.diff(unit(points), axis=0), axis=-1)
    cosines = (unit(points)[:-1] * unit(points)[1:]).sum(axis=-1)
    return {
        "length": steps.sum(),
        "unitLength": unit_steps.sum(),
        "steps": steps.tolist(),
        "unitSteps": unit_steps.tolist(),
        "angles": angles(points).tolist(),
        "meanAngle": angles(points).mean(),
        "cosines": cosines.tolist(),
    }


def java_random(seed, count):
    """nextDouble() of java.util.Random."""
    state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)
    numbers = []
    for _ in range(count):
        parts = []
        for bits in (26, 27):
            state = (state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
            parts.append(state >> (48 - bits))
        numbers.append(((parts[0] << 27) + parts[1]) * 2.0**-53)
    return numpy.array(numbers)


def heads(pattern):
    """Per head of [heads, queries, keys], means over the queries from position 1 on."""
    rows = pattern.astype(numpy.float64)[:, 1:]
    queries = numpy.arange(1, pattern.shape[1])
    logarithms = numpy.log(numpy.where(rows > 0, rows, 1))
    return {
        "entropy": (-(rows * logarithms).sum(axis=-1)).mean(axis=-1).tolist(),
        "first": rows[:, :, 0].mean(axis=-1).tolist(),
        "previous": rows[:, queries - 1, queries - 1].mean(axis=-1).tolist(),
        "itself": rows[:, queries - 1, queries].mean(axis=-1).tolist(),
    }


def main():
    tensors = safetensors(sys.argv[1])
    texts = json.load(open(sys.argv[2], encoding="utf-8"))["prompts"]
    stream = tensors["capital.resid_all"].astype(numpy.float64)  # [depths, positions, width]
    final = tensors["capital.final_norm_all"].astype(numpy.float64)
    golden = {"lens": {}, "geometry": {}, "attention": {}}
    for prompt in ("capital", "paragraph", "code", "unicode"):
        golden["lens"][prompt] = {
            "text": texts[prompt]["text"],
            "tokens": tensors[prompt + ".input_ids"].tolist(),
            "ids": tensors[prompt + ".lens_top3_ids"].tolist(),
            "logits": [[float(x) for x in row] for row in tensors[prompt + ".lens_top3_logits"]],
            "logSumExp": float(tensors[prompt + ".logsumexp"].ravel()[-1]),
        }
    golden["geometry"]["default"] = path(stream[:, -1])
    golden["geometry"]["defaultWithFinalNorm"] = path(numpy.concatenate([stream[:, -1], final[None, -1]]))
    golden["geometry"]["code"] = path(numpy.concatenate([stream[1:-1, -1], final[None, -1]]))
    golden["geometry"]["paper"] = path(numpy.concatenate([stream[:-1], final[None]]).mean(axis=1))
    golden["geometry"]["meanWithoutFirst"] = path(stream[:, 1:].mean(axis=1))
    golden["geometry"]["position2"] = path(stream[:, 2])
    golden["geometry"]["random"] = path(java_random(42, 120).reshape(20, 6) - 0.5)
    for block in (0, 15):
        golden["attention"][str(block)] = heads(tensors["capital.attn_pattern.%d" % block])
    golden["matrix"] = (unit(stream[:, -1]) @ unit(stream[:, -1]).T)[[0, 1, 15, 30]][:, [0, 1, 15, 30]].tolist()
    json.dump(golden, sys.stdout, ensure_ascii=True, separators=(",", ":"))


main()
