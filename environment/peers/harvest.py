"""harvest.py FOLDER: transformers as a server of one benchmark, one JSON line in and one out.

  {"do": "load", "dtype": "f32"|"bf16", "threads": 2}
      -> {"seconds", "threads", "torch", "transformers"}
  {"do": "harvest", "ids": [[...], ...], "logits": "none"|"all", "keep": FILE or null}
      -> {"seconds", "norms"}

"none" calls the base model without its head, "all" the usual model. seconds is the call alone. norms[l] is the
Euclidean norm of all values of one state: the embedding output, the residual stream after each block but the last, then
the final norm. keep writes these states to a safetensors file as residual.0 ... residual.L-1 and final_norm,
[sequences, positions, width].
"""

import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch  # noqa: E402
import transformers  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from serving import serve  # noqa: E402

DTYPES = {"f32": torch.float32, "bf16": torch.bfloat16}


class Server:
    """Holds the loaded model between requests."""

    def __init__(self, folder: str):
        self.folder = folder
        self.model = None

    def load(self, dtype: str, threads: int = 2) -> dict:
        torch.set_num_threads(threads)
        began = time.perf_counter()
        self.model = transformers.AutoModelForCausalLM.from_pretrained(self.folder, dtype=DTYPES[dtype]).eval()
        return {"seconds": time.perf_counter() - began, "threads": torch.get_num_threads(),
                "torch": torch.__version__, "transformers": transformers.__version__}

    def harvest(self, ids: list, logits: str = "none", keep: str | None = None) -> dict:
        tokens = torch.tensor(ids, dtype=torch.int64)
        call = {"none": self.model.base_model, "all": self.model}[logits]
        with torch.inference_mode():
            began = time.perf_counter()
            result = call(input_ids=tokens, output_hidden_states=True, use_cache=False)
            seconds = time.perf_counter() - began
            states = result.hidden_states
            if keep:
                self.keep(states, keep)
            norms = [state.double().norm().item() for state in states]
        return {"seconds": seconds, "norms": norms}

    @staticmethod
    def keep(states, file: str) -> None:
        names = [f"residual.{layer}" for layer in range(len(states) - 1)] + ["final_norm"]
        save_file({name: state.float().contiguous() for name, state in zip(names, states)}, file)


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    server = Server(sys.argv[1])
    serve({"load": server.load, "harvest": server.harvest})


if __name__ == "__main__":
    main()
