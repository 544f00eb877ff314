"""Puts the top of the board between two markers of the README."""

BEGIN = "<!-- leaderboard: begin (rendered by nox -s report) -->"
END = "<!-- leaderboard: end -->"


def with_top(readme: str, top: str) -> str:
    """Return the README with `top` between its markers; unchanged where it has none."""
    if BEGIN not in readme or END not in readme:
        return readme
    before, rest = readme.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    return f"{before}{BEGIN}\n\n{top.strip()}\n\n{END}{after}"
