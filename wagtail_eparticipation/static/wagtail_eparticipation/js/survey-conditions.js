/* Conditions and places in a survey's editor: offers the questions before and their
   options as lists, in place of inputs for their ids. Without this script the number of
   a question and the text of an option can be typed; the server finds the ids.

   Everything is read from the names of the form's inputs, as Wagtail makes them:
   questions-2-value-show_if-rules-0-value-question. */
(() => {
  "use strict";

  const RULE = /^(.+?)-(\d+)-value-show_if-rules-\d+-value-(question|value)$/;
  const PLACE = /^(.+?)-(\d+)-value-quotas-\d+-value-option$/;
  const NOT_ASKED = new Set(["part", "information", "library"]);
  const WITHOUT_VALUE = new Set(["answered", "not_answered"]);

  /* The inputs of a form by their names, as they are at this moment. */
  const read = (form) => {
    const found = new Map();
    for (const element of form.elements) {
      if (element.name && !found.has(element.name)) {
        found.set(element.name, element);
      }
    }
    return found;
  };
  const named = (form, name) => form.get(name);
  const valueOf = (form, name) => named(form, name)?.value ?? "";

  /* The id of a block or of an item of a list; what is new gets one now. */
  const idOf = (form, base) => {
    const input = named(form, `${base}-id`);
    if (input && !input.value) {
      input.value = crypto.randomUUID();
    }
    return input?.value ?? "";
  };

  /* The members of a sequence that are not deleted, in the order on the screen. */
  const members = (form, base) => {
    const count = Number(valueOf(form, `${base}-count`));
    return Array.from({ length: count }, (_each, number) => `${base}-${number}`)
      .filter((each) => named(form, `${each}-order`))
      .filter((each) => !valueOf(form, `${each}-deleted`))
      .sort(
        (one, other) =>
          valueOf(form, `${one}-order`) - valueOf(form, `${other}-order`),
      );
  };

  const texts = (form, base) =>
    members(form, base).map((each) => ({
      id: idOf(form, each),
      text: valueOf(form, `${each}-value`),
    }));

  const options = (form, base, kind, words) => {
    if (kind === "yes_no") {
      return [
        { id: "yes", text: words.epYes },
        { id: "no", text: words.epNo },
      ];
    }
    if (kind === "scale") {
      const first = Number(valueOf(form, `${base}-first`) || 1);
      const last = Math.min(Number(valueOf(form, `${base}-last`) || 5), 10);
      const steps = Array.from({ length: Math.max(last - first + 1, 0) });
      return steps.map((_step, number) => ({
        id: String(first + number),
        text: String(first + number),
      }));
    }
    const found = texts(form, `${base}-options`);
    if (named(form, `${base}-other`)?.checked) {
      found.push({ id: "other", text: words.epOther });
    }
    return found;
  };

  /* What can be asked about of one stream, with the number of its block. */
  const questions = (form, stream, words) => {
    const found = [];
    let number = 0;
    members(form, stream).forEach((block, place) => {
      const kind = valueOf(form, `${block}-type`);
      if (NOT_ASKED.has(kind)) {
        return;
      }
      number += 1;
      const base = `${block}-value`;
      const text = `${number}. ${valueOf(form, `${base}-question`)}`;
      const shared = { block, place, kind, base };
      const rows = kind === "matrix" ? texts(form, `${base}-rows`) : [];
      if (kind === "matrix") {
        rows.forEach((row) =>
          found.push({ ...shared, id: row.id, text: `${text} – ${row.text}` }),
        );
      } else {
        found.push({ ...shared, id: idOf(form, block), text });
      }
    });
    return found.map((each) => ({
      ...each,
      options: () => options(form, each.base, each.kind, words),
    }));
  };

  const placeOf = (form, stream, block) =>
    members(form, stream).indexOf(`${stream}-${block}`);

  /* What an input may name; null where it is words or a figure. */
  const choicesFor = (input, form) => {
    const { name } = input;
    const words = input.dataset;
    const limited = PLACE.exec(name);
    if (limited) {
      const block = `${limited[1]}-${limited[2]}`;
      const kind = valueOf(form, `${block}-type`);
      return options(form, `${block}-value`, kind, words);
    }
    const rule = RULE.exec(name);
    if (!rule) {
      return null;
    }
    const [, stream, block, role] = rule;
    const here = placeOf(form, stream, block);
    const before = questions(form, stream, words).filter(
      (each) => each.place < here,
    );
    if (role === "question") {
      return before;
    }
    const target = valueOf(form, name.replace(/-value$/, "-question"));
    const found = before.find((each) => each.id === target)?.options() ?? [];
    return found.length ? found : null;
  };

  /* Rules without a value hide its field. */
  const fold = (input, form) => {
    if (input.dataset.epReference !== "value") {
      return;
    }
    const operator = valueOf(form, input.name.replace(/-value$/, "-operator"));
    const field = input.closest("[data-contentpath]");
    if (field) {
      field.hidden = WITHOUT_VALUE.has(operator);
    }
  };

  const listFor = (input) => {
    const known = input.nextElementSibling;
    if (known?.matches("select[data-ep-choices]")) {
      return known;
    }
    const list = document.createElement("select");
    list.dataset.epChoices = "";
    const label = input.labels?.[0];
    if (label) {
      label.id ||= `${input.id}-label`;
      list.setAttribute("aria-labelledby", label.id);
    }
    const described = input.getAttribute("aria-describedby");
    if (described) {
      list.setAttribute("aria-describedby", described);
    }
    list.addEventListener("change", () => {
      input.value = list.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.after(list);
    return list;
  };

  const fill = (list, input, choices) => {
    const entries = [{ id: "", text: input.dataset.epChoose }, ...choices];
    if (!entries.some((each) => each.id === input.value)) {
      const lost = input.dataset.epLost.replace("{value}", input.value);
      entries.push({ id: input.value, text: lost });
    }
    const key = JSON.stringify(entries.map(({ id, text }) => [id, text]));
    if (list.dataset.epChoices !== key) {
      list.dataset.epChoices = key;
      list.replaceChildren(
        ...entries.map((each) => new Option(each.text, each.id)),
      );
    }
    list.value = input.value;
  };

  /* What is chosen, in words, for the headings of closed blocks. */
  const told = new WeakMap();
  const tell = (input, choices) => {
    const chosen = choices?.find((each) => each.id === input.value);
    const text = chosen?.text ?? input.value;
    if (told.get(input) === text) {
      return;
    }
    told.set(input, text);
    let panel = input.closest("[data-panel]");
    while (panel?.classList.contains("w-panel--nested")) {
      const toggle = panel.querySelector("[data-panel-toggle]");
      const expanded = toggle?.getAttribute("aria-expanded") === "true";
      // Wagtail writes a block's heading anew whenever it is opened or closed.
      const detail = { expanded };
      toggle?.dispatchEvent(new CustomEvent("wagtail:panel-toggle", { detail }));
      panel = panel.parentElement.closest("[data-panel]");
    }
  };

  const refresh = (input, form) => {
    fold(input, form);
    const choices = choicesFor(input, form);
    const shown = choices !== null && choices.length > 0;
    const list = shown ? listFor(input) : input.nextElementSibling;
    if (shown) {
      fill(list, input, choices);
    }
    if (list?.matches("select[data-ep-choices]")) {
      list.hidden = !shown;
    }
    // A list that has the focus keeps it: the input is only hidden, never moved.
    input.hidden = shown;
    tell(input, choices);
  };

  const refreshAll = () => {
    const forms = new Map();
    document.querySelectorAll("[data-ep-reference]").forEach((input) => {
      const { form } = input;
      if (form && input.name) {
        forms.set(form, forms.get(form) ?? read(form));
        refresh(input, forms.get(form));
      }
    });
  };

  let waiting = 0;
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(refreshAll, 150);
  };

  /* Whoever goes into a list finds what is there now, also after a block was moved. */
  const now = (event) => {
    const list = event.target.closest?.("select[data-ep-choices]");
    if (list) {
      const input = list.previousElementSibling;
      refresh(input, read(input.form));
    }
  };

  /* Headings of closed blocks say what was chosen, not its id. */
  const Widget = window.telepath.constructors["wagtail.widgets.Widget"];
  class Reference extends Widget {
    render(placeholder, name, ...further) {
      const bound = super.render(placeholder, name, ...further);
      const input = document.getElementsByName(name)[0];
      bound.getTextLabel = () => told.get(input) ?? "";
      return bound;
    }
  }
  window.telepath.register("wagtail_eparticipation.Reference", Reference);

  const start = () => {
    refreshAll();
    document.addEventListener("input", soon);
    document.addEventListener("change", soon);
    document.addEventListener("focusin", now);
    new MutationObserver(soon).observe(document.body, {
      childList: true,
      subtree: true,
    });
  };

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
