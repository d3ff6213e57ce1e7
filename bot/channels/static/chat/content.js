// What stands in a bubble. Text is only ever text: React escapes it, and links are made here from what looks like one.

import { useModal } from "./access.js";

const { createElement: h, useEffect, useState } = React;
const { Bubble, Modal } = ChatUI;

const LINK = /https?:\/\/[^\s<>"'，。；、！？（）「」]+/;
const MOBILE = /1[3-9]\d[ -]?\d{4}[ -]?\d{4}/;
const LANDLINE = /0\d{2,3}[ -]?\d{7,8}/;
const HOTLINE = /12[0-9]{3}|9[56]\d{3}|400[ -]?\d{3}[ -]?\d{4}/;
// 「120 元」 is a price, not an ambulance.
const EMERGENCY = /1(?:10|19|20|22)(?!\s*[元块米个天平号栋单室层次岁分小年月日%％×x*~-])/;
const PHONE = [MOBILE, LANDLINE, HOTLINE, EMERGENCY].map((one) => one.source).join("|");
// What stands before a number is part of the match: older phones know no look-behind.
const FOUND = new RegExp(`(${LINK.source})|(^|[^\\d-])(${PHONE})(?!\\d)`, "g");

/** Text with its links and phone numbers made to tap. */
export function withLinks(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(FOUND)) {
    const [all, link, before = "", phone] = found;
    parts.push(text.slice(from, found.index + before.length));
    const target = link ? { href: link, target: "_blank", rel: "noopener noreferrer" } : { href: telephone(phone) };
    parts.push(h("a", { key: found.index, ...target }, link ?? phone));
    from = found.index + all.length;
  }
  return [...parts, text.slice(from)];
}

function telephone(number) {
  return `tel:${number.replace(/[ -]/g, "")}`;
}

const loaded = new Map(); // photo id -> promise of an object URL; the photo needs our session, an <img> has none

function source(session, id) {
  if (!loaded.has(id)) {
    const url = session.fetch(`/chat/photo/${id}`).then(async (answer) => {
      if (!answer.ok) throw new Error(`photo ${answer.status}`);
      return URL.createObjectURL(await answer.blob());
    });
    url.catch(() => loaded.delete(id));
    loaded.set(id, url);
  }
  return loaded.get(id);
}

/** A photo that opens large. src: a local preview; else it is fetched by its id. */
export function Photo({ session, id, src }) {
  const [url, setUrl] = useState(src ?? null);
  const [broken, setBroken] = useState(false);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!src) source(session, id).then(setUrl, () => setBroken(true));
  }, [session, id, src]);
  useModal(open, () => setOpen(false));
  if (broken) return h(Bubble, { type: "text" }, "照片打不开");
  if (!url) return h(Bubble, { type: "text" }, "照片加载中…");
  return h(
    Bubble,
    { type: "image" },
    h("button", { type: "button", className: "PhotoButton", "aria-label": "放大照片", onClick: () => setOpen(true) },
      h("img", { src: url, alt: "聊天里的照片" })),
    open && h(Modal, { active: true, title: "照片", className: "PhotoView", onClose: () => setOpen(false) },
      h("img", { src: url, alt: "聊天里的照片" })),
  );
}

/** Everything one message holds, one bubble each. */
export function Content({ session, message }) {
  const photos = message.photos ?? [];
  const waiting = message.outgoing?.preview;
  return h(
    "div",
    { className: "Content" },
    message.text && h(Bubble, { type: "text" }, message.author === "resident" ? message.text : withLinks(message.text)),
    waiting && h(Photo, { session, src: waiting }),
    !waiting && photos.map((photo) => h(Photo, { key: photo.id ?? photo, session, id: photo.id ?? photo })),
    (message.images ?? []).map((image) =>
      image.startsWith("/")
        ? h(Bubble, { key: image, type: "image" }, h("img", { src: image, alt: "图片" }))
        : h(Bubble, { key: image, type: "text" }, withLinks(image))),
    message.location && h(Bubble, { type: "text" }, "📍 我的位置"),
  );
}
