/* Answers the question of a form to the sender's device, in the background.

   The form can be filled in and sent meanwhile: sending waits for the answer, and goes
   on without it where there is none. Nothing has to be seen, heard or clicked. */
(() => {
  "use strict";

  const PATIENCE = 60000;

  const solve = (question, address) =>
    new Promise((resolve) => {
      if (!window.Worker || !window.crypto || !window.crypto.subtle) {
        resolve(null);
        return;
      }
      const number = Math.min(4, Math.max(1, (navigator.hardwareConcurrency || 2) - 1));
      const workers = [];
      let left = number;
      const finish = (found) => {
        workers.forEach((each) => each.terminate());
        resolve(found);
      };
      const none = () => {
        left -= 1;
        if (left === 0) finish(null);
      };
      window.setTimeout(() => finish(null), PATIENCE);
      try {
        for (let start = 0; start < number; start += 1) {
          const worker = new Worker(address);
          workers.push(worker);
          worker.onmessage = ({ data }) =>
            data.number === null ? none() : finish(data.number);
          worker.onerror = none;
          worker.postMessage({ ...question, start, step: number });
        }
      } catch (error) {
        finish(null);
      }
    });

  const begin = (box) => {
    const question = JSON.parse(box.dataset.epProof);
    const field = box.querySelector("input[name=altcha]");
    const status = box.querySelector("[data-ep-proof-status]");
    const form = box.closest("form");
    const started = performance.now();
    let ended = false;
    let sending = null;
    status.textContent = status.dataset.working;

    if (form) {
      form.addEventListener(
        "submit",
        (event) => {
          // Saving, and going on in another language, ask for no answer.
          const aside = event.submitter && event.submitter.hasAttribute("formaction");
          if (ended || aside) return;
          event.preventDefault();
          event.stopImmediatePropagation();
          sending = { button: event.submitter };
          status.textContent = status.dataset.working;
        },
        true
      );
    }

    solve(question, box.dataset.epWorker).then((number) => {
      ended = true;
      if (number === null) {
        status.textContent = status.dataset.failed;
      } else {
        const solution = {
          algorithm: question.algorithm,
          challenge: question.challenge,
          number,
          salt: question.salt,
          signature: question.signature,
          took: Math.round(performance.now() - started),
        };
        field.value = btoa(JSON.stringify(solution));
        status.textContent = status.dataset.done;
      }
      if (sending) form.requestSubmit(sending.button || undefined);
    });
  };

  document.querySelectorAll("[data-ep-proof]").forEach(begin);
})();
