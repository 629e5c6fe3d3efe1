"""skip_references.py FIXTURES FILE: contributions and skip effects of tiny models, by transformers in float64.

FIXTURES is the folder of the tiny random models; FILE becomes the JSON that the tests of microtome.probe.depth read.
Every pass runs all blocks; hooks zero what attention or an MLP adds, or give a block's input back. For each family:

  ids            [3][24]
  contributions  quantity -> {mean, median, max} -> a number per block, over the positions from 1 on
  effects        reach -> part -> {later: [skipped][changed], output: [skipped]}, the maximum over prompts; output is
                 null without logits. "future" skips at 1..t-1 and measures from t on, for t of 8 and 16.
"""

import json
import os
import sys

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch  # noqa: E402
import transformers  # noqa: E402

PROMPTS, POSITIONS = 3, 24
TIMES = {"current": [None], "future": [8, 16], "local": [None]}

# What gives the vector that attention and the MLP add, within a block.
PARTS = {
    "llama-tied": ("self_attn", "mlp"),
    "gpt-neox": ("attention", "mlp"),
    "gemma2": ("post_attention_layernorm", "post_feedforward_layernorm"),
    "olmo2": ("post_attention_layernorm", "post_feedforward_layernorm"),
    "bert": ("attention.output.dense", "output.dense"),
}


def tensor(output) -> torch.Tensor:
    return output[0] if isinstance(output, tuple) else output


def changed(output, value: torch.Tensor):
    return (value, *output[1:]) if isinstance(output, tuple) else value


class Model:
    """A tiny model, its blocks, and hooks that see or change what they add."""

    def __init__(self, folder: str, family: str):
        kind = transformers.AutoModel if family == "bert" else transformers.AutoModelForCausalLM
        self.model = kind.from_pretrained(
            os.path.join(folder, family), dtype=torch.float64, attn_implementation="eager").eval()
        self.has_logits = family != "bert"
        base = self.model.base_model
        self.layers = base.encoder.layer if family == "bert" else base.layers
        self.parts = [tuple(layer.get_submodule(name) for name in PARTS[family]) for layer in self.layers]
        self.parallel = family == "gpt-neox"
        self.post_norm = family == "bert"

    def run(self, ids: torch.Tensor, edits=()) -> dict:
        """Input, output, a and m of every block, and the probabilities; edits are (module, where, change)."""
        seen = {"in": [None] * len(self.layers), "out": [None] * len(self.layers),
                "a": [None] * len(self.layers), "m": [None] * len(self.layers), "r": [None] * len(self.layers)}
        handles = [self.register(module, where, change) for module, where, change in edits]
        for block, layer in enumerate(self.layers):
            def keep_block(_, args, kwargs, output, block=block):
                seen["in"][block] = args[0] if args else kwargs["hidden_states"]
                seen["out"][block] = tensor(output)
            handles.append(layer.register_forward_hook(keep_block, with_kwargs=True))
            for name, module in zip("am", self.parts[block]):
                def keep_part(_, args, output, block=block, name=name):
                    seen[name][block] = tensor(output)
                handles.append(module.register_forward_hook(keep_part))
            if self.post_norm:
                def keep_read(_, args, output, block=block):
                    seen["r"][block] = tensor(output)
                handles.append(layer.attention.register_forward_hook(keep_read))
        with torch.inference_mode():
            result = self.model(input_ids=ids)
        for handle in handles:
            handle.remove()
        seen["p"] = result.logits.softmax(-1) if self.has_logits else None
        return seen

    @staticmethod
    def register(module, where: str, change):
        if where == "output":
            return module.register_forward_hook(
                lambda _, args, kwargs, output: changed(output, change(args, kwargs, tensor(output))), with_kwargs=True)

        def before(_, args, kwargs):
            if args:
                return (change(args[0]), *args[1:]), kwargs
            return args, {**kwargs, "hidden_states": change(kwargs["hidden_states"])}
        return module.register_forward_pre_hook(before, with_kwargs=True)

    def skip(self, block: int, part: str, end: int) -> tuple:
        """The edit that leaves a part of a block out at the positions 1 to end - 1."""
        if part == "block":
            def give_back(args, kwargs, output):
                value = output.clone()
                value[:, 1:end] = (args[0] if args else kwargs["hidden_states"])[:, 1:end]
                return value
            return self.layers[block], "output", give_back

        def silence(args, kwargs, output):
            value = output.clone()
            value[:, 1:end] = 0
            return value
        return self.parts[block][0 if part == "attention" else 1], "output", silence

    def added(self, ids: torch.Tensor, original: dict, block: int, part: str) -> torch.Tensor:
        """What a part of a block added to the stream; behind a norm of sums, the difference that it made."""
        if part == "block":
            return original["out"][block] - original["in"][block]
        if not self.post_norm:
            return original[{"attention": "a", "mlp": "m"}[part]][block]
        without = self.run(ids, [self.everywhere(block, part)])
        return original["out"][block] - without["out"][block]

    def everywhere(self, block: int, part: str) -> tuple:
        module = self.parts[block][0 if part == "attention" else 1]
        return module, "output", lambda args, kwargs, output: torch.zeros_like(output)


