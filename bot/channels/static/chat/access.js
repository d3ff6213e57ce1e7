// What ChatUI leaves to be done for those who use a keyboard or a screen reader.

const { useEffect, useRef } = React;

/** While a dialogue is open the page behind it can't be reached; Escape closes it, and the focus goes back. */
export function useModal(open, close) {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!open) return undefined;
    const root = document.getElementById("root");
    const before = document.activeElement;
    const pressed = (event) => event.key === "Escape" && latest.current();
    document.addEventListener("keydown", pressed);
    root.inert = true;
    return () => {
      document.removeEventListener("keydown", pressed);
      root.inert = false;
      before?.focus?.();
    };
  }, [open]);
}

/** ChatUI sends on mouse-down alone: a click by keyboard or screen reader has none, so it is made from the click. */
export function keepKeyboard() {
  const clicked = (event) => {
    const button = event.detail === 0 && event.target.closest?.(".Composer-sendBtn");
    if (button) button.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
  };
  document.addEventListener("click", clicked);
  return () => document.removeEventListener("click", clicked);
}

/** ChatUI makes every message an assertive alert, history included; #announcer says what is new instead. */
export function quietMessages() {
  for (const content of document.querySelectorAll(".Message-content[role=alert]")) {
    content.removeAttribute("role");
    content.removeAttribute("aria-live");
    content.removeAttribute("aria-atomic");
  }
  // "Double-tap to send" is true of some screen readers on some phones; the words on the button say enough.
  for (const choice of document.querySelectorAll(".QuickReply[aria-label]")) choice.removeAttribute("aria-label");
  const scroller = document.querySelector(".MessageContainer > .PullToRefresh");
  if (!scroller || scroller.tabIndex === 0) return;
  scroller.tabIndex = 0; // so that the arrow keys scroll it
  scroller.setAttribute("role", "region");
  scroller.setAttribute("aria-label", "聊天记录");
}
