"""depth_references.py FOLDER...: what tests of lens agreement, erasure and integrated gradients over depth expect.

Prints one JSON object with an entry per model folder (named after the folder), computed in float64 by transformers with
hooks before every block and before the final norm, and by torch's own gradients; nothing of this library takes part.
"""

import json
import os
import sys
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TQDM_DISABLE="1")

import torch  # noqa: E402
import transformers  # noqa: E402

TEXTS = [[5, 17, 2, 9, 43, 8, 61, 30], [40, 3, 88, 12], [7, 7, 23, 51, 90, 14, 66]]
PROMPT = [5, 17, 2, 9, 43, 8]
ANSWER = [61, 30]
STEPS = 8
TOP = 5


class Model:
    """A model whose residual stream can be read and replaced before every block and before the final norm."""

    def __init__(self, folder: Path):
        self.model = transformers.AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float64, attn_implementation="eager").eval().requires_grad_(False)
        inner = getattr(self.model, "transformer", None) or self.model.model
        self.norm = getattr(inner, "ln_f", None) or inner.norm
        self.stages = [*(getattr(inner, "h", None) or inner.layers), self.norm]

    def run(self, ids: list, replaced: dict | None = None, copies: int = 1):
        """Logits, and the stream before every stage; `replaced` puts other streams there."""
        seen = {}

        def hook(depth: int):
            def before(_module, args):
                stream = (replaced or {}).get(depth, args[0])
                seen[depth] = stream
                return (stream, *args[1:])
            return before

        handles = [stage.register_forward_pre_hook(hook(depth)) for depth, stage in enumerate(self.stages)]
        try:
            logits = self.model(torch.tensor([ids] * copies)).logits
        finally:
            for handle in handles:
                handle.remove()
        return logits, [seen[depth] for depth in range(len(self.stages))]

    def lens(self, stream: torch.Tensor) -> torch.Tensor:
        logits = self.model.lm_head(self.norm(stream))
        cap = getattr(self.model.config, "final_logit_softcapping", None)
        return cap * torch.tanh(logits / cap) if cap else logits


def agreement(model: Model) -> dict:
    """Means over all positions but the first of every text."""
    rows = []
    for ids in TEXTS:
        logits, streams = model.run(ids)
        final = logits.log_softmax(-1)[0, 1:]
        for depth, stream in enumerate(streams):
            lens = model.lens(stream).log_softmax(-1)[0, 1:]
            same = final.topk(TOP).indices[:, :, None] == lens.topk(TOP).indices[:, None, :]
            shared = same.sum((1, 2)).double() / TOP
            rows.append((depth, (final.exp() * (final - lens)).sum(-1), (lens.exp() * (lens - final)).sum(-1), shared))
    depths = range(len(model.stages))
    mean = [[torch.cat([row[part] for row in rows if row[0] == depth]).mean().item() for depth in depths]
            for part in (1, 2, 3)]
    return {"final_from_lens": mean[0], "lens_from_final": mean[1], "overlap": mean[2],
            "n": sum(len(ids) - 1 for ids in TEXTS)}


def erasure(model: Model) -> list:
    """[depths][positions]: every cell a run of its own."""
    means = []
    for ids in TEXTS:
        means.append(torch.stack(model.run(ids)[1])[:, 0, 1:])
    mean = torch.cat(means, 1).mean(1)
    ids = PROMPT + ANSWER[:-1]
    logits, streams = model.run(ids)
    read = slice(len(PROMPT) - 1, len(ids))
    plain = logits.softmax(-1)[0, read]
    effect = []
    for depth, stream in enumerate(streams):
        row = []
        for position in range(len(ids)):
            erased = stream.clone()
            erased[0, position] = mean[depth]
            changed = model.run(ids, {depth: erased})[0].softmax(-1)[0, read]
            row.append((changed - plain).norm(dim=-1).max().item())
        effect.append(row)
    return effect


def gradients(model: Model) -> dict:
    """The left Riemann sum of few steps, all positions moved together; nothing is left to converge."""
    ids = PROMPT + ANSWER[:-1]
    streams = model.run(ids)[1]
    found = {"attributions": [], "input": [], "baseline": []}
    for depth, stream in enumerate(streams):
        begin = stream.mean(1, keepdim=True).expand_as(stream)

        def probability(points: torch.Tensor) -> torch.Tensor:
            next_ = model.run(ids, {depth: points}, len(points))[0].softmax(-1)
            return sum(next_[:, len(PROMPT) - 1 + i, token] for i, token in enumerate(ANSWER))

        places = (torch.arange(STEPS, dtype=torch.float64) / STEPS)[:, None, None]
        points = (begin + places * (stream - begin)).requires_grad_(True)
        probability(points).sum().backward()
        found["attributions"].append(((stream - begin)[0] * points.grad.mean(0)).sum(-1).tolist())
        found["input"].append(probability(stream).item())
        found["baseline"].append(probability(begin).item())
    return found


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    everything = {"texts": TEXTS, "prompt": PROMPT, "answer": ANSWER, "steps": STEPS, "models": {}}
    for folder in map(Path, sys.argv[1:]):
        model = Model(folder)
        everything["models"][folder.name] = {
            "agreement": agreement(model), "erasure": erasure(model), "gradients": gradients(model)}
    print(json.dumps(everything))


if __name__ == "__main__":
    main()
