"""Loads Detoxify and its weights; what is missing becomes one sentence.

Detoxify's own loading asks the network for the base model's configuration even where a folder
with it is given. A checkpoint that names a base model ("bert-base-uncased") is therefore handed
over as a copy that names the folder: with a checkpoint and a folder nothing is ever fetched.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from monitor.domain.errors import Misconfigured
from monitor.scorers.detoxify import COVERED, DetoxifyScorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.settings import ToxicitySettings

_SMALL_FILES: Final = frozenset({".json", ".txt", ".model"})
_UNLOADABLE: Final = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
    AssertionError,
    EOFError,
    pickle.UnpicklingError,
)
"""What torch, transformers and Detoxify raise over a file that is missing or is not theirs."""


class Loaded(Protocol):
    """An instance of `detoxify.Detoxify`; `monitor.scorers.network` knows what is in it."""

    tokenizer: object


Library = Callable[..., Loaded]
"""The constructor of `detoxify.Detoxify`: `(model_type, checkpoint, device, huggingface_config_path)`."""


def load_detoxify(settings: ToxicitySettings) -> DetoxifyScorer:
    """Return the scorer, its weights loaded and warm.

    Without `checkpoint` Detoxify fetches the weights once and keeps them in the caches of torch
    and Hugging Face. With `checkpoint` and `config_path` (the folder with the base model's
    configuration and tokenizer) nothing is fetched; `model` then says which languages it covers.
    A checkpoint can run code when it is loaded: with `sha256` only that very file is.

    Raises:
        Misconfigured: the extra, the weights or the folder are missing, or do not fit together.
    """
    checkpoint, config_path = settings.checkpoint, settings.config_path
    if checkpoint and config_path:
        _check(checkpoint, config_path, settings.sha256)  # before torch is imported, which takes seconds
    library = _library()
    _check_device(settings.device)
    if checkpoint is None or config_path is None:
        return _warm(_fetched(library, settings), f"detoxify-{settings.model}", settings)
    local = _local(library, checkpoint, config_path, settings.device)
    return _warm(local, f"detoxify-{checkpoint.stem}", settings)


def _library() -> Library:
    try:
        from detoxify import Detoxify
        from transformers.utils import logging
    except ImportError as error:
        raise Misconfigured.plain(
            "toxicity scores by detoxify need more than the core",
            hint="pip install 'comment-monitor[detoxify]', or set toxicity.scorer to embedded",
        ) from error
    logging.disable_progress_bar()
    library: Library = Detoxify
    return library


def _check_device(device: str) -> None:
    import torch

    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise Misconfigured.plain(
            f"toxicity.device '{device}' is not there: {_brief(error)}",
            hint="set toxicity.device to cpu, or install torch for this device",
        ) from error


def _warm(loaded: Loaded, name: str, settings: ToxicitySettings) -> DetoxifyScorer:
    from monitor.scorers.network import DetoxifyNetwork

    try:
        network = DetoxifyNetwork(loaded, settings.bf16)
        network.warm_up()
    except _UNLOADABLE as error:
        raise Misconfigured.plain(
            f"{name} is loaded, but cannot score a text: {_brief(error)}",
            hint="try toxicity.bf16 off and toxicity.device cpu",
        ) from error
    return DetoxifyScorer(network, name, COVERED[settings.model], remembered=settings.remember)


def _fetched(library: Library, settings: ToxicitySettings) -> Loaded:
    try:
        return library(settings.model, device=settings.device)
    except _UNLOADABLE as error:
        raise Misconfigured.plain(
            f"Detoxify's model '{settings.model}' is not on this machine and could not be fetched: "
            + _brief(error),
            hint="connect this machine once, or set toxicity.checkpoint and toxicity.config_path",
        ) from error


def _check(checkpoint: Path, config_path: Path, sha256: str) -> None:
    """Refuse files that are not there, and a checkpoint that is not the one its owner named."""
    for path, there in (
        (checkpoint, checkpoint.is_file()),
        (config_path, (config_path / "config.json").is_file()),
    ):
        if not there:
            raise Misconfigured.plain(
                f"no detoxify model at {path}",
                hint="toxicity.checkpoint is a .ckpt file, toxicity.config_path a folder with config.json",
            )
    if sha256 and (found := _sha256(checkpoint)) != sha256.lower():
        raise Misconfigured.plain(
            f"{checkpoint} is not the file that toxicity.sha256 names, and was not loaded; it is {found}",
            hint="a checkpoint can run code: find out who changed it before you change the setting",
        )


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise Misconfigured.plain(f"{file} cannot be read: {error.strerror}") from error


def _local(library: Library, checkpoint: Path, config_path: Path, device: str) -> Loaded:
    try:
        with tempfile.TemporaryDirectory(prefix="comment-monitor-") as room:
            file, folder = _self_contained(checkpoint, config_path, Path(room))
            return library(checkpoint=str(file), device=device, huggingface_config_path=str(folder))
    except _UNLOADABLE as error:
        raise Misconfigured.plain(
            f"{checkpoint} and {config_path} are not a detoxify model and its base model: {_brief(error)}",
            hint="they belong together: the folder is that of the base model which was trained further",
        ) from error


def _self_contained(checkpoint: Path, config_path: Path, room: Path) -> tuple[Path, Path]:
    """Return a checkpoint and a folder that load without a network; copies in `room` where needed."""
    import torch

    loaded = torch.load(checkpoint, map_location="cpu", weights_only=False)
    arch = loaded["config"]["arch"]["args"]
    if Path(arch["model_type"]).is_dir():
        return checkpoint, config_path
    for file in config_path.iterdir():
        if file.suffix in _SMALL_FILES:
            shutil.copy(file, room)
    _name_labels(room / "config.json", loaded["config"]["dataset"]["args"]["classes"])
    arch["model_type"] = str(room)
    torch.save(loaded, room / "model.ckpt")
    return room / "model.ckpt", room


def _name_labels(config: Path, labels: Sequence[str]) -> None:
    """Give the base model's configuration as many outputs as the checkpoint has; it knows of none."""
    known = json.loads(config.read_text(encoding="utf-8"))
    known["id2label"] = dict(enumerate(labels))
    known["label2id"] = {label: place for place, label in enumerate(labels)}
    config.write_text(json.dumps(known), encoding="utf-8")


def _brief(error: BaseException) -> str:
    """Return the first line of what the library says; the rest is for its own users."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
