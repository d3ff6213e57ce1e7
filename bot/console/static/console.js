// What a page of the console does beside htmx: counts in the navigation, the thread kept at its end, Ctrl+Enter.
"use strict";

function showCounts() {
  const news = document.querySelector("[data-news]");
  document.querySelectorAll(".news-copy").forEach((place) => {
    place.replaceChildren();
    if (news) place.append(news.cloneNode(true));
  });
  const waiting = Number(document.querySelector("[data-waiting]")?.dataset.waiting || 0);
  document.querySelectorAll(".waiting-count").forEach((place) => {
    place.textContent = waiting ? String(waiting) : "";
    place.classList.toggle("badge", waiting > 0);
    place.classList.toggle("bg-orange", waiting > 0);
    place.classList.toggle("text-orange-fg", waiting > 0);
  });
}

// Said to a screen reader only when it changes; the board itself would be read out whole each time.
function announce() {
  const board = document.getElementById("board");
  const place = document.getElementById("announce");
  if (board && place && place.textContent !== board.dataset.summary) place.textContent = board.dataset.summary;
}

function atEnd(thread) {
  return thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
}

let stayAtEnd = true;

document.addEventListener("DOMContentLoaded", () => {
  const thread = document.getElementById("thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
});

document.addEventListener("htmx:beforeSwap", () => {
  const thread = document.getElementById("thread");
  stayAtEnd = Boolean(thread) && atEnd(thread);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.classList?.contains("news-count") || document.querySelector("[data-waiting]")) showCounts();
  announce();
  const thread = document.getElementById("thread");
  if (thread && stayAtEnd) thread.scrollTop = thread.scrollHeight;
});

document.addEventListener("htmx:afterRequest", (event) => {
  // The words just sent are shown at once instead of at the next look.
  if (event.target.matches?.("[data-reply]") && event.detail.successful) {
    const watch = document.querySelector(".watch");
    if (watch) htmx.trigger(watch, "look");
    document.getElementById("reply-text")?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("[data-reply]");
  if (form) form.requestSubmit();
});
