/* The reply desk: puts a canned answer where the cursor stands, without a reload.
   Without this script the same button asks the server to do it. */
(() => {
  "use strict";

  const insert = (button) => {
    const form = button.form;
    const select = form.querySelector("[data-ep-canned]");
    const text = form.elements.namedItem("text");
    const used = form.elements.namedItem("canned_used");
    const option = select.selectedOptions[0];
    if (!option || !option.dataset.text) {
      select.focus();
      return;
    }
    const before = text.value.slice(0, text.selectionStart);
    const gap = before.trim() && !before.endsWith("\n") ? "\n\n" : "";
    text.setRangeText(
      gap + option.dataset.text,
      text.selectionStart,
      text.selectionEnd,
      "end",
    );
    const ids = new Set(used.value.split(",").filter(Boolean));
    used.value = [...ids.add(option.value)].join(",");
    select.value = "";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ep-insert]");
    if (button) {
      event.preventDefault();
      insert(button);
    }
  });
})();
