/* Small comforts on the public pages. Every page works without them. */
(function () {
  "use strict";

  /* Bring the reader to the list of errors when a form came back with some. */
  function focusErrors() {
    const summary = document.querySelector("[data-ep-error-summary]");
    if (summary) {
      summary.focus();
    }
  }

  /* Say how much of the allowed length is used: at once for the eye, after a
     pause in typing for the ear. Counts code points, as the server
     does, a line end as one. */
  function countCharacters(note) {
    const field = document.getElementById(note.dataset.epCountFor);
    if (!field) {
      return;
    }
    const limit = Number(note.dataset.epCountLimit);
    const numbers = new Intl.NumberFormat(document.documentElement.lang, {
      numberingSystem: "latn",
    });
    const spoken = document.createElement("span");
    spoken.className = "ep-visually-hidden";
    spoken.setAttribute("aria-live", "polite");
    note.after(spoken);
    let pause;

    function show() {
      const used = Array.from(field.value).length;
      const over = used > limit;
      const text = (over ? note.dataset.epCountOver : note.dataset.epCountText)
        .replace("{used}", numbers.format(used))
        .replace("{limit}", numbers.format(limit));
      note.textContent = text;
      note.classList.toggle("ep-field__count--over", over);
      window.clearTimeout(pause);
      pause = window.setTimeout(() => {
        if (used >= limit * 0.8) {
          spoken.textContent = text;
        }
      }, 1200);
    }

    field.addEventListener("input", show);
    show();
  }

  /* A second press while the first is under way sends nothing. The button keeps
     its value in the form, so it is marked, never disabled. */
  function sendOnce(form) {
    let sent = false;

    function mark(busy) {
      Array.from(form.elements)
        .filter((control) => control.type === "submit")
        .forEach((button) => button.setAttribute("aria-disabled", busy));
    }

    function release() {
      sent = false;
      mark(false);
    }

    form.addEventListener("submit", (event) => {
      if (sent) {
        event.preventDefault();
        return;
      }
      sent = true;
      mark(true);
      window.setTimeout(release, 20000);
    });
    window.addEventListener("pageshow", release);
  }

  /* Copying needs a secure context; elsewhere the button stays away. */
  function copyCode(button) {
    const source = document.getElementById(button.dataset.epCopy);
    if (!source || !navigator.clipboard) {
      return;
    }
    const label = button.querySelector("[data-ep-copy-label]") || button;
    const status = button.parentElement.querySelector("[data-ep-copy-status]");
    const original = label.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
      } catch {
        window.getSelection().selectAllChildren(source);
        return;
      }
      label.textContent = button.dataset.epCopied;
      if (status) {
        status.textContent = button.dataset.epCopied;
      }
      window.setTimeout(() => {
        label.textContent = original;
        if (status) {
          status.textContent = "";
        }
      }, 3000);
    });
  }

  /* Offer the device's own place for the two numbers of a point; asked only when
     somebody presses, and never sent anywhere but with the form. */
  function pointHere(latitude) {
    const longitude = latitude.form.elements[latitude.dataset.epPoint];
    if (!longitude || !window.isSecureContext || !navigator.geolocation) {
      return;
    }
    const place = document.createElement("div");
    const button = document.createElement("button");
    const status = document.createElement("p");
    button.type = "button";
    button.className = "ep-button ep-button--secondary";
    button.textContent = latitude.dataset.epPointText;
    status.className = "ep-field__hint";
    status.setAttribute("role", "status");
    place.className = "ep-actions";
    place.append(button, status);
    latitude.after(place);
    button.addEventListener("click", () => {
      status.textContent = "";
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          latitude.value = coords.latitude.toFixed(5);
          longitude.value = coords.longitude.toFixed(5);
        },
        () => {
          status.textContent = latitude.dataset.epPointFailed;
        },
        { timeout: 15000 },
      );
    });
  }

  /* A browser remembers by itself, for half a year, in which topics it took part:
     nothing of it is sent, and somebody else at the same device just goes on. */
  const REMEMBERED = 180 * 24 * 60 * 60 * 1000;

  function rememberTopic(receipt) {
    try {
      const name = `ep-took-part:${receipt.dataset.epTookPartIn}`;
      window.localStorage.setItem(name, String(Date.now()));
    } catch {
      /* Storage is switched off: there will be no notice. */
    }
  }

  function remindOfTopic(notice) {
    try {
      const name = `ep-took-part:${notice.dataset.epTookPart}`;
      const since = Number(window.localStorage.getItem(name));
      if (since && Date.now() - since < REMEMBERED) {
        notice.hidden = false;
      } else {
        window.localStorage.removeItem(name);
      }
    } catch {
      /* Storage is switched off. */
    }
  }

  focusErrors();
  document.querySelectorAll("[data-ep-took-part-in]").forEach(rememberTopic);
  document.querySelectorAll("[data-ep-took-part]").forEach(remindOfTopic);
  document.querySelectorAll("[data-ep-count-for]").forEach(countCharacters);
  document.querySelectorAll("form[data-ep-once]").forEach(sendOnce);
  document.querySelectorAll("[data-ep-point]").forEach(pointHere);
  document.querySelectorAll("[data-ep-copy]").forEach(copyCode);
})();
