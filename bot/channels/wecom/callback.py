"""Opening what claims to come from WeCom: always encrypted, and there is no `signature`."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.wechat.callback import Delivery, Gate, parsed


class WeComGate(Gate):
    """Knows the application's token and key; the receiver inside is the CorpID."""

    def verify(self, query: Mapping[str, str]) -> str:
        """The decrypted echostr. Raises Refused."""
        _, content = self._unsealed(query, query.get("echostr", ""))
        return content.decode("utf-8", "replace")

    def open(self, query: Mapping[str, str], body: bytes) -> Delivery:
        """Check and decrypt a delivery. Raises Refused."""
        self._check_freshness(query)
        cipher, content = self._unsealed(query, parsed(body).get("Encrypt", ""))
        return Delivery(parsed(content), cipher)
