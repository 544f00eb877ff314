"""What a run knows: what it has kept itself, and what is published, as one."""

from dataclasses import dataclass, field

from benchmark.catalogue.registry import Catalogue
from benchmark.run.observed import Practice
from benchmark.run.options import RunOptions
from benchmark.run.plan import card_changed, changed
from benchmark.store import archive
from benchmark.store.local import Contents, Store
from benchmark.store.record import OFF_BOARD, Record, TaskCard


def published_in(options: RunOptions) -> Contents:
    """Return what is published where the options say so, nothing where they name no such folder."""
    return archive.read(options.published) if options.published else Contents({}, {}, {}, (), digest="nothing")


@dataclass
class Shelf:
    """The results that a run works with; what is published is read once."""

    store: Store
    options: RunOptions
    found: Catalogue
    practice: Practice
    published: Contents
    # What all of it depended on when it was last joined, and what came of it.
    _last: tuple[object, Contents] | None = field(default=None, init=False, repr=False)

    def stale(self, record: Record) -> str:
        """Return in words why a record does not hold for today's code, as far as that was seen; "" where it does."""
        tasks, models = self.found.tasks, self.found.models
        if record.task not in tasks or record.model not in models:
            return "its plugin was not given"
        return changed(
            record,
            task=tasks[record.task],
            model=models[record.model],
            observed=self.practice.observed,
            quick=self.options.quick,
        )

    def card_holds(self, card: TaskCard) -> bool:
        """Whether a card is that of today's task, as far as that was seen."""
        task = self.found.tasks.get(card.task)
        return task in self.practice.observed and not card_changed(card, self.practice.observed[task])

    def read(self) -> Contents:
        """Return what is known now: the same value as before where neither a file nor an observation is another one."""
        local = self.store.read()
        # Which of two makes counts depends on what was observed; of files that cannot be read there is no digest.
        state = (local.digest, local.bad, dict(self.practice.observed))
        if self._last is None or self._last[0] != state:
            known = archive.joined(local, self.published, holds=lambda record: not self.stale(record))
            self._last = (state, known)
        return self._last[1]

    def stale_cells(self, contents: Contents) -> list[str]:
        """Return the cells on the board that do not hold for today's code, with the reason."""
        names = []
        for (task, model), record in contents.records.items():
            card = contents.cards.get(task)
            if not OFF_BOARD.isdisjoint(record.model_tags) or (card and not OFF_BOARD.isdisjoint(card.tags)):
                continue
            if why := self.stale(record):
                names.append(f"{task} / {model} ({why})")
        return names
