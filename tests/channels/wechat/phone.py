"""A phone in the terminal, with the platform's rules behind it: `python -m tests.channels.wechat.phone`.

Prints the settings with which the Rasa server has to be started (it calls this process as its API), then sends each
line that is typed. /follow, /leave, /click KEY, /scan SCENE, /voice TEXT, /place LAT LON LABEL send the other kinds.
"""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.channels.wechat.platform import Account, Platform, Told

OPENID = "o-terminal"


async def play(callback: str, account: Account) -> None:
    async with Platform(callback, account) as platform:
        print(  # noqa: T201 (it is a terminal)
            f"WECHAT_TOKEN={account.token} WECHAT_APP_ID={account.app_id} WECHAT_APP_SECRET={account.secret} "
            f"WECHAT_AES_KEY={account.aes_key} WECHAT_API_BASE={platform.api_base}",
            file=sys.stderr,
        )
        seen = 0
        while True:
            line = (await asyncio.to_thread(sys.stdin.readline)).strip()
            if not line:
                return
            await send(platform, line)
            await asyncio.sleep(0.5)
            for shown in platform.screens[OPENID][seen:]:
                print(f"< {shown}\n")  # noqa: T201
            seen = len(platform.screens[OPENID])


async def send(platform: Platform, line: str) -> Told:
    """What one typed line makes the phone send."""
    command, _, rest = line.partition(" ")
    match command:
        case "/follow":
            return await platform.event(OPENID, "subscribe", EventKey=f"qrscene_{rest}" if rest else "")
        case "/leave":
            return await platform.event(OPENID, "unsubscribe", EventKey="")
        case "/click":
            return await platform.event(OPENID, "CLICK", EventKey=rest)
        case "/scan":
            return await platform.event(OPENID, "SCAN", EventKey=rest, Ticket="t")
        case "/voice":
            return await platform.push(OPENID, {"MsgType": "voice", "MediaId": "m", "Recognition": rest})
        case "/place":
            lat, lon, label = [*rest.split(" ", 2), "", ""][:3]
            place = {"MsgType": "location", "Location_X": lat, "Location_Y": lon, "Label": label}
            return await platform.push(OPENID, place)
    return await platform.say(OPENID, line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--callback", default="http://127.0.0.1:5005/webhooks/wechat/webhook")
    parser.add_argument("--mode", choices=["plain", "compatible", "security"], default="security")
    parser.add_argument("--unverified", action="store_true", help="an account that may not send")
    given = parser.parse_args()
    asyncio.run(play(given.callback, Account(mode=given.mode, verified=not given.unverified)))


if __name__ == "__main__":
    main()
