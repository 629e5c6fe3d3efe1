"""serving: how every server of a benchmark answers: a JSON line in, {"do": name, ...}, and a JSON line out."""

import json
import sys


def serve(acts: dict) -> None:
    """Answers until the input ends; "do" names one of the acts, everything else is what it is given."""
    for line in sys.stdin:
        try:
            request = json.loads(line)
            reply = acts[request.pop("do")](**request)
        except Exception as error:  # one bad request must not end a benchmark; the reader sees what was wrong
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)
