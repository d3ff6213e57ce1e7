// The page: ChatUI's chat with our conversation in it.

import { Connection } from "./connection.js";
import { Content } from "./content.js";
import { SettingsPanel } from "./settings_panel.js";
import * as settings from "./settings.js";
import { keepKeyboard, quietMessages, useModal } from "./access.js";

const { createElement: h, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } = React;
const { default: Chat, Button, IconButton, MessageStatus, Modal, toast } = ChatUI;

const AVATARS = { bot: "bot.svg", operator: "staff.svg", system: "staff.svg", resident: "resident.svg" };
const NAMES = { bot: "小助手", operator: "工作人员", system: "社区通知", resident: "我" };
const LONGEST = 2000;
const HUMAN = "转人工";
const TOOLS = [
  { type: "album", icon: "photo", title: "照片" },
  { type: "camera", icon: "camera", title: "拍照" },
  { type: "place", icon: "pin", title: "位置" },
];

export function App({ session, conversation, frame }) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  const [typing, setTyping] = useState(false);
  const [online, setOnline] = useState(null);
  const [chosen, setChosen] = useState(settings.load());
  const [panel, setPanel] = useState(false);
  const [photo, setPhoto] = useState(null);
  const album = useRef(null);
  const camera = useRef(null);
  const list = useRef(null);

  const connection = useMemo(
    () => new Connection(session, conversation, {
      changed: redraw,
      typing: setTyping,
      online: setOnline,
      said: (fresh, live) => {
        const others = fresh.filter((message) => live && message.author !== "resident");
        announce(others);
        frame.count(others.length);
      },
    }),
    [],
  );
  useLayoutEffect(() => settings.apply(chosen), [chosen]);
  useEffect(keepKeyboard, []);
  useEffect(() => {
    if (online) list.current.scrollToEnd({ animated: false, force: true });
  }, [online]);
  useLayoutEffect(quietMessages);

  const choices = conversation.choices().map(({ title, payload }) => ({ name: title, payload }));
  // Larger letters and rows of choices take room from the list: its end stays in sight.
  useEffect(() => list.current.scrollToEnd({ animated: false }), [chosen, choices.map(({ name }) => name).join()]);

  const change = (next) => {
    setChosen(next);
    settings.save(next);
  };
  const say = (text) => text.trim() && connection.say({ text: text.trim().slice(0, LONGEST) });
  const pick = (file) => file && setPhoto({ file, preview: URL.createObjectURL(file) });
  const tool = (item) => ({ album: () => album.current.click(), camera: () => camera.current.click(), place })[item.type]();
  const place = () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => connection.say({ location: { lat: coords.latitude, lon: coords.longitude } }),
    () => toast.show("没能取到位置，您直接打地址也行"),
    { timeout: 10_000 },
  );

  return h(
    React.Fragment,
    null,
    h(Chat, {
      locale: "zh-CN",
      colorScheme: chosen.scheme,
      elderMode: chosen.elder,
      wideBreakpoint: "720px",
      renderNavbar: () => h(Bar, { frame, online, typing, chosen, change, say, openPanel: () => setPanel(true) }),
      messages: conversation.list().map(asChatUi),
      renderBeforeMessageList: () => h("div", { hidden: true, "data-earlier": conversation.hasEarlier }),
      renderMessageContent: (message) => h(Words, { session, connection, message }),
      isTyping: typing,
      loadMoreText: "看更早的消息",
      onRefresh: () => connection.earlier().catch(() => {}), // without a network: pull again later
      messagesRef: list,
      quickReplies: choices,
      onQuickReplyClick: ({ payload }) => say(payload),
      placeholder: "请输入您的问题",
      inputOptions: { maxLength: LONGEST, showCount: false, "aria-label": "输入消息" },
      onSend: (kind, text) => say(text),
      onImageSend: async (file) => connection.say({ file, preview: URL.createObjectURL(file) }),
      toolbar: "geolocation" in navigator ? TOOLS : TOOLS.slice(0, 2),
      onToolbarClick: tool,
    }),
    h(FileInput, { input: album, pick }),
    h(FileInput, { input: camera, pick, capture: "environment" }),
    photo && h(PhotoConfirm, {
      photo,
      cancel: () => setPhoto(null),
      send: () => {
        connection.say(photo);
        setPhoto(null);
      },
    }),
    h(SettingsPanel, { open: panel, chosen, change, close: () => setPanel(false) }),
  );
}

