// Puts the chat into any site with one line:
//   <script src="https://CHAT/chat/widget.js" data-title="社区服务小助手" data-color="#067a3b" async></script>
// The site's own strict Content-Security-Policy needs script-src and frame-src for CHAT and nothing more: the
// launcher's style is a constructed sheet in a shadow tree. No cookie: the frame keeps its session in its own storage.
(() => {
  "use strict";
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const { title = "社区服务小助手", color = "#067a3b", side = "right" } = script.dataset;
  const REMEMBERED = "community-chat-used"; // whoever has used the chat here hears of new messages at once

  const STYLE = `
    :host { position: fixed; z-index: 2147483000; inset: auto 16px 16px auto; font: 16px/1.4 system-ui, sans-serif }
    :host([data-side=left]) { inset: auto auto 16px 16px }
    button { all: unset; box-sizing: border-box; display: grid; place-items: center; position: relative; width: 60px;
      height: 60px; border-radius: 50%; color: #fff; background: var(--color); cursor: pointer;
      box-shadow: 0 2px 12px rgb(0 0 0 / .3) }
    button:focus-visible { outline: 3px solid var(--color); outline-offset: 3px }
    svg { width: 30px; height: 30px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round;
      stroke-linejoin: round }
    .count { position: absolute; top: -4px; right: -4px; min-width: 22px; padding: 0 5px; box-sizing: border-box;
      border-radius: 11px; background: #c40d0a; font-size: 14px; line-height: 22px; text-align: center }
    .count:empty, iframe[hidden] { display: none }
    iframe { position: absolute; right: 0; bottom: 72px; width: min(400px, calc(100vw - 32px));
      height: min(640px, calc(100vh - 104px)); border: 0; border-radius: 12px; background: #ededed;
      box-shadow: 0 4px 24px rgb(0 0 0 / .3) }
    :host([data-side=left]) iframe { right: auto; left: 0 }
    @media (max-width: 480px) { iframe { position: fixed; inset: 0 0 92px 0; width: 100%; height: auto;
      min-height: calc(100% - 92px); border-radius: 0 } }`;

  const box = document.createElement("div");
  box.dataset.side = side;
  const tree = box.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  tree.adoptedStyleSheets = [sheet];
  box.style.setProperty("--color", CSS.supports("color", color) ? color : "#067a3b");

  const launcher = document.createElement("button");
  const count = Object.assign(document.createElement("span"), { className: "count" });
  launcher.append(bubble(), count);
  tree.append(launcher);
  let frame = null;
  let open = false;
  let ready = false; // a frame that is not loaded yet has another origin than ours
  label(0);

  launcher.addEventListener("click", () => show(!open));
  tree.addEventListener("keydown", (event) => event.key === "Escape" && open && show(false));
  window.addEventListener("message", (event) => {
    if (!frame || event.origin !== home || event.source !== frame.contentWindow) return;
    if (event.data?.type === "chat:ready") {
      ready = true;
      tell();
    }
    if (event.data?.type === "chat:unread") label(Number(event.data.count) || 0);
    if (event.data?.type === "chat:close") show(false);
  });

  document.body.append(box);
  if (recall()) load();

  function load() {
    frame = document.createElement("iframe");
    frame.title = title;
    frame.allow = `geolocation ${home}; camera ${home}; clipboard-write ${home}`;
    frame.hidden = true;
    frame.src = `${home}/chat/embed?${new URLSearchParams({ host: location.origin, title, color })}`;
    tree.append(frame);
  }

  function show(wanted) {
    open = wanted;
    if (!frame) load();
    frame.hidden = !open;
    launcher.setAttribute("aria-expanded", String(open));
    remember();
    tell();
    if (open) frame.focus();
    else launcher.focus();
  }

  function tell() {
    if (ready) frame.contentWindow.postMessage({ type: "chat:open", open }, home);
  }

  function label(unread) {
    count.textContent = unread > 99 ? "99+" : unread ? String(unread) : "";
    launcher.setAttribute("aria-label", unread ? `${title}，${unread} 条新消息` : title);
  }

  function recall() {
    try {
      return localStorage.getItem(REMEMBERED) !== null;
    } catch {
      return false;
    }
  }

  function remember() {
    try {
      localStorage.setItem(REMEMBERED, "yes");
    } catch {
      // Without storage the chat starts when it is opened.
    }
  }

  function bubble() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M4 5h16v11H11l-5 4v-4H4zM8 10.500h.01M12 10.500h.01M16 10.500h.01");
    svg.append(path);
    return svg;
  }
})();
