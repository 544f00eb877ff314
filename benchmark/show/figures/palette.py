"""The colours of the pictures, of which the page has two in its light theme."""

INK, TRUTH, MODEL, GOOD = "#222222", "#111111", "#0b62a8", "#1b7f4b"
SHADE, CONTEXT, EDGE = "#e9edf2", "#c4c9cf", "#888888"
# Okabe and Ito's colours, told apart by people who see fewer of them. The thin lines of the page have others, which
# stand out on a light and on a dark ground: see `page.css`.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", INK, "#8c564b")
# Viridis in eleven steps, from the least error to the largest: Smith and van der Walt (2015). It gets lighter in even
# steps, also for people who see fewer colours, and in grey.
HEAT = (
    *("#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151", "#bddf26"),
    "#fde725",
)
