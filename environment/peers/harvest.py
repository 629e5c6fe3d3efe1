"""harvest.py FOLDER: transformers as a server of one benchmark, one JSON line in and one out.

  {"do": "load", "dtype": "f32"|"bf16", "threads": 2}
      -> {"seconds", "threads", "torch", "transformers", "peak_bytes"}
  {"do": "harvest", "ids": [[...], ...], "logits": "none"|"all", "keep": FILE or null}
      -> {"seconds", "norms", "peak_bytes"}

"none" calls the base model without its head, "all" the usual model. seconds is the call alone. norms[l] is the
Euclidean norm of all values of one state: the embedding output, the residual stream after each block but the last, then
the final norm. keep writes these states to a safetensors file as residual.0 ... residual.L-1 and final_norm,
[sequences, positions, width].
"""

import json
import os
import resource
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch  # noqa: E402
import transformers  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

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


def answer(server: Server, line: str) -> dict:
    request = json.loads(line)
    act = {"load": server.load, "harvest": server.harvest}[request.pop("do")]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {**act(**request), "peak_bytes": peak}


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    server = Server(sys.argv[1])
    for line in sys.stdin:
        try:
            reply = answer(server, line)
        except Exception as error:  # one bad request must not end a benchmark; the reader sees what was wrong
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
