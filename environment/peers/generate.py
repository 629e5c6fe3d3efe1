"""generate.py FOLDER: transformers as a server of one benchmark, one JSON line in and one out.

  {"do": "load", "threads": 2} -> {"seconds", "threads", "torch", "transformers"}
  {"do": "generate", "ids": [...], "tokens": 64} -> {"seconds", "ids": [...]}

Greedy decoding in F32 with the library's own generate and its cache. The end-of-text token does not end it, so that
every call writes the same number of tokens. seconds is the call alone, the prompt included; ids are the written tokens.
"""

import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch  # noqa: E402
import transformers  # noqa: E402

from serving import serve  # noqa: E402


class Server:
    """Holds the loaded model between requests."""

    def __init__(self, folder: str):
        self.folder = folder
        self.model = None

    def load(self, threads: int = 2) -> dict:
        torch.set_num_threads(threads)
        began = time.perf_counter()
        self.model = transformers.AutoModelForCausalLM.from_pretrained(self.folder, dtype=torch.float32).eval()
        self.model.generation_config.eos_token_id = None
        self.model.generation_config.pad_token_id = 0
        return {"seconds": time.perf_counter() - began, "threads": torch.get_num_threads(),
                "torch": torch.__version__, "transformers": transformers.__version__}

    def generate(self, ids: list, tokens: int) -> dict:
        prompt = torch.tensor([ids], dtype=torch.int64)
        mask = torch.ones_like(prompt)
        with torch.inference_mode():
            began = time.perf_counter()
            whole = self.model.generate(prompt, attention_mask=mask, do_sample=False, max_new_tokens=tokens)
            seconds = time.perf_counter() - began
        return {"seconds": seconds, "ids": whole[0, len(ids):].tolist()}


def main() -> None:
    transformers.utils.logging.disable_progress_bar()
    server = Server(sys.argv[1])
    serve({"load": server.load, "generate": server.generate})


if __name__ == "__main__":
    main()
