"""start.py FOLDER TEXT: from process start to the first logits, with the tokenizer, as a reader's script would do it.

Prints one JSON line as soon as the logits are there: the caller takes the time from starting this process to that line.
"""

import json
import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

began = time.perf_counter()
import torch  # noqa: E402
from transformers import AutoTokenizer, LlamaForCausalLM  # noqa: E402

imported = time.perf_counter()
torch.set_num_threads(2)
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
model = LlamaForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
loaded = time.perf_counter()
with torch.inference_mode():
    ids = tokenizer(sys.argv[2], return_tensors="pt").input_ids
    logits = model(ids).logits[0, -1]
    best = int(logits.argmax())
finished = time.perf_counter()
print(json.dumps({"import": imported - began, "load": loaded - imported, "forward": finished - loaded,
                  "ids": ids[0].tolist(), "best": best, "logit": float(logits[best])}), flush=True)
