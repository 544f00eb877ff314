"""Attention between the elements of a set. Lee et al. (2019), "Set Transformer", section 3."""

import torch
from torch import Tensor, nn


class Attention(nn.Module):
    """The multi-head attention block: queries look at elements, then each goes through a layer of its own.

    H = norm(Q + attention(Q, X, X)), and what comes out is norm(H + relu(A H)).
    """

    def __init__(self, width: int, n_heads: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(width, n_heads, batch_first=True)
        self.layer = nn.Sequential(nn.Linear(width, width), nn.ReLU())
        self.first_norm, self.second_norm = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, queries: Tensor, x: Tensor) -> Tensor:
        """Return (batch, m, width) for queries (batch, m, width) and elements x (batch, n, width)."""
        hidden = self.first_norm(queries + self.attention(queries, x, x, need_weights=False)[0])
        output: Tensor = self.second_norm(hidden + self.layer(hidden))
        return output


class AmongThemselves(nn.Module):
    """Elements that look at each other: the paper's SAB."""

    def __init__(self, width: int, n_heads: int) -> None:
        super().__init__()
        self.block = Attention(width, n_heads)

    def forward(self, x: Tensor) -> Tensor:
        """Return elements (batch, n, width) for elements x (batch, n, width)."""
        output: Tensor = self.block(x, x)
        return output


class PoolingByAttention(nn.Module):
    """One trained query that looks at all elements: the paper's PMA with one seed vector, without its rFF on them."""

    def __init__(self, width: int, n_heads: int) -> None:
        super().__init__()
        self.block = Attention(width, n_heads)
        self.query = nn.Parameter(torch.empty(1, 1, width))
        nn.init.xavier_uniform_(self.query)

    def forward(self, x: Tensor) -> Tensor:
        """Return (batch, width) for elements x (batch, n, width)."""
        output: Tensor = self.block(self.query.expand(len(x), -1, -1), x)
        return output.squeeze(-2)
