"""Times frames of the public PyTorch reference (the packages kyuteye and moshi) as run.sh times ours: one caller, a picture, a full window.

    python reference.py MODEL_DIR [--frames 300] [--warmup 20] [--window 3000] [--image-tokens 1024] [--device cuda] [--dtype bfloat16]

MODEL_DIR has a model in the PyTorch form, such as `moshivis bench step --size full --keep MODEL_DIR` writes: model.safetensors, Mimi, the YAML
of sizes. A frame is what the reference's server does with one: encode, step, decode, samples to the host. Ends with 4 if packages are missing.
"""

import argparse
import importlib.util
import pathlib
import sys
import time

MISSING = [name for name in ("torch", "safetensors", "moshi", "kyuteye") if importlib.util.find_spec(name) is None]
PIECE = 250  # steps that fill the window at once; what they compute does not matter


def load(directory, device, dtype):
    from kyuteye.config.kyuteye_config import KyuteyeConfig
    from kyuteye.models.moshivis import MoshiVisGen
    from moshi.models.loaders import get_mimi
    from safetensors.torch import load_file

    config = KyuteyeConfig.from_yml(next(directory.glob("*.y*ml")))
    weights = load_file(directory / config.model, device="cpu")
    weights = {name: tensor for name, tensor in weights.items() if not name.startswith("image_prefix.")}
    model = MoshiVisGen.from_config(config, weights, device, dtype).to(dtype)
    return model, get_mimi(str(directory / config.mimi_codec), device=device)


def picture(model, tokens, device, dtype):
    import torch

    attention = model.lm_model.llm.transformer.layers[0].cross_attention.mha
    weight = attention.in_proj_weight if attention.in_proj_weight is not None else attention.in_proj_weight_kv
    return model.precompte_ca_kv(torch.randn(1, tokens, weight.shape[-1], device=device, dtype=dtype))


def main():
    import torch

    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=pathlib.Path)
    for name, default in (("frames", 300), ("warmup", 20), ("window", 3000), ("image-tokens", 1024)):
        parser.add_argument("--" + name, type=int, default=default)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--dtype", default="bfloat16")
    options = parser.parse_args()
    device, dtype = options.device, getattr(torch, options.dtype)
    torch.manual_seed(1)
    with torch.no_grad():
        model, mimi = load(options.model, device, dtype)
        image = picture(model, options.image_tokens, device, dtype)
        model.streaming_forever(1)
        mimi.streaming_forever(1)
        start = model.lm_model.get_initial_token()
        for first in range(0, options.window, PIECE):
            count = min(PIECE, options.window - first)
            model.lm_model.forward_text(start.expand(-1, -1, count), cross_attention_src=image)
        millis = []
        for _ in range(options.warmup + options.frames):
            sound = torch.randn(1, 1, 1920) * 0.1
            begun = time.perf_counter()
            tokens = model.step(mimi.encode(sound.to(device)), ca_src=image)
            if isinstance(tokens, tuple):  # with the gate's mean, in newer versions
                tokens = tokens[0]
            if tokens is not None:
                mimi.decode(tokens[:, 1:]).cpu()
            if device == "cuda":
                torch.cuda.synchronize()
            millis.append(1000 * (time.perf_counter() - begun))
    millis = sorted(millis[options.warmup :])
    p50, p99 = (millis[round(share * (len(millis) - 1))] for share in (0.5, 0.99))
    print(f"reference: torch {torch.__version__}, {options.dtype} on {device}, {len(millis)} frames measured")
    print(f"reference frame: p50 {p50:.2f} p99 {p99:.2f} ms")


if __name__ == "__main__":
    if MISSING:
        print("the reference's packages are not in this environment: " + ", ".join(MISSING))
        sys.exit(4)
    main()
