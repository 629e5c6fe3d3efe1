"""backward.py FOLDER: gradients in transformers as a server of one benchmark, one JSON line in and one out.

  {"do": "load", "threads": 2} -> {"seconds", "threads", "torch", "transformers"}
  {"do": "gradients", "ids": [...], "answers": [a, b], "logits": "last"|"all", "keep": FILE or null}
      -> {"forward_seconds", "backward_seconds"}

The gradient of logits[a] - logits[b] at the last position with respect to the residual stream at every depth: the
embedding output, then the stream after each block, the last one before the final norm. Weights are frozen, in F32.
"last" computes the logits of the last position only, "all" those of every position, as a plain call does. keep writes
the gradients to a safetensors file as residual.0 ... residual.L, [1, positions, width].
"""

import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch  # noqa: E402
import transformers  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from serving import serve  # noqa: E402


class Server:
    """Holds the loaded model between requests."""

    def __init__(self, folder: str):
        self.folder = folder
        self.model = None
        self.last = None  # the stream after the last block, which the model itself only shows after the final norm

    def load(self, threads: int = 2, dtype: str = "float32") -> dict:
        torch.set_num_threads(threads)
        began = time.perf_counter()
        self.model = transformers.AutoModelForCausalLM.from_pretrained(self.folder, dtype=getattr(torch, dtype)).eval()
        self.model.requires_grad_(False)
        self.model.base_model.norm.register_forward_pre_hook(self.remember)
        return {"seconds": time.perf_counter() - began, "threads": torch.get_num_threads(),
                "torch": torch.__version__, "transformers": transformers.__version__}

    def remember(self, _, inputs: tuple) -> None:
        self.last = inputs[0]

    def gradients(self, ids: list, answers: list, logits: str = "last", keep: str | None = None) -> dict:
        embedded = self.model.get_input_embeddings()(torch.tensor([ids])).detach().requires_grad_(True)
        wanted = {"last": 1, "all": 0}[logits]
        began = time.perf_counter()
        result = self.model(inputs_embeds=embedded, output_hidden_states=True, use_cache=False, logits_to_keep=wanted)
        difference = result.logits[0, -1, answers[0]] - result.logits[0, -1, answers[1]]
        stored = time.perf_counter()
        states = [*result.hidden_states[:-1], self.last]
        gradients = torch.autograd.grad(difference, states)
        ended = time.perf_counter()
        if keep:
            save_file({f"residual.{depth}": each.float().contiguous() for depth, each in enumerate(gradients)}, keep)
        return {"forward_seconds": stored - began, "backward_seconds": ended - stored}


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    server = Server(sys.argv[1])
    serve({"load": server.load, "gradients": server.gradients})


if __name__ == "__main__":
    main()
