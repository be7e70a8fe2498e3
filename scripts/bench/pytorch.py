"""Times transformers' Dinov2Model on the CPU in f32, as `npm run bench -- --backend cpu --python PATH` asks for it.

Usage: pytorch.py FOLDER, the folder of a checkpoint. Prints one line of JSON.
"""

import json
import statistics
import sys
import time

import torch
import transformers

BUDGET_SECONDS = 1.5
LEAST_RUNS = 5


def time_forward(model, pixels):
    """Best and median milliseconds of a forward pass after three that do not count."""
    for _ in range(3):
        model(pixel_values=pixels)
    times = []
    while len(times) < LEAST_RUNS or sum(times) < 1000 * BUDGET_SECONDS:
        start = time.perf_counter()
        model(pixel_values=pixels)
        times.append(1000 * (time.perf_counter() - start))
    return {"bestMs": min(times), "medianMs": statistics.median(times), "runs": len(times)}


def main():
    model = transformers.Dinov2Model.from_pretrained(sys.argv[1], dtype=torch.float32).eval()
    side = model.config.image_size
    rows = []
    with torch.inference_mode():
        for threads in (1, 2):
            torch.set_num_threads(threads)
            for images in (1, 8):
                pixels = 4 * torch.rand(images, 3, side, side, generator=torch.Generator().manual_seed(1)) - 2
                rows.append({"threads": threads, "images": images, **time_forward(model, pixels)})
    about = {"torch": torch.__version__, "transformers": transformers.__version__}
    print(json.dumps({**about, "capability": torch.backends.cpu.get_cpu_capability(), "rows": rows}))


main()
