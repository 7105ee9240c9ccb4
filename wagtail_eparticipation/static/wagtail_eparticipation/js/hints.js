/* Hints about what somebody is typing, below the fields. The form works without them:
   then they come when it is sent. The focus stays where it is. */
(function () {
  "use strict";

  const PAUSE = 1200;
  const LEAST = 4;
  const FIELDS = ["title", "text", "sources"];
  const SENT = [...FIELDS, "token", "language", "hinted"];

  function watch(place) {
    const form = place.closest("form");
    const shown = document.createElement("div");
    const spoken = document.createElement("p");
    spoken.className = "ep-visually-hidden";
    spoken.setAttribute("aria-live", "polite");
    place.append(shown, spoken);
    let timer = 0;
    let asking = null;

    const control = (name) => form.elements.namedItem(name);

    function say(text) {
      if (spoken.textContent !== text) {
        spoken.textContent = text;
      }
    }

    function forget() {
      shown.replaceChildren();
    }

    async function ask() {
      const typed = new URLSearchParams();
      SENT.filter(control).forEach((name) => typed.set(name, control(name).value));
      if (!FIELDS.some((name) => (typed.get(name) || "").trim().length >= LEAST)) {
        forget();
        return;
      }
      if (asking) {
        asking.abort();
      }
      const own = new AbortController();
      asking = own;
      let answer = "";
      try {
        const response = await fetch(place.dataset.epHints, {
          method: "POST",
          body: typed,
          credentials: "same-origin",
          signal: own.signal,
        });
        answer = response.ok ? await response.text() : "";
      } catch {
        /* No network: the hints come when it is sent. */
      }
      if (asking === own) {
        show(answer);
      }
    }

    function show(answer) {
      const parsed = new DOMParser().parseFromString(answer, "text/html");
      shown.replaceChildren(...parsed.body.children);
      const title = shown.querySelector("[data-ep-hints-said]");
      say(title ? title.textContent : "");
    }

    /* Where the words stand now: the text may differ in what nobody sees. */
    function find(text, words, nth) {
      let at = text.indexOf(words);
      for (let more = nth; more > 0 && at >= 0; more -= 1) {
        at = text.indexOf(words, at + words.length);
      }
      return at;
    }

    function write(field, text) {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function takeOut(button) {
      const field = control(button.dataset.epHintRemove);
      const words = button.dataset.epHintWords;
      const before = field.value;
      const at = find(before, words, Number(button.dataset.epHintNth));
      if (at < 0) {
        ask();
        return;
      }
      const after = before.slice(0, at) + before.slice(at + words.length);
      write(field, after);
      const note = document.createElement("p");
      const undo = document.createElement("button");
      note.className = "ep-actions ep-hints__undo";
      undo.type = "button";
      undo.className = "ep-button ep-button--quiet";
      undo.textContent = place.dataset.epHintsUndo;
      const [start, end] = place.dataset.epHintsRemoved.split("{words}");
      const name = document.createElement("bdi");
      name.textContent = words;
      const said = document.createElement("span");
      said.append(start, name, end);
      note.append(said, undo);
      place.querySelectorAll(".ep-hints__undo").forEach((each) => each.remove());
      place.prepend(note);
      say(said.textContent);
      undo.focus();
      undo.addEventListener("click", () => {
        const now = field.value;
        const back = now === after ? at : Math.min(at, now.length);
        write(field, now.slice(0, back) + words + now.slice(back));
        note.remove();
        field.focus();
      });
    }

    function keep(button) {
      const hinted = control("hinted");
      hinted.value = [hinted.value, button.dataset.epHintKeep]
        .filter(Boolean)
        .join(".");
      const item = button.closest("li");
      const next = item.nextElementSibling || item.previousElementSibling;
      const target = next ? next.querySelector("button") : control("text");
      item.remove();
      if (!next) {
        forget();
      }
      target.focus();
    }

    place.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button && button.dataset.epHintRemove) {
        takeOut(button);
      } else if (button && button.dataset.epHintKeep) {
        keep(button);
      }
    });
    FIELDS.map(control)
      .filter(Boolean)
      .forEach((field) =>
        field.addEventListener("input", () => {
          window.clearTimeout(timer);
          timer = window.setTimeout(ask, PAUSE);
        }),
      );
  }

  document.querySelectorAll("[data-ep-hints]").forEach(watch);
})();
