/* The moderators' pages with the keyboard alone, and the next item without a reload.
   Everything works without it: links, buttons and forms are the page's own. */
(function () {
  "use strict";

  const CHOICES = { keys: "ep-moderation-keys", uncovered: "ep-moderation-uncovered" };
  const live = document.createElement("div");
  let hold;
  let sending = false;
  let staying = false;

  live.className = "w-sr-only";
  live.setAttribute("role", "status");
  document.body.append(live);

  /* What this browser keeps; where nothing can be kept, the usual holds. */
  function chosen(name, usual) {
    try {
      const kept = window.localStorage.getItem(CHOICES[name]);
      return kept === null ? usual : kept === "yes";
    } catch {
      return usual;
    }
  }

  function choose(name, value) {
    try {
      window.localStorage.setItem(CHOICES[name], value ? "yes" : "no");
    } catch {
      /* The choice then holds for this page alone. */
    }
  }

  const usesKeys = () => chosen("keys", true);
  const uncovers = () => chosen("uncovered", false);

  /* Words that were flagged lie behind a summary, which may be opened for good. */
  function showCovered() {
    const open = uncovers();
    document.querySelectorAll("[data-ep-cover]").forEach((cover) => {
      cover.open = open || cover.querySelector(".error-message") !== null;
    });
  }

  function dialog() {
    return document.querySelector("[data-ep-keys]");
  }

  function openHelp() {
    const help = dialog();
    if (!help || help.open) {
      return;
    }
    help.querySelector("[data-ep-choice=keys]").checked = usesKeys();
    help.querySelector("[data-ep-choice=uncovered]").checked = uncovers();
    help.showModal();
  }

  /* The list: from one number to the next, which Enter opens like any link. */
  function rows() {
    return Array.from(document.querySelectorAll(".listing td.title .title-wrapper a"));
  }

  function move(step) {
    const links = rows();
    const row = document.activeElement.closest("tr");
    const here = links.findIndex((link) => row && row.contains(link));
    const next = here < 0 ? (step > 0 ? 0 : links.length - 1) : here + step;
    if (links[next]) {
      links[next].focus();
    }
  }

  const LIST_KEYS = { j: 1, n: 1, k: -1, p: -1 };

  /* The letter on the key, also where the keyboard writes Arabic. */
  function letterOf(event) {
    const key = event.key.toLowerCase();
    if (key === "؟") {
      return "?";
    }
    const written = /^Key([A-Z])$/.exec(event.code);
    return /^[a-z?]$/.test(key) || !written ? key : written[1].toLowerCase();
  }

  function onKey(event) {
    const { target } = event;
    const typing =
      target.isContentEditable || target.closest("input, select, textarea, dialog");
    if (event.ctrlKey || event.altKey || event.metaKey || typing || dialog() === null) {
      return;
    }
    if (!usesKeys()) {
      return;
    }
    const key = letterOf(event);
    if (key === "?") {
      openHelp();
    } else if (!document.querySelector("[data-ep-heading]") && LIST_KEYS[key]) {
      move(LIST_KEYS[key]);
    } else if (key === "w" && document.getElementById("words")) {
      focusWords();
    } else if (!press(key)) {
      return;
    }
    event.preventDefault();
    /* Wagtail's own keys are not for this page's letters. */
    event.stopPropagation();
  }

  /* A decision that asks for something is opened; one that does not gets the focus,
     so that a letter alone never decides. */
  function press(key) {
    if (key.length !== 1 || !/[a-z]/.test(key)) {
      return false;
    }
    const control = document.querySelector(`[data-ep-key="${key}"]`);
    if (!control) {
      return false;
    }
    if (control.matches("summary")) {
      control.parentElement.open = true;
      const fields = control.parentElement.querySelectorAll("select, textarea, input");
      const first = Array.from(fields).find(
        (field) => field.type !== "hidden" && !field.closest("details:not([open])"),
      );
      (first || control).focus();
    } else if (control.matches("a")) {
      control.click();
    } else {
      control.focus();
    }
    return true;
  }

  function focusWords() {
    const cover = document.querySelector("[data-ep-cover] > summary");
    const words = document.getElementById("words");
    if (cover && !cover.parentElement.open) {
      cover.focus();
    } else if (words) {
      words.tabIndex = -1;
      words.focus();
    }
  }

  /* The item is held while its page is open, and let go when it is left. */
  function keepHold() {
    const form = document.querySelector("[data-ep-hold]");
    window.clearInterval(hold);
    if (!form) {
      return;
    }
    async function renew() {
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new FormData(form),
        });
        const { held, message } = await answer.json();
        if (!held && message) {
          window.clearInterval(hold);
          live.textContent = message;
          document.dispatchEvent(
            new CustomEvent("w-messages:add", {
              detail: { text: message, type: "warning" },
            }),
          );
        }
      } catch {
        /* Without a network the lock ends by itself. */
      }
    }

    hold = window.setInterval(renew, Number(form.dataset.epHold) * 1000);
    /* The page before this one may let go only now. */
    window.setTimeout(() => form.isConnected && renew(), 3000);
  }

  function letGo() {
    const form = document.querySelector("[data-ep-hold]");
    if (form && !sending && !staying) {
      const data = new FormData(form);
      data.append("release", "1");
      navigator.sendBeacon(form.action, data);
    }
  }

  /* Put an answer of the server in the place of the page's own part. */
  function show(text, address) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const part = page.querySelector("#main .content");
    if (!part || !page.querySelector("[data-ep-heading]")) {
      return false;
    }
    document.querySelector("#main .content").replaceWith(part);
    document.title = page.title;
    if (address && address !== window.location.pathname + window.location.search) {
      window.history.pushState({}, "", address);
    }
    ready();
    document.dispatchEvent(new CustomEvent("eparticipation:shown"));
    const message = part.querySelector(".messages li");
    live.textContent = message ? message.textContent.trim() : "";
    return true;
  }

  async function goTo(address) {
    const review = /\/moderation\/[0-9a-f-]{36}\//.test(address);
    if (review) {
      const answer = await fetch(address);
      const here = new URL(answer.url);
      if (answer.ok && show(await answer.text(), here.pathname + here.search)) {
        document.querySelector("[data-ep-heading]").focus();
        window.scrollTo(0, 0);
        return;
      }
    }
    window.location.assign(address);
  }

  async function send(event) {
    const form = event.target;
    /* A form with an address of its own is sent there, as without this script. */
    const ours = form.matches(".ep-desk__form") && !form.hasAttribute("action");
    if (!ours || event.defaultPrevented) {
      /* It leads back to this item, which is then still held. */
      staying =
        !event.defaultPrevented && form.method === "post" && !!form.closest("#main");
      return;
    }
    event.preventDefault();
    if (sending) {
      return;
    }
    sending = true;
    const data = new FormData(form, event.submitter);
    try {
      const answer = await fetch(window.location.href, {
        method: "POST",
        body: data,
        headers: { "X-Requested-With": "fetch" },
      });
      if ((answer.headers.get("Content-Type") || "").includes("json")) {
        await goTo((await answer.json()).next);
      } else if (answer.ok && show(await answer.text(), "")) {
        const problem = document.querySelector(".ep-desk__decide .error-message");
        const group = problem && problem.closest("form");
        const field =
          group && group.querySelector("select, textarea, input:not([type=hidden])");
        (field || document.querySelector("[data-ep-heading]")).focus();
      } else {
        window.location.reload();
      }
    } catch {
      /* The network failed: the browser sends the form itself and says so. */
      resend(form, event.submitter);
    } finally {
      sending = false;
    }
  }

  function resend(form, submitter) {
    if (submitter && submitter.name) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = submitter.name;
      field.value = submitter.value;
      form.append(field);
    }
    form.submit();
  }

  function ready() {
    showCovered();
    keepHold();
    document.querySelectorAll("[data-ep-keys-offer]").forEach((offer) => {
      offer.hidden = false;
    });
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-ep-keys-open]")) {
      openHelp();
    } else if (event.target.closest("[data-ep-keys-close]")) {
      dialog().close();
    }
  });
  document.addEventListener("change", (event) => {
    const name = event.target.dataset.epChoice;
    if (name) {
      choose(name, event.target.checked);
      showCovered();
    }
  });
  document.addEventListener("submit", send);
  window.addEventListener("keydown", onKey, true);
  window.addEventListener("pagehide", letGo);
  window.addEventListener("popstate", () => window.location.reload());
  ready();
})();
