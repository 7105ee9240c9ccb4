/* Answers of a survey that decide at once what else is asked, and rankings that are
   moved. Without script the page says in words when something is asked. */
(function () {
  "use strict";

  /* As the server compares words: without marks, in one case, alef and ya alike. */
  function key(text) {
    return text
      .normalize("NFKD")
      .replace(/[\u0640\u064B-\u065F\u0670\u0300-\u036F]/g, "")
      .replace(/[أإآٱ]/g, "ا")
      .replace(/ى/g, "ي")
      .replace(/ة/g, "ه")
      .toLowerCase()
      .trim();
  }

  function western(text) {
    return text
      .replace(/[٠-٩]/g, (digit) => digit.charCodeAt(0) - 0x660)
      .replace(/[۰-۹]/g, (digit) => digit.charCodeAt(0) - 0x6f0)
      .replace("٫", ".")
      .replace(/٬/g, "");
  }

  function measure(text) {
    const plain = western(text).trim();
    if (/^\d{4}-\d{2}-\d{2}$/.test(plain)) {
      return Number(plain.replace(/-/g, ""));
    }
    return plain === "" ? NaN : Number(plain);
  }

  function rankingOf(form, name) {
    return Array.from(form.elements)
      .filter((each) => each.name && each.name.startsWith(`${name}_`) && each.value)
      .filter((each) => /^\d+$/.test(each.value))
      .sort((one, other) => Number(one.value) - Number(other.value))
      .map((each) => each.name.slice(name.length + 1));
  }

  /* The texts of the answer in a field, none where the question is hidden. */
  function given(form, name) {
    const controls = Array.from(form.elements).filter((each) => each.name === name);
    if (controls.length === 0) {
      return rankingOf(form, name);
    }
    return controls
      .filter((each) => !each.closest("[data-ep-show-if][hidden]"))
      .filter((each) => !["radio", "checkbox"].includes(each.type) || each.checked)
      .map((each) => each.value.trim())
      .filter((value) => value !== "");
  }

  const OPERATORS = {
    is: (texts, value) => texts.includes(value),
    is_not: (texts, value) => !texts.includes(value),
    contains: (texts, value) =>
      texts.includes(value) || texts.some((text) => key(text).includes(key(value))),
    contains_not: (texts, value) => !OPERATORS.contains(texts, value),
    above: (texts, value) => texts.some((text) => measure(text) > measure(value)),
    below: (texts, value) => texts.some((text) => measure(text) < measure(value)),
    answered: (texts) => texts.length > 0,
    not_answered: (texts) => texts.length === 0,
  };

  function holds(form, condition) {
    const found = condition.rules.map(([name, operator, value]) =>
      OPERATORS[operator](given(form, name), value)
    );
    return condition.any ? found.some(Boolean) : found.every(Boolean);
  }

  function showAsAnswered(form) {
    const items = Array.from(form.querySelectorAll("[data-ep-show-if]"));
    if (items.length === 0) {
      return;
    }
    form.querySelectorAll("[data-ep-only-if]").forEach((note) => {
      note.hidden = true;
    });

    /* In order: what is hidden counts as not answered for what follows. */
    function show() {
      items.forEach((item) => {
        item.hidden = !holds(form, JSON.parse(item.dataset.epShowIf));
      });
    }

    form.addEventListener("input", show);
    form.addEventListener("change", show);
    show();
  }

  /* “Other, please say” is asked once it is chosen. */
  function askWhatElse(form) {
    const fields = Array.from(form.querySelectorAll("[name$='_other']")).filter(
      (field) => field.type === "text"
    );

    function show() {
      fields.forEach((field) => {
        const name = field.name.slice(0, -"_other".length);
        const holder = field.closest(".ep-item__other");
        if (holder) {
          holder.hidden = !given(form, name).includes("other");
        }
      });
    }

    if (fields.length > 0) {
      form.addEventListener("change", show);
      show();
    }
  }

  function makeMovable(list) {
    const count = list.children.length;
    const spoken = document.createElement("p");
    spoken.className = "ep-visually-hidden";
    spoken.setAttribute("aria-live", "polite");
    list.after(spoken);

    function nameOf(row) {
      return row.querySelector("label").textContent.trim();
    }

    function settle(row) {
      Array.from(list.children).forEach((each, index) => {
        each.querySelector("select").value = String(index + 1);
      });
      spoken.textContent = list.dataset.epMoved
        .replace("{name}", nameOf(row))
        .replace("{place}", String(Array.from(list.children).indexOf(row) + 1))
        .replace("{count}", String(count));
      list.dispatchEvent(new Event("change", { bubbles: true }));
    }

    function button(row, sign, words, move) {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "ep-ranking__move";
      made.textContent = sign;
      made.setAttribute("aria-label", words.replace("{name}", nameOf(row)));
      made.addEventListener("click", () => {
        move(row);
        settle(row);
        made.focus();
      });
      return made;
    }

    function inTypedOrder() {
      const rows = Array.from(list.children);
      const places = rows.map((row) => Number(row.querySelector("select").value));
      if (new Set(places).size === count && !places.includes(0)) {
        rows
          .sort(
            (one, other) =>
              one.querySelector("select").value - other.querySelector("select").value
          )
          .forEach((row) => list.append(row));
      }
    }

    let dragged = null;
    Array.from(list.children).forEach((row) => {
      const moves = document.createElement("span");
      moves.className = "ep-ranking__moves";
      moves.append(
        button(row, "↑", list.dataset.epUp, (each) => {
          if (each.previousElementSibling) {
            each.previousElementSibling.before(each);
          }
        }),
        button(row, "↓", list.dataset.epDown, (each) => {
          if (each.nextElementSibling) {
            each.nextElementSibling.after(each);
          }
        })
      );
      row.append(moves);
      row.draggable = true;
      row.addEventListener("dragstart", (event) => {
        dragged = row;
        event.dataTransfer.effectAllowed = "move";
        row.classList.add("ep-ranking__row--dragged");
      });
      row.addEventListener("dragend", () => {
        row.classList.remove("ep-ranking__row--dragged");
        dragged = null;
      });
      row.addEventListener("dragover", (event) => {
        if (dragged && dragged !== row && dragged.parentNode === list) {
          event.preventDefault();
          const box = row.getBoundingClientRect();
          if (event.clientY > box.top + box.height / 2) {
            row.after(dragged);
          } else {
            row.before(dragged);
          }
        }
      });
      row.addEventListener("drop", (event) => {
        event.preventDefault();
        if (dragged) {
          settle(dragged);
        }
      });
    });
    inTypedOrder();
  }

  document.querySelectorAll("[data-ep-ranking]").forEach(makeMovable);
  document.querySelectorAll("form.ep-form").forEach((form) => {
    showAsAnswered(form);
    askWhatElse(form);
  });
})();
