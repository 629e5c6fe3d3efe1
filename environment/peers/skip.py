"""skip.py FOLDER: skipping blocks with forward hooks of transformers, as a server of one benchmark.

One JSON line in and one out:

  {"do": "load", "threads": 2} -> {"seconds", "threads", "torch", "transformers"}
  {"do": "skip", "ids": [[...], ...], "output": false|true} -> {"seconds", "effects", "outputs"}

All prompts, of one length, are one batch. Block s is skipped at every position but 0 by a hook that gives its input
back; hooks of the later blocks compare what they add with what they added before: effects[prompt][s][k] is the largest
|D_k - D_k'| / max(|D_k|, 1e-6) over the positions from 1 on, for k > s. Without output the model runs without its head;
with it outputs[prompt][s] is the largest Euclidean distance of the next-token probabilities. seconds is all of it, the
original pass included.
"""

import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch  # noqa: E402
import transformers  # noqa: E402

from serving import serve  # noqa: E402


class Skipping:
    """Hooks on every block of one model, for one batch."""

    def __init__(self, layers):
        self.added = [None] * len(layers)
        self.lengths = [None] * len(layers)
        self.skipped = None
        self.changes = {}
        self.handles = [layer.register_forward_hook(self.hook(block), with_kwargs=True)
                        for block, layer in enumerate(layers)]

    def hook(self, block: int):
        def compare(module, args, kwargs, output):
            before = args[0] if args else kwargs["hidden_states"]
            if self.skipped is None:
                self.added[block] = output - before
                self.lengths[block] = torch.linalg.vector_norm(self.added[block], dim=-1).clamp_min(1e-6)
                return None
            if block == self.skipped:
                return torch.cat([output[:, :1], before[:, 1:]], dim=1)
            if block > self.skipped:
                change = torch.linalg.vector_norm(output - before - self.added[block], dim=-1) / self.lengths[block]
                self.changes[block] = change[:, 1:].amax(dim=1)
            return None
        return compare

    def remove(self) -> None:
        for handle in self.handles:
            handle.remove()


class Server:
    """Holds the loaded model between requests."""

    def __init__(self, folder: str):
        self.folder = folder
        self.model = None

    def load(self, threads: int = 2) -> dict:
        torch.set_num_threads(threads)
        began = time.perf_counter()
        self.model = transformers.AutoModelForCausalLM.from_pretrained(self.folder, dtype=torch.float32).eval()
        return {"seconds": time.perf_counter() - began, "threads": torch.get_num_threads(),
                "torch": torch.__version__, "transformers": transformers.__version__}

    def run(self, tokens: torch.Tensor, output: bool):
        if not output:
            self.model.base_model(input_ids=tokens, use_cache=False)
            return None
        return self.model(input_ids=tokens, use_cache=False).logits[:, 1:].softmax(dim=-1)

    def skip(self, ids: list, output: bool = False) -> dict:
        tokens = torch.tensor(ids, dtype=torch.int64)
        layers = self.model.base_model.layers
        blocks = len(layers)
        effects = torch.zeros(len(ids), blocks, blocks)
        outputs = torch.zeros(len(ids), blocks)
        with torch.inference_mode():
            began = time.perf_counter()
            skipping = Skipping(layers)
            original = self.run(tokens, output)
            for block in range(blocks):
                skipping.skipped = block
                probabilities = self.run(tokens, output)
                for later, change in skipping.changes.items():
                    effects[:, block, later] = change
                skipping.changes = {}
                if output:
                    distance = torch.linalg.vector_norm(probabilities - original, dim=-1)
                    outputs[:, block] = distance.amax(dim=1)
            skipping.remove()
            seconds = time.perf_counter() - began
        return {"seconds": seconds, "effects": effects.tolist(), "outputs": outputs.tolist()}


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    server = Server(sys.argv[1])
    serve({"load": server.load, "skip": server.skip})


if __name__ == "__main__":
    main()