function Bar({ frame, online, typing, chosen, change, say, openPanel }) {
  const state = online === false ? "网络不通，正在重连…" : typing ? "对方正在输入…" : "";
  return h(
    "header",
    { className: "Navbar Navbar--left" },
    h("div", { className: "Navbar-main" }, h("div", { className: "Navbar-inner" },
      h("h1", { className: "Navbar-title" }, frame.name),
      h("div", { className: "Navbar-desc", "aria-live": "off" }, state))),
    h("div", { className: "Navbar-right" },
      h(Button, { className: "Bar-button", "aria-pressed": chosen.elder, onClick: () => change(settings.withElder(chosen, !chosen.elder)) },
        chosen.elder ? "标准版" : "长辈版"),
      h(Button, { className: "Bar-button", onClick: () => say(HUMAN) }, HUMAN),
      h(IconButton, { icon: "settings", "aria-label": "字号和颜色", onClick: openPanel })),
  );
}

/** One message with its state: on its way, or failed and to be sent again. */
function Words({ session, connection, message }) {
  const said = message.content;
  const item = said.outgoing;
  return h(
    React.Fragment,
    null,
    h(Content, { session, message: said }),
    item?.status === "waiting" && h(MessageStatus, { status: "pending", maxDelay: 1e9, retryInterval: 1e9 }),
    item?.status === "failed" && h(Button, { variant: "text", className: "Resend", onClick: () => connection.resend(item) },
      `${item.note || "没发出去"}，点这里重发`),
  );
}

function PhotoConfirm({ photo, cancel, send }) {
  useModal(true, cancel);
  const actions = [
    { label: "取消", onClick: cancel },
    { label: "发送", color: "primary", onClick: send },
  ];
  return h(Modal, { active: true, title: "发送这张照片？", className: "PhotoConfirm", vertical: false, actions, onClose: cancel },
    h("img", { src: photo.preview, alt: "将要发送的照片" }));
}

function FileInput({ input, pick, capture }) {
  const picked = (event) => {
    pick(event.target.files[0]);
    event.target.value = "";
  };
  return h("input", { ref: input, type: "file", accept: "image/*", capture, hidden: true, onChange: picked });
}

const drawn = new Map(); // uid -> what ChatUI was given: the same object while nothing changed, or it scrolls and counts

function asChatUi(message) {
  const state = [message.id, message.timed, message.outgoing?.status, message.outgoing?.note].join();
  if (drawn.get(message.uid)?.state !== state) drawn.set(message.uid, { state, props: draw(message) });
  return drawn.get(message.uid).props;
}

function draw(message) {
  const right = message.author === "resident";
  const name = message.author === "operator" ? `${message.name ?? ""}（工作人员）` : message.author === "system" ? "社区通知" : undefined;
  return {
    _id: message.uid,
    type: "text",
    content: message,
    position: right ? "right" : "left",
    hasTime: message.timed,
    createdAt: message.at ? inShanghai(message.at) : undefined,
    user: { avatar: `/chat/static/chat/${AVATARS[message.author] ?? AVATARS.bot}`, avatarAlt: NAMES[message.author] ?? "", name },
  };
}

/** The moment whose local time on this device is the time in Shanghai: ChatUI shows local times. */
function inShanghai(at) {
  return at + (480 + new Date(at).getTimezoneOffset()) * 60_000;
}

/** Tell a screen reader what came, once, politely. */
function announce(messages) {
  if (!messages.length) return;
  const words = messages.map(({ author, text }) => `${NAMES[author] ?? ""}说：${text || "发来一张照片"}`);
  document.getElementById("announcer").textContent = words.join("\n");
}
