"""What a person sees of a run on its way."""

import pytest

from benchmark.progress import BarProgress, PlainProgress, say


def test_a_line_says_how_many_are_done_on_how_many_workers_and_what_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    progress = PlainProgress()
    progress.begin("tasks", 1)
    progress.step("tiny", "ok", well=True)
    progress.end()
    progress.begin("accuracy", 2)
    progress.workers(3)
    progress.step("tiny / line", "ok", well=True)
    progress.workers(1)
    progress.say("worker 'a' was lost")
    progress.step("tiny / oracle", "failed", well=False)
    progress.end()
    progress.begin("timing", 1)
    progress.step("tiny / line", "ok", well=True)
    said = capsys.readouterr().err.splitlines()
    assert said[:2] == ["tasks: 1 to run", "[tasks 1/1, 0 s left] tiny: ok"]
    assert said[4:7] == [
        "[accuracy 1/2, 3 workers, 0 s left] tiny / line: ok",
        "worker 'a' was lost",
        "[accuracy 2/2, 1 worker, 0 s left] tiny / oracle: failed",
    ]
    # What is timed is timed here.
    assert said[-1] == "[timing 1/1, 0 s left] tiny / line: ok"


def test_a_bar_shows_the_workers_and_leaves_standing_what_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    progress = BarProgress()
    progress.say("waiting for workers")
    progress.begin("accuracy", 3)
    progress.workers(3)
    progress.step("tiny / line", "ok", well=True)
    progress.say("worker 'a' was lost")
    progress.step("tiny / oracle", "failed", well=False)
    progress.step("tiny / picky", "ok 2, not-applicable 1", well=True)
    progress.end()
    progress.close()
    said = capsys.readouterr().err
    assert said.startswith("waiting for workers\n")
    assert "worker 'a' was lost" in said
    assert "tiny / oracle: failed" in said
    assert "accuracy, 3 workers" in said
    assert "3/3" in said
    # What went well moves the bar and says nothing, whatever its words.
    assert "tiny / line" not in said
    assert "picky" not in said


def test_no_character_of_a_plugins_words_acts_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("failed: net: \x1b[2J\x1b]0;title\x07 half \ud800\n\tand more")
    assert capsys.readouterr().err == "failed: net: \ufffd[2J\ufffd]0;title\ufffd half \ufffd\n\tand more\n"
