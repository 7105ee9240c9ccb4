/* Looks for the number behind an ALTCHA challenge: SHA-256 of salt and number. */
"use strict";

const hexadecimal = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

self.onmessage = async ({ data }) => {
  const encoder = new TextEncoder();
  try {
    for (let number = data.start; number <= data.maxnumber; number += data.step) {
      const hash = await crypto.subtle.digest(
        "SHA-256",
        encoder.encode(data.salt + number)
      );
      if (hexadecimal(hash) === data.challenge) {
        self.postMessage({ number });
        return;
      }
    }
    self.postMessage({ number: null });
  } catch (error) {
    self.postMessage({ number: null });
  }
};
