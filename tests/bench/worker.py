"""One contender in a process of its own: `python worker.py module function arguments-as-JSON`.

Each line on standard input asks for one thing, and one line of JSON answers it.
"""

import gc
import importlib
import json
import sys
from time import perf_counter


def seconds_per_step(contender, steps, collector):
    """Timed in the middle of a loop, with Python's garbage collector as it is by default, or off.

    A contender may count in `units` of its own.
    """
    gc.collect()
    gc.enable() if collector else gc.disable()
    contender.step()  # not timed: fills the processor's caches, and leaves the garbage that a loop lives with
    begin = perf_counter()
    for _ in range(steps):
        contender.step()
    seconds = (perf_counter() - begin) / (steps * getattr(contender, "units", 1))
    gc.enable()
    return seconds


def answer(contender, question, *arguments):
    if question == "check":
        return contender.check()
    if question == "threads":
        return sys.modules["torch"].get_num_threads()
    (steps,) = arguments
    return [seconds_per_step(contender, steps, collector) for collector in (True, False)]


def main():
    module, function, arguments = sys.argv[1:]
    sys.setrecursionlimit(100_000)  # for the peers that walk their graph recursively
    try:
        contender = getattr(importlib.import_module(module), function)(*json.loads(arguments))
    except ModuleNotFoundError as error:
        print(json.dumps({"missing": error.name}), flush=True)
        return
    print(json.dumps({"ready": contender if isinstance(contender, float) else True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(contender, *json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
