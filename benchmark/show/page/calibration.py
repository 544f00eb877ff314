"""What the page says of the calibration: each study with its published figures, ours, the bands and the verdicts."""

from collections.abc import Iterable
from typing import Any

from benchmark.show.calibration import COMMAND, Compared, by_study, commands_of, counts
from benchmark.words import visible


def calibration_data(every: Iterable[Compared]) -> dict[str, Any]:
    """Return what the page says of all comparisons: nothing of them where no figure was measured."""
    kept = [*every]
    if not any(each.judgement.ours for each in kept):
        kept = []
    return {
        "command": COMMAND,
        "counts": counts(kept),
        "studies": [
            {
                "name": study.name,
                "source": [visible(study.source.title), study.source.url],
                "place": study.place,
                "protocol": study.protocol,
                "differs": study.differs,
                "figures": [_figure(each) for each in some],
                "commands": [*commands_of(some)],
            }
            for study, some in by_study(kept)
        ],
    }


def _figure(each: Compared) -> dict[str, Any]:
    return {
        "name": each.comparison.name,
        "what": each.comparison.what,
        "published": each.published,
        "over": each.published_how,
        "exact": each.exact,
        "ours": each.ours,
        "seeds": each.seeds,
        "band": each.band,
        "why": each.comparison.why_band,
        "verdict": each.verdict.replace("*", ""),
        "reason": each.reason,
        "experiments": each.experiments,
    }
