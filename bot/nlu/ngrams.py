"""Character n-grams weighted by TF-IDF, and the length of the text, as sparse rows.

An n-gram of up to three characters is a 63-bit number, 21 bits a character, so that a vocabulary is one sorted array:
0.8 MB for 100,000 n-grams, where a dictionary of strings took 18. SciPy is only needed to train.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse

SIZES = (1, 2, 3)
# Letters are long and answers inside a form are short: each step of length that a text reaches is a feature. Measured:
# property letters +4 points of domain, in-scope messages wrongly refused 2.8 % to 0.6 % (docs/understanding.md).
LENGTH_STEPS = (1, 4, 8, 14, 22, 35, 60, 100)
LENGTH_WEIGHT = 0.25
_CHARACTER = (1 << 21) - 1  # code points have 21 bits
_SHIFTS = np.array([42, 21, 0], dtype=np.uint64)
_NUMBER = re.compile(r"\d+")
_MASKED_PLACE = re.compile(r"[A-Za-z]\d*(?=[市区县镇])")
_PUNCTUATION = re.compile(r"[^\w\u4e00-\u9fff\ue000-\ue00f?!]+")


def canonical(text: str) -> str:
    """Text as the n-grams see it: lower case, every number alike, place codes such as "B3区" without their code."""
    text = _MASKED_PLACE.sub("", text)
    text = _NUMBER.sub("0", text.lower())
    return f"^{_PUNCTUATION.sub(' ', text).strip()}$"


def ngrams(text: str) -> tuple[np.ndarray, np.ndarray]:
    """The 1-, 2- and 3-grams of a text as sorted numbers, and how often each occurs."""
    points = np.frombuffer(canonical(text).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    padded = np.concatenate([points, np.zeros(max(SIZES) - 1, dtype=np.uint64)])
    grams = [np.zeros(0, dtype=np.uint64)]
    codes = np.zeros(len(points), dtype=np.uint64)
    for size in SIZES:
        codes = codes | padded[size - 1 : size - 1 + len(points)] << _SHIFTS[size - 1]
        grams.append(codes[: max(0, len(points) - size + 1)])
    return np.unique(np.concatenate(grams), return_counts=True)


def encode(grams: Sequence[str]) -> np.ndarray:
    """The numbers of n-grams; they sort as the strings do."""
    points = np.array(grams, dtype=f"U{max(SIZES)}").view(np.uint32).reshape(-1, max(SIZES)).astype(np.uint64)
    return np.asarray((points << _SHIFTS).sum(axis=1, dtype=np.uint64))


def decode(codes: np.ndarray) -> list[str]:
    """The n-grams of numbers made by `encode`."""
    points = (codes[:, None] >> _SHIFTS) & np.uint64(_CHARACTER)
    return [str(gram) for gram in points.astype(np.uint32).view(f"U{max(SIZES)}").ravel()]


class TfidfVectoriser:
    """Sublinear term frequency times smoothed inverse document frequency, rows of length 1.

    vocabulary: sorted numbers of the n-grams; a feature's column is its n-gram's place, then come the steps of length.
    """

    def __init__(self, vocabulary: np.ndarray, idf: np.ndarray) -> None:
        self.vocabulary = vocabulary
        self.idf = idf.astype(np.float32)

    @classmethod
    def fit(cls, texts: Iterable[str], min_documents: int = 2) -> TfidfVectoriser:
        """Learn the n-grams that at least `min_documents` texts have, and their weights."""
        documents: Counter[int] = Counter()
        count = 0
        for text in texts:
            documents.update(ngrams(text)[0].tolist())
            count += 1
        kept = sorted(gram for gram, n in documents.items() if n >= min_documents)
        frequency = np.array([documents[gram] for gram in kept], dtype=np.float64)
        return cls(np.array(kept, dtype=np.uint64), np.log((1 + count) / (1 + frequency)) + 1)

    @property
    def width(self) -> int:
        """How many features a text has."""
        return len(self.vocabulary) + len(LENGTH_STEPS)

    def features(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Columns and float32 values of a text's features: n-grams of length 1 together, then the steps of length."""
        columns, weights = self._grams(text)
        steps = np.arange(sum(len(text) >= step for step in LENGTH_STEPS), dtype=np.int64)
        values = np.concatenate([weights, np.full(len(steps), LENGTH_WEIGHT, dtype=np.float32)])
        return np.concatenate([columns, len(self.vocabulary) + steps]), values

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Matrix of shape (len(texts), width) with the features of each text in a row."""
        from scipy import sparse

        rows = [self.features(text) for text in texts]
        starts = np.cumsum([0] + [len(columns) for columns, _ in rows])
        columns = np.concatenate([columns for columns, _ in rows]).astype(np.int32)
        values = np.concatenate([values for _, values in rows])
        return sparse.csr_matrix((values, columns, starts.astype(np.int32)), shape=(len(rows), self.width))

    def _grams(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        grams, counts = ngrams(text)
        if not len(self.vocabulary):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        columns = np.minimum(np.searchsorted(self.vocabulary, grams), len(self.vocabulary) - 1)
        known = self.vocabulary[columns] == grams
        columns = columns[known]
        weights = (1 + np.log(counts[known].astype(np.float32))) * self.idf[columns]
        length = np.sqrt((weights * weights).sum())
        return columns, weights / length if length > 0 else weights
