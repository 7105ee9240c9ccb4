/* Choose places to hide by selecting words. Without it the boxes and the field for
   written words do the same; the server checks every place again. */
(function () {
  "use strict";

  /* Python counts code points, the browser UTF-16 units. */
  function points(text) {
    return Array.from(text).length;
  }

  /* The selected place of one of the texts, or null. */
  function selectedPlace(panel) {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) {
      return null;
    }
    const range = selection.getRangeAt(0);
    const text = Array.from(panel.querySelectorAll("[data-ep-hide-field]")).find(
      (each) =>
        each.contains(range.startContainer) && each.contains(range.endContainer)
    );
    if (!text) {
      return null;
    }
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const start = points(before.toString());
    const words = range.toString();
    return { field: text.dataset.epHideField, start, end: start + points(words), words };
  }

  function box(panel, place, category, label) {
    const name = panel.dataset.epHide;
    const value = `${place.field}:${place.start}:${place.end}:${category}`;
    const form = panel.closest("form");
    const known = Array.from(form.querySelectorAll(`input[name="${name}"]`)).find(
      (each) => each.value === value
    );
    if (known) {
      known.checked = true;
      return;
    }
    const input = document.createElement("input");
    input.type = "checkbox";
    input.name = name;
    input.value = value;
    input.checked = true;
    const words = document.createElement("bdi");
    words.className = "ep-hide__words";
    words.textContent = place.words;
    const line = document.createElement("label");
    line.className = "ep-hide__added";
    line.append(input, " ", words, ` (${label})`);
    panel.after(line);
  }

  function start(panel) {
    panel.hidden = false;
    const told = panel.querySelector("[role=status]");
    panel.querySelector("button").addEventListener("click", () => {
      const place = selectedPlace(panel);
      if (!place) {
        told.textContent = told.dataset.epHideNone;
        return;
      }
      const choice = document.getElementById(panel.dataset.epHideCategory);
      const option = choice.options[choice.selectedIndex];
      box(panel, place, option.value, option.text);
      told.textContent = told.dataset.epHideDone.replace("{words}", place.words);
    });
  }

  function startAll(root) {
    root.querySelectorAll("[data-ep-hide]").forEach((panel) => {
      if (panel.hidden) {
        start(panel);
      }
    });
  }

  document.addEventListener("DOMContentLoaded", () => startAll(document));
  /* The next item may come without a new page. */
  document.addEventListener("eparticipation:shown", () => startAll(document));
})();
