"""Character n-grams weighted by TF-IDF, and the length of the text, as one sparse matrix."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from scipy import sparse

SIZES = (1, 2, 3)
# Letters are long and answers inside a form are short: each step of length that a text reaches is a feature. Measured:
# property letters +4 points of domain, in-scope messages wrongly refused 2.8 % to 0.6 % (docs/understanding.md).
LENGTH_STEPS = (1, 4, 8, 14, 22, 35, 60, 100)
LENGTH_WEIGHT = 0.25
_NUMBER = re.compile(r"\d+")
_MASKED_PLACE = re.compile(r"[A-Za-z]\d*(?=[市区县镇])")
_PUNCTUATION = re.compile(r"[^\w\u4e00-\u9fff\ue000-\ue00f?!]+")


def canonical(text: str) -> str:
    """Text as the n-grams see it: lower case, every number alike, place codes such as "B3区" without their code."""
    text = _MASKED_PLACE.sub("", text)
    text = _NUMBER.sub("0", text.lower())
    return f"^{_PUNCTUATION.sub(' ', text).strip()}$"


def ngrams(text: str) -> Counter[str]:
    """Counts of the 1-, 2- and 3-grams of a text."""
    text = canonical(text)
    return Counter(text[i : i + size] for size in SIZES for i in range(len(text) - size + 1))


class TfidfVectoriser:
    """Sublinear term frequency times smoothed inverse document frequency, rows of length 1."""

    def __init__(self, vocabulary: dict[str, int], idf: np.ndarray) -> None:
        self.vocabulary = vocabulary
        self.idf = idf.astype(np.float32)

    @classmethod
    def fit(cls, texts: Iterable[str], min_documents: int = 2) -> TfidfVectoriser:
        """Learn the n-grams that at least `min_documents` texts have, and their weights."""
        documents: Counter[str] = Counter()
        count = 0
        for text in texts:
            documents.update(ngrams(text).keys())
            count += 1
        kept = sorted(gram for gram, n in documents.items() if n >= min_documents)
        frequency = np.array([documents[gram] for gram in kept], dtype=np.float64)
        return cls({gram: i for i, gram in enumerate(kept)}, np.log((1 + count) / (1 + frequency)) + 1)

    @property
    def width(self) -> int:
        """How many features a text has."""
        return len(self.vocabulary) + len(LENGTH_STEPS)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Matrix of shape (len(texts), width), float32: n-grams in rows of length 1, then the steps of length."""
        lengths = np.array([[len(text)] for text in texts])
        steps = LENGTH_WEIGHT * (lengths >= np.array(LENGTH_STEPS)).astype(np.float32)
        return sparse.hstack([self._grams(texts), sparse.csr_matrix(steps)], format="csr", dtype=np.float32)

    def _grams(self, texts: Sequence[str]) -> sparse.csr_matrix:
        indices: list[int] = []
        values: list[float] = []
        starts = [0]
        find = self.vocabulary.get
        for text in texts:
            for gram, count in ngrams(text).items():
                column = find(gram)
                if column is not None:
                    indices.append(column)
                    values.append(count)
            starts.append(len(indices))
        weights = (1 + np.log(np.array(values, dtype=np.float32))) * self.idf[indices] if values else np.zeros(0)
        matrix = sparse.csr_matrix(
            (weights.astype(np.float32), np.array(indices, dtype=np.int32), np.array(starts, dtype=np.int32)),
            shape=(len(texts), len(self.vocabulary)),
        )
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        return sparse.diags(scale.astype(np.float32)) @ matrix
