"""Reads the texts of the page, as its scripts do, by what the docstrings of `benchmark/show/page/` say of them."""

import json
import math
import re
from typing import Any

from benchmark.show.page.coding import DIGITS


def data_of(page: str) -> Any:
    """Return what a page holds."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def whole(text: str) -> int:
    value = 0
    for letter in text:
        value = 64 * value + DIGITS.index(letter)
    return value


def number(text: str) -> float:
    code = whole(text)
    if code < 2:
        return 0.0 if code else math.nan
    if code == 64**4 - 1:
        return math.inf
    sized = (code - 2) // 2
    return float(f"{'-' if code % 2 else ''}{sized % 9000 + 1000}e{sized // 9000 - 466 - 3}")


def _positive(text: str, digits: int, lowest: int) -> float:
    code, first = whole(text), 10 ** (digits - 1)
    if code < 2:
        return 0.0 if code else math.nan
    if code == 64 ** len(text) - 1:
        return math.inf
    return float(f"{(code - 2) % (9 * first) + first}e{(code - 2) // (9 * first) + lowest - digits + 1}")


def brief(text: str) -> float:
    return _positive(text, 3, -145)


def short(text: str) -> float:
    return _positive(text, 2, -15)


def line(text: str, window: tuple[float, float]) -> list[float]:
    low, high = window
    found, before, last, at = [], 0, 0, 0
    while at < len(text):
        digit = DIGITS.index(text[at])
        level = min(max(2 * last - before, 0), 1536) + digit - 31
        if digit == 63:
            level, at = whole(text[at + 1 : at + 3]), at + 2
        found.append(low + (level / 1536 * 3 - 1) * (high - low))
        before, last, at = last, level, at + 1
    return found


def unpacked(text: str) -> str:
    return re.sub(r"(.)~(.)", lambda run: run[1] * (4 + DIGITS.index(run[2])), text)


def cells_of(data: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the figures, seeds, curve and facts of each cell and reference, by task and contender."""
    found = {}
    for place, task in enumerate(data["tasks"]):
        for nth, text in enumerate(data["cells"]["figures"][place]):
            contender = data["contenders"][whole(text[:2])]
            cell = {"kind": contender["kind"], **_figures(data, task, text)}
            if contender["kind"] == "model":
                texts = {name: data["cells"][name][place][nth] for name in ("seeds", "distances", "curves", "made")}
                cell |= {"seeds": _seeds(data, texts["seeds"]), "distance": _thirds(texts["distances"])}
                curve = unpacked(texts["curves"])
                cell |= {"curve": line(curve.split(".")[0], task["window"]), "text": curve}
                cell["facts"] = _facts(data, contender["name"], texts["made"])
            found[task["name"], contender["name"]] = cell
    return found


def _figures(data: Any, task: Any, text: str) -> dict[str, Any]:
    verdict, behaviour, failure = (data["verdicts"][whole(text[at : at + 2])] for at in (2, 4, 6))
    edge = whole(text[38])
    ends = [brief(text[at : at + 3]) for at in range(22, 34, 3)]
    scores = [(whole(text[at : at + 2]) - 1) / 800 - 3 if whole(text[at : at + 2]) else math.nan for at in (34, 36)]
    return {
        "verdict": verdict,
        "behaviour": behaviour,
        "failure": failure,
        "solved": [whole(text[at : at + 2]) for at in (8, 10, 12)],
        "inside": [number(text[14:18]), *ends[:2]],
        "outside": [number(text[18:22]), *ends[2:]],
        "scores": scores,
        "horizon": [0.0, *task["ladder"]][edge - 1] if edge else math.nan,
        "fit": brief(text[39:42]),
        "predict": brief(text[42:45]),
        "elsewhere": bool(whole(text[45]) % 2),
        "spread": data["spreads"][whole(text[45]) >> 1],
    }


def _seeds(data: Any, text: str) -> list[dict[str, Any]]:
    *named, text = text.split(".")
    numbers = [whole(named[0][at : at + 2]) for at in range(0, len(named[0]), 2)] if named else None
    found: list[dict[str, Any]] = []
    while text:
        status = data["statuses"][whole(text[0])]
        size = 8 if status == "ok" else 11
        errors = {"inside": brief(text[1:4]), "outside": brief(text[4:7])}
        reason = data["words"][whole(text[8:11])] if size == 11 else ""
        seed = numbers[len(found)] if numbers else len(found)
        found.append({"seed": seed, "status": status, **errors, "edge": whole(text[7]), "reason": reason})
        text = text[size:]
    return found


def _thirds(text: str) -> list[list[float]]:
    values = [short(text[at : at + 2]) for at in range(0, len(text), 2)]
    n = len(values) // 3
    return [values[:n], values[n : 2 * n], values[2 * n :]]


def _facts(data: Any, model: str, text: str) -> dict[str, str]:
    def read(part: str) -> list[str]:
        return [data["words"][whole(part[at : at + 3])] for at in range(0, len(part), 3)]

    more, _, less = text.partition(".")
    said = [each for each in read(data["shared"][model]) if each not in read(less)] + read(more)
    return dict(each[1:].split("\t") for each in said)