def norm(x: torch.Tensor) -> torch.Tensor:
    return torch.linalg.vector_norm(x, dim=-1)


def cosine(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (x * y).sum(-1) / (norm(x) * norm(y))


def contributions(model: Model, seen: dict) -> dict:
    found = {}
    for block in range(len(model.layers)):
        h, a, m, out = (seen[name][block][:, 1:] for name in ("in", "a", "m", "out"))
        r = h if model.parallel else seen["r"][block][:, 1:] if model.post_norm else h + a
        d = out - h if model.post_norm else a + m
        values = {
            "ATTENTION_SHARE": norm(a) / norm(h), "MLP_SHARE": norm(m) / norm(r), "BLOCK_SHARE": norm(d) / norm(h),
            "ATTENTION_COSINE": cosine(a, h), "MLP_COSINE": cosine(m, r), "BLOCK_COSINE": cosine(d, h),
            "STREAM_COSINE": cosine(out, h), "STREAM_NORM": norm(h), "ATTENTION_NORM": norm(a), "MLP_NORM": norm(m),
            "BLOCK_NORM": norm(d)}
        for name, value in values.items():
            entry = found.setdefault(name, {"mean": [], "median": [], "max": []})
            entry["mean"].append(value.mean().item())
            entry["median"].append(value.flatten().quantile(0.5).item())
            entry["max"].append(value.max().item())
    return found


def relative(new: torch.Tensor, old: torch.Tensor, first: int) -> float:
    return (norm(new - old) / norm(old))[:, first:].max().item()


def effects(model: Model, ids: torch.Tensor, original: dict, reach: str, part: str) -> dict:
    blocks = len(model.layers)
    later = [[0.0] * blocks for _ in range(blocks)]
    output = [0.0] * blocks
    delta = [original["out"][k] - original["in"][k] for k in range(blocks)]
    for time in TIMES[reach]:
        end, first = (time, time) if time else (POSITIONS, 0)
        for s in range(blocks):
            if reach == "local":
                added = model.added(ids, original, s, part)

                def without(stream, added=added):
                    value = stream.clone()
                    value[:, 1:end] -= added[:, 1:end]
                    return value
                for k in range(s + 1, blocks):
                    seen = model.run(ids, [(model.layers[k], "input", without)])
                    later[s][k] = relative(seen["out"][k] - seen["in"][k], delta[k], first)
                last = model.run(ids, [(model.layers[-1], "output", lambda a, k, out: without(out))])
            else:
                last = model.run(ids, [model.skip(s, part, end)])
                for k in range(s + 1, blocks):
                    later[s][k] = max(later[s][k], relative(last["out"][k] - last["in"][k], delta[k], first))
            if model.has_logits:
                distance = norm(last["p"] - original["p"])[:, first:].max().item()
                output[s] = max(output[s], distance)
    return {"later": later, "output": output if model.has_logits else None}


def main(folder: str, file: str) -> None:
    transformers.utils.logging.disable_progress_bar()
    found = {}
    for family in PARTS:
        model = Model(folder, family)
        generator = torch.Generator().manual_seed(7)
        ids = torch.randint(3, model.model.config.vocab_size, (PROMPTS, POSITIONS), generator=generator)
        original = model.run(ids)
        reaches = [reach for reach in TIMES if model.has_logits or reach != "future"]
        found[family] = {
            "ids": ids.tolist(),
            "contributions": contributions(model, original),
            "effects": {reach: {part: effects(model, ids, original, reach, part)
                                for part in ("block", "attention", "mlp")} for reach in reaches}}
    with open(file, "w", encoding="utf-8") as target:
        json.dump({"transformers": transformers.__version__, "torch": torch.__version__, "families": found}, target)
        target.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
